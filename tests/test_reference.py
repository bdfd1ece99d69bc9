"""The references agree with closed forms and with each other, on programs that are nasty to differentiate."""

import math
import math as m
from math import sin as sine

import numpy as np
import numpy as xp
import pytest
from numba import njit, prange
from numpy import cos as cosine

from sct.reference.dual import dual_gradient, dual_inplace, dual_jvp, dual_vjp
from sct.reference.finite import finite_gradient, finite_jvp
from sct.reference.formulas import BINARY, FORMULAS, UNARY, digamma
from sct.reference.tape import tape_gradient, tape_value_and_grad, tape_vjp

X = np.array([0.3, 0.9, -0.4, 1.2])
W = np.array([1.5, -0.2, 0.7, 0.1])
A = np.arange(1.0, 13.0).reshape(3, 4) / 7.0
SCALE = 2.5
TABLE = np.array([0.5, 1.5, 2.5, 3.5])


def aliases(x):
    y = x
    y[0] = x[1] * x[2]
    return x[0] + np.sum(y * y)


def overwritten(x):
    for i in range(1, len(x)):
        x[i] = math.sin(x[i]) * x[i - 1] + x[i]
    return x[-1]


def swaps(x):
    x[0], x[1] = x[1] * x[3], x[0]
    a, b = x[0], x[2]
    a, b = b, a * b
    return a * x[1] - b


def swapped_buffers(x, n):
    old, new = x.copy(), np.zeros_like(x)
    for _ in range(n):
        for i in range(1, len(x) - 1):
            new[i] = 0.25 * old[i - 1] + 0.5 * old[i] ** 2 + 0.25 * old[i + 1]
        old, new = new, old
    return np.sum(old)


def newton(a):
    x, change = a, 1.0
    while abs(change) > 1e-12:
        change = (x * x - a) / (2.0 * x)
        x -= change
    return x


def early_return(x):
    for i in range(len(x)):
        if x[i] < 0.0:
            return x[i] * x[0]
    return x[-1]


def break_and_continue(x):
    s = 0.0
    for v in x:
        if v < 0.0:
            continue
        if s > 0.5:
            break
        s += v**2
    return s


def loop_else(x):
    s = 1.0
    for v in x:
        s *= v
        if s < -5.0:
            break
    else:
        s += x[0]
    return s


@njit
def helper(a, b=2.0, c=1.0):
    return a * b + math.exp(a) * c


def helpers(x):
    return helper(x[0]) + helper(x[1], x[2]) * helper(x[3], c=x[0])


def writes(row, k):
    row[k] = row[k] ** 2 * SCALE


def in_place_helper(x):
    writes(x[1:], 0)
    writes(x, 2)
    return x[0] * x[1] + x[2]


def power(x, n):
    return 1.0 if n == 0 else x * power(x, n - 1)


def recursion(x):
    return power(x[0], 3) + is_even(x[1], 5)


def is_even(x, n):
    return x if n == 0 else is_odd(x * 1.1, n - 1)


def is_odd(x, n):
    return x * x if n == 0 else is_even(x + 0.5, n - 1)


def closures(x):
    factor = x[0]

    def inner(v):
        return v * factor + TABLE[1]

    return inner(x[1]) + (lambda v: v * math.tan(factor))(x[2])


def make_closed():
    gain = 3.0

    def nested(v, n):
        return gain * v if n == 0 else nested(v * v, n - 1)

    def closed(x):
        return nested(x[0], 2) + gain * math.sqrt(x[1])

    return closed


def views(x):
    a, b = x[1:], x[:-1]
    a += b
    m2 = x.reshape(2, 2)
    m2.T[0, 1] = m2[0, 0] * 3.0
    return np.sum(m2 * m2)


def overlapping_slices(x):
    x[1:] = x[:-1] * 2.0
    x[:2] = x[2:]
    return np.dot(x, np.arange(4))


def rows(a):
    total = 0.0
    for row in a:
        row[0] = row[1] * row[2]
        total += row.sum() * row[0]
    return total


def strided(x):
    y = x[::-2]
    y *= x[0]
    return y[0] * y[1] + x[3]


def masks(x):
    y = np.where(x > 0.5, x**2, -x)
    y[x < 0.0] = x[0]
    return y.sum()


def fancy(x):
    index = np.array([0, 2, 2])
    y = x[index] * np.arange(1, 4)
    np.add.at(x, index, y)
    return np.prod(x)


def imported_names(x):
    return sine(x[0]) * cosine(x[1]) + m.atan2(x[2], x[3]) + xp.sqrt(x[0]) + xp.sum(xp.exp(x))


