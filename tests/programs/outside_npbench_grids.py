"""NPBench's kernels on grids: stencils and sweeps as slices of whole rows and planes, updated in place."""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda r: (3, vec(r, 6), vec(r, 6)))
def npbench_jacobi_1d(steps, a, b):
    """Two vectors by turns, each the mean of slices of the other."""
    for _ in range(steps):
        b[1:-1] = 0.3 * (a[:-2] + a[1:-1] * a[1:-1] + a[2:])
        a[1:-1] = 0.3 * (b[:-2] + b[1:-1] + b[2:] * b[:-2])
    return np.dot(a, b)


@program(lambda r: (2, vec(r, 4, 4), vec(r, 4, 4)))
def npbench_jacobi_2d(steps, a, b):
    """The same with the five-point star of two matrices."""
    for _ in range(steps):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] * a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.2 * (b[1:-1, 1:-1] + b[1:-1, :-2] * b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1])
    return np.sum(a * b)


@program(lambda r: (2, vec(r, 4, 5)))
def npbench_seidel_2d(steps, a):
    """A row takes the old row below and the new one above in one statement, then sweeps along itself."""
    n, m = a.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            a[i, 1:-1] += a[i - 1, :-2] + a[i - 1, 1:-1] + a[i - 1, 2:] + a[i, 2:] + a[i + 1, :-2] * a[i + 1, 2:]
            for j in range(1, m - 1):
                a[i, j] = (a[i, j] + a[i, j - 1]) / (8.0 + a[i, j - 1] ** 2)
    return np.sum(a * a)


@program(lambda r: (2, vec(r, 4, 4, 3)))
def npbench_heat_3d(steps, a):
    """Second differences along three axes, from one block into the other and back."""
    b = a.copy()
    for _ in range(steps):
        b[1:-1, 1:-1, 1:-1] = (
            0.1 * (a[2:, 1:-1, 1:-1] - 2.0 * a[1:-1, 1:-1, 1:-1] + a[:-2, 1:-1, 1:-1])
            + 0.1 * (a[1:-1, 2:, 1:-1] * a[1:-1, :-2, 1:-1])
            + a[1:-1, 1:-1, 1:-1]
        )
        a[1:-1, 1:-1, 1:-1] = b[1:-1, 1:-1, 1:-1] + 0.1 * b[1:-1, 1:-1, 2:] * b[1:-1, 1:-1, :-2]
    return np.sum(a * b)


@program(lambda r: (2, vec(r, 4, 4), vec(r, 4, 4), vec(r, 4, 4), vec(r, 2)))
def npbench_fdtd_2d(steps, ex, ey, hz, source):
    """Three fields that update one another; a source overwrites a border in every step."""
    for t in range(steps):
        ey[0, :] = source[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1]) * ex[:, 1:]
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return np.sum(hz * hz)


@program(lambda r: (2, pos(r, 4, 4), 0.3 * num(r), 0.2 * num(r)))
def npbench_adi(steps, u, a, c):
    """Alternating directions with whole columns in each step of the recurrence."""
    v = np.empty_like(u)
    p = np.empty_like(u)
    q = np.empty_like(u)
    for _ in range(steps):
        v[0, 1:-1] = 1.0
        p[1:-1, 0] = 0.0
        q[1:-1, 0] = 1.0
        for j in range(1, 3):
            p[1:-1, j] = c / (a * p[1:-1, j - 1] + 1.5)
            q[1:-1, j] = (u[j, :-2] + u[j, 1:-1] * u[j, 2:] + a * q[1:-1, j - 1]) / (a * p[1:-1, j - 1] + 1.5)
        v[3, 1:-1] = 1.0
        for j in range(2, 0, -1):
            v[j, 1:-1] = p[1:-1, j] * v[j + 1, 1:-1] + q[1:-1, j]
        u[1:-1, 1:-1] = 0.5 * u[1:-1, 1:-1] + 0.1 * v[1:-1, 1:-1]
    return np.sum(u * u) + v[1, 1]


@program(lambda r: (0.3 * num(r), vec(r, 4, 4)))
def npbench_deriche(alpha, image):
    """A recursive filter forwards and backwards along both axes; the same buffers are used again for the second."""
    e = math.exp(-alpha)
    k = (1.0 - e) * (1.0 - e) / (1.0 + 2.0 * alpha * e - e * e)
    a1 = a5 = k
    a2 = a6 = k * e * (alpha - 1.0)
    b1 = 2.0**-alpha
    b2 = -e * e
    y = np.empty_like(image)
    z = np.empty_like(image)
    y[:, 0] = a1 * image[:, 0]
    y[:, 1] = a1 * image[:, 1] + a2 * image[:, 0] + b1 * y[:, 0]
    for j in range(2, 4):
        y[:, j] = a1 * image[:, j] + a2 * image[:, j - 1] + b1 * y[:, j - 1] + b2 * y[:, j - 2]
    z[:, -1] = 0.0
    z[:, -2] = a2 * image[:, -1]
    for j in range(1, -1, -1):
        z[:, j] = a1 * image[:, j + 1] + a2 * image[:, j + 2] + b1 * z[:, j + 1] + b2 * z[:, j + 2]
    out = y + z
    y[0, :] = a5 * out[0, :]
    for i in range(1, 4):
        y[i, :] = a5 * out[i, :] + a6 * out[i - 1, :] + b1 * y[i - 1, :]
    z[-1, :] = 0.0
    for i in range(2, -1, -1):
        z[i, :] = a5 * out[i + 1, :] + b1 * z[i + 1, :]
    out[:] = y * z
    return np.sum(out)


