"""Typing of what NumPy accepts and Numba does not, types differently, or compiles in order to type it (0.2 to 1.5 s a call).

Lowering writes these out before Numba compiles anything.

    x_1 = x * e            ->    x_1 = UPDATED(x, x * e)       (marked `augmented`: of an array it is the array itself)
    y = np.reshape(a, s)   ->    y = RESHAPE(a, s)             (of any array: not contiguous ones are copied)
    t = a[m]               ->    t = GETITEM(a, m)             (a mask takes a vector out of several axes)
    s = np.sum(a, 0)       ->    s = SUM(a, 0)                 (likewise np.moveaxis, np.transpose)
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import gast
import numpy as np
from numba.core import types
from numba.extending import type_callable
from numba.np.numpy_support import as_dtype, from_dtype

from sct.ir.build import call_name, clone, expr, is_name, quote, walk


def stub(typing: Callable[..., types.Type | None]) -> Callable[..., Any]:
    """A function that Numba only types: `typing` is given Numba's context and the types of the arguments."""

    def untyped(*_: Any) -> Any:
        raise TypeError("not to be called")

    type_callable(untyped)(lambda context: partial(typing, context))
    return untyped


def _updated(_: Any, old: types.Type, new: types.Type) -> types.Type:
    return old if isinstance(old, types.Array) else new


def _reshape(_: Any, a: types.Type, shape: types.Type) -> types.Type | None:
    ndim = len(shape) if isinstance(shape, types.BaseTuple) else 1
    return types.Array(a.dtype, ndim, "C") if isinstance(a, types.Array) else None


def _moved(_: Any, a: types.Type, *axes: types.Type) -> types.Type | None:
    return a.copy(layout="A" if axes and a.ndim > 1 else LAYOUT_OF_T[a.layout]) if isinstance(a, types.Array) else None


def _sum(_: Any, a: types.Type, axis: types.Type | None = None) -> types.Type | None:
    if not isinstance(a, types.Array):
        return None
    total = from_dtype(np.zeros(0, as_dtype(a.dtype)).sum().dtype)
    return total if axis is None or a.ndim == 1 else types.Array(total, a.ndim - 1, "C")


def _getitem(context: Any, array: types.Type, index: types.Type) -> types.Type | None:
    if isinstance(array, types.Array) and isinstance(index, types.Array) and isinstance(index.dtype, types.Boolean):
        return types.Array(array.dtype, array.ndim - index.ndim + 1, "C") if index.ndim <= array.ndim else None
    return context.resolve_function_type(operator.getitem, (array, index), {}).return_type


LAYOUT_OF_T = {"C": "F", "F": "C", "A": "A"}
STUBS = {"UPDATED": stub(_updated), "GETITEM": stub(_getitem), "RESHAPE": stub(_reshape), "SUM": stub(_sum)}
STUBS |= dict.fromkeys(("MOVEAXIS", "TRANSPOSE"), stub(_moved))


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

    def visit_Call(self, node: gast.Call) -> gast.Call:
        name = (call_name(node) or "").upper()
        if isinstance(node.func, gast.Attribute) and name in STUBS:
            return gast.Call(gast.Name(name, gast.Load(), None, None), node.args, node.keywords)
        return node


def with_stubs(tree: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of a function with the names of stubs where they apply."""
    counted = {s.target.id for s in walk(tree.body) if isinstance(s, gast.For)}
    return _Marked(counted).visit(clone(tree))
