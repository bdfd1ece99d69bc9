"""The user's surface with the real compiler behind it: what is given, what comes back, what is refused."""

import math

import numba
import numpy as np
import pytest

import sct
from sct.errors import NotDifferentiable, SctError, TypeProblem

X = np.array([0.5, -1.2, 2.0])
W = np.array([1.5, 0.3, -0.7])


def weighted(x, w, p=2.0):
    s = 0.0
    for i in range(len(x)):
        s += w[i] * x[i] ** 2 * p
    return s


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12)


# decorators and argnums


def test_decorator_without_arguments():
    @sct.grad
    def f(x, w):
        return np.sum(w * x * x)

    close(f(X, W), 2.0 * W * X)
    assert f.primal(X, W) == pytest.approx(np.sum(W * X * X))


def test_decorator_with_arguments():
    @sct.value_and_grad(argnums=(1, 0))
    def f(x, w):
        return np.sum(w * x * x)

    value, (w_bar, x_bar) = f(X, W)
    assert value == pytest.approx(np.sum(W * X * X))
    close(w_bar, X * X)
    close(x_bar, 2.0 * W * X)


def test_an_int_gives_the_gradient_and_a_tuple_gives_a_tuple():
    close(sct.grad(weighted)(X, W), 4.0 * W * X)
    close(sct.grad(weighted, argnums=1)(X, W), 2.0 * X * X)
    close(sct.grad(weighted, argnums=-1)(X, W, 2.0), np.sum(W * X * X))
    (only,) = sct.grad(weighted, argnums=(1,))(X, W)
    close(only, 2.0 * X * X)
    value, bar = sct.value_and_grad(weighted, 1)(X, W)
    assert isinstance(value, float) and isinstance(bar, np.ndarray)


def test_keywords_and_defaults():
    f = sct.grad(weighted, argnums=(0, 2))
    x_bar, p_bar = f(X, w=W, p=3.0)
    close(x_bar, 6.0 * W * X)
    close(p_bar, np.sum(W * X * X))
    for given in (f(p=3.0, w=W, x=X), f(X, W, 3.0)):
        close(given[0], x_bar)
        assert given[1] == p_bar
    close(f(X, W)[0], 4.0 * W * X)
    close(f(X, W)[1], p_bar)


def test_store_all_gives_the_same():
    close(sct.grad(weighted, plan="store_all")(X, W), sct.grad(weighted)(X, W))


# types


def in_double(x, a):
    s = 0.0
    for v in x:
        s += a * v * v
    return s


def test_float32_stays_float32():
    x, a = X.astype(np.float32), np.float32(0.5)
    x_bar, a_bar = sct.grad(in_double, argnums=(0, 1))(x, a)
    assert x_bar.dtype == np.float32
    np.testing.assert_allclose(x_bar, x, rtol=1e-6)
    np.testing.assert_allclose(a_bar, np.sum(x * x), rtol=1e-6)


def square(a):
    return a * a


def test_a_float32_scalar():
    """Numba hands scalars of float32 to Python as floats: the value is a float32's."""
    third = np.float32(1.0 / 3.0)
    value, bar = sct.value_and_grad(square)(third)
    assert value == np.float32(third * third)
    assert bar == np.float32(2.0) * third
    _, along = sct.jvp(square, (third,), (np.float32(1.0),))
    assert along == bar

    @numba.njit
    def kind(a):
        return np.array([gradient(a)])

    gradient = sct.grad(square)
    assert kind(third).dtype == np.float32


def sines(x):
    return np.sin(x)


def test_float32_array_results_of_jvp_and_vjp():
    x = X.astype(np.float32)
    value, along = sct.jvp(sines, (x,), (np.ones(3, np.float32),))
    assert value.dtype == along.dtype == np.float32
    value, pullback = sct.vjp(sines, x)
    (bar,) = pullback(np.ones(3))
    assert value.dtype == bar.dtype == np.float32
    np.testing.assert_allclose(bar, np.cos(x), rtol=1e-6)


