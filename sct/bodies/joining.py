"""Arrays put side by side, grids, and elements put in or left out."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.bodies.views import split
from sct.errors import UnsupportedCall


def row_stack(tup):
    return np.vstack(tup)


def append(arr, values, axis: Option = None):
    if axis is None:
        return np.concatenate((np.ravel(arr), np.ravel(values)))
    return np.concatenate((arr, values), axis=axis)


def hsplit(ary, indices_or_sections: Option):
    if ary.ndim == 1:
        return split(ary, indices_or_sections, 0)
    return split(ary, indices_or_sections, 1)


def meshgrid(*xi, indexing: Option = "xy"):
    """Two or three arrays with the coordinates of every point of a grid."""
    if len(xi) == 2:
        return _plane(xi[0], xi[1], indexing)
    if len(xi) == 3:
        return _space(xi[0], xi[1], xi[2], indexing)
    raise UnsupportedCall("np.meshgrid of this many vectors is not supported", "give two or three")


def _plane(x, y, indexing: Option):
    ones = np.ones((len(x), len(y)), np.bool_)
    p, q = x[:, np.newaxis] * ones, y * ones
    return (p, q) if indexing == "ij" else (p.T.copy(), q.T.copy())


def _space(x, y, z, indexing: Option):
    ones = np.ones((len(x), len(y), len(z)), np.bool_)
    p, q, r = x[:, np.newaxis, np.newaxis] * ones, y[:, np.newaxis] * ones, z * ones
    if indexing == "ij":
        return p, q, r
    return np.swapaxes(p, 0, 1).copy(), np.swapaxes(q, 0, 1).copy(), np.swapaxes(r, 0, 1).copy()


def delete(arr, obj, axis: Option = None):
    """Without one element, row or column."""
    if axis is None:
        return _deleted(np.ravel(arr), obj, 0)
    return _deleted(arr, obj, axis)


def _deleted(a, place, axis: Option):
    n = a.shape[axis]
    if place < -n or place >= n:
        raise IndexError("sct: np.delete of an element that does not exist")
    k = np.arange(n - 1)
    return np.take(a, np.where(k < place % n, k, k + 1), axis=axis)


def insert(arr, obj, values):
    """A vector with one more element."""
    v = np.ravel(arr)
    if obj < -len(v) or obj > len(v):
        raise IndexError("sct: np.insert at a place that does not exist")
    k = obj if obj >= 0 else obj + len(v)
    y = np.empty(len(v) + 1, v.dtype)
    y[:k] = v[:k]
    y[k] = values
    y[k + 1 :] = v[k:]
    return y