def min_max(x):
    return max(x[0], x[1], 0.1) * min(x[2], 0.5) + np.max(x) * np.minimum(x[0], x[3]) + x.min()


def reductions(x):
    return x.mean() * np.std(x) + np.var(x) + np.cumsum(x)[2] * np.linalg.norm(x) + np.prod(x) + x.dot(x)


def matrices(a, x):
    y = a @ x
    g = a @ a.T + 2.0 * np.eye(3)
    return np.sum(np.linalg.solve(g, y)) + np.trace(np.linalg.inv(g)) + np.sum(np.outer(x, x))


def stacked(x):
    y = np.concatenate((x, x[:2] * x[2]))
    z = np.stack((y, 2.0 * y))
    return np.sum(z[:, ::-1] * z) + np.array([x[0], 1.0, x[1] ** 2]).sum()


def allocations(x):
    n = x.shape[0]
    buffer = np.empty((n, 2), dtype=np.float64)
    buffer.fill(0.0)
    count = np.zeros(n, dtype=np.int64)
    ones = np.ones_like(x)
    full = np.full(n, x[1])
    for i in range(n):
        buffer[i, 0], buffer[i, 1] = x[i], i
        count[i] += int(x[i] * 7.0)
    return np.sum(buffer) + np.sum(count * x) + np.sum(ones * full * x)


def ints_stored(x):
    y = np.zeros(3)
    y[0] = 2
    y[1] = np.int64(3)
    y[2] = x[0] * y[1] ** -1 / y[0]
    return y[2] ** 2 + float(3) * x[1]


def float_casts(x):
    y = np.zeros(4, dtype=np.float32)
    y[:] = x
    return np.float64(x[0]) * float(x[1]) + np.sum(y.astype(np.float64) ** 2)


def integer_control(x):
    k = int(math.floor(x[1] * 3.0)) + round(x[3])
    return x[0] ** k * (x[2] % 0.3) + x[3] // 0.5 + k


def ternaries(x):
    a = x[0] if x[0] > x[1] else x[1] * x[2]
    return a * a if a is not None and not x[2] > 0 else 0.0


def comprehension(x):
    return sum([v * SCALE for v in x if v > 0.0]) + sum(v * v for v in x)


def tuples(x):
    pair = (x[0] * x[1], x[2])
    (a, b), c = pair, x[3]
    return a * b * c + len(pair)


def parallel(x):
    s = 0.0
    for i in prange(len(x)):
        s += math.tanh(x[i]) * TABLE[i]
    return s


def long_loop(x):
    s, c = x[0], x[1]
    for i in range(30):
        s, c = s + 0.1 * c, c - 0.1 * s + 0.01 * math.sin(i * x[2])
    return s * c


def special_functions(x):
    return (
        math.erf(x[0])
        + math.gamma(x[1]) * math.lgamma(x[3])
        + math.log1p(x[0])
        + math.expm1(x[2])
        + math.hypot(x[0], x[1])
    )


def augmented(x):
    x *= 2.0
    x -= x[0]
    x[1] += x[1]
    x[2] **= 2
    x /= 3.0
    return np.sum(x**3)


def zero_dimensional(x):
    total = np.zeros(())
    for v in x:
        whole, rest = divmod(v, 0.25)
        total[()] += rest * v + whole * np.heaviside(v, 0.5) * v
    return total[()]


def nonlocal_state(x):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * v

    for v in x:
        add(v)
    return total


VECTOR_PROGRAMS = [
    aliases, overwritten, swaps, early_return, break_and_continue, loop_else, helpers, in_place_helper, recursion,
    closures, make_closed(), views, overlapping_slices, strided, masks, fancy, imported_names, min_max, reductions, stacked,
    allocations, ints_stored, float_casts, integer_control, ternaries, comprehension, tuples, parallel, long_loop,
    special_functions, augmented, nonlocal_state, zero_dimensional, njit(overwritten), lambda x: np.sum(np.clip(x, 0.0, 1.0) * x),
    lambda x: x.copy().sum() * np.ascontiguousarray(x)[1], lambda x: np.sum(x[None, :] * x[:, None] ** 2),
    lambda x: np.sum(np.arctan2(x, 2.0) - np.logaddexp(x, 0.5)), lambda x: np.sum(2.0**x + abs(x) ** 1.5),
]  # fmt: skip
PROGRAMS = [(f, (X,)) for f in VECTOR_PROGRAMS]
PROGRAMS += [(swapped_buffers, (X, 3)), (newton, (2.0,)), (rows, (A,)), (matrices, (A, X))]


def float_positions(args):
    return tuple(k for k, x in enumerate(args) if not isinstance(x, int))


