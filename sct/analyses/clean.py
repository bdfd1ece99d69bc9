"""Whether an array element can be read again in the reverse sweep, and which stores must be undone for that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import gast

from sct.analyses.linear import Linear
from sct.analyses.overlap import Access, Overlap
from sct.analyses.regions import Region, innermost_common
from sct.analyses.unit import Unit
from sct.ir.build import same, store_target


@dataclass(frozen=True, eq=False)
class Store:
    """A statement that may write to an array: an element, or through a helper call any of it."""

    stmt: gast.stmt
    access: Access


@dataclass(eq=False)
class Clean:
    """The test CLEAN(load, time) of docs/how-it-works.md for one unit."""

    unit: Unit

    @cached_property
    def overlap(self) -> Overlap:
        return Overlap(self.unit, Linear(self.unit.facts))

    @cached_property
    def stores(self) -> list[Store]:
        found = []
        for stmt in self.unit.facts.statements():
            region = self.unit.facts.where(stmt)[0]
            target = store_target(stmt)
            for name in self.unit.stores(stmt):
                found.append(Store(stmt, Access(name, target.slice if target is not None else None, region)))
        return found

    def roots_stored(self) -> list[str]:
        """Roots that are stored to, in the order of their first store."""
        return list(dict.fromkeys(r for s in self.stores for r in sorted(self.unit.alias.of(s.access.array))))

    def undos(self, load: Access, at: int, time: int, around: Region) -> frozenset[int] | None:
        """The stores to undo, so that `load`, made at index `at` of its region, reads the same just before the reverse of index
        `time` of that region; None where no undo can help. Loops outside `around` do not count."""
        key = (load.array, id(load.index), id(load.region), at, time, id(around))
        if key not in self._memo:
            self._memo[key] = self._undos(load, at, time, around)
        return self._memo[key]

    @cached_property
    def _memo(self) -> dict:
        return {}

    def _undos(self, load: Access, at: int, time: int, around: Region) -> frozenset[int] | None:
        found: set[int] = set()
        for store in self.stores:
            if not self.unit.alias.may(load.array, store.access.array):
                continue
            answer = self._one(load, at, time, store, around)
            if answer is None:
                return None
            found |= answer
        return frozenset(found)

    def _one(self, load: Access, at: int, time: int, store: Store, around: Region) -> set[int] | None:
        facts, found = self.unit.facts, set()
        region, index = facts.where(store.stmt)
        common = innermost_common(load.region, region)
        read, written = facts.at(load.region, common, at), facts.at(region, common, index)
        if written > read and self.overlap.same_iteration(load, store.access):
            if common is load.region and written <= time:
                return None
            found.add(id(store.stmt))
        for loop in common.loops():
            if around not in loop.path()[1:]:
                break
            if self.overlap.later_iteration(load, store.access, loop):
                found.add(id(self._covering(store, loop).stmt))
        return found

    def _covering(self, store: Store, loop: Region) -> Store:
        """An earlier store of the same iteration of `loop` to the same element: undoing that one restores it as well."""
        facts = self.unit.facts
        region, index = facts.where(store.stmt)
        for other in self.stores:
            home, at = facts.where(other.stmt)
            if other.access.index is None or store.access.index is None or other.access.array != store.access.array:
                continue
            if home not in region.path() or loop not in home.path() or facts.at(region, home, index) <= at:
                continue
            if same(other.access.index, store.access.index):
                return other
        return store
