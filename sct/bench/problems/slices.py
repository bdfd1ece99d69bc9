"""Programs on slices, as users of NumPy write kernels like those of NPBench; those in both styles compute the same."""

from __future__ import annotations

import math

import numpy as np

from sct.bench.case import Case
from sct.bench.problems import matrices, stencils


def cholesky_slices(a):
    """`cholesky` with products of rows."""
    a = a.copy()
    for i in range(len(a)):
        for j in range(i):
            a[i, j] = (a[i, j] - a[i, :j] @ a[j, :j]) / a[j, j]
        a[i, i] = math.sqrt(a[i, i] - a[i, :i] @ a[i, :i])
    return np.sum(np.tril(a))


def trisolv_slices(lower, b):
    """`trisolv` with products of rows."""
    x = np.zeros(len(b))
    for i in range(len(b)):
        x[i] = (b[i] - lower[i, :i] @ x[:i]) / lower[i, i]
    return np.sum(x)


def durbin_slices(r):
    """`durbin` with reversed slices."""
    y = np.zeros(len(r))
    alpha = -r[0]
    beta = 1.0
    y[0] = alpha
    for k in range(1, len(r)):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.sum(r[:k][::-1] * y[:k])) / beta
        y[:k] += alpha * y[:k][::-1]
        y[k] = alpha
    return np.sum(y)


def seidel_slices(grid, steps):
    """`seidel`, with what does not depend on the row's own new elements as slices."""
    u = grid.copy()
    n = len(u)
    for _ in range(steps):
        for i in range(1, n - 1):
            above = u[i - 1, :-2] + u[i - 1, 1:-1] + u[i - 1, 2:]
            below = u[i + 1, :-2] + u[i + 1, 1:-1] + u[i + 1, 2:]
            u[i, 1:-1] += above + below + u[i, 2:]
            for j in range(1, n - 1):
                u[i, j] = (u[i, j] + u[i, j - 1]) / 9.0
    return np.sum(u)


def jacobi_slices(grid, steps):
    """`jacobi`."""
    a = grid.copy()
    b = grid.copy()
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.2 * (b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1])
    return np.sum(a)


def heat_3d_slices(cube, steps):
    """`heat_3d`."""
    a = cube.copy()
    b = cube.copy()
    for _ in range(steps):
        b[1:-1, 1:-1, 1:-1] = (
            0.125 * (a[2:, 1:-1, 1:-1] + a[:-2, 1:-1, 1:-1])
            + 0.125 * (a[1:-1, 2:, 1:-1] + a[1:-1, :-2, 1:-1])
            + 0.125 * (a[1:-1, 1:-1, 2:] + a[1:-1, 1:-1, :-2])
            + 0.25 * a[1:-1, 1:-1, 1:-1]
        )
        a[1:-1, 1:-1, 1:-1] = (
            0.125 * (b[2:, 1:-1, 1:-1] + b[:-2, 1:-1, 1:-1])
            + 0.125 * (b[1:-1, 2:, 1:-1] + b[1:-1, :-2, 1:-1])
            + 0.125 * (b[1:-1, 1:-1, 2:] + b[1:-1, 1:-1, :-2])
            + 0.25 * b[1:-1, 1:-1, 1:-1]
        )
    return np.sum(a)


