"""Programs written at review to break the plan: flags, overlapping views, breaks inside breaks, conditions on what changes."""

import math

import numpy as np

from .registry import program


def _vec(r, *shape):
    return r.uniform(0.3, 1.2, shape) * r.choice([-1.0, 1.0], shape)


def _mix(p, q, w):
    for i in range(len(p)):
        p[i] = p[i] * q[i] + w * math.sin(q[i])
        q[i] = q[i] * p[i]


@program(lambda r: (_vec(r, 4),))
def nasty_flags_flipped_in_a_while(x):
    """Bools are overwritten, decide later iterations, and are undone from a tape of integers."""
    n = len(x)
    on = np.zeros(n, np.bool_)
    s = 0.0
    k = 0
    while k < 6:
        i = k % n
        if on[i]:
            s = s * x[i] + math.sin(x[i])
        else:
            s = s + x[i] * x[i]
        on[i] = not on[i]
        x[i] = math.tanh(x[i] * s)
        k += 1
    return s


@program(lambda r: (_vec(r, 5), 0.4))
def nasty_overlapping_views_as_arguments(x, w):
    """A helper writes to two views that share elements, at bounds that move."""
    for k in range(2):
        _mix(x[1:], x[:-1], w)
        _mix(x[k : k + 2], x[1:3], x[0])
    return x[0] + x[1] * w + x[-1] - x[2]


@program(lambda r: (_vec(r, 4), _vec(r, 4)))
def nasty_breaks_inside_breaks(x, y):
    """A `while` with a break in a `for` with a break in a `for` with a return, all overwriting."""
    s = 0.5
    for i in range(4):
        for j in range(i + 1):
            s = math.sin(s * x[j]) + y[i]
            y[i] = y[i] * s
            if s > 0.9:
                break
            k = 0
            while k < j:
                x[k] = x[k] * s + 0.1
                if x[k] > 1.4:
                    break
                k += 1
        if s < -5.0:
            return s * x[0]
        y[i - 1] = y[i - 1] + s * x[i]
    return s * y[0] + x[1] * y[2]


@program(lambda r: (_vec(r, 5), 0.7))
def nasty_condition_on_what_the_arm_overwrites(x, w):
    """The branch is decided by an element that the branch overwrites; x[-1] is read first."""
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            x[i] = -x[i] * w
            if x[i - 1] < 0.0:
                s += x[i] * x[i - 1]
        else:
            x[i] = x[i] * x[i]
        s += x[i] * s * 0.1 + x[i]
    return s


@program(lambda r: (_vec(r, 3, 3),))
def nasty_rows_of_the_transpose(m):
    """Rows above wrap to the last one; rows of the transpose are stored through."""
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            m[i, j] = math.exp(0.1 * m[i, j]) * m[i - 1, j]
    t = m.T
    s = 0.0
    for j in range(len(t)):
        r = t[j]
        r[0] = r[0] * r[1]
        s += r[0] * m[1, j]
    return s


@program(lambda r: (_vec(r, 4), np.array([2, 0, 3, 1], np.int32)))
def nasty_subscripts_overwritten(x, k):
    """An index array is rewritten while it is used, one place behind."""
    for i in range(len(x)):
        k[i] = (k[i] + i) % len(x)
        x[k[i]] = x[k[i]] * x[i] + math.cos(x[k[i - 1]])
    return x[0] * x[1] + x[2]
