"""np.linalg: solutions, inverses, determinants and factorisations, by LAPACK."""

import numpy as np

from .registry import dominant, num, pos, program, spd, vec


def distinct(rng, n):
    """A symmetric matrix whose eigenvalues are apart."""
    q, _ = np.linalg.qr(rng.normal(size=(n, n)))
    return q @ np.diag(np.arange(1.0, n + 1.0) + rng.uniform(0.0, 0.4, n)) @ q.T


def apart(rng, m, n):
    """A matrix of full rank whose singular values are apart."""
    k = min(m, n)
    u, v = np.linalg.qr(rng.normal(size=(m, k)))[0], np.linalg.qr(rng.normal(size=(n, k)))[0]
    return (u * (np.arange(1.0, k + 1.0) + rng.uniform(0.0, 0.4, k))) @ v.T


@program(lambda r: (dominant(r, 3), vec(r, 3)))
def linalg_solve(a, b):
    """A vector on the right; the solution is read twice."""
    x = np.linalg.solve(a, b)
    return np.sum(x * x) + x[0] * b[1]


@program(lambda r: (dominant(r, 3), vec(r, 3, 2)))
def linalg_solve_columns(a, b):
    """A matrix on the right."""
    x = np.linalg.solve(a, b)
    return np.sum(x * x) + x[0, 1] * a[2, 0]


@program(lambda r: (dominant(r, 4), vec(r, 8)))
def linalg_solve_of_views(a, b):
    """Transposed and strided arguments, and a part of a matrix."""
    x = np.linalg.solve(a.T, b[::2])
    y = np.linalg.solve(a[1:, 1:], x[:3])
    return np.sum(x * x) + np.sum(y) * x[3]


@program(lambda r: (dominant(r, 3), vec(r, 3)))
def linalg_solve_in_a_loop(a, b):
    """The matrix and the right side are overwritten between the solves: implicit time steps."""
    x = b.copy()
    for k in range(3):
        a[k, k] += 0.1 * x[k] * x[k]
        x = np.linalg.solve(a, x)
        a[0, 1] = x[2]
    return np.sum(x) + a[0, 1]


@program(lambda r: (dominant(r, 3), vec(r, 3), 0), tags=("zero_trip",))
def linalg_solve_zero_trips(a, b, n):
    """A loop with a solve that does not run."""
    x = b.copy()
    for _ in range(n):
        x = np.linalg.solve(a, x)
    return np.sum(x * x) + 0.0 * a[0, 0]


@program(lambda r: (dominant(r, 3), vec(r, 3)))
def linalg_newton(a, x):
    """Newton's method: as many solves as it takes, of a matrix that is filled anew."""
    j = np.zeros((3, 3))
    r = np.ones(3)
    while np.max(np.abs(r)) > 1e-13:
        for i in range(3):
            r[i] = a[i, 0] * x[0] + a[i, 1] * x[1] + a[i, 2] * x[2] + x[i] ** 3 - 1.0
            for k in range(3):
                j[i, k] = a[i, k]
            j[i, i] += 3.0 * x[i] * x[i]
        x = x - np.linalg.solve(j, r)
    return np.sum(x * x) + x[0]


@program(lambda r: (dominant(r, 3), vec(r, 3, 3)))
def linalg_inverse(a, b):
    """An inverse, whose argument and result are overwritten afterwards."""
    c = np.linalg.inv(a)
    a[0, 0] = b[1, 2]
    s = np.sum(c * b)
    c[1, 1] = b[0, 0] * c[1, 1]
    return s + np.sum(c * a)


@program(lambda r: (dominant(r, 3),))
def linalg_determinant(a):
    """Its result is named as the function is."""
    det = np.linalg.det(a)
    return det * det + a[0, 1]


@program(lambda r: (spd(r, 3), num(r)))
def linalg_log_determinant(a, ridge):
    """Regularised, as in Gaussian models; the sign has no derivative."""
    b = a.copy()
    for i in range(3):
        b[i, i] += ridge * ridge
    sign, logarithm = np.linalg.slogdet(b)
    return sign * logarithm * logarithm


@program(lambda r: (spd(r, 3), vec(r, 3)))
def linalg_gaussian(a, x):
    """A log-likelihood by the Cholesky factor."""
    factor = np.linalg.cholesky(a)
    z = np.linalg.solve(factor, x)
    s = -0.5 * np.sum(z * z)
    for i in range(len(x)):
        s -= np.log(factor[i, i])
    return s - 0.5 * len(x) * np.log(2.0 * np.pi)


