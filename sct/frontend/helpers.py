"""What the frontend must know of a called helper: its parameters, the tuple it returns, whether it may write."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import gast

from sct.errors import SctError, UnsupportedCall
from sct.frontend import build
from sct.frontend.desugar import desugar
from sct.frontend.refuse import refuse
from sct.frontend.resolve import Resolved, resolve
from sct.frontend.source import read
from sct.frontend.structure import Structure, structures

Function = Callable[..., Any]


class Helpers:
    """Looks at each helper once; one that cannot be read is unknown here and refused when it is differentiated."""

    def __init__(self) -> None:
        self._seen: dict[Function, Resolved | None] = {}
        self._structure: dict[Function, Structure] = {}
        self._writes: dict[Function, bool] = {}

    def _resolved(self, function: Function) -> Resolved | None:
        if function not in self._seen:
            self._seen[function] = None
            try:
                tree, source = read(function)
                refuse(tree, source)
                desugar(tree, source)
                self._seen[function] = resolve(tree, source)
            except SctError:
                pass
        return self._seen[function]

    def structure(self, function: Function) -> Structure:
        """The structure of the returned tuple; None for a scalar, or where it is not known."""
        if function not in self._structure:
            self._structure[function] = None
            resolved = self._resolved(function)
            if resolved is not None:
                self._structure[function] = self._returned(resolved)
        return self._structure[function]

    def _returned(self, resolved: Resolved) -> Structure:
        try:
            found = structures(resolved, self)
            values = [n.value for n in gast.walk(resolved.tree) if isinstance(n, gast.Return) and n.value]
            return next((s for s in map(found.of, values) if s is not None), None)
        except SctError:
            return None

    def writes(self, function: Function) -> bool:
        """Whether the helper may change an array it is given."""
        if function not in self._writes:
            self._writes[function] = False
            resolved = self._resolved(function)
            self._writes[function] = resolved is None or any(
                isinstance(n, gast.AugAssign)
                or (isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store))
                or (isinstance(n, gast.Name) and n.id in resolved.helpers and self.writes(resolved.helpers[n.id]))
                for n in gast.walk(resolved.tree)
            )
        return self._writes[function]


def positional(function: Function, node: gast.Call, resolved: Resolved) -> list[tuple[int, gast.expr]]:
    """(position, argument) in the order Python evaluates them: those given, then the defaults."""
    place, shown = resolved.source.place(node), gast.unparse(node.func).strip()
    signature = inspect.signature(function)
    marked = {k.arg: k.value for k in node.keywords}
    try:
        bound = signature.bind(*node.args, **marked)
    except TypeError as problem:
        remedy = f"call it as {shown}{signature}"
        raise UnsupportedCall(f"the call of {shown} does not fit: {problem}", place=place, remedy=remedy) from None
    order = {name: position for position, name in enumerate(signature.parameters)}
    given = [(position, argument) for position, argument in enumerate(node.args)]
    given += [(order[name], argument) for name, argument in marked.items() if name in order]
    for name, parameter in signature.parameters.items():
        if name not in bound.arguments:
            given.append((order[name], _default(parameter.default, name, shown, place)))
    return given


def _default(value: Any, name: str, shown: str, place: Any) -> gast.expr:
    if value is None or isinstance(value, bool | int | float):
        return build.constant(value)
    message = f"the default of {name} in {shown} is not a number"
    raise UnsupportedCall(message, place=place, remedy=f"pass {name} in the call")
