"""The errors a user can meet. Each names file, line, source line, caret and remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A position in the user's source: file name, 1-based line, 0-based column and the line's text."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        shown = self.text.rstrip()
        indent = len(shown) - len(shown.lstrip())
        caret = " " * max(self.column - indent, 0) + "^"
        return f'  File "{self.file}", line {self.line}\n    {shown.strip()}\n    {caret}'


class SctError(Exception):
    """Base of every error sct raises about the user's program: what is wrong, where, and what to write instead."""

    def __init__(self, message: str, *, place: Place | None = None, remedy: str = "") -> None:
        self.message, self.place, self.remedy = message, place, remedy
        parts = [message]
        if place is not None:
            parts.append(str(place))
        if remedy:
            parts.append(f"  Instead: {remedy}")
        super().__init__("\n".join(parts))


class UnsupportedSyntax(SctError):
    """A construct outside the supported language."""


class UnsupportedCall(SctError):
    """A call to a function without a rule, or whose source is not available."""


class NotDifferentiable(SctError):
    """The request has no derivative: an integer argument, a result that is not a float scalar."""


class TypeProblem(SctError):
    """Numba cannot type the program for these arguments."""


class DiscreteWarning(UserWarning):
    """A derivative is right for the instructions executed, but these lose what the user may be after."""


class GradientMismatch(SctError):
    """`check_grads` found a derivative that disagrees with a reference; names the argument and the index."""
