"""Names that stand for one of several arrays: exchanged under branches and in loops that are left early, bound anew while
the old array is written to, bound only on some paths, views of arrays that change places."""

import math

import numpy as np

from .registry import num, pos, program


@program(lambda r: (pos(r, 5), pos(r, 5), 4))
def exchange_then_return(x, w, n):
    """Two arguments change places in a loop that a `return` leaves; they are stored to all the while."""
    for i in range(n):
        if x[i] > 1.45:
            return x[i] * w[1]
        x, w = w, x
        x[0] = x[1] * w[2]
    return x[0] * w[0]


@program(lambda r: (np.array([1.4, 0.7, 1.1]), pos(r, 3), 3), name="exchange_then_break_at_once")
@program(lambda r: (np.array([0.4, 0.7, 0.6, 0.5]), np.array([0.9, 1.2, 0.8, 1.1]), 3))
def exchange_then_break(x, w, n):
    """The names are read after a loop that is left in the middle of an iteration."""
    u, v = x, w
    for i in range(n):
        v[i] = v[i] * u[(i + 1) % 3]
        if u[i] > 1.2:
            break
        u, v = v, u
    u[0] = u[1] * v[2]
    return u[0] * x[0] * w[1] * v[0]


@program(lambda r: (pos(r, 3), pos(r, 3), pos(r, 3)))
def exchange_in_a_loop_that_runs_once(x, w, m):
    """Every iteration ends in `break`: one by a condition that is constant, one beside a `raise`. An AssertionError, by fuzzing."""
    for i in range(1, 3):
        x, w = w, x
        if 1.1 > -0.2:
            m[i] = m[0] * 2.0
            break
        x[0] = 1.1
    for i in range(1, 3):
        x, m = m, x
        if x[0] < 0:
            raise ValueError("negative")
        else:
            x[i] *= w[0]
            break
    return x[0] * m[1] + w[1] * m[2] + x[1]


@program(lambda r: (np.array([1.2, 0.4, 1.1, 0.6]), np.array([0.5, 1.3, 0.7, 1.25]), 4))
def exchange_under_a_branch(x, w, n):
    """A conditional exchange, not at the end of the iteration."""
    for i in range(n):
        if x[i] > 0.9:
            x, w = w, x
        x[0] = x[1] * w[i] + 0.2
    return x[0] * w[1]


@program(lambda r: (pos(r, 4), pos(r, 4), 3))
def exchange_in_both_loops(x, w, n):
    """An inner and an outer loop exchange the same arrays."""
    for i in range(n):
        for j in range(n):
            x[j] = x[j] * w[0] + 0.1
            x, w = w, x
        x, w = w, x
        w[i] += x[0]
    return x[0] * w[1]


@program(lambda r: (pos(r, 4), pos(r, 4), pos(r, 4), 4))
def rotate_three_or_exchange_two(a, b, c, n):
    """Three arrays rotate or two change places, by the path."""
    for i in range(n):
        if a[i] > b[i]:
            a, b, c = b, c, a
        elif a[i] > 0.8:
            a, c = c, a
        a[i] = a[i] * c[0] + 0.5 * b[1]
    return a[0] * b[1] * c[2]


@program(lambda r: (np.array([0.6, 1.2]), np.array([0.9, 0.7])))
def exchange_while(x, w):
    """The test of a `while` reads an array that changes places, and the loop may break."""
    u, v = x, w
    while u[0] < 4.0:
        u[0] = u[0] * 1.5 + v[0] * 0.1
        if u[1] > 3.0:
            break
        u, v = v, u
        v[1] = v[1] * u[0]
    return u[0] * v[1] + x[1] * w[0]


@program(lambda r: (pos(r, 3), pos(r, 3), 0), tags=("zero_trip",), name="rebound_and_written_never")
@program(lambda r: (pos(r, 3), pos(r, 3), 3))
def rebound_and_written(x, w, n):
    """The array that a name had before the loop is written to after it: without a trip it is the same array."""
    u = x
    for _ in range(n):
        u = u * w
    x[1] = 1.5 * x[0]
    u[0] = u[1] * u[0]
    return u[1] * x[0] * u[0]


@program(lambda r: (pos(r, 4), pos(r, 4), 4))
def old_and_new_both_written(x, w, n):
    """The last two arrays of a recurrence live on and are written to."""
    u = x.copy()
    p = x
    for i in range(n):
        q = p
        p = u
        u = u * w + q
        p[0] = u[1] * q[0]
        x[i] = x[i] * p[0]
    return u[0] * p[1] * x[2]


@program(lambda r: (pos(r, 5), pos(r, 5), 4))
def sometimes_the_same_array(x, w, n):
    """Two carried names share one fresh array on some paths; a store through one is seen through the other."""
    a = x
    b = x
    for i in range(n):
        t = a * w
        if t[i] > 0.5:
            b = t
        a = t
        a[0] = b[1] * 2.0
        w[i] = b[0]
    b[0] += 1.0
    return a[0] * b[1] * x[0]


@program(lambda r: (pos(r, 4), 3))
def bound_only_in_the_loop(x, n):
    """The array of the last iteration is read and written after the loop."""
    for i in range(n):
        u = x * (i + 1)
        t = x[i:]
    t[0] = t[1] * u[0]
    return u[1] * t[0] * x[1]


