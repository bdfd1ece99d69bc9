"""Calls: scalar and array helpers, plain and njit, in place, nested, with tuples, defaults, keywords, views and the same array twice."""

import math

import numpy as np
from numba import njit

from .registry import ints, num, pos, program, vec


def square(x):
    return x * x


@njit
def damped(x, k=0.5, power=2):
    return math.exp(-k * x) * x**power


def soft(x):
    if x > 0.0:
        return math.log1p(x)
    return x * math.exp(x)


@njit(cache=False, fastmath=False)
def polar(x, y):
    return math.hypot(x, y), math.atan2(y, x)


def polynomial(c, x):
    p = 0.0
    for i in range(len(c) - 1, -1, -1):
        p = p * x + c[i]
    return p


@njit
def newton_root(a, z):
    while abs(z * z - a) > 1e-4:
        z = 0.5 * (z + a / z)
    return z


def scale(x, f):
    for i in range(len(x)):
        x[i] = x[i] * f


@njit
def relax(x, n):
    for _ in range(n):
        for i in range(1, len(x) - 1):
            x[i] = 0.25 * (x[i - 1] + x[i + 1]) + 0.5 * math.sin(x[i])


def mix(a, b):
    for i in range(len(a)):
        a[i] = a[i] * b[i - 1] + b[i]


def axpy(a, x, y):
    return a * x + y


def outer_helper(x, y):
    return square(soft(x) + y) * damped(y, power=1)


def in_place_nested(x, f):
    scale(x, f)
    x[0] = square(x[1])
    relax(x, 2)
    return x[0]


def with_early_return(x, limit):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
        if s > limit:
            return s * x[i]
        x[i] = s
    return s


def made_inside(x, n):
    y = np.zeros(n)
    for i in range(n):
        y[i] = x[i] * x[-i]
    return y


def returns_its_array(x):
    x[0] = x[0] * x[1]
    return x


def array_and_scalar(x):
    y = x.copy()
    s = 0.0
    for i in range(1, len(y)):
        y[i] *= y[i - 1]
        s += y[i]
    return y, s


def count_positive(x):
    n = 0
    for v in x:
        if v > 0.0:
            n += 1
    return n


def pick(x, i):
    return x[i % len(x)]


@program(lambda r: (num(r), num(r)))
def scalar_helper_twice(x, y):
    """A plain scalar helper called in an expression, on results of itself and with the same argument."""
    return square(square(x) + y) * square(y) + square(x) * square(x)


@program(lambda r: (num(r), num(r)))
def njit_helper_with_defaults(x, y):
    """Defaults, keywords out of order and positional arguments of an njit helper."""
    return damped(x) + damped(y, 0.2) * damped(x * y, power=3, k=0.1) - damped(x=y, power=1)


@program(lambda r: (vec(r, 4),))
def helper_with_branches(x):
    """A helper with two returns, called in a loop: its branch is decided anew at each call."""
    s = 1.0
    for v in x:
        s = s * 0.5 + soft(v) * soft(s)
    return s


@program(lambda r: (num(r), num(r)))
def tuple_result(x, y):
    """A helper returns a tuple, unpacked; one call's results feed the next."""
    r, phi = polar(x, y)
    u, v = polar(r * phi, phi)
    return u * v + r


@program(lambda r: (num(r), num(r)))
def tuple_result_in_part(x, y):
    """Only one item of the tuple is used, in one call by index."""
    r, _ = polar(x, y)
    phi = polar(y, x * x)[1]
    return r * phi


@program(lambda r: (vec(r, 5), num(r)))
def array_argument_read(c, x):
    """A helper reads an array in a loop; the same array and the result are used again."""
    p = polynomial(c, x)
    return p * polynomial(c, p * 0.1) + c[0]


@program(lambda r: (pos(r, 3), num(r)))
def helper_with_while(x, y):
    """A helper whose trip count depends on its argument, called in a loop on its own result."""
    for v in x:
        y = newton_root(v + y, 1.0)
    return y


@program(lambda r: (vec(r, 4), num(r)))
def in_place_helper(x, y):
    """An in-place helper; the old elements are needed before and after the call."""
    s = x[0] * x[1]
    scale(x, y * s)
    s = s * x[2]
    scale(x, x[3])
    return s + x[0] * x[1] + x[3]


@program(lambda r: (vec(r, 5), num(r)))
def in_place_helper_in_loop(x, y):
    """A stateful in-place njit helper called in a time loop whose body also stores."""
    s = 0.0
    for k in range(3):
        relax(x, k)
        x[k] *= y
        s += x[2] * x[2]
    return s


@program(lambda r: (vec(r, 4),))
def same_array_twice(x):
    """The helper gets the same array as both arguments: a store through one is a load of the other."""
    mix(x, x)
    return x[0] * x[1] + x[2] * x[3]


