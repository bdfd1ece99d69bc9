"""break, continue and early return, also inside nested loops."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (pos(r, 6), 2.5))
def break_on_sum(x, limit):
    """A for loop left by break: its trip count is a residual."""
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
        if s > limit:
            break
        s = s + 0.1 * x[i]
    return s * s


@program(lambda r: (vec(r, 6), num(r)))
def break_never(x, y):
    """A break that is never taken."""
    for i in range(len(x)):
        if y > 1e6:
            y = 0.0
            break
        y = math.sin(y) * x[i] + 1.0
    return y


@program(lambda r: (vec(r, 6), num(r)))
def break_at_once(x, y):
    """The loop leaves in its first iteration, before the rest of its body ever ran."""
    for i in range(len(x)):
        y = y * x[i]
        if i >= 0:
            y = y + x[i]
            break
        y = y * 100.0
    return y * y


@program(lambda r: (vec(r, 6),))
def loop_variable_after_break(x):
    """The index at which the loop broke is read afterwards."""
    s = 1.0
    for i in range(1, len(x)):
        s = s * x[i]
        if i == 3:
            break
    return s * x[i] + x[i - 1]


@program(lambda r: (pos(r, 6),))
def break_in_descending_loop(x):
    """Break in a loop with step -2: the reverse must start at the right index."""
    s = 1.0
    for i in range(5, -1, -2):
        s = s * x[i] + x[i - 1]
        if s > 1.0 and i < 4:
            break
    return s * x[i]


@program(lambda r: (vec(r, 7),))
def two_breaks_with_work(x):
    """Two different exits, each with work of its own before the break, across two loops."""
    s = 1.0
    for i in range(len(x)):
        s = s * 0.9 + x[i]
        if i == 2:
            s = s * x[i + 1]
            break
        s = math.sin(s)
        if s < -5.0:
            s = 0.0
            break
        s = s * x[i]
    for j in range(i, len(x)):
        s = s + x[j] * s
        if j > i + 1:
            break
    return s


@program(lambda r: (vec(r, 6),))
def continue_simple(x):
    """continue skips the second half of the body."""
    s = 1.0
    for v in x:
        s = s * 0.8
        if v < 0.0:
            continue
        s = s * v + math.cos(s)
    return s


@program(lambda r: (vec(r, 4, 5),))
def continue_in_nested_loops(m):
    """continue of the inner and of the outer loop, with work in the arms."""
    s = 1.0
    for i in range(m.shape[0]):
        if i == 2:
            s = s * m[i, 0]
            continue
        for j in range(m.shape[1]):
            if m[i, j] < 0.0:
                s = s + m[i, j]
                continue
            if j == i:
                continue
            s = math.sin(s * m[i, j])
        s = s * m[i, i]
    return s


@program(lambda r: (vec(r, 4, 5),))
def break_in_nested_loops(m):
    """The inner loop breaks at a different place in each outer iteration; the outer one breaks too."""
    s = 1.0
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            if j > 1 and j > 4 - i:
                s = s * m[i, j]
                break
            s = s * 0.7 + m[i, j] * m[i, j]
        s = math.sin(s) + m[i, j]
        if i == 2:
            break
    return s


@program(lambda r: (num(r), num(r)))
def early_return_top(x, y):
    """Returns in the arms of a branch and at the end; the rest of the function must not run."""
    if x > 5.0:
        return x
    s = x * y
    if s > 0.0:
        s = s * s
        return s + y
    s = math.log(s)
    return s


@program(lambda r: (pos(r, 6),))
def return_in_a_loop(x):
    """A return inside a loop: the value is made from what was carried."""
    s = 1.0
    for i in range(len(x)):
        s = s * x[i] + 0.5
        if i == 4:
            return s * x[i]
    return 0.0


@program(lambda r: (vec(r, 4, 4), 1.2))
def return_from_nested_loops(m, limit):
    """A return from an inner loop ends both; a break of the inner one stands beside it."""
    s = 0.3
    for i in range(4):
        for j in range(4):
            s = s + 0.2 * m[i, j] * m[i, j]
            if s > limit and i > 0:
                return s * m[i, j] + m[i, 0]
            if j > i + 1:
                break
            s = s * 0.98
        s = s + 0.01 * m[i, i]
    return s


@program(lambda r: (vec(r, 5), vec(r, 5)))
def return_after_stores(x, y):
    """Early return after in-place stores: the undo must begin in the iteration that returned."""
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1] + y[i]
        for j in range(i):
            y[j] = math.sin(y[j] * x[i])
            if i == 3 and j == 1:
                return x[i] * y[j] + x[0] * y[0]
        x[i - 1] = x[i] * y[i]
    return x[0]


@program(lambda r: (vec(r, 6), vec(r, 6)))
def continue_and_break_mixed(x, y):
    """continue, break and fall-through, with a store on each path."""
    s = 1.0
    for i in range(len(x)):
        if x[i] < 0.0:
            x[i] = s * x[i]
            continue
        if i > 4:
            y[i] = s
            break
        y[i] = y[i] * x[i]
        s = s * y[i] + x[i]
    return s * x[2] * y[3] + y[5] * x[0]


@program(lambda r: (vec(r, 6), ints(r, 6, 6)))
def linear_search(x, k):
    """A search for an int: the loop that finds it does nothing differentiable, what follows uses the index."""
    s = 0.0
    for t in range(3):
        found = -1
        for i in range(len(k)):
            if k[i] == k[t]:
                found = i
                break
        if found < 0:
            return -1.0
        s = s + x[found] * x[t] * (t + 1)
    return s


@program(lambda r: (np.sort(pos(r, 6)), vec(r, 6), 0.95))
def table_lookup(t, v, q):
    """Linear interpolation in a table, the interval found by a loop with break, the ends by early returns."""
    if q <= t[0]:
        return v[0] * q
    if q >= t[-1]:
        return v[-1] * q
    k = 0
    for i in range(1, len(t)):
        if t[i] > q:
            k = i
            break
    f = (q - t[k - 1]) / (t[k] - t[k - 1])
    return v[k - 1] * (1.0 - f) + v[k] * f


@program(lambda r: (vec(r, 5),))
def flag_instead_of_break(x):
    """A done flag ends two nested loops without a jump."""
    done = False
    s = 1.0
    for i in range(len(x)):
        if not done:
            for j in range(len(x)):
                if not done and i * j < 6:
                    s = s * 0.5 + x[i] * x[j] * s
                else:
                    done = True
    return s


@program(lambda r: (vec(r, 3, 3, 3),))
def exits_three_deep(c):
    """break, continue and return on three levels."""
    s = 1.0
    for i in range(3):
        for j in range(3):
            if (i + j) % 2 == 1:
                continue
            for k in range(3):
                if k > j:
                    break
                s = math.cos(s) * c[i, j, k] + 0.5
                if i == 2 and j == 2 and k == 1:
                    return s * c[0, 0, 0]
            s = s + c[i, j, j]
    return s


@program(lambda r: (vec(r, 6), 3))
def return_different_shapes_of_work(x, mode):
    """An if chain of returns, each with a loop of its own."""
    s = 1.0
    if mode == 1:
        for v in x:
            s += v
        return s
    if mode == 2:
        return s * x[0]
    for i in range(len(x)):
        if i >= mode:
            return s * s
        s = s * x[i] + x[mode]
    return -s


@program(lambda r: (vec(r, 4), vec(r, 4), num(r)))
def returns_that_end_every_trip(x, y, a):
    """The result is unbound wherever an iteration begins: what is copied there has no type, and yet the loop runs."""
    k = 0
    while k < 4 and a < 9.0:
        x[k - 1] = 0.6 * math.tanh(y[1]) * x[k]
        if -0.3 < y[k] <= -0.2:
            return 0.6 * a * x[0]
        if k == 3:
            return y[k] * x[k - 2]
        x, y = y, x
        k += 1
    return a + x[0] * y[k - 1]
