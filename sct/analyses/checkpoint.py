"""A loop of which only some states are kept (`sct.checkpoint`), and each step is run again before its reverse.

The state is what a step reads and an earlier one may have written: arrays from outside the loop, and the scalars that the loop
carries. Before the reverse of a step the state is that in which the step began, so the plan of a step knows nothing of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import gast

from sct.analyses.overlap import Access
from sct.analyses.progress import breaks
from sct.analyses.rerun import Rerun
from sct.analyses.unit import Unit
from sct.errors import UnsupportedSyntax
from sct.ir.build import grown, store_target, walk
from sct.ir.once import any_once


@dataclass(eq=False)
class Checkpoint(Rerun):
    """One such loop; `loop.budget` is what its snapshots may take in bytes, 0 for O(log n) snapshots."""

    @cached_property
    def arrays(self) -> list[str]:
        """The arrays of the state: roots that the loop both stores to and reads."""
        return sorted(self._stored & {r for s in walk(self.loop.body) for n in self._needed(s) for r in self.unit.alias.of(n)})

    @property
    def scalars(self) -> list[str]:
        """The variables that the loop carries."""
        carried = [n for n, owner in self.unit.facts.carried.items() if owner is self.loop]
        return [n for n in carried if not self.unit.types.is_array(n)]

    @cached_property
    def _stored(self) -> set[str]:
        outside = [n for s in walk(self.loop.body) for n in self.unit.stores(s) if self.outlives(n)]
        return {r for n in outside for r in self.unit.alias.of(n) if not self._local(r)}

    def _needed(self, stmt: gast.stmt) -> list[str]:
        """The arrays that a statement reads; an update reads the element that it changes."""
        target = store_target(stmt) if isinstance(stmt, gast.AugAssign) else None
        return [*self._arrays_read(stmt), *([target.value.id] if target is not None else [])]

    def exposed(self) -> list[Access]:
        """Elements that a step reads and no snapshot holds."""
        return [access for access in super().exposed() if not self.unit.alias.of(access.array) <= set(self.arrays)]

    def carried_over(self) -> set[str]:
        """Nothing: a step begins with the scalars of its own state."""
        return set()

    def check(self) -> None:
        """Refuse loops whose steps cannot be run again."""
        for wrong, remedy in self._problems():
            raise self._refused(f"this loop {wrong}, so its steps cannot be run again from a snapshot", remedy)

    def _problems(self):
        region = self.unit.facts.where(self.loop)[0]
        statements = list(walk(self.loop.body))
        calls = [c for c in map(self.unit.helper_call, statements) if c is not None]
        if region.loops():
            yield "stands in another one", "mark the outer loop, or put the inner one in the function that is differentiated"
        if breaks(self.loop):
            yield "may end early", "let all steps run, or leave the mark out"
        if any_once(self.loop.body) or any(self.unit.callee(c).once for c in calls):
            yield "prints or draws random numbers", "draw them before the loop, into an array"
        if any(map(grown, statements)):
            yield "lets an array or a list grow", "allocate the array before the loop"
        born = [self.unit.alias.born[r] for r in self._stored if r in self.unit.alias.born]
        if any(self.unit.facts.where(stmt)[0] not in region.path() for stmt in born):
            yield "changes an array that is made in one arm of a branch", "make the array before the branch"

    def illegal(self) -> UnsupportedSyntax:
        return self._refused(
            "this loop reads an array that is written to after it, so its steps cannot be run again from a snapshot",
            "give the loop a copy of the array",
        )

    def _refused(self, message: str, remedy: str) -> UnsupportedSyntax:
        return UnsupportedSyntax(message, place=self.unit.program.source.place(self.loop), remedy=remedy)


def checkpoints(unit: Unit, split: bool) -> list[Checkpoint]:
    """The loops of a unit that the user marked; with `split`, what one sweep keeps is not there in the other."""
    found = [Checkpoint(unit, s) for s in unit.facts.statements() if hasattr(s, "budget")]
    for each in found:
        if split:
            raise each._refused(
                f"`{unit.program.tree.name}` is differentiated in two parts, so that its loop cannot have snapshots",
                "write the loop in the function that is differentiated",
            )
        each.check()
    return found
