"""Functions of NumPy written in the language: a call of one is the call of a helper, differentiated like the user's own."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np


def linspace(start, stop, num=50):
    y = np.empty(num)
    for k in range(num):
        y[k] = start + (stop - start) * (k / max(num - 1, 1))
    return y


def eye(N, M=-1, k=0):
    y = np.zeros((N, N if M < 0 else M))
    for i in range(N):
        if 0 <= i + k < y.shape[1]:
            y[i, i + k] = 1.0
    return y


def identity(n):
    return eye(n)


def trace(a):
    s = 0.0
    for k in range(min(a.shape[0], a.shape[1])):
        s += a[k, k]
    return s


def cumsum(a):
    y = a.flatten()
    for k in range(1, len(y)):
        y[k] += y[k - 1]
    return y


def cumprod(a):
    y = a.flatten()
    for k in range(1, len(y)):
        y[k] *= y[k - 1]
    return y


def diff(a):
    return a[..., 1:] - a[..., :-1]


def total(iterable):
    s = 0.0
    for k in range(len(iterable)):
        s = s + iterable[k]
    return s


def product(iterable):
    s = 1.0
    for k in range(len(iterable)):
        s = s * iterable[k]
    return s


def dist(p, q):
    return norm(p - q)


def norm(x):
    return np.sqrt(np.sum(x * x))


def var(a):
    d = a - np.mean(a)
    return np.mean(d * d)


def std(a):
    return np.sqrt(var(a))


def outer(a, b):
    return np.ravel(a)[:, np.newaxis] * np.ravel(b)


def vdot(a, b):
    return np.dot(np.ravel(a), np.ravel(b))


def cross(a, b):
    if len(a) != 3 or len(b) != 3:
        raise ValueError("sct: np.cross takes vectors of three elements")
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def kron(a, b):
    if a.ndim != 1 or b.ndim != 1:
        raise ValueError("sct: np.kron takes vectors")
    return np.ravel(outer(a, b))


def sort(a):
    order = argsort(a)
    y = np.empty_like(a)
    for k in range(len(a)):
        y[k] = a[order[k]]
    return y


def argsort(a):
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


def argmax(a):
    """The first of the largest, or the first that is not a number."""
    v = np.ravel(a)
    if len(v) == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    best = 0
    for k in range(1, len(v)):
        if v[k] > v[best] or (v[k] != v[k] and v[best] == v[best]):
            best = k
    return best


def argmin(a):
    """The first of the smallest, or the first that is not a number."""
    v = np.ravel(a)
    if len(v) == 0:
        raise ValueError("attempt to get argmin of an empty sequence")
    best = 0
    for k in range(1, len(v)):
        if v[k] < v[best] or (v[k] != v[k] and v[best] == v[best]):
            best = k
    return best


def largest(a):
    return np.ravel(a)[argmax(a)]


def smallest(a):
    return np.ravel(a)[argmin(a)]


def highest(iterable):
    """The first that no later one exceeds, as Python compares."""
    best = 0
    for k in range(1, len(iterable)):
        if iterable[k] > iterable[best]:
            best = k
    return iterable[best]


def lowest(iterable):
    best = 0
    for k in range(1, len(iterable)):
        if iterable[k] < iterable[best]:
            best = k
    return iterable[best]


def ptp(a):
    return largest(a) - smallest(a)


def count_nonzero(a):
    v = np.ravel(a)
    count = 0
    for k in range(len(v)):
        if v[k] != 0:
            count += 1
    return count


def flatnonzero(a):
    v = np.ravel(a)
    found, n = np.empty(count_nonzero(v), np.int64), 0
    for k in range(len(v)):
        if v[k] != 0:
            found[n] = k
            n += 1
    return found


def nonzero_of_matrix(a):
    count, n = count_nonzero(a), 0
    rows, columns = np.empty(count, np.int64), np.empty(count, np.int64)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] != 0:
                rows[n], columns[n] = i, j
                n += 1
    return rows, columns


def nonzero_of_three_axes(a):
    count, n = count_nonzero(a), 0
    rows, columns, layers = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(a.shape[2]):
                if a[i, j, k] != 0:
                    rows[n], columns[n], layers[n] = i, j, k
                    n += 1
    return rows, columns, layers


def rows_of_nonzero(a):
    if a.ndim == 1:
        rows = flatnonzero(a)
    elif a.ndim == 2:
        rows, _ = nonzero_of_matrix(a)
    else:
        rows, _, _ = nonzero_of_three_axes(a)
    return rows


def columns_of_nonzero(a):
    if a.ndim == 2:
        _, columns = nonzero_of_matrix(a)
    else:
        _, columns, _ = nonzero_of_three_axes(a)
    return columns


def layers_of_nonzero(a):
    _, _, layers = nonzero_of_three_axes(a)
    return layers


def take_along_axis(arr, indices, axis=-1):
    """Of one or two axes."""
    if axis is None:
        y = np.ravel(arr)[indices]
    elif arr.ndim == 1:
        if axis != 0 and axis != -1:
            raise ValueError("sct: np.take_along_axis of a vector along another axis")
        y = arr[indices]
    else:
        across = 1 if axis == 0 or axis == -2 else 0
        if axis < -2 or axis > 1 or indices.shape[across] != arr.shape[across]:
            raise ValueError("sct: np.take_along_axis with subscripts that do not fit")
        y = np.empty((indices.shape[0], indices.shape[1]), arr.dtype)
        for i in range(indices.shape[0]):
            for j in range(indices.shape[1]):
                if across == 1:
                    y[i, j] = arr[indices[i, j], j]
                else:
                    y[i, j] = arr[i, indices[i, j]]
    return y


def any_of(a):
    return count_nonzero(a) > 0


def all_of(a):
    return count_nonzero(a) == a.size


def searchsorted(a, v):
    """How many elements of the sorted vector `a` are less than `v`."""
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < v:
            low = middle + 1
        else:
            high = middle
    return low


_BODIES: dict[Callable[..., Any], Callable[..., Any]] = {
    np.linspace: linspace,
    np.eye: eye,
    np.identity: identity,
    np.trace: trace,
    np.cumsum: cumsum,
    np.cumprod: cumprod,
    np.diff: diff,
    np.linalg.norm: norm,
    np.var: var,
    np.std: std,
    np.outer: outer,
    np.vdot: vdot,
    np.cross: cross,
    np.kron: kron,
    np.sort: sort,
    np.argsort: argsort,
    np.argmax: argmax,
    np.argmin: argmin,
    np.max: largest,
    np.amax: largest,
    np.min: smallest,
    np.amin: smallest,
    np.ptp: ptp,
    np.any: any_of,
    np.all: all_of,
    np.count_nonzero: count_nonzero,
    np.flatnonzero: flatnonzero,
    np.take_along_axis: take_along_axis,
    np.searchsorted: searchsorted,
    sum: total,
    math.fsum: total,
    math.prod: product,
    math.dist: dist,
}

EXTREMES = {id(max): highest, id(min): lowest}
"""Of Python's own, where they take one array."""

METHODS = frozenset({"trace", "cumsum", "cumprod", "var", "std", "argmax", "argmin", "max", "min", "any", "all"})
"""Those that arrays also have as methods."""


def body_of(function: Any) -> Callable[..., Any] | None:
    """The Python function that stands for one of NumPy's."""
    try:
        return _BODIES.get(function)
    except TypeError:  # not hashable
        return None


def takes(body: Callable[..., Any], args: list[Any], names: list[str]) -> bool:
    """Whether a call with these arguments, and others by these names, fits."""
    try:
        inspect.signature(body).bind(*args, **dict.fromkeys(names))
    except TypeError:
        return False
    return True
