"""The part of an iteration's forward sweep that is run again in the reverse sweep."""

from __future__ import annotations

import gast

from sct.analyses.rerun import Rerun
from sct.ir.build import Fresh, is_one_of, quote, store_target, substitute


def private_part(block: list[gast.stmt], rerun: Rerun) -> list[gast.stmt]:
    """The statements without stores to arrays that outlive the iteration and without updates of what the loop carries."""
    carried = {n for n, owner in rerun.unit.facts.carried.items() if owner is rerun.loop}
    return _kept(block, rerun, carried)


def with_own_buffers(turn: list[gast.stmt], rerun: Rerun, fresh: Fresh) -> list[gast.stmt]:
    """The reverse loop with buffers of its own, so that nothing in the first forward sweep is kept for them."""
    found: list[gast.stmt] = []
    names = {}
    for root in sorted(rerun.private):
        names[root] = fresh(root)
        found += quote("A = V", rerun.loop, A=names[root], V=rerun.unit.alias.born[root].value)
    return found + [substitute(stmt, names) for stmt in turn]


def _kept(block: list[gast.stmt], rerun: Rerun, carried: set[str]) -> list[gast.stmt]:
    found = []
    for stmt in block:
        target = store_target(stmt)
        if target is not None and target.value.id in rerun.unit.alias.roots and rerun.outlives(target.value.id):
            continue
        if isinstance(stmt, gast.Assign) and is_one_of(stmt.targets[0], carried):
            continue
        if hasattr(stmt, "body"):
            stmt.body = _kept(stmt.body, rerun, carried) or quote("pass")
        if isinstance(stmt, gast.If):
            stmt.orelse = _kept(stmt.orelse, rerun, carried)
        found.append(stmt)
    return found
