"""while loops: data-dependent trip counts, nests, Newton iterations."""

import math

from .registry import ints, num, pos, program, vec


@program(lambda r: (num(r), 0.5 + num(r)))
def while_float_condition(x, y):
    """The trip count depends on the values themselves."""
    s = x
    while s < 8.0:
        s = s * (1.2 + 0.3 * y) + 0.1 * x
    return s * y


@program(lambda r: (vec(r, 6),))
def while_counts_up(x):
    """A counted loop written as while, with the increment in the middle."""
    i = 0
    s = 1.0
    while i < len(x) - 1:
        s = s * x[i]
        i += 1
        s = s + math.sin(x[i])
    return s


@program(lambda r: (vec(r, 7),))
def while_index_jumps(x):
    """The index advances by a step that depends on the data."""
    i = 0
    s = 1.0
    while i < len(x):
        s = s * x[i] + 0.5
        if x[i] > 0.0:
            i += 2
        else:
            i += 1
    return s * s


@program(lambda r: (1.0 + num(r), 2.0))
def newton_sqrt(a, start):
    """Newton's iteration until the residual is small: the trip count is not known beforehand."""
    z = start
    while abs(z * z - a) > 1e-3:
        z = 0.5 * (z + a / z)
    return z * a


@program(lambda r: (0.5 * pos(r, 4), num(r)))
def newton_per_element(x, y):
    """A while loop inside a for loop: one trip count for each iteration (Kepler's equation)."""
    s = 0.0
    for i in range(len(x)):
        e = x[i]
        d = 1.0
        while abs(d) > 1e-4:
            d = (e - 0.3 * y * math.sin(e) - x[i]) / (1.0 - 0.3 * y * math.cos(e))
            e -= d
        s += e * e
    return s


@program(lambda r: (num(r), num(r), 5))
def while_zero_trips(x, y, n):
    """The condition is false at the start: the carried values pass through."""
    s = x * y
    while n < 3:
        s = s * s
        n += 1
    return s * y


@program(lambda r: (vec(r, 5),))
def while_nested(x):
    """while in while; the inner one starts where the outer one stands."""
    s = 1.0
    i = 0
    while i < len(x):
        j = i
        t = s
        while j > 0:
            t = math.sin(t) * x[j] + x[i]
            j -= 2
        s = s * 0.7 + t
        i += 1
    return s


@program(lambda r: (vec(r, 5), 1.5))
def while_nested_with_break(x, limit):
    """The inner while ends by break or by its condition, differently in every outer iteration."""
    s = 0.0
    i = 0
    while i < len(x):
        t = x[i]
        k = 0
        while k < 4:
            t = t * 1.7 + 0.1
            if t > limit:
                break
            t = t - 0.2 * x[i]
            k += 1
        s += t * t * (k + 1)
        i += 1
    return s


@program(lambda r: (num(r), num(r)))
def while_true(x, y):
    """An endless loop left by break in its middle."""
    n = 0
    while True:
        x = math.sin(x) + y
        n += 1
        if n > 3:
            break
        y = y * x
    return x * y


@program(lambda r: (num(r), num(r)))
def while_two_breaks(x, y):
    """Two exits with work between them; the loop leaves by the second."""
    s = x
    while s < 100.0:
        s = s * (1.0 + y)
        if s > 50.0:
            s = s * 3.0
            break
        s = s + x
        if s > 4.0:
            s = s * y
            break
        x = x * y
    return s * x


@program(lambda r: (vec(r, 6),))
def while_continue(x):
    """continue in a while loop, after the increment."""
    i = -1
    s = 1.0
    while i < len(x) - 1:
        i += 1
        if x[i] < 0.0:
            s = s * 0.5
            continue
        s = s * x[i] + x[i - 1]
    return s


@program(lambda r: (vec(r, 5), 3))
def while_in_for_in_while(x, n):
    """Three levels with a counted loop in the middle."""
    s = 1.0
    while n > 0:
        for i in range(n):
            t = x[i]
            while t * t < 2.5:
                t = t * 1.5
            s = math.sin(s) * t
        n -= 1
    return s


@program(lambda r: (num(r), num(r)))
def while_compound_condition(x, y):
    """Two reasons to stop, the second one guarded by the first."""
    k = 0
    s = x
    while k < 10 and (s < 5.0 or k == 0):
        s = s + s * y
        k += 1
    return s / k


@program(lambda r: (pos(r, 6), ints(r, 6, 6)))
def while_pointer_chase(x, link):
    """The index is loaded from an int array, as in a linked list."""
    k = 0
    s = 1.0
    n = 0
    while n < 5:
        s = s * x[k] + math.cos(s)
        k = link[k]
        n += 1
    return s * x[k]


@program(lambda r: (pos(r, 5),))
def while_stores(x):
    """A while loop that overwrites an array while its condition reads it."""
    i = 0
    while x[i] < 6.0:
        x[i] = x[i] * x[i] + 1.0
        if x[i] > 3.0 and i < len(x) - 1:
            x[i + 1] = x[i + 1] * x[i]
            i += 1
    return x[i] * x[0]


@program(lambda r: (num(r), num(r)))
def while_halving(x, h):
    """Step halving: the accepted step depends on how often the test failed."""
    h = h + 4.0
    while x * h * h > 1.0:
        h = h / 2.0
    s = x
    while h < 3.0:
        s = s + h * math.cos(s)
        h = h * 1.5
    return s * h


@program(lambda r: (num(r), num(r)))
def continued_fraction(x, y):
    """A two-term recurrence with rescaling in a branch, until convergence."""
    a = 1.0
    b = x
    n = 1
    d = 1.0
    while d > 1e-2:
        c = b * x + n * y * a
        a = b
        b = c
        if b > 10.0:
            a = a / b
            b = 1.0
        d = 1.0 / (n * n)
        n += 1
    return b / (a + y)
