"""Diagonals and triangles of matrices."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.bodies.views import diagonal


def diag(v, k=0):
    """The matrix with this diagonal; of a matrix the diagonal, which is a view."""
    return diagflat(v, k) if v.ndim == 1 else diagonal(v, k)


def diagflat(v, k=0):
    flat = np.ravel(v)
    n = len(flat) + abs(k)
    y = np.zeros((n, n), flat.dtype)
    for i in range(len(flat)):
        y[i + max(-k, 0), i + max(k, 0)] = flat[i]
    return y


def fill_diagonal(a, val):
    for i in range(min(a.shape[0], a.shape[1])):
        a[i, i] = val


def tri(N, M=None, k=0):
    y = np.zeros((N, N if M is None else M))
    for i in range(N):
        for j in range(max(min(i + k + 1, y.shape[1]), 0)):
            y[i, j] = 1.0
    return y


def tril(m, k=0):
    """Of a matrix, or of each matrix in an array of three axes."""
    y = np.zeros(m.shape, m.dtype)
    if m.ndim == 2:
        _below(m, y, k)
    else:
        for r in range(len(m)):
            _below(m[r], y[r], k)
    return y


def triu(m, k=0):
    y = np.zeros(m.shape, m.dtype)
    if m.ndim == 2:
        _above(m, y, k)
    else:
        for r in range(len(m)):
            _above(m[r], y[r], k)
    return y


def _below(m, y, k):
    for i in range(m.shape[0]):
        for j in range(max(min(i + k + 1, m.shape[1]), 0)):
            y[i, j] = m[i, j]


def _above(m, y, k):
    for i in range(m.shape[0]):
        for j in range(max(i + k, 0), m.shape[1]):
            y[i, j] = m[i, j]


def tril_indices(n, k=0, m=None):
    columns = n if m is None else m
    count = 0
    for i in range(n):
        count += max(min(i + k + 1, columns), 0)
    rows, places, at = np.empty(count, np.int64), np.empty(count, np.int64), 0
    for i in range(n):
        for j in range(max(min(i + k + 1, columns), 0)):
            rows[at], places[at] = i, j
            at += 1
    return rows, places


def triu_indices(n, k=0, m=None):
    columns = n if m is None else m
    count = 0
    for i in range(n):
        count += max(columns - max(i + k, 0), 0)
    rows, places, at = np.empty(count, np.int64), np.empty(count, np.int64), 0
    for i in range(n):
        for j in range(max(i + k, 0), columns):
            rows[at], places[at] = i, j
            at += 1
    return rows, places


def vander(x, N=None, increasing: Option = False):
    """Powers of the elements, the highest first unless `increasing`."""
    numbers = x[:0] * 1  # bools count as ints
    y = np.ones((len(x), len(x) if N is None else N), numbers.dtype)
    for i in range(len(x)):
        for j in range(1, y.shape[1]):
            y[i, j] = y[i, j - 1] * x[i]
    return y if increasing else y[:, ::-1]
