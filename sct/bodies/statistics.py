"""Averages, quantiles, covariances and counts."""

from __future__ import annotations

import math

import numpy as np

from sct.bodies.interpolation import interval
from sct.bodies.option import Option
from sct.bodies.reductions import gathered, kept, values_first
from sct.bodies.sorting import order_of, sorted_vector


def percentile(a, q, axis: Option = None, *, keepdims: Option = False):
    return quantile(a, q / 100, axis, keepdims=keepdims)


def quantile(a, q, axis: Option = None, *, keepdims: Option = False):
    """Between the two nearest elements in order, linearly; nan if there is one. Of a vector of `q`, one after the other."""
    numbers = gathered(a, axis) / 1
    if q.ndim == 0:
        return kept(_quantiles(numbers, q), a, axis, keepdims)
    y = np.empty((len(q),) + numbers.shape[1:], numbers.dtype)
    for k in range(len(q)):
        y[k] = _quantiles(numbers, q[k])
    return np.reshape(y, (len(q),) + np.sum(a, axis, keepdims=True).shape) if keepdims else y


def _quantiles(b, q):
    """Along the first axis."""

    def of(v):
        return _quantile(v, q)

    return values_first(b, of)


def _quantile(v, q):
    if q < 0 or q > 1:
        raise ValueError("Quantiles must be in the range [0, 1]")
    order, n, y = order_of(v), len(v), np.full(1, np.nan, v.dtype)
    if n > 0 and v[order[-1]] == v[order[-1]]:
        h = q * (n - 1)
        k = min(math.floor(h), n - 1)
        low, high, t = v[order[k]], v[order[min(k + 1, n - 1)]], h - k
        y[0] = low + (high - low) * t if t < 0.5 else high - (high - low) * (1 - t)
    return y[0]


def average(a, axis: Option = None, weights=None, *, keepdims: Option = False):
    if weights is None:
        return np.mean(a, axis=axis, keepdims=keepdims)
    if axis is None or isinstance(axis, tuple):
        return np.sum(a * weights, axis=axis, keepdims=keepdims) / np.sum(weights, axis=axis, keepdims=keepdims)
    if weights.ndim == 1:
        y = np.sum(np.moveaxis(a, axis, -1) * weights, axis=-1) / np.sum(weights)
        return kept(y, a, axis, keepdims)
    return np.sum(a * weights, axis=axis, keepdims=keepdims) / np.sum(weights, axis=axis, keepdims=keepdims)


def cov(m, y=None, rowvar: Option = True, bias: Option = False, ddof: Option = None):
    """A variable is a row, or a column unless `rowvar`; a single one has a variance."""
    less = (0 if bias else 1) if ddof is None else ddof
    if y is not None:
        return _covariances(np.vstack((_variables(m, rowvar), _variables(y, rowvar))), less)
    if m.ndim == 1:
        d = m - np.mean(m)
        return np.sum(d * d) / (len(m) - less)
    variables = _variables(m, rowvar)
    if len(variables) == 1:
        raise ValueError("sct: np.cov of one variable is a number; give it as a vector")
    return _covariances(variables, less)


def _variables(m, rowvar: Option):
    if m.ndim == 1:
        return m[np.newaxis]
    return m if rowvar else m.T


def _covariances(rows, less):
    d = rows - np.mean(rows, axis=1, keepdims=True)
    return d @ d.T / max(d.shape[1] - less, 0)


def corrcoef(x, y=None, rowvar: Option = True):
    return _correlations(cov(x, y, rowvar))


def _correlations(c):
    if c.ndim == 0:
        return c / c
    d = np.sqrt(np.diag(c))
    return np.clip(c / d[:, np.newaxis] / d, -1.0, 1.0)


def bincount(x, weights=None, minlength=0):
    n = minlength
    for k in range(len(x)):
        if x[k] < 0:
            raise ValueError("'list' argument must have no negative elements")
        n = max(n, x[k] + 1)
    if weights is None:
        counts = np.zeros(n, np.int64)
        for k in range(len(x)):
            counts[x[k]] += 1
        return counts
    if len(weights) != len(x):
        raise ValueError("The weights and list don't have the same length.")
    y = np.zeros(n)
    for k in range(len(x)):
        y[x[k]] += weights[k]
    return y


def histogram(a, bins=10, range=None, *, weights=None):
    """How many numbers each bin has, or the sum of their weights, and the edges of the bins."""
    v = np.ravel(a)
    edges = _edges(v, bins, range)
    counts = bincount(_bins(v, edges), None, len(edges)) if weights is None else _weighed(v, edges, np.ravel(weights))
    return counts[: len(edges) - 1], edges


def _bins(v, edges):
    """The bin of each number; what is in none goes to the last, which does not count."""
    last = len(edges) - 1
    y = np.empty(len(v), np.int64)
    for k in range(len(v)):
        inside = edges[0] <= v[k] <= edges[last]
        y[k] = min(interval(edges, v[k], "right") - 1, last - 1) if inside else last
    return y


def _weighed(v, edges, weights):
    return bincount(_bins(v, edges), weights, len(edges))


def _edges(v, bins, range):
    if bins.ndim == 1:
        return bins
    if range is not None:
        return _spread(range[0], range[1], bins)
    first = np.min(v) if len(v) > 0 else 0.0
    last = np.max(v) if len(v) > 0 else 1.0
    return _spread(first, last, bins)


def _spread(first, last, bins):
    wider = 0.5 if first == last else 0.0
    return np.linspace(first - wider, last + wider, bins + 1)


def unique(ar):
    """The different elements in order; what is not a number is one element."""
    v = sorted_vector(np.ravel(ar))
    count = 0
    for k in range(len(v)):
        if k == 0 or (v[k] != v[k - 1] and (v[k] == v[k] or v[k - 1] == v[k - 1])):
            count += 1
    y, n = np.empty(count, v.dtype), 0
    for k in range(len(v)):
        if k == 0 or (v[k] != v[k - 1] and (v[k] == v[k] or v[k - 1] == v[k - 1])):
            y[n] = v[k]
            n += 1
    return y
