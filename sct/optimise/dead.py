"""Dead code goes: assignments and stores that nothing depends on, allocations, empty branches and loops.

s = 0.0
for i in range(n):         ->      return x_bar
    s = s + x[i]
return x_bar
"""

from __future__ import annotations

import gast

from sct.ir.build import text
from sct.optimise.blocks import rebuilt
from sct.optimise.effects import Effects
from sct.optimise.liveness import Liveness


def drop_dead(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The statements that the result, or an array that the caller sees, depends on."""
    return _kept(body, Liveness(effects, body, entry).needed)


def _to_itself(stmt: gast.stmt) -> bool:
    """`a[i] = a[i]`."""
    return (
        isinstance(stmt, gast.Assign)
        and isinstance(stmt.targets[0], gast.Subscript)
        and text(stmt.targets[0]) == text(stmt.value)
    )


def _kept(block: list[gast.stmt], needed: dict[int, bool]) -> list[gast.stmt]:
    found = []
    for stmt in block:
        if not needed[id(stmt)] or _to_itself(stmt):
            continue
        if isinstance(stmt, gast.If):
            stmt = rebuilt(stmt, body=_kept(stmt.body, needed) or [gast.Pass()], orelse=_kept(stmt.orelse, needed))
        elif isinstance(stmt, gast.For | gast.While):
            stmt = rebuilt(stmt, body=_kept(stmt.body, needed))
        found.append(stmt)
    return found
