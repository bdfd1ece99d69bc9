"""Elementwise statements as loop nests, and what is known about arrays on the way through a block."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.ir.build import quote
from sct.lowering.elements import Elements, Pending, subscript
from sct.lowering.nests import Checks, Extent, allocate, bounds, nest, new_indices
from sct.lowering.picked import is_gather
from sct.lowering.roots import Roots
from sct.lowering.shapes import Keys, Shapes
from sct.lowering.subscripts import axes
from sct.lowering.wholes import wholes
from sct.lowering.work import Work


@dataclass(eq=False)
class Arrays:
    """The state of lowering one block: statements written so far, expressions that wait for their use, known views,
    and for masks the arrays of subscripts at which they are true.
    """

    work: Work
    roots: Roots
    shapes: Shapes
    views: dict[str, str]
    out: list[gast.stmt] = field(default_factory=list)
    pending: Pending = field(default_factory=dict)
    nonzero: dict[str, list[str]] = field(default_factory=dict)

    def learn(self, stmt: gast.stmt) -> None:
        """Remember which part of an array a view name stands for."""
        value = getattr(stmt, "value", None)
        if isinstance(stmt, gast.Assign) and isinstance(value, gast.Subscript) and isinstance(value.value, gast.Name):
            (target,) = stmt.targets
            if isinstance(target, gast.Name) and self.work.types.is_array(target.id):
                self.views[target.id] = axes(value, self.work).key

    def forget(self, written: list[str]) -> None:
        """The masks that a statement writes to are not what they were."""
        for mask in [m for m in self.nonzero if any(self.roots.may_overlap(m, w) for w in written)]:
            del self.nonzero[mask]

    def leaves(self, value: gast.expr) -> list[str]:
        """The arrays in memory that an expression reads whole, through expressions that wait."""
        found: list[str] = []
        for name in wholes(value, self.work.types):
            found += self.leaves(self.pending[name].value) if name in self.pending else [name]
        return list(dict.fromkeys(found))

    def picked(self, value: gast.expr) -> list[str]:
        """The arrays in memory of which an expression reads elements in any order, through expressions that wait."""
        if is_gather(value):
            return [value.args[0].value.id, *self.picked(value.args[0].slice)]
        waiting = [name for name in wholes(value, self.work.types) if name in self.pending]
        return [found for name in waiting for found in self.picked(self.pending[name].value)]

    def repeated(self, leaves: list[str]) -> bool:
        """Whether an expression of these arrays has an axis that is known to be of length 1."""
        return any(all(self.shapes.is_one(key) for key, _ in axis) for axis in self._axes(leaves))

    def _axes(self, leaves: list[str]) -> list[list[tuple[str, gast.expr]]]:
        """For each axis of an expression of these arrays the keys and lengths of those that have it."""
        ndim = max(map(self.work.types.ndim, leaves))
        sides = [list(zip(self.shapes.of(leaf), bounds(leaf, self.work), strict=True)) for leaf in leaves]
        return [[side[axis] for side in sides if len(side) >= -axis] for axis in range(-ndim, 0)]

    def elements(self, indices: list[str], keys: Keys, at: gast.stmt) -> Elements:
        return Elements(self.work, self.shapes, self.pending, indices, keys, at)

    def checked(self, leaves: list[str], at: gast.stmt) -> tuple[Extent, list[gast.stmt]]:
        """The shape of an expression of these arrays, and the statements that find it."""
        checks = Checks(self.shapes, self.work, at)
        found = []
        for axis in self._axes(leaves):
            longer = [(key, length) for key, length in axis if not self.shapes.is_one(key)]
            found.append(checks.common(longer or axis[:1]))
        whole = Extent(tuple(key for key, _ in found), [length for _, length in found])
        for leaf in leaves:
            checks.repeats(whole, leaf)
        return whole, checks.statements()

    def elementwise(self, stmt: gast.Assign) -> list[gast.stmt]:
        """`y = <elementwise>` as an allocation and one nest."""
        name = stmt.targets[0].id
        whole, out = self.checked(self.leaves(stmt.value), stmt)
        self.shapes.arrays[name] = whole.keys
        out += allocate(name, whole.lengths, self.work.types.dtype(name), stmt)
        indices = new_indices(len(whole.keys), self.work)
        body: list[gast.stmt] = []
        value = self.work.fresh(f"{name}_{indices[-1]}")
        self.elements(indices, whole.keys, stmt).compute(value, stmt.value, stmt, body)
        body += quote("y[i] = t", stmt, y=name, i=subscript(indices), t=value)
        return [*out, nest(whole.lengths, indices, body, stmt)]

    def scalar(self, stmt: gast.Assign) -> list[gast.stmt]:
        """`np.where` of scalars."""
        out: list[gast.stmt] = []
        self.elements([], (), stmt).compute(stmt.targets[0].id, stmt.value, stmt, out)
        return out

    def settle(self, name: str) -> list[gast.stmt]:
        """Write the loop of an expression that waited, for a use that needs all of it."""
        return self.elementwise(self.pending.pop(name))
