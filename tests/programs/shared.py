"""Helpers that write, given arrays that share memory: parts of one array, the same one twice, one of several."""

import numpy as np

from .registry import program, vec


def add_twice(u, v):
    u += 2.0 * v
    return u[0] * v[1]


def shifted(u, v):
    u[1:] = v[:-1] * u[1:]
    v[::-1] += u * u
    return u[0] * v[1]


def running(u, v):
    for i in range(len(u)):
        u[i] += v[i] * v[0]


def three(a, b, c):
    c[0] = a[0] * b[1]
    a[1] = c[1] * b[0]
    b += c
    c[:-1] *= a[1:]
    return c[0] * b[1]


def handed_on(a, b, c):
    return three(a, b, c) + shifted(c, b)


def times_transposed(m, t):
    m *= t
    m[0] += t[:, 1]
    t[1:] = m[:-1] * 0.5
    return m[0, 1] * t[1, 0]


def add_row(m, r):
    m += r
    r *= m[1]
    return r[0]


def doubled_rest(u):
    u *= 2.0
    return u[1:]


def one_of(a, b, c):
    return a[1:] if c > 0.5 else b[:-1]


def pair_of(p, k):
    a, b = p
    a[1:] *= b[:-1]
    b += a * k
    return a[0] * b[1]


@program(lambda r: (0.3 * vec(r, 4),))
def neighbours_in_place(x):
    """The whole right side is computed first, though the helper does not know that its arguments overlap."""
    s = add_twice(x, x)
    s += add_twice(x[1:], x[:-1])
    x[0] = s * x[2]
    return x[0] * x[1] + x[3]


@program(lambda r: (0.3 * vec(r, 4),))
def same_array_shifted(x):
    """Forwards and backwards, the array overwrites what it still has to read."""
    return shifted(x, x) * x[2] + shifted(x[::-1], x) * x[3]


@program(lambda r: (0.3 * vec(r, 4),))
def running_over_itself(x):
    """Loops over elements, which do read what they wrote."""
    running(x[1:], x[:-1])
    running(x, x)
    running(x[::-1], x)
    return x[0] * x[1] + x[2] * x[3]


@program(lambda r: (0.3 * vec(r, 4),))
def third_array_is_one_of_two(x):
    """`c` connects arrays that share nothing with each other."""
    a = x * x
    b = np.sin(x)
    if x[0] > 0.0:
        c = a
    else:
        c = b
    s = three(a, b, c) + handed_on(a, b, c)
    if x[1] < 0.0:
        c = a
    else:
        c = b
    return s + three(c, b, a) + np.sum(a * b) + c[1]


@program(lambda r: (0.3 * vec(r, 3),), tags=["overlap"])
def matrix_and_its_parts(x):
    """A matrix with its transpose, its rows and its columns."""
    m = np.outer(x, x + 1.0)
    s = times_transposed(m, m.T) + add_row(m, m[1]) + add_row(m[:2], m[:, 2]) + add_row(m[::-1], m[1])
    return s + np.sum(m)


@program(lambda r: (0.3 * vec(r, 3),))
def overlapping_in_a_loop(x):
    """Parts of an array of each iteration, and parts that depend on the iteration."""
    s = 0.0
    for i in range(3):
        y = x * (i + 1.0)
        s += add_twice(y[1:], y[:-1]) + shifted(y, y[::-1])
        s += add_twice(x[i % 2 : i % 2 + 2], x[1 - i % 2 : 3 - i % 2])
        s += y[1]
    return s


@program(lambda r: (0.3 * vec(r, 4),))
def parts_handed_back_and_given_again(x):
    """Views that helpers return overlap each other, and what is selected at run time."""
    v = doubled_rest(x)
    w = doubled_rest(v)
    add_twice(v, x[:3])
    w[0] *= add_twice(x[:2], v[:2])
    a = x * x
    b = np.sin(x)
    p = one_of(a, b, x[0])
    q = one_of(a, b, x[2])
    p *= 2.0
    q[:] = q * p[::-1]
    p += q
    return x[2] * w[0] + v[1] + np.sum(a * b) + p[0] * q[1]


@program(lambda r: (0.3 * vec(r, 3),), tags=["overlap"])
def array_captured_and_given(x):
    """The nested function writes to the array that it is given a view of."""

    def inner(u):
        x[0] = u[1] * 2.0
        x[1:] += u[:-1] * x[0]
        return u[0]

    s = inner(x[::-1]) + inner(x)
    return s * x[1] + x[2] + pair_of((x, x[::-1]), x[0]) + pair_of((x, x), x[1])
