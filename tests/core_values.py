"""Small nasty functions: tuples, iterables, assignments and expressions."""

import math
import math as mt
from math import sin
from math import sqrt as root

import numba
import numpy
import numpy as np
from numpy import exp as e_to_the

from tests.core_control import both, bump, fill, jitted, square_plus

G = 2.5
COUNT = 3
TABLE = np.array([1.0, -2.0, 0.5])
PAIR = (0.25, 4)
DTYPE = np.float64


# tuples


def tuple_variable(a, b):
    t = (a, b)
    u = t[1], t[0]
    t = (u[0] + 1, u[-1])
    p, q = t
    return p * 10 + q


def tuple_in_loop(x):
    state = (0.0, 1.0)
    for v in x:
        state = (state[1], state[0] + v)
    return state


def tuple_nested(a, b):
    t = ((a, b), a + b)
    (p, q), r = t
    u = t[0]
    return p + 2 * q + 4 * r + u[1]


def tuple_ternary(a, b):
    t = (a, b) if a > b else (b, a * 2)
    lo, hi = (t[1], t[0]) if b > 0 else t
    return lo - hi


def tuple_helper(a, b):
    hi, lo = both(a, b)
    t = both(hi, 0.2)
    return hi - lo + t[0] + both(lo, 0.1)[1] + len(t)


def tuple_swap(a, b):
    t = (a, b)
    for k in range(3):
        t = (t[1], t[0] + k)
        t = t[1], t[0]
    return t[0] + 3 * t[1]


def tuple_self(a, b):
    a, b = both(b, a)
    a, x = divmod(a, 0.3)
    return a + b + x


def tuple_iterate(a, b):
    s = 0.0
    for v in (a, b, 3):
        if v > 2.5:
            break
        s = s * 2 + v
    return s


def tuple_global(a):
    return a * PAIR[0] + PAIR[1] + max(PAIR)


def shapes(m):
    rows, cols = m.shape
    s = m.shape
    out = np.zeros((cols, rows))
    for i in range(rows):
        for j in range(m.shape[1]):
            out[j, i] = m[i][j]
    return out[0, 1] + s[0] + m.ndim + m.size + len(m.shape) + m.shape[-1] + m.T[1, 0]


def unpack_array(x):
    p = x[:2]
    a, b = p
    a, b = b, a
    return a - b * 2


# iterables


def enumerated(x):
    s = 0.0
    for i, v in enumerate(x):
        s += i * v
    return s


def enumerated_from(x, n):
    s = 0.0
    for i, v in enumerate(x[1:], n + 1):
        x[0] = v
        s += i * v
    return s + i


def zipped(x, y):
    s = 0.0
    for u, v in zip(x, y):
        s += u * v
    return s


def zip_enumerate(x, y):
    s = 0.0
    for i, (u, v) in enumerate(zip(x, y)):
        if u > 1:
            continue
        s += i * u - v
        i = 100
    return s


def zip_ranges(x, n):
    s = 0.0
    for i, v, k in zip(range(2, 20, 3), x, range(n, 0, -1)):
        s += i * v + k
    return s


def rows(m):
    s = 0.0
    for row in m:
        for k, v in enumerate(row):
            row[k] = v * 2
            s += v
    for a, b in m[:, :2]:
        s += a * b
    return s


def iterable_rebound(x):
    s = 0.0
    for v in x:
        x = x + 1.0
        s += v * x[0]
    return s


# assignments


def augmented(x, a):
    i = 0
    x[i] += a
    x[i] -= a * 3
    x[i + 1] *= a
    x[i + 1] /= 2
    x[2] **= 2
    x[2] -= 2.5
    x[-1] -= -1
    a -= x[0]
    a *= 3
    a //= 2
    return a


def augmented_array(x, a):
    y = x * 2
    y += a
    y *= 0.5
    return y[0] - y[-1]


def augmented_slices(x):
    x[1:3] += 1.0
    x[2:] *= 2.0
    x[:2] = x[1:3] * 0.5
    x[::2] -= x[0]
    return x[1]


def augmented_index_once(x):
    x[int(bump(x, 0)) % 2] *= 3
    x[1] += bump(x, 1)
    x[0] -= bump(x, 0)
    return x[0] + bump(x, 2) + x[2]


