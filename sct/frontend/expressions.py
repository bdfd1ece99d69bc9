"""Expressions in three-address form, evaluated from left to right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import allowed, build
from sct.frontend.once import once
from sct.frontend.resolve import Resolved
from sct.frontend.shapes import Group, Known, Shape, Structure
from sct.frontend.structure import Structures
from sct.ir.build import MODULES
from sct.ir.once import happens_once

Elements = Any  # an atom, or a list of Elements for a tuple


class Impure(Exception):
    """A test that cannot stay one expression."""


class Expressions:
    """Turns expressions into atoms, right-hand sides and trees, emitting what has to come before."""

    def __init__(self, resolved: Resolved, structures: Structures) -> None:
        self.resolved, self.structures = resolved, structures
        self.at: gast.AST = resolved.tree
        self._out: list[gast.stmt] = []
        self._scalars: dict[str, Elements] = dict(resolved.leaves)

    # emitting

    def emit(self, statement: gast.stmt) -> gast.stmt:
        self._out.append(build.located(statement, self.at))
        return statement

    def collect(self, action: Callable[[], Any]) -> list[gast.stmt]:
        """The statements that `action` emits."""
        saved, self._out = self._out, []
        at = self.at
        try:
            action()
            return self._out
        finally:
            self._out, self.at = saved, at

    def fresh(self, base: str = "t") -> str:
        return self.resolved.names.fresh(base)

    def stop(self, node: gast.AST, message: str, remedy: str) -> UnsupportedSyntax:
        where = node if getattr(node, "lineno", None) else self.at
        return UnsupportedSyntax(message, place=self.resolved.source.place(where), remedy=remedy)

    def named(self, value: gast.AST, base: str = "t") -> gast.Name:
        name = self.fresh(base)
        self.emit(build.assign(name, value))
        return build.name(name)

    # atoms and right-hand sides

    def is_atom(self, node: gast.AST) -> bool:
        if isinstance(node, gast.Name):
            return self.structures.of(node) is None
        if isinstance(node, gast.UnaryOp) and not isinstance(node.operand, gast.Constant):
            return False
        return isinstance(node, gast.Constant) or build.literal(node) is not None or is_module_member(node)

    def atom(self, node: gast.expr) -> gast.expr:
        value = self.rhs(node)
        return value if self.is_atom(value) else self.named(value)

    def variable(self, node: gast.expr) -> gast.Name:
        """An atom that is a name: what can be subscripted."""
        value = self.atom(node)
        if not isinstance(value, gast.Name):
            raise self.stop(node, f"{gast.unparse(node).strip()} is not an array", "subscript an array")
        return value

    def rhs(self, node: gast.expr) -> gast.expr:
        if self.structures.of(node) is not None:
            shown = gast.unparse(node).strip()
            raise self.stop(node, f"the tuple {shown} cannot be used as a value here", "use its elements")
        if self.is_atom(node):
            return build.clone(node)
        return getattr(self, f"_{type(node).__name__.lower()}", self._unknown)(node)

    def _unknown(self, node: gast.expr) -> gast.expr:
        raise self.stop(node, f"{type(node).__name__} is not supported here", "write it in simpler expressions")

    def _binop(self, node: gast.BinOp) -> gast.expr:
        left = self.atom(node.left)
        return gast.BinOp(left, node.op, self.atom(node.right))

    def _unaryop(self, node: gast.UnaryOp) -> gast.expr:
        if isinstance(node.op, gast.Not):
            return self.test(node)
        operand = self.atom(node.operand)
        if isinstance(node.op, gast.UAdd) and isinstance(operand, gast.Constant):
            return operand
        if isinstance(node.op, gast.USub) and isinstance(operand, gast.UnaryOp):
            return operand.operand
        return gast.UnaryOp(node.op, operand)

    def _compare(self, node: gast.Compare) -> gast.expr:
        return self.test(node)

    def _boolop(self, node: gast.BoolOp) -> gast.expr:
        return self.test(node) if is_bool(node) else self._branched(node)

    def _ifexp(self, node: gast.IfExp) -> gast.expr:
        return self._branched(node)

    def _branched(self, node: gast.expr) -> gast.Name:
        name = self.fresh()
        self.assign_name(name, node)
        return build.name(name)

    def _namedexpr(self, node: gast.NamedExpr) -> gast.expr:
        if self.structures.of(node.target) is not None or self.structures.of(node.value) is not None:
            raise self.stop(node, "`:=` with a tuple is not supported", "assign in a statement of its own")
        self.assign_name(node.target.id, node.value)
        return build.name(node.target.id)

    def _attribute(self, node: gast.Attribute) -> gast.expr:
        if node.attr == "dtype":
            raise self.stop(node, "a dtype as a value is not supported", "use it as the dtype of a new array")
        return gast.Attribute(self.variable(node.value), node.attr, gast.Load())

    def _subscript(self, node: gast.Subscript) -> gast.expr:
        if self.structures.of(node.value) is not None:
            return self.pick(node)
        if _is_shape(node.value) and build.literal(node.slice) is not None:
            return build.subscript(self._attribute(node.value), build.clone(node.slice))
        base = self.variable(node.value)
        return build.subscript(base, self.index(node.slice))

    # calls

    def _call(self, node: gast.Call) -> gast.expr:
        if isinstance(node.func, gast.Name) and node.func.id in self.resolved.helpers:
            return self.helper_call(node)
        if isinstance(node.func, gast.Attribute) and node.func.attr in allowed.SHAPED:
            shape = self._shape(node.args[0])
            return build.call(build.clone(node.func), shape, *(self._dtype(a) for a in node.args[1:]))
        if isinstance(node.func, gast.Attribute) and node.func.attr in allowed.RESHAPING:
            array, *rest = node.args
            return build.call(build.clone(node.func), self.atom(array), *map(self._shape, rest))
        if isinstance(node.func, gast.Attribute) and node.func.attr in allowed.JOINED | allowed.PRODUCTS:
            return build.call(build.clone(node.func), *map(self._nested, node.args))
        if happens_once(node):
            return once(node, self)
        if is_builtin(node, "len"):
            ranged = is_builtin(node.args[0], "range")
            return build.call("len", self._range(node.args[0]) if ranged else self.variable(node.args[0]))
        return build.call(build.clone(node.func), *[self.atom(a) for a in node.args])

    def _dtype(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.Attribute) and node.attr == "dtype":
            return gast.Attribute(self.variable(node.value), "dtype", gast.Load())
        return self.atom(node)

    def _range(self, node: gast.Call) -> gast.Call:
        return build.call("range", *(self.tree(a) for a in node.args))

    def helper_call(self, node: gast.Call) -> gast.Call:
        """The call with one atom for each number or array that is passed."""
        callee = self.resolved.helpers[node.func.id]
        shapes = dict(zip(callee.parameters, callee.shapes, strict=True))
        given = {k.arg: _passed(self.elements(k.value), shapes[k.arg]) for k in node.keywords}
        return build.call(node.func.id, *(atom for name in callee.parameters for atom in given.get(name, [])))

    def _shape(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.Tuple):
            return gast.Tuple([self.tree(e) for e in node.elts], gast.Load())
        if self.structures.of(node) is not None:
            return gast.Tuple(self.flat(node), gast.Load())
        if isinstance(node, gast.BinOp) and self._is_shape(node):
            return gast.BinOp(self._axes(node.left), node.op, self._axes(node.right))
        return self._axes(node) if _is_shape(node) or _is_part_of_shape(node) else self.tree(node)

    def _axes(self, node: gast.expr) -> gast.expr:
        """A part of shapes that are put together."""
        if _is_part_of_shape(node):
            return build.subscript(self._attribute(node.value), build.clone(node.slice))
        return self._attribute(node) if _is_shape(node) else self._shape(node)

    def _is_shape(self, node: gast.expr) -> bool:
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add):
            return self._is_shape(node.left) and self._is_shape(node.right)
        return _is_shape(node) or _is_part_of_shape(node) or self.structures.of(node) is not None

    def _nested(self, node: gast.expr) -> gast.expr:
        """An atom, or a tuple of atoms and tuples."""
        def as_node(found: Elements) -> gast.expr:
            return gast.Tuple([as_node(e) for e in found], gast.Load()) if isinstance(found, list) else found

        return as_node(self.elements(node))

    # trees and subscripts

    def tree(self, node: gast.expr) -> gast.expr:
        """A pure tree; loads and calls are named first."""
        if self.structures.of(node) is None and not self.is_atom(node):
            if isinstance(node, gast.BinOp):
                left = self.tree(node.left)
                return gast.BinOp(left, node.op, self.tree(node.right))
            if isinstance(node, gast.UnaryOp) and not isinstance(node.op, gast.Not):
                return gast.UnaryOp(node.op, self.tree(node.operand))
            if is_builtin(node, *allowed.PURE_BUILTINS):
                return build.call(node.func.id, *[self.tree(a) for a in node.args])
            if is_builtin(node, "len") or is_shape_element(node) or _is_size(node):
                return self.rhs(node)
        return self.atom(node)

    def index(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.Slice):
            parts = [part and self.tree(part) for part in (node.lower, node.upper, node.step)]
            return gast.Slice(*parts)
        if isinstance(node, gast.Tuple):
            return gast.Tuple([self.index(e) for e in node.elts], gast.Load())
        if self.structures.of(node) is not None:
            return gast.Tuple(self.flat(node), gast.Load())
        return self.tree(node)

    # tuples

    def elements(self, node: gast.expr) -> Elements:
        """The atoms of a tuple, nested as it is; the atom of anything else."""
        structure = self.structures.of(node)
        if structure is None:
            return self.atom(node)
        if isinstance(node, gast.Tuple):
            return [self.elements(e) for e in node.elts]
        if isinstance(node, gast.Name):
            return build.clone(self.scalars(node.id))
        if isinstance(node, gast.Subscript):
            return self.pick(node)
        temporaries = self.spread("t", structure)
        self.assign_elements(temporaries, node)
        return build.clone(temporaries)

    def flat(self, node: gast.expr) -> list[gast.expr]:
        """The atoms of a tuple that holds no tuples."""
        found = self.elements(node)
        if any(isinstance(e, list) for e in found):
            raise self.stop(node, "a tuple inside a tuple is not supported here", "make it one flat tuple")
        return found

    def pick(self, node: gast.Subscript) -> Elements:
        """`t[k]` of a tuple."""
        found, position = self.elements(node.value), build.literal(node.slice)
        if not isinstance(position, int) or not -len(found) <= position < len(found):
            raise self.stop(node, "the index into a tuple must be a constant inside it", "use an array, or if and elif")
        return found[position]

    def scalars(self, name: str) -> Elements:
        """The scalar variables that stand for a tuple variable."""
        if name not in self._scalars:
            self._scalars[name] = self.spread(name, self.structures.variables[name], user=True)
        return self._scalars[name]

    def spread(self, base: str, structure: Structure, user: bool = False) -> Elements:
        if structure is None:
            name = self.fresh(base)
            if user:
                self.resolved.base[name] = name
            return build.name(name)
        return [self.spread(f"{base}_{k}" if user else base, s, user) for k, s in enumerate(structure)]

    # supplied by the other parts of the flattener

    def test(self, node: gast.expr) -> gast.expr:
        raise NotImplementedError

    def assign_name(self, name: str, node: gast.expr) -> None:
        raise NotImplementedError

    def assign_elements(self, targets: Elements, node: gast.expr) -> None:
        raise NotImplementedError


def _passed(found: Elements, shape: Shape) -> list[gast.expr]:
    """The atoms of an argument, without the parts that are known."""
    if isinstance(shape, Group):
        return [atom for inner, part in zip(found, shape.parts, strict=True) for atom in _passed(inner, part)]
    return [] if isinstance(shape, Known) else [found]


def is_builtin(node: gast.AST, *functions: str) -> bool:
    return isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id in functions


def is_module_member(node: gast.AST) -> bool:
    """`math.pi`, `np.float64`: as good as a constant."""
    return isinstance(node, gast.Attribute) and isinstance(node.value, gast.Name) and node.value.id in MODULES


def _is_shape(node: gast.AST) -> bool:
    return isinstance(node, gast.Attribute) and node.attr == "shape"


def _is_part_of_shape(node: gast.AST) -> bool:
    """`x.shape[1:]` with constant bounds."""
    if not (isinstance(node, gast.Subscript) and _is_shape(node.value) and isinstance(node.slice, gast.Slice)):
        return False
    bounds = (node.slice.lower, node.slice.upper, node.slice.step)
    return all(b is None or isinstance(build.literal(b), int) for b in bounds)


def is_shape_element(node: gast.AST) -> bool:
    return isinstance(node, gast.Subscript) and _is_shape(node.value) and build.literal(node.slice) is not None


def _is_size(node: gast.AST) -> bool:
    return isinstance(node, gast.Attribute) and node.attr in ("size", "ndim")


def is_bool(node: gast.AST) -> bool:
    if isinstance(node, gast.BoolOp):
        return all(is_bool(v) for v in node.values)
    return is_logical(node) or isinstance(build.literal(node), bool)


def is_logical(node: gast.AST) -> bool:
    negated = isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not)
    return negated or isinstance(node, gast.Compare | gast.BoolOp)