@pytest.mark.parametrize(("f", "args"), PROGRAMS, ids=lambda x: getattr(x, "__name__", ""))
def test_references_agree(f, args):
    argnums = float_positions(args)
    before = [np.copy(x) for x in args]
    duals = dual_gradient(f, args, argnums)
    tapes = tape_gradient(f, args, argnums)
    finites, errors = finite_gradient(f, args, argnums)
    for dual, tape, finite, error in zip(duals, tapes, finites, errors, strict=True):
        np.testing.assert_allclose(tape, dual, rtol=1e-12, atol=1e-13)
        assert np.all(np.abs(finite - dual) <= 20.0 * error + 1e-9 * (1.0 + np.abs(dual)))
        assert np.all(error < 1e-5) or f is float_casts  # which rounds to float32
    for x, old in zip(args, before, strict=True):
        assert np.array_equal(x, old)


@pytest.mark.parametrize(("f", "args"), PROGRAMS, ids=lambda x: getattr(x, "__name__", ""))
def test_jvp_is_gradient_times_direction(f, args):
    rng = np.random.default_rng(1)
    dots = tuple(rng.standard_normal(np.shape(x)) if k in float_positions(args) else None for k, x in enumerate(args))
    value, dot = dual_jvp(f, args, dots)
    gradients = dual_gradient(f, args, float_positions(args))
    expected = sum(np.sum(g * dots[k]) for g, k in zip(gradients, float_positions(args), strict=True))
    assert dot == pytest.approx(expected, rel=1e-12)
    plain = f(*(x.copy() if isinstance(x, np.ndarray) else x for x in args))
    assert value == pytest.approx(plain, rel=1e-6 if f is float_casts else 1e-13)


POINTS = {"arccosh": 1.7, "log1p": 0.4}


@pytest.mark.parametrize("name", UNARY)
def test_unary_formulas(name):
    x = POINTS.get(name, 0.6)
    formula = FORMULAS[name]
    finite, error = finite_gradient(formula.value, (x,))
    partial = formula.partials[0](x, formula.value(x)) or 0.0
    assert abs(partial - finite) <= 20.0 * error + 1e-10 * (1.0 + abs(partial))


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("point", [(2.3, 0.7), (0.4, 1.9)])
def test_binary_formulas(name, point):
    formula = FORMULAS[name]
    finites, errors = finite_gradient(formula.value, point, (0, 1))
    for partial, finite, error in zip(formula.partials, finites, errors, strict=True):
        exact = partial(*point, formula.value(*point)) or 0.0
        assert abs(exact - finite) <= 20.0 * error + 1e-10 * (1.0 + abs(exact))


def test_digamma():
    assert digamma(1.0) == pytest.approx(-0.5772156649015329, rel=1e-14)
    assert digamma(0.5) == pytest.approx(-1.9635100260214235, rel=1e-14)
    assert digamma(-0.5) == pytest.approx(0.03648997397857652, rel=1e-12)


CLOSED_FORMS = [
    (lambda x: math.sin(x) * x, 0.7, math.cos(0.7) * 0.7 + math.sin(0.7)),
    (newton, 2.0, 0.5 / math.sqrt(2.0)),
    (lambda x: math.exp(x) / x, 2.0, math.exp(2.0) / 4.0),
    (lambda x: math.log(x, 10), 3.0, 1.0 / (3.0 * math.log(10.0))),
    (lambda x: x**-2, 2.0, -0.25),
    (lambda x: math.ldexp(x, 3), 2.0, 8.0),
    (lambda x: math.pow(x, x), 2.0, 4.0 * (math.log(2.0) + 1.0)),
]


@pytest.mark.parametrize(("f", "x", "derivative"), CLOSED_FORMS)
def test_closed_forms(f, x, derivative):
    assert dual_gradient(f, (x,)) == pytest.approx(derivative, rel=1e-13)
    assert tape_gradient(f, (x,)) == pytest.approx(derivative, rel=1e-13)


KINKS = [
    (lambda x, y: abs(x) + y, (0.0, 1.0), (0.0, 1.0)),
    (lambda x, y: max(x, y), (1.0, 1.0), (1.0, 0.0)),
    (lambda x, y: min(y, x), (1.0, 1.0), (0.0, 1.0)),
    (lambda x, y: np.maximum(x, y), (1.0, 1.0), (1.0, 0.0)),
    (lambda x, y: math.sqrt(x) + y, (0.0, 1.0), (math.inf, 1.0)),
    (lambda x, y: x**0 + y, (0.0, 1.0), (0.0, 1.0)),
    (lambda x, y: x**1 + y**2, (0.0, 0.0), (1.0, 0.0)),
    (lambda x, y: x**y, (0.0, 2.0), (0.0, 0.0)),
    (lambda x, y: np.sign(x) * y + np.floor(x) + math.ceil(y), (0.5, 2.5), (0.0, 1.0)),
    (lambda x, y: y if x > 0.0 else math.sqrt(x), (1.0, 2.0), (0.0, 1.0)),
]