@program(lambda r: (vec(r, 5, 5), num(r)))
def npbench_hdiff(field, coeff):
    """Horizontal diffusion: fluxes of a Laplacian, dropped where they would go uphill."""
    lap = 4.0 * field[1:4, 1:4] - (field[2:, 1:4] + field[:3, 1:4] + field[1:4, 2:] + field[1:4, :3])
    fx = lap[1:, 1] - lap[:-1, 1]
    fx = np.where(fx * (field[2:4, 2] - field[1:3, 2]) > 0.0, 0.0, fx)
    fy = lap[1, 1:] - lap[1, :-1]
    fy = np.where(fy * (field[2, 2:4] - field[2, 1:3]) > 0.0, 0.0, fy)
    return (field[2, 2] - coeff * (fx[1] - fx[0] + fy[1] - fy[0])) ** 2 + np.sum(fx * lap[1, 1:])


@program(lambda r: (vec(r, 2, 4), vec(r, 3, 4), vec(r, 2, 4), num(r)))
def npbench_vadv(stage, wind, old, rate):
    """Vertical advection: a tridiagonal solve up and down all columns at once, with coefficients made on the way."""
    top = stage.shape[1]
    c = np.empty((2, 4))
    d = np.empty((2, 4))
    last = np.empty(2)
    for k in range(top):
        d[:, k] = 3.0 * rate * old[:, k] + stage[:, k]
        if k == 0:
            up = 0.125 * (wind[1:, k + 1] + wind[:-1, k + 1])
            c[:, k] = up / (4.0 * rate - up)
            d[:, k] /= 4.0 * rate - up
        else:
            low = -0.125 * (wind[1:, k] + wind[:-1, k])
            diag = 4.0 * rate - low - c[:, k - 1] * low
            d[:, k] = (d[:, k] - low * (stage[:, k - 1] - d[:, k - 1])) / diag
            c[:, k] = 0.125 * wind[1:, k] / diag
    for k in range(top - 1, -1, -1):
        now = d[:, k].copy()
        if k < top - 1:
            now -= c[:, k] * last
        last[:] = now
        stage[:, k] = rate * (now - old[:, k])
    return np.sum(stage * stage)


def _pressure(p, b, sweeps):
    for _ in range(sweeps):
        old = p.copy()
        p[1:-1, 1:-1] = 0.25 * (old[1:-1, 2:] + old[1:-1, :-2] + old[2:, 1:-1] + old[:-2, 1:-1]) - b[1:-1, 1:-1]
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0.0


@program(lambda r: (2, 0.3 * vec(r, 4, 4), 0.3 * vec(r, 4, 4), vec(r, 4, 4), num(r)))
def npbench_cavity_flow(steps, u, v, p, nu):
    """A flow driven by its lid: copies of the fields in each step, a pressure solve in a helper, borders set again."""
    h = 0.1
    b = np.zeros_like(p)
    for _ in range(steps):
        un = u.copy()
        ux = u[1:-1, 2:] - u[1:-1, :-2]
        vy = v[2:, 1:-1] - v[:-2, 1:-1]
        b[1:-1, 1:-1] = ux + vy - h * (ux * ux + 2.0 * (u[2:, 1:-1] - u[:-2, 1:-1]) * vy)
        _pressure(p, b, 2)
        spread = un[1:-1, 2:] + un[2:, 1:-1] - 4.0 * un[1:-1, 1:-1] + un[1:-1, :-2] + un[:-2, 1:-1]
        slope = un[1:-1, 1:-1] - un[1:-1, :-2]
        u[1:-1, 1:-1] -= h * un[1:-1, 1:-1] * slope + h * (p[1:-1, 2:] - p[1:-1, :-2]) - nu * h * spread
        v[1:-1, 1:-1] -= h * v[1:-1, 1:-1] * un[1:-1, 1:-1] + h * (p[2:, 1:-1] - p[:-2, 1:-1])
        u[0, :] = 0.0
        u[-1, :] = 1.0
    return np.sum(u * v) + np.sum(p * p)


@program(lambda r: (pos(r, 4, 3), num(r), num(r), 5))
def npbench_channel_flow(u, nu, force, limit):
    """A periodic channel stepped until the total changes little: columns wrap around, the stop depends on the fields."""
    rows, cols = u.shape
    change = 1.0
    steps = 0
    while change > 0.03 and steps < limit:
        old = u.copy()
        for i in range(1, rows - 1):
            for j in range(cols):
                west = old[i, j - 1]
                east = old[i, (j + 1) % cols]
                flow = old[i, j] * (old[i, j] - west)
                spread = east - 2.0 * old[i, j] + west + old[i + 1, j] - 2.0 * old[i, j] + old[i - 1, j]
                u[i, j] = old[i, j] - 0.1 * flow + 0.1 * nu * spread + 0.1 * force
        u[0, :] = 0.0
        u[-1, :] = 0.0
        change = abs(np.sum(u) - np.sum(old)) / np.sum(u)
        steps += 1
    return np.sum(u * u)


@program(lambda r: (vec(r, 4, 4, 2), vec(r, 2, 2, 2, 2), vec(r, 2)))
def npbench_conv2d(image, weights, bias):
    """A convolution with channels: a window that moves, summed against a slice of the weights."""
    n = image.shape[0] - weights.shape[0] + 1
    out = np.empty((n, n, weights.shape[3]))
    for i in range(n):
        for j in range(n):
            window = image[i : i + 2, j : j + 2, :]
            for c in range(weights.shape[3]):
                out[i, j, c] = np.sum(window * weights[:, :, :, c]) + bias[c]
    return np.sum(out * out)
