"""Branches and loops that Numba has decided at compile time: what it never typed never runs.

    if flag:                  (flag is None for these arguments)
        y = x * 2.0    ->     y = x
    else:
        y = x
"""

from __future__ import annotations

import gast

from sct.analyses.regions import regions
from sct.ir.build import bodies, call_name, expr, is_name, is_one_of, names_in, quote, same, targets, walk
from sct.lowering.work import Work


def drop_dead_arms(work: Work) -> None:
    carried = set(regions(work.program).carried)
    _drop(work.body, work)
    for loop in [s for s in walk(work.body) if isinstance(s, gast.For | gast.While)]:
        _gather(loop.body, carried, work)


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


def _gather(block: list[gast.stmt], carried: set[str], work: Work) -> None:
    """A branch that no longer leaves the loop hands carried variables on behind it, not at the ends of its arms."""
    last = block[-1]
    if not isinstance(last, gast.If):
        return
    arms = bodies(last)
    for arm in arms:
        if arm:
            _gather(arm, carried, work)
    if any(isinstance(s, gast.Break) for s in walk([last])):
        return
    ends = [{s.targets[0].id: s for s in arm if _hands_on(s, carried)} for arm in arms]
    for name in [n for n in ends[0] if n in ends[1]]:
        value = ends[0][name].value
        if same(value, ends[1][name].value):
            for arm, end in zip(arms, ends, strict=True):
                arm[:] = [s for s in arm if s is not end[name]] or quote("pass", last)
        else:
            value = expr(work.like(f"{name}_end", name))
            for end in ends:
                end[name].targets[0].id = value.id
        block += quote("c = m", last, c=name, m=value)


def _hands_on(stmt: gast.stmt, carried: set[str]) -> bool:
    return isinstance(stmt, gast.Assign) and is_one_of(stmt.targets[0], carried)


def _is_dead(block: list[gast.stmt], work: Work) -> bool:
    """Whether Numba never met something that is computed here."""
    return any(not work.types.met(name) for s in walk(block) for name in targets(s))


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
