"""Factorisations and systems of equations, most after the kernels of PolyBench: the loss is the sum of what they compute."""

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


def positive(rng, n):
    a = rng.normal(size=(n, n))
    return (a @ a.T / n + 2.0 * np.eye(n),)


def dominant(rng, n):
    return (rng.normal(size=(n, n)) / n + 2.0 * np.eye(n),)


def triangle(rng, n):
    return np.tril(rng.normal(size=(n, n)) / n) + 2.0 * np.eye(n), rng.normal(size=n)


def series(rng, n):
    return (rng.random(n) / n,)


MATRICES = (
    Case(cholesky, (0,), positive, "n", (8,), ((120,), (250,))),
    Case(lu, (0,), dominant, "n", (8,), ((120,),)),
    Case(trisolv, (0, 1), triangle, "n", (10,), ((500,), (2_000,))),
    Case(durbin, (0,), series, "n", (10,), ((400,), (2_000,))),
)
