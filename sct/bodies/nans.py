"""Reductions that pass over what is not a number."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.bodies.reductions import gathered, kept, values_first
from sct.bodies.sorting import middle


def filled(a, value):
    """A copy with `value` for every nan."""
    b = a.copy()
    b[np.isnan(a)] = value
    return b


def nansum(a, axis: Option = None, *, keepdims: Option = False):
    return np.sum(filled(a, 0.0), axis=axis, keepdims=keepdims)


def nanprod(a, axis: Option = None, *, keepdims: Option = False):
    return np.prod(filled(a, 1.0), axis=axis, keepdims=keepdims)


def nancumsum(a, axis: Option = None):
    return np.cumsum(filled(a, 0.0), axis=axis)


def nancumprod(a, axis: Option = None):
    return np.cumprod(filled(a, 1.0), axis=axis)


def nanmean(a, axis: Option = None, *, keepdims: Option = False):
    return nansum(a, axis, keepdims=keepdims) / np.sum(a == a, axis=axis, keepdims=keepdims)


def nanvar(a, axis: Option = None, *, ddof=0, keepdims: Option = False):
    d = filled(a - nanmean(a, axis, keepdims=True), 0.0)
    return np.sum(d * d, axis=axis, keepdims=keepdims) / (np.sum(a == a, axis=axis, keepdims=keepdims) - ddof)


def nanstd(a, axis: Option = None, *, ddof=0, keepdims: Option = False):
    return np.sqrt(nanvar(a, axis, ddof=ddof, keepdims=keepdims))


def nanmax(a, axis: Option = None, *, keepdims: Option = False):
    _check(a, axis)
    return np.max(filled(a, -np.inf), axis=axis, keepdims=keepdims)


def nanmin(a, axis: Option = None, *, keepdims: Option = False):
    _check(a, axis)
    return np.min(filled(a, np.inf), axis=axis, keepdims=keepdims)


def nanargmax(a, axis: Option = None, *, keepdims: Option = False):
    _check(a, axis)
    return np.argmax(filled(a, -np.inf), axis=axis, keepdims=keepdims)


def nanargmin(a, axis: Option = None, *, keepdims: Option = False):
    _check(a, axis)
    return np.argmin(filled(a, np.inf), axis=axis, keepdims=keepdims)


def nanmedian(a, axis: Option = None, *, keepdims: Option = False):
    return kept(values_first(gathered(a, axis) / 1, _middle_of_numbers), a, axis, keepdims)


def _middle_of_numbers(v):
    return middle(v[v == v])


def _check(a, axis: Option):
    if np.min(np.sum(a == a, axis=axis, keepdims=True)) == 0:
        raise ValueError("All-NaN slice encountered")
