"""Gives every name its meaning, for given argument shapes.

Module functions get canonical names; globals become constants or helpers; what is known before the run (None, strings,
functions, types) leaves the program, and tests on it are decided here. A parameter that is a tuple becomes one parameter for
each number or array in it.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass, field
from typing import Any

import gast

from sct.frontend import allowed, build, scope
from sct.frontend.callee import Callee, Nested, Sources
from sct.frontend.desugar import desugar
from sct.frontend.names import Names
from sct.frontend.races import refuse_races
from sct.frontend.refuse import refuse
from sct.frontend.shapes import Group, Shape, leaves
from sct.frontend.source import plain, read
from sct.ir.program import Parameter, Source


@dataclass
class Resolved:
    """A function's tree with canonical names, what its free names mean and the names in use.

    `leaves` has for each parameter that is a tuple the names of its parts, nested as they are; `params` the shape of every
    name that is a parameter in the tree; `result` the shape of what is returned.
    """

    tree: gast.FunctionDef
    source: Source
    names: Names
    sources: Sources
    constants: dict[str, Any] = field(default_factory=dict)
    helpers: dict[str, Callee] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    params: dict[str, Shape] = field(default_factory=dict)
    leaves: dict[str, Any] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    result: Shape = None


def resolve(callee: Callee) -> Resolved:
    from sct.frontend.specialise import Specialise

    tree, source = _text(callee)
    resolved = Resolved(tree, source, Names(build.names_in(tree) | allowed.RESERVED), callee.sources)
    local = sorted(scope.local_names(tree))
    renamed = {name: name if name not in allowed.RESERVED else resolved.names.fresh(name) for name in local}
    specialise = Specialise(resolved, callee, renamed)
    head = _parameters(resolved, callee, renamed)
    body = specialise.function(tree.body, dict(zip(callee.parameters, callee.shapes, strict=True)))
    resolved.tree = gast.FunctionDef(tree.name, resolved.tree.args, [*head, *body], [], None, None, [])
    build.located(resolved.tree, tree)
    resolved.result = specialise.result
    return resolved


def _text(callee: Callee) -> tuple[gast.FunctionDef, Source]:
    function = callee.function
    if isinstance(function, Nested):
        return build.clone(function.tree), function.source
    tree, source = read(function)
    refuse(tree, source)
    refuse_races(tree, source)
    desugar(tree, source)
    return tree, source


def _parameters(resolved: Resolved, callee: Callee, renamed: dict[str, str]) -> list[gast.stmt]:
    """Put one parameter for each number or array; the statements that set the parts that are known."""
    params: list[gast.Name] = []
    defaults: list[gast.expr] = []
    head: list[gast.stmt] = []
    given = _defaults(callee)
    for name, shape in zip(callee.parameters, callee.shapes, strict=True):
        code = renamed.setdefault(name, name)
        resolved.base[code] = name
        own = list(leaves(shape, code))
        if isinstance(shape, Group):
            own = [resolved.names.fresh(leaf) for leaf in own]
            resolved.params[code] = shape
            parts = iter(own)
            resolved.leaves[code] = _placed(shape, parts, code, resolved, head)
            resolved.base |= {leaf: leaf for leaf in own}
        resolved.parameters.append(Parameter(code, shape, tuple(own), _shown_default(callee, name)))
        params += [gast.Name(leaf, gast.Param(), None, None) for leaf in own]
        defaults = [*defaults, *given[name]] if own and name in given else [] if own else defaults
    resolved.tree.args = gast.arguments(params, [], None, [], [], None, defaults)
    return [build.located(s, resolved.tree) for s in head]


def _placed(shape: Shape, own: Any, name: str, resolved: Resolved, head: list[gast.stmt]) -> Any:
    if isinstance(shape, Group):
        pairs = zip(shape.fields, shape.parts, strict=True)
        return [_placed(part, own, f"{name}_{field}", resolved, head) for field, part in pairs]
    if shape is None:
        return build.name(next(own))
    nothing = resolved.names.fresh(name)
    head.append(build.assign(nothing, build.constant(0)))
    resolved.base[nothing] = nothing
    return build.name(nothing)


def _defaults(callee: Callee) -> dict[str, list[gast.expr]]:
    """The default of each parameter that has one, as constants for its numbers."""
    if isinstance(callee.function, Nested):
        return {}
    signature = inspect.signature(plain(callee.function))
    found = {}
    for name, parameter in signature.parameters.items():
        if parameter.default is not parameter.empty:
            numbers = list(_numbers(parameter.default))
            if all(isinstance(n, bool | int | float) for n in numbers):
                found[name] = [build.constant(n) for n in numbers]
    return found


def _shown_default(callee: Callee, name: str) -> gast.expr | None:
    """The default as it may be written in a derivative's own list of parameters."""
    if isinstance(callee.function, Nested):
        return None
    value = inspect.signature(plain(callee.function)).parameters[name].default
    return gast.parse(repr(value)).body[0].value if _is_literal(value) else None


def _is_literal(value: Any) -> bool:
    if type(value) is tuple:
        return all(map(_is_literal, value))
    return type(value) in (type(None), str, bool, int) or (type(value) is float and math.isfinite(value))


def _numbers(value: Any) -> Any:
    if isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif not (value is None or isinstance(value, str) or callable(value)):
        yield value
