"""Functions that call themselves, or each other in a circle: several calls per activation, in loops and arms, on views, in place."""

import math

import numpy as np
from numba import njit

from .registry import ints, num, pos, program, vec

WEIGHTS = np.array([0.5, -1.25, 2.0, 0.75])


@program(lambda rng: (num(rng), 4))
def power(x, n):
    """The base case is an int, the others floats."""
    if n == 0:
        return 1
    return x * power(x, n - 1)


@program(lambda rng: (num(rng), 0))
def power_at_once(x, n):
    """The base case is met in the first activation."""
    return x * x if n == 0 else x * power_at_once(x * 0.5, n - 1)


@program(lambda rng: (vec(rng, 7),))
def tree_product(x):
    """Two calls per activation, on views whose lengths differ."""
    n = len(x)
    if n == 1:
        return x[0] ** 2 + 0.5
    h = n // 2
    return tree_product(x[:h]) * tree_product(x[h:])


@program(lambda rng: (num(rng), num(rng), 6))
def fibonacci(a, b, n):
    """Two calls with the arguments exchanged; both results are factors of each other's adjoint."""
    if n < 2:
        return a if n == 0 else b
    return math.sin(fibonacci(a, b, n - 1)) * fibonacci(b, a, n - 2)


@program(lambda rng: (num(rng) + 2.0, 6))
def both_arms(x, n):
    """Recursion in both arms of a branch on an active value, and a return between them."""
    if n == 0:
        return x
    if x > 1.7:
        return both_arms(x / 1.6, n - 1) * x
    y = both_arms(x * 1.9 + 0.1, n - 1)
    return y + x / y


@program(lambda rng: (num(rng), 2))
def in_a_loop(x, depth):
    """Recursion in a loop whose carried value goes into the next call; what a call returns is overwritten."""
    s = x * x
    if depth > 0:
        for k in range(3):
            t = in_a_loop(s * 0.3 + k, depth - 1)
            s = math.sin(s) * t
            t = s * t
            s = s + t
    return s


@program(lambda rng: (num(rng), 12.0))
def in_a_while(x, size):
    """The depth and the trip counts follow active floats."""
    s = x
    while size > 1.0:
        size = size / (2.0 + 0.1 * x)
        s = s * 0.9 + in_a_while(x * 0.5, size)
    return s


@program(lambda rng: (num(rng), 3), tags=["beyond_numba"])
def result_overwritten(x, n):
    """The same name takes the results of one call after the other."""
    r = x
    if n > 0:
        r = result_overwritten(r * 0.9, n - 1)
        r = r * result_overwritten(r + 0.2, n - 1)
        r = r - result_overwritten(r, 0) * x
    return r


def _even(x, n):
    if n == 0:
        return x
    return _odd(x * 1.1, n - 1, x)


def _odd(x, n, y):
    if n == 0:
        return x * y
    return _even(x + y, n - 1) * y


@program(lambda rng: (num(rng), num(rng)))
def mutual(x, y):
    """Two functions with different parameters that call each other; both are called from outside, too."""
    return _even(x, 5) * _odd(y, 4, x) + _even(y, 0)


def _expression(values, kinds, at):
    if at >= len(kinds):
        return 0.0, at
    left, at = _term(values, kinds, at)
    while at < len(kinds) and kinds[at] == 1:
        right, at = _term(values, kinds, at + 1)
        left = left + right
    return left, at


def _term(values, kinds, at):
    if at >= len(kinds):
        return 1.0, at
    left, at = _factor(values, kinds, at)
    while at < len(kinds) and kinds[at] == 2:
        right, at = _factor(values, kinds, at + 1)
        left = left * right
    return left, at


def _factor(values, kinds, at):
    if kinds[at] == 0:
        return values[at], at + 1
    inner, at = _expression(values, kinds, at + 1)
    return math.sin(inner), at + 1


