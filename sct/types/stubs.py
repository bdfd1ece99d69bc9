"""Typing of what NumPy accepts and Numba does not, types differently, or compiles in order to type it (0.2 to 1.5 s a call).

Lowering writes these out before Numba compiles anything.

    x_1 = x * e            ->    x_1 = UPDATED(x, x * e)       (marked `augmented`: of an array it is the array itself)
    y = np.reshape(a, s)   ->    y = RESHAPE(a, s)             (of any array: not contiguous ones are copied)
    t = a[m]               ->    t = GETITEM(a, m)             (a mask takes a vector out of several axes)
    y = abs(a)             ->    y = np.abs(a)
    s = np.sum(a, 0)       ->    s = SUM(a, 0)                 (likewise np.moveaxis, np.transpose)
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import gast
import numpy as np
from numba.core import types
from numba.extending import type_callable
from numba.np.numpy_support import as_dtype, from_dtype

from sct.ir.build import call_name, clone, expr, is_name, quote, text, walk
from sct.ir.contraction import contraction, is_product, operands
from sct.types.unbound import Unbound


def stub(typing: Callable[..., types.Type | None]) -> Callable[..., Any]:
    """A function that Numba only types: `typing` is given Numba's context and the types of the arguments, once these are bound."""

    def untyped(*_: Any) -> Any:
        raise TypeError("not to be called")

    untyped.__name__ = typing.__name__.strip("_")
    type_callable(untyped)(lambda context: lambda *args: None if Unbound() in args else typing(context, *args))
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


def _broadcast_to(context: Any, array: types.Type, shape: types.Type) -> types.Type | None:
    found = _reshape(context, array, shape)
    return found if found is None or found.ndim >= array.ndim else None


def _array(context: Any, parts: types.Type, *dtype: types.Type) -> types.Type | None:
    """Arrays of as many axes are stacked."""
    kinds = tuple(parts) if isinstance(parts, types.BaseTuple) else ()
    if not any(isinstance(k, types.Array) for k in kinds):
        return context.resolve_function_type(np.array, (parts, *dtype), {}).return_type
    if dtype or len({getattr(k, "ndim", 0) for k in kinds}) > 1:
        return None
    return types.Array(context.unify_types(*(k.dtype for k in kinds)), kinds[0].ndim + 1, "C")


def _getitem(context: Any, array: types.Type, index: types.Type) -> types.Type | None:
    if isinstance(array, types.Array) and isinstance(index, types.Array) and isinstance(index.dtype, types.Boolean):
        return types.Array(array.dtype, array.ndim - index.ndim + 1, "C") if index.ndim <= array.ndim else None
    return context.resolve_function_type(operator.getitem, (array, index), {}).return_type


def _elementwise(_: Any, *args: types.Type) -> types.Type | None:
    """As for the functions of `scipy.special`: float64, or float32 where all floats are."""
    dtypes = [getattr(a, "dtype", a) for a in args]
    if not all(isinstance(t, types.Number | types.Boolean) for t in dtypes):
        return None
    single = {t for t in dtypes if isinstance(t, types.Float)} == {types.float32}
    dtype, ndim = types.float32 if single else types.float64, max(getattr(a, "ndim", 0) for a in args)
    return types.Array(dtype, ndim, "C") if ndim else dtype


@cache
def stub_module(name: str, functions: frozenset[str]) -> ModuleType:
    """A module of functions that Numba only types, on numbers and arrays of them."""
    module = ModuleType(name)
    vars(module).update({function: stub(_elementwise) for function in functions})
    return module


def _abs(context: Any, x: types.Type) -> types.Type:
    return x.copy(layout="C") if isinstance(x, types.Array) else context.resolve_function_type(abs, (x,), {}).return_type


def _where(context: Any, *args: types.Type) -> types.Type:
    """A scalar of scalars, which Numba gives no axes instead."""
    if len(args) == 3 and not any(isinstance(a, types.Array) for a in args):
        return context.unify_types(*args[1:])
    return context.resolve_function_type(np.where, args, {}).return_type


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


LAYOUT_OF_T = {"C": "F", "F": "C", "A": "A"}
STUBS = {"ABS": stub(_abs), "UPDATED": stub(_updated), "GETITEM": stub(_getitem), "RESHAPE": stub(_reshape), "SUM": stub(_sum)}
STUBS |= {"SINC": stub(_elementwise), "WHERE": stub(_where), "BROADCAST_TO": stub(_broadcast_to), "PRODUCT": stub(_product)}
STUBS |= {"ARRAY": stub(_array)}
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
        load = "GETITEM(a, i)" if self._may_be_mask(node.target.slice) else "a[i]"
        (made,) = quote(f"a[i] = {load} + v", node, a=node.target.value, i=node.target.slice, v=node.value)
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
        if name in STUBS and (isinstance(node.func, gast.Attribute) or name == "ABS"):
            return gast.Call(gast.Name(name, gast.Load(), None, None), node.args, node.keywords)
        if is_name(node.func, "abs"):
            return expr("np.abs(a)", a=node.args[0])
        return node


def with_stubs(tree: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of a function with the names of stubs where they apply."""
    counted = {s.target.id for s in walk(tree.body) if isinstance(s, gast.For)}
    return _Marked(counted).visit(clone(tree))
