"""Tests: one pure expression where possible, else `and`, `or` and chains become branches that keep Python's order."""

from __future__ import annotations

from collections.abc import Callable

import gast

from sct.frontend import allowed, build
from sct.frontend.expressions import Expressions, Impure, is_builtin, is_logical, is_module_member, is_shape_element


class Conditions(Expressions):
    def condition(self, node: gast.expr) -> gast.Name:
        """A name for the test of an `if`."""
        if isinstance(node, gast.Name) and self.structures.of(node) is None:
            return build.clone(node)
        return self.named(self.test(node), "c")

    def test(self, node: gast.expr) -> gast.expr:
        """A right-hand side for a test; what is no comparison and no and, or, not is computed like any value."""
        if not is_logical(node):
            return self.rhs(node)
        pure = self.pure_test(node)
        return self._lowered(node) if pure is None else pure

    def pure_test(self, node: gast.expr) -> gast.expr | None:
        try:
            return self._pure(node)
        except Impure:
            return None

    def _pure(self, node: gast.expr) -> gast.expr:
        """`node` itself as a test that may load elements, without helper calls, slices and ternaries."""
        if self.is_atom(node):
            return build.clone(node)
        if isinstance(node, gast.BoolOp):
            return gast.BoolOp(node.op, [self._pure(v) for v in node.values])
        if isinstance(node, gast.Compare):
            return self._pure_compare(node)
        if isinstance(node, gast.BinOp):
            return gast.BinOp(self._pure(node.left), node.op, self._pure(node.right))
        if isinstance(node, gast.UnaryOp):
            return gast.UnaryOp(node.op, self._pure(node.operand))
        if isinstance(node, gast.Subscript):
            return self._pure_subscript(node)
        if isinstance(node, gast.Call):
            return self._pure_call(node)
        if isinstance(node, gast.Attribute) and node.attr in ("size", "ndim") and isinstance(node.value, gast.Name):
            return self.rhs(node)
        raise Impure

    def _pure_compare(self, node: gast.Compare) -> gast.expr:
        operands = [node.left, *node.comparators]
        if any(isinstance(n, gast.Call) for middle in operands[1:-1] for n in gast.walk(middle)):
            raise Impure
        links = [self._pure_link(*link) for link in zip(operands, node.ops, operands[1:], strict=False)]
        return links[0] if len(links) == 1 else gast.BoolOp(gast.And(), links)

    def _pure_link(self, left: gast.expr, op: gast.AST, right: gast.expr) -> gast.expr:
        if not isinstance(op, gast.In | gast.NotIn):
            return build.compare(self._pure(left), op, self._pure(right))
        if not self.is_atom(left):
            raise Impure
        shown = right.elts if _is_tuple(right) else None
        return _one_of(build.clone(left), op, [self._pure(e) for e in shown] if shown else self._members(right))

    def _members(self, node: gast.expr) -> list[gast.expr]:
        """The atoms of a tuple that something is looked for in; nothing but a tuple has a known number of them."""
        if _is_tuple(node):
            return [self.atom(e) for e in node.elts]
        if self.structures.of(node) is None:
            shown = gast.unparse(node).strip()
            raise self.stop(node, f"`in` {shown}, which is no tuple, is not supported", "compare the elements in a loop")
        return self.flat(node)

    def _pure_subscript(self, node: gast.Subscript) -> gast.expr:
        root = node
        while isinstance(root, gast.Subscript):
            root = root.value
        if isinstance(root, gast.Name) and self.structures.of(node.value) is not None:
            return self.pick(node)
        if is_shape_element(node) and isinstance(node.value.value, gast.Name):
            return self.rhs(node)
        if not self.is_atom(node.value) or (self.structures.of(node.slice) is not None and not _is_tuple(node.slice)):
            raise Impure
        if _is_tuple(node.slice):
            index: gast.expr = gast.Tuple([self._pure(e) for e in node.slice.elts], gast.Load())
        else:
            index = self._pure(node.slice)
        return build.subscript(build.clone(node.value), index)

    def _pure_call(self, node: gast.Call) -> gast.expr:
        if is_builtin(node, "len") and isinstance(node.args[0], gast.Name):
            return self.rhs(node)
        scalar = allowed.MATH | allowed.NUMPY_SCALAR | allowed.CASTS | allowed.SPECIAL
        if (is_module_member(node.func) and node.func.attr in scalar) or is_builtin(node, *allowed.PURE_BUILTINS):
            return build.call(build.clone(node.func), *[self._pure(a) for a in node.args])
        raise Impure

    def _lowered(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return gast.UnaryOp(node.op, self.condition(node.operand))
        if isinstance(node, gast.BoolOp):
            return self._short_circuit(node)
        left = self.atom(node.left)
        return self._chain(left, list(zip(node.ops, node.comparators, strict=True)))

    def _short_circuit(self, node: gast.BoolOp) -> gast.Name:
        return self._operands(self.fresh("c"), node, self.test)

    def value_of_boolop(self, node: gast.BoolOp) -> gast.Name:
        """`a and b` where the operands need not be bools: one of them is the result."""
        return self._operands(self.fresh(), node, self.rhs)

    def _operands(self, name: str, node: gast.BoolOp, evaluate: Callable[[gast.expr], gast.expr]) -> gast.Name:
        def assign_from(first: int) -> None:
            self.emit(build.assign(name, evaluate(node.values[first])))
            if first + 1 < len(node.values):
                rest = self.collect(lambda: assign_from(first + 1))
                arms = (rest, []) if isinstance(node.op, gast.And) else ([gast.Pass()], rest)
                self.emit(gast.If(build.name(name), *arms))

        assign_from(0)
        return build.name(name)

    def _chain(self, left: gast.expr, links: list) -> gast.expr:
        """`left < a < b`: every operand is named once, and only if it is reached."""
        op, right = links[0]
        if isinstance(op, gast.In | gast.NotIn):
            if len(links) > 1:
                raise self.stop(right, "`in` inside a chained comparison is not supported", "use `and`")
            return _one_of(left, op, self._members(right))
        value = self.atom(right)
        first = build.compare(left, op, value)
        if len(links) == 1:
            return first
        name = self.fresh("c")
        self.emit(build.assign(name, first))
        rest = self.collect(lambda: self.emit(build.assign(name, self._chain(build.clone(value), links[1:]))))
        self.emit(gast.If(build.name(name), rest, []))
        return build.name(name)


def _one_of(left: gast.expr, op: gast.AST, members: list[gast.expr]) -> gast.expr:
    """`left in members` or `left not in members`, as comparisons."""
    inside = isinstance(op, gast.In)
    if not members:
        return build.constant(not inside)
    tests = [build.compare(build.clone(left), gast.Eq() if inside else gast.NotEq(), m) for m in members]
    return tests[0] if len(tests) == 1 else gast.BoolOp(gast.Or() if inside else gast.And(), tests)


def _is_tuple(node: gast.AST) -> bool:
    return isinstance(node, gast.Tuple)
