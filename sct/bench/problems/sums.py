"""Programs that sum: over options, neighbours, pairs, windows and rows of a sparse matrix."""

from __future__ import annotations

import math

import numpy as np

from sct.bench.case import Case


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def black_scholes(spot, strike, volatility, years, rate):
    """Value of a book of European calls: straight-line code, one option after the other."""
    total = 0.0
    for i in range(len(spot)):
        deviation = volatility[i] * math.sqrt(years[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility[i] ** 2) * years[i]) / deviation
        d2 = d1 - deviation
        total += spot[i] * normal_cdf(d1) - strike[i] * math.exp(-rate * years[i]) * normal_cdf(d2)
    return total


def energy(x, w):
    """A branch on the data and neighbours; nothing is overwritten."""
    s = 0.0
    for i in range(1, len(x)):
        if x[i] > x[i - 1]:
            s += w[i] * (x[i] - x[i - 1]) ** 2
    return s


def scan(x):
    """A recurrence that overwrites what it reads."""
    y = x.copy()
    s = y[0]
    for i in range(1, len(y)):
        y[i] = math.sin(y[i]) * y[i - 1] + y[i]
        s += y[i]
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


def _options(rng, n):
    spot, strike = rng.uniform(80.0, 120.0, n), rng.uniform(80.0, 120.0, n)
    return spot, strike, rng.uniform(0.1, 0.5, n), rng.uniform(0.2, 2.0, n), 0.03


def _sparse(rng, n):
    column = np.sort(rng.integers(0, n, (n, 8)), axis=1).ravel()
    return rng.normal(size=n), np.arange(0, 8 * n + 1, 8), column, rng.normal(size=8 * n)


SUMS = (
    Case(black_scholes, (0, 2), _options, "n", (500,), ((20_000,),)),
    Case(energy, (0, 1), lambda rng, n: tuple(rng.normal(size=(2, n))), "n", (1_000,), ((10_000,),)),
    Case(scan, (0,), lambda rng, n: (rng.normal(size=n),), "n", (500,), ((5_000,),)),
    Case(conv, (0, 1), lambda rng, n, m: (rng.normal(size=n), rng.normal(size=m)), "n m", (20, 4), ((20_000, 32),)),
    Case(nbody, (0, 1), lambda rng, n: (rng.normal(size=(n, 3)), rng.normal(size=n)), "n", (8,), ((600,),)),
    Case(sparse_energy, (0, 3), _sparse, "n", (20,), ((10_000,),)),
)