def order_of_evaluation(x):
    return x[0] + bump(x, 0) * x[0] - bump(x, 0)


def indirect(x, n):
    idx = np.zeros(len(x), dtype=np.int64)
    for i in range(len(x)):
        idx[i] = (i * n) % len(x)
    for i in range(len(x)):
        x[idx[idx[i]]] += x[idx[i] - 1]
    return x[idx[1]]


def views(m):
    row = m[1]
    row[0] = 5.0
    m[0][1] += 2
    col = m[:, 0]
    col[0] -= 1.0
    m[-1, -1] = row[0]
    return m[1, 0] + m.T[0, 0]


# expressions


def comparisons(a, b):
    s = 0
    if -1 < a < b <= 2:
        s += 1
    if a < b > 0.1 != a:
        s += 2
    ok = 0 < a < 1
    if not ok and (a > b or b > 0):
        s += 4
    return s


def comparison_helper(x):
    s = 0.0
    if 0 < bump(x, 0) < bump(x, 1) < 3:
        s = 1.0
    if x[0] > 9 or bump(x, 2) > 0 and not bump(x, 1) < 0.5:
        s += 2
    return s


def short_circuit(x, n):
    i = n
    s = 0.0
    if i < len(x) and x[i] > 0 or i == 0:
        s = 1.0
    flag = i + 1 < len(x) and x[i + 1] > 0
    if flag:
        s += 2
    return s


def value_and_or(a, b):
    c = a > 0 and b
    d = (a - a) or b * 2
    return c + d + (a or 1.0)


def ternaries(a, b):
    c = a if a > b else b if b > 0 else -1.0
    return (c * 2 if c > 0 else c) + (a if b > 0 else b) * 2


def ternary_lazy(x, n):
    return x[n] if n < len(x) else -1.0


def minmax(a, b):
    return max(a, b, 0.3) - min(a, b, 0.1, a * b) + pow(a, 2) + abs(b) + round(a) + int(b * 3)


def constants(a):
    v = -1.5 if a > 0 else -a
    return v * G + math.pi + np.inf * 0.0 * (a < 0) + TABLE[1] * COUNT + np.e + -2


def aliases(a):
    return mt.cos(a) + sin(a) + root(4.0) + e_to_the(-a) + numpy.tanh(a) + np.arctan2(a, 2.0) + math.log(3.0, 2)


def keyword_helpers(a, b):
    return square_plus(a, scale=b) + square_plus(scale=a, v=b, offset=3) - square_plus(b)


def helper_for_effect(x, a):
    fill(x, a)
    fill(x[1:3], -a)
    return jitted(x[1])


def methods(x, m):
    y = x.copy()
    y[0] = 9.0
    s = x.sum() + np.sum(m) + x.dot(y) + x @ y
    z = np.full_like(x, 2.0) + np.ones(len(x)) + np.full(len(x), fill_value=1.5)
    return s + z[0] + float(len(y))


def allocations(n):
    x = np.empty((n, 2), dtype=DTYPE)
    shape = (n, 2)
    y = np.zeros(shape)
    z = np.ones(x.shape)
    for i in range(n):
        for j in range(2):
            x[i, j] = i - j + y[i, j] + z[i, j]
    return x[0, 1] + x[n - 1][0]


def annotated(a: float, n: int = 3) -> float:
    """Docstring."""
    s: float = 0.0
    k: int
    for k in range(n):
        s += a
    return s


def where_select(x):
    y = np.where(x > 0, x, -x)
    return y[0] + np.maximum(x[0], x[1]) + np.sign(x[2])


def parallel(x):
    s = 0.0
    for i in numba.prange(len(x)):
        s += x[i]
    return s


def recursive(n):
    if n <= 1:
        return 1
    return n * recursive(n - 1)


def make_closure(k, table):
    def inner(v):
        return square_plus(v) * k + table[0]

    return inner


closure = make_closure(3.0, TABLE)
one, two = (lambda a: a * 2.0), (lambda a, b: a - b if a > b else 0.0)
nested_lambda = (lambda k: lambda a: a + k)(4)
