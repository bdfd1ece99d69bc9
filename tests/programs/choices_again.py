"""Choices between scalars that the reverse sweep makes again, and some that it must not."""

import math

import numpy as np

from .registry import num, program, vec


@program(lambda r: (vec(r, 5), num(r)))
def choice_by_the_index(x, h):
    """Decided by ints alone: a chain of arms, one of them calculated."""
    s = 0.0
    for i in range(len(x)):
        for k in range(3):
            t = h if k == 0 else 0.5 * h if k == 1 else h * h - 1.0
            s += t * math.sin(t * x[i]) * x[i]
    return s


@program(lambda r: (vec(r, 5), num(r)))
def choice_by_what_changes(x, h):
    """The condition is a comparison of values that the loop overwrites: it is kept, the choice is made again."""
    y = x.copy()
    s = h
    for k in range(3):
        for i in range(1, len(y)):
            t = 0.3 * h if y[i] > y[i - 1] else h - 0.2
            y[i] = math.sin(y[i] * t) * y[i - 1] + t
            s = s * 0.9 + t * y[i] * y[i]
    return s + y[0] * y[-1]


@program(lambda r: (vec(r, 5), num(r)))
def choice_of_carried_values(x, h):
    """An arm has what an earlier iteration left, the other a load of an array that is overwritten."""
    y = x.copy()
    last = h
    s = 0.0
    for i in range(len(y)):
        a = 0.7 * last
        t = a if i % 2 == 0 else y[i]
        y[i] = math.cos(t) * t
        last = t * y[i - 1] + 0.1
        s += last * t
    return s * last


@program(lambda r: (vec(r, 5), num(r)))
def choice_that_decides(x, h):
    """A chosen value decides a branch, and is used in both arms of another one."""
    s = 0.0
    z = np.zeros(len(x))
    for i in range(len(x)):
        u = 1.3 * h if x[i] > 0.2 else -0.4 * h
        v = u + 0.1 if i > 1 else u * u
        if u * v > 0.05:
            z[i] += v * x[i] * x[i]
        else:
            z[i] -= math.exp(v) * u
        s += z[i] * z[i - 1] * v
    return s


@program(lambda r: (vec(r, 6), num(r)))
def choice_within_a_choice(x, h):
    """Arms with names of their own, a value merged twice, and an arm that does more than choose."""
    s = 1.0
    for i in range(len(x)):
        w = 0.0
        if i > 2:
            a = h * 0.5
            b = a + h
            w = b - 0.1 if i == 4 else b
        else:
            s *= 0.9 + 0.1 * math.sin(x[i])
            w = s
        s += w * w * x[i] * x[i]
    return s
