"""Loops of the reverse sweep whose iterations may come in any order run upwards, for which compilers do more.

    for i in range(n - 1, -1, -1):            for i in range(n):
        t_bar = y_bar[i]                ->        t_bar = y_bar[i]
        y_bar[i] = 0.0                            y_bar[i] = 0.0
        x_bar[k[i]] += w[i] * t_bar               x_bar[k[i]] += w[i] * t_bar

Each name and content that the body changes belongs to one iteration: it is dead before and after, or every access of it stands at
the index of the loop; or it is only added to.
"""

from __future__ import annotations

import gast

from sct.ir.build import bodies, children, expr, is_name, literal, same, store_target, targets, walk
from sct.optimise.blocks import rebuilt
from sct.optimise.effects import Effects
from sct.optimise.liveness import Liveness
from sct.optimise.simplify import simplify


def upwards(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The body of a function with its loops turned where they may be."""
    return _Upwards(effects, Liveness(effects, body, entry)).block(body)


class _Upwards:
    def __init__(self, effects: Effects, liveness: Liveness) -> None:
        self.effects, self.names, self.liveness = effects, effects.names, liveness

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [self._statement(stmt) for stmt in block]

    def _statement(self, stmt: gast.stmt) -> gast.stmt:
        if not bodies(stmt):
            return stmt
        fields = {"body": self.block(stmt.body)}
        if isinstance(stmt, gast.If):
            fields["orelse"] = self.block(stmt.orelse)
        if _goes_down(stmt) and self._in_any_order(stmt):
            fields["iter"] = self._turned(stmt.iter)
        return rebuilt(stmt, **fields)

    def _turned(self, call: gast.Call) -> gast.expr:
        start, stop = (simplify(expr("A + 1", A=a), self.names) for a in (call.args[1], call.args[0]))
        return expr("range(B)", B=stop) if literal(start) == 0 else expr("range(A, B)", A=start, B=stop)

    def _in_any_order(self, loop: gast.For) -> bool:
        inside, index = list(walk(loop.body)), self.effects.bit(loop.target.id)
        after = self.liveness.after[id(loop)]
        if not all(map(self._is_plain, inside)) or after & index:
            return False
        changed = (after | self.liveness.inside[id(loop)]) & self.effects.changes(loop) & ~index
        while changed:
            bit = changed & -changed
            if not self._is_added_to(inside, bit) and not self._is_of_one_iteration(loop, inside, bit):
                return False
            changed ^= bit
        return True

    def _is_plain(self, stmt: gast.stmt) -> bool:
        """Whether a statement does nothing but what it assigns."""
        if isinstance(stmt, gast.For | gast.If | gast.Pass):
            return True
        assigns = isinstance(stmt, gast.Assign | gast.AugAssign) and not self.effects.of(stmt).kept
        return assigns and not self.effects.called(stmt.value)[0]

    def _is_added_to(self, inside: list[gast.stmt], bit: int) -> bool:
        """Whether a name, or the elements of an array, are never read but to add to them."""
        for stmt in inside:
            effect = self.effects.of(stmt)
            if not (effect.reads | effect.binds | effect.stores) & bit:
                continue
            if not isinstance(stmt, gast.AugAssign) or not isinstance(stmt.op, gast.Add | gast.Sub):
                return False
            target = store_target(stmt)
            operands = self.effects.reads(stmt.value) | (self.effects.reads(target.slice) if target is not None else 0)
            if operands & bit or not (effect.binds | effect.stores) & bit or self.names.dims(stmt.target) != 0:
                return False
        return True

    def _is_of_one_iteration(self, loop: gast.For, inside: list[gast.stmt], content: int) -> bool:
        """Whether every access of a content stands at the same offset from the loop's index, which never wraps around."""
        accesses = [a for stmt in inside for part in _parts(stmt) for a in self._accesses(part, content)]
        if not accesses or any(a is None for a in accesses):
            return False
        first = accesses[0]
        rebound = {n for stmt in inside for n in targets(stmt)}
        if any(a.value.id != first.value.id for a in accesses) or first.value.id in rebound:
            return False
        axes = [_parts_of(a.slice) for a in accesses]
        return any(
            _offset(part, loop) is not None and all(len(other) > k and same(other[k], part) for other in axes)
            for k, part in enumerate(axes[0])
        )

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


def _goes_down(stmt: gast.stmt) -> bool:
    return isinstance(stmt, gast.For) and len(stmt.iter.args) == 3 and literal(stmt.iter.args[2]) == -1


def _parts(stmt: gast.stmt) -> list[gast.AST]:
    """The expressions of a statement without the blocks in it."""
    if isinstance(stmt, gast.For):
        return [stmt.iter]
    if isinstance(stmt, gast.If):
        return [stmt.test]
    return children(stmt)


def _parts_of(index: gast.expr) -> list[gast.expr]:
    return list(index.elts) if isinstance(index, gast.Tuple) else [index]


def _offset(part: gast.expr, loop: gast.For) -> int | None:
    """The offset of a subscript from the index of a loop; None where it is something else, or may be negative."""
    offset = None
    if is_name(part, loop.target.id):
        offset = 0
    elif isinstance(part, gast.BinOp) and isinstance(part.op, gast.Add | gast.Sub) and is_name(part.left, loop.target.id):
        right = literal(part.right)
        offset = None if type(right) is not int else right if isinstance(part.op, gast.Add) else -right
    last = literal(loop.iter.args[1])
    return offset if type(last) is int and offset is not None and last + 1 + offset >= 0 else None