def fdtd_slices(ex, ey, hz, source, steps):
    """`fdtd`."""
    ex, ey, hz = ex.copy(), ey.copy(), hz.copy()
    for t in range(steps):
        ey[0, :] = source[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return np.sum(hz)


def hdiff_slices(field, strength):
    """`hdiff`."""
    laplacian = 4.0 * field[1:-1, 1:-1] - (field[2:, 1:-1] + field[:-2, 1:-1] + field[1:-1, 2:] + field[1:-1, :-2])
    across = laplacian[1:, 1:-1] - laplacian[:-1, 1:-1]
    across = np.where(across * (field[2:-1, 2:-2] - field[1:-2, 2:-2]) > 0.0, 0.0, across)
    along = laplacian[1:-1, 1:] - laplacian[1:-1, :-1]
    along = np.where(along * (field[2:-2, 2:-1] - field[2:-2, 1:-2]) > 0.0, 0.0, along)
    return np.sum(field[2:-2, 2:-2] - strength * (across[1:] - across[:-1] + along[:, 1:] - along[:, :-1]))


def vadv_slices(wind, stage, steps):
    """`vadv`, all columns at once."""
    levels, columns = stage.shape
    upper = np.zeros((levels, columns))
    right = np.zeros((levels, columns))
    u = stage[0].copy()
    for _ in range(steps):
        high = 0.25 * wind[1]
        upper[0] = high / (1.0 - high)
        right[0] = (stage[0] + 0.1 * u) / (1.0 - high)
        for k in range(1, levels - 1):
            low = -0.25 * wind[k]
            high = 0.25 * wind[k + 1]
            pivot = 1.0 - low - high - low * upper[k - 1]
            upper[k] = high / pivot
            right[k] = (stage[k] + 0.1 * u - low * right[k - 1]) / pivot
        low = -0.25 * wind[levels - 1]
        u = (stage[levels - 1] + 0.1 * u - low * right[levels - 2]) / (1.0 - low - low * upper[levels - 2])
        for k in range(levels - 2, -1, -1):
            u = right[k] - upper[k] * u
    return np.sum(u)


def adi_slices(grid, steps):
    """`adi`, all lines at once."""
    n = len(grid)
    u = grid.copy()
    v = np.zeros((n, n))
    p = np.zeros((n, n))
    q = np.zeros((n, n))
    a, b, c, d = -0.4, 1.8, 0.2, 1.4
    for _ in range(steps):
        v[0, 1:-1] = 1.0
        p[1:-1, 0] = 0.0
        q[1:-1, 0] = v[0, 1:-1]
        for j in range(1, n - 1):
            p[1:-1, j] = -a / (a * p[1:-1, j - 1] + b)
            q[1:-1, j] = (c * u[j, :-2] + d * u[j, 1:-1] + c * u[j, 2:] - a * q[1:-1, j - 1]) / (a * p[1:-1, j - 1] + b)
        v[n - 1, 1:-1] = 1.0
        for j in range(n - 2, 0, -1):
            v[j, 1:-1] = p[1:-1, j] * v[j + 1, 1:-1] + q[1:-1, j]
        u[1:-1, 0] = 1.0
        p[1:-1, 0] = 0.0
        q[1:-1, 0] = u[1:-1, 0]
        for j in range(1, n - 1):
            p[1:-1, j] = -a / (a * p[1:-1, j - 1] + b)
            q[1:-1, j] = (c * v[:-2, j] + d * v[1:-1, j] + c * v[2:, j] - a * q[1:-1, j - 1]) / (a * p[1:-1, j - 1] + b)
        u[1:-1, n - 1] = 1.0
        for j in range(n - 2, 0, -1):
            u[1:-1, j] = p[1:-1, j] * u[1:-1, j + 1] + q[1:-1, j]
    return np.sum(u)


def cavity_slices(u, v, p, steps, sweeps):
    """`cavity`."""
    u, v, p = u.copy(), v.copy(), p.copy()
    h = 2.0 / (len(u) - 1)
    dt = 1e-3
    for _ in range(steps):
        ux = (u[1:-1, 2:] - u[1:-1, :-2]) / (2.0 * h)
        uy = (u[2:, 1:-1] - u[:-2, 1:-1]) / (2.0 * h)
        vx = (v[1:-1, 2:] - v[1:-1, :-2]) / (2.0 * h)
        vy = (v[2:, 1:-1] - v[:-2, 1:-1]) / (2.0 * h)
        source = (ux + vy) / dt - ux**2 - 2.0 * uy * vx - vy**2
        for _ in range(sweeps):
            p[1:-1, 1:-1] = 0.25 * (p[1:-1, 2:] + p[1:-1, :-2] + p[2:, 1:-1] + p[:-2, 1:-1] - h * h * source)
            p[:, -1] = p[:, -2]
            p[0, :] = p[1, :]
            p[:, 0] = p[:, 1]
            p[-1, :] = 0.0
        px = (p[1:-1, 2:] - p[1:-1, :-2]) / (2.0 * h)
        py = (p[2:, 1:-1] - p[:-2, 1:-1]) / (2.0 * h)
        here, there = u[1:-1, 1:-1].copy(), v[1:-1, 1:-1].copy()
        spread = u[1:-1, 2:] + u[1:-1, :-2] + u[2:, 1:-1] + u[:-2, 1:-1] - 4.0 * here
        carried = here * (here - u[1:-1, :-2]) + there * (here - u[:-2, 1:-1])
        u[1:-1, 1:-1] = here + dt * (0.1 / h**2 * spread - carried / h - px)
        spread = v[1:-1, 2:] + v[1:-1, :-2] + v[2:, 1:-1] + v[:-2, 1:-1] - 4.0 * there
        carried = here * (there - v[1:-1, :-2]) + there * (there - v[:-2, 1:-1])
        v[1:-1, 1:-1] = there + dt * (0.1 / h**2 * spread - carried / h - py)
        u[0, :] = 0.0
        u[:, 0] = 0.0
        u[:, -1] = 0.0
        u[-1, :] = 1.0
        v[0, :] = 0.0
        v[-1, :] = 0.0
        v[:, 0] = 0.0
        v[:, -1] = 0.0
    return np.sum(u) + np.sum(v) + np.sum(p)


def go_fast(a):
    """The first example in Numba's manual."""
    trace = 0.0
    for i in range(len(a)):
        trace += np.tanh(a[i, i])
    return np.sum(a + trace)


SLICES = (
    Case(cholesky_slices, (0,), matrices.positive, "n", (8,), ((120,),)),
    Case(trisolv_slices, (0, 1), matrices.triangle, "n", (10,), ((500,),)),
    Case(durbin_slices, (0,), matrices.series, "n", (10,), ((400,),)),
    Case(seidel_slices, (0,), stencils.square, "n s", (8, 3), ((40, 20),)),
    Case(jacobi_slices, (0,), stencils.square, "n s", (8, 3), ((150, 50),)),
    Case(heat_3d_slices, (0,), stencils.cube, "n s", (6, 2), ((25, 25),)),
    Case(fdtd_slices, (0, 1, 2, 3), stencils.fields, "n s", (6, 3), ((200, 20),)),
    Case(hdiff_slices, (0, 1), stencils.weather, "n l", (5, 2), ((64, 60),)),
    Case(vadv_slices, (0, 1), stencils.columns, "n l s", (3, 6, 2), ((3_600, 60, 3),)),
    Case(adi_slices, (0,), stencils.square, "n s", (7, 2), ((100, 50),)),
    Case(cavity_slices, (0, 1, 2), stencils.flow, "n t s", (6, 2, 3), ((41, 25, 5),)),
    Case(go_fast, (0,), lambda rng, n: (rng.normal(size=(n, n)),), "n", (6,), ((2_000,),)),
)
