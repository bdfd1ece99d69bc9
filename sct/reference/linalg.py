"""NumPy's linear algebra over Numbers, by elimination and by rotations: nothing here knows a derivative.

Where a factorisation is unique but for signs, these are NumPy's.
"""

from __future__ import annotations

import numpy as np

import sct.linalg
from sct.reference.number import as_array, call, values

SWEEPS = 30
"""Of rotations: they converge quadratically, values first and derivatives with them."""


def _copy(a):
    return as_array(np.array(a, dtype=object))


def solve(a, b):
    """Gaussian elimination with row exchanges."""
    u, _, x = eliminated(a, _copy(b))
    n = len(u)
    for k in range(n - 1, -1, -1):
        x[k] = (x[k] - np.dot(u[k, k + 1 :], x[k + 1 :])) / u[k, k] if k + 1 < n else x[k] / u[k, k]
    return x


def eliminated(a, b):
    """The upper triangular matrix that row operations make of `a`, the sign of the exchanges, and what becomes of `b`."""
    a, sign, n = _copy(a), 1.0, len(a)
    for k in range(n):
        pivot = k + int(np.argmax(np.abs(values(a[k:, k]))))
        if pivot != k:
            a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
            sign = -sign
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k:] = a[i, k:] - factor * a[k, k:]
            b[i] = b[i] - factor * b[k]
    return a, sign, b


def inv(a):
    return solve(a, np.eye(len(a)))


def det(a):
    u, sign, _ = eliminated(a, _copy(np.zeros(len(a))))
    for k in range(len(u)):
        sign = sign * u[k, k]
    return sign


def slogdet(a):
    u, sign, _ = eliminated(a, _copy(np.zeros(len(a))))
    logarithm = 0.0
    for k in range(len(u)):
        sign = sign * float(np.sign(values(u[k, k])))
        logarithm = logarithm + call("log", call("absolute", u[k, k]))
    return _named(np.linalg.slogdet(values(a)), sign, logarithm)


def cholesky(a):
    lower = _copy(np.zeros(np.shape(a)))
    for i in range(len(a)):
        for j in range(i + 1):
            rest = a[i, j] - np.dot(lower[i, :j], lower[j, :j]) if j else a[i, j]
            lower[i, j] = call("sqrt", rest) if i == j else rest / lower[j, j]
    return lower


def _rotated(columns, i: int, j: int, t) -> None:
    """Columns i and j turned by the angle of tangent `t`."""
    c = 1.0 / call("sqrt", 1.0 + t * t)
    x, y = columns[:, i].copy(), columns[:, j].copy()
    columns[:, i], columns[:, j] = c * (x - t * y), c * (t * x + y)


def _tangent(p, q, r):
    """Of the smaller angle that makes the matrix [[p, r], [r, q]] diagonal."""
    d = q - p
    root = call("sqrt", d * d + 4.0 * r * r)
    below = d + root if values(d) >= 0 else d - root
    return 2.0 * r / below if values(below) != 0 else 0.0


def _orthogonal(a):
    """One-sided Jacobi: `a @ v` with orthogonal columns, and `v`."""
    a, v = _copy(a), _copy(np.eye(a.shape[1]))
    for _ in range(SWEEPS):
        for j in range(a.shape[1]):
            for i in range(j):
                t = _tangent(np.dot(a[:, i], a[:, i]), np.dot(a[:, j], a[:, j]), np.dot(a[:, i], a[:, j]))
                _rotated(a, i, j, t)
                _rotated(v, i, j, t)
    return a, v


def _named(whole, *parts):
    """The parts under the names that NumPy's result gives them."""
    return type(whole)(*parts) if hasattr(whole, "_fields") else parts


def _flips(found, wanted):
    """The signs that make columns point as NumPy's do."""
    return np.where(np.sum(values(found) * wanted, axis=0) < 0, -1.0, 1.0)


