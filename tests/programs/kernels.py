"""Numerical kernels: stencils, time stepping, particles, finance, series."""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda r: (pos(r, 6), 0.2 * num(r), 4))
def heat(u, k, steps):
    """Nonlinear heat conduction with one buffer and a copy back."""
    n = len(u)
    new = u.copy()
    for _ in range(steps):
        for i in range(1, n - 1):
            new[i] = u[i] + k * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
        for i in range(n):
            u[i] = new[i]
    return np.sum(u * u)


@program(lambda r: (pos(r, 5, 5), pos(r, 5, 5), 2))
def heat_2d_conductivity(u, k, steps):
    """In-place two-dimensional conduction with a field of coefficients (heat_2d in place)."""
    for _ in range(steps):
        for i in range(1, 4):
            for j in range(1, 4):
                flux = k[i, j] * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - 4.0 * u[i, j])
                u[i, j] = u[i, j] + 0.1 * flux * (1.0 + 0.1 * u[i, j] ** 2)
    return u[2, 2] * u[1, 3] + u[3, 1]


@program(lambda r: (pos(r, 4, 4, 4), 2))
def heat_3d(a, steps):
    """Two buffers in three dimensions, each step there and back."""
    b = a.copy()
    for _ in range(steps):
        for i in range(1, 3):
            for j in range(1, 3):
                for k in range(1, 3):
                    b[i, j, k] = 0.1 * (a[i + 1, j, k] + a[i - 1, j, k]) * a[i, j + 1, k] + a[i, j, k - 1]
        for i in range(1, 3):
            for j in range(1, 3):
                for k in range(1, 3):
                    a[i, j, k] = 0.1 * (b[i, j + 1, k] + b[i, j - 1, k]) * b[i, j, k + 1] + b[i, j, k]
    return a[1, 1, 1] * a[2, 2, 2] + b[1, 2, 1]


@program(lambda r: (vec(r, 5, 5), 2))
def seidel(a, steps):
    """Gauss-Seidel in place: each element reads new and old neighbours, here with a nonlinear term."""
    n = a.shape[0]
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                s = a[i - 1, j - 1] + a[i - 1, j] + a[i, j - 1] + a[i + 1, j] * a[i, j + 1]
                a[i, j] = math.tanh(s / 4.0) + 0.1 * a[i, j]
    return a[1, 1] * a[3, 3] + a[2, 2]


@program(lambda r: (vec(r, 6), 3))
def jacobi_1d(a, steps):
    """Two buffers updated alternately in each step."""
    b = np.zeros_like(a)
    for _ in range(steps):
        for i in range(1, 5):
            b[i] = 0.33 * (a[i - 1] + a[i] * a[i] + a[i + 1])
        for i in range(1, 5):
            a[i] = 0.33 * (b[i - 1] * b[i] + b[i + 1])
    return a[2] * a[3] + b[1]


@program(lambda r: (vec(r, 4, 4), 3))
def jacobi_2d(a, steps):
    """Two matrices change roles by a swap of names."""
    b = a.copy()
    for _ in range(steps):
        for i in range(1, 3):
            for j in range(1, 3):
                b[i, j] = 0.2 * (a[i, j] + a[i, j - 1] * a[i, j + 1] + a[1 + i, j] + a[i - 1, j])
        a, b = b, a
    return a[1, 1] * a[2, 2] + b[1, 2]


@program(lambda r: (pos(r, 4, 4), 2))
def adi(u, steps):
    """Alternating directions: two sweeps of a tridiagonal recurrence up and down, with shared work arrays."""
    n = u.shape[0]
    v = np.zeros((n, n))
    p = np.zeros((n, n))
    q = np.zeros((n, n))
    for _ in range(steps):
        for i in range(1, n - 1):
            v[0, i] = 1.0
            p[i, 0] = 0.0
            q[i, 0] = v[0, i]
            for j in range(1, n - 1):
                p[i, j] = 0.3 / (0.2 * p[i, j - 1] + 1.5)
                q[i, j] = (0.2 * u[j, i - 1] + u[j, i] * u[j, i + 1] + 0.3 * q[i, j - 1]) / (0.2 * p[i, j - 1] + 1.5)
            v[n - 1, i] = 1.0
            for j in range(n - 2, 0, -1):
                v[j, i] = p[i, j] * v[j + 1, i] + q[i, j]
        for i in range(1, n - 1):
            for j in range(n - 2, 0, -1):
                u[i, j] = p[i, j] * u[i, j + 1] + math.sin(v[i, j] * v[i - 1, j])
    return u[1, 1] * u[2, 2] + v[1, 2]


