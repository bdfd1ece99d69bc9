"""May the iterations of a loop be run again in the reverse sweep, each just before its own reverse?

Legal if what an iteration reads from outside is what it read the first time: arrays from outside the loop that it stores to are
never read in it, what it carries from one iteration to the next is needed by nothing, and what it reads can be kept clean
until the reverse sweep gets there. The re-run repeats nothing that lasts (see `outlives`).
"""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.analyses.overlap import Access
from sct.analyses.progress import breaks
from sct.analyses.regions import Region, head_copies
from sct.analyses.unit import Unit
from sct.errors import UnsupportedSyntax
from sct.ir.build import loads, names_in, store_target, targets, walk


@dataclass(eq=False)
class Rerun:
    """One loop whose iterations are run again."""

    unit: Unit
    loop: gast.For

    @property
    def body(self) -> Region:
        return self.unit.facts.inner[id(self.loop)][0]

    def outlives(self, array: str) -> bool:
        """Whether an array, or one that it may be, comes from outside the loop."""
        born, facts = self.unit.alias.born, self.unit.facts
        homes = [facts.where(born[r])[0] if r in born else facts.root for r in self.unit.alias.of(array)]
        return any(self.body not in home.path() for home in homes)

    def check(self) -> None:
        """Refuse loops that break, that read arrays from outside which they also store to, or whose helpers write to such."""
        statements = list(walk(self.loop.body))
        stored = {r for s in statements for n in self.unit.stores(s) if self.outlives(n) for r in self.unit.alias.of(n)}
        read = {r for s in statements for n in self._arrays_read(s) for r in self.unit.alias.of(n)}
        helpers_write = any(
            self.unit.helper_call(s) is not None and any(map(self.outlives, self.unit.stores(s))) for s in statements
        )
        if not isinstance(self.loop, gast.For) or breaks(self.loop) or stored & read or helpers_write:
            raise self.illegal()

    def illegal(self) -> UnsupportedSyntax:
        return UnsupportedSyntax(
            "the iterations of this loop depend on each other and cannot be run again one by one",
            place=self.unit.program.source.place(self.loop),
            remedy="leave the loop to the default plan",
        )

    def _arrays_read(self, stmt: gast.stmt) -> list[str]:
        call = self.unit.helper_call(stmt)
        if call is not None:
            callee = self.unit.callee(call)
            pairs = zip(callee.program.params, call.args, strict=True)
            return [a.id for p, a in pairs if p in callee.read]
        parts = [getattr(stmt, "value", None), getattr(stmt, "test", None)]
        return [load.value.id for part in parts if part is not None for load in loads(part)]

    def exposed(self) -> list[Access]:
        """Elements that the body reads from arrays outside the loop, seen from where the loop stands."""
        parent = self.body.parent
        found = []
        for stmt in walk(self.loop.body):
            for name in self._arrays_read(stmt):
                if self.outlives(name) and self.unit.alias.of(name):
                    found.append(Access(name, None, parent))
        return found

    def names_from_outside(self) -> set[str]:
        """Names that the body reads and the loop does not define."""
        facts, found = self.unit.facts, set()
        for stmt in walk(self.loop.body):
            for name in names_in(stmt) if not hasattr(stmt, "body") else names_in(getattr(stmt, "test", None) or stmt.iter):
                if facts.kind(name) not in ("global", "carried") and self.body not in facts.home_of(name).path():
                    found.add(name)
        return found

    def carried_over(self) -> set[str]:
        """Names whose values depend on what earlier iterations left in carried variables."""
        found = {h for heads in head_copies(self.loop, self.unit.facts).values() for h in heads}
        size = -1
        while size != len(found):
            size = len(found)
            self._spread(self.loop.body, found, False)
        return found

    def _spread(self, block: list[gast.stmt], found: set[str], under: bool) -> None:
        for stmt in block:
            if isinstance(stmt, gast.If | gast.For | gast.While):
                test = stmt.test if not isinstance(stmt, gast.For) else stmt.iter
                depends = under or not found.isdisjoint(names_in(test))
                for inner in (stmt.body, getattr(stmt, "orelse", [])):
                    self._spread(inner, found, depends)
                continue
            if under or not found.isdisjoint(names_in(stmt)):
                found.update(targets(stmt))
                found.update(n for n in self.unit.stores(stmt))


def reruns(unit: Unit, lines: frozenset[int]) -> list[Rerun]:
    """The loops at these lines of the user's file."""
    found = [Rerun(unit, s) for s in unit.facts.statements() if isinstance(s, gast.For | gast.While) and s.lineno in lines]
    for rerun in found:
        rerun.check()
    return found
