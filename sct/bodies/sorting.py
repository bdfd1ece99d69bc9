"""Orders of elements, along an axis where one is given; what is not a number comes last."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.bodies.reductions import gathered, kept, values_first


def sort(a, axis: Option = -1):
    if axis is None:
        return sorted_vector(np.ravel(a))
    if a.ndim == 1:
        return sorted_vector(a)
    b = np.moveaxis(a, axis, -1)
    rows = np.reshape(b, (b.size // max(b.shape[-1], 1), b.shape[-1]))
    y = np.empty_like(rows)
    for i in range(len(rows)):
        y[i] = sorted_vector(rows[i])
    return np.moveaxis(np.reshape(y, b.shape), -1, axis)


def sorted_vector(v):
    order = order_of(v)
    y = np.empty_like(v)
    for k in range(len(v)):
        y[k] = v[order[k]]
    return y


def argsort(a, axis: Option = -1):
    if axis is None:
        return order_of(np.ravel(a))
    if a.ndim == 1:
        return order_of(a)
    b = np.moveaxis(a, axis, -1)
    rows = np.reshape(b, (b.size // max(b.shape[-1], 1), b.shape[-1]))
    y = np.empty(rows.shape, np.int64)
    for i in range(len(rows)):
        y[i] = order_of(rows[i])
    return np.moveaxis(np.reshape(y, b.shape), -1, axis)


def order_of(a):
    """Merges runs of doubling width; what is not a number comes last."""
    order, merged = np.arange(len(a)), np.arange(len(a))
    width = 1
    while width < len(a):
        for start in range(0, len(a), 2 * width):
            middle, stop = min(start + width, len(a)), min(start + 2 * width, len(a))
            i, j = start, middle
            for k in range(start, stop):
                if i < middle and (j >= stop or not _precedes(a[order[j]], a[order[i]])):
                    merged[k] = order[i]
                    i += 1
                else:
                    merged[k] = order[j]
                    j += 1
        order[:] = merged
        width *= 2
    return order


def _precedes(x, y):
    return x < y or (y != y and x == x)


def median(a, axis: Option = None, *, keepdims: Option = False):
    numbers = gathered(a, axis) / 1  # ints have medians that are floats
    return kept(values_first(numbers, middle), a, axis, keepdims)


def middle(v):
    """The mean of the two in the middle, of the vector's type; nan if there is one, since it comes last in the order."""
    order, y = order_of(v), np.full(1, np.nan, v.dtype)
    if len(v) and v[order[-1]] == v[order[-1]]:
        y[0] = 0.5 * v[order[(len(v) - 1) // 2]] + 0.5 * v[order[len(v) // 2]]
    return y[0]
