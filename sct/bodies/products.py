"""Products, traces and distances."""

from __future__ import annotations

import numpy as np


def trace(a):
    s = 0
    for k in range(min(a.shape[0], a.shape[1])):
        s += a[k, k]
    return s


def total(iterable):
    s = 0
    for v in iterable:
        s = s + v
    return s


def exact_total(seq):
    s = 0.0
    for v in seq:
        s = s + v
    return s


def product(iterable):
    s = 1
    for v in iterable:
        s = s * v
    return s


def dist(p, q):
    d = p - q
    return np.sqrt(np.sum(d * d))


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
