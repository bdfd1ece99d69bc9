"""Activity: a name is active if it depends on a differentiated argument (varied) and the result depends on it (useful).

Per name and per array root, insensitive to flow: a partial write never deactivates (Griewank & Walther, section 6.2). Roots that
may be the same array are active together, so that every name of an active array has an adjoint to mirror.
"""

from __future__ import annotations

from dataclasses import dataclass

import gast
from numba.core import types

from sct.analyses.alias import allocation, view_base
from sct.analyses.regions import is_permutation
from sct.analyses.unit import Unit
from sct.custom import Stop
from sct.errors import NotDifferentiable
from sct.ir.build import grown, is_name, loads, names_in, store_target, text
from sct.ir.once import is_draw
from sct.rules.table import is_discrete, is_operation, partials

Places = frozenset[str]
"""Names of scalars and roots of arrays."""


@dataclass(eq=False)
class Activity:
    """The active places of a unit for given varied parameters and useful results."""

    unit: Unit
    places: Places

    def __call__(self, name: str | gast.AST) -> bool:
        """Whether the scalar or array `name` is active; constants never are."""
        if not isinstance(name, str):
            return is_name(name) and self(name.id)
        if self.unit.types.is_array(name):
            return bool(self.unit.alias.of(name) & self.places)
        return name in self.places and self.unit.types.is_float(name)


def activity(unit: Unit, varied: set[str], useful: set[str]) -> Activity:
    """`varied`: differentiated parameters. `useful`: names whose value the caller's result depends on."""
    forward, backward = varied_and_useful(unit, varied, useful)
    _refuse_draws(unit, forward)
    return Activity(unit, _float_only(unit, frozenset(forward & backward), _groups(unit)))


def varied_and_useful(unit: Unit, varied: set[str], useful: set[str]) -> tuple[set[str], set[str]]:
    """The places that depend on `varied`, and those that `useful` depends on, each with a derivative."""
    flows, groups = [flow for stmt in unit.facts.statements() for flow in _flows(unit, stmt)], _groups(unit)
    forward = closure_of(_places(unit, varied), flows, groups)
    return forward, closure_of(_places(unit, useful), [(sinks, sources) for sources, sinks in flows], groups)


def _groups(unit: Unit) -> list[Places]:
    return [g for g in unit.alias.roots.values() if len(g) > 1]


def _refuse_draws(unit: Unit, varied: set[str]) -> None:
    """A draw has no derivative in its parameters: numbers that do not depend on them must be transformed instead."""
    for stmt in filter(lambda s: is_draw(getattr(s, "value", None)), unit.facts.statements()):
        for name in names_in(stmt.value):
            if name in varied and unit.types.is_float(name):
                raise NotDifferentiable(
                    f"`{text(stmt.value)}` draws from a distribution that depends on what is differentiated",
                    place=unit.program.source.place(stmt),
                    remedy="draw from a fixed distribution and transform: `mu + sigma * np.random.standard_normal()`",
                )


def _float_only(unit: Unit, places: Places, groups: list[Places]) -> Places:
    kept = {p for p in places if _is_float(unit, p)}
    for group in groups:
        if group & kept:
            kept |= group
    return frozenset(kept)


def _is_float(unit: Unit, place: str) -> bool:
    return isinstance(unit.types.dtype(place), types.Float)


def _places(unit: Unit, names) -> Places:
    found: set[str] = set()
    for name in names:
        found |= unit.alias.of(name) or {name}
    return frozenset(found)


def closure_of(start: Places, flows, groups=()) -> set[str]:
    """Everything reached from `start`; places that may be one array are reached together."""
    reached, before = set(start), -1
    while len(reached) != before:
        before = len(reached)
        for sources, sinks in flows:
            if not sources.isdisjoint(reached):
                reached |= sinks
        for group in groups:
            if not group.isdisjoint(reached):
                reached |= group
    return reached


def _flows(unit: Unit, stmt: gast.stmt):
    """(sources, sinks) of one statement: which float values depend on which."""
    call = unit.helper_call(stmt)
    if call is not None and isinstance(unit.callee(call).rule, Stop):
        return
    if call is not None:
        sources = _places(unit, [a.id for a in call.args if is_name(a)])
        yield sources, _places(unit, [*_results(stmt), *unit.stores(stmt)])
        return
    if is_permutation(stmt) or grown(stmt) or not isinstance(stmt, gast.Assign | gast.AugAssign):
        return
    target = store_target(stmt)
    sinks = _places(unit, [target.value.id if target is not None else stmt.targets[0].id])
    yield _places(unit, _differentiable(stmt.value)), sinks


def _results(stmt: gast.stmt) -> list[str]:
    return names_in(stmt.targets[0]) if isinstance(stmt, gast.Assign) else []


def _differentiable(value: gast.expr) -> list[str]:
    """Names whose values flow into `value` with a derivative."""
    if isinstance(value, gast.Attribute) and value.attr != "T":
        return []
    if view_base(value) is not None:
        return [view_base(value)]
    if isinstance(value, gast.Subscript):
        return []
    if is_draw(value):
        return []
    if allocation(value) is not None:
        return names_in(value.args[0]) if allocation(value) == "copy" else []
    if is_discrete(value) and not isinstance(value, gast.BinOp):
        return []
    if is_operation(value):
        rows = partials(value, "z")
        operands = names_in(value) if rows is None else [n for operand, _ in rows for n in names_in(operand)]
        return operands + [s.value.id for s in loads(value)]
    return names_in(value)
