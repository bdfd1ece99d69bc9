"""Loops whose reverse adds to neighbours: some become one loop for each neighbour, others must stay as they are."""

import math

import numpy as np

from .registry import num, program, vec


@program(lambda r: (vec(r, 7), num(r)))
def neighbours_in_time(x, h):
    """From one array to the other and back; the last index is out of the loop, and short rows have none."""
    a = x.copy()
    b = np.zeros(len(x))
    for _ in range(3):
        for i in range(1, len(a) - 1):
            b[i] = 0.3 * (a[i - 1] - a[i] + a[i + 1])
        for i in range(2, len(a) - 2):
            a[i] = h * b[i - 2] + 0.1 * b[i + 2]
        for i in range(5, len(a) - 3):
            a[i] = b[i - 1] * b[i + 1]
    return a[2] * a[3] + b[0] + np.sum(b * a)


@program(lambda r: (vec(r, 20).reshape(4, 5),))
def neighbours_in_a_plane(x):
    """Rows and columns, from views that share memory with what is stored to."""
    a = x.copy()
    b = np.zeros_like(x)
    inner = a[1:-1, 1:-1]
    for _ in range(2):
        for i in range(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                b[i, j] = 0.2 * (a[i, j] + a[i, j - 1] + a[i, j + 1] + a[i + 1, j] + a[i - 1, j])
        for i in range(inner.shape[0]):
            for j in range(1, inner.shape[1]):
                inner[i, j] = b[i + 1, j + 1] * 0.7 + 0.1 * b[i + 1, j] - b[i, j]
    return np.sum(a * b)


@program(lambda r: (vec(r, 7), num(r)))
def neighbours_over_each_other(x, h):
    """The array that is stored to is the one that is read: the order counts."""
    a = x.copy()
    for _ in range(2):
        for i in range(1, len(a) - 1):
            a[i] = 0.3 * (a[i - 1] + h * a[i + 1])
        for i in range(len(a) - 2, 0, -1):
            a[i - 1] = 0.3 * (a[i] + h * a[i + 1])
    return np.sum(a * a)


@program(lambda r: (vec(r, 7), vec(r, 7), num(r)))
def neighbours_weighed(x, w, h):
    """Weights of each place, which get adjoints too; a factor from outside, and one that the loop before has left."""
    a = x.copy()
    b = np.ones(len(x))
    last = h
    for k in range(3):
        for i in range(1, len(a) - 1):
            b[i] = w[i] * a[i - 1] + w[i - 1] * a[i + 1] * last
        for i in range(1, len(a)):
            a[i] = math.sin(b[i]) + 0.5 * b[i - 1] + 0.1 * k
        last = b[2] * 0.3
    return np.sum(a) * last


@program(lambda r: (vec(r, 9), np.array([2, 0, 1, 3])))
def neighbours_elsewhere(x, at):
    """Places that data tell, steps of two, and one place for all iterations."""
    b = np.zeros(9)
    c = np.zeros(9)
    for i in range(len(at)):
        b[i] = 0.3 * (x[at[i]] + x[at[i] + 1])
    for i in range(0, 6, 2):
        c[i] = b[i] * 0.5 + b[i + 1] - b[i + 2]
    for i in range(1, 8):
        c[i] += 0.2 * x[i - 1] + 0.1 * x[i + 1] + x[4]
    return np.sum(b * c)
