"""Branches and loops that Numba has decided at compile time: what it never typed never runs.

    if flag:                  (flag is None for these arguments)
        y = x * 2.0    ->     y = x
    else:
        y = x
"""

from __future__ import annotations

import gast

from sct.ir.build import bodies, call_name, is_name, names_in, quote, targets, walk
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


def drop_unread(work: Work, but: set[str]) -> None:
    """Remove copies, views, comparisons and allocations whose names nothing reads, but for some names."""
    size = -1
    while size != len(list(walk(work.body))):
        size = len(list(walk(work.body)))
        _drop_unread(work.body, but.union(*map(_read_by, walk(work.body))))


def _read_by(stmt: gast.stmt) -> list[str]:
    if isinstance(stmt, gast.Assign) and targets(stmt):
        return names_in(stmt.value)
    parts = [stmt.test] if isinstance(stmt, gast.If | gast.While) else [stmt.iter] if isinstance(stmt, gast.For) else [stmt]
    return [n for part in parts for n in names_in(part)]


def _drop_unread(block: list[gast.stmt], read: set[str]) -> None:
    for stmt in block:
        for inner in bodies(stmt):
            _drop_unread(inner, read)
    kept = [s for s in block if not _is_unread(s, read)]
    if len(kept) < len(block):
        block[:] = kept or quote("pass", block[0])


def _is_unread(stmt: gast.stmt, read: set[str]) -> bool:
    if isinstance(stmt, gast.If):
        return all(isinstance(s, gast.Pass) for arm in bodies(stmt) for s in arm)
    if not (isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])) or stmt.targets[0].id in read:
        return False
    return call_name(stmt.value) == "empty" or isinstance(
        stmt.value, gast.Name | gast.Constant | gast.Compare | gast.BoolOp | gast.Subscript | gast.Attribute
    )
