"""In-place updates, of which only types tell what they do: `x += e` gives an array itself, of a scalar a new one.

    x_1 = x * e    ->    x_1 = UPDATED(x, x * e)           (marked `augmented` by the frontend, and typed like this)
"""

from __future__ import annotations

from typing import Any

import gast
from numba.core import types
from numba.extending import type_callable

from sct.ir.build import clone, expr


def updated(old: Any, new: Any) -> Any:
    """What a name means after an in-place update of `old` that computes `new`; only ever typed."""
    raise TypeError("not to be called")


@type_callable(updated)
def _(context: Any) -> Any:
    return lambda old, new: old if isinstance(old, types.Array) else new


class _Marked(gast.NodeTransformer):
    def visit_Assign(self, node: gast.Assign) -> gast.Assign:
        if getattr(node, "augmented", False) and isinstance(node.value, gast.BinOp):
            node.value = expr("UPDATED(A, B)", A=node.value.left, B=node.value)
        return node


def with_updates(tree: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of a function in which in-place updates have the right types."""
    return _Marked().visit(clone(tree))
