"""`checkpoint="200MB"`: loops that would save something for each step keep snapshots instead, within the budget all together.

Which these are is known when the derivative has been made: they are marked as by `sct.checkpoint`, until no other loop saves. Loops
whose iterations have nothing to do with each other need no states: they are run again where that can be, and save what an array
of their length takes where it cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import gast

from sct.analyses.clean import Clean
from sct.analyses.independent import independent
from sct.analyses.rerun import Rerun
from sct.analyses.together import saves
from sct.errors import UnsupportedSyntax
from sct.ir.build import walk
from sct.library import Library
from sct.prepare import Units
from sct.transform.sweeps import Sweeps


@dataclass(eq=False)
class Within:
    """One derivative within a budget; `made` makes it, with the loops marked as they are."""

    budget: int
    units: Units
    made: Callable[[], Library]
    marked: list[gast.For] = field(default_factory=list)
    free: list[gast.For] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = set(self.units.fresh.taken)

    def library(self) -> Library:
        """The derivative, made again until no loop saves that could have snapshots."""
        library = self._again()
        while found := [(loop, sweeps) for loop, sweeps in _saving(library) if loop not in self.free]:
            free = [loop for loop, sweeps in found if _is_free(loop, sweeps)]
            self.marked += [loop for loop, _ in found if loop not in free]
            for loop in self.marked:
                loop.budget = max(self.budget // len(self.marked), 1)
            self.free += free
            library = self._with_reruns(free) if free else self._again()
        return library

    def _with_reruns(self, loops: list[gast.For]) -> Library:
        """With these loops run again, or as they are where that cannot be."""
        for loop in loops:
            loop.again = True
        try:
            return self._again()
        except UnsupportedSyntax:
            for loop in loops:
                del loop.again
            return self._again()

    def _again(self) -> Library:
        self.units.fresh.taken = set(self.taken)
        return self.made()


def _saving(library: Library) -> list[tuple[gast.For, Sweeps]]:
    """Loops without snapshots that save something for each step, and stand in no other loop."""
    found = []
    for (unit, split), sweeps in library.sweeps.items():
        for stmt in unit.facts.statements() if not split else ():
            if unit.facts.where(stmt)[0].loops() or stmt in sweeps.late or hasattr(stmt, "budget"):
                continue
            if isinstance(stmt, gast.For | gast.While):
                found += [(_counted(stmt, sweeps), sweeps)] if _saves(stmt, sweeps) else []
            elif sweeps.callees.uses_tapes(sweeps, stmt) and unit.callee(unit.helper_call(stmt)).recursive:
                raise _refused("a function that calls itself keeps something for each call", "write it as a loop", stmt, sweeps)
    return found


def _saves(loop: gast.stmt, sweeps: Sweeps) -> bool:
    called = any(sweeps.callees.uses_tapes(sweeps, s) for s in walk(loop.body))
    return called or saves(loop, sweeps.question, sweeps.plan)


def _is_free(loop: gast.For, sweeps: Sweeps) -> bool:
    """Whether the iterations of a loop have nothing to do with each other."""
    rerun = Rerun(sweeps.question.unit, loop)
    return rerun.is_legal and independent(rerun, sweeps.callees.active, Clean(sweeps.question.unit))


def _counted(loop: gast.stmt, sweeps: Sweeps) -> gast.For:
    if isinstance(loop, gast.For):
        return loop
    raise _refused("the number of steps of this loop is not known before it runs", "write it as a for loop", loop, sweeps)


def _refused(message: str, remedy: str, stmt: gast.stmt, sweeps: Sweeps) -> UnsupportedSyntax:
    return UnsupportedSyntax(
        f"{message}, so that it cannot have snapshots",
        place=sweeps.question.unit.program.source.place(stmt),
        remedy=f"{remedy}, or mark the loops that are to have snapshots by `sct.checkpoint` instead of `checkpoint=`",
    )
