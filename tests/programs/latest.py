"""Loops that keep what the latest of some iterations gave, and some that only look so."""

import math

import numpy as np

from .registry import num, program, vec


@program(lambda r: (vec(r, 6), vec(r, 4)))
def nearest_of_all(x, c):
    """The smallest of sums of an inner loop, and where it was."""
    s = 0.0
    for i in range(len(x)):
        best, at = math.inf, -1
        for k in range(len(c)):
            d = 0.1 * k
            for j in range(i + 1):
                d += (x[j] - c[k]) ** 2
            if d < best:
                best = d
                at = k
        s += best * c[at] + at * x[i]
    return s


@program(lambda r: (vec(r, 6), num(r)))
def largest_of_none(x, h):
    """No iteration is taken, and none is run: what was there before stays, with its derivative."""
    m = h * h + 100.0
    for i in range(len(x)):
        if x[i] * h > m:
            m = x[i] * h
    n = m * h
    for i in range(3, 2):
        n = max(n, x[i])
    return m * n


@program(lambda r: (vec(r, 6),))
def extremes_from_both_sides(x):
    """max and min with the kept value first and second, a loop backward, steps of two, and an `else` that takes."""
    a = x[0]
    b = x[-1] * x[1]
    c = x[2]
    d = x[3]
    for i in range(len(x) - 1, 0, -1):
        a = max(a, math.sin(3.0 * x[i]) * x[i - 1])
    for i in range(0, len(x), 2):
        b = min(math.cos(x[i]), b)
    for i in range(1, len(x)):
        c = min(c, x[i])
    for i in range(len(x)):
        if x[i] * x[i] <= d:
            pass
        else:
            d = x[i] * x[i]
    return a * b + c * d


@program(lambda r: (vec(r, 6), num(r)))
def last_that_fits(x, h):
    """No comparison with what is kept: the last iteration wins; two values that are kept together."""
    u, v = h, 2.0 * h
    for i in range(len(x)):
        t = x[i] * h
        if t * t > 0.05 * h * h:
            w = math.exp(t)
            u = w * x[i]
            v = w - t
    return u * v * x[0]


@program(lambda r: (vec(r, 6), num(r)))
def kept_but_changed(x, h):
    """The value given, or the one kept, is made from the old one: every iteration counts."""
    m = h
    for i in range(len(x)):
        if x[i] > m:
            m = 0.5 * (m + x[i])
    n = h
    for i in range(len(x)):
        if x[i] > n:
            n = x[i]
        else:
            n = n * 0.9
    p = h
    q = 0.3
    for i in range(len(x)):
        if x[i] * h < p:
            q = q + x[i]
            p = x[i] * h
    r = h
    for i in range(len(x)):
        t = x[i] - r
        if t > 0.0:
            r = x[i] + 0.1 * t
    return m * n + p * q * r


@program(lambda r: (vec(r, 6), num(r)))
def kept_with_effects(x, h):
    """The iterations also store, add up or leave early, so that none may be left out."""
    y = np.zeros(len(x))
    m = h
    s = 0.0
    for i in range(len(x)):
        y[i] = x[i] * x[i] * h
        if y[i] > m:
            m = y[i]
    n = h
    for i in range(len(x)):
        s += x[i] * h
        if s > n:
            n = s
    p = h
    for i in range(len(x)):
        if x[i] > 0.9:
            break
        if x[i] * h > p:
            p = x[i] * h
    return m * n + p * s + y[0]


@program(lambda r: (vec(r, 12).reshape(3, 4), num(r)))
def smallest_of_a_matrix(a, h):
    """Two loops around the comparison; the place of the smallest is used after them, and the array is changed in between."""
    b = a.copy()
    row = col = 0
    m = h * 1e3
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            if b[i, j] < m:
                m = b[i, j]
                row = i
                col = j
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            b[i, j] *= math.sin(m * b[i, j] + h)
    t = b[0, 0]
    for i in range(1, 3):
        t = max(t, b[i, i])
    return m * b[row, col] + t * b[2, 3]


@program(lambda r: (vec(r, 5), num(r)))
def search_in_time(x, h):
    """A search in each step of a loop in time, among values that the step then overwrites."""
    y = x.copy()
    s = 0.0
    for _ in range(3):
        top = y[0]
        for i in range(1, len(y)):
            top = max(top, y[i])
        z = 0.0
        for i in range(len(y)):
            z += math.exp(y[i] - top)
        low = math.inf
        for i in range(len(y)):
            t = y[i] / z * h
            if low > t:
                low = t
        for i in range(len(y)):
            y[i] = math.exp(y[i] - top) / z + low * y[i]
        s += top * low
    return s + y[1]


@program(lambda r: (vec(r, 5),), tags={"zero"})
def searched_only_for_the_place(x):
    """Only the index is used."""
    m = x[0]
    at = 0
    for i in range(len(x)):
        if x[i] > m:
            m = x[i]
            at = i
    return 1.0 * at
