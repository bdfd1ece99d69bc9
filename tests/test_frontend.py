"""Small nasty functions: the core program must compute what Python computes, arrays changed in place included."""

import math
import math as mt
from math import sin
from math import sqrt as root

import gast
import numba
import numpy
import numpy as np
import pytest
from numpy import exp as e_to_the

from sct.errors import UnsupportedSyntax
from sct.frontend import load_program
from sct.ir.check import check
from sct.ir.run import run, text

G = 2.5
COUNT = 3
TABLE = np.array([1.0, -2.0, 0.5])
PAIR = (0.25, 4)
DTYPE = np.float64


# helpers


def square_plus(v, offset=1.0, scale=2.0):
    return v * v * scale + offset


def both(v, w):
    if v > w:
        return v, w
    return w, v


def bump(arr, k):
    arr[k] += 1.0
    return arr[k]


def fill(arr, v):
    for k in range(len(arr)):
        arr[k] = v * k


@numba.njit
def jitted(v):
    return v * 3.0


# loops and exits


def plain_sum(x):
    s = 0.0
    for v in x:
        s += v
    return s


def early(a):
    if a > 0.5:
        return a
    if a < -0.5:
        return -a
    return a * a


def nested_early(a, b):
    if a > 0:
        if b > 0:
            return a + b
        a = a * 2
    else:
        if b > 0.3:
            a = b
        else:
            return b - a
    b = b + a
    return a * b