@program(lambda rng: (vec(rng, 11), np.array([0, 2, 3, 0, 1, 0, 2, 0, 4, 1, 0])))
def recursive_descent(values, kinds):
    """Three functions in a circle that return a float and a position: `a * sin(b + c * d) + e`."""
    return _expression(values, kinds, 0)[0]


def _f(x, a):
    return math.exp(-a * x) * math.sin(3.0 * x + a)


@program(lambda rng: (num(rng), num(rng) + 1.0, num(rng)))
def adaptive_simpson(a, b, c):
    """Quadrature that halves where two estimates differ; the conditions read active floats."""
    fa, fm, fb = _f(a, c), _f(0.5 * (a + b), c), _f(b, c)
    return _simpson(a, b, c, fa, fm, fb, 5)


def _simpson(a, b, c, fa, fm, fb, depth, tolerance=1e-4):
    m = 0.5 * (a + b)
    fl, fr = _f(0.5 * (a + m), c), _f(0.5 * (m + b), c)
    whole = (b - a) / 6.0 * (fa + 4.0 * fm + fb)
    halves = (b - a) / 12.0 * (fa + 4.0 * fl + 2.0 * fm + 4.0 * fr + fb)
    if depth == 0 or abs(whole - halves) < tolerance:
        return halves + (halves - whole) / 15.0
    left = _simpson(a, m, c, fa, fl, fm, depth - 1, tolerance=tolerance / 2)
    return left + _simpson(m, b, c, fm, fr, fb, depth - 1, tolerance / 2)


def _damped(x, n, rate=0.25, shift=1):
    if n <= 0:
        return x
    return x + rate * _damped(math.sin(x), n - shift)


@program(lambda rng: (num(rng), num(rng)))
def default_arguments(x, rate):
    """Inner calls take defaults that the outermost one gives."""
    return _damped(x, 6, shift=2) * _damped(x, 4, rate)


@program(lambda rng: (num(rng), 200))
def deep(x, n):
    """Two hundred activations."""
    return x if n == 0 else math.sin(deep(x, n - 1)) + 0.01 * x


def _ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return _ackermann(m - 1, 1)
    return _ackermann(m - 1, _ackermann(m, n - 1))


def _gcd(a, b):
    return a if b == 0 else _gcd(b, a % b)


@program(lambda rng: (vec(rng, 8),))
def recursion_on_ints(x):
    """Recursive helpers that have no derivative: an exponent, a subscript, a trip count."""
    s = x[_gcd(12, 18)] ** _ackermann(1, 1)
    for i in range(_ackermann(2, 1)):
        s += x[i] * x[_gcd(i, 6)]
    return s


@program(lambda rng: (vec(rng, 8),))
def butterflies(x):
    """In place on strided views of views, evens and odds, with a buffer per activation."""
    y = x.copy()
    _haar(y)
    return y[0] * y[3] + np.sum(y * x)


