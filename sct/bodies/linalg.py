"""Functions of np.linalg by those of `sct.bodies.factors`."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from sct.bodies import factors
from sct.bodies.option import Option


class SlogdetResult(NamedTuple):
    sign: float
    logabsdet: float


class EighResult(NamedTuple):
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray


class SVDResult(NamedTuple):
    U: np.ndarray
    S: np.ndarray
    Vh: np.ndarray


class QRResult(NamedTuple):
    Q: np.ndarray
    R: np.ndarray


def slogdet(a):
    sign, logabsdet = factors.slogdet(a)
    return SlogdetResult(sign, logabsdet)


def eigh(a, UPLO: Literal["L", "U"] = "L"):
    w, v = factors.eigh(a.T) if UPLO == "U" else factors.eigh(a)
    return EighResult(w, v)


def eigvalsh(a, UPLO: Literal["L", "U"] = "L"):
    w, _ = eigh(a, UPLO)
    return w


def svd(a, full_matrices: Option = True, compute_uv: Option = True):
    if not compute_uv:
        return svdvals(a)
    if full_matrices and a.shape[0] != a.shape[1]:
        raise ValueError("sct: np.linalg.svd of a matrix that is not square has a derivative with full_matrices=False alone")
    u, s, vt = factors.svd(a)
    return SVDResult(u, s, vt)


def svdvals(x):
    _, s, _ = factors.svd(x)
    return s


def qr(a, mode: Literal["reduced", "r"] = "reduced"):
    q, r = factors.qr(a)
    return r if mode == "r" else QRResult(q, r)


def pinv(a, rcond=1e-15):
    return factors.pinv(a, rcond)


def lstsq(a, b, rcond=None):
    return factors.lstsq(a, b, _negligible(a) if rcond is None else rcond)


def _negligible(a):
    """What singular values are compared with, relative to the largest."""
    return max(a.shape[0], a.shape[1]) * factors.epsilon(a)


def matrix_power(a, n):
    """By repeated squaring."""
    base = np.linalg.inv(a) if n < 0 else a.copy()
    left = abs(n)
    power = np.zeros(a.shape, base.dtype)
    np.fill_diagonal(power, 1)
    while left > 0:
        if left % 2 == 1:
            power = factors.matmul(power, base)
        base = factors.matmul(base, base)
        left //= 2
    return power


def cond(x, p: Option = None):
    s = svdvals(x)
    if p is None or p == 2:
        return s[0] / s[-1]
    if p == -2:
        return s[-1] / s[0]
    return np.linalg.norm(x, p) * np.linalg.norm(np.linalg.inv(x), p)


def matrix_rank(A, tol=None):
    s = svdvals(A)
    rank = 0
    for k in range(len(s)):
        if s[k] > (s[0] * _negligible(A) if tol is None else tol):
            rank += 1
    return rank


# for each place of a last axis


def _columns(b):
    return np.reshape(b, (len(b), b.size // max(len(b), 1)))


def solve_all(a, b):
    return np.reshape(factors.solve(a, _columns(b)), b.shape)


def matmul_all(a, b):
    return np.reshape(factors.matmul(a, _columns(b)), a.shape[:1] + b.shape[1:])


def all_matmul(a, b):
    n, m, count = a.shape
    rows = np.reshape(np.transpose(a, (0, 2, 1)), (n * count, m))
    c = np.reshape(factors.matmul(rows, b), (n, count) + b.shape[1:])
    return c if b.ndim == 1 else np.transpose(c, (0, 2, 1)).copy()
