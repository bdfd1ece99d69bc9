"""Tuples: packing, unpacking, swaps, indexing by literals, carried through loops."""

import math

import numpy as np

from .registry import num, program, vec


@program(lambda r: (num(r), num(r)))
def swap_scalars(x, y):
    """Both right-hand sides are read before either name is bound."""
    x, y = y * y, x
    x, y = y, x
    x, y = x + y, x * y
    return x * y * y


@program(lambda r: (num(r), num(r), num(r)))
def rotate_three(x, y, z):
    """A rotation of three carried names, an even and an odd number of times."""
    for _ in range(4):
        x, y, z = y, z, math.sin(x) * y
    return x * y + z


@program(lambda r: (num(r), num(r)))
def tuple_in_a_name(x, y):
    """A tuple has a name, is indexed and unpacked."""
    t = (x * y, x, y * y)
    a, b, c = t
    return t[0] * a + b * t[-1] + c * len(t)


@program(lambda r: (num(r), num(r)))
def nested_tuple(x, y):
    """Nested tuples and nested targets."""
    p = (x, (y * x, y))
    a, (b, c) = p
    (d, e), f = (a * b, c), p[1][0]
    return d * e + f * a


@program(lambda r: (num(r), num(r)))
def tuple_of_mixed_types(x, y):
    """A tuple of a float, an int and a bool."""
    t = (x, 3, y > 0.0)
    s = t[0] * t[1]
    if t[2]:
        s = s * y
    return s * s


@program(lambda r: (vec(r, 4), vec(r, 4)))
def tuple_of_arrays(x, y):
    """A tuple of arrays: items alias the arrays, and are stored through."""
    t = (x, y)
    a, b = t
    a[0] = b[1] * x[2]
    t[1][2] = t[0][0] * y[3]
    return x[0] * y[2] + a[1] * b[0]


@program(lambda r: ((num(r), num(r)), num(r)), argnums=(1,))
def tuple_argument_constant(p, x):
    """A tuple argument, not differentiated."""
    a, b = p
    return a * x + b * x * x + p[0] * math.sin(x)


@program(lambda r: (vec(r, 3, 4),))
def shape_unpacked(m):
    """Shapes are tuples: unpacked, indexed, and used to allocate."""
    n, k = m.shape
    t = np.zeros((m.shape[1], n))
    for i in range(n):
        for j in range(k):
            t[j, i] = m[i, j] * m[i - 1, j]
    return t[0, 0] * t[k - 1, n - 1] + t[1, 2]


@program(lambda r: (vec(r, 4),))
def unpack_array_elements(x):
    """Elements go in and out of tuples, some to subscripts."""
    a, b = x[0], x[1]
    x[1], x[0] = a * a, b * x[2]
    i, j = 1, 3
    x[i], i = x[j] * x[0], 2
    x[i], x[j] = x[j], x[i]
    return x[0] * x[1] + x[2] * x[3] * x[3]


@program(lambda r: (num(r), num(r)))
def tuple_carried(x, y):
    """A tuple is carried by a loop: a state that each step replaces."""
    state = (x, y, 0.0)
    for _ in range(3):
        p, q, s = state
        state = (p - 0.1 * math.sin(q), q + 0.1 * p, s + p * q)
    return state[0] * state[1] + state[2]


@program(lambda r: (num(r), num(r)))
def tuple_from_branches(x, y):
    """Two arms make the same tuple in different ways."""
    if x > y:
        lo, hi = y, x
    else:
        lo, hi = x, y
    pair = (lo * hi, hi) if hi > 0.0 else (lo, lo)
    return pair[0] * lo + pair[1]


@program(lambda r: (num(r), num(r)))
def chained_assignment(x, y):
    """Several targets in one statement."""
    a = b = x * y
    a = a * a
    b += a
    c = d = e = b * x
    return a * b + c * d * e


@program(lambda r: (vec(r, 5),))
def running_pair(x):
    """The two largest values so far, kept by simultaneous assignment in a chain of branches."""
    if x[0] > x[1]:
        a, b = x[0], x[1]
    else:
        a, b = x[1], x[0]
    for i in range(2, len(x)):
        if x[i] > a:
            a, b = x[i], a
        elif x[i] > b:
            b = x[i]
    return a * b + a
