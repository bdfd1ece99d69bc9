"""NumPy's functions whose own code wants plain floats, by their definitions."""

from __future__ import annotations

import math

import numpy as np

from sct.reference.number import Number, as_array, call, values


def each_element(f):
    """`f` of a number, for a number or every element of an array."""

    def on_elements(x, *args, **options):
        if np.ndim(x) == 0:
            return f(x, *args, **options)
        found = np.empty(np.shape(x), dtype=object)
        for index in np.ndindex(*np.shape(x)):
            found[index] = f(x[index], *args, **options)
        return as_array(found)

    return on_elements


def along(f):
    """`f` of a vector, along an axis or of all elements."""

    def on_axis(a, *args, axis=None, keepdims=False):
        axes = tuple(range(np.ndim(a))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        axes = tuple(k % np.ndim(a) for k in axes)
        kept = [k for k in range(np.ndim(a)) if k not in axes]
        rows = np.transpose(a, kept + list(axes)).reshape([a.shape[k] for k in kept] + [-1])
        found = np.empty(rows.shape[:-1], dtype=object)
        for index in np.ndindex(*found.shape):
            found[index] = f(rows[index], *args)
        shape = [1 if k in axes else n for k, n in enumerate(a.shape)] if keepdims else found.shape
        found = found.reshape(shape)
        return as_array(found) if found.ndim else found[()]

    return on_axis


@each_element
def interp(x, xp, fp, left=None, right=None):
    nodes, at = values(xp), values(x)
    if at != at:
        return Number(np.nan)
    if at < nodes[0]:
        return fp[0] if left is None else left
    if at > nodes[-1]:
        return fp[-1] if right is None else right
    k = min(int(np.searchsorted(nodes, at, side="right")) - 1, len(nodes) - 2)
    return fp[k] + (fp[k + 1] - fp[k]) * (x - xp[k]) / (xp[k + 1] - xp[k])


def polyval(p, x):
    return sum(p[k] * x ** (len(p) - 1 - k) for k in range(len(p) - 1)) + np.sum(p[-1:]) + 0 * x


def gradient(f, spacing=1.0, *, axis=0, edge_order=1):
    """The derivative of the parabola through three neighbours; at the ends of the line through two, or of the parabola."""
    rows = np.moveaxis(f, axis, 0)
    n = len(rows)
    places = [spacing * k for k in range(n)] if np.ndim(spacing) == 0 else spacing
    found = np.empty(rows.shape, dtype=object)
    for k in range(n):
        if k in (0, n - 1) and edge_order == 1:
            i, j = max(k - 1, 0), min(k + 1, n - 1)
            found[k] = (rows[j] - rows[i]) / (places[j] - places[i])
        else:
            found[k] = _parabola(rows, places, min(max(k - 1, 0), n - 3), places[k])
    return np.moveaxis(as_array(found), 0, axis)


def _parabola(rows, places, first, x):
    """The slope at `x` of the parabola through three points from number `first` on, after Lagrange."""
    p = [places[first + k] for k in range(3)]
    total = 0.0
    for k in range(3):
        a, b = (p[j] for j in range(3) if j != k)
        total = total + rows[first + k] * (2 * x - a - b) / ((p[k] - a) * (p[k] - b))
    return total


def _quantile(v, q):
    if np.isnan(values(v)).any():
        return Number(np.nan)
    order = np.argsort(values(v), kind="stable")
    place = (len(v) - 1) * q
    k = min(math.floor(values(place)), len(v) - 2) if len(v) > 1 else 0
    return v[order[k]] * (k + 1 - place) + v[order[k + 1]] * (place - k) if len(v) > 1 else v[0]


def _percentile(v, q):
    return _quantile(v, q / 100)


def _numbers(v):
    return v[~np.isnan(values(v))]


def _mean(v):
    return np.sum(v) / len(v) if len(v) else Number(np.nan)


def _variance(v, ddof=0):
    return np.sum((v - _mean(v)) ** 2) / (len(v) - ddof)


def _without_nan(f, empty=np.nan):
    """`f` of a vector without what is not a number."""
    return lambda v, *args: f(_numbers(v), *args) if len(_numbers(v)) else Number(empty)


def _moment(f):
    reduced = along(_without_nan(f))
    return lambda a, axis=None, ddof=0, keepdims=False: reduced(a, ddof, axis=axis, keepdims=keepdims)


def _positional(f):
    """With the axis as an argument by position, too."""
    return lambda a, axis=None, keepdims=False: f(a, axis=axis, keepdims=keepdims)


def _of_order(f):
    """Of one `q`, or of several, one after the other."""

    def on_axis(a, q, axis=None, keepdims=False):
        if np.ndim(q) == 0:
            return f(a, q, axis=axis, keepdims=keepdims)
        return np.stack([f(a, one, axis=axis, keepdims=keepdims) for one in q])

    return on_axis


def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    """Of rows, or columns, each a variable."""
    parts = [a if rowvar or np.ndim(a) == 1 else a.T for a in (m, y) if a is not None]
    rows = np.concatenate([np.reshape(a, (-1, np.shape(a)[-1])) for a in parts])
    d = as_array(rows) - as_array(np.sum(rows, axis=1, keepdims=True)) / rows.shape[1]
    less = (0 if bias else 1) if ddof is None else ddof
    found = as_array(np.dot(d, d.T)) / (rows.shape[1] - less)
    return found[0, 0] if y is None and np.ndim(m) == 1 else found


def corrcoef(x, y=None, rowvar=True):
    c = cov(x, y, rowvar)
    d = call("sqrt", np.diagonal(c).copy())
    return c / d[:, None] / d


def bincount(x, weights=None, minlength=0):
    if weights is None:
        return np.bincount(x, minlength=minlength)
    found = [Number(0.0)] * max(minlength, max(x, default=-1) + 1)
    for k, w in zip(x, weights, strict=True):
        found[k] = found[k] + w
    return as_array(np.array([*found, None], dtype=object)[:-1])


def histogram(a, bins=10, range=None, weights=None):
    v = np.ravel(a)
    plain = values(v)
    if np.ndim(bins) == 0:
        first, last = range or (v[np.argmin(plain)], v[np.argmax(plain)])
        if values(first) == values(last):
            first, last = first - 0.5, last + 0.5
        edges = [first + (last - first) * (k / bins) for k in np.arange(bins + 1)]
        bins = as_array(np.array([*edges, None], dtype=object)[:-1])
    edges = values(bins)
    inside = (plain >= edges[0]) & (plain <= edges[-1])
    place = np.minimum(np.searchsorted(edges, plain[inside], side="right") - 1, len(edges) - 2)
    return bincount(place, None if weights is None else np.ravel(weights)[inside], len(edges) - 1), bins


def geomspace(start, stop, num=50, endpoint=True):
    steps = num - 1 if endpoint else num
    return as_array(np.array([*(start * (stop / start) ** (k / steps) for k in range(num)), None], dtype=object)[:-1])


def _by_value(function):
    return lambda *args, **options: function(*map(values, args), **options)


FUNCTIONS = {
    np.digitize: _by_value(np.digitize),
    np.searchsorted: _by_value(np.searchsorted),
    np.interp: interp,
    np.polyval: polyval,
    np.vdot: lambda a, b: np.sum(np.ravel(a) * np.ravel(b)),
    np.gradient: gradient,
    np.quantile: _of_order(along(_quantile)),
    np.percentile: _of_order(along(_percentile)),
    np.nansum: _positional(along(_without_nan(np.sum, 0.0))),
    np.nanprod: _positional(along(_without_nan(np.prod, 1.0))),
    np.nanmean: _positional(along(_without_nan(_mean))),
    np.nanvar: _moment(_variance),
    np.nanstd: _moment(lambda v, ddof: call("sqrt", _variance(v, ddof))),
    np.nanmax: _positional(along(_without_nan(lambda v: v[np.argmax(values(v))]))),
    np.nanmin: _positional(along(_without_nan(lambda v: v[np.argmin(values(v))]))),
    np.median: _positional(along(lambda v: _quantile(v, 0.5))),
    np.nanmedian: _positional(along(_without_nan(lambda v: _quantile(v, 0.5)))),
    np.cov: cov,
    np.corrcoef: corrcoef,
    np.bincount: bincount,
    np.histogram: histogram,
    np.geomspace: geomspace,
}
