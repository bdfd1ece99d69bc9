"""Tuples and lists where NumPy takes an array.

np.max([a, b])      np.max(np.array([a, b]))
v[[0, 2]]           v[np.array([0, 2])]
"""

from __future__ import annotations

import inspect
from typing import Any

import gast
import numpy as np

from sct.frontend import allowed, build

_OPERANDS = frozenset({"a", "b", "x", "x1", "x2", "y", "v", "m", "p", "q", "A", "arr", "ary", "xp", "fp"})
ARRAYS = _OPERANDS | {"values", "indices", "weights", "condition", "repeats"}
"""How NumPy calls parameters that are arrays; tuples for others are shapes, axes and the like."""

JOINED = frozenset({"arrays", "tup"})
"""How it calls those that are sequences of arrays."""


def as_arrays(function: Any, node: gast.Call) -> gast.Call:
    """The call of a function of NumPy, with arrays made of the tuples and lists that are written where it takes an array."""
    names = _parameters(function)
    args = [_taken(name, a) for name, a in zip(names, node.args, strict=False)] + node.args[len(names) :]
    keywords = [gast.keyword(k.arg, _taken(k.arg, k.value)) if names else k for k in node.keywords]
    return gast.copy_location(gast.Call(node.func, args, keywords), node)


def _parameters(function: Any) -> tuple[str, ...]:
    if isinstance(function, np.ufunc):
        return ("x",) * function.nin
    if not callable(function) or isinstance(function, type) or not str(getattr(function, "__module__", "")).startswith("numpy"):
        return ()
    try:
        return tuple(inspect.signature(function).parameters)
    except ValueError:
        return allowed.POSITIONAL.get(function.__name__, ())


def _taken(name: str | None, node: gast.expr) -> gast.expr:
    if not isinstance(node, gast.Tuple | gast.List) or any(isinstance(e, gast.Starred) for e in node.elts):
        return node
    if name in JOINED:
        elements = [array(e) if isinstance(e, gast.Tuple | gast.List) else e for e in node.elts]
        return gast.copy_location(type(node)(elements, gast.Load()), node)
    return array(node) if name in ARRAYS else node


def array(node: gast.Tuple | gast.List) -> gast.expr:
    """The call of np.array, whatever the user calls it."""
    elements = gast.copy_location(gast.Tuple(node.elts, gast.Load()), node)
    return build.located(build.call(gast.Constant(np.array, None), elements), node)