@pytest.mark.parametrize(("f", "args", "gradient"), KINKS)
@pytest.mark.parametrize("method", [dual_gradient, tape_gradient])
def test_kinks_follow_the_policy(method, f, args, gradient):
    assert method(f, args, (0, 1)) == gradient


def test_a_nan_that_was_not_selected_does_not_leak():
    def f(x):
        safe = np.where(x > 0.0, x, 1.0)
        return np.sum(np.where(x > 0.0, np.log(safe), 0.0)) + np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))

    x = np.array([1.0, -1.0])
    assert dual_gradient(f, (x,)).tolist() == [1.5, 0.0]
    assert tape_gradient(f, (x,)).tolist() == [1.5, 0.0]


def test_array_and_tuple_results():
    def f(x, k):
        x[0] = x[1] * k
        return x, (k * k, 3)

    (y, (square, n)), (y_dot, (square_dot, n_dot)) = dual_jvp(f, (X, 2.0), (W, 0.5))
    assert y[0] == X[1] * 2.0
    assert y_dot[0] == pytest.approx(W[1] * 2.0 + X[1] * 0.5)
    assert (square, n, square_dot, n_dot) == (4.0, 3, 2.0, 0.0)
    finite, _ = finite_jvp(lambda x, k: f(x, k)[0], (X, 2.0), (W, 0.5))
    np.testing.assert_allclose(y_dot, finite, rtol=1e-9)


def test_vjp_of_array_results():
    seed = np.array([1.0, -2.0, 0.5])
    (a_bar, x_bar) = dual_vjp(lambda a, x: a @ x, (A, X), seed, (0, 1))
    np.testing.assert_allclose(a_bar, np.outer(seed, X))
    np.testing.assert_allclose(x_bar, A.T @ seed)
    value, (x_bar_tape,) = tape_vjp(lambda a, x: a @ x, (A, X), seed, (1,))
    np.testing.assert_allclose(value, A @ X)
    np.testing.assert_allclose(x_bar_tape, x_bar)


def test_functions_that_only_write():
    def step(out, x):
        for i in range(len(x)):
            out[i] += x[i] ** 2

    (out, x), (out_dot, x_dot) = dual_inplace(step, (np.ones(4), X), (np.zeros(4), W))
    np.testing.assert_allclose(out, 1.0 + X**2)
    np.testing.assert_allclose(out_dot, 2.0 * X * W)
    np.testing.assert_allclose((x, x_dot), (X, W))


def test_tuple_arguments():
    def f(pair, x):
        return pair[0] * x + np.sum(pair[1])

    value, dot = dual_jvp(f, ((2.0, X), 3.0), ((1.0, W), 0.0))
    assert value == pytest.approx(6.0 + X.sum())
    assert dot == pytest.approx(3.0 + W.sum())


def test_float32_is_computed_in_float64():
    x = np.array([0.1, 0.2], dtype=np.float32)
    gradient = dual_gradient(lambda x: np.sum(x**2), (x,))
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, 2.0 * x)


def test_value_and_grad():
    value, gradient = tape_value_and_grad(lambda x: x * x, (3.0,))
    assert (value, gradient) == (9.0, 6.0)


def test_constant_results_have_zero_gradients():
    assert dual_gradient(lambda x, y: 2.0, (1.0, X), (0, 1))[1].tolist() == [0.0] * 4
    assert tape_gradient(lambda x, y: y[0], (1.0, X)) == 0.0


def test_a_lost_derivative_is_an_error():
    with pytest.raises(TypeError):
        dual_gradient(lambda x: math.ulp(x), (1.0,))


@pytest.mark.parametrize("f", [abs, lambda x: max(x, 0.0), lambda x: float(x > 0.0)])
def test_finite_differences_do_not_trust_themselves_at_a_kink(f):
    assert finite_gradient(f, (0.0,))[1] > 0.1


def test_finite_differences_of_hard_functions():
    for f, x, exact in [
        (lambda x: math.sin(100.0 * x), 2.0, 100.0 * math.cos(200.0)),
        (math.log, 1e-7, 1e7),
        (lambda x: 1e6 + x * x, 1.0, 2.0),
        (lambda x: abs(x - 1.001), 1.0, -1.0),
    ]:
        derivative, error = finite_gradient(f, (x,))
        assert derivative == pytest.approx(exact, rel=1e-9)
        assert error < 1e-8 * abs(exact)
