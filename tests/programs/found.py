"""Programs that random testing or an example found wrong once. They stay."""

import math

import numpy as np

from .registry import program


def _vec(r, n):
    return r.uniform(0.3, 1.2, n) * r.choice([-1.0, 1.0], n)


@program(lambda r: (_vec(r, 3), _vec(r, 3), 1.03))
def found_exchange_beside_a_conditional_scalar(x, y, a):
    """A scalar changed under an `if` in a loop that ends with an exchange of arrays."""
    for j in range(3):
        if x[0] > 0.0:
            a = a * x[1]
        x, y = y, x
    return x[1] * a * y[j]


@program(lambda r: (_vec(r, 4), 0.58))
def found_tape_room_beside_arrays(x, a):
    """Arrays and scalars saved on one tape: room for the scalars must be made after the arrays are on it."""
    k = 0
    s = 0.0
    while k < 40:
        z = np.zeros(2 + k % 5)
        t = math.sin(x[0] * a)
        u = math.tanh(t * x[1])
        w = math.sin(u) * t
        for j in range(len(z)):
            z[j] = math.sin(w * j + z[j - 1]) * u
        q = z @ z
        x[1] = 0.5 + math.sin(q * t) * u * w
        x[0] = 0.7 + math.sin(x[1] * q)
        s += x[0] * x[1]
        k += 1
    return s


@program(lambda r: (_vec(r, 3), _vec(r, 3), 1.03))
def found_exchange_in_a_while(x, y, a):
    """Arrays that change places in a `while`: how often is known only afterwards."""
    w = 0
    while w < 3 and y[0] < 5.0:
        x[w] = x[w] * y[1] + a
        x, y = y, x
        w += 1
    return x[1] * a + y[0] * y[2]


@program(lambda r: (_vec(r, 3), _vec(r, 3)))
def found_three_names_in_two_loops(x, y):
    """Three arrays exchanged in a loop inside a loop."""
    u = x.copy()
    v = x.copy()
    for w in range(4):
        for i in range(3):
            u, y, v = y, v, u
    return y[0] * u[1] + v[2] * w


@program(lambda r: (_vec(r, 3), 0.4))
def found_index_after_an_empty_body(x, a):
    """The index of a loop that does nothing else is read afterwards."""
    for i in range(1, 0, -1):
        pass
    return x[i] * a


@program(lambda r: (_vec(r, 3).reshape(3, 1) * _vec(r, 3), 0.3))
def found_column_by_a_counter(m, a):
    """A view whose column is a counter of a `while`: the index behind a slice."""
    s = a
    k = 0
    while k < 2:
        v = m[:, k]
        s += np.dot(v, v) * m[k, 2]
        k += 1
    return s


@program(lambda r: (_vec(r, 3), 0.5))
def found_array_bound_in_one_arm(x, a):
    """An array made in one arm of a branch, a parameter in the other."""
    y = x
    if a > 0.0:
        z = np.zeros(3)
        z[1] = a * x[0]
        z[0] = x[2]
        y = z
    return y[1] * y[0] + x[1]


def _fill(x, w, out):
    for i in range(len(out)):
        out[i] = math.sin(x[i]) * w


def _scores(x, w, v, hidden, out):
    _fill(x, w, hidden)
    for i in range(len(out)):
        out[i] = hidden[i] * v[i]


def _loss(scores, k):
    total = 0.0
    for i in range(len(scores)):
        total += math.exp(scores[i])
    return math.log(total) - scores[k]


@program(lambda r: (_vec(r, 6).reshape(2, 3), 0.7, _vec(r, 3), np.array([0, 2])))
def found_buffers_shared_by_samples(x, w, v, labels):
    """The shape of examples/digits.py: helpers fill buffers that every sample overwrites."""
    hidden = np.empty(3)
    out = np.empty(3)
    total = 0.0
    for n in range(len(labels)):
        _scores(x[n], w, v, hidden, out)
        total += _loss(out, labels[n])
    return total / len(labels)


def _smooth(x, w):
    n = len(x) - 1
    m = n + 1
    tmp = np.zeros(m)
    for i in range(n):
        tmp[i] = math.sin(x[i] * w) + x[i + 1]
    for i in range(n):
        x[i] = tmp[i] * tmp[i] * x[i]


