"""`out=`: results written into arrays that exist, which are overwritten, read by the same call, or broadcast into."""

import numpy as np

from .registry import num, pos, program, vec


@program(lambda r: (vec(r, 4), vec(r, 4)), tags=["beyond_numba"])
def out_of_ufuncs(x, y):
    """By keyword, by position, in place, and in a tuple of one."""
    c = np.empty(4)
    np.add(x, y, out=c)
    np.multiply(c, y, c)
    s = np.sum(c * x)
    np.exp(x, out=x)
    np.subtract(x, c, out=(y,))
    return s + np.sum(x * y)


@program(lambda r: (vec(r, 5),), tags=("beyond_numba",))
def out_overlaps(x):
    """The result is complete before anything is written."""
    np.add(x[:-1], x[1:], out=x[1:])
    np.multiply(x[::-1], 2.0, out=x)
    np.sin(x[:2], x[2:4])
    return np.sum(x * x)


@program(lambda r: (pos(r, 3), num(r)), tags=["beyond_numba"])
def out_is_the_value(x, a):
    """The value of the call is the array itself, under another name."""
    c = np.zeros(3)
    y = np.multiply(x, a, out=c)
    y[0] = 5.0 * a
    z = np.sqrt(np.add(c, x, out=c), out=x)
    c[1] = 2.0
    return np.sum(np.square(z, out=z) * y) + x[2]


@program(lambda r: (vec(r, 2, 3), vec(r, 3), vec(r, 1)), tags=["beyond_numba"])
def out_broadcasts(a, v, w):
    """Operands repeated to fill the array; rows and columns as the array."""
    c = np.empty((2, 3))
    np.multiply(v, w, out=c)
    np.add(c[0], a[1], out=c[1])
    np.divide(c[:, 0], 2.0, out=a[:, 2])
    return np.sum(c * a)


@program(lambda r: (vec(r, 2, 3), vec(r, 3, 2)), tags=["beyond_numba"])
def out_of_reductions(a, b):
    """Sums, products of matrices, and clip, also as methods."""
    c, d = np.zeros(3), np.zeros((2, 2))
    np.sum(a, axis=0, out=c)
    np.dot(a, b, out=d)
    s = np.sum(d * d)
    np.dot(a, b, d)
    np.clip(a, -0.75, 0.75, out=a)
    b.clip(-0.5, 0.5, out=b)
    a.sum(axis=1, out=c[:2])
    return s + np.sum(c * c) + np.sum(d) + np.sum(a * a) * np.sum(b * b)


@program(lambda r: (vec(r, 4), vec(r, 1), 3), tags=["beyond_numba"])
def out_in_a_loop(x, w, n):
    """Updates of a buffer that lives through a loop, some of them copies."""
    t = np.empty_like(x)
    s = 0.0
    for k in range(n):
        np.multiply(x, w, out=t)
        np.tanh(t, out=t)
        s += np.sum(t * x)
        np.copyto(x, t)
        np.copyto(t[1:], w)
    return s + np.sum(t * x)