def eigh(a, UPLO="L"):
    """Jacobi's rotations from both sides."""
    lower = a if UPLO == "L" else a.T
    n = len(a)
    a, v = _copy([[lower[max(i, j), min(i, j)] for j in range(n)] for i in range(n)]), _copy(np.eye(n))
    plain = values(a)
    for _ in range(SWEEPS):
        for j in range(n):
            for i in range(j):
                t = _tangent(a[i, i], a[j, j], a[i, j])
                _rotated(a, i, j, t)
                _rotated(a.T, i, j, t)
                _rotated(v, i, j, t)
    order = np.argsort(values(np.diagonal(a)))
    v = v[:, order]
    whole = np.linalg.eigh(plain)
    return _named(whole, as_array(np.diagonal(a)[order]), v * _flips(v, whole[1]))


def eigvalsh(a, UPLO="L"):
    return eigh(a, UPLO)[0]


def svd(a, full_matrices=True, compute_uv=True):
    if a.shape[0] < a.shape[1]:
        v, s, ut = _tall_svd(a.T)
        u, vt = ut.T, v.T
    else:
        u, s, vt = _tall_svd(a)
    whole = np.linalg.svd(values(a), full_matrices=False)
    flips = _flips(u, whole[0])
    return _named(whole, u * flips, s, vt * flips[:, None]) if compute_uv else s


def _tall_svd(a):
    us, v = _orthogonal(a)
    s = call("sqrt", as_array(np.sum(us * us, axis=0)))
    order = np.argsort(-values(s))
    return us[:, order] / s[order], s[order], v[:, order].T


def svdvals(a):
    return svd(a)[1]


def qr(a, mode="reduced"):
    """Gram and Schmidt, twice."""
    k = min(a.shape)
    q = _copy(a[:, :k])
    for j in range(k):
        for _ in range(2):
            for i in range(j):
                q[:, j] = q[:, j] - np.dot(q[:, i], q[:, j]) * q[:, i]
        q[:, j] = q[:, j] / call("sqrt", np.dot(q[:, j], q[:, j]))
    whole = np.linalg.qr(values(a))
    q = q * _flips(q, whole[0])
    r = as_array(np.dot(q.T, a))
    return r if mode == "r" else _named(whole, q, r)


def pinv(a, rcond=1e-15):
    """Of a matrix of full rank."""
    tall = a.shape[0] >= a.shape[1]
    return solve(np.dot(a.T, a), a.T) if tall else solve(np.dot(a, a.T), a).T


def lstsq(a, b, rcond=None):
    """Of a matrix of full rank."""
    x = as_array(np.dot(pinv(a), b))
    r = b - np.dot(a, x)
    over = a.shape[0] > a.shape[1]
    residuals = np.atleast_1d(np.sum(r * r, axis=0)) if over else np.zeros(0)
    return x, as_array(residuals), min(a.shape), svdvals(a)


def matrix_power(a, n):
    base, power = inv(a) if n < 0 else a, _copy(np.eye(len(a)))
    for _ in range(abs(n)):
        power = as_array(np.dot(power, base))
    return power


def cond(x, p=None):
    if p == "fro":
        y = inv(x)
        return call("sqrt", np.sum(x * x) * np.sum(y * y))
    if p not in (None, 2):
        raise TypeError("the references know only the condition numbers in the 2-norm and in Frobenius's")
    s = svdvals(x)
    return s[0] / s[-1]


def matrix_rank(a):
    return np.linalg.matrix_rank(values(a))


_OWN = (solve, inv, det, slogdet, cholesky, eigh, eigvalsh, svd, svdvals, qr, pinv, lstsq, matrix_power, cond, matrix_rank)
SHIMS = {getattr(np.linalg, f.__name__): f for f in _OWN if hasattr(np.linalg, f.__name__)}
SHIMS[sct.linalg.epsilon] = lambda _: np.finfo(float).eps
