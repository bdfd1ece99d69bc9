"""How far a loop ran, where that is not known beforehand: the trip count of a `while`, the last index of a `for` that breaks."""

from __future__ import annotations

import gast

from sct.analyses.regions import Regions, head_copies
from sct.ir.build import is_name, is_one_of, walk


def breaks(loop: gast.stmt) -> bool:
    """Whether a `break` ends this loop, not one inside it."""

    def inside(block: list[gast.stmt]) -> bool:
        return any(isinstance(s, gast.Break) or (isinstance(s, gast.If) and (inside(s.body) or inside(s.orelse))) for s in block)

    return inside(loop.body)


def progress(loop: gast.stmt, facts: Regions) -> str | None:
    """The name that holds the trip count or the last index after the loop; None for a loop that always runs to its end."""
    if isinstance(loop, gast.For) and not breaks(loop):
        return None
    heads = head_copies(loop, facts)
    for name, owner in facts.carried.items():
        if owner is loop and _records(name, loop, heads.get(name, []), facts):
            after = _copy_after(name, loop, facts)
            if after is not None:
                return after
    raise AssertionError(f"a loop does not carry its progress: {gast.unparse(loop)}")


def _records(name: str, loop: gast.stmt, heads: list[str], facts: Regions) -> bool:
    body = list(walk(loop.body))
    values = [s.value for s in facts.assigned[name] if any(s is b for b in body)]
    if isinstance(loop, gast.For):
        return all(_resolved(v, facts) == loop.target.id for v in values)
    return _from_zero(facts.assigned[name][0].value, facts) and all(_increments(v, heads, facts) for v in values)


def _resolved(value: gast.expr, facts: Regions) -> str | None:
    """The name behind a chain of copies."""
    while is_name(value):
        if facts.kind(value.id) != "once" or not isinstance(facts.definition(value.id), gast.Assign):
            return value.id
        value, name = facts.definition(value.id).value, value.id
        if not is_name(value):
            return name
    return None


def _from_zero(value: gast.expr, facts: Regions) -> bool:
    while is_name(value) and facts.kind(value.id) == "once":
        value = facts.definition(value.id).value
    return isinstance(value, gast.Constant) and type(value.value) is int and value.value == 0


def _increments(value: gast.expr, heads: list[str], facts: Regions) -> bool:
    name = _resolved(value, facts)
    if name is None or facts.kind(name) != "once":
        return False
    made = facts.definition(name).value
    if not (isinstance(made, gast.BinOp) and isinstance(made.op, gast.Add)):
        return False
    return is_one_of(made.left, heads) and isinstance(made.right, gast.Constant) and made.right.value == 1


def _copy_after(name: str, loop: gast.stmt, facts: Regions) -> str | None:
    region, index = facts.where(loop)
    for stmt in region.block[index + 1 :]:
        if not (isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and is_name(stmt.value)):
            break
        if stmt.value.id == name:
            return stmt.targets[0].id
    return None
