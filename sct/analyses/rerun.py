"""May the iterations of a loop be run again in the reverse sweep, each just before its own reverse?

Legal if what an iteration reads from outside is what it read the first time: arrays from outside the loop that it stores to are
never read in it, what it carries from one iteration to the next is needed by nothing, it neither prints nor draws random
numbers, and what it reads can be kept clean until the reverse sweep gets there. The re-run repeats nothing that lasts (see
`outlives`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import gast

from sct.analyses.alias import allocation, viewed
from sct.analyses.filled import Filling
from sct.analyses.overlap import Access
from sct.analyses.progress import breaks
from sct.analyses.regions import Region, head_copies, own_names
from sct.analyses.unit import Unit
from sct.errors import UnsupportedSyntax
from sct.ir.build import call_name, is_name, loads, names_in, targets, text, walk
from sct.ir.once import any_once


@dataclass(eq=False)
class Rerun:
    """One loop whose iterations are run again."""

    unit: Unit
    loop: gast.For

    @property
    def body(self) -> Region:
        return self.unit.facts.inner[id(self.loop)][0]

    def outlives(self, array: str) -> bool:
        """Whether an array, or one that it may be, carries anything into or out of an iteration."""
        return not all(self._local(root) or root in self.private for root in self.unit.alias.of(array))

    def _local(self, root: str) -> bool:
        born = self.unit.alias.born.get(root)
        return born is not None and self.body in self.unit.facts.where(born)[0].path()

    @cached_property
    def private(self) -> frozenset[str]:
        """Arrays from outside the loop that only the loop uses, and that each iteration fills before it reads them."""
        return frozenset(root for root, born in self.unit.alias.born.items() if self._is_private(root, born))

    def _is_private(self, root: str, born: gast.stmt) -> bool:
        if {n for n, roots in self.unit.alias.roots.items() if root in roots} != {root} or not self._can_be_made_again(born.value):
            return False
        users = [s for s in self.unit.facts.users.get(root, ()) if s is not born and not _measures(s)]
        inside = {id(s) for s in walk(self.loop.body)}
        filling = Filling(root, self._extents(root, born.value))
        return bool(users) and all(id(s) in inside for s in users) and filling.before_read(self.loop.body)

    def _can_be_made_again(self, value: gast.expr) -> bool:
        changing = (n for n in names_in(value) if self.unit.facts.kind(n) == "carried")
        return allocation(value) is not None and not any(changing)

    def _extents(self, root: str, value: gast.expr) -> tuple[str, ...]:
        """The lengths of the axes of a new array, as text; empty texts where they are not told."""
        told = value.args[0]
        if _measures(value):
            born = self.unit.alias.born.get(told.id)
            shape = tuple(f"{told.id}.shape[{k}]" for k in range(self._ndim(root)))
            return shape if born is None else self._extents(root, born.value)
        if allocation(value) not in ("zeros", "empty"):
            return ("",) * self._ndim(root)
        return tuple(map(text, told.elts if isinstance(told, gast.Tuple) else [told]))

    def _ndim(self, root: str) -> int:
        return self.unit.types.of(root).ndim

    def check(self) -> None:
        """Refuse loops that break, that read arrays from outside which they also store to, or whose helpers write to such."""
        if not self.is_legal:
            raise self.illegal()

    @cached_property
    def is_legal(self) -> bool:
        if not isinstance(self.loop, gast.For) or breaks(self.loop):
            return False
        statements = list(walk(self.loop.body))
        stored = {r for s in statements for n in self.unit.stores(s) if self.outlives(n) for r in self.unit.alias.of(n)}
        read = {r for s in statements for n in self._arrays_read(s) for r in self.unit.alias.of(n)}
        helpers_write = any(
            self.unit.helper_call(s) is not None and any(map(self.outlives, self.unit.stores(s))) for s in statements
        )
        calls = [c for c in map(self.unit.helper_call, statements) if c is not None]
        once = any_once(self.loop.body) or any(self.unit.callee(c).once for c in calls)
        return not (stored & read or helpers_write or once)

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
        elements = [load.value.id for part in parts if part is not None for load in loads(part)]
        return elements + self._read_as_a_whole(getattr(stmt, "value", None))

    def _read_as_a_whole(self, value: gast.expr | None) -> list[str]:
        if call_name(value) in (None, "len") or viewed(value) is not None or allocation(value) not in (None, "copy"):
            return []
        return [a.id for a in value.args if is_name(a) and self.unit.types.is_array(a.id)]

    def exposed(self) -> list[Access]:
        """Elements that the body reads from arrays outside the loop, seen from where the loop stands."""
        parent = self.body.parent
        found = []
        for stmt in walk(self.loop.body):
            for name in self._arrays_read(stmt):
                if self.outlives(name) and self.unit.alias.of(name):
                    found.append(Access(name, None, parent))
        return found

    @cached_property
    def names_from_outside(self) -> set[str]:
        """Names that the body reads, or that its own buffers are made with, and the loop does not define."""
        facts = self.unit.facts
        read = {n for s in walk(self.loop.body) for n in own_names(s)}
        read |= {n for root in self.private for n in names_in(self.unit.alias.born[root].value)}
        known = {n for n in read if facts.kind(n) not in ("global", "carried")}
        return {n for n in known if self.body not in facts.home_of(n).path()}

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


def _measures(node: gast.AST) -> bool:
    """Whether an allocation, or a statement that makes one, asks an array for its shape only."""
    value = node.value if isinstance(node, gast.Assign) else node
    return allocation(value) in ("zeros_like", "empty_like") and is_name(value.args[0])


def reruns(unit: Unit, lines: frozenset[int]) -> list[Rerun]:
    """The loops at these lines of the user's file, and those marked by `again`."""
    loops = [s for s in unit.facts.statements() if isinstance(s, gast.For | gast.While)]
    found = [Rerun(unit, s) for s in loops if s.lineno in lines or hasattr(s, "again")]
    for rerun in found:
        rerun.check()
    return found
