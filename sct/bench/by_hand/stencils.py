"""Adjoints of stencils."""

from __future__ import annotations

import numpy as np


def seidel(grid, steps):
    """Linear: only the value needs the way forward."""
    u = grid.copy()
    n = len(u)
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                above = u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1]
                below = u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]
                u[i, j] = (above + u[i, j - 1] + u[i, j] + u[i, j + 1] + below) / 9.0
    bar = np.ones_like(u)
    for _ in range(steps):
        for i in range(n - 2, 0, -1):
            for j in range(n - 2, 0, -1):
                t = bar[i, j] / 9.0
                bar[i, j] = t
                bar[i - 1, j - 1] += t
                bar[i - 1, j] += t
                bar[i - 1, j + 1] += t
                bar[i, j - 1] += t
                bar[i, j + 1] += t
                bar[i + 1, j - 1] += t
                bar[i + 1, j] += t
                bar[i + 1, j + 1] += t
    return np.sum(u), (bar,)


def smooth(source, target):
    """Five points in the interior."""
    n = len(source)
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            around = source[i, j - 1] + source[i, j + 1] + source[i + 1, j] + source[i - 1, j]
            target[i, j] = 0.2 * (source[i, j] + around)


def jacobi(grid, steps):
    """In gather form: with zeros around the adjoint of the interior, the stencil is its own transpose."""
    a, b = grid.copy(), grid.copy()
    n = len(grid)
    for _ in range(steps):
        smooth(a, b)
        smooth(b, a)
    bar = np.ones_like(grid)
    a_bar, b_bar = np.zeros_like(grid), np.zeros_like(grid)
    a_bar[1 : n - 1, 1 : n - 1] = 1.0
    for half in range(2 * steps):
        source, target = (a_bar, b_bar) if half % 2 == 0 else (b_bar, a_bar)
        for k in range(1, n - 1):
            bar[0, k] += 0.2 * source[1, k]
            bar[n - 1, k] += 0.2 * source[n - 2, k]
            bar[k, 0] += 0.2 * source[k, 1]
            bar[k, n - 1] += 0.2 * source[k, n - 2]
        smooth(source, target)
    bar[1 : n - 1, 1 : n - 1] = a_bar[1 : n - 1, 1 : n - 1]
    return np.sum(a), (bar,)
