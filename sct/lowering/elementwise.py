"""Elementwise statements as loop nests, and what is known about arrays on the way through a block."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.ir.build import quote
from sct.lowering.elements import Elements, Pending, subscript
from sct.lowering.nests import Checks, allocate, bounds, nest, new_indices
from sct.lowering.roots import Roots
from sct.lowering.shapes import Shapes
from sct.lowering.subscripts import axes
from sct.lowering.wholes import wholes
from sct.lowering.work import Work


@dataclass(eq=False)
class Arrays:
    """The state of lowering one block: statements written so far, expressions that wait for their use, known views."""

    work: Work
    roots: Roots
    shapes: Shapes
    views: dict[str, str]
    out: list[gast.stmt] = field(default_factory=list)
    pending: Pending = field(default_factory=dict)

    def learn(self, stmt: gast.stmt) -> None:
        """Remember which part of an array a view name stands for."""
        value = getattr(stmt, "value", None)
        if isinstance(stmt, gast.Assign) and isinstance(value, gast.Subscript) and isinstance(value.value, gast.Name):
            (target,) = stmt.targets
            if isinstance(target, gast.Name) and self.work.types.is_array(target.id):
                self.views[target.id] = axes(value, self.work).key

    def leaves(self, value: gast.expr) -> list[str]:
        """The arrays in memory that an expression reads whole, through expressions that wait."""
        found: list[str] = []
        for name in wholes(value, self.work.types):
            found += self.leaves(self.pending[name].value) if name in self.pending else [name]
        return list(dict.fromkeys(found))

    def widest(self, leaves: list[str]) -> str:
        """The array whose shape is that of the result."""
        return max(leaves, key=self.work.types.ndim)

    def elements(self, indices: list[str], at: gast.stmt) -> Elements:
        return Elements(self.work, self.pending, indices, at)

    def checked(self, leaves: list[str], at: gast.stmt) -> tuple[str, list[gast.stmt]]:
        """The array that gives the shape, and the check that the others agree with it."""
        shaping = self.widest(leaves)
        checks = Checks(self.shapes, self.work, at)
        for leaf in leaves:
            checks.arrays((self.shapes.of(shaping), bounds(shaping, self.work)), leaf)
        return shaping, checks.statements()

    def elementwise(self, stmt: gast.Assign) -> list[gast.stmt]:
        """`y = <elementwise>` as an allocation and one nest."""
        name = stmt.targets[0].id
        shaping, out = self.checked(self.leaves(stmt.value), stmt)
        self.shapes.arrays[name] = self.shapes.of(shaping)
        out += allocate(name, bounds(shaping, self.work), self.work.types.dtype(name), stmt)
        indices = new_indices(self.work.types.ndim(shaping), self.work)
        body: list[gast.stmt] = []
        value = self.work.fresh(f"{name}_{indices[-1]}")
        self.elements(indices, stmt).compute(value, stmt.value, stmt, body)
        body += quote("y[i] = t", stmt, y=name, i=subscript(indices), t=value)
        return [*out, nest(bounds(shaping, self.work), indices, body, stmt)]

    def scalar(self, stmt: gast.Assign) -> list[gast.stmt]:
        """`np.where` of scalars."""
        out: list[gast.stmt] = []
        self.elements([], stmt).compute(stmt.targets[0].id, stmt.value, stmt, out)
        return out

    def settle(self, name: str) -> list[gast.stmt]:
        """Write the loop of an expression that waited, for a use that needs all of it."""
        return self.elementwise(self.pending.pop(name))
