"""Helpers that return the array that they were given: two names of one memory, in functions whose sweeps are apart, and in loops."""

import math

import numpy as np

from .registry import program, vec


def _relax(u):
    for i in range(1, len(u)):
        u[i] = u[i] * u[i - 1]
    return u


def _both_names(a):
    b = _relax(a)
    b[0] = b[0] * a[1]
    a[1] = b[1] * a[2]


@program(lambda rng: (vec(rng, 4),))
def stores_by_both_names(x):
    """The helper's result and its argument are stored to in turn, in a function that is reversed elsewhere."""
    y = x.copy()
    _both_names(y)
    return y[0] * y[1]


@program(lambda rng: (1.0 + 0.2 * vec(rng, 4), 3))
def both_names_in_a_loop(x, n):
    """The same in the iterations of a loop."""
    y = x.copy()
    for _ in range(n):
        b = _relax(y)
        b[0] = math.sin(b[0] * y[1])
        y[1] = b[1] * y[2]
    return y[0] * y[1] + y[3]


def _either(a, flag):
    if flag > 0.0:
        a[0] = a[0] * a[1]
        return a
    return _relax(a)


@program(lambda rng: (vec(rng, 4), vec(rng, 3)))
def returned_from_arms(x, w):
    """The argument comes back from either arm, once directly and once through another helper; the arms follow active values."""
    y = x.copy()
    s = 0.0
    for k in range(len(w)):
        b = _either(y, w[k] * y[0])
        c = _either(b, y[1])
        c[2] = c[2] * b[3] * w[k]
        s += c[2] * y[1]
    return s


def _array_and_number(a, k):
    t = a[k] * a[0]
    a[k] = math.cos(a[k])
    return t, a


@program(lambda rng: (vec(rng, 4),))
def among_other_results(x):
    """One of two results is the argument, a view of an array that lives on."""
    y = x.copy()
    s = 1.0
    for k in range(1, 3):
        t, part = _array_and_number(y[1:], k)
        part[0] = part[0] * t
        s = s * t + y[1] * part[k]
    return s + y[2]


@program(lambda rng: (1.0 + 0.2 * vec(rng, 4), 1.0 + 0.2 * vec(rng, 4), 3))
def passed_and_exchanged(x, w, n):
    """Arrays that change places in a loop go through a helper that returns what it is given."""
    a, b = x.copy(), w.copy()
    for _ in range(n):
        c = _relax(a)
        b[0] = c[1] * b[1]
        c[2] = b[0] * a[3]
        a, b = b, a
    return a[0] * b[2]


@program(lambda rng: (vec(rng, 3), np.array([1.0, 2.0, 0.5])))
def inactive_array_passed(x, w):
    """The array that comes back carries no derivative, but subscripts and factors come from it."""
    u = np.ones(3)
    s = 0.0
    for k in range(3):
        v = _relax(u)
        v[0] = v[0] + k
        s += x[int(u[0]) % 3] * v[0] * w[k]
        u[1] = v[1] + 0.5
    return s
