"""The traps of shared/REVERSE_SWEEP.md from the fifth on: what is bound, reused, returned, saved, or overlaps."""

import math

import numpy as np
import pytest
from numba import typeof

import sct
from sct import pipeline
from sct.backends.python import load_python
from sct.errors import SctError
from tests.harness import EXACT, assert_close, call_twice, plain
from tests.trapped import PLANS, check

# Trap 5: arrays that are not bound on the path taken, loops that do not run


def maybe_bound(x, n):
    if n > 0:
        t = x * 2.0
    return t[0]


def maybe_bound_by_a_loop(x, n):
    for i in range(n):
        t = x[i:]
    return t[0]


@pytest.mark.parametrize("f", [maybe_bound, maybe_bound_by_a_loop])
def test_5_an_array_that_may_be_unbound_raises_as_in_python(f):
    check(f, np.array([0.3, -0.8, 1.1, 0.9]), 2)
    with pytest.raises(UnboundLocalError, match="t is read before it is assigned"):
        sct.grad(f)(np.ones(4), 0)


def zero_trips(x, y, n):
    for i in range(n):
        y = y * x[i]
        x[i] = y
    for i in range(3, n):
        for j in range(i):
            x[j] = x[i] * y
    while n > 10:
        y = y * 5.0
        n -= 1
    return y * x[0]


@pytest.mark.parametrize("n", [0, 1, 4])
def test_5_loops_that_do_not_run(n):
    check(zero_trips, np.array([0.3, -0.8, 1.1, 0.9]), 0.7, n, compiled=n == 0)


# Trap 6, item by item


def rebound(x, v, n):
    y = x
    for _ in range(n):
        y = y * 2.0
    y[0] = v
    return x[0] * x[1] + y[1]


@pytest.mark.parametrize("n", [0, 2])
def test_6_zero_trip_rebinding_is_right_or_refused(n):
    try:
        check(rebound, np.array([0.3, -0.8]), 0.7, n)
    except SctError:
        pass


def reused_buffer(x, m):
    t = np.zeros(3)
    s = 1.0
    for i in range(len(x)):
        for j in range(i % 3 + 1):
            t[j] = t[j] * x[i] + m[i, j]
        s = s * math.sin(t[0] * t[2]) + t[1]
    return s


def test_6_a_buffer_is_reused_across_iterations():
    check(reused_buffer, np.array([0.3, -0.8, 1.1, 0.9]), np.arange(12.0).reshape(4, 3) / 7.0)


def triangular(x):
    s = 0.5
    for i in range(len(x)):
        for j in range(i):
            for k in range(j, i):
                s = math.sin(s * x[k]) + x[j]
            x[j] = x[j] * s
    return s * x[0]


def test_6_triangular_nests():
    check(triangular, np.array([0.3, -0.8, 1.1, 0.9, -0.2]), compiled=True)


def int_array_overwritten(x, idx):
    for i in range(len(idx)):
        x[idx[i]] = math.sin(x[idx[i]]) * x[i]
        idx[i] = (idx[i] + 1) % len(x)
        x[idx[i]] *= x[idx[i - 1]]
    return x[0] * x[1] + x[2]


def test_6_an_int_array_is_overwritten():
    check(int_array_overwritten, np.array([0.3, -0.8, 1.1]), np.array([1, 1, 0]), compiled=True)


def inactive_store(x, c):
    x[0] = x[0] * x[1]
    s = x[0] * x[2]
    x[0] = c[0]
    x[1] = 3.0
    return s + x[0] * x[1]


def test_6_an_inactive_store_zeroes_the_adjoint():
    x, c = np.array([0.3, -0.8, 1.1]), np.array([2.0])
    check(inactive_store, x, c, argnums=(0,))
    (bar,) = plain(inactive_store, (x, c), (0,))(x, c)
    np.testing.assert_allclose(bar, [x[1] * x[2], x[0] * x[2], x[0] * x[1]], rtol=1e-14)


def mix(a, b):
    for i in range(len(a)):
        a[i] = a[i] * b[i - 1] + b[i]


def twice_the_same(x):
    mix(x, x)
    return x[0] * x[2]


def overlapping_parts(x):
    mix(x[1:], x[:-1])
    return x[1] * x[3]


@pytest.mark.parametrize("f", [twice_the_same, overlapping_parts])
def test_6_a_helper_is_given_the_same_array_twice(f):
    check(f, np.array([0.3, -0.8, 1.1, 0.9]), compiled=True)


def squares(x):
    for i in range(len(x)):
        x[i] = x[i] * x[i] * x[0]
    return x


def local_squares(x):
    y = x.copy()
    for i in range(len(y)):
        y[i] = y[i] * y[i] * y[0]
    return y


@pytest.mark.parametrize("f", [squares, local_squares])
def test_6_a_returned_array_that_the_reverse_sweep_undoes(f):
    """The value is the array as the forward sweep left it; the seed is added to the array's adjoint, not bound to it."""
    x, seed = np.array([0.3, -0.8, 1.1]), np.array([1.0, 0.5, -2.0])
    expected = f(x.copy())
    for plan in PLANS:
        adjoint = plain(f, (x,), (0,), "vjp", plan)
        value, (bar,) = call_twice(adjoint, x, seed)
        assert_close(value, expected, 1e-15, adjoint.text)
        assert_close(bar, sct.reference.dual.dual_vjp(f, (x,), seed, (0,))[0], EXACT, adjoint.text)
    value, pullback = sct.vjp(f, x)
    assert_close(value, expected, 1e-14)
    assert np.array_equal(x, [0.3, -0.8, 1.1])


