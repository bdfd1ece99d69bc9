"""What Numba's types of NumPy's own statements would not tell.

In-place updates: `x += e` gives an array itself, of a scalar a new one. And a mask takes a vector out of an array of
several axes.

    x_1 = x * e    ->    x_1 = UPDATED(x, x * e)           (marked `augmented` by the frontend, and typed like this)
    t = a[m]       ->    t = GETITEM(a, m)
"""

from __future__ import annotations

import operator
from typing import Any

import gast
from numba.core import types
from numba.extending import type_callable

from sct.ir.build import clone, expr, is_name, quote, walk


def updated(old: Any, new: Any) -> Any:
    """What a name means after an in-place update of `old` that computes `new`; only ever typed."""
    raise TypeError("not to be called")


@type_callable(updated)
def _(context: Any) -> Any:
    return lambda old, new: old if isinstance(old, types.Array) else new


def getitem(array: Any, index: Any) -> Any:
    """`array[index]`; only ever typed."""
    raise TypeError("not to be called")


@type_callable(getitem)
def _(context: Any) -> Any:
    def typed(array: types.Type, index: types.Type) -> types.Type | None:
        if isinstance(array, types.Array) and isinstance(index, types.Array) and isinstance(index.dtype, types.Boolean):
            return types.Array(array.dtype, array.ndim - index.ndim + 1, "C") if index.ndim <= array.ndim else None
        return context.resolve_function_type(operator.getitem, (array, index), {}).return_type

    return typed


class _Marked(gast.NodeTransformer):
    def __init__(self, counted: set[str]) -> None:
        self.counted = counted

    def visit_Assign(self, node: gast.Assign) -> gast.Assign:
        self.generic_visit(node)
        if getattr(node, "augmented", False) and isinstance(node.value, gast.BinOp):
            node.value = expr("UPDATED(A, B)", A=node.value.left, B=node.value)
        return node

    def visit_AugAssign(self, node: gast.AugAssign) -> gast.stmt:
        if not self._may_be_mask(node.target.slice):
            return node
        (made,) = quote("a[i] = GETITEM(a, i) + v", node, a=node.target.value, i=node.target.slice, v=node.value)
        return made

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        if isinstance(node.ctx, gast.Store) or not self._may_be_mask(node.slice):
            return node
        return gast.copy_location(expr("GETITEM(a, i)", a=node.value, i=node.slice), node)

    def _may_be_mask(self, index: gast.expr) -> bool:
        logical = isinstance(index, gast.UnaryOp) and isinstance(index.op, gast.Invert)
        logical |= isinstance(index, gast.BinOp) and isinstance(index.op, gast.BitAnd | gast.BitOr | gast.BitXor)
        return logical or (is_name(index) and index.id not in self.counted)


def with_updates(tree: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of a function in which such statements have the right types."""
    counted = {s.target.id for s in walk(tree.body) if isinstance(s, gast.For)}
    return _Marked(counted).visit(clone(tree))