def both_may_leave(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            if x[i] > 1:
                break
            s += x[i]
        else:
            if x[i] < -1:
                continue
            s -= x[i]
        s *= 1.1
    return s


def all_exits(x, a):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.1:
            if x[i] > 2:
                return s
            if x[i] > 1:
                break
            if x[i] > 0.7:
                continue
            s += 1
        elif a > 0:
            if x[i] < -1:
                continue
            s += 2
        s += x[i]
    return s + 100


def nested_return(x, y):
    for i in range(len(x)):
        for j in range(len(y)):
            if x[i] * y[j] > 0.9:
                return i * 10 + j
        x[i] = -x[i]
    return -1


def nested_return_in_guard(x, y, a):
    s = 0.0
    for i in range(len(x)):
        if a > 0:
            for v in y:
                if v > x[i]:
                    return s
                s += v
        else:
            if x[i] > 0:
                break
            s -= 1
        s += 0.5
    return s * 2


def break_inner_continue_outer(x, y):
    s = 0.0
    for i in range(len(x)):
        found = False
        for j in range(len(y)):
            if y[j] > x[i]:
                found = True
                break
        if not found:
            continue
        s += x[i]
    return s


def index_after_loop(x):
    i = -1
    for i in range(len(x)):
        if x[i] > 0.5:
            break
    return i


def index_after_two(x):
    k = 0
    for i in range(len(x)):
        k += i
    for i in range(2):
        k -= i
    return k + i


def index_reassigned(x):
    s = 0.0
    for i in range(len(x)):
        s += i
        i = i * 2
        s += i
    return s


def same_index_nested(n):
    s = 0
    for i in range(n):
        for i in range(3):
            s += i
        s += i * 10
    return s


def zero_trips(a):
    s = a
    for i in range(0):
        s = s * i
    for j in range(3, 0):
        s = s + j
    return s


def range_once(n):
    s = 0
    for i in range(n):
        n = n - 1
        s += n * i
    return s


def steps(x):
    s = 0.0
    for i in range(len(x) - 1, -1, -2):
        if s > 1:
            break
        s += x[i] * (i + 1)
    return s


def steps_names(n):
    lo, hi, st = 2, 3 * n, 3
    s = 0
    for i in range(lo, hi, st):
        if i > 14:
            break
        lo = i
        st = 1
        s += lo
    return s + lo + st


def step_trees(n):
    s = 0
    for i in range(n + 1, 4 * n, n // 2 + 1):
        if i % 5 == 4:
            break
        s += i
    return s


def while_plain(a):
    n = 0
    while abs(a) > 0.01:
        a = a * 0.5
        n += 1
    return n


def while_and(x):
    i = 0
    while i < len(x) and x[i] < 0.5:
        i += 1
    return i


def while_break_continue(x):
    i = 0
    s = 0.0
    while i < len(x):
        i += 1
        if x[i - 1] < 0:
            continue
        s += x[i - 1]
        if s > 1.5:
            break
    return s + i


def while_true(a):
    while True:
        a = a * 0.7 + 0.1
        if a < 0.5:
            return a
        if a > 100:
            raise ValueError("too large")


def while_helper(a):
    n = 0
    while square_plus(a) > 1.5 and n < 20:
        a = a * 0.8
        n += 1
    return n


def while_ternary(a, n):
    k = 0
    while k < (n if a > 0 else 2):
        k += 1
    return k


def while_nested(n):
    s = 0
    while n > 0:
        m = n
        while m > 0:
            if (m + n) % 4 == 0:
                break
            m -= 1
            s += m
        n -= 1
    return s


def dead_code(a):
    for k in range(3):
        a += k
        continue
        a = 100.0
    return a
    a = 5.0


def deep(x):
    for i in range(len(x)):
        for j in range(i):
            for k in range(j):
                if x[k] > x[i]:
                    if x[j] > 0:
                        return x[k] + x[j]
                    break
                x[i] += 0.1
            if x[j] > 1:
                break
    return 0.0


def raising(a, b):
    if a > 0.9:
        raise ValueError("no")
    elif b > 0.5:
        s = a
    else:
        s = b
    assert s < 0.8, "bad"
    return s


def raise_in_loop(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 1.5:
            raise ValueError
        if x[i] < -1.0:
            break
        s += x[i]
    return s


def no_return(x, a):
    if a < 0:
        return
    for i in range(len(x)):
        if x[i] > 1:
            return
        x[i] = a


def maybe_unbound(x):
    for v in x:
        if v > 10:
            y = v
            break
        y = v * 2
    else_value = y
    return else_value


# names


def swap(a, b):
    for k in range(3):
        a, b = b, a + k
    return a - 2 * b


def ping_pong(x, n):
    y = np.zeros_like(x)
    for t in range(n):
        for i in range(len(x)):
            y[i] = x[i] * 0.5 + t
        x, y = y, x
    return x[0] + 3 * y[1]


def rotate(a, b, c):
    for k in range(4):
        a, b, c = c, a, b
    return a + 2 * b + 4 * c


def element_swap(x):
    for i in range(len(x) - 1):
        if x[i] > x[i + 1]:
            x[i], x[i + 1] = x[i + 1], x[i]
    return x[0]


def index_then_store(x):
    i = 0
    i, x[i] = 2, 7.0
    return i


def chained(x):
    a = b = x[0]
    b += 1
    i = x[1] = 2.0
    return a + b + i


def shadows(x):
    sum = 0.0
    len_ = len(x)
    np_ = 1
    max = -1e9
    for np in range(len_):  # noqa: F402
        sum += x[np]
        if x[np] > max:
            max = x[np]
    return sum * max + np_


def temporaries_taken(a, b):
    t = a * b + a / (b + 3)
    t_1 = t * t - t * a
    c = t if t_1 > t else t_1
    c_1 = c + t_1
    return c_1 + (a - b) * (a + b)


def parameter_reassigned(x, a):
    x = x * a
    a = a + 1
    x[0] = a
    return x[0] + x[1]


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


FUNCTIONS = [
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not name.startswith("make_")
]


def argument(name, rng):
    if name in ("x", "y", "arr", "table"):
        return rng.normal(size=rng.integers(4, 7))
    if name == "m":
        return rng.normal(size=(3, 2))
    if name in ("n", "k"):
        return int(rng.integers(2, 7)) if name == "n" else int(rng.integers(0, 3))
    return float(rng.normal())


def outcome(call, args):
    """The result and the arrays afterwards, or the exception's type."""
    args = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    try:
        return call(*args), args
    except (ValueError, AssertionError) as problem:
        return type(problem), None


def same(a, b):
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(same(p, q) for p, q in zip(a, b, strict=True))
    if isinstance(a, np.ndarray | float):
        return np.array_equal(a, b, equal_nan=True)
    return a == b


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_core_program_computes_the_same(function):
    program = load_program(function)
    check(program, "test")
    original = getattr(function, "py_func", function)
    names = original.__code__.co_varnames[: original.__code__.co_argcount]
    rng = np.random.default_rng(len(names))
    for _ in range(25):
        args = [argument(name, rng) for name in names]
        wanted, found = outcome(original, args), outcome(lambda *a: run(program, *a), args)
        assert same(wanted, found), f"{args}: {wanted} != {found}\n{text(program)}"


def test_text_is_deterministic():
    for function in (all_exits, tuple_nested, ping_pong):
        assert text(load_program(function)) == text(load_program(function))


def test_lines_are_those_of_the_file():
    program = load_program(nested_early)
    first = nested_early.__code__.co_firstlineno
    last = first + 12
    statements = [n for n in gast.walk(program.tree) if isinstance(n, gast.stmt) and n is not program.tree]
    assert statements
    assert all(first < n.lineno <= last for n in statements)
    assert program.source.place(statements[0]).text == "    if a > 0:"


def test_versions_name_the_variable():
    program = load_program(plain_sum)
    assert program.base["s"] == "s"
    assert {v for v in program.base.values()} == {"x", "s", "v"}
    assert program.returns is None
    assert load_program(both).returns == 2
    assert load_program(no_return).returns == 0


def test_counts_of_trips_are_carried():
    shown = text(load_program(steps))
    assert "last" in shown
    assert "trips" in text(load_program(while_plain))


def test_augmented_names_are_marked():
    program = load_program(augmented_array)
    marked = [n for n in gast.walk(program.tree) if getattr(n, "augmented", False)]
    assert len(marked) == 2


def test_constants_and_helpers():
    program = load_program(closure)
    assert program.constants["k"] == 3.0
    assert program.constants["table"] is TABLE
    assert [(name, helper.function) for name, helper in program.helpers.items()] == [("square_plus", square_plus)]
    assert load_program(helper_for_effect).helpers["jitted"].function is jitted.py_func


def test_unbound_variable_is_refused():
    def f(a):
        b = a + later  # noqa: F821
        later = b
        return later

    with pytest.raises(UnsupportedSyntax, match="later is read before it is assigned"):
        load_program(f)


BROKEN = {
    "assigned twice": "def f(a):\n    b = a\n    b = a + 1\n    return b",
    "parameter reassigned": "def f(a):\n    a = 1.0\n    return a",
    "not three-address": "def f(a):\n    b = math.sin(a) + a\n    return b",
    "load in a subscript": "def f(a):\n    b = a[a[0]]\n    return b",
    "condition without a name": "def f(a):\n    if a > 0:\n        pass\n    return a",
    "read in the other arm": "def f(a):\n    if a:\n        b = a\n    else:\n        c = b\n    return a",
    "read after one arm": "def f(a):\n    if a:\n        b = a\n    else:\n        pass\n    return b",
    "merge read inside": "def f(a):\n    if a:\n        b = a\n        c = b + 1\n        b = c\n    else:\n        b = a\n    return b",
    "early return": "def f(a):\n    if a:\n        return a\n    return a",
    "index after its loop": "def f(a):\n    for i in range(3):\n        pass\n    return i",
    "name of the body after the loop": "def f(a):\n    for i in range(3):\n        b = a\n    return b",
    "carried read elsewhere": "def f(a):\n    c = a\n    for i in range(3):\n        b = c + 1\n        c = b\n    d = c\n    return d",
    "carried assigned in the middle": "def f(a):\n    c = a\n    for i in range(3):\n        h = c\n        c = h\n        b = h + 1\n    d = c\n    return d",
    "leaf without carried": "def f(a):\n    c = a\n    for i in range(3):\n        h = c\n        if a:\n            break\n        else:\n            c = h\n    d = c\n    return d",
    "break not in tail": "def f(a):\n    for i in range(3):\n        if a:\n            break\n        b = a\n    return a",
    "undefined once": "def f(a):\n    b = UNDEFINED\n    return b",
    "unknown name": "def f(a):\n    b = a + nowhere\n    return b",
    "augmented name": "def f(a):\n    a += 1\n    return a",
}


@pytest.mark.parametrize("name", BROKEN)
def test_check_rejects(name):
    program = load_program(early)
    program.tree = gast.parse(BROKEN[name]).body[0]
    with pytest.raises(AssertionError, match="core language, stage"):
        check(program, "stage")
