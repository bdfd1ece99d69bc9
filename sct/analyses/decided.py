"""Values that only comparisons connect to what is differentiated, as in a bisection: the instructions carry no derivative of them.

    for _ in range(60):
        middle = 0.5 * (low + high)
        if f(middle, a) > 0.0:      # `high` depends on `a` through this test alone,
            high = middle           # and the test on `high`
        else:
            low = middle

A carried float is decided so by an argument if it does not vary with that, the result depends on it, and some condition in its
loop depends on the argument and on it, and it on the condition. A counter is not: its condition does not look at it. Tests that
only end the loop do not count: a tolerance decides how many steps are taken, not which.
"""

from __future__ import annotations

import gast

from sct.analyses.activity import closure_of, varied_and_useful
from sct.analyses.regions import is_permutation
from sct.analyses.unit import Unit
from sct.ir.build import names_in, store_target, targets

Flows = list[tuple[frozenset[str], frozenset[str]]]


def decided(unit: Unit, varied: set[str], useful: set[str]) -> dict[str, list[str]]:
    """The carried floats that comparisons decide, each with the arguments whose part in it the comparisons are."""
    found: dict[str, list[str]] = {}
    flows = _all_flows(unit)
    for argument in sorted(varied):
        for name in _decided_by(argument, unit, useful, flows):
            found.setdefault(name, []).append(argument)
    return found


def _decided_by(argument: str, unit: Unit, useful: set[str], flows: Flows) -> list[str]:
    forward, backward = varied_and_useful(unit, {argument}, useful)
    conditions = {n for n in unit.facts.assigned if unit.types.is_bool(n)} & closure_of(frozenset({argument}), flows)
    found = []
    for name, loop in unit.facts.carried.items():
        if unit.types.is_float(name) and name in backward and name not in forward:
            inside = {c for c in conditions if any(r.owner is loop for r in unit.facts.home_of(c).path())}
            reached = closure_of(frozenset({name}), flows) & inside
            if reached and name in closure_of(frozenset(reached), flows):
                found.append(name)
    return found


def _all_flows(unit: Unit) -> Flows:
    """(sources, sinks) of every statement, of values and of the tests that choose among them."""
    found = []
    for stmt in unit.facts.statements():
        if isinstance(stmt, gast.Assign | gast.AugAssign) and not is_permutation(stmt):
            target = store_target(stmt)
            sinks = [target.value.id] if target is not None else targets(stmt)
            found.append((_places(unit, names_in(stmt.value)), _places(unit, [*sinks, *unit.stores(stmt)])))
    for name, stmts in unit.facts.assigned.items():
        tests = [n for stmt in stmts for n in _tests(unit, name, stmt)]
        found.append((frozenset(tests), _places(unit, [name])))
    return found + [(frozenset(names_in(s.value)), _places(unit, unit.stores(s))) for s in _calls(unit)]


def _tests(unit: Unit, name: str, stmt: gast.stmt) -> list[str]:
    """The tests that decide which assignment of a merge or a carried variable counts."""
    if unit.facts.kind(name) not in ("merge", "carried"):
        return []
    home, region = unit.facts.home_of(name), unit.facts.where(stmt)[0]
    owners = [r.owner for r in region.path() if r is not home and home in r.path()]
    return [n for owner in owners if isinstance(owner, gast.If) and not _leaves(owner) for n in names_in(owner.test)]


def _leaves(node: gast.If) -> bool:
    """Whether one of the arms ends the loop."""
    return any(arm and isinstance(arm[-1], gast.Break) for arm in (node.body, node.orelse))


def _calls(unit: Unit) -> list[gast.stmt]:
    return [s for s in unit.facts.statements() if isinstance(s, gast.Expr) and unit.helper_call(s) is not None]


def _places(unit: Unit, names: list[str]) -> frozenset[str]:
    return frozenset(root for name in names for root in unit.alias.of(name) or {name})
