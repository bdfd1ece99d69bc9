"""The traps listed in the design of the reverse sweep, one or more programs for each."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 5), vec(r, 5)))
def trap_wrap_around(x, w):
    """Trap 1: x[i - 1] is x[n - 1] at i = 0; by distance alone it looks untouched."""
    for i in range(len(x)):
        x[i] = w[i] * math.sin(x[i - 1])
    return x[-1]


@program(lambda r: (vec(r, 5), vec(r, 5)))
def trap_wrap_around_down(x, w):
    """Trap 1, downwards and by two: the last iterations read what the first ones wrote."""
    for i in range(len(x) - 1, -1, -1):
        x[i] = w[i] * math.sin(x[i - 2]) + w[i - 1] * w[i]
    return x[0] * x[1]


@program(lambda r: (vec(r, 5), 3))
def trap_wrap_around_argument(x, k):
    """Trap 1, with an int argument whose sign nobody knows in the subscript."""
    for i in range(len(x)):
        x[i] = math.sin(x[i - k]) * x[i] + x[k - i]
    return x[0] * x[4] + x[2]


@program(lambda r: (vec(r, 5), vec(r, 5)))
def trap_read_before_restore(v, w):
    """Trap 2: the result of the store must be read before the old element is put back."""
    for i in range(len(v)):
        v[i] = math.tanh(v[i] * w[i])
    s = 0.0
    for i in range(len(v)):
        s += v[i] * w[i]
    return s


@program(lambda r: (pos(r, 4), 3))
def trap_read_before_restore_in_time(v, n):
    """Trap 2 in a time loop, with results (exp, sqrt, quotient) that serve their own partials."""
    for _ in range(n):
        for i in range(len(v)):
            v[i] = math.exp(-v[i])
            v[i] = math.sqrt(v[i] + v[i - 1])
            v[i] = v[i - 1] / v[i]
    return v[0] * v[3]


def _ties(r):
    a = r.integers(1, 30, 40) / 10.0
    b = r.integers(1, 30, 40) / 10.0
    return a, b, -np.round(a * b, 2), vec(r, 40)


@program(_ties, tags=("ties",))
def trap_condition_flips(a, b, c, x):
    """Trap 3: a*b + c is zero but for rounding; forward and reverse must decide alike, in either way."""
    p = np.zeros(40)
    q = np.zeros(40)
    for i in range(40):
        if a[i] * b[i] + c[i] > 0.0:
            p[i] = math.sin(x[i])
        else:
            q[i] = math.sin(x[i])
    s = 0.0
    for i in range(40):
        s += p[i] * p[i] + q[i] * q[i]
    return s


@program(_ties, tags=("ties",))
def trap_while_condition_flips(a, b, c, x):
    """Trap 3 for a while loop: it runs once or not at all as rounding decides, with the same value."""
    s = 0.0
    for i in range(40):
        t = x[i]
        n = 1.0
        while n < 2.0 and a[i] * b[i] + c[i] > 0.0:
            t = t * x[i]
            n = n + 1.0
        if n < 1.5:
            t = t * x[i]
        s += t * t
    return s


@program(lambda r: (vec(r, 6),), tags=("overlap",))
def trap_overlapping_slices(a):
    """Trap 4: augmented statements with overlapping slices, in a loop, with NumPy's meaning."""
    for _ in range(2):
        a[1:] += 0.5 * a[:-1] * a[1:]
        a[:-1] += a[1:]
    a += a[::-1]
    return a[0] * a[1] + a[2] * a[5]


@program(lambda r: (vec(r, 6),))
def trap_overlapping_copy(a):
    """Trap 4: plain stores between overlapping slices, where both agree."""
    for _ in range(3):
        t = a[0]
        a[:-1] = a[1:]
        a[-1] = t * a[2]
    return a[5] * a[4] + a[0]


@program(lambda r: (vec(r, 5), num(r), 0), tags=("zero_trip",))
def trap_array_undefined_on_this_path(x, y, n):
    """Trap 5: an array bound only in a branch that is not taken; its adjoint must not be touched."""
    s = y
    if n > 0:
        t = np.zeros(5)
        for i in range(5):
            t[i] = x[i] * y
        s = t[0] * t[1]
    for i in range(n):
        u = x * y
        s = s + u[i]
    return s * x[1]


@program(lambda r: (vec(r, 5), num(r), 0), tags=("zero_trip",))
def trap_zero_trip_rest(x, y, n):
    """Trap 5: loops of no trip around a scalar, an element, a while loop and a nest."""
    for i in range(n):
        y = y * x[i]
    for i in range(3, n):
        x[i] = y
    while n > 0:
        y = y * 5.0
        n -= 1
    for i in range(n):
        for j in range(i):
            x[j] = x[i] * y
    return y * x[0] * x[3]


