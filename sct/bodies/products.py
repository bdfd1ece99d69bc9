"""Products, traces and distances."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.errors import UnsupportedCall


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


def multi_dot(arrays):
    y = arrays[0] @ arrays[1]
    return y if len(arrays) == 2 else multi_dot((y,) + arrays[2:])


def cross(a, b):
    """Of vectors with three elements, or of each row."""
    if isinstance(a, tuple):
        return cross(np.array(a), b)
    if isinstance(b, tuple):
        return cross(a, np.array(b))
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError("sct: np.cross takes vectors of three elements")
    if a.ndim == 1:
        if b.ndim == 1:
            return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])
        return -_crossed_rows(b, a)
    return _crossed_rows(a, b)


def _crossed_rows(a, b):
    p, q, r = a[..., 1] * b[..., 2], a[..., 2] * b[..., 0], a[..., 0] * b[..., 1]
    p, q, r = p - a[..., 2] * b[..., 1], q - a[..., 0] * b[..., 2], r - a[..., 1] * b[..., 0]
    return np.stack((p, q, r), axis=-1)


def kron(a, b):
    """Of vectors and matrices; a vector is a matrix of one row where the other is a matrix."""
    if a.ndim == 1:
        return np.ravel(outer(a, b)) if b.ndim == 1 else _blocks(a[np.newaxis], b)
    return _blocks(a, b[np.newaxis]) if b.ndim == 1 else _blocks(a, b)


def _blocks(a, b):
    y = a[:, np.newaxis, :, np.newaxis] * b[:, np.newaxis, :]
    return np.reshape(y, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))


def convolve(a, v, mode: Option = "full"):
    """`same` is as long as the longer one, `valid` has what no end takes part in."""
    n, m = max(len(a), len(v)), min(len(a), len(v))
    return _part(_convolved(a, v), n, m, (m - 1) // 2, mode)


def correlate(a, v, mode: Option = "valid"):
    n, m = max(len(a), len(v)), min(len(a), len(v))
    return _part(_convolved(a, v[::-1]), n, m, (m - 1) // 2 if len(v) <= len(a) else m // 2, mode)


def _convolved(a, v):
    if len(a) == 0 or len(v) == 0:
        raise ValueError("a vector cannot be empty")
    both = a[:1] * v[:1]
    y = np.zeros(len(a) + len(v) - 1, both.dtype)
    for i in range(len(a)):
        for j in range(len(v)):
            y[i + j] += a[i] * v[j]
    return y


def _part(y, n, m, left, mode: Option):
    if mode == "full":
        return y
    if mode == "same":
        return y[left : left + n]
    if mode == "valid":
        return y[m - 1 : n]
    raise UnsupportedCall("this mode does not exist", "write 'full', 'same' or 'valid'")