def _haar(a):
    n = len(a)
    if n > 1:
        _haar(a[::2])
        _haar(a[1::2])
        old = a.copy()
        for k in range(n // 2):
            a[k] = old[2 * k] * old[2 * k + 1]
            a[n // 2 + k] = old[2 * k] - old[2 * k + 1] * a[k]


@program(lambda rng: (vec(rng, 9),))
def merge_sort(x):
    """The argument is sorted in place: which element goes where is decided by active values that are overwritten."""
    _sort(x, np.empty(len(x)))
    s = 0.0
    for i in range(len(x)):
        s += x[i] ** 2 * (i + 1)
    return s


def _sort(a, buffer):
    n = len(a)
    if n < 2:
        return
    h = n // 2
    _sort(a[:h], buffer[:h])
    _sort(a[h:], buffer[h:])
    i, j = 0, h
    for k in range(n):
        if j >= n or (i < h and a[i] <= a[j]):
            buffer[k] = a[i]
            i += 1
        else:
            buffer[k] = a[j]
            j += 1
    a[:] = buffer[:n]


@program(lambda rng: (vec(rng, 6), 5))
def in_place_before_and_after(a, n):
    """Stores before and after the calls, on overlapping views; the entry function itself writes to its argument."""
    if n > 0:
        a[n] = a[n] * a[n - 1]
        s = in_place_before_and_after(a, n - 1)
        a[n - 1] = a[n] * s + 0.5
        return s * a[n] + in_place_before_and_after(a[1:], n - 2)
    return a[0] + a[-1]


@program(lambda rng: (1.0 + 0.2 * vec(rng, 4), 1.0 + 0.2 * vec(rng, 4)), tags=["beyond_numba"])
def recursive_ping_pong(x, y):
    """The arrays change places in every activation; the last one decides where the result is."""
    a, b = x.copy(), y.copy()
    _relax(a, b, 5)
    return a[1] * b[2] + a[3]


def _relax(source, target, n):
    if n == 0:
        return
    for i in range(1, len(source)):
        target[i] = math.sin(source[i] * target[i - 1])
    _relax(target, source, n - 1)
    source[0] *= target[1]


@program(lambda rng: (vec(rng, 5),))
def the_same_array_twice(x):
    """Both parameters are one array, in some activations; in others one of them is a view of it."""
    y = x.copy()
    _mix(y, y, 4)
    return y[0] * y[1] + y[4]


def _mix(a, b, n):
    if n > 0:
        a[n] = a[n] + 0.5 * a[0] * b[n - 1]
        _mix(b, a, n - 1)
        _mix(a, a[1:], n - 2)
        b[0] = a[n] * b[0]


@program(lambda rng: (num(rng), 4))
def two_results(x, n):
    """A pair of results, each used in both: the doubling formulas of sine and cosine."""
    s, c = _sine_cosine(x, n)
    return s * 2.0 - c * x


def _sine_cosine(x, n):
    if n == 0:
        return x, 1.0 - 0.5 * x * x
    s, c = _sine_cosine(0.5 * x, n - 1)
    return 2.0 * s * c, c * c - s * s


@program(lambda rng: (vec(rng, 6),))
def arrays_returned(x):
    """Every activation allocates an array, fills it from those that two calls return, and returns it."""
    y = _convolved(x)
    return np.sum(y * y) + y[1] * x[0]


def _convolved(x):
    n = len(x)
    out = np.zeros(n)
    if n == 1:
        out[0] = x[0]
    else:
        h = n // 2
        left, right = _convolved(x[:h]), _convolved(x[h:])
        for i in range(h):
            for j in range(n - h):
                out[i + j] += left[i] * right[j]
    return out


@program(lambda rng: (vec(rng, 4, 4),))
def laplace_expansion(m):
    """A determinant by minors: recursion in a loop, with a mask of ints that is changed and put back."""
    return _minor(m, np.zeros(4, np.int64), 0)


def _minor(m, used, row):
    n = len(m)
    if row == n:
        return 1.0
    total, sign = 0.0, 1.0
    for col in range(n):
        if used[col] == 0:
            used[col] = 1
            total += sign * m[row, col] * _minor(m, used, row + 1)
            used[col] = 0
            sign = -sign
    return total


@program(lambda rng: (vec(rng, 3), vec(rng, 3)))
def backtracking(x, w):
    """Choices are put into an array and taken back; leaves add to an accumulator that everything shares."""
    chosen, total = np.ones(3), np.zeros(1)
    _choose(x, w, chosen, total, 0)
    return total[0] * chosen[0]


def _choose(x, w, chosen, total, k):
    if k == len(x):
        total[0] += math.cos(chosen[0] * chosen[1]) * chosen[2]
        return
    before = chosen[k]
    chosen[k] = before * x[k]
    _choose(x, w, chosen, total, k + 1)
    chosen[k] = chosen[k] + w[k]
    _choose(x, w, chosen, total, k + 1)
    chosen[k] = before


@program(lambda rng: (vec(rng, 7), np.array([1, 3, 5, -1, -1, -1, -1]), np.array([2, 4, 6, -1, -1, -1, -1])))
def node_values(x, left, right):
    """A tree in arrays of child indices; the inner nodes store their value over what was there."""
    y = x.copy()
    return _node(y, left, right, 0) + y[1] * y[2]


def _node(y, left, right, k):
    if left[k] >= 0:
        a = _node(y, left, right, left[k])
        b = _node(y, left, right, right[k])
        y[k] = y[k] * a + math.sin(b)
    return y[k]


@program(lambda rng: (vec(rng, 4, 4),))
def quadrants(m):
    """Views of two axes, four calls per activation."""
    h = len(m) // 2
    if h == 0:
        return m[0, 0]
    a, b = quadrants(m[:h, :h]), quadrants(m[:h, h:])
    return a * quadrants(m[h:, h:]) - b * quadrants(m[h:, :h]) * 0.5


@program(lambda rng: (vec(rng, 5) + 3.0, 0))
def fraction_upwards(x, k):
    """Calls in a denominator, upwards; a default and a global array."""
    if k == len(x) - 1:
        return x[k]
    return x[k] + WEIGHTS[k % 4] / fraction_upwards(x, k + 1)


@program(lambda rng: (num(rng),))
def unused_and_inactive(x):
    """One call's result is not used, another's does not depend on the argument."""
    _damped(x, 3)
    y = _damped(0.5, 3)
    return y * x


@program(lambda rng: (np.float32(0.7), 3), tags=["beyond_numba", "float32", "rounded"])
def single_precision(x, n):
    """float32 all the way: the specialisation must not wander off to float64."""
    if n == 0:
        return x
    return single_precision(x * x, n - 1) * np.float32(1.5) + x


@program(lambda rng: (np.float32(0.7), 3), tags=["float32", "rounded"])
def widening(x, n):
    """The first activation is in float32, all others in float64."""
    if n == 0:
        return x * 1.0
    return widening(x * 1.25, n - 1) * x


@njit
def _jitted(x, n):
    if n < 0:
        raise ValueError("negative")
    return x if n == 0 else _jitted(math.cos(x), n - 1) * x


@program(lambda rng: (num(rng), 3), tags=["njit"])
@njit
def compiled_with_raise(x, n):
    """Dispatchers that call each other, one of which may raise."""
    if n <= 0:
        return _jitted(x, 2)
    return _jitted(x, n) * compiled_with_raise(x * 0.8, n - 1)


@program(lambda rng: (vec(rng, 6), ints(rng, 6, 6)))
def gathered(x, index):
    """Calls whose argument is an element, with a subscript that a call made."""
    s = x[0]
    for i in range(len(index)):
        s += _chain(x[index[i]], _gcd(index[i], 4)) * s
    return s


def _chain(y, n):
    return y if n == 0 else y * _chain(y * 0.5 + 1.0, n - 1)


@program(lambda rng: (pos(rng, 8),))
def quicksort(x):
    """Partition by swaps of elements, then both sides in place by bounds."""
    _quick(x, 0, len(x) - 1)
    return x[0] * x[1] + x[6] * x[7] ** 2


def _quick(a, low, high):
    if low >= high:
        return
    pivot, i = a[high], low
    for j in range(low, high):
        if a[j] < pivot:
            a[i], a[j] = a[j], a[i]
            i += 1
    a[i], a[high] = a[high], a[i]
    _quick(a, low, i - 1)
    _quick(a, i + 1, high)


@program(lambda rng: (vec(rng, 5),))
def array_passed_through(x):
    """What comes back is the argument, from the base case and through every call; both names are used afterwards."""
    y = x.copy()
    z = _swept(y, 4)
    z[0] = z[0] * y[4]
    return z[0] + y[0] * y[3]


def _swept(a, n):
    if n == 0:
        return a
    a[n] = math.sin(a[n]) * a[n - 1]
    b = _swept(a, n - 1)
    b[n - 1] = b[n - 1] * a[n]
    return b
