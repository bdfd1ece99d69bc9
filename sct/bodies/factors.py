"""Solutions, inverses and factorisations of matrices, and their derivatives.

Products and solutions have rules for both directions, the others forward ones alone: the compiler transposes these. Each
differential follows from the equations that define the result (docs/linalg.md). M. Giles, Collected matrix derivative results
(2008), has those of inverse, determinant, eigenvalues and singular values; I. Murray, Differentiation of the Cholesky
decomposition (2016), that of `cholesky`; J. Townsend, Differentiating the singular value decomposition (2016), that of `svd`;
S. Walter and L. Lehmann, Algorithmic differentiation of linear algebra functions (2010), that of `qr`; G. Golub and V. Pereyra
(1973) that of `pinv`.
"""

from __future__ import annotations

import numpy as np

from sct.bodies.native import declare
from sct.custom import Both, Jvp, Stop

MATRIX, NUMBER = (2,), (0,)


def fresh(a):
    """An array like `a` that is its own."""
    b = np.empty(a.shape, a.dtype)
    b[:] = a
    return b


def times_transposed(a, b):
    """a @ b.T, of vectors or matrices."""
    return a[:, np.newaxis] * b if a.ndim == 1 else matmul(a, b.T)


# products, a @ b, by BLAS, and solutions of a @ x = b


def matmul(a, b):
    return np.dot(a, b)


def matmul_fwd(a, b):
    """The product itself is not asked for here."""
    return 0.0, (a, b)


def matmul_bwd(residuals, c_bar):
    a, b = residuals
    return times_transposed(c_bar, b), matmul_second(a, c_bar)


def matmul_second(a, c_bar):
    return matmul(a.T, c_bar)


def matmul_rule(primals, tangents):
    (a, b), (a_dot, b_dot) = primals, tangents
    return matmul(a, b), matmul(a_dot, b) + matmul(a, b_dot)


declare(matmul, (MATRIX, (1, 2)), Both(matmul_fwd, matmul_bwd, matmul_rule, matmul_second))


def solve(a, b):
    return fresh(b) + a[0, 0]


def solve_fwd(a, b):
    x = solve(a, b)
    return x, (a, x)


def solve_bwd(residuals, x_bar):
    a, x = residuals
    b_bar = solve_second(a, x_bar)
    return times_transposed(-b_bar, x), b_bar


def solve_second(a, x_bar):
    return solve(a.T, x_bar)


def solve_rule(primals, tangents):
    (a, b), (a_dot, b_dot) = primals, tangents
    x = solve(a, b)
    return x, solve(a, b_dot - matmul(a_dot, x))


declare(solve, (MATRIX, (1, 2)), Both(solve_fwd, solve_bwd, solve_rule, solve_second))


# inverses and determinants


def inv(a):
    return fresh(a)


def inv_rule(primals, tangents):
    (a,), (a_dot,) = primals, tangents
    x = inv(a)
    return x, -matmul(x, matmul(a_dot, x))


declare(inv, (MATRIX,), Jvp(inv_rule))


def det(a):
    return a[0, 0] + a[0, 0]


def det_rule(primals, tangents):
    (a,), (a_dot,) = primals, tangents
    d = det(a)
    return d, d * np.sum(inv(a).T * a_dot)


declare(det, (MATRIX,), Jvp(det_rule))


def slogdet(a):
    return a[0, 0] + a[0, 0], a[0, 0] + a[0, 0]


def slogdet_rule(primals, tangents):
    (a,), (a_dot,) = primals, tangents
    sign, logarithm = slogdet(a)
    return (sign, logarithm), (0.0, np.sum(inv(a).T * a_dot))


declare(slogdet, (MATRIX,), Jvp(slogdet_rule))


def pinv(a, rcond):
    return fresh(a.T) + np.zeros(1, a.dtype)


def pinv_rule(primals, tangents):
    """While the rank does not change."""
    (a, rcond), (a_dot, _) = primals, tangents
    p = pinv(a, rcond)
    rows, columns = matmul(a_dot.T, matmul(p.T, p)), matmul(matmul(p, p.T), a_dot.T)
    return p, rows - matmul(p, matmul(a, rows)) + columns - matmul(matmul(columns, a), p) - matmul(p, matmul(a_dot, p))


declare(pinv, (MATRIX, NUMBER), Jvp(pinv_rule))


# symmetric matrices, of which the lower triangle is read


def mirrored(a):
    """The symmetric matrix with the lower triangle of `a`."""
    s = np.empty(a.shape, a.dtype)
    for i in range(len(a)):
        for j in range(i + 1):
            s[i, j] = a[i, j]
            s[j, i] = a[i, j]
    return s


def cholesky(a):
    return fresh(a)


