"""Largest and smallest elements: the first of equals, or the first that is not a number (docs/kinks.md)."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.bodies.reductions import gathered, kept, values_first


def max(a, axis: Option = None, *, keepdims: Option = False):
    y = largest(a) if axis is None else values_first(gathered(a, axis), largest)
    return kept(y, a, axis, keepdims)


def min(a, axis: Option = None, *, keepdims: Option = False):
    y = smallest(a) if axis is None else values_first(gathered(a, axis), smallest)
    return kept(y, a, axis, keepdims)


def argmax(a, axis: Option = None, *, keepdims: Option = False):
    y = place_of_largest(a) if axis is None else places_first(gathered(a, axis), place_of_largest)
    return kept(y, a, axis, keepdims)


def argmin(a, axis: Option = None, *, keepdims: Option = False):
    y = place_of_smallest(a) if axis is None else places_first(gathered(a, axis), place_of_smallest)
    return kept(y, a, axis, keepdims)


def places_first(b, pick):
    """What `pick` finds of the places along the first axis."""
    if b.ndim == 1:
        return pick(b)
    columns = np.reshape(b, (len(b), -1))
    y = np.empty(columns.shape[1], np.int64)
    for j in range(len(y)):
        y[j] = pick(columns[:, j])
    return np.reshape(y, b.shape[1:])


def ptp(a, axis: Option = None, *, keepdims: Option = False):
    return max(a, axis, keepdims=keepdims) - min(a, axis, keepdims=keepdims)


def count_nonzero(a, axis: Option = None, *, keepdims: Option = False):
    return np.sum(a != 0, axis=axis, keepdims=keepdims)


def any(a, axis: Option = None, *, keepdims: Option = False):
    return count_nonzero(a, axis, keepdims=keepdims) > 0


def all(a, axis: Option = None, *, keepdims: Option = False):
    return np.sum(a == 0, axis=axis, keepdims=keepdims) == 0


def place_of_largest(a):
    """The first of the largest, or the first that is not a number."""
    v = np.ravel(a)
    if len(v) == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    best = 0
    for k in range(1, len(v)):
        if v[k] > v[best] or (v[k] != v[k] and v[best] == v[best]):
            best = k
    return best


def place_of_smallest(a):
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
    return np.ravel(a)[place_of_largest(a)]


def smallest(a):
    return np.ravel(a)[place_of_smallest(a)]


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
