"""NPBench's linear algebra (its PolyBench part and SpMV) as Numba users write it: slices and products inside loops."""

import math

import numpy as np

from .registry import dominant, num, pos, program, spd, vec


@program(lambda r: (vec(r, 3, 4), vec(r, 4)))
def npbench_atax(a, x):
    """A matrix and its transpose applied in turn, without a transposed copy."""
    y = (a @ x) @ a
    return np.dot(y, y)


@program(lambda r: (vec(r, 4, 3), vec(r, 3), vec(r, 4)))
def npbench_bicg(a, p, q):
    """Two products with the same matrix, one from either side."""
    s = q @ a
    t = a @ p
    return np.sum(s * s * p) + np.dot(t, q) * t[0]


@program(lambda r: (vec(r, 4), vec(r, 4), vec(r, 4), vec(r, 4, 4)))
def npbench_mvt(x, y, v, a):
    """Two vectors updated in place, the second by what the first has become."""
    x += a @ v
    y += x @ a
    return np.dot(x, y)


@program(lambda r: (num(r), num(r), vec(r, 3, 3), vec(r, 3, 3), vec(r, 3)))
def npbench_gesummv(alpha, beta, a, b, x):
    """A sum of two scaled products, the scalars applied to the matrices."""
    y = alpha * a @ x + beta * b @ x
    return np.dot(y, y)


@program(lambda r: (num(r), num(r), vec(r, 3, 2), vec(r, 2, 3), vec(r, 3, 3)))
def npbench_gemm(alpha, beta, a, b, c):
    """The result overwrites an operand of its own expression."""
    c[:] = alpha * a @ b + beta * c
    return np.sum(c * c)


@program(lambda r: (num(r), num(r), vec(r, 2, 3), vec(r, 3, 2), vec(r, 2, 3), vec(r, 2, 3)))
def npbench_2mm(alpha, beta, a, b, c, d):
    """A chain of two products added to a scaled argument, in place."""
    t = alpha * a @ b
    d *= beta
    d += t @ c
    return np.sum(d * d) + t[0, 1]


@program(lambda r: (vec(r, 2, 3), vec(r, 3, 2), vec(r, 2, 3), vec(r, 3, 2)))
def npbench_3mm(a, b, c, d):
    """A product of two products."""
    g = (a @ b) @ (c @ d)
    return g[0, 0] * g[1, 1] - g[0, 1] * g[1, 0]


@program(lambda r: (vec(r, 2, 3, 3), vec(r, 3, 3)))
def npbench_doitgen(a, c):
    """Each row of a tensor is replaced by its product with a matrix; one buffer serves all of them."""
    s = np.empty(3)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s[:] = a[i, j, :] @ c
            a[i, j, :] = s * s
    return np.sum(a[0] * a[1])


@program(lambda r: (vec(r, 4, 4), vec(r, 4), vec(r, 4), vec(r, 4), vec(r, 4), num(r)))
def npbench_gemver(a, u, v, x, z, beta):
    """Rank-one updates of the rows in place, then two products that feed each other."""
    for i in range(len(u)):
        a[i] += u[i] * v + z[i] * x[i]
    x += beta * (v @ a) + z
    w = a @ x
    return np.dot(w, w)


@program(lambda r: (num(r), num(r), vec(r, 3, 3), vec(r, 3, 4), vec(r, 3, 4)))
def npbench_symm(alpha, beta, a, b, c):
    """A symmetric product from one triangle: columns above are added to while the row itself is formed."""
    t = np.empty(c.shape[1])
    c *= beta
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            c[:i, j] += alpha * b[i, j] * a[i, :i]
            t[j] = b[:i, j] @ a[i, :i]
        c[i, :] += alpha * b[i, :] * a[i, i] + alpha * t
    return np.sum(c * c)


@program(lambda r: (num(r), num(r), vec(r, 4, 4), vec(r, 4, 3)))
def npbench_syrk(alpha, beta, c, a):
    """A triangle updated row by row with slices that grow."""
    for i in range(a.shape[0]):
        c[i, : i + 1] *= beta
        for k in range(a.shape[1]):
            c[i, : i + 1] += alpha * a[i, k] * a[: i + 1, k]
    return np.sum(c * c)


@program(lambda r: (num(r), vec(r, 3, 3), vec(r, 3, 2), vec(r, 3, 2)))
def npbench_syr2k(alpha, c, a, b):
    """The same with two factors, each of which scales the other's column."""
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            c[i, : i + 1] += a[: i + 1, k] * alpha * b[i, k] + b[: i + 1, k] * alpha * a[i, k]
    return np.sum(c * c)


@program(lambda r: (num(r), vec(r, 4, 4), vec(r, 4, 3)))
def npbench_trmm(alpha, a, b):
    """A triangular product in place by dots with the rows below; the last of them are empty."""
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            b[i, j] += np.dot(a[i + 1 :, i], b[i + 1 :, j])
    b *= alpha
    return np.sum(b * b)


@program(lambda r: (dominant(r, 4), vec(r, 4)))
def npbench_trisolv(l, b):
    """Forward substitution by dots with the part solved so far, into memory not set before."""
    x = np.empty_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - l[i, :i] @ x[:i]) / l[i, i]
    return np.dot(x, x)


