"""The grammar of `sct.ir.grammar` as predicates over syntax nodes."""

from __future__ import annotations

from collections.abc import Iterable

import gast

from sct.ir.build import MODULES, nodes
from sct.ir.once import happens_once
from sct.ir.program import Program

_PURE = {"abs", "min", "max", "int", "float", "bool", "round", "len"}
BUILTINS = _PURE | {"range", "divmod", "pow", "print"}


def is_constant(node: gast.AST | None) -> bool:
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        node = node.operand
    return isinstance(node, gast.Constant) or is_member(node)


def is_member(node: gast.AST | None) -> bool:
    """`math.pi`, `np.float64`: as good as a constant."""
    return isinstance(node, gast.Attribute) and isinstance(node.value, gast.Name) and node.value.id in MODULES


def is_atom(node: gast.AST | None) -> bool:
    return isinstance(node, gast.Name) or is_constant(node)


def _has(node: gast.AST, *attributes: str) -> bool:
    return isinstance(node, gast.Attribute) and node.attr in attributes and isinstance(node.value, gast.Name)


def is_load(node: gast.AST) -> bool:
    return isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name)


def _is_shape_element(node: gast.AST) -> bool:
    return isinstance(node, gast.Subscript) and _has(node.value, "shape") and is_constant(node.slice)


def _is_builtin(node: gast.AST) -> bool:
    named = isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id in _PURE
    return named and not node.keywords


def is_tree(node: gast.AST | None) -> bool:
    """A pure tree without loads."""
    if is_atom(node) or _has(node, "size", "ndim") or _is_shape_element(node):
        return True
    if isinstance(node, gast.BinOp):
        return is_tree(node.left) and is_tree(node.right)
    if isinstance(node, gast.UnaryOp):
        return is_tree(node.operand)
    return _is_builtin(node) and (_all(is_tree, node.args) or (node.func.id == "len" and _is_range(node.args[0])))


def is_test(node: gast.AST) -> bool:
    """A tree with comparisons, and, or, not, loads and calls of scalar functions of modules."""
    if is_tree(node):
        return True
    if isinstance(node, gast.BoolOp):
        return _all(is_test, node.values)
    if isinstance(node, gast.Compare):
        return len(node.ops) == 1 and is_test(node.left) and is_test(node.comparators[0])
    if isinstance(node, gast.BinOp):
        return is_test(node.left) and is_test(node.right)
    if isinstance(node, gast.UnaryOp):
        return is_test(node.operand)
    if is_load(node):
        return _all(is_test, node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice])
    if isinstance(node, gast.Call):
        return (_is_builtin(node) or is_member(node.func)) and _all(is_test, node.args)
    return False


def _is_logical(node: gast.AST) -> bool:
    negated = isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not)
    return negated or isinstance(node, gast.Compare | gast.BoolOp)


def is_index(node: gast.AST) -> bool:
    parts = node.elts if isinstance(node, gast.Tuple) else [node]
    for part in parts:
        bounds = [part.lower, part.upper, part.step] if isinstance(part, gast.Slice) else [part]
        if not _all(is_tree, [b for b in bounds if b is not None]):
            return False
    return True


def is_call(node: gast.AST) -> bool:
    """A call of a helper, a builtin or a module's function with atoms; NumPy's functions also take shapes."""
    if not isinstance(node, gast.Call) or node.keywords or not isinstance(node.func, gast.Name | gast.Attribute):
        return False
    return _all(_is_shape if is_member(node.func) else is_atom, node.args)


def _is_shape(node: gast.AST) -> bool:
    """A tree, the dtype of an array, a tuple of shapes, shapes of arrays and tuples put together, or a part of one."""
    together = isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add) and _is_shape(node.left) and _is_shape(node.right)
    part = isinstance(node, gast.Subscript) and _has(node.value, "shape") and isinstance(node.slice, gast.Slice)
    return is_tree(node) or _has(node, "dtype", "shape") or _is_tuple(node, _is_shape) or together or part


def is_rhs(node: gast.AST) -> bool:
    if is_call(node) or _has(node, "T", "shape") or is_tree(node) or (_is_logical(node) and is_test(node)):
        return True
    if isinstance(node, gast.UnaryOp):
        return is_atom(node.operand)
    if isinstance(node, gast.BinOp):
        return is_atom(node.left) and is_atom(node.right)
    return is_load(node) and is_index(node.slice)


def is_permutation(node: gast.AST) -> bool:
    """`(a, b) = (b, a)`"""
    if not isinstance(node, gast.Assign) or not isinstance(node.value, gast.Tuple):
        return False
    to = node.targets[0]
    if not isinstance(to, gast.Tuple) or not _all(_is_name, [*to.elts, *node.value.elts]):
        return False
    return sorted(e.id for e in to.elts) == sorted(e.id for e in node.value.elts)


def is_statement(node: gast.AST, program: Program) -> bool:
    """Whether one statement, apart from the blocks in it, is in the grammar."""
    if isinstance(node, gast.Assign):
        return len(node.targets) == 1 and _is_assign(node.targets[0], node)
    if isinstance(node, gast.AugAssign):
        return (
            is_load(node.target)
            and isinstance(node.op, gast.Add)
            and is_atom(node.value)
            and is_index(node.target.slice)
        )
    if isinstance(node, gast.Expr):
        helper = isinstance(node.value, gast.Call) and _is_name(node.value.func) and node.value.func.id in program.helpers
        return is_call(node.value) and (helper or happens_once(node.value))
    if isinstance(node, gast.If):
        return isinstance(node.test, gast.Name) and bool(node.body)
    if isinstance(node, gast.For):
        return _is_name(node.target) and _is_range(node.iter) and bool(node.body) and not node.orelse
    if isinstance(node, gast.While):
        return is_test(node.test) and bool(node.body) and not node.orelse
    if isinstance(node, gast.Return):
        value = node.value
        return value is None or is_atom(value) or _is_tuple(value, is_atom)
    if isinstance(node, gast.Raise):
        error = node.exc
        return _is_name(error) or (
            isinstance(error, gast.Call) and _is_name(error.func) and _all(is_constant, error.args)
        )
    return isinstance(node, gast.Break | gast.Pass)


def _is_assign(to: gast.AST, node: gast.Assign) -> bool:
    if isinstance(to, gast.Name):
        return is_rhs(node.value)
    if isinstance(to, gast.Tuple):
        return _all(_is_name, to.elts) and (is_call(node.value) or is_permutation(node))
    return is_load(to) and is_index(to.slice) and is_atom(node.value)


def _is_range(node: gast.AST) -> bool:
    named = isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == "range"
    return named and 1 <= len(node.args) <= 3 and _all(is_tree, node.args)


def _is_name(node: gast.AST | None) -> bool:
    return isinstance(node, gast.Name)


def _is_tuple(node: gast.AST, element) -> bool:
    return isinstance(node, gast.Tuple) and _all(element, node.elts)


def _all(holds, nodes: Iterable[gast.AST]) -> bool:
    return all(holds(n) for n in nodes)


def read_names(node: gast.AST) -> list[str]:
    """The names that a statement or an expression reads."""
    return [n.id for n in nodes(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)]