@program(lambda r: (vec(r, 4), vec(r, 4), pos(r, 2)))
def linalg_gaussian_process(x, y, scale):
    """The kernel matrix is filled in a loop."""
    n = len(x)
    k = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            k[i, j] = scale[0] * np.exp(-((x[i] - x[j]) ** 2) / scale[1])
        k[i, i] += 0.5
    factor = np.linalg.cholesky(k)
    alpha = np.linalg.solve(factor.T, np.linalg.solve(factor, y))
    s = 0.5 * np.sum(y * alpha)
    for i in range(n):
        s += np.log(factor[i, i])
    return s


@program(lambda r: (spd(r, 3) + np.tril(vec(r, 3, 3), -1),))
def linalg_cholesky_of_a_transpose(a):
    """Only the lower triangle of what is given is read: here the upper one of `a`, whose lower one is no matter."""
    factor = np.linalg.cholesky(a.T + 0.0)
    other = np.linalg.cholesky(a.T)
    return np.sum(factor * factor * other) + factor[2, 1]


@program(lambda r: (distinct(r, 3),), tags=["beyond_numba"])
def linalg_eigenvalues(a):
    """The values alone, by both functions."""
    w = np.linalg.eigvalsh(a)
    e, _ = np.linalg.eigh(a, UPLO="U")
    return w[0] * w[2] + np.sum(e**3)


@program(lambda r: (distinct(r, 3), vec(r, 3)))
def linalg_matrix_function(a, x):
    """The exponential of a symmetric matrix times a vector, and an element of an eigenvector."""
    w, v = np.linalg.eigh(a)
    y = v @ (np.exp(0.1 * w) * (v.T @ x))
    return np.sum(y * y) + v[0, 1] ** 2


