"""Loop programs, most after the kernels of PolyBench and NPBench: the loss is the sum of what they compute."""

from __future__ import annotations

import math

import numpy as np

from sct.bench.case import Case


def cholesky(a):
    """In place, row by row."""
    a = a.copy()
    n = len(a)
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
        for j in range(i + 1):
            s += a[i, j]
    return s


def lu(a):
    """In place, without pivots."""
    a = a.copy()
    n = len(a)
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
        for j in range(n):
            s += a[i, j]
    return s


def trisolv(lower, b):
    """Forward substitution."""
    n = len(b)
    x = np.empty(n)
    s = 0.0
    for i in range(n):
        t = b[i]
        for j in range(i):
            t -= lower[i, j] * x[j]
        x[i] = t / lower[i, i]
        s += x[i]
    return s


def seidel(grid, steps):
    """Nine points, in place."""
    u = grid.copy()
    n = len(u)
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                above = u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1]
                below = u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]
                u[i, j] = (above + u[i, j - 1] + u[i, j] + u[i, j + 1] + below) / 9.0
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += u[i, j]
    return s


def durbin(r):
    """The Levinson-Durbin recursion for a Toeplitz matrix."""
    n = len(r)
    y = np.zeros(n)
    z = np.zeros(n)
    y[0] = -r[0]
    beta = 1.0
    alpha = -r[0]
    for k in range(1, n):
        beta *= 1.0 - alpha * alpha
        t = r[k]
        for i in range(k):
            t += r[k - i - 1] * y[i]
        alpha = -t / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha
    s = 0.0
    for i in range(n):
        s += y[i]
    return s


def jacobi(grid, steps):
    """Five points, from one array to the other and back."""
    a = grid.copy()
    b = grid.copy()
    n = len(a)
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                b[i, j] = 0.2 * (a[i, j] + a[i, j - 1] + a[i, j + 1] + a[i + 1, j] + a[i - 1, j])
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                a[i, j] = 0.2 * (b[i, j] + b[i, j - 1] + b[i, j + 1] + b[i + 1, j] + b[i - 1, j])
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += a[i, j]
    return s


def heat_3d(cube, steps):
    """Seven points in space, from one array to the other and back."""
    a = cube.copy()
    b = cube.copy()
    n = len(a)
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    around = a[i + 1, j, k] + a[i - 1, j, k] + a[i, j + 1, k] + a[i, j - 1, k] + a[i, j, k + 1] + a[i, j, k - 1]
                    b[i, j, k] = 0.25 * a[i, j, k] + 0.125 * around
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                for k in range(1, n - 1):
                    around = b[i + 1, j, k] + b[i - 1, j, k] + b[i, j + 1, k] + b[i, j - 1, k] + b[i, j, k + 1] + b[i, j, k - 1]
                    a[i, j, k] = 0.25 * b[i, j, k] + 0.125 * around
    s = 0.0
    for i in range(n):
        for j in range(n):
            for k in range(n):
                s += a[i, j, k]
    return s


def fdtd(ex, ey, hz, source, steps):
    """Maxwell's equations in the plane on staggered grids."""
    ex = ex.copy()
    ey = ey.copy()
    hz = hz.copy()
    rows, columns = hz.shape
    for t in range(steps):
        for j in range(columns):
            ey[0, j] = source[t]
        for i in range(1, rows):
            for j in range(columns):
                ey[i, j] -= 0.5 * (hz[i, j] - hz[i - 1, j])
        for i in range(rows):
            for j in range(1, columns):
                ex[i, j] -= 0.5 * (hz[i, j] - hz[i, j - 1])
        for i in range(rows - 1):
            for j in range(columns - 1):
                hz[i, j] -= 0.7 * (ex[i, j + 1] - ex[i, j] + ey[i + 1, j] - ey[i, j])
    s = 0.0
    for i in range(rows):
        for j in range(columns):
            s += hz[i, j]
    return s


def hdiff(field, strength):
    """Horizontal diffusion of a weather model: a Laplacian, limited fluxes, their divergence."""
    rows, columns, levels = strength.shape
    s = 0.0
    laplacian = np.empty((rows + 2, columns + 2))
    for k in range(levels):
        for i in range(rows + 2):
            for j in range(columns + 2):
                around = field[i + 2, j + 1, k] + field[i, j + 1, k] + field[i + 1, j + 2, k] + field[i + 1, j, k]
                laplacian[i, j] = 4.0 * field[i + 1, j + 1, k] - around
        for i in range(rows):
            for j in range(columns):
                here, u = laplacian[i + 1, j + 1], field[i + 2, j + 2, k]
                east = laplacian[i + 2, j + 1] - here
                east = 0.0 if east * (field[i + 3, j + 2, k] - u) > 0.0 else east
                west = here - laplacian[i, j + 1]
                west = 0.0 if west * (u - field[i + 1, j + 2, k]) > 0.0 else west
                north = laplacian[i + 1, j + 2] - here
                north = 0.0 if north * (field[i + 2, j + 3, k] - u) > 0.0 else north
                south = here - laplacian[i + 1, j]
                south = 0.0 if south * (u - field[i + 2, j + 1, k]) > 0.0 else south
                s += u - strength[i, j, k] * (east - west + north - south)
    return s


