"""Programs written against every line of the language's list, several of its items in one: what once failed stands first."""

import math

import numpy as np

from .registry import num, program, vec


@program(lambda rng: (vec(rng, 4), 2))
def enemy_parts_of_lists(x, n):
    """Slices of a list are copies, whichever bounds they have; the list grows afterwards."""
    a = [x[0], x[1], x[2]]
    b = a[::-1]
    a.append(b[1] * x[3])
    c = a[n:]
    b[0] += c[0]
    s = 0.0
    for v in a[1:]:
        s = s * v + x[0]
    return b[0] * a[-1] * c[-1] + sum(a[:2]) + s * np.sum(np.array(a[1:-1]))


@program(lambda rng: (vec(rng, 3), num(rng)), tags={"beyond_numba"})
def enemy_stars_for_library_functions(x, y):
    """Tuples are passed element by element, or summed and compared as they are."""
    t = (x[0], 2.0, y)
    return max(*t) * min(*t, 0.5) * max(x) + sum(t) + max(t) * min(x[0], *t) * math.prod((y, *t))


@program(lambda rng: (vec(rng, 3), num(rng)), tags={"beyond_numba"})
def enemy_lists_that_are_tuples(x, y):
    """Lists without a name: in the head of a loop, and taken apart at once."""
    a, b = [x[1], x[0]]
    [c, d] = a * y, b
    for v in [c, 2, d * y]:
        a = a * v + b
    for i in [2, 0]:
        b = b * x[i] + a
    return a * b


@program(lambda rng: (vec(rng, 3), vec(rng, 4, 2)))
def enemy_arrays_taken_apart(x, m):
    """The length is checked each time; the names are those of the array that is overwritten."""
    a, b, c = x
    s = 0.0
    for x[1], v in m:
        b = b * x[1] + v
        p, q = m[0]
        s += p * b * x[1] - q
    return a * b + c * s + x[1]


def _halved(n, v):
    if n > 0:
        a, b = _halved(n - 1, v * 0.5)
        return a * v, b + math.sin(a)
    return v, v * v


def _ping(n, u):
    if n > 0:
        s, (i, t) = _pong(n - 1, u)
        return s * u[i], (i, t + s)
    return u[0], (1, u[1])


def _pong(n, u):
    if n > 0:
        s, (i, t) = _ping(n - 1, u)
        u[0] = s * t
        return s + t, (i + 1, u[0])
    return u[2], (0, u[0] * u[1])


@program(lambda rng: (vec(rng, 4), 3))
def enemy_tuples_from_recursion(x, n):
    """The first `return` of the text has a recursive call before it: what it returns is known when it was read once."""
    a, b = _halved(n, x[3])
    s, (i, t) = _ping(n, x)
    c, (j, d) = _pong(n, x)
    return a * b + s * t * i + c * d * j + x[0]


@program(lambda rng: (vec(rng, 4), vec(rng, 2, 4)))
def enemy_arrays_of_two_lengths_outlive_a_loop(x, m):
    """Each of the arrays made in the last iteration has a length of its own; the last one is made in a loop inside."""
    for i in range(2):
        u = m * x[i]
        v = u[1] + 1.0
        z = v[2:].copy()
        for j in range(2):
            y = z * x[j]
            if y[0] > 5.0:
                break
        x[i] = z[1] * u[0, 0]
    return u[0, 1] * v[0] * z[1] * y[0] + x[1]
