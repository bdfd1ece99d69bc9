"""What a program may name at one point: the scopes of the generator, and the writer that every rule of the grammar gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Length:
    """The length of an axis: as text, as a number where it is known, and what it is at least."""

    text: str
    size: int | None
    least: int

    @staticmethod
    def known(name: str, size: int) -> Length:
        return Length(f"len({name})", size, size)

    def same(self, other: Length) -> bool:
        return self.text == other.text or (self.size is not None and self.size == other.size)


@dataclass(frozen=True)
class Int:
    """An int variable never leaves `low`..`high`; it is a subscript of the axes whose length is in `within`."""

    low: int
    high: int | None
    within: frozenset[str] = frozenset()

    def fits(self, length: Length, shift: int = 0) -> bool:
        """Whether the variable plus `shift` is a subscript of an axis, counted from the end where it is negative."""
        if self.low + shift < -length.least:
            return False
        below = self.high is not None and self.high + shift < length.least
        return below or (shift <= 0 and length.text in self.within)


@dataclass
class Scope:
    """Names that are surely bound, by kind. The kind of a name and the range of an int never change."""

    floats: list[str] = field(default_factory=list)
    ints: dict[str, Int] = field(default_factory=dict)
    bools: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    vectors: dict[str, Length] = field(default_factory=dict)
    matrices: dict[str, tuple[Length, Length]] = field(default_factory=dict)
    indices: dict[str, tuple[Length, int]] = field(default_factory=dict)
    masks: dict[str, Length] = field(default_factory=dict)
    frozen: frozenset[str] = frozenset()

    def inner(self, **changes) -> Scope:
        """A copy for a block, whose names end with it."""
        made = Scope(
            list(self.floats), dict(self.ints), list(self.bools), list(self.pairs), dict(self.vectors),
            dict(self.matrices), dict(self.indices), dict(self.masks), self.frozen,
        )  # fmt: skip
        return replace(made, **changes)

    @property
    def assignable(self) -> list[str]:
        return [name for name in self.floats if name not in self.frozen]

    @property
    def counters(self) -> list[str]:
        """Int variables that may be given another value."""
        return [name for name, kind in self.ints.items() if name not in self.frozen and kind.low == 0 and kind.high]


@dataclass(frozen=True)
class Helper:
    """A function of the program: the kinds of its parameters and of its result."""

    name: str
    params: tuple[str, ...]
    result: str


@lru_cache(maxsize=256)
def _upto(high: int) -> st.SearchStrategy[int]:
    return st.integers(0, high)


@dataclass
class Writer:
    """Draws choices and writes lines. The first of several choices is the simplest: programs shrink towards it."""

    draw: Callable[[st.SearchStrategy], Any]
    features: frozenset[str] = frozenset()
    helpers: list[Helper] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    scope: Scope = field(default_factory=Scope)
    indent: int = 0
    budget: int = 0
    rules: Sequence[tuple[str, int, Callable[[Writer], None]]] = ()
    loops: tuple[str, ...] = ()
    result: str = "float"
    made: int = 0
    inside_helper: bool = False

    def pick(self, options: Sequence[Any]) -> Any:
        return options[self.draw(_upto(len(options) - 1))] if len(options) > 1 else options[0]

    def chance(self, percent: int) -> bool:
        return self.draw(_upto(99)) >= 100 - percent

    def upto(self, high: int) -> int:
        return self.draw(_upto(high))

    def has(self, feature: str) -> bool:
        return feature in self.features

    def one(self, action: Callable[[], Any]) -> Any:
        """What `action` draws as one unit, which shrinking may take out."""
        return self.draw(st.builds(action))

    def fresh(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text if text else "")

    def statements(self, most: int, more: int = 75) -> None:
        """Statements until the choice is to stop or the budget of the program is used up."""
        for k in range(most):
            if self.budget <= 0 or (k and not self.chance(more)):
                return
            self.budget -= 1
            self.one(self._statement)

    def _statement(self) -> None:
        options = [(weight, rule) for feature, weight, rule in self.rules if not feature or self.has(feature)]
        chosen = self.upto(sum(weight for weight, _ in options) - 1)
        for weight, rule in options:
            if chosen < weight:
                rule(self)
                return
            chosen -= weight

    @contextmanager
    def block(self, scope: Scope | None = None, loop: str = ""):
        """An indented block with a scope of its own, in a loop of the given kind if one is named."""
        outer = self.scope, self.loops
        self.scope, self.indent = scope or self.scope.inner(), self.indent + 1
        self.loops = (*self.loops, loop) if loop else self.loops
        start = len(self.lines)
        yield self.scope
        if len(self.lines) == start:
            self.line("pass")
        self.indent -= 1
        self.scope, self.loops = outer
