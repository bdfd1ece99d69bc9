"""Array names that a loop rebinds.

Names that only change places become a permutation:

    h, g = head copies of a, b; the body ends in a = g; b = h    ->    the body ends in (a, b) = (b, a)

A name that is bound to another array each time round becomes one array whose elements are replaced:

    y = y0                         y = np.copy(y0)
    for ...:                       for ...:
        h = y                ->        n = y + k
        n = h + k                      y[:] = n
        y = n

The second is legal only where nothing is stored to an array that the user's program would see under two names. What fits
neither is left to `sct.lowering.choices`.
"""

from __future__ import annotations

import gast

from sct.analyses.regions import Regions, regions
from sct.ir.build import bodies, is_one_of, quote, walk
from sct.lowering.aliases import drop_self_copies, is_copy, rename, representatives
from sct.lowering.refresh import copies_in_order, noticed, owns_start
from sct.lowering.work import Work

Nexts = dict[str, str]
"""Carried name -> the array it is bound to next, at one end of the loop's body."""


class Entangled(Exception):
    """Names that neither change places at the one end of a loop nor can be filled anew unnoticed."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(names)
        self.names = names


def settle_carried(work: Work) -> None:
    facts = regions(work.program)
    for loop in _innermost_first(work.body):
        names = [n for n, owner in facts.carried.items() if owner is loop and work.types.is_array(n)]
        if names:
            _settle(loop, names, facts, work)
            facts = regions(work.program)


def _innermost_first(block: list[gast.stmt]) -> list[gast.stmt]:
    return [s for s in reversed(list(walk(block))) if isinstance(s, gast.For | gast.While)]


def _settle(loop: gast.stmt, names: list[str], facts: Regions, work: Work) -> None:
    meant = {a: c for a, c in representatives(facts, work.types).items() if c in names}
    inside = {id(s) for s in walk(loop.body)}
    ends = _ends(loop.body, names)
    nexts = [_take_copies(block, names, meant) for block in ends]
    rename(loop.body, {a: c for a, c in meant.items() if id(facts.assigned[a][0]) in inside})
    drop_self_copies(loop.body)
    moved = _permuted(names, nexts)
    refreshed = [n for n in names if n not in moved]
    if refreshed:
        _refresh(loop, refreshed, ends, nexts, facts, work)
    if moved:
        if len(ends) > 1 or (ends[0] and isinstance(ends[0][-1], gast.Break)):
            raise Entangled(set(moved))
        _permute(loop, moved, nexts[0])
    for block in ends:
        block[:] = block or quote("pass", loop)


def _ends(block: list[gast.stmt], names: list[str]) -> list[list[gast.stmt]]:
    """The blocks in tail position that give the carried names their next values."""
    if any(is_copy(s) and s.targets[0].id in names for s in block):
        return [block]
    return [end for inner in bodies(block[-1]) if inner for end in _ends(inner, names)]


def _take_copies(block: list[gast.stmt], names: list[str], meant: dict[str, str]) -> Nexts:
    """Remove the copies `c = next` from the block, and say what they were."""
    copies = [s for s in block if is_copy(s) and s.targets[0].id in names]
    block[:] = [s for s in block if not any(s is c for c in copies)]
    return {s.targets[0].id: meant.get(s.value.id, s.value.id) for s in copies}


def _permuted(names: list[str], nexts: list[Nexts]) -> list[str]:
    """The largest set of names that change places among themselves at every end of the body."""
    kept = list(names)
    while True:
        bad = {n for after in nexts for n in kept if after[n] not in kept}
        for after in nexts:
            taken = [after[n] for n in kept]
            bad |= {n for n in kept if taken.count(after[n]) > 1}
        if not bad:
            return kept
        kept = [n for n in kept if n not in bad]


def _permute(loop: gast.stmt, moved: list[str], nexts: Nexts) -> None:
    after = [nexts[n] for n in moved]
    loop.body += quote(f"({', '.join(moved)}) = ({', '.join(after)})", loop.body[-1] if loop.body else loop)


def _refresh(
    loop: gast.stmt, names: list[str], ends: list[list[gast.stmt]], nexts: list[Nexts], facts: Regions, work: Work
) -> None:
    """Make each carried name one array that is filled anew at the ends of the body."""
    starts = {n: facts.assigned[n][0] for n in names}
    bound = {n: [after[n] for after in nexts] for n in names}
    own = owns_start(loop, bound, starts, work)
    if not own:
        for stmt in starts.values():
            stmt.value = quote("np.copy(a)", stmt, a=stmt.value.id)[0].value
    copies: list[gast.stmt] = []
    for block, after in zip(ends, nexts, strict=True):
        made = copies_in_order({n: after[n] for n in names if after[n] != n}, block, loop, work)
        place = _before_copies(block, facts)
        block[place:place] = made
        copies += made
    if not own and noticed(loop, bound, starts, copies, work):
        raise Entangled(set(names))


def _before_copies(block: list[gast.stmt], facts: Regions) -> int:
    """Where the copies to carried variables at the end of a block begin."""
    place = len(block)
    while place and (isinstance(block[place - 1], gast.Break) or _carries(block[place - 1], facts)):
        place -= 1
    return place


def _carries(stmt: gast.stmt, facts: Regions) -> bool:
    return isinstance(stmt, gast.Assign) and is_one_of(stmt.targets[0], facts.carried)
