"""Averages, quantiles, covariances and counts."""

import numpy as np

from tests.programs.registry import pos, program, vec

BEYOND = ["beyond_numba"]


@program(lambda r: (pos(r, 4), pos(r, 3, 4)), tags=BEYOND)
def without_nan(x, m):
    """Sums, means, spreads and extremes that leave out what is not a number; rows of nothing else."""
    x[1] = np.nan
    m[0, 1], m[2, 0] = np.nan, np.nan
    s = np.nansum(x) * np.nanmean(x) + np.sum(np.nanmean(m, axis=0) ** 2) + np.sum(np.nansum(m, axis=1, keepdims=True) ** 2)
    s += np.nanvar(x) + np.sum(np.nanstd(m, axis=1, ddof=1)) + np.nanprod(x) * np.nanprod(m)
    s += np.nanmax(x) * np.nanmin(m) + np.sum(np.nanmax(m, axis=1) ** 2) + np.sum(np.nanmin(m, axis=0, keepdims=True) ** 2)
    return s + np.nanmedian(x) ** 2 + np.sum(np.nanmedian(m, axis=0) ** 2) + np.nansum(m[:, 1:1])


@program(lambda r: (vec(r, 5), vec(r, 3, 4), 0.3), tags=BEYOND)
def quantiles(x, m, q):
    """Of all elements, along axes; at an active place, at the ends, of one element."""
    s = np.quantile(x, q) ** 2 + np.percentile(m, 100.0 * q * q) + np.quantile(x, 0.0) * np.quantile(x, 1.0)
    p = np.percentile(m, 40, axis=1) * np.quantile(m, 0.5, axis=1)
    x[2] = 3.0
    return s + np.sum(p**2) + np.sum(np.quantile(m, q, axis=0, keepdims=True) ** 2) + np.quantile(m[:1, :1], 0.7)


@program(lambda r: (vec(r, 5), vec(r, 3, 4), np.array([0.3, 0.6])), tags=BEYOND)
def quantiles_at_several_places(x, m, q):
    """Of all elements and along an axis; at active places and at those of a literal."""
    p = np.quantile(m, q * q, axis=1)
    p[0] *= x[1]
    return np.sum(p**2) + np.sum(np.percentile(x, [10, 60]) ** 2) + np.quantile(m, q)[1] * q[0]


@program(lambda r: (vec(r, 4), vec(r, 3, 4), pos(r, 3)), tags=BEYOND)
def weighted_averages(x, m, w):
    """With and without weights, of a vector of them for an axis, of as many as elements."""
    s = np.average(x) * np.average(x, weights=x * x) + np.sum(np.average(m, axis=0, weights=w) ** 2)
    s += np.sum(np.average(m, axis=1, weights=m * m) ** 2) + np.sum(np.average(m, axis=1, keepdims=True) ** 3)
    return s + np.average(m, weights=m + 2.0)


@program(lambda r: (vec(r, 5), vec(r, 3, 5), vec(r, 5)), tags=BEYOND)
def covariances(x, m, y):
    """Of rows and columns, of one variable, of two; correlations."""
    c = np.cov(m)
    m[0, 0] = x[1]
    s = np.sum(c * c) + np.cov(x) * np.cov(x, y)[0, 1] + np.sum(np.cov(m, rowvar=False, bias=True)[1] ** 3) + np.cov(y, ddof=0)
    return s + np.corrcoef(x, y)[0, 1] + np.sum(np.corrcoef(m)[0] ** 2)


@program(lambda r: (pos(r, 6), vec(r, 6), np.array([0, 2, 2, 5, 0, 1])), tags=BEYOND)
def counts_and_weights(x, w, k):
    """Counts, which are constant, and sums of weights, which are not; edges that follow the data."""
    c, e = np.histogram(x, bins=3)
    n, edges = np.histogram(x, np.array([0.4, 0.9, 1.3]), weights=w)
    b = np.bincount(k, weights=w * w, minlength=7)
    w[0] = 4.0
    return np.sum(c * e[1:] ** 2) + np.sum(n**2) * edges[1] + np.sum(b**2) + np.sum(np.bincount(k)[k] * w) + np.sum(np.unique(x) ** 3)
