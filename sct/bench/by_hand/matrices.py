"""Adjoints of factorisations and systems of equations."""

from __future__ import annotations

import math

import numpy as np


def cholesky(a):
    """The way back of the row by row factorisation (Smith 1995), in the array of the adjoint."""
    factor = np.tril(a)
    n = len(a)
    s = 0.0
    for i in range(n):
        for j in range(i):
            t = factor[i, j]
            for k in range(j):
                t -= factor[i, k] * factor[j, k]
            factor[i, j] = t / factor[j, j]
            s += factor[i, j]
        t = factor[i, i]
        for k in range(i):
            t -= factor[i, k] * factor[i, k]
        factor[i, i] = math.sqrt(t)
        s += factor[i, i]
    bar = np.tril(np.ones_like(a))
    for i in range(n - 1, -1, -1):
        bar[i, i] *= 0.5 / factor[i, i]
        for k in range(i):
            bar[i, k] -= 2.0 * bar[i, i] * factor[i, k]
        for j in range(i - 1, -1, -1):
            t_bar = bar[i, j] / factor[j, j]
            bar[i, j] = t_bar
            bar[j, j] -= t_bar * factor[i, j]
            for k in range(j):
                bar[i, k] -= t_bar * factor[j, k]
                bar[j, k] -= t_bar * factor[i, k]
    return s, (bar,)


def trisolv(lower, b):
    """Back substitution with the transpose."""
    n = len(b)
    x = np.empty(n)
    s = 0.0
    for i in range(n):
        t = b[i]
        for j in range(i):
            t -= lower[i, j] * x[j]
        x[i] = t / lower[i, i]
        s += x[i]
    lower_bar = np.zeros_like(lower)
    b_bar = np.ones(n)
    for i in range(n - 1, -1, -1):
        b_bar[i] /= lower[i, i]
        for j in range(i):
            lower_bar[i, j] = -b_bar[i] * x[j]
            b_bar[j] -= b_bar[i] * lower[i, j]
        lower_bar[i, i] = -b_bar[i] * x[i]
    return s, (lower_bar, b_bar)


def durbin(r):
    """Every solution of the recursion is kept, in a triangle."""
    n = len(r)
    y = np.zeros((n + 1, n))
    alpha, beta = np.empty(n), np.ones(n)
    y[1, 0] = alpha[0] = -r[0]
    for k in range(1, n):
        beta[k] = beta[k - 1] * (1.0 - alpha[k - 1] ** 2)
        t = r[k]
        for i in range(k):
            t += r[k - i - 1] * y[k, i]
        alpha[k] = -t / beta[k]
        for i in range(k):
            y[k + 1, i] = y[k, i] + alpha[k] * y[k, k - i - 1]
        y[k + 1, k] = alpha[k]
    r_bar, y_bar, old_bar = np.zeros(n), np.ones(n), np.empty(n)
    beta_bar, alpha_bar = 0.0, 0.0  # the latter through beta only
    for k in range(n - 1, 0, -1):
        alpha_bar += y_bar[k]
        for i in range(k):
            alpha_bar += y_bar[i] * y[k, k - i - 1]
        t_bar = -alpha_bar / beta[k]
        beta_bar += t_bar * alpha[k]
        r_bar[k] += t_bar
        for i in range(k):
            r_bar[k - i - 1] += t_bar * y[k, i]
            old_bar[i] = y_bar[i] + alpha[k] * y_bar[k - i - 1] + t_bar * r[k - i - 1]
        for i in range(k):
            y_bar[i] = old_bar[i]
        alpha_bar = -2.0 * beta_bar * beta[k - 1] * alpha[k - 1]
        beta_bar *= 1.0 - alpha[k - 1] ** 2
    r_bar[0] -= y_bar[0] + alpha_bar
    s = 0.0
    for i in range(n):
        s += y[n, i]
    return s, (r_bar,)
