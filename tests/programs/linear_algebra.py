"""Matrix algorithms in place, most after PolyBench: factorisations, solves, triangular nests."""

import math

import numpy as np

from .registry import dominant, num, pos, program, spd, vec


@program(lambda r: (dominant(r, 4),))
def lu(a):
    """LU without pivoting, in place: undoing the stores needs nothing saved."""
    n = a.shape[0]
    for i in range(n):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[k, j]
            a[i, j] /= a[j, j]
        for j in range(i, n):
            for k in range(i):
                a[i, j] -= a[i, k] * a[k, j]
    s = 0.0
    for i in range(n):
        s += math.log(a[i, i]) + a[i, i - 1] * a[0, i]
    return s


@program(lambda r: (dominant(r, 3),))
def lu_right_looking(a):
    """LU by elimination of columns: the trailing block is overwritten in every step."""
    n = a.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] = a[i, k] / a[k, k]
            for j in range(k + 1, n):
                a[i, j] = a[i, j] - a[i, k] * a[k, j]
    d = 1.0
    for k in range(n):
        d *= a[k, k]
    return d + a[2, 1]


@program(lambda r: (vec(r, 3, 3) + 0.3 * r.uniform(size=(3, 3)),))
def determinant_with_pivoting(a):
    """Row exchanges decided by the data: swaps of elements under a branch, a sign carried along."""
    n = a.shape[0]
    det = 1.0
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[p, k]):
                p = i
        if p != k:
            det = -det
            for j in range(n):
                a[k, j], a[p, j] = a[p, j], a[k, j]
        det *= a[k, k]
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            for j in range(k, n):
                a[i, j] -= f * a[k, j]
    return det


@program(lambda r: (spd(r, 4),))
def cholesky(a):
    """Cholesky in place; square roots of overwritten diagonals."""
    n = a.shape[0]
    for i in range(n):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[j, k]
            a[i, j] /= a[j, j]
        for k in range(i):
            a[i, i] -= a[i, k] * a[i, k]
        a[i, i] = math.sqrt(a[i, i])
    s = 0.0
    for i in range(n):
        s += 2.0 * math.log(a[i, i]) + a[i, 0]
    return s


@program(lambda r: (dominant(r, 4), vec(r, 4)))
def trisolv(l, b):
    """Forward substitution into a new array."""
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = b[i]
        for j in range(i):
            x[i] -= l[i, j] * x[j]
        x[i] = x[i] / l[i, i]
    return x[0] * x[1] + x[2] * x[3]


@program(lambda r: (dominant(r, 4), vec(r, 4)))
def back_substitution(u, b):
    """Back substitution in place of the right-hand side, downwards."""
    n = len(b)
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= u[i, j] * b[j]
        b[i] /= u[i, i]
    s = 0.0
    for v in b:
        s += v * v
    return s


@program(lambda r: (0.3 * vec(r, 5), 2.0 + pos(r, 5), 0.3 * vec(r, 5), vec(r, 5)))
def thomas(a, b, c, d):
    """The tridiagonal solver: an elimination in place and a substitution backwards."""
    n = len(d)
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] = b[i] - w * c[i - 1]
        d[i] = d[i] - w * d[i - 1]
    d[n - 1] = d[n - 1] / b[n - 1]
    for i in range(n - 2, -1, -1):
        d[i] = (d[i] - c[i] * d[i + 1]) / b[i]
    s = 0.0
    for i in range(n):
        s += d[i] * d[i]
    return s


@program(lambda r: (0.3 * vec(r, 5),))
def durbin(r):
    """Levinson-Durbin for a Toeplitz system: two vectors, one read backwards."""
    n = len(r)
    y = np.zeros(n)
    z = np.zeros(n)
    y[0] = -r[0]
    beta = 1.0
    alpha = -r[0]
    for k in range(1, n):
        beta = (1.0 - alpha * alpha) * beta
        s = 0.0
        for i in range(k):
            s += r[k - i - 1] * y[i]
        alpha = -(r[k] + s) / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha
    return y[0] * y[1] + y[n - 1] * beta


