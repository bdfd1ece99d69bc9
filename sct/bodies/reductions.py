"""Reductions along axes: the axes are brought to the front and made one, then the first axis is reduced.

`axis`, `keepdims` and `ddof` are known while the program is read. Definitions are NumPy's; ties and nan follow docs/kinks.md.
"""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option


def gathered(a, axis: Option):
    """A view, or a copy, whose first axis runs over all of the axes in `axis`; over everything where that is None."""
    if axis is None:
        return np.ravel(a)
    if not isinstance(axis, tuple):
        return np.moveaxis(a, axis, 0)
    if len(axis) == 1:
        return np.moveaxis(a, axis[0], 0)
    if len(axis) == 2:
        b = np.moveaxis(a, axis, (0, 1))
        return np.reshape(b, (b.shape[0] * b.shape[1],) + b.shape[2:])
    b = np.moveaxis(a, axis, (0, 1, 2))
    return np.reshape(b, (b.shape[0] * b.shape[1] * b.shape[2],) + b.shape[3:])


def kept(y, a, axis: Option, keepdims: Option):
    """`y`, reduced from `a`; where `keepdims` is true, with axes of length 1 for those that are gone."""
    if not keepdims:
        return y
    if axis is None:
        return _single(y, a, keepdims)
    if not isinstance(axis, tuple):
        return np.full(1, y) if a.ndim == 1 else np.expand_dims(y, axis)
    if len(axis) == 1:
        return kept(y, a, axis[0], keepdims)
    if len(axis) == 2:
        return np.full((1, 1), y) if a.ndim == 2 else np.moveaxis(y[np.newaxis, np.newaxis], (0, 1), axis)
    return np.full((1, 1, 1), y) if a.ndim == 3 else np.moveaxis(y[np.newaxis, np.newaxis, np.newaxis], (0, 1, 2), axis)


def _single(y, a, keepdims: Option):
    if a.ndim == 1:
        return np.full(1, y)
    if a.ndim == 2:
        return np.full((1, 1), y)
    return np.full((1, 1, 1), y)


def values_first(b, pick):
    """What `pick` gives of each vector along the first axis."""
    if b.ndim == 1:
        return pick(b)
    columns = np.reshape(b, (len(b), -1))
    y = np.empty(columns.shape[1], b.dtype)
    for j in range(len(y)):
        y[j] = pick(columns[:, j])
    return np.reshape(y, b.shape[1:])


def sum(a, axis: Option = None, *, keepdims: Option = False):
    if axis is None:
        y = np.sum(a)
    elif not isinstance(axis, tuple):
        y = np.sum(a, axis)
    else:
        y = np.sum(gathered(a, axis), 0)
    return kept(y, a, axis, keepdims)


def mean(a, axis: Option = None, *, keepdims: Option = False):
    return sum(a, axis, keepdims=keepdims) / _count(a, axis)


def _count(a, axis: Option):
    """The number of elements that are reduced to one."""
    if axis is None:
        return a.size
    if not isinstance(axis, tuple):
        return a.shape[axis]
    return a.shape[axis[0]] * _count(a, axis[1:]) if len(axis) > 1 else a.shape[axis[0]]


def prod(a, axis: Option = None, *, keepdims: Option = False):
    y = np.prod(a) if axis is None else prod_first(gathered(a, axis))
    return kept(y, a, axis, keepdims)


def prod_first(b):
    if b.ndim == 1:
        return np.prod(b)
    y = np.sum(b[:0], 0) + 1
    for k in range(len(b)):
        y *= b[k]
    return y


def var(a, axis: Option = None, *, ddof=0, keepdims: Option = False):
    d = a - mean(a, axis, keepdims=True)
    return sum(d * d, axis, keepdims=keepdims) / max(_count(a, axis) - ddof, 0)


def std(a, axis: Option = None, *, ddof=0, keepdims: Option = False):
    return np.sqrt(var(a, axis, ddof=ddof, keepdims=keepdims))


def cumsum(a, axis: Option = None):
    y = _copy_to_add_up(np.ravel(a)) if axis is None else _copy_to_add_up(a)
    rows = y if axis is None else np.moveaxis(y, axis, 0)
    for k in range(1, len(rows)):
        rows[k] += rows[k - 1]
    return y


def cumprod(a, axis: Option = None):
    y = _copy_to_add_up(np.ravel(a)) if axis is None else _copy_to_add_up(a)
    rows = y if axis is None else np.moveaxis(y, axis, 0)
    for k in range(1, len(rows)):
        rows[k] *= rows[k - 1]
    return y


def _copy_to_add_up(a):
    """A copy of the type of its sums: bools are counted."""
    return a + np.sum(np.ravel(a)[:0])


def diff(a, n: Option = 1, axis: Option = -1):
    if n == 0:
        return a.copy()
    rows = np.moveaxis(a, axis, 0)
    d = np.moveaxis(rows[1:] - rows[:-1], 0, axis)
    return d if n == 1 else diff(d, n - 1, axis)