def returned_twice(x):
    x[0] = x[1] * x[2]
    return x, x, x[0]


def test_6_one_array_returned_twice():
    x = np.array([0.3, -0.8, 1.1])
    value, pullback = sct.vjp(returned_twice, x)
    (bar,) = pullback((np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]), 100.0))
    s0, s1, s2 = 111.0, 22.0, 33.0
    np.testing.assert_allclose(bar, [0.0, s1 + s0 * x[2], s2 + s0 * x[1]], rtol=1e-13)


# The order of the tape, and of what is materialised


def tape_order(w, x, y):
    for i in range(len(w)):
        for j in range(i):
            q = w[j]
            for k in range(j):
                q = math.sin(q * y) + q
            y = y * q
        y = y + x[i]
    return y


def test_tape_order():
    """Wrong by 1e-2 where q is pushed at its definition: the inner loop's pops come between."""
    check(tape_order, np.array([0.9, -0.4, 0.7, 1.3]), np.array([0.3, -0.8, 1.1, 0.9]), 0.7, compiled=True)


def topological_order(x):
    for i in range(1, len(x)):
        x[i - 1] = math.tanh(x[i - 1]) * 1.0
        x[i - 1] = math.tanh(x[i - 1])
        x[i] = x[i] * x[i - 1]
    return x[2] * x[0]


def test_values_are_materialised_in_topological_order():
    check(topological_order, np.array([0.9, -0.4, 0.7]), compiled=True)


# Arguments that overlap


def stores(x, y):
    x[0] = y[1] * 2.0
    return x[0] * y[0] + x[1]


def reads(x, y):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i] * y[i]
    return s


def calls(f, mode="grad", argnums=(0, 1)):
    """The derivative as plain Python and compiled."""
    x, y = np.ones(2), np.ones(2)
    made = pipeline.generate(f, (typeof(x), typeof(y)), mode, argnums)
    return [load_python(made.text)[made.entry], getattr(sct, mode)(f, argnums)]


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("mode", ["grad", "value_and_grad"])
def test_overlapping_arguments_raise_where_one_is_written(mode, plan):
    base = np.arange(1.0, 7.0)
    for derivative in calls(stores, mode):
        derivative(base[:3].copy(), base[:3].copy())
        derivative(base[:3], base[3:])
        for x, y in ((base, base), (base[:4], base[2:]), (base[2:], base[:4]), (base[:3], base[1:4])):
            with pytest.raises(ValueError, match="overlap|share|memory"):
                derivative(x, y)
        assert np.array_equal(base, np.arange(1.0, 7.0))


def test_overlapping_arguments_are_fine_where_none_is_written():
    """Partials stay separate, as in JAX."""
    x = np.array([0.3, -0.8, 1.1])
    for derivative in calls(reads):
        x_bar, y_bar = derivative(x, x)
        np.testing.assert_allclose(x_bar, x * x)
        np.testing.assert_allclose(y_bar, 2.0 * x * x)
        x_bar, y_bar = derivative(x[1:], x[:-1])
        np.testing.assert_allclose(x_bar, x[:-1] ** 2)
        np.testing.assert_allclose(y_bar, 2.0 * x[1:] * x[:-1])


def thirteen(x, y):
    x[0] = x[0] + 1.0
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
    return s


def test_the_aliasing_is_never_broken_by_a_copy():
    """f(x, x) is 13; on copies it would be another number. So it raises, and never answers for the copies."""
    x = np.array([2.0, 2.0])
    assert thirteen(x.copy(), x.copy()) != thirteen(*(lambda a: (a, a))(x.copy())) == 13.0
    for derivative in calls(thirteen, "value_and_grad"):
        with pytest.raises(ValueError):
            derivative(x, x)
    for call in (lambda: sct.jvp(thirteen, (x, x), (x, x)), lambda: sct.vjp(thirteen, x, x)):
        try:
            value, _ = call()
        except ValueError:
            continue
        assert value == 13.0


def one_argument(x):
    return thirteen(x, x)


def test_one_argument_given_twice_inside_is_no_overlap_at_entry():
    x = np.array([2.0, 2.0])
    value, bar = sct.value_and_grad(one_argument)(x)
    assert value == 13.0
    np.testing.assert_allclose(bar, [6.0, 4.0])
    assert np.array_equal(x, [2.0, 2.0])


def masks(x, y):
    """With both true, their sum is true: compiled, the elements are ints, and would be 2."""
    high, low = x > 0.6, x < 1.2
    both = high * low + high
    both[1:] += low[:-1]
    return y * (np.sum(both + high) + np.sum(np.add(high, high) * low) + np.sum((x > 0.1) + (x > 0.5)))


def test_sums_of_masks_are_logic_when_compiled():
    x = np.array([0.2, 0.7, 1.0, 1.3])
    value, bar = sct.value_and_grad(masks, argnums=1)(x, 1.0)
    assert value == bar == masks(x, 1.0)
