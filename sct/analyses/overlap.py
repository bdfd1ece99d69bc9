"""May two accesses touch the same element? One function; everything that is not proved may.

Subscripts are compared as linear forms. Within one iteration, names defined around both accesses are equal. For a later iteration
of a loop only names defined outside the loop are, and the loop's index has moved on by a multiple of its step. A subscript
that is not proved to be at least 0 may wrap around, hence overlap anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.analyses.linear import Form, Linear, plus
from sct.analyses.regions import Region, innermost_common
from sct.analyses.unit import Unit
from sct.ir.build import MODULES, nodes

BOUND_ANYWHERE = MODULES | {"len", "common_length"}


@dataclass(frozen=True, eq=False)
class Access:
    """An access of `array` in `region`; `index` is None for a whole array."""

    array: str
    index: gast.expr | None
    region: Region


@dataclass(eq=False)
class Overlap:
    """The test, for one unit."""

    unit: Unit
    linear: Linear

    def same_iteration(self, load: Access, store: Access) -> bool:
        """Whether `store` may touch what `load` reads, in one iteration of the innermost region that holds both."""
        common = innermost_common(load.region, store.region)
        return self._may(load, store, common, None)

    def later_iteration(self, load: Access, store: Access, loop: Region) -> bool:
        """Whether `store`, in a later iteration of `loop`, may touch what `load` reads."""
        return self._may(load, store, loop.parent, loop)

    def _may(self, load: Access, store: Access, shared: Region, loop: Region | None) -> bool:
        if not self.unit.alias.may(load.array, store.array):
            return False
        if load.array != store.array or load.index is None or store.index is None:
            return True
        if self.unit.facts.kind(load.array) in ("carried", "merge"):
            return True
        if self.unit.facts.home_of(load.array) not in shared.path():
            return True
        pairs = zip(_dimensions(load.index), _dimensions(store.index), strict=True)
        return not any(self._apart(a, b, shared, loop) for a, b in pairs)

    def _apart(self, read: gast.expr, written: gast.expr, shared: Region, loop: Region | None) -> bool:
        a, b = self.linear.form(read), self.linear.form(written)
        if a is None or b is None or not self.linear.at_least(a, 0) or not self.linear.at_least(b, 0):
            return False
        around = {id(r) for r in shared.path()}
        for first, second in ((a, b), (b, a)):
            high, low = self._extreme(first, around, loop, "high"), self._extreme(second, around, loop, "low")
            if high is None or low is None:
                continue
            high, low = (high, self._moved(low, loop)) if second is b else (self._moved(high, loop), low)
            if high is not None and low is not None and self.linear.at_least(plus(low, high, -1), 1):
                return True
        return False

    def _extreme(self, form: Form, around: set[int], loop: Region | None, which: str) -> Form | None:
        """A bound of `form` in symbols that mean the same for both accesses, and the index of `loop`."""
        index = _index(loop)
        while True:
            private = [s for s in form if s and s != index and not self._shared(s, around)]
            if not private:
                return form
            if any(self.linear.index_bounds(s) is None for s in private):
                return None
            inner = max(private, key=lambda s: self.unit.facts.order[id(self.unit.facts.index_names[s].owner)])
            k = form[inner]
            bound = self.linear.index_bounds(inner)[1 if (k > 0) == (which == "high") else 0]
            form = plus({s: c for s, c in form.items() if s != inner}, bound, k)

    def _moved(self, form: Form, loop: Region | None) -> Form | None:
        """The form in a later iteration of `loop`: its index has grown by step * (1 + later), later >= 0."""
        index = _index(loop)
        k = form.get(index, 0) if index is not None else 0
        if not k:
            return form
        step = self.linear.step(index)
        return None if step is None else plus(form, {"": step * k, "later": step * k})

    def _shared(self, symbol: str, around: set[int]) -> bool:
        """Whether every name in the symbol is defined around both accesses."""
        names = [n.id for n in nodes(gast.parse(symbol)) if isinstance(n, gast.Name) and n.id not in BOUND_ANYWHERE]
        return all(id(self.unit.facts.home_of(n)) in around for n in names)


def _index(loop: Region | None) -> str | None:
    return loop.owner.target.id if loop is not None and isinstance(loop.owner, gast.For) else None


def _dimensions(index: gast.expr) -> list[gast.expr]:
    return list(index.elts) if isinstance(index, gast.Tuple) else [index]
