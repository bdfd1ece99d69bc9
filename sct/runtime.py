"""Functions that generated code calls. Plain Python that Numba compiles too."""

from __future__ import annotations

import math

import numpy as np

from sct.custom import Stop
from sct.revolve import next_snapshot, snapshots_for, snapshots_within

try:
    from numba import get_num_threads as _get_num_threads
    from numba import prange
    from numba.extending import register_jitable
except ImportError:  # generated files run without Numba, too
    prange = range

    def _get_num_threads():
        return 1

    def register_jitable(function):
        return function


__all__ = [
    "astype",
    "common_length",
    "digamma",
    "exponent",
    "flatten",
    "next_snapshot",
    "overlap",
    "polygamma",
    "pop_1d",
    "pop_2d",
    "pop_3d",
    "pop_4d",
    "prange",
    "push_1d",
    "push_2d",
    "push_3d",
    "push_4d",
    "reserve",
    "reserve_rows",
    "sinc_derivative",
    "snapshots_for",
    "snapshots_within",
    "stop_gradient",
    "threads",
]


def threads():
    """How many threads Numba uses; `sct.backends.threads` says so in compiled code."""
    return _get_num_threads()


@register_jitable
def stop_gradient(x):
    """`x`, a number or an array, as a constant: nothing is differentiated through it."""
    return -(-x)  # noqa: B002 - a new array


stop_gradient._sct_rule = Stop()


@register_jitable
def reserve(tape, room):
    """`tape` if it holds `room` elements, else a copy that does and is at least twice as long."""
    if len(tape) >= room:
        return tape
    grown = np.empty(max(room, 2 * len(tape)), tape.dtype)
    for i in range(len(tape)):
        grown[i] = tape[i]
    return grown


@register_jitable
def reserve_rows(a, room):
    """`a` if it holds `room` rows, else a copy that does and has at least twice as many."""
    if len(a) >= room:
        return a
    grown = np.empty((max(room, 2 * len(a)), a.shape[1]), a.dtype)
    for i in range(len(a)):
        for j in range(a.shape[1]):
            grown[i, j] = a[i, j]
    return grown


@register_jitable
def push_1d(tape, top, a):
    """`a` on the tape: its elements, then its shape. Returns the tape and its height."""
    n = len(a)
    end = top + n
    tape = reserve(tape, end + 1)
    for i in range(n):
        tape[top + i] = a[i]
    tape[end] = n
    return tape, end + 1


@register_jitable
def pop_1d(tape, top):
    """The vector that was pushed last, and the height of the tape below it."""
    n = int(tape[top - 1])
    start = top - 1 - n
    a = np.empty(n, tape.dtype)
    for i in range(n):
        a[i] = tape[start + i]
    return a, start


@register_jitable
def push_2d(tape, top, a):
    """`a` on the tape: its elements, then its shape. Returns the tape and its height."""
    n, m = a.shape
    end = top + n * m
    tape = reserve(tape, end + 2)
    for i in range(n):
        for j in range(m):
            tape[top + i * m + j] = a[i, j]
    tape[end] = n
    tape[end + 1] = m
    return tape, end + 2


@register_jitable
def pop_2d(tape, top):
    """The matrix that was pushed last, and the height of the tape below it."""
    n, m = int(tape[top - 2]), int(tape[top - 1])
    start = top - 2 - n * m
    a = np.empty((n, m), tape.dtype)
    for i in range(n):
        for j in range(m):
            a[i, j] = tape[start + i * m + j]
    return a, start


@register_jitable
def push_3d(tape, top, a):
    """`a` on the tape: its elements, then its shape. Returns the tape and its height."""
    n, m, p = a.shape
    end = top + n * m * p
    tape = reserve(tape, end + 3)
    for i in range(n):
        for j in range(m):
            for k in range(p):
                tape[top + (i * m + j) * p + k] = a[i, j, k]
    tape[end] = n
    tape[end + 1] = m
    tape[end + 2] = p
    return tape, end + 3


@register_jitable
def pop_3d(tape, top):
    """The array of three axes that was pushed last, and the height of the tape below it."""
    n, m, p = int(tape[top - 3]), int(tape[top - 2]), int(tape[top - 1])
    start = top - 3 - n * m * p
    a = np.empty((n, m, p), tape.dtype)
    for i in range(n):
        for j in range(m):
            for k in range(p):
                a[i, j, k] = tape[start + (i * m + j) * p + k]
    return a, start


@register_jitable
def push_4d(tape, top, a):
    """`a` on the tape: its elements, then its shape. Returns the tape and its height."""
    n, m, p, q = a.shape
    end = top + n * m * p * q
    tape = reserve(tape, end + 4)
    for i in range(n):
        for j in range(m):
            for k in range(p):
                for r in range(q):
                    tape[top + ((i * m + j) * p + k) * q + r] = a[i, j, k, r]
    tape[end] = n
    tape[end + 1] = m
    tape[end + 2] = p
    tape[end + 3] = q
    return tape, end + 4