@program(lambda r: (vec(r, 4, 3),))
def gram_schmidt(a):
    """Modified Gram-Schmidt in place, with column views."""
    m, n = a.shape
    s = 1.0
    for k in range(n):
        q = a[:, k]
        norm = 0.0
        for i in range(m):
            norm += q[i] * q[i]
        norm = math.sqrt(norm)
        s = s * norm
        for i in range(m):
            q[i] /= norm
        for j in range(k + 1, n):
            v = a[:, j]
            p = 0.0
            for i in range(m):
                p += q[i] * v[i]
            for i in range(m):
                v[i] -= p * q[i]
    return s + a[0, 2] * a[1, 1]


@program(lambda r: (vec(r, 3, 4), vec(r, 4, 2), num(r), num(r)))
def gemm(a, b, alpha, beta):
    """A product into a scaled argument, with three loops."""
    c = np.ones((3, 2))
    for i in range(3):
        for j in range(2):
            c[i, j] *= beta
        for k in range(4):
            for j in range(2):
                c[i, j] += alpha * a[i, k] * b[k, j]
    return c[0, 0] * c[1, 1] + c[2, 0] * c[2, 1]


@program(lambda r: (vec(r, 3, 3), vec(r, 3, 3)))
def trmm(a, b):
    """A triangular product in place of its operand: the rows below are still the old ones."""
    n = b.shape[0]
    for i in range(n):
        for j in range(n):
            for k in range(i + 1, n):
                b[i, j] += a[k, i] * b[k, j]
            b[i, j] = b[i, j] * b[i, j] * 0.5
    return b[0, 0] * b[1, 1] + b[2, 0] * b[0, 2]


@program(lambda r: (spd(r, 3), vec(r, 3), 3))
def conjugate_gradients(a, b, n):
    """A few steps of conjugate gradients with in-place vectors."""
    m = len(b)
    x = np.zeros(m)
    r = b.copy()
    p = b.copy()
    q = np.zeros(m)
    rr = np.dot(r, r)
    for _ in range(n - 1):
        for i in range(m):
            q[i] = 0.0
            for j in range(m):
                q[i] += a[i, j] * p[j]
        alpha = rr / np.dot(p, q)
        for i in range(m):
            x[i] += alpha * p[i]
            r[i] -= alpha * q[i]
        new = np.dot(r, r)
        for i in range(m):
            p[i] = r[i] + new / rr * p[i]
        rr = new
    return np.dot(x, b) + rr


@program(lambda r: (vec(r, 4, 3),))
def covariance(data):
    """Columns are centred in place, then multiplied."""
    n, m = data.shape
    for j in range(m):
        mean = 0.0
        for i in range(n):
            mean += data[i, j]
        mean /= n
        for i in range(n):
            data[i, j] -= mean
    s = 0.0
    for i in range(m):
        for j in range(i, m):
            c = 0.0
            for k in range(n):
                c += data[k, i] * data[k, j]
            s += c * c / (n - 1.0)
    return s


@program(lambda r: (pos(r, 4, 4),))
def floyd_warshall(d):
    """Shortest paths in place: minima of sums, most of them not taken."""
    n = d.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                t = d[i, k] + d[k, j]
                if t < d[i, j]:
                    d[i, j] = t
    return d[0, 3] * d[3, 0] + d[1, 2]


@program(lambda r: (vec(r, 4, 4), vec(r, 4), vec(r, 4), num(r)))
def gemver(a, u, v, alpha):
    """A rank-one update in place, then products with the matrix and its transpose."""
    n = len(u)
    x = np.zeros(n)
    for i in range(n):
        for j in range(n):
            a[i, j] = a[i, j] + u[i] * v[j]
    for i in range(n):
        for j in range(n):
            x[i] += alpha * a[j, i] * v[j]
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += a[i, j] * x[j] * u[i]
    return s


@program(lambda r: (vec(r, 4, 4), 1e-3))
def jacobi_rotation(a, tiny):
    """Rotations of rows chosen by the data, with the angle from a branch."""
    for p in range(3):
        q = p + 1
        if abs(a[q, p]) > tiny:
            h = math.sqrt(a[p, p] ** 2 + a[q, p] ** 2)
            c = a[p, p] / h
            s = a[q, p] / h
            for j in range(4):
                t = c * a[p, j] + s * a[q, j]
                a[q, j] = c * a[q, j] - s * a[p, j]
                a[p, j] = t
    return a[0, 0] * a[1, 1] * a[2, 2] + a[3, 3]