@program(lambda r: (vec(r, 4), vec(r, 4)))
def both_alias_patterns(x, y):
    """The same helper once with distinct arrays and twice with equal ones."""
    mix(x, y)
    mix(y, y)
    mix(x, x)
    mix(y, x)
    return x[0] * y[1] + x[2] * y[3]


@program(lambda r: (vec(r, 7),))
def overlapping_views_to_a_helper(x):
    """Two views that overlap are passed to an in-place helper."""
    mix(x[0:4], x[2:6])
    mix(x[1:], x[1:])
    return x[0] * x[3] + x[1] * x[6]


@program(lambda r: (vec(r, 3, 4), num(r)))
def views_to_helpers(m, f):
    """Rows, columns and slices are passed to in-place helpers."""
    scale(m[1], f)
    scale(m[:, 2], m[0, 0])
    mix(m[0], m[2])
    scale(m[2, 1:3], m[1, 2])
    return m[0, 0] * m[1, 2] + m[2, 1] * m[2, 2] + m[0, 3]


@program(lambda r: (num(r), num(r)))
def nested_helpers(x, y):
    """Helpers that call helpers, plain and njit mixed."""
    return outer_helper(x, y) + outer_helper(square(y), x) * soft(-x)


@program(lambda r: (vec(r, 5), num(r)))
def nested_in_place_helpers(x, f):
    """An in-place helper made of in-place helpers and a store, with a result."""
    a = in_place_nested(x, f)
    b = in_place_nested(x, a * 0.5)
    return a * b + x[2] * x[3]


@program(lambda r: (pos(r, 4), 1.8))
def helper_returns_early(x, limit):
    """The helper leaves its loop by return after some of its stores."""
    a = with_early_return(x, limit)
    b = with_early_return(x, 100.0 * limit)
    return a * b + x[0] * x[3]


@program(lambda r: (vec(r, 4),))
def array_made_by_a_helper(x):
    """A helper allocates and returns an array; it is stored to afterwards."""
    y = made_inside(x, len(x))
    y[0] = y[1] * y[2]
    z = made_inside(y, 3)
    return z[0] * z[2] + y[3]


@program(lambda r: (vec(r, 4),))
def helper_returns_its_argument(x):
    """The returned array is the argument: a store through the result changes the argument."""
    y = returns_its_array(x)
    y[1] = y[0] * x[2]
    return x[1] * x[0] + y[3]


@program(lambda r: (vec(r, 4),))
def array_and_scalar_result(x):
    """A tuple of an array and a scalar, unpacked in a loop that rebinds the array."""
    s = 0.0
    for _ in range(2):
        x, t = array_and_scalar(x)
        s += t * x[1]
    return s


@program(lambda r: (vec(r, 5), num(r)))
def helper_decides(x, y):
    """Inactive results of helpers are a bound, a subscript and a condition."""
    n = count_positive(x) + 1
    s = y
    for i in range(n):
        s = s * pick(x, i + n)
    if square(y) > 0.01:
        s = s * soft(y)
    return s


@program(lambda r: (num(r), 3))
def helper_with_inactive_argument(x, n):
    """The same helper with an active and with an inactive argument."""
    h = 1.0 / n
    s = 0.0
    for i in range(n):
        s += square(h * i) * square(x) + axpy(h, x * i, square(h))
    return s


@program(lambda r: (vec(r, 3), vec(r, 3), num(r)))
def helper_for_arrays_and_scalars(x, y, a):
    """One helper called with arrays and with scalars: two specialisations."""
    z = axpy(a, x, y)
    t = axpy(z[0], z[1], a)
    w = axpy(t, z, x)
    return w[0] * w[2] + t


@program(lambda r: (vec(r, 4), ints(r, 4, 3)))
def helper_in_a_subscript(x, idx):
    """Calls inside subscripts and as stored values, the stored element being an argument."""
    for k in range(3):
        x[idx[k]] = soft(x[idx[k]]) + pick(x, idx[k] + 1)
    x[count_positive(x) % 4] *= square(x[0])
    return x[0] * x[1] + x[2] * x[3]


@program(lambda r: (vec(r, 4), num(r)))
def helper_result_unused(x, f):
    """A helper is called for its effect only, though it returns a value; another one has neither."""
    in_place_nested(x, f)
    soft(x[0])
    return x[1] * x[2]


@program(lambda r: (num(r), num(r)))
def defaults_and_keywords(x, y, k=3, factor=0.5):
    """The primal itself has defaults, which the caller leaves out."""
    s = x
    for _ in range(k):
        s = s * factor + math.sin(s * y)
    return s


@program(lambda r: (vec(r, 4),), tags=("njit",))
@njit
def decorated_with_helper(x):
    """A dispatcher that calls a dispatcher, with an in-place one among them."""
    relax(x, 2)
    s = 0.0
    for v in x:
        s += damped(v * v)
    return s
