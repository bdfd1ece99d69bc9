"""Whether an element that a loop does not move from is another than those that it moves over, and whether it surely exists.

    for j in range(i):
        for k in range(j):
            a[i, j] -= a[i, k] * a[j, k]        a[i, j] is apart from a[i, k], for k < j, and from a[j, k], for j < i
        a[i, j] /= a[j, j]                      a[i, j] exists even if the inner loop is empty

Two subscripts are apart along an axis where one is the index of the loop and the other is not below its upper bound, or below its
lower one; neither is negative, so that none wraps around.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.ir.build import bodies, expr, is_name, literal, nodes, same, walk
from sct.optimise.effects import Effects
from sct.optimise.iterations import Iterations, axes_of
from sct.optimise.simplify import simplify


@dataclass(frozen=True, eq=False)
class Elements:
    """Of the arrays that a function uses; `least` has a lower bound for the indices of the loops around."""

    effects: Effects
    least: dict[str, gast.expr] = field(default_factory=dict)

    def within(self, loop: gast.stmt) -> Elements:
        """The same inside a loop."""
        if not isinstance(loop, gast.For) or (bounds := self._bounds(loop)) is None:
            return self
        index, inside = self.effects.bit(loop.target.id), 0
        for stmt in loop.body:
            inside |= self.effects.changes(stmt)
        if inside & (index | self.effects.reads(bounds[0])):
            return self
        return Elements(self.effects, {**self.least, loop.target.id: bounds[0]})

    def is_alone(self, element: gast.Subscript, loop: gast.For) -> bool:
        """Whether `element` is one and the same in all iterations, and none of the others that the loop reads or changes."""
        effects, bounds = self.effects, self._bounds(loop)
        moving = effects.reads(element.slice) | effects.bit(element.value.id)
        if bounds is None or moving & effects.changes(loop) or effects.names.dims(element) != 0:
            return False
        iterations = Iterations(effects, loop)
        return all(
            a is not None and a.value.id == element.value.id and (is_same(a, element) or self._apart(element, a, loop, bounds))
            for a in iterations.accesses(effects.content(element.value.id))
        )

    def exists(self, element: gast.Subscript, block: list[gast.stmt], place: int) -> bool:
        """Whether the block uses `element` before or after the statement at `place`, whatever that statement does."""
        fixed = self.effects.reads(element.slice) | self.effects.bit(element.value.id)
        for stmt in reversed(block[:place]):
            if self.effects.changes(stmt) & fixed:
                break
            if _uses(stmt, element):
                return True
        for stmt in block[place:]:
            if any(self.effects.of(s).kept or isinstance(s, gast.Break) for s in walk([stmt])):
                return False
            if _uses(stmt, element):
                return True
            if self.effects.changes(stmt) & fixed:
                return False
        return False

    def _apart(self, one: gast.Subscript, other: gast.Subscript, loop: gast.For, bounds: tuple[gast.expr, gast.expr]) -> bool:
        if self.effects.names.dims(other) != 0 or any(n.value is ... for n in nodes(other.slice) if isinstance(n, gast.Constant)):
            return False
        pairs = zip(axes_of(one.slice), axes_of(other.slice), strict=False)
        return any(is_name(moving, loop.target.id) and self._outside(fixed, *bounds) for fixed, moving in pairs)

    def _outside(self, fixed: gast.expr, start: gast.expr, stop: gast.expr) -> bool:
        """Whether `fixed` is at least `stop`, and nothing is negative, or less than `start`."""
        if self._is_natural(start) and self._at_least(fixed, stop):
            return True
        later = isinstance(start, gast.BinOp) and isinstance(start.op, gast.Add) and same(start.left, fixed)
        return later and type(literal(start.right)) is int and literal(start.right) > 0 and self._is_natural(fixed)

    def _at_least(self, value: gast.expr, bound: gast.expr) -> bool:
        least = self.least.get(value.id) if isinstance(value, gast.Name) else None
        return same(value, bound) or (least is not None and self._at_least(least, bound))

    def _is_natural(self, value: gast.expr) -> bool:
        number, least = literal(value), self.least.get(value.id) if isinstance(value, gast.Name) else None
        return (type(number) is int and number >= 0) or (least is not None and self._is_natural(least))

    def _bounds(self, loop: gast.For) -> tuple[gast.expr, gast.expr] | None:
        """The least index, and what all are less than, of a loop over `range` by steps of one."""
        args = loop.iter.args
        step = literal(args[2]) if len(args) == 3 else 1
        if step == 1:
            return (expr("0"), args[0]) if len(args) == 1 else (args[0], args[1])
        if step != -1:
            return None
        start, stop = (simplify(expr("A + 1", A=a), self.effects.names) for a in (args[1], args[0]))
        return start, stop


def _uses(stmt: gast.stmt, element: gast.Subscript) -> bool:
    """Whether a plain statement surely reads or stores to the element."""
    if bodies(stmt) or any(isinstance(n, gast.IfExp | gast.BoolOp) for n in nodes(stmt)):
        return False
    return any(is_same(n, element) for n in nodes(stmt))


def is_same(node: gast.AST, element: gast.Subscript) -> bool:
    """Whether a node is the element, read or stored to."""
    return isinstance(node, gast.Subscript) and is_name(node.value, element.value.id) and same(node.slice, element.slice)
