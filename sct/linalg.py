"""Linear algebra that generated code calls: NumPy's in plain Python; compiled, LAPACK by way of Numba, which takes it from scipy.

Every result is new and C-contiguous. The derivatives are in `sct.bodies.factors`.
"""

from __future__ import annotations

import numpy as np

from sct.runtime import register_jitable


@register_jitable
def matmul(a, b):
    """A matrix times a matrix or a vector."""
    return np.dot(np.ascontiguousarray(a), np.ascontiguousarray(b))


@register_jitable
def solve(a, b):
    """The solution of `a @ x = b`, of a vector or of columns."""
    return np.ascontiguousarray(np.linalg.solve(a, b))


@register_jitable
def _columns(b):
    """All axes but the first made one."""
    return np.ascontiguousarray(b).reshape(len(b), b.size // max(len(b), 1))


@register_jitable
def solve_all(a, b):
    """`solve` for each place of the last axis of `b`."""
    return solve(a, _columns(b)).reshape(b.shape)


@register_jitable
def matmul_all(a, b):
    """`matmul` for each place of the last axis of `b`."""
    return matmul(a, _columns(b)).reshape(a.shape[:1] + b.shape[1:])


@register_jitable
def all_matmul(a, b):
    """`matmul` for each place of the last axis of `a`."""
    n, m, count = a.shape
    rows = np.ascontiguousarray(np.transpose(a, (0, 2, 1))).reshape(n * count, m)
    c = matmul(rows, b).reshape((n, count) + b.shape[1:])  # noqa: RUF005 - Numba
    return c if b.ndim == 1 else np.ascontiguousarray(np.transpose(c, (0, 2, 1)))


@register_jitable
def inv(a):
    return np.ascontiguousarray(np.linalg.inv(a))


@register_jitable
def det(a):
    return np.linalg.det(a)


@register_jitable
def slogdet(a):
    sign, logarithm = np.linalg.slogdet(a)
    return sign, logarithm


@register_jitable
def cholesky(a):
    """The lower factor, of the lower triangle. Numba's reads the other one of an array in Fortran's order."""
    return np.linalg.cholesky(np.ascontiguousarray(a))


@register_jitable
def eigh(a):
    """Eigenvalues and eigenvectors of the symmetric matrix with this lower triangle."""
    w, v = np.linalg.eigh(a)
    return w, np.ascontiguousarray(v)


@register_jitable
def svd(a):
    """The thin singular value decomposition."""
    u, s, vt = np.linalg.svd(a, False)
    return np.ascontiguousarray(u), s, np.ascontiguousarray(vt)


@register_jitable
def qr(a):
    """The reduced factors."""
    q, r = np.linalg.qr(a)
    return np.ascontiguousarray(q), np.ascontiguousarray(r)


@register_jitable
def epsilon(a):
    """The distance from 1 to the next number of the type of the elements."""
    return np.finfo(a.dtype).eps


@register_jitable
def lstsq(a, b, rcond):
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond)
    return np.ascontiguousarray(x), residuals, rank, s


@register_jitable
def pinv(a, rcond):
    return np.ascontiguousarray(np.linalg.pinv(a, rcond))
