"""Arrays of an iteration that a helper reads, and that are overwritten after the call or made anew."""

import numpy as np

from .registry import num, program, vec


def tail_sum(u, i):
    """Reads part of what it is given, and calls itself: two functions, with tapes."""
    if i >= len(u):
        return 0.0
    return u[i] * u[i] + 0.5 * tail_sum(u, i + 1)


def weighed(u, v):
    s = 0.0
    for i in range(len(u)):
        s += u[i] * v[i] * u[0]
    return s


@program(lambda r: (vec(r, 4), num(r)))
def rows_handed_on(x, h):
    """The array of each iteration goes to two helpers, is changed between them and after them."""
    s = 0.0
    for k in range(3):
        row = np.empty(len(x))
        for i in range(len(x)):
            row[i] = x[i] * h + k
        s += tail_sum(row, 1)
        row[1] = s * h
        s = s * 0.1 + weighed(row, x)
        row[0] = 0.0
        s += row[1] * row[2] + row[0]
    return s


@program(lambda r: (vec(r, 4), num(r)))
def row_handed_on_twice(x, h):
    """One array for all iterations, overwritten in each; and one that the call gets for both arguments."""
    row = x.copy()
    s = h
    for k in range(3):
        s += tail_sum(row, k) * weighed(row, row)
        for i in range(len(row)):
            row[i] = row[i] * 0.5 + s * 0.01
    return s + row[2]