@program(lambda r: (np.array([1.2, 0.7, 1.3, 0.6]), pos(r, 4), 4))
def fresh_in_one_arm(x, w, n):
    """In a loop, an arm makes an array under two names, the other takes an argument; then it is stored to."""
    s = 0.0
    for i in range(n):
        if x[i] > 0.9:
            u = x * w[i]
            t = u
        else:
            u = w
            t = u * 2.0
        u[i] = t[i - 1] * u[i]
        s += u[0] * t[i]
    return s * w[1]


@program(lambda r: (r.uniform(0.3, 1.2, (4, 4)), 4))
def row_found(m, n):
    """A row picked in one iteration is written to in later ones, and so is the matrix."""
    a = m[0]
    b = m[:, 1]
    for i in range(n):
        a[i] = a[i] * b[i] + 0.1
        if a[i] > 0.5:
            a, b = b, m[i]
        m[i, 2] *= 1.5
    a[0] = b[0] * b[1]
    return a[0] * m[1, 1] * m[2, 3]


@program(lambda r: (r.uniform(0.3, 1.2, (3, 3)), r.uniform(0.3, 1.2, (3, 3)), 3))
def views_of_exchanged_matrices(a, b, n):
    """Rows and columns of matrices that change places are used after the loop."""
    for i in range(n):
        r = a[i]
        r[0] = r[1] * b[0, i]
        c = a.T[1] if r[0] > 0.4 else b[:, 0]
        c[1] *= 2.0
        if r[0] > 0.5:
            a, b = b, a
    return r[0] * a[0, 0] * c[1] * b[1, 1]


def tail(u):
    return u[1:]


def either(u, v, t):
    if t > 0.8:
        return u
    return v


def doubled_or_same(u, t):
    if t > 0.8:
        return 2.0 * u
    return u


def fold(a, b):
    for i in range(len(a)):
        a[i] = 0.6 * a[i] + 0.3 * b[i] * b[0]


@program(lambda r: (pos(r, 5), num(r)))
def helper_returns_a_view(x, y):
    """A view that a helper returns is stored through."""
    u = tail(tail(x))
    u[0] = u[1] * x[0] * y
    return x[2] * u[0] * x[3]


@program(lambda r: (np.array([1.2, 0.4, 1.1, 0.6]), np.array([0.5, 1.3, 0.7, 1.25]), 3))
def helper_returns_one_of_two(x, w, n):
    """Helpers return one of their arguments, or a new array, by a branch, inside a loop."""
    s = 0.0
    for i in range(n):
        u = either(x, w, x[i])
        u[i] = u[i] * u[i + 1]
        v = doubled_or_same(u, u[i])
        v[0] = v[1] * x[0]
        s += u[i] * w[i] + v[0]
    return s * x[0]


@program(lambda r: (pos(r, 5), 3))
def helper_gets_overlapping_views(x, n):
    """A helper that writes gets two views of one local array, and one array twice, in a loop."""
    s = 0.0
    for i in range(n):
        u = x * (i + 1.0)
        fold(u[1:], u[:-1])
        fold(u, u)
        s += u[2] * u[1]
    return s


@program(lambda r: (np.array([0.9, 0.7, 1.1]), np.array([0.85, 1.2, 0.5]), 4))
def helper_writes_to_exchanged(x, w, n):
    """Arrays that change places are passed to a helper that writes."""
    for _ in range(n):
        fold(x, w)
        if x[0] > 0.5:
            x, w = w, x
    return x[0] * w[1]


def inner(x, w, n):
    u = x
    for i in range(n):
        if w[i] > 0.8:
            u, w = w, u
            u = u * math.sin(w[0])
        w[i] = u[i] * w[i]
    return u


@program(lambda r: (pos(r, 4), pos(r, 4), 3))
def all_of_it_in_a_helper(x, w, n):
    """A helper that rebinds returns an argument or a new array; its caller writes to that."""
    s = 0.0
    for k in range(n):
        u = inner(x, w, k)
        u[k] = u[0] * w[k] + 0.1
        s += u[k] * x[k]
    return s


def given_or_new(a, b, n):
    for j in range(n):
        if a[j] > 0.9:
            return a
        a, b = b, a
    return b * 0.9


@program(lambda r: (np.array([0.95, 0.97, 0.22, 0.32]), np.array([0.47, 1.0, 1.02, 0.99]), 3))
def loop_with_nothing_to_reverse(x, w, n):
    """A loop that breaks only finds an array: its reverse must not run, least of all with a stale trip count."""
    s = 0.1
    u = x.copy()
    for i in range(n):
        for j in range(n):
            for k in range(n):
                u[k] = 0.5 * w[i] + 0.4 * s
                u = w[:]
            s += 0.7 * w[i] + 0.2 * u[i]
        u = given_or_new(w, x, 2)
    return s + 0.7 * x[3] + 0.2 * u[1] + 0.3 * x[0] * x[1] + 0.3 * w[1] * w[2] + 0.3 * u[2] * u[3]


@program(lambda r: (pos(r, 4), pos(r, 4), 3))
def argument_returned_and_written(x, w, n):
    """A helper returns its argument, which another overwrites after the result was read."""
    s = 0.0
    for i in range(n):
        v = bumped(x, w)
        s += 0.6 * x[3] * v[i]
        fold(x, v)
    return s + x[0] * w[1]


def bumped(a, b):
    fold(a, b)
    return a
