"""Arrays that a helper returns, though the caller has them already.

    v = relax(u, a)    ->    relax(u, a)        and `v` is `u`
"""

from __future__ import annotations

import gast

from sct.analyses.regions import regions
from sct.ir.build import bodies, quote, targets
from sct.lowering.aliases import follow, rename
from sct.lowering.roots import Roots, roots_of
from sct.lowering.work import Work


def drop_returned(work: Work) -> None:
    """Put the argument's name for each result that always is the argument, where the name is bound nowhere else."""
    meant: dict[str, str] = {}
    if work.program.helpers:
        once = {name for name, stmts in regions(work.program).assigned.items() if len(stmts) == 1}
        _drop(work.body, roots_of(work), once, meant, work)
    rename(work.body, {name: follow(meant, name) for name in meant})


def _drop(block: list[gast.stmt], roots: Roots, once: set[str], meant: dict[str, str], work: Work) -> None:
    for k, stmt in enumerate(block):
        for inner in bodies(stmt):
            _drop(inner, roots, once, meant, work)
        effects = roots.effects(getattr(stmt, "value", None))
        names = targets(stmt)
        whole = {} if effects is None else {at: a for at, a in effects.whole.items() if at < len(names) and names[at] in once - {a}}
        if not whole:
            continue
        meant.update({names[at]: argument for at, argument in whole.items()})
        if len(names) == 1:
            block[k] = quote("h", stmt, h=stmt.value)[0]
            continue
        for at in whole:
            stmt.targets[0].elts[at].id = work.array(f"{names[at]}_too", names[at])