@program(lambda r: (_vec(r, 4), 0.6))
def found_scratch_sized_by_a_local(x, w):
    """A helper's scratch array has a size that the helper computes: its reverse is another function."""
    for _ in range(2):
        _smooth(x, w)
    return x[0] * x[1] + x[2]


@program(lambda r: (_vec(r, 3), 0.3))
def found_carried_scalar_read_for_nothing(x, a):
    """A carried scalar is read at the head of the loop by a copy that nothing uses."""
    for i in range(2):
        t = a
        a = x[0]
    return a


@program(lambda r: (np.abs(_vec(r, 3)), 0.25))
def found_product_with_a_selected_factor(x, a):
    """A recurrence is multiplied by what a branch selects, or by the zero before it."""
    s = x[0]
    w = 0
    while w < 3:
        d = 0.0
        if x[w] > a:
            d = x[w]
        s = (s * x[w] + a) * d
        w += 1
    return s * s + a * x[0]


@program(lambda r: (np.abs(_vec(r, 3)), 0.25))
def found_sum_times_a_selected_factor(x, a):
    """The same in a `for`, where every value is saved."""
    s = a
    for w in range(3):
        d = 0.0
        if x[w] > a:
            d = x[w]
        s = (s + x[w]) * d
    return s


@program(lambda r: (_vec(r, 3), _vec(r, 3)))
def found_loop_that_never_runs(x, y):
    """Numba decides at compile time that the loop is dead, and types nothing in it."""
    u = np.zeros(3)
    w = 0
    while -0.4 > 0.5:
        w += 1
        u, x, y = x, y, u
    return x[0] * y[1]


@program(lambda r: (np.array([1.4, 0.2, 0.8]) + 0.1 * _vec(r, 3),))
def found_loop_that_only_replaces(x):
    """Nothing in the inner loop has an adjoint of its own, but how often it runs decides whether `r` is still `x[i]`."""
    s = 0.0
    for i in range(3):
        r = x[i]
        w = 0
        while w < 4 and x[i] < 1.0:
            r = 0.3
            w += 1
        s += r * x[i]
    return s


@program(lambda r: (np.array([1.4, 0.2, 0.8]) + 0.1 * _vec(r, 3),))
def found_counted_loops_that_only_replace(x):
    """The same in loops inside loops whose bounds are computed."""
    s = 0.0
    for i in range(3):
        r = x[i]
        q = x[i]
        for k in range(int(x[i] * 2.0)):
            for _ in range(int(x[k] * 2.0)):
                r = 0.3
            w = 0
            while w < k:
                w += 1
                if w > 1:
                    continue
                q = 0.1
        s += r * x[i] + q * q * x[i]
    return s


def exchanged_and_replaced(u, v, m):
    r = m
    for _ in range(int(m * 2.0)):
        u, v = v, u
    for _ in range(int(m * 2.0)):
        r = 0.5
    u[0] = r * v[1]
    return u[1] * r


@program(lambda r: (np.array([1.4, 0.2, 0.8]) + 0.1 * _vec(r, 3),))
def found_helper_that_only_exchanges_and_replaces(x):
    """Its two halves are functions of their own: the second has the trip counts from the tape, or not at all."""
    s = 0.0
    u = x * x
    v = np.sin(x)
    for i in range(3):
        s += exchanged_and_replaced(u, v, x[i])
    return s + u[0] * v[0]


@program(lambda r: (_vec(r, 3), 2))
def found_buffer_as_long_as_a_later_array(x, n):
    """What the first loop hands on is copied to a buffer, whose length must be known before the loop."""
    y = np.sin(x)
    for i in range(n):
        a = np.array([x[0], x[1], 0.1 * i])
        y, a = a, y
    b = np.full(len(x), x[1])
    for i in range(1, len(x)):
        if i == n:
            return 0.5 * b[i - 1] + y[0]
        b, x, y = x, y, b
    return x[0] * 0.5 + y[-1]


@program(lambda r: (_vec(r, 5), _vec(r, 15).reshape((5, 3))))
def down_from_a_length_until_a_break(x, m):
    """Bounds that are sums of lengths (an AttributeError, by fuzzing)."""
    s = 0.0
    for i in range(m.shape[0] - 2, -1, -2):
        s += x[i] * m[i, m.shape[1] - 1]
        if s > 0.4:
            break
    return s * s