@program(lambda r: (vec(r, 4), num(r), 0), tags=("zero_trip",))
def trap_zero_trip_rebinding(x, v, n):
    """Trap 6: with zero trips y is still x, and the store after the loop is a store to x."""
    y = x
    for _ in range(n):
        y = y * 2.0
    y[0] = v * x[1]
    return x[0] * x[2] + y[3]


@program(lambda r: (vec(r, 4), num(r), 2))
def trap_rebinding_with_trips(x, v, n):
    """Trap 6, the same text with two trips: y is a fresh array, and the store leaves x alone."""
    y = x
    for _ in range(n):
        y = y * 2.0
    y[0] = v * x[1]
    return x[0] * x[2] + y[3] * y[0]


@program(lambda r: (vec(r, 4), vec(r, 4, 3)))
def trap_buffer_reuse(x, m):
    """Trap 6: a buffer outside the loop, partly overwritten in each iteration."""
    t = np.zeros(3)
    s = 1.0
    for i in range(4):
        for j in range(i % 3 + 1):
            t[j] = t[j] * x[i] + m[i, j]
        s = s * math.sin(t[0] * t[2]) + t[1]
    return s


@program(lambda r: (vec(r, 4), vec(r, 4), num(r)))
def trap_tape_order(w, x, y):
    """The tape order example: pops of the inner loop come between unless q is pushed at its region's end."""
    for i in range(4):
        for j in range(i):
            q = w[j]
            for k in range(j):
                q = math.sin(q * y) + q
            y = y * q
        y = y + x[i]
    return y


@program(lambda r: (vec(r, 5),))
def trap_topological_order(x):
    """Two forwarded values in one statement list: to be materialised in topological order."""
    for i in range(1, len(x)):
        x[i - 1] = math.tanh(x[i - 1]) * 1.0
        x[i - 1] = math.tanh(x[i - 1])
        x[i] = x[i] * x[i - 1]
    return x[4] * x[0] + x[2]


@program(lambda r: (vec(r, 5), ints(r, 5, 5)))
def trap_subscript_of_a_store_changes(x, idx):
    """The address of a restore is a need of its own: the int array changes after the store."""
    for i in range(5):
        x[idx[i]] = math.sin(x[idx[i]]) * x[i]
        idx[i] = (idx[i] + 1) % 5
        x[idx[i]] = x[idx[i]] * x[idx[i - 1]]
    return x[0] * x[1] + x[2] * x[3] + x[4]


@program(lambda r: (vec(r, 5), num(r)))
def trap_name_used_after_its_loop(x, y):
    """Names bound in a loop hold the last iteration's value in the reverse sweep, not the one wanted."""
    s = 1.0
    for i in range(5):
        t = math.sin(x[i] * y)
        u = t * s
        for j in range(2):
            v = u * x[j]
            s = s * 0.5 + math.sin(v)
    return s * t * u + v


@program(lambda r: (vec(r, 4), vec(r, 4)))
def trap_forwarded_with_late_subscript(x, y):
    """A value is stored where only a subscript defined after it can find it."""
    k = 0
    s = 0.0
    for i in range(4):
        u = math.exp(0.3 * x[i] * y[k])
        k = (k + i + 1) % 4
        y[k] = u
        s += u * y[k - 1] * u
    return s


@program(lambda r: (vec(r, 5), vec(r, 5), vec(r, 5)))
def trap_inactive_weights_overwritten(x, w, v):
    """Weights that are constants at first are overwritten, by constants and by active values."""
    c = np.ones(5)
    s = 0.0
    for i in range(5):
        s += c[i] * x[i] * w[i]
        c[i] = 3.0
        w[i] = 0.5 * i
        s = s * c[i] + v[i] * w[i - 1] * x[i - 1]
        c[i - 2] = x[i]
    return s


@program(lambda r: (vec(r, 6), 3))
def trap_while_trip_count_in_a_nest(x, n):
    """A while loop in a triangular nest: its trip count is a residual that belongs to three loops."""
    s = 0.5
    for i in range(n):
        for j in range(i + 1):
            t = x[i + j]
            k = 0
            while t * t < 4.0 and k < 5:
                t = t * 1.6 + 0.01 * s
                x[k] = x[k] + 0.1 * t
                k += 1
            s = s * 0.5 + t
    return s * x[0]


@program(lambda r: (vec(r, 4),))
def trap_nothing_to_undo_but_needed_by_restore(x):
    """A subscript computed from an overwritten scalar addresses a store whose own value is never needed."""
    k = 3
    s = 0.0
    for i in range(3):
        s += x[k] * x[k - 1]
        x[k] = 1.0 + i
        k = k - 1
        s = s * x[i]
    return s