def vadv(wind, stage, steps):
    """Implicit vertical advection: a tridiagonal system in each column."""
    levels, columns = stage.shape
    upper = np.empty(levels)
    right = np.empty(levels)
    s = 0.0
    for c in range(columns):
        u = stage[0, c]
        for _ in range(steps):
            for k in range(levels):
                low = -0.25 * wind[k, c] if k > 0 else 0.0
                high = 0.25 * wind[k + 1, c] if k < levels - 1 else 0.0
                pivot = 1.0 - low - high - (low * upper[k - 1] if k > 0 else 0.0)
                upper[k] = high / pivot
                right[k] = (stage[k, c] + 0.1 * u - (low * right[k - 1] if k > 0 else 0.0)) / pivot
            x = right[levels - 1]
            for k in range(levels - 2, -1, -1):
                x = right[k] - upper[k] * x
            u = x
        s += u
    return s


def adi(grid, steps):
    """Alternating directions: implicit in the columns, then in the rows."""
    n = len(grid)
    u = grid.copy()
    v = np.zeros((n, n))
    p = np.zeros((n, n))
    q = np.zeros((n, n))
    a, b, c, d = -0.4, 1.8, 0.2, 1.4
    for _ in range(steps):
        for i in range(1, n - 1):
            v[0, i] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = v[0, i]
            for j in range(1, n - 1):
                w = a * p[i, j - 1] + b
                p[i, j] = -a / w
                q[i, j] = (c * u[j, i - 1] + d * u[j, i] + c * u[j, i + 1] - a * q[i, j - 1]) / w
            v[n - 1, i] = 1.0
            for j in range(n - 2, 0, -1):
                v[j, i] = p[i, j] * v[j + 1, i] + q[i, j]
        for i in range(1, n - 1):
            u[i, 0] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = u[i, 0]
            for j in range(1, n - 1):
                w = a * p[i, j - 1] + b
                p[i, j] = -a / w
                q[i, j] = (c * v[i - 1, j] + d * v[i, j] + c * v[i + 1, j] - a * q[i, j - 1]) / w
            u[i, n - 1] = 1.0
            for j in range(n - 2, 0, -1):
                u[i, j] = p[i, j] * u[i, j + 1] + q[i, j]
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += u[i, j]
    return s


def conv(x, w):
    """The squares of a convolution."""
    s = 0.0
    for i in range(len(x) - len(w) + 1):
        a = 0.0
        for j in range(len(w)):
            a += x[i + j] * w[j]
        s += a * a
    return s


def nbody(place, charge):
    """The energy of charges in space."""
    s = 0.0
    for i in range(len(charge)):
        for j in range(i):
            square = 1e-3
            for c in range(3):
                square += (place[i, c] - place[j, c]) ** 2
            s += charge[i] * charge[j] / math.sqrt(square)
    return s


def sparse_energy(x, start, column, value):
    """x' A x for a sparse symmetric matrix in rows, and a barrier."""
    s = 0.0
    for i in range(len(x)):
        t = 0.0
        for k in range(start[i], start[i + 1]):
            t += value[k] * x[column[k]]
        s += x[i] * t - math.log(1.0 + x[i] ** 2)
    return s


def _positive(rng, n):
    a = rng.normal(size=(n, n))
    return (a @ a.T / n + 2.0 * np.eye(n),)


def _dominant(rng, n):
    return (rng.normal(size=(n, n)) / n + 2.0 * np.eye(n),)


def _triangle(rng, n):
    return np.tril(rng.normal(size=(n, n)) / n) + 2.0 * np.eye(n), rng.normal(size=n)


def _square(rng, n, steps):
    return rng.random((n, n)), steps


def _fields(rng, n, steps):
    return *rng.random((3, n, n)), rng.random(steps), steps


def _weather(rng, n, levels):
    return rng.random((n + 4, n + 4, levels)), rng.random((n, n, levels))


def _columns(rng, n, levels, steps):
    return rng.random((levels + 1, n)), rng.random((levels, n)), steps


def _sparse(rng, n):
    column = np.sort(rng.integers(0, n, (n, 8)), axis=1).ravel()
    return rng.normal(size=n), np.arange(0, 8 * n + 1, 8), column, rng.normal(size=8 * n)


LOOPS = (
    Case(cholesky, (0,), _positive, "n", (8,), (120,)),
    Case(lu, (0,), _dominant, "n", (8,), (120,)),
    Case(trisolv, (0, 1), _triangle, "n", (10,), (500,)),
    Case(seidel, (0,), _square, "n s", (8, 3), (40, 20)),
    Case(durbin, (0,), lambda rng, n: (rng.random(n) / n,), "n", (10,), (400,)),
    Case(jacobi, (0,), _square, "n s", (8, 3), (100, 20)),
    Case(heat_3d, (0,), lambda rng, n, s: (rng.random((n, n, n)), s), "n s", (6, 2), (25, 10)),
    Case(fdtd, (0, 1, 2, 3), _fields, "n s", (6, 3), (100, 20)),
    Case(hdiff, (0, 1), _weather, "n l", (5, 2), (64, 16)),
    Case(vadv, (0, 1), _columns, "n l s", (3, 6, 2), (500, 40, 3)),
    Case(adi, (0,), _square, "n s", (7, 2), (60, 10)),
    Case(conv, (0, 1), lambda rng, n, m: (rng.normal(size=n), rng.normal(size=m)), "n m", (20, 4), (20_000, 32)),
    Case(nbody, (0, 1), lambda rng, n: (rng.normal(size=(n, 3)), rng.normal(size=n)), "n", (8,), (600,)),
    Case(sparse_energy, (0, 3), _sparse, "n", (20,), (10_000,)),
)
