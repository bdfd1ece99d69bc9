"""Tests while a function is read: those on what is known are decided, and one of two arms is left."""

from __future__ import annotations

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.shapes import Group, Known, Shape, join
from sct.frontend.values import Read, Values
from sct.ir.build import ORDERS

_IDENTITY = gast.Is | gast.IsNot | gast.Eq | gast.NotEq


class Decisions(Values):
    def truth(self, code: gast.expr, shape: Shape) -> bool | None:
        """Whether a value is true, where that is known."""
        if isinstance(shape, Known):
            return bool(shape.value)
        if isinstance(shape, Group):
            return bool(shape.parts)
        return code.value if isinstance(code, gast.Constant) and isinstance(code.value, bool) else None

    def read_UnaryOp(self, node: gast.UnaryOp) -> Read:
        if isinstance(node.op, gast.Not):
            code, shape = self.read(node.operand)
            known = self.truth(code, shape)
            if known is not None:
                return build.constant(not known), None
            node.operand = code
            return node, None
        return self.generic_visit(node), None

    def read_BoolOp(self, node: gast.BoolOp) -> Read:
        stops = isinstance(node.op, gast.Or)
        left: list[Read] = []
        for value in node.values:
            code, shape = self.read(value)
            known = self.truth(code, shape)
            if known is not (not stops) or value is node.values[-1]:
                left.append((code, shape))
            if known is stops:
                break
        if len(left) == 1:
            return left[0]
        for value, (_, shape) in zip(node.values, left, strict=False):
            if isinstance(shape, Known):
                raise self.not_a_value(shape.value, value)
        node.values = [code for code, _ in left]
        return node, self._joined([shape for _, shape in left], node)

    def read_IfExp(self, node: gast.IfExp) -> Read:
        known = self.truth(*self.read(build.clone(node.test)))
        if known is not None:
            return self.read(node.body if known else node.orelse)
        test, body, orelse = self.visit(node.test), self.read(node.body), self.read(node.orelse)
        shape = self._joined([body[1], orelse[1]], node)
        if isinstance(shape, Known):
            return self.nothing(node), shape
        return gast.IfExp(test, body[0], orelse[0]), shape

    def _joined(self, shapes: list[Shape], node: gast.AST) -> Shape:
        found = shapes[0]
        for other in shapes[1:]:
            found = join(found, other)
        return self.settled(found, node)

    def read_Compare(self, node: gast.Compare) -> Read:
        reads = [self.read(operand) for operand in (node.left, *node.comparators)]
        if len(node.ops) == 1 and isinstance(node.ops[0], _IDENTITY):
            known = self._compared(node, *reads)
            if known is not None:
                return build.constant(known), None
        for operand, (_, shape) in zip((node.left, *node.comparators), reads, strict=True):
            if isinstance(shape, Known):
                raise self.not_a_value(shape.value, operand)
        values, order = [build.literal(code) for code, _ in reads], ORDERS.get(type(node.ops[0]))
        if order and len(values) == 2 and all(isinstance(v, int | float) for v in values):
            return build.constant(order(*values)), None
        node.left, node.comparators = reads[0][0], [code for code, _ in reads[1:]]
        return node, None

    def _compared(self, node: gast.Compare, left: Read, right: Read) -> bool | None:
        """`a is b` or `a == b` where one of them is known."""
        op, shapes = node.ops[0], (left[1], right[1])
        identity = isinstance(op, gast.Is | gast.IsNot)
        if not any(isinstance(s, Known) for s in shapes):
            if identity and not isinstance(getattr(right[0], "value", None), bool):
                word = "is" if isinstance(op, gast.Is) else "is not"
                sign = "==" if isinstance(op, gast.Is) else "!="
                message = f"`{word}` is not supported"
                raise self.error(UnsupportedSyntax, message, node, f"compare numbers with `{sign}`")
            return None
        if all(isinstance(s, Known) for s in shapes):
            equal = shapes[0] == shapes[1] or (not identity and shapes[0].value == shapes[1].value)
        else:
            equal = False
        return bool(equal) is isinstance(op, gast.Is | gast.Eq)
