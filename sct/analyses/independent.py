"""May the iterations of a loop that are run again be reversed in any order, hence upwards?

They may if nothing flows from one into another: what they carry is only added to, arrays from outside are read, or added to, or
stored to at elements of their own.

    for p in range(n):
        q[0] = x[p]                 a buffer that each iteration fills before it reads it
        total += f(q)               an accumulator: nothing else reads it
        y[p] = total_of_row         no other iteration stores there
"""

from __future__ import annotations

from collections.abc import Callable

import gast

from sct.analyses.clean import Clean, Store
from sct.analyses.regions import head_copies, is_permutation
from sct.analyses.rerun import Rerun
from sct.ir.build import is_name, is_one_of, names_in, targets, walk


def independent(rerun: Rerun, active: Callable[[str], bool], clean: Clean) -> bool:
    """Whether the reverse of the iterations may come in any order; `active` tells which names have adjoints."""
    facts = rerun.unit.facts
    if any(is_permutation(s) for s in rerun.loop.body):
        return False
    heads = head_copies(rerun.loop, facts)
    carried = [name for name, owner in facts.carried.items() if owner is rerun.loop]
    sums = all(_is_sum(name, heads[name], rerun) if name in heads else not active(name) for name in carried)
    return sums and _stores_apart(rerun, clean)


def _is_sum(carried: str, heads: list[str], rerun: Rerun) -> bool:
    """Whether each iteration adds something to a carried variable, and does nothing else with it."""
    totals = {carried, *heads}
    inside = list(walk(rerun.loop.body))
    size = 0
    while size != len(totals):
        size = len(totals)
        totals |= {t for s in inside if _adds(s, totals) for t in targets(s)}
    return all(_adds(s, totals) or totals.isdisjoint(_names_used(s)) for s in inside)


def _adds(stmt: gast.stmt, totals: set[str]) -> bool:
    """Whether a statement gives a name the value of one of the totals, or that and something else."""
    if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
        return False
    value = stmt.value
    if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Add | gast.Sub):
        both = is_one_of(value.left, totals), is_one_of(value.right, totals)
        return both == (True, False) or (both == (False, True) and isinstance(value.op, gast.Add))
    return is_one_of(value, totals)


def _names_used(stmt: gast.stmt) -> set[str]:
    """The names in a statement, without the blocks in it."""
    if isinstance(stmt, gast.If | gast.While):
        return set(names_in(stmt.test))
    return set(names_in(stmt.iter if isinstance(stmt, gast.For) else stmt))


def _stores_apart(rerun: Rerun, clean: Clean) -> bool:
    """Whether no iteration stores to an element that another one stores or adds to; if all only add, they may."""
    inside = {id(s) for s in walk(rerun.loop.body)}
    stores = [s for s in clean.stores if id(s.stmt) in inside and rerun.outlives(s.access.array)]
    return not any(_meet(a, b, rerun, clean) for a in stores if isinstance(a.stmt, gast.Assign) for b in stores)


def _meet(a: Store, b: Store, rerun: Rerun, clean: Clean) -> bool:
    later = clean.overlap.later_iteration
    return later(a.access, b.access, rerun.body) or later(b.access, a.access, rerun.body)