def cholesky_rule(primals, tangents):
    """With l @ l.T = a, inv(l) @ a_dot @ inv(l).T is the sum of inv(l) @ l_dot, which is lower, and its transpose."""
    (a,), (a_dot,) = primals, tangents
    lower = cholesky(a)
    half = solve(lower, solve(lower, mirrored(a_dot)).T)
    part = np.zeros(a.shape, a.dtype)
    for i in range(len(a)):
        for j in range(i):
            part[i, j] = half[i, j]
        part[i, i] = 0.5 * half[i, i]
    return lower, matmul(lower, part)


declare(cholesky, (MATRIX,), Jvp(cholesky_rule))


def diagonal_of(a):
    d = np.empty(len(a), a.dtype)
    for i in range(len(a)):
        d[i] = a[i, i]
    return d


def eigh(a):
    return fresh(a[0]), fresh(a)


def eigh_rule(primals, tangents):
    """Eigenvectors turn by p[i, j] / (w[j] - w[i]); where eigenvalues are equal that is infinite or nan."""
    (a,), (a_dot,) = primals, tangents
    w, v = eigh(a)
    p = matmul(v.T, matmul(mirrored(a_dot), v))
    turn = np.zeros(a.shape, a.dtype)
    for i in range(len(w)):
        for j in range(len(w)):
            if i != j:
                turn[i, j] = p[i, j] / (w[j] - w[i])
    return (w, v), (diagonal_of(p), matmul(v, turn))


declare(eigh, (MATRIX,), Jvp(eigh_rule))


# other factorisations


def svd(a):
    return fresh(a), fresh(a[0]), fresh(a)


def svd_rule(primals, tangents):
    (a,), (a_dot,) = primals, tangents
    u, s, vt = svd(a)
    across, down = matmul(a_dot, vt.T), matmul(a_dot.T, u)
    p = matmul(u.T, across)
    left, right = np.zeros(p.shape, p.dtype), np.zeros(p.shape, p.dtype)
    for i in range(len(s)):
        for j in range(len(s)):
            if i != j:
                gap = (s[j] - s[i]) * (s[j] + s[i])
                left[i, j] = (p[i, j] * s[j] + s[i] * p[j, i]) / gap
                right[i, j] = (s[i] * p[i, j] + p[j, i] * s[j]) / gap
    u_dot, v_dot = matmul(u, left), matmul(vt.T, right)
    if len(u) > len(s):
        u_dot += (across - matmul(u, p)) / s
    if vt.shape[1] > len(s):
        v_dot += (down - matmul(vt.T, p.T)) / s
    return (u, s, vt), (u_dot, diagonal_of(p), v_dot.T)


declare(svd, (MATRIX,), Jvp(svd_rule))


def qr(a):
    return fresh(a), fresh(a)


def qr_rule(primals, tangents):
    """r is q.T @ a; the first columns, as many as there are in q, decide q."""
    (a,), (a_dot,) = primals, tangents
    q, r = qr(a)
    k = q.shape[1]
    c = solve(r[:, :k].T, a_dot[:, :k].T).T
    p = matmul(q.T, c)
    turn = np.zeros(p.shape, p.dtype)
    for i in range(k):
        for j in range(i):
            turn[i, j] = p[i, j]
            turn[j, i] = -p[i, j]
    q_dot = c - matmul(q, p - turn)
    r_dot = matmul(q_dot.T, a) + matmul(q.T, a_dot)
    for i in range(k):
        r_dot[i, :i] = 0.0
    return (q, r), (q_dot, r_dot)


declare(qr, (MATRIX,), Jvp(qr_rule))


def lstsq(a, b, rcond):
    return fresh(b) + a[0, 0], np.zeros(1, b.dtype), len(b), fresh(a[0])


def lstsq_rule(primals, tangents):
    """While the rank does not change. `residuals` is empty, or has the squared length of b - a @ x for each column."""
    (a, b, rcond), (a_dot, b_dot, _) = primals, tangents
    x, residuals, rank, s = lstsq(a, b, rcond)
    p = pinv(a, rcond)
    r, r_dot = b - matmul(a, x), b_dot - matmul(a_dot, x)
    moved = matmul(a_dot.T, matmul(p.T, x))
    x_dot = matmul(p, r_dot + matmul(p.T, matmul(a_dot.T, r))) + moved - matmul(p, matmul(a, moved))
    residuals_dot = np.zeros(len(residuals), b.dtype)
    if len(residuals):
        residuals_dot += 2.0 * np.sum(r * r_dot, axis=0)
    u, _, vt = svd(a)
    return (x, residuals, rank, s), (x_dot, residuals_dot, 0, diagonal_of(matmul(u.T, matmul(a_dot, vt.T))))


declare(lstsq, (MATRIX, (1, 2), NUMBER), Jvp(lstsq_rule))


def epsilon(a):
    return a[0, 0]


declare(epsilon, (MATRIX,), Stop())
