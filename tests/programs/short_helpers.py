"""Short functions of scalars, called where the reverse sweep comes later: what is dear in them is saved."""

import math

import numpy as np

from .registry import num, program, vec


def gate(u, slope):
    e = math.exp(-slope * u)
    return 1.0 / (1.0 + e)


def both(u, v):
    s = math.sin(u * v)
    return s, math.cos(u) * s


def outer_gate(u):
    return gate(u, 0.7) * gate(-u, 0.3)


@program(lambda r: (vec(r, 6), num(r)))
def gates_in_time(x, h):
    """A step's gates, one of them of constants, one called with the same name for both arguments."""
    y = x.copy()
    c = h
    for t in range(4):
        for i in range(len(y)):
            f = gate(y[i] * c, 1.3)
            c = c * f + gate(h, h) * y[i]
            y[i] = f * math.tanh(c)
    return np.sum(y) + c


@program(lambda r: (vec(r, 5), num(r)))
def gates_in_pairs(x, h):
    """Two results, one unused in turn; a function of functions; a `while` loop."""
    y = x.copy()
    k = 0
    s = h
    while k < 3:
        a, b = both(y[k], s)
        s = s + a * 0.3
        _, d = both(s, h)
        y[k + 1] = y[k] * b + outer_gate(d)
        k += 1
    return s * y[3] + y[4]


@program(lambda r: (vec(r, 5), num(r)))
def gates_in_branches(x, h):
    """Called in one arm only, with the value that the call replaces."""
    s = h
    y = x.copy()
    for t in range(3):
        for i in range(1, len(y)):
            if y[i] > y[i - 1]:
                s = gate(s, y[i])
            else:
                y[i] = gate(y[i], s) + y[i - 1]
    return s + np.sum(y * y)