def test_one_object_for_several_types():
    f = sct.grad(in_double)
    assert f(X, 2.0).dtype == np.float64
    assert f(X.astype(np.float32), 2.0).dtype == np.float32
    close(f(np.asfortranarray(np.stack([X, X])).T[:, 0], 2.0), 4.0 * X)


# zeros and refusals


def first_only(x, y, z):
    return x[0] * 2.0


def test_independent_arguments_get_zeros():
    x_bar, y_bar, z_bar = sct.grad(first_only, argnums=(0, 1, 2))(X, W, 3.0)
    close(x_bar, [2.0, 0.0, 0.0])
    close(y_bar, np.zeros(3))
    assert z_bar == 0.0 and isinstance(z_bar, float)
    close(sct.grad(first_only, argnums=1)(X, W, 3.0), np.zeros(3))


def repeated(x, n):
    for _ in range(n):
        x = x * x
    return x


def test_an_int_has_no_derivative():
    with pytest.raises(NotDifferentiable, match="argument 'n' of repeated.*\n(.*\n)*.*Instead"):
        sct.grad(repeated, argnums=1)(2.0, 3)
    with pytest.raises(NotDifferentiable, match="argument 'x'"):
        sct.grad(repeated)(2, 3)
    assert sct.grad(repeated)(1.1, 2) == pytest.approx(4.0 * 1.1**3)


@pytest.mark.parametrize(
    ("x", "what"),
    [
        (np.ones(2, np.float16), "in half precision"),
        (np.float16(2.0), "in half precision"),
        (np.ma.array([1.0, 2.0]), "an object that Numba does not know"),
        (np.zeros(2, [("a", float)]), "a record"),
        (np.ones(2, complex), "a complex number"),
    ],
)
def test_arguments_that_no_program_can_have(x, what):
    for call in (sct.grad(sines), sct.value_and_grad(sines)):
        with pytest.raises(TypeProblem, match=f"argument 'x' of sines is {what}(.*\n)*.*Instead"):
            call(x)


def length(x):
    return len(x)


def pair(x):
    return x[0], x[1]


def nothing(x):
    x[0] = x[1] * x[2]


@pytest.mark.parametrize("f", [sines, length, pair, nothing])
def test_a_gradient_needs_a_float_result(f):
    for derivative in (sct.grad(f), sct.value_and_grad(f)):
        with pytest.raises(NotDifferentiable, match="needs a float scalar(.*\n)*.*Instead"):
            derivative(X)


# what can be differentiated


@numba.njit
def dispatched(x, y):
    return math.sin(x) * y


def test_dispatchers():
    f = sct.grad(dispatched, argnums=(0, 1))
    assert f.primal is dispatched
    close(f(0.3, 2.0), (2.0 * math.cos(0.3), math.sin(0.3)))


def test_lambdas():
    cube = sct.grad(lambda x: x**3)
    assert cube(2.0) == pytest.approx(12.0)
    close(sct.grad(lambda x, k=3.0: k * x[0] * x[1])(X), [3.0 * X[1], 3.0 * X[0], 0.0])


def make(factor, table):
    def f(x):
        s = factor
        for i in range(len(x)):
            s += table[i] * x[i] * factor
        return s

    return f


def test_closures_with_different_constants():
    """The same name, text and place; other captures."""
    a, b = sct.grad(make(2.0, W)), sct.grad(make(-3.0, X))
    close(a(X), 2.0 * W)
    close(b(X), -3.0 * X)
    close(a(X), 2.0 * W)


def test_a_call_from_compiled_code():
    slope = sct.value_and_grad(weighted, argnums=0)

    @numba.njit
    def descend(x, w, steps):
        x = x.copy()
        values = np.empty(steps)
        for k in range(steps):
            values[k], bar = slope(x, w)
            x -= 0.01 * bar
        return values, x

    values, x = descend(X, W, 3)
    expected = X.copy()
    for k in range(3):
        value, bar = slope(expected, W)
        assert values[k] == pytest.approx(value, rel=1e-13)
        expected = expected - 0.01 * bar
    close(x, expected)