@program(lambda r: (apart(r, 4, 3),))
def linalg_svd_tall(a):
    """Nuclear and spectral norms, and what does not depend on signs."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.sum(s) + s[0] ** 2 * u[0, 1] ** 2 + u[2, 0] * vt[0, 2]


@program(lambda r: (apart(r, 2, 4),))
def linalg_svd_wide(a):
    """More columns than rows."""
    u, s, vt = np.linalg.svd(a, False)
    return np.sum(np.log(s)) + u[0, 1] * vt[1, 2] * s[1]


@program(lambda r: (apart(r, 3, 3), apart(r, 3, 2)), tags=("beyond_numba",))
def linalg_singular_values(a, b):
    """A square matrix needs no option; values alone; the condition number; a rank is an integer."""
    _, s, vt = np.linalg.svd(a)
    t = np.linalg.svd(b, compute_uv=False)
    return s[1] * vt[0, 1] ** 2 + t[0] / t[1] + np.linalg.cond(a) * np.linalg.matrix_rank(b)


@program(lambda r: (vec(r, 4, 2), vec(r, 4)))
def linalg_qr(a, b):
    """Least squares by the reduced factors."""
    q, r = np.linalg.qr(a)
    x = np.linalg.solve(r, q.T @ b)
    return np.sum(x * x) + q[3, 1] * r[0, 1]


@program(lambda r: (dominant(r, 3)[:2], dominant(r, 3)), tags=["beyond_numba"])
def linalg_qr_wide_and_square(a, b):
    """More columns than rows; r alone."""
    q, r = np.linalg.qr(a)
    s = np.linalg.qr(b, mode="r")
    return q[0, 1] * r[1, 2] + s[0, 1] * s[2, 2] * r[0, 0]


@program(lambda r: (vec(r, 5, 2), vec(r, 5)), tags=["beyond_numba"])
def linalg_least_squares(a, b):
    """All the outputs."""
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond=None)
    return np.sum(x * x) + residuals[0] * rank + s[0] * s[1]


@program(lambda r: (vec(r, 4, 2), vec(r, 4, 2)))
def linalg_least_squares_of_columns(a, b):
    """A residual for each column."""
    x, residuals, _, _ = np.linalg.lstsq(a, b)
    return x[0, 1] * x[1, 0] + residuals[0] * residuals[1]


@program(lambda r: (vec(r, 2, 4), vec(r, 2)))
def linalg_least_norm(a, b):
    """More unknowns than equations: the shortest solution, and no residuals."""
    x, residuals, _, _ = np.linalg.lstsq(a, b)
    return np.sum(x * x) * (1.0 + len(residuals)) + x[3]


@program(lambda r: (vec(r, 4, 2), vec(r, 2, 3)))
def linalg_pseudoinverse(a, b):
    """Of a tall and a wide matrix."""
    p = np.linalg.pinv(a)
    q = np.linalg.pinv(b)
    return np.sum(p * p) + q[2, 0] * p[1, 3]


@program(lambda r: (dominant(r, 2), 3))
def linalg_powers(a, n):
    """Of an exponent that only the run knows, of negative ones and of zero."""
    b = np.linalg.matrix_power(a, n)
    c = np.linalg.matrix_power(a, -2) + np.linalg.matrix_power(a, 0)
    return np.sum(b * b) / 100.0 + c[0, 1]


@program(lambda r: (dominant(r, 1), vec(r, 1)))
def linalg_one_by_one(a, b):
    """Matrices of one element."""
    w, v = np.linalg.eigh(a)
    u, s, vt = np.linalg.svd(a)
    q, r = np.linalg.qr(a)
    x = np.linalg.solve(a, b)
    f = np.linalg.cholesky(a)
    y = np.sum(w) * v[0, 0] + u[0, 0] * s[0] * vt[0, 0] + q[0, 0] * r[0, 0]
    return y + x[0] * f[0, 0] + np.linalg.det(a) + np.linalg.inv(a)[0, 0] + np.linalg.pinv(a)[0, 0]


@program(lambda r: (np.zeros((0, 0)), np.zeros(0), num(r)))
def linalg_empty(a, b, c):
    """Matrices without elements."""
    x = np.linalg.solve(a, b)
    sign, logarithm = np.linalg.slogdet(a)
    return np.sum(x) + c * np.linalg.det(a) + np.sum(np.linalg.inv(a)) + sign + logarithm


@program(lambda r: (dominant(r, 3).astype(np.float32), vec(r, 3).astype(np.float32)), tags=("float32",))
def linalg_single(a, b):
    """In single precision."""
    x = np.linalg.solve(a, b)
    y = np.linalg.inv(a) @ x
    return np.sum(x * y) + np.linalg.det(a) * np.float32(0.01)


@program(lambda r: (spd(r, 3).astype(np.float32), vec(r, 4, 2).astype(np.float32)), tags=("float32", "beyond_numba"))
def linalg_single_factors(a, b):
    """Factorisations in single precision."""
    f = np.linalg.cholesky(a)
    s = np.linalg.svd(b, compute_uv=False)
    q, r = np.linalg.qr(b)
    return f[1, 0] * s[0] + q[2, 0] * r[0, 1] + np.linalg.slogdet(a)[1]


def whitened(a, x):
    """A helper that writes to its argument."""
    x[:] = np.linalg.solve(np.linalg.cholesky(a), x)
    return np.sum(x)


@program(lambda r: (spd(r, 2), vec(r, 3, 2)))
def linalg_in_a_helper(a, x):
    """Each row is replaced by a solution."""
    s = 0.0
    for i in range(len(x)):
        s += whitened(a, x[i]) * x[i, 0]
        a[1, 1] += 0.1 * x[i, 1] ** 2
    return s


@program(lambda r: (dominant(r, 3), vec(r, 3)))
def linalg_decided_by_the_data(a, b):
    """Which function runs depends on the values; both results have one name."""
    if np.linalg.det(a) > 0.0:
        x = np.linalg.solve(a, b)
    else:
        x = np.linalg.inv(a) @ b
    y = b if x[0] > 100.0 else x
    return np.sum(x * y)


@program(lambda r: (spd(r, 3), vec(r, 4, 3)))
def linalg_mahalanobis(a, points):
    """An inverse that every iteration reads."""
    inv = np.linalg.inv(a)
    s = 0.0
    for k in range(len(points)):
        d = points[k] - points[0]
        s += np.sqrt(1.0 + d @ inv @ d)
    return s


@program(lambda r: (apart(r, 3, 2), distinct(r, 2)), tags=["beyond_numba"])
def linalg_norms(a, b):
    """Norms of singular values, and results taken by their names."""
    y = np.linalg.norm(a, 2) * np.linalg.norm(a, "nuc") + np.linalg.norm(a, -2, axis=(1, 0))
    y += np.sum(np.linalg.norm(a, ord=2, keepdims=True)) + np.linalg.slogdet(b).logabsdet
    return y + np.linalg.eigh(b).eigenvalues[1] * np.linalg.svd(b).S[0] + np.linalg.qr(a).R[0, 1]