@program(lambda r: (spd(r, 4),))
def npbench_cholesky(a):
    """Cholesky by dots of rows of the same matrix, in place."""
    a[0, 0] = np.sqrt(a[0, 0])
    for i in range(1, a.shape[0]):
        for j in range(i):
            a[i, j] -= np.dot(a[i, :j], a[j, :j])
            a[i, j] /= a[j, j]
        a[i, i] -= np.dot(a[i, :i], a[i, :i])
        a[i, i] = np.sqrt(a[i, i])
    return a[3, 3] * a[2, 1] + a[3, 0] * a[1, 1]


@program(lambda r: (spd(r, 4),))
def npbench_cholesky_columns(a):
    """Cholesky that updates the columns to the right as soon as one is finished; the triangle above is cleared."""
    n = a.shape[0]
    for k in range(n):
        a[k, k] = math.sqrt(a[k, k])
        a[k + 1 :, k] /= a[k, k]
        a[k, k + 1 :] = 0.0
        for j in range(k + 1, n):
            a[j:, j] -= a[j, k] * a[j:, k]
    return np.sum(a * a * a)


@program(lambda r: (dominant(r, 4),))
def npbench_lu(a):
    """LU in place, every element by a dot of a row and a column of the same matrix."""
    for i in range(a.shape[0]):
        for j in range(i):
            a[i, j] -= a[i, :j] @ a[:j, j]
            a[i, j] /= a[j, j]
        for j in range(i, a.shape[0]):
            a[i, j] -= a[i, :i] @ a[:i, j]
    return a[3, 3] * a[2, 2] + a[3, 0] * a[1, 2]


@program(lambda r: (dominant(r, 4), vec(r, 4)))
def npbench_ludcmp(a, b):
    """LU and both substitutions, the second from the end."""
    n = a.shape[0]
    x = np.zeros_like(b)
    y = np.zeros_like(b)
    for i in range(n):
        for j in range(i):
            a[i, j] = (a[i, j] - a[i, :j] @ a[:j, j]) / a[j, j]
        for j in range(i, n):
            a[i, j] -= a[i, :i] @ a[:i, j]
    for i in range(n):
        y[i] = b[i] - a[i, :i] @ y[:i]
    for i in range(n - 1, -1, -1):
        x[i] = (y[i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return np.dot(x, x) + y[2]


@program(lambda r: (0.3 * vec(r, 5),))
def npbench_durbin(r):
    """Levinson-Durbin with reversed views: the vector is updated by its own mirror image."""
    y = np.empty_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, len(r)):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(r[:k][::-1], y[:k])) / beta
        y[:k] += alpha * y[:k][::-1]
        y[k] = alpha
    return np.dot(y, y) * beta


@program(lambda r: (vec(r, 4, 3),))
def npbench_gramschmidt(a):
    """Gram-Schmidt with the factors kept: columns divided by their norm, the rest made orthogonal to them."""
    n = a.shape[1]
    q = np.zeros_like(a)
    t = np.zeros((n, n))
    for k in range(n):
        t[k, k] = math.sqrt(np.dot(a[:, k], a[:, k]))
        q[:, k] = a[:, k] / t[k, k]
        for j in range(k + 1, n):
            t[k, j] = np.dot(q[:, k], a[:, j])
            a[:, j] -= q[:, k] * t[k, j]
    return q[0, 0] * q[1, 1] * q[2, 2] + t[0, 2] * t[1, 2] + t[2, 2]


@program(lambda r: (vec(r, 5, 3),))
def npbench_covariance(data):
    """Columns less their means, which a row of means repeats; the matrix filled in both triangles."""
    n, m = data.shape
    mean = np.zeros(m)
    for i in range(n):
        mean += data[i]
    data -= mean / n
    cov = np.zeros((m, m))
    for i in range(m):
        for j in range(i, m):
            cov[i, j] = cov[j, i] = np.dot(data[:, i], data[:, j]) / (n - 1.0)
    return np.sum(cov * cov)


@program(lambda r: (vec(r, 5, 3), 0.1))
def npbench_correlation(data, tiny):
    """The same divided by deviations, a small one of which counts as one."""
    n, m = data.shape
    for j in range(m):
        column = data[:, j]
        column -= np.sum(column) / n
        dev = math.sqrt(np.dot(column, column) / n)
        if dev <= tiny:
            dev = 1.0
        column /= dev * math.sqrt(n)
    corr = np.ones((m, m))
    for i in range(m - 1):
        corr[i, i + 1 :] = data[:, i] @ data[:, i + 1 :]
        corr[i + 1 :, i] = corr[i, i + 1 :]
    return corr[0, 1] * corr[2, 1] + np.sum(corr * corr)


@program(lambda r: (pos(r, 4, 4),))
def npbench_floyd_warshall(path):
    """Shortest paths a row at a time by elementwise minima with another row of the same matrix."""
    for k in range(path.shape[0]):
        for i in range(path.shape[0]):
            path[i, :] = np.minimum(path[i, :], path[i, k] + path[k, :])
    return path[0, 3] * path[2, 1] + path[3, 0]


@program(lambda r: (np.array([0, 2, 2, 5]), np.array([1, 3, 0, 2, 3]), vec(r, 5), vec(r, 4)))
def npbench_spmv(starts, columns, values, x):
    """A sparse matrix by compressed rows, one of them empty; slices of the rows, columns through ints."""
    y = np.empty(len(starts) - 1)
    for i in range(len(y)):
        cols = columns[starts[i] : starts[i + 1]]
        vals = values[starts[i] : starts[i + 1]]
        s = 0.0
        for j in range(len(cols)):
            s += vals[j] * x[cols[j]]
        y[i] = s
    return np.dot(y, y) + y[0] * y[2]