def test_source_and_primal():
    f = sct.grad(weighted)
    text = f.source(X, W)
    assert "def weighted_grad(x, w, p=2.0):" in text and "for i in range(len(x)" in text and "# line" in text
    assert f.primal is weighted
    assert "value" not in text
    assert sct.value_and_grad(weighted).source(X, W) != text


# vjp and jvp of what is not a scalar


def scan(x, c):
    y = np.empty_like(x)
    s = 0.0
    for i in range(len(x)):
        s = s * c + x[i] * x[i]
        y[i] = s
    return y


def test_arrays():
    value, pullback = sct.vjp(scan, X, 0.5)
    close(value, scan(X, 0.5))
    jacobian = np.array([[2.0 * X[j] * 0.5 ** (i - j) if i >= j else 0.0 for j in range(3)] for i in range(3)])
    x_bar, c_bar = pullback(W)
    close(x_bar, W @ jacobian)
    close(c_bar, W[1] * X[0] ** 2 + W[2] * (X[0] ** 2 + X[1] ** 2))
    value, along = sct.jvp(scan, (X, 0.5), (W, 0.0))
    close(along, jacobian @ W)
    close(pullback(2.0 * W)[0], 2.0 * x_bar)


def polar(x, y):
    r = math.sqrt(x * x + y * y)
    return r, math.atan2(y, x)


def test_tuples():
    value, pullback = sct.vjp(polar, 3.0, 4.0)
    close(value, (5.0, math.atan2(4.0, 3.0)))
    close(pullback((1.0, 0.0)), (0.6, 0.8))
    close(pullback((0.0, 25.0)), (-4.0, 3.0))
    value, along = sct.jvp(polar, (3.0, 4.0), (1.0, 0.0))
    close(along, (0.6, -0.16))


def mixed(x):
    y = x * x
    return y, np.sum(y), len(x)


def test_tuples_of_arrays_scalars_and_ints():
    value, pullback = sct.vjp(mixed, X)
    assert value[2] == 3
    close(value[0], X * X)
    (bar,) = pullback((W, 2.0, 0))
    close(bar, 2.0 * X * (W + 2.0))


def squares_in_place(x):
    for i in range(len(x)):
        x[i] = x[i] * x[i]
    return x


def test_a_returned_argument():
    """The result is the argument's memory: the user's array stays as it was, and the value is not undone."""
    x = X.copy()
    value, pullback = sct.vjp(squares_in_place, x)
    close(value, X * X)
    close(pullback(W)[0], 2.0 * X * W)
    close(x, X)
    value, along = sct.jvp(squares_in_place, (x,), (W,))
    close(value, X * X)
    close(along, 2.0 * X * W)
    close(x, X)


def test_functions_that_return_nothing():
    """Nothing to differentiate: refused with a remedy by vjp and jvp alike, never a crash."""
    for call in (lambda: sct.vjp(nothing, X), lambda: sct.jvp(nothing, (X,), (W,))):
        with pytest.raises(SctError, match="Instead"):
            call()


def test_arguments_stay_as_they_are():
    def overwrites(x, w):
        for i in range(1, len(x)):
            x[i] = x[i] * x[i - 1] * w[i]
            w[i - 1] = x[i]
        return x[-1] * w[0]

    x, w = X.copy(), W.copy()
    for call in (sct.grad(overwrites), sct.value_and_grad(overwrites, (0, 1)), lambda x, w: sct.jvp(overwrites, (x, w), (X, W)), lambda x, w: sct.vjp(overwrites, x, w)[1](1.0)):
        call(x, w)
        assert np.array_equal(x, X) and np.array_equal(w, W)


def test_empty_arrays_and_noncontiguous_arrays():
    close(sct.grad(in_double)(np.zeros(0), 1.0), np.zeros(0))
    wide = np.arange(12.0).reshape(3, 4)
    close(sct.grad(in_double)(wide[:, 1], 1.0), 2.0 * wide[:, 1])
    close(sct.grad(in_double)(wide[0, ::-1], 1.0), 2.0 * wide[0, ::-1])
