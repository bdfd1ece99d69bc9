"""Filling a carried array anew instead of rebinding its name: in which order, and whether anybody could notice."""

from __future__ import annotations

import gast

from sct.ir.build import bodies, names_in, quote, targets, walk
from sct.lowering.roots import Roots, roots_of
from sct.lowering.subscripts import everything
from sct.lowering.work import Work

Starts = dict[str, gast.stmt]
"""Carried name -> the statement `c = start` before the loop."""


def copies_in_order(moves: dict[str, str], block: list[gast.stmt], loop: gast.stmt, work: Work) -> list[gast.stmt]:
    """`c[:] = next` for all moves at once: what a copy still has to read is not overwritten before.

    Marked as `rebinds`: the shapes must be the same, nothing is repeated.
    """
    roots = roots_of(work)
    at = block[-1] if block else loop
    made: list[gast.stmt] = []
    left, kept = dict(moves), []
    while left:
        free = [c for c in left if not any(c in roots.of(n) for other, n in left.items() if other != c)]
        if free:
            name = free[0]
            made += quote(f"c[{everything(work.types.ndim(name))}] = n", at, c=name, n=left.pop(name))
            made[-1].rebinds = work.user_name(name)
        else:
            name = next(c for c, n in left.items() if n not in kept)
            kept.append(work.array(f"{name}_next", name))
            made += quote("t = np.copy(n)", at, t=kept[-1], n=left[name])
            left[name] = kept[-1]
    return made


def owns_start(loop: gast.stmt, nexts: dict[str, list[str]], starts: Starts, work: Work) -> bool:
    """Whether the only carried array starts as a local array that nobody else can see: then it may be used itself."""
    if len(nexts) > 1:
        return False
    ((name, after),) = nexts.items()
    start = starts[name].value.id
    roots = roots_of(work)
    block, place = _site(work.body, loop)
    born = roots.born.get(start)
    later = [n for s in block[place:] for n in names_in(s)]
    allowed = _born_in(loop, roots) | {start}
    return (
        roots.of(start) == {start}
        and any(s is born for s in block[:place])
        and start not in later
        and not _shared_before(start, [born, starts[name]], roots, work)
        and all(roots.of(n) <= allowed for n in after)
    )


def _shared_before(start: str, but: list[gast.stmt], roots: Roots, work: Work) -> bool:
    """Whether a statement other than `but` makes another name for the array `start`, or a view of it."""
    others = [s for s in walk(work.body) if isinstance(s, gast.Assign) and not any(s is b for b in but)]
    return any(start in names_in(s.value) and any(start in roots.of(t) for t in targets(s)) for s in others)


def _born_in(loop: gast.stmt, roots: Roots) -> set[str]:
    inside = {id(s) for s in walk(loop.body)}
    return {root for root, stmt in roots.born.items() if id(stmt) in inside}


def noticed(
    loop: gast.stmt, nexts: dict[str, list[str]], starts: Starts, copies: list[gast.stmt], work: Work
) -> bool:
    """Whether an array that the user's program would share with a carried name is stored to while that name lives."""
    roots = roots_of(work)
    local = _born_in(loop, roots)
    stored = _stored_from(work.body, loop, roots, {id(s) for s in copies})
    for name, after in nexts.items():
        shared = {name, *roots.of(starts[name].value.args[0].id), *(r for n in after for r in roots.of(n))} - local
        if shared & stored:
            return True
    return False


def _stored_from(block: list[gast.stmt], loop: gast.stmt, roots: Roots, ignored: set[int]) -> set[str]:
    """Roots stored to in `loop` or after it, while those alive in `loop` are."""
    for k, stmt in enumerate(block):
        after = _stored(block[k + 1 :], roots, ignored)
        if stmt is loop:
            return after | _stored([stmt], roots, ignored)
        for inner in bodies(stmt):
            if not any(s is loop for s in walk(inner)):
                continue
            found = _stored_from(inner, loop, roots, ignored)
            if isinstance(stmt, gast.For | gast.While):
                here = {id(s) for s in walk(inner)}
                found |= {r for r in _stored(inner, roots, ignored) if id(roots.born.get(r)) not in here}
            return after | found
    raise LookupError("the loop is not in this block")


def _stored(block: list[gast.stmt], roots: Roots, ignored: set[int]) -> set[str]:
    return {r for s in walk(block) if id(s) not in ignored for r in roots.stored_by(s)}


def _site(block: list[gast.stmt], loop: gast.stmt) -> tuple[list[gast.stmt], int]:
    for k, stmt in enumerate(block):
        if stmt is loop:
            return block, k
        for inner in bodies(stmt):
            if any(s is loop for s in walk(inner)):
                return _site(inner, loop)
    raise LookupError("the loop is not in this block")
