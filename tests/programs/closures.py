"""Globals and closures as constants, scalars and arrays; helpers reached through them."""

import math

import numpy as np
from numba import njit

from .registry import num, program, vec

GRAVITY = 9.81
ORDER = 3
TWO_PI = 2.0 * math.pi
VERBOSE = False
WEIGHTS = np.array([0.3, -0.7, 1.1, 0.4])
STENCIL = np.array([[0, 1], [1, 0], [2, 1], [1, 2]])
NODES = (0.2, 0.5, 0.3)


@program(lambda r: (num(r), num(r)))
def global_scalars(x, y):
    """Global floats, ints and math.pi enter the formula."""
    return math.sqrt(x / GRAVITY) * TWO_PI + y**ORDER * math.pi + np.pi * x * y


@program(lambda r: (vec(r, 4),))
def global_array(x):
    """A global array of constants is read in a loop."""
    s = 1.0
    for i in range(len(x)):
        s = s * WEIGHTS[i] * x[i] + math.sin(s)
    return s


@program(lambda r: (vec(r, 4, 4),))
def global_index_array(m):
    """A global int matrix gives the subscripts of loads and stores."""
    for k in range(len(STENCIL)):
        i = STENCIL[k, 0]
        j = STENCIL[k, 1]
        m[i, j] = m[i, j] * m[j, i] + m[1, 1]
    return m[0, 1] * m[1, 0] + m[2, 1] * m[1, 2]


@program(lambda r: (num(r),))
def global_tuple(x):
    """A global tuple of floats is indexed by literals."""
    a = NODES[0]
    return a * x + NODES[1] * x**2 + math.sin(NODES[2] * x)


@program(lambda r: (num(r), num(r)))
def global_flag(x, y):
    """A branch on a global bool that is False."""
    s = x * y
    if VERBOSE:
        s = s * 1000.0
    return s * s


@program(lambda r: (vec(r, 4), num(r)))
def global_array_overwritten_copy(x, f):
    """A copy of a global array is overwritten; the global one stays as it is."""
    w = WEIGHTS.copy()
    for i in range(len(x)):
        w[i] = w[i] * x[i] + w[i - 1] * f
    return w[3] * w[0] + WEIGHTS[1] * x[1]


def _make_scaled(factor, table):
    @program(lambda r: (vec(r, 4),))
    def closure_over_scalar_and_array(x):
        """A closure over a float and an array."""
        s = factor
        for i in range(len(x)):
            s = s * table[i] + x[i] * factor * x[i]
        return s

    return closure_over_scalar_and_array


closure_over_scalar_and_array = _make_scaled(1.7, np.array([0.5, -1.5, 0.25, 2.0]))


def _make_power(k):
    def term(x):
        return x**k + k * x

    return term


def _make_sum(f, g):
    @program(lambda r: (vec(r, 3), num(r)))
    def closure_over_helpers(x, y):
        """A closure over two functions made by the same factory: same name and source, other constants."""
        s = y
        for v in x:
            s = f(s) * 0.1 + g(v)
        return s

    return closure_over_helpers


closure_over_helpers = _make_sum(njit(_make_power(2)), njit(_make_power(3)))

# A primal that is a lambda, with a global constant in a default argument.
saddle = lambda x, y, k=ORDER: math.sin(x) * y + k * x / y
program(lambda r: (num(r), num(r)), name="saddle")(saddle)