@program(lambda r: (vec(r, 6), vec(r, 3)))
def conv(x, w):
    """A convolution with a nested accumulation, then a square."""
    s = 0.0
    for i in range(len(x) - len(w) + 1):
        a = 0.0
        for j in range(len(w)):
            a += x[i + j] * w[j]
        s += a * a
    return s


@program(lambda r: (vec(r, 3, 2), vec(r, 3, 2), pos(r, 3), 3))
def n_body(x, v, m, steps):
    """Pairwise forces and a symplectic step, positions and velocities in place."""
    n = x.shape[0]
    for _ in range(steps):
        for i in range(n):
            for j in range(n):
                if i != j:
                    dx = x[j, 0] - x[i, 0]
                    dy = x[j, 1] - x[i, 1]
                    d2 = dx * dx + dy * dy + 0.1
                    f = m[j] / (d2 * math.sqrt(d2))
                    v[i, 0] += 0.1 * f * dx
                    v[i, 1] += 0.1 * f * dy
        for i in range(n):
            x[i, 0] += 0.1 * v[i, 0]
            x[i, 1] += 0.1 * v[i, 1]
    e = 0.0
    for i in range(n):
        e += 0.5 * m[i] * (v[i, 0] ** 2 + v[i, 1] ** 2) + x[i, 0] * x[i, 1]
    return e


@program(lambda r: (vec(r, 4, 2), pos(r, 4)))
def pair_energy(x, q):
    """A sum over pairs i < j with a cut-off: a triangular nest with continue, nothing overwritten."""
    e = 0.0
    for i in range(len(q)):
        for j in range(i):
            d = math.sqrt((x[i, 0] - x[j, 0]) ** 2 + (x[i, 1] - x[j, 1]) ** 2)
            if d > 2.2:
                continue
            e += q[i] * q[j] / (d + 0.3)
    return e


def _normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


@program(lambda r: (pos(r, 4), pos(r, 4), pos(r, 4), 0.05, 0.2))
def black_scholes(spot, strike, time, rate, vol):
    """Option prices in a loop of independent iterations with a helper."""
    total = 0.0
    for i in range(len(spot)):
        s = vol * math.sqrt(time[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * vol * vol) * time[i]) / s
        d2 = d1 - s
        total += spot[i] * _normal_cdf(d1) - strike[i] * math.exp(-rate * time[i]) * _normal_cdf(d2)
    return total


@program(lambda r: (100.0, 95.0 + num(r), 0.03, 0.25, 5))
def binomial_tree(spot, strike, rate, vol, n):
    """An American put on a tree: a shrinking array overwritten from the leaves, with max at each node."""
    dt = 1.0 / n
    up = math.exp(vol * math.sqrt(dt))
    p = (math.exp(rate * dt) - 1.0 / up) / (up - 1.0 / up)
    v = np.zeros(n + 1)
    for j in range(n + 1):
        v[j] = max(strike - spot * up ** (2 * j - n), 0.0)
    for i in range(n - 1, -1, -1):
        for j in range(i + 1):
            hold = math.exp(-rate * dt) * (p * v[j + 1] + (1.0 - p) * v[j])
            v[j] = max(hold, strike - spot * up ** (2 * j - i))
    return v[0]


@program(lambda r: (num(r), num(r), 0.3, 6))
def leapfrog(q, p, h, steps):
    """A pendulum by leapfrog: two scalars updated in turn."""
    for _ in range(steps):
        p -= 0.5 * h * math.sin(q)
        q += h * p
        p -= 0.5 * h * math.sin(q)
    return 0.5 * p * p - math.cos(q)


@program(lambda r: (np.array([1.0, 0.1]), np.array([0.1, 1.0]), num(r), 4))
def orbit(x, v, gm, steps):
    """A planet by leapfrog in arrays, with an allocation of the force inside the loop."""
    h = 0.2
    err = 0.0
    for k in range(steps):
        a = np.zeros(2)
        r2 = x[0] * x[0] + x[1] * x[1]
        for d in range(2):
            a[d] = -gm * x[d] / (r2 * math.sqrt(r2))
        for d in range(2):
            v[d] += h * a[d]
            x[d] += h * v[d]
        err += (x[0] - math.cos(h * k)) ** 2 + (x[1] - math.sin(h * k)) ** 2
    return err


