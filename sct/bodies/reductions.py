"""Reductions along axes: the axes are brought to the front and made one, then the first axis is reduced.

`axis`, `keepdims` and `ddof` are known while the program is read. Definitions are NumPy's; ties and nan follow docs/kinks.md.
"""

from __future__ import annotations

import numpy as np


def gathered(a, axis):
    """A view, or a copy, whose first axis runs over all of the axes in the tuple `axis`."""
    if len(axis) == 1:
        return np.moveaxis(a, axis[0], 0)
    if len(axis) == 2:
        b = np.moveaxis(a, axis, (0, 1))
        return np.reshape(b, (-1,) + b.shape[2:])
    b = np.moveaxis(a, axis, (0, 1, 2))
    return np.reshape(b, (-1,) + b.shape[3:])


def kept(y, a, axis):
    """`y`, reduced from `a`, with axes of length 1 for those that are gone."""
    if axis is None:
        return _single(y, a)
    if len(axis) == 1:
        return np.full(1, y) if a.ndim == 1 else np.expand_dims(y, axis[0])
    if len(axis) == 2:
        return np.full((1, 1), y) if a.ndim == 2 else np.moveaxis(y[np.newaxis, np.newaxis], (0, 1), axis)
    return np.full((1, 1, 1), y) if a.ndim == 3 else np.moveaxis(y[np.newaxis, np.newaxis, np.newaxis], (0, 1, 2), axis)


def _single(y, a):
    if a.ndim == 1:
        return np.full(1, y)
    if a.ndim == 2:
        return np.full((1, 1), y)
    return np.full((1, 1, 1), y)


def sum(a, axis=None, keepdims=False):
    if axis is not None and not isinstance(axis, tuple):
        return sum(a, (axis,), keepdims)
    y = np.sum(a) if axis is None else sum_first(gathered(a, axis))
    return kept(y, a, axis) if keepdims else y


def sum_first(b):
    if b.ndim == 1:
        return np.sum(b)
    y = np.zeros(b.shape[1:], b.dtype)
    for k in range(len(b)):
        y += b[k]
    return y


def mean(a, axis=None, keepdims=False):
    return sum(a, axis, keepdims) / _count(a, axis)


def _count(a, axis):
    """The number of elements that are reduced to one."""
    if axis is None:
        return a.size
    if not isinstance(axis, tuple):
        return a.shape[axis]
    return a.shape[axis[0]] * _count(a, axis[1:]) if len(axis) > 1 else a.shape[axis[0]]


def prod(a, axis=None, keepdims=False):
    if axis is not None and not isinstance(axis, tuple):
        return prod(a, (axis,), keepdims)
    y = np.prod(a) if axis is None else prod_first(gathered(a, axis))
    return kept(y, a, axis) if keepdims else y


def prod_first(b):
    if b.ndim == 1:
        return np.prod(b)
    y = np.ones(b.shape[1:], b.dtype)
    for k in range(len(b)):
        y *= b[k]
    return y


def var(a, axis=None, ddof=0, keepdims=False):
    d = a - mean(a, axis, True)
    return sum(d * d, axis, keepdims) / (_count(a, axis) - ddof)


def std(a, axis=None, ddof=0, keepdims=False):
    return np.sqrt(var(a, axis, ddof, keepdims))
