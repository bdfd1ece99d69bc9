"""Typing of what NumPy accepts and Numba does not, or types differently; lowering writes it out before Numba compiles it.

    x_1 = x * e            ->    x_1 = UPDATED(x, x * e)       (marked `augmented`: of an array it is the array itself)
    y = np.reshape(a, s)   ->    y = RESHAPE(a, s)             (of any array: not contiguous ones are copied)
    t = a[m]               ->    t = GETITEM(a, m)             (a mask takes a vector out of several axes)
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import gast
from numba.core import types
from numba.extending import type_callable

from sct.ir.build import call_name, clone, expr, is_name, quote, text, walk
from sct.ir.contraction import contraction, is_product, operands


def stub(typing: Callable[..., types.Type | None]) -> Callable[..., Any]:
    """A function that Numba only types: `typing` is given Numba's context and the types of the arguments."""

    def untyped(*_: Any) -> Any:
        raise TypeError("not to be called")

    untyped.__name__ = typing.__name__.strip("_")
    type_callable(untyped)(lambda context: partial(typing, context))
    return untyped


def _updated(_: Any, old: types.Type, new: types.Type) -> types.Type:
    return old if isinstance(old, types.Array) else new


def _reshape(_: Any, a: types.Type, shape: types.Type) -> types.Type | None:
    ndim = len(shape) if isinstance(shape, types.BaseTuple) else 1
    return types.Array(a.dtype, ndim, "C") if isinstance(a, types.Array) else None


def _broadcast_to(context: Any, array: types.Type, shape: types.Type) -> types.Type | None:
    found = _reshape(context, array, shape)
    return found if found is None or found.ndim >= array.ndim else None


def _getitem(context: Any, array: types.Type, index: types.Type) -> types.Type | None:
    if isinstance(array, types.Array) and isinstance(index, types.Array) and isinstance(index.dtype, types.Boolean):
        return types.Array(array.dtype, array.ndim - index.ndim + 1, "C") if index.ndim <= array.ndim else None
    return context.resolve_function_type(operator.getitem, (array, index), {}).return_type


def _product(context: Any, call: types.Type, *given: types.Type) -> types.Type | None:
    """The call comes as text; what does not fit it is refused later, in the user's words."""
    if not isinstance(call, types.StringLiteral):
        return None
    kinds = [getattr(a, "dtype", a) for a in given]
    ranks = tuple(getattr(a, "ndim", 0) for a in given)
    found = contraction(expr(call.literal_value), ranks)
    dtype = context.unify_types(*kinds)
    if dtype is None or isinstance(dtype, types.Boolean):
        return None
    count = max(ranks) if found is None else len(found.output)
    return types.Array(dtype, count, "C") if count else dtype


STUBS = {"UPDATED": stub(_updated), "RESHAPE": stub(_reshape), "BROADCAST_TO": stub(_broadcast_to)}
STUBS |= {"GETITEM": stub(_getitem), "PRODUCT": stub(_product)}


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
        if is_product(node):
            return gast.Call(gast.Name("PRODUCT", gast.Load(), None, None), [gast.Constant(text(node), None), *operands(node)], [])
        name = (call_name(node) or "").upper()
        if isinstance(node.func, gast.Attribute) and name in STUBS:
            return gast.Call(gast.Name(name, gast.Load(), None, None), node.args, node.keywords)
        return node


def with_stubs(tree: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of a function with the names of stubs where they apply."""
    counted = {s.target.id for s in walk(tree.body) if isinstance(s, gast.For)}
    return _Marked(counted).visit(clone(tree))