@program(lambda r: (pos(r, 6), 0.3 * num(r), 3))
def finite_volume(u, c, steps):
    """Burgers' equation with upwind fluxes: a flux array overwritten in each step, then differences."""
    n = len(u)
    f = np.zeros(n + 1)
    for _ in range(steps):
        for i in range(1, n):
            speed = 0.5 * (u[i - 1] + u[i])
            f[i] = 0.5 * u[i - 1] ** 2 if speed > 0.0 else 0.5 * u[i] ** 2
        f[0] = f[n - 1]
        f[n] = f[1]
        for i in range(n):
            u[i] -= c * (f[i + 1] - f[i])
    return np.dot(u, u)


@program(lambda r: (vec(r, 3, 4), num(r), num(r)))
def polynomial_2d(c, x, y):
    """Horner's scheme in two variables, nested."""
    p = 0.0
    for i in range(c.shape[0] - 1, -1, -1):
        q = 0.0
        for j in range(c.shape[1] - 1, -1, -1):
            q = q * y + c[i, j]
        p = p * x + q
    return p * p


@program(lambda r: (0.7, num(r), 7))
def legendre(x, a, n):
    """A three-term recurrence with a weighted sum."""
    p0 = 1.0
    p1 = x
    s = a * p1
    for k in range(2, n):
        p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
        s += a**k * p2
        p0 = p1
        p1 = p2
    return s


@program(lambda r: (num(r),))
def bessel_series(x):
    """A power series summed until its term is negligible."""
    term = 1.0
    s = 1.0
    k = 0
    while abs(term) > 1e-6:
        k += 1
        term = -term * x * x / (4.0 * k * k)
        s += term
    return s


@program(lambda r: (vec(r, 4), 2.0 + 0.1 * num(r)))
def trapezoid_simpson(c, b):
    """Quadrature of an inner function with weights from the parity of the index."""
    n = 6
    h = b / n
    s = 0.0
    for i in range(n + 1):
        t = i * h
        f = 0.0
        for k in range(len(c)):
            f += c[k] * math.sin((k + 1) * t)
        w = 1.0 if i == 0 or i == n else (4.0 if i % 2 == 1 else 2.0)
        s += w * f * f
    return s * h / 3.0


@program(lambda r: (pos(r, 4), pos(r, 5), 0.5))
def dynamic_time_warping(x, y, gamma):
    """A table filled by soft minima of three neighbours, with a border of large numbers."""
    n = len(x)
    m = len(y)
    d = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        d[i, 0] = 50.0
    for j in range(1, m + 1):
        d[0, j] = 50.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            a = d[i - 1, j - 1]
            b = d[i - 1, j]
            c = d[i, j - 1]
            low = min(a, b, c)
            s = math.exp((low - a) / gamma) + math.exp((low - b) / gamma) + math.exp((low - c) / gamma)
            d[i, j] = (x[i - 1] - y[j - 1]) ** 2 + low - gamma * math.log(s)
    return d[n, m]


@program(lambda r: (vec(r, 8), 2))
def haar_wavelet(x, levels):
    """A transform in place of halves, with a scratch array whose used part shrinks."""
    n = len(x)
    t = np.zeros(n)
    for _ in range(levels):
        n = n // 2
        for i in range(n):
            t[i] = (x[2 * i] + x[2 * i + 1]) * math.sqrt(0.5)
            t[n + i] = (x[2 * i] - x[2 * i + 1]) * x[2 * i]
        for i in range(2 * n):
            x[i] = t[i]
    return x[0] * x[1] + x[3] * x[6]


@program(lambda r: (vec(r, 4), vec(r, 4)))
def fft_radix_two(re, im):
    """A butterfly in place on real and imaginary parts, four elements, with angles computed in the loop."""
    n = len(re)
    size = 2
    while size <= n:
        half = size // 2
        for start in range(0, n, size):
            for k in range(half):
                c = math.cos(2.0 * math.pi * k / size)
                s = -math.sin(2.0 * math.pi * k / size)
                i = start + k
                j = i + half
                tr = c * re[j] - s * im[j]
                ti = c * im[j] + s * re[j]
                re[j] = re[i] - tr
                im[j] = im[i] - ti
                re[i] = re[i] + tr
                im[i] = im[i] + ti
        size *= 2
    return re[1] ** 2 + im[1] ** 2 + re[0] * im[3]
