"""Functions that a program calls, each for the shapes of its arguments, and what the frontend knows of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import scope
from sct.frontend.shapes import Group, Known, Shape
from sct.frontend.source import plain, read
from sct.ir.program import Program, Source

if TYPE_CHECKING:
    from sct.frontend.resolve import Resolved


@dataclass(frozen=True, eq=False)
class Nested:
    """A function or lambda inside the function `within`: `owner` is the outermost one, `captured` what it reads from around it.

    The same text met again (loops are read more than once) is the same function.
    """

    owner: Callable[..., Any]
    tree: gast.FunctionDef = field(repr=False)
    source: Source = field(repr=False)
    captured: tuple[str, ...]
    within: Function

    _sct_static = True

    @property
    def __name__(self) -> str:
        return self.tree.name

    def _key(self) -> tuple[Any, ...]:
        return self.owner, self.tree.lineno, self.tree.col_offset, self.captured

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Nested) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def reads(self, name: str, scope: Function) -> bool:
        """Whether it captured the variable `name` of the function `scope`, itself or through the functions in between."""
        if name not in self.captured:
            return False
        return self.within == scope or (isinstance(self.within, Nested) and self.within.reads(name, scope))

    @property
    def signature(self) -> inspect.Signature:
        """The parameters; a default is the expression that the user wrote."""
        args, kinds = self.tree.args, inspect.Parameter
        found = [(a, kinds.POSITIONAL_ONLY) for a in args.posonlyargs]
        found += [(a, kinds.POSITIONAL_OR_KEYWORD) for a in args.args]
        defaults = [*[kinds.empty] * (len(found) - len(args.defaults)), *args.defaults]
        if args.vararg is not None:
            found.append((args.vararg, kinds.VAR_POSITIONAL))
            defaults.append(kinds.empty)
        found += [(a, kinds.KEYWORD_ONLY) for a in args.kwonlyargs]
        defaults += [kinds.empty if d is None else d for d in args.kw_defaults]
        return inspect.Signature(
            [kinds(a.id, kind, default=d) for (a, kind), d in zip(found, defaults, strict=True)]
        )


Function = Callable[..., Any] | Nested


@dataclass(frozen=True)
class Callee:
    """A function and the shapes of its parameters, followed by those of the variables it captures."""

    function: Function
    shapes: tuple[Shape, ...]
    sources: Sources = field(compare=False, repr=False)

    def load(self) -> Program:
        """Its core program, a new copy each time."""
        return self.sources.program(self)

    @property
    def parameters(self) -> list[str]:
        """The user's names of what `shapes` belong to."""
        if isinstance(self.function, Nested):
            return [*self.function.signature.parameters, *self.function.captured]
        return list(inspect.signature(plain(self.function)).parameters)


class Sources:
    """Reads each function once for each set of argument shapes."""

    def __init__(self) -> None:
        self._resolved: dict[Callee, Resolved | None] = {}
        self._assumed: dict[Callee, Shape] = {}
        self._programs: dict[Callee, Program] = {}
        self._writes: dict[Callee, bool] = {}
        self.memo: dict[Any, Any] = {}

    def callee(self, function: Function, shapes: tuple[Shape, ...]) -> Callee:
        return Callee(function, shapes, self)

    def resolved(self, callee: Callee) -> Resolved:
        if callee not in self._resolved:
            before = set(self._resolved)
            if not self._resolve(callee):  # what was read meanwhile is read again, knowing more
                self._resolved = {known: self._resolved[known] for known in before}
                if not self._resolve(callee):
                    raise self._unsteady(self._resolved.pop(callee))
        return self._resolved[callee]

    def _resolve(self, callee: Callee) -> bool:
        """Read a function; whether it returns what its recursive calls were assumed to. From now on they are right."""
        from sct.frontend.resolve import resolve

        self._resolved[callee] = None
        try:
            found = self._resolved[callee] = resolve(callee)
        except BaseException:
            del self._resolved[callee]
            raise
        assumed, self._assumed[callee] = self._assumed.get(callee, found.result), found.result
        return assumed == found.result

    def result(self, callee: Callee) -> Shape:
        """The shape of what the function returns; a function that is being read is assumed to return what it did so far."""
        if callee in self._resolved and self._resolved[callee] is None:
            return self._assumed.setdefault(callee, Known(None) if _is_void(callee) else None)
        return self.resolved(callee).result

    def returned(self, callee: Callee, shape: Shape) -> None:
        """Note a `return` of a function that is being read."""
        self._assumed.setdefault(callee, shape)

    def _unsteady(self, resolved: Resolved) -> UnsupportedSyntax:
        message = f"{resolved.tree.name} calls itself before it is known what it returns"
        remedy = "let the first `return` of the text be one without a recursive call"
        return UnsupportedSyntax(message, place=resolved.source.place(resolved.tree), remedy=remedy)

    def writes(self, callee: Callee) -> bool:
        """Whether the function may change an array that it is given."""
        if callee not in self._writes:
            self._writes[callee] = True  # while it is looked at: a recursive call may do anything
            resolved = self.resolved(callee)
            self._writes[callee] = any(
                isinstance(n, gast.AugAssign)
                or (isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store))
                or (isinstance(n, gast.Name) and n.id in resolved.helpers and self.writes(resolved.helpers[n.id]))
                for n in gast.walk(resolved.tree)
            )
        return self._writes[callee]

    def program(self, callee: Callee) -> Program:
        from sct.frontend.load import core_program

        if callee not in self._programs:
            self._programs[callee] = core_program(callee)
        return self._programs[callee].copy()


def _is_void(callee: Callee) -> bool:
    function = callee.function
    tree = function.tree if isinstance(function, Nested) else read(function)[0]
    return not any(isinstance(n, gast.Return) and n.value is not None for n in scope.own_nodes(tree))


def closure(nested: Nested, shapes: tuple[Shape, ...]) -> Shape:
    """The shape of a nested function that leaves its scope: the values of what it captured go with it."""
    return Group(shapes, nested) if shapes else Known(nested)