@register_jitable
def pop_4d(tape, top):
    """The array of four axes that was pushed last, and the height of the tape below it."""
    n, m, p, q = int(tape[top - 4]), int(tape[top - 3]), int(tape[top - 2]), int(tape[top - 1])
    start = top - 4 - n * m * p * q
    a = np.empty((n, m, p, q), tape.dtype)
    for i in range(n):
        for j in range(m):
            for k in range(p):
                for r in range(q):
                    a[i, j, k, r] = tape[start + ((i * m + j) * p + k) * q + r]
    return a, start


@register_jitable
def overlap(a, b):
    """Whether the memory from the first to the last byte of `a` meets that of `b`."""
    if a.size == 0 or b.size == 0:
        return False
    a_first, a_end = _extent(a)
    b_first, b_end = _extent(b)
    return a_first < b_end and b_first < a_end


@register_jitable
def _extent(a):
    """The address of the lowest byte of an array that is not empty, and that after the highest."""
    first = last = a.ctypes.data
    for k in range(a.ndim):
        reach = (a.shape[k] - 1) * a.strides[k]
        if reach < 0:
            first += reach
        else:
            last += reach
    return first, last + a.itemsize


@register_jitable
def common_length(m, n):
    """The length of an axis along which arrays of lengths `m` and `n` are used together: one of length 1 is repeated."""
    if m == n or n == 1:
        return m
    if m == 1:
        return n
    raise ValueError("sct: arrays whose shapes do not fit each other")


@register_jitable
def flatten(a):
    """The elements of an array in a new vector."""
    return a.flatten()


@register_jitable
def astype(a, dtype):
    """A new array of another type with the elements of `a`."""
    return a.astype(dtype)


@register_jitable
def digamma(x):
    """The logarithmic derivative of the gamma function: reflection, recurrence, asymptotic series (DLMF 5.5, 5.11)."""
    if x <= 0.0:
        return np.nan if x == math.floor(x) else digamma_positive(1.0 - x) - math.pi / math.tan(math.pi * x)
    return digamma_positive(x)


@register_jitable
def digamma_positive(x):
    """`digamma` for x > 0."""
    s = 0.0
    while x < 10.0:
        s -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))))
    return s + math.log(x) - 0.5 / x - series


@register_jitable
def polygamma(n, x):
    """The `n`-th derivative of `digamma`: reflection, and the rest as for `digamma` (DLMF 5.15)."""
    if n == 0:
        return digamma(x)
    if x <= 0.0:
        if x == math.floor(x):
            return np.nan
        cotangent = 1.0 / math.tan(math.pi * x)
        return -_polygamma_positive(n, 1.0 - x) - math.pi ** (n + 1) * _cotangent_derivative(n, cotangent)
    return _polygamma_positive(n, x) if n % 2 == 1 else -_polygamma_positive(n, x)


@register_jitable
def _polygamma_positive(n, x):
    """The absolute value for x > 0 and n > 0."""
    factorial = math.gamma(n + 1.0)
    s = 0.0
    while x < 10.0 + n:
        s += factorial / x ** (n + 1)
        x += 1.0
    term = factorial / n / x**n
    s += term + 0.5 * factorial / x ** (n + 1)
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)):
        m = 2 * (k + 1)
        term *= (m + n - 1) * (m + n - 2) / (m * (m - 1) * x * x)
        s += bernoulli * term
    return s


@register_jitable
def _cotangent_derivative(n, c):
    """The `n`-th derivative of the cotangent where it is `c`: a polynomial p(c), which becomes -(1 + c * c) p'(c)."""
    p = np.zeros(n + 2)
    p[1] = 1.0
    for _ in range(n):
        slope = np.zeros(n + 2)
        for k in range(1, n + 2):
            slope[k - 1] -= k * p[k]
            if k + 1 < n + 2:
                slope[k + 1] -= k * p[k]
        p = slope
    s = 0.0
    for k in range(n + 1, -1, -1):
        s = s * c + p[k]
    return s


@register_jitable
def sinc_derivative(n, x):
    """The `n`-th derivative of sin(x) / x: its power series near 0, else n times the rule for the quotient."""
    if abs(x) > n + 1.0:
        s = math.sin(x) / x
        for k in range(1, n + 1):
            s = (math.sin(x + 0.5 * math.pi * k) - k * s) / x
        return s
    first = (n + 1) // 2
    power = x if n % 2 == 1 else 1.0
    term = (1.0 if first % 2 == 0 else -1.0) * power
    s = 0.0
    for k in range(first, first + n + 20):
        s += term / (2 * k + 1)
        m = 2 * (k + 1) - n
        term *= -x * x / (m * (m - 1))
    return s


@register_jitable
def exponent(x):
    """The exponent of a float, as `math.frexp` gives it."""
    return math.frexp(x)[1]
