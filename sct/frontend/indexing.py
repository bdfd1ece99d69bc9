"""Functions of NumPy that are subscripts.

np.take(a, i, axis=1)     a[:, i]               i, j = np.nonzero(m)    i, j = nonzero_of_matrix(m)
np.compress(c, a)         np.ravel(a)[c != 0]   np.where(c)[0]          rows_of_nonzero(c)
a[np.where(c)]            a[c != 0]             np.add.at(a, i, v)      a[i] += v, at every subscript
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from sct.bodies import places
from sct.frontend import build

UPDATES = {id(np.add): gast.Add, id(np.subtract): gast.Sub}
"""The functions whose `at` is an update."""

COUNTED = {1: places.flatnonzero, 2: places.nonzero_of_matrix, 3: places.nonzero_of_three_axes}
"""What stands for `np.nonzero` where it is unpacked into so many names."""

SINGLE = (places.rows_of_nonzero, places.columns_of_nonzero, places.layers_of_nonzero)
"""What stands for one element of the tuple that `np.nonzero` returns."""


def take(a: gast.expr, indices: gast.expr, axis: int | None = None) -> gast.expr:
    return _along(a, indices, axis)


def compress(condition: gast.expr, a: gast.expr, axis: int | None = None) -> gast.expr:
    return _along(a, is_true(condition), axis)


def extract(condition: gast.expr, arr: gast.expr) -> gast.expr:
    return _along(arr, is_true(_raveled(condition)), None)


def shape(a: gast.expr) -> gast.expr:
    return gast.Attribute(a, "shape", gast.Load())


def size(a: gast.expr, axis: int | None = None) -> gast.expr:
    return gast.Attribute(a, "size", gast.Load()) if axis is None else build.subscript(shape(a), build.number(axis))


def ndim(a: gast.expr) -> gast.expr:
    return gast.Attribute(a, "ndim", gast.Load())


FORMS: dict[Callable[..., Any], Callable[..., gast.expr]] = {
    np.take: take,
    np.compress: compress,
    np.extract: extract,
    np.shape: shape,
    np.size: size,
    np.ndim: ndim,
}
METHODS = {"take": np.take, "compress": np.compress, "nonzero": np.nonzero}


def as_function(method: str, array: gast.expr, node: gast.Call) -> gast.Call:
    """The call of a method as one of the function, in which the array need not come first."""
    place = 1 if method == "compress" else 0
    return gast.Call(node.func, [*node.args[:place], array, *node.args[place:]], node.keywords)


def form_of(function: Any) -> Callable[..., gast.expr] | None:
    try:
        return FORMS.get(function)
    except TypeError:  # not hashable
        return None


def is_true(condition: gast.expr) -> gast.expr:
    return gast.Compare(condition, [gast.NotEq()], [build.constant(0)])


def _along(a: gast.expr, index: gast.expr, axis: int | None) -> gast.expr:
    """`a[index]` along an axis; of all elements in a row where there is none."""
    if axis is None:
        return build.subscript(_raveled(a), index)
    whole = [gast.Slice(None, None, None) for _ in range(axis if axis >= 0 else -axis - 1)]
    if not whole and axis == 0:
        return build.subscript(a, index)
    parts = [*whole, index] if axis >= 0 else [build.constant(...), index, *whole]
    return build.subscript(a, gast.Tuple(parts, gast.Load()))


def _raveled(a: gast.expr) -> gast.expr:
    return build.call(build.attribute("np", "ravel"), a)
