"""Branches and loops that Numba has decided at compile time: what it never typed never runs.

    if flag:                  (flag is None for these arguments)
        y = x * 2.0    ->     y = x
    else:
        y = x
"""

from __future__ import annotations

import gast

from sct.ir.build import bodies, is_name, targets, walk
from sct.lowering.work import Work
from sct.types.infer import UNKNOWN


def drop_dead_arms(work: Work) -> None:
    _drop(work.body, work)


def _drop(block: list[gast.stmt], work: Work) -> None:
    for k in reversed(range(len(block))):
        stmt = block[k]
        for inner in bodies(stmt):
            _drop(inner, work)
        if isinstance(stmt, gast.If):
            dead = [_is_dead(stmt.body, work), _is_dead(stmt.orelse, work)]
            if dead == [True, False]:
                block[k : k + 1] = stmt.orelse or [gast.Pass()]
            elif dead == [False, True]:
                block[k : k + 1] = stmt.body
        elif isinstance(stmt, gast.For | gast.While) and _is_dead(stmt.body, work):
            block[k] = gast.Pass()


def _is_dead(block: list[gast.stmt], work: Work) -> bool:
    """Whether something computed here has no type. Copies prove nothing: a variable may be unbound on every path."""
    computed = [s for s in walk(block) if isinstance(s, gast.Assign) and not is_name(s.value)]
    return any(work.types.of(name) == UNKNOWN for s in computed for name in targets(s))
