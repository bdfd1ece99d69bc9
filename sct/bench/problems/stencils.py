"""Programs on grids, most after the kernels of PolyBench and NPBench: the loss is the sum of what they compute."""

from __future__ import annotations

import numpy as np

from sct.bench.case import Case


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


def heat(start, k, steps):
    """Nonlinear heat in a plate with fixed edges, stepped in place."""
    u = start.copy()
    rows, columns = u.shape
    change = np.zeros((rows, columns))
    for _ in range(steps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                around = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
                change[i, j] = k[i, j] * (1.0 + u[i, j] ** 2) * (around - 4.0 * u[i, j])
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                u[i, j] += 0.1 * change[i, j]
    s = 0.0
    for i in range(rows):
        for j in range(columns):
            s += u[i, j] ** 2
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
    levels, width = stage.shape
    upper = np.empty(levels)
    right = np.empty(levels)
    s = 0.0
    for c in range(width):
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


def cavity(u, v, p, steps, sweeps):
    """Flow in a square box under a sliding lid: Navier-Stokes, the pressure by Jacobi's iteration."""
    u = u.copy()
    v = v.copy()
    p = p.copy()
    n = len(u)
    source, u_new, v_new, p_new = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    h = 2.0 / (n - 1)
    dt = 1e-3
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                ux, uy = (u[i, j + 1] - u[i, j - 1]) / (2.0 * h), (u[i + 1, j] - u[i - 1, j]) / (2.0 * h)
                vx, vy = (v[i, j + 1] - v[i, j - 1]) / (2.0 * h), (v[i + 1, j] - v[i - 1, j]) / (2.0 * h)
                source[i, j] = (ux + vy) / dt - ux**2 - 2.0 * uy * vx - vy**2
        for _ in range(sweeps):
            for i in range(1, n - 1):
                for j in range(1, n - 1):
                    around = p[i, j + 1] + p[i, j - 1] + p[i + 1, j] + p[i - 1, j]
                    p_new[i, j] = 0.25 * (around - h * h * source[i, j])
            for i in range(1, n - 1):
                for j in range(1, n - 1):
                    p[i, j] = p_new[i, j]
            for i in range(n):
                p[i, n - 1] = p[i, n - 2]
            for j in range(n):
                p[0, j] = p[1, j]
            for i in range(n):
                p[i, 0] = p[i, 1]
            for j in range(n):
                p[n - 1, j] = 0.0
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                spread = u[i, j + 1] + u[i, j - 1] + u[i + 1, j] + u[i - 1, j] - 4.0 * u[i, j]
                carried = u[i, j] * (u[i, j] - u[i, j - 1]) + v[i, j] * (u[i, j] - u[i - 1, j])
                push = (p[i, j + 1] - p[i, j - 1]) / (2.0 * h)
                u_new[i, j] = u[i, j] + dt * (0.1 / h**2 * spread - carried / h - push)
                spread = v[i, j + 1] + v[i, j - 1] + v[i + 1, j] + v[i - 1, j] - 4.0 * v[i, j]
                carried = u[i, j] * (v[i, j] - v[i, j - 1]) + v[i, j] * (v[i, j] - v[i - 1, j])
                push = (p[i + 1, j] - p[i - 1, j]) / (2.0 * h)
                v_new[i, j] = v[i, j] + dt * (0.1 / h**2 * spread - carried / h - push)
        for i in range(n):
            for j in range(n):
                inside = 0 < i < n - 1 and 0 < j < n - 1
                lid = i == n - 1
                u[i, j] = u_new[i, j] if inside else 1.0 if lid else 0.0
                v[i, j] = v_new[i, j] if inside else 0.0
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += u[i, j] + v[i, j] + p[i, j]
    return s


def square(rng, n, steps):
    return rng.random((n, n)), steps


def fields(rng, n, steps):
    return *rng.random((3, n, n)), rng.random(steps), steps


def weather(rng, n, levels):
    return rng.random((n + 4, n + 4, levels)), rng.random((n, n, levels))


def columns(rng, n, levels, steps):
    return rng.random((levels + 1, n)), rng.random((levels, n)), steps


def cube(rng, n, steps):
    return rng.random((n, n, n)), steps


def flow(rng, n, steps, sweeps):
    return *rng.random((3, n, n)), steps, sweeps


STENCILS = (
    Case(seidel, (0,), square, "n s", (8, 3), ((40, 20), (100, 50))),
    Case(jacobi, (0,), square, "n s", (8, 3), ((150, 50),)),
    Case(heat, (0, 1), lambda rng, n, s: (*rng.random((2, n, n)), s), "n s", (12, 10), ((64, 100),)),
    Case(heat_3d, (0,), cube, "n s", (6, 2), ((25, 25),)),
    Case(fdtd, (0, 1, 2, 3), fields, "n s", (6, 3), ((200, 20),)),
    Case(hdiff, (0, 1), weather, "n l", (5, 2), ((64, 60),)),
    Case(vadv, (0, 1), columns, "n l s", (3, 6, 2), ((3_600, 60, 3),)),
    Case(cavity, (0, 1, 2), flow, "n t s", (6, 2, 3), ((41, 25, 5),)),
    Case(adi, (0,), square, "n s", (7, 2), ((100, 50),)),
)
