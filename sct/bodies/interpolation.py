"""Between given points: interpolation, places in sorted vectors, polynomials, sums and slopes over a grid."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.errors import UnsupportedCall


def searchsorted(a, v, side: Option = "left"):
    """How many elements of the sorted vector `a` come before `v`; what is not a number comes last."""
    if v.ndim == 0:
        return interval(a, v, side)
    w = np.ravel(v)
    y = np.empty(len(w), np.int64)
    for k in range(len(w)):
        y[k] = interval(a, w[k], side)
    return np.reshape(y, v.shape)


def interval(a, v, side: Option):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if _is_before(a[middle], v, side):
            low = middle + 1
        else:
            high = middle
    return low


def _is_before(x, v, side: Option):
    if side == "left":
        return x < v or (v != v and x == x)
    if side == "right":
        return x <= v or v != v
    raise UnsupportedCall("this side does not exist", "write side='left' or side='right'")


def digitize(x, bins, right: Option = False):
    """Which interval each number is in, of bins that rise or fall."""
    if x.ndim == 0:
        return _bin(x, bins, right)
    v = np.ravel(x)
    y = np.empty(len(v), np.int64)
    for k in range(len(v)):
        y[k] = _bin(v[k], bins, right)
    return np.reshape(y, x.shape)


def _bin(x, bins, right: Option):
    if len(bins) > 1 and bins[0] > bins[len(bins) - 1]:
        return len(bins) - interval(bins[::-1], x, "left" if right else "right")
    return interval(bins, x, "left" if right else "right")


def interp(x, xp, fp, left=None, right=None):
    """Piecewise linear; outside the first or last value, or `left` and `right`."""
    low = fp[0] if left is None else left
    high = fp[len(fp) - 1] if right is None else right
    if x.ndim == 0:
        return _between(x, xp, fp, low, high)
    v = np.ravel(x)
    y = np.empty(len(v), np.float64)
    for k in range(len(v)):
        y[k] = _between(v[k], xp, fp, low, high)
    return np.reshape(y, x.shape)


def _between(x, xp, fp, low, high):
    n = len(xp)
    if n == 0 or len(fp) != n:
        raise ValueError("fp and xp are not of the same length")
    if x != x:
        return x * 1.0
    if x < xp[0]:
        return low * 1.0
    if x > xp[n - 1]:
        return high * 1.0
    if n == 1:
        return fp[0] * 1.0
    k = min(interval(xp, x, "right") - 1, n - 2)
    if xp[k] == xp[k + 1]:
        return fp[k + 1] * 1.0
    slope = (fp[k + 1] - fp[k]) / (xp[k + 1] - xp[k])
    return slope * (x - xp[k + 1]) + fp[k + 1] if x == xp[k + 1] else slope * (x - xp[k]) + fp[k]


def polyval(p, x):
    y = x * 0 + np.sum(p[:1])
    for k in range(1, len(p)):
        y = y * x + p[k]
    return y


def trapezoid(y, x=None, dx=1.0, axis: Option = -1):
    rows = np.moveaxis(y, axis, -1)
    means = (rows[..., 1:] + rows[..., :-1]) / 2
    if x is None:
        return np.sum(dx * means, axis=-1)
    if x.ndim == 1:
        return np.sum((x[1:] - x[:-1]) * means, axis=-1)
    places = np.moveaxis(x, axis, -1)
    return np.sum((places[..., 1:] - places[..., :-1]) * means, axis=-1)


def gradient(f, spacing=1.0, *, axis: Option = None, edge_order: Option = 1):
    """Central differences inside, one-sided ones of first or second order at the ends, along one axis."""
    if axis is None:
        if f.ndim != 1:
            raise ValueError("sct: np.gradient of a matrix takes one axis: np.gradient(f, axis=0)")
        return _slopes(f, spacing, edge_order)
    return np.moveaxis(_slopes(np.moveaxis(f, axis, 0), spacing, edge_order), 0, axis)


def _slopes(f, spacing, edge_order: Option):
    n = len(f)
    if n < edge_order + 1:
        raise ValueError("np.gradient needs at least edge_order + 1 elements")
    h = _steps(n, spacing)
    floats = f[:0] / 1
    y = np.empty(f.shape, floats.dtype)
    for k in range(1, n - 1):
        a, b = h[k - 1], h[k]
        y[k] = -b / (a * (a + b)) * f[k - 1] + (b - a) / (a * b) * f[k] + a / (b * (a + b)) * f[k + 1]
    if edge_order == 1:
        y[0] = (f[1] - f[0]) / h[0]
        y[n - 1] = (f[n - 1] - f[n - 2]) / h[n - 2]
    elif edge_order == 2:
        a, b = h[0], h[1]
        y[0] = -(2.0 * a + b) / (a * (a + b)) * f[0] + (a + b) / (a * b) * f[1] - a / (b * (a + b)) * f[2]
        a, b = h[n - 3], h[n - 2]
        y[n - 1] = b / (a * (a + b)) * f[n - 3] - (a + b) / (a * b) * f[n - 2] + (2.0 * b + a) / (b * (a + b)) * f[n - 1]
    else:
        raise UnsupportedCall("this order does not exist", "write edge_order=1 or edge_order=2")
    return y


def _steps(n, spacing):
    """The distances between `n` points that are equally spaced or given."""
    if spacing.ndim == 0:
        return np.full(n - 1, spacing * 1.0)
    if len(spacing) != n:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    return spacing[1:] - spacing[:-1]


def ediff1d(ary, to_end=None, to_begin=None):
    v = np.ravel(ary)
    d = v[1:] - v[:-1]
    if to_begin is not None:
        d = np.append(to_begin, d)
    if to_end is not None:
        d = np.append(d, to_end)
    return d
