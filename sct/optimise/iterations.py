"""What the iterations of a loop do to a name or to the content of an array: add to it, or each keep to its own elements."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.ir.build import children, is_name, literal, same, store_target, targets, walk
from sct.optimise.effects import Effects


@dataclass(eq=False)
class Iterations:
    """Of one `for` loop; names and contents are bits of `effects`."""

    effects: Effects
    loop: gast.For
    inside: list[gast.stmt] = field(init=False)

    def __post_init__(self) -> None:
        self.inside = list(walk(self.loop.body))

    def add_to(self, bit: int) -> bool:
        """Whether a name, or the elements of an array, are never read but to add to them."""
        for stmt in self.inside:
            effect = self.effects.of(stmt)
            if not (effect.reads | effect.binds | effect.stores) & bit:
                continue
            if not isinstance(stmt, gast.AugAssign) or not isinstance(stmt.op, gast.Add | gast.Sub):
                return False
            target = store_target(stmt)
            operands = self.effects.reads(stmt.value) | (self.effects.reads(target.slice) if target is not None else 0)
            if operands & bit or not (effect.binds | effect.stores) & bit or self.effects.names.dims(stmt.target) != 0:
                return False
        return True

    def keep_to_their_own(self, content: int) -> bool:
        """Whether every access of a content stands at the same offset from the loop's index, which never wraps around."""
        accesses = self.accesses(content)
        if not accesses or any(a is None for a in accesses):
            return False
        first = accesses[0]
        rebound = {n for stmt in self.inside for n in targets(stmt)}
        if any(a.value.id != first.value.id for a in accesses) or first.value.id in rebound:
            return False
        axes = [axes_of(a.slice) for a in accesses]
        return any(
            self._is_at_the_index(part) and all(len(other) > k and same(other[k], part) for other in axes)
            for k, part in enumerate(axes[0])
        )

    def accesses(self, content: int) -> list[gast.Subscript | None]:
        """The subscripts in the loop of names that may refer to a content; None for other uses of them."""
        return [a for stmt in self.inside for part in _parts(stmt) for a in self._accesses(part, content)]

    def _accesses(self, node: gast.AST, content: int) -> list[gast.Subscript | None]:
        """The subscripts of names that may refer to a content; None for other uses of them."""
        if isinstance(node, gast.Subscript) and is_name(node.value):
            found = [node] if self.effects.content(node.value.id) & content else []
            return [*found, *self._accesses(node.slice, content)]
        if isinstance(node, gast.Name):
            return [None] if self.effects.content(node.id) & content else []
        if not self.effects.reads(node) & content and isinstance(node, gast.expr):
            return []
        return [a for child in children(node) for a in self._accesses(child, content)]

    def _is_at_the_index(self, part: gast.expr) -> bool:
        """Whether a subscript is the index of the loop, or a constant away from it, and never negative."""
        offset, index = None, self.loop.target.id
        if is_name(part, index):
            offset = 0
        elif isinstance(part, gast.BinOp) and isinstance(part.op, gast.Add | gast.Sub) and is_name(part.left, index):
            right = literal(part.right)
            offset = None if type(right) is not int else right if isinstance(part.op, gast.Add) else -right
        least = self._least_index()
        return offset is not None and least is not None and least + offset >= 0

    def _least_index(self) -> int | None:
        args = self.loop.iter.args
        if len(args) == 1:
            return 0
        step = literal(args[2]) if len(args) == 3 else 1
        least = literal(args[0]) if step == 1 else literal(args[1])
        return None if step not in (1, -1) or type(least) is not int else least if step == 1 else least + 1


def _parts(stmt: gast.stmt) -> list[gast.AST]:
    """The expressions of a statement without the blocks in it."""
    if isinstance(stmt, gast.For):
        return [stmt.iter]
    if isinstance(stmt, gast.If):
        return [stmt.test]
    return children(stmt)


def axes_of(index: gast.expr) -> list[gast.expr]:
    """The subscripts of an element, one for each axis that has one."""
    return list(index.elts) if isinstance(index, gast.Tuple) else [index]
