"""Typing of what NumPy accepts and Numba does not, or types differently; lowering writes it out before Numba compiles it.

    x_1 = x * e            ->    x_1 = UPDATED(x, x * e)       (marked `augmented`: of an array it is the array itself)
    y = np.reshape(a, s)   ->    y = RESHAPE(a, s)             (of any array: not contiguous ones are copied)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
from numba.core import types
from numba.extending import type_callable

from sct.ir.build import call_name, clone, expr


def stub(typing: Callable[..., types.Type | None]) -> Callable[..., Any]:
    """A function that Numba only types."""

    def untyped(*_: Any) -> Any:
        raise TypeError("not to be called")

    type_callable(untyped)(lambda context: typing)
    return untyped


def _updated(old: types.Type, new: types.Type) -> types.Type:
    return old if isinstance(old, types.Array) else new


def _reshape(a: types.Type, shape: types.Type) -> types.Type | None:
    ndim = len(shape) if isinstance(shape, types.BaseTuple) else 1
    return types.Array(a.dtype, ndim, "C") if isinstance(a, types.Array) else None


STUBS = {"UPDATED": stub(_updated), "RESHAPE": stub(_reshape)}


class _Marked(gast.NodeTransformer):
    def visit_Assign(self, node: gast.Assign) -> gast.Assign:
        if getattr(node, "augmented", False) and isinstance(node.value, gast.BinOp):
            node.value = expr("UPDATED(A, B)", A=node.value.left, B=node.value)
            return node
        return self.generic_visit(node)

    def visit_Call(self, node: gast.Call) -> gast.Call:
        name = (call_name(node) or "").upper()
        if isinstance(node.func, gast.Attribute) and name in STUBS:
            return gast.Call(gast.Name(name, gast.Load(), None, None), node.args, node.keywords)
        return node


def with_stubs(tree: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of a function with the names of stubs where they apply."""
    return _Marked().visit(clone(tree))
