"""Axes of length 1 that only the run knows: every pair of shapes, in expressions, stores, reductions, choices and helpers.

The same few functions are registered for many shapes: that an axis of an argument has length 1 is in no type, so one compiled function
serves them all.
"""

import numpy as np

from .registry import num, pos, program, vec

PAIRS = {
    "equal": ((2, 3), (2, 3)),
    "row": ((2, 3), (1, 3)),
    "column": ((2, 3), (2, 1)),
    "single": ((2, 3), (1, 1)),
    "row_first": ((1, 3), (2, 3)),
    "single_first": ((1, 1), (2, 3)),
    "both": ((2, 1), (1, 3)),
    "both_other_way": ((1, 3), (2, 1)),
    "ones": ((1, 1), (1, 1)),
    "empty": ((0, 3), (1, 3)),
    "empty_both": ((1, 0), (3, 1)),
}
WITH_VECTOR = {
    "fitting": ((2, 3), (3,)),
    "one": ((2, 3), (1,)),
    "column": ((2, 1), (3,)),
    "row": ((1, 3), (3,)),
    "single": ((1, 1), (3,)),
    "ones": ((1, 1), (1,)),
}
VECTORS = {"equal": (4, 4), "first": (1, 4), "second": (4, 1), "ones": (1, 1), "empty": (0, 1)}


def every(shapes, maker=vec, extra=(), **options):
    """Register a function of two arrays once for each pair of shapes."""

    def register(function):
        for label, (a, b) in shapes.items():
            sizes = [n if isinstance(n, tuple) else (n,) for n in (a, b)]
            zero = {"zero", "zero_trip"} if any(0 in size for size in sizes) else set()

            def args(r, sizes=sizes):
                return (*(maker(r, *size) for size in sizes), *(make(r) for make in extra))

            program(args, name=f"{function.__name__}_{label}", tags=zero, **options)(function)
        return function

    return register


@every(PAIRS)
def broadcast_product(a, b):
    """Nonlinear in both, one read twice."""
    return np.sum(np.exp(a) * b * b + a)


@every(WITH_VECTOR)
def broadcast_with_vector(a, v):
    """A missing axis and one of length 1."""
    t = a * v
    return np.sum(t * t - np.sin(v)) + np.sum(v)


@every(VECTORS)
def broadcast_vectors(x, y):
    """A name that is used twice, and with both of what it is made of."""
    t = x * y
    u = t + x
    return np.sum(u * t - y * y) + np.sum(np.sqrt(1.0 + t * t))


@every(PAIRS)
def broadcast_choices(a, b):
    """Masks, where, maximum and clip."""
    w = np.where(a > b, a * b, b - a)
    return np.sum(w * np.maximum(a, b)) + np.sum(np.clip(a * b, -0.5, 0.5)) + np.sum(np.where(a * b > 0.0, a, 1.0) * b)


@every(PAIRS)
def broadcast_axis_sums(a, b):
    """Reductions along an axis, a mean and a product."""
    t = a * b
    rows, columns = np.sum(t, axis=1), np.sum(np.sin(t) + b, axis=0)
    return np.sum(rows * rows) + np.sum(columns**2) + np.prod(np.cos(a) + b)


@every({k: PAIRS[k] for k in ("equal", "row", "column", "single", "ones")})
def broadcast_stores(a, b):
    """Stores and updates whose value is repeated; the arrays are overwritten afterwards."""
    c = np.empty_like(a)
    c[:] = b
    c *= a
    c += b * b
    c[:, 1:] = c[:, 1:] * b[:, :1]
    s = np.sum(c * c)
    b[:] = 2.0 * b
    a -= b
    a[0, :] = b[0]
    return s + np.sum(a * c) + np.sum(b**2)


@every({"fitting": ((3, 4), (4,)), "one": ((3, 4), (1,))})
def broadcast_rows_of_loops(a, v):
    """A row stored in each iteration, from a vector that changes."""
    for i in range(a.shape[0]):
        a[i] = a[i] * v
        v *= 1.5
        a[i, 1:] += v[:1]
    return np.sum(a * a * v)


@program(lambda r: (vec(r, 4), vec(r, 3)))
def broadcast_one_trip(x, w):
    """The length of a local array is 1 in one iteration only."""
    s = 0.0
    for n in range(1, 4):
        if n == 1 or n == 3:
            t = x[:n] * w
            s += np.sum(t * t * x[:n])
    return s


@program(lambda r: (vec(r, 3), num(r), 1))
@program(lambda r: (vec(r, 3), num(r), 3), name="broadcast_allocated_long")
def broadcast_allocated(x, a, n):
    """The length of an allocation is an argument."""
    t = np.zeros(n)
    t += a
    t[0] = x[0]
    u = np.ones((n, 1)) * a
    return np.sum(t * x * x) + np.sum(u * x * t)


def scaled(a, b):
    """A helper that broadcasts and writes to what it is given."""
    a[:] = a * b
    return a + np.cos(b)


@every({k: PAIRS[k] for k in ("equal", "row", "column", "single")})
def broadcast_in_helpers(a, b):
    """The same helper for shapes of both kinds."""
    c = scaled(a, b)
    d = scaled(c, a)
    return np.sum(d * c * b)


@every(VECTORS)
def broadcast_three(x, y):
    """Three arrays, one of them broadcast with itself as a column."""
    m = x[:, None] * y + x[:, None] * x
    return np.sum(m * m * y[:, None]) if len(x) == len(y) else np.sum(m * m)


@every({"equal": (3, 3), "first": (1, 3), "second": (3, 1)}, pos)
def broadcast_rebound(x, y):
    """Names bound anew to wider arrays, outside of loops."""
    x = x * y
    x = x / (1.0 + y)
    y = y + x
    return np.sum(np.log(x) * y**2)


@every({"equal": (3, 3), "second": (3, 1)})
def broadcast_in_time(x, y):
    """Updates in a loop, where the second may be of length 1."""
    for t in range(3):
        x += 0.1 * y * np.sin(x)
        y[:] = 0.9 * y
    return np.sum(x * x * y)


@every({"equal": ((3, 3), (3, 3)), "row": ((3, 3), (1, 3)), "column": ((1, 3), (3, 1))})
def broadcast_picked(a, b):
    """Rows and elements picked by arrays of integers, of which one may be of length 1."""
    rows = np.arange(a.shape[0])
    columns = np.arange(b.shape[1])
    picked = a[rows, 1] * b[0, columns]
    c = np.zeros(len(picked))
    c[np.arange(len(picked))] = b[0] * 2.0 if b.shape[1] == len(picked) else a[0, :1]
    return np.sum(picked * picked) + np.sum(c * picked)
