"""Comparisons up to rounding, and of whole arrays."""

from __future__ import annotations

import math

import numpy as np

from sct.bodies.option import Option


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan: Option = False):
    near = np.logical_and(np.isfinite(b), np.abs(a - 1 * b) <= atol + rtol * np.abs(b))
    close = np.logical_or(near, a == b)
    if equal_nan:
        return np.logical_or(close, np.logical_and(np.isnan(a), np.isnan(b)))
    return close


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan: Option = False):
    return np.all(isclose(a, b, rtol, atol, equal_nan))


def array_equal(a1, a2):
    if a1.ndim != a2.ndim:
        return False
    if a1.shape != a2.shape:
        return False
    return np.all(a1 == a2)


def isclose_of_math(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if a == b:
        return True
    room = max(rel_tol * max(abs(a), abs(b)), abs_tol)
    return math.isfinite(a) and math.isfinite(b) and abs(a - b) <= room
