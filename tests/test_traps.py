"""The traps of shared/REVERSE_SWEEP.md, one directed test each, with its figures where it has some."""

import math

import numba
import numpy as np
import pytest
from numba import typeof

import sct
from sct import pipeline
from sct.backends.python import load_python
from sct.errors import SctError
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice, plain

PLANS = ["default", "store_all"]


def check(f, *args, argnums=None, compiled=False):
    """The gradient as plain Python under both plans, and compiled, against dual numbers; the default plan's text."""
    argnums = tuple(k for k, a in enumerate(args) if np.asarray(a).dtype.kind == "f") if argnums is None else argnums
    expected = dual_gradient(f, args, argnums)
    texts = []
    for plan in PLANS:
        gradient = plain(f, args, argnums, "grad", plan)
        assert_close(call_twice(gradient, *args), expected, EXACT, gradient.text)
        texts.append(gradient.text)
    if compiled:
        assert_close(call_twice(sct.grad(f, argnums), *args, rtol=REGROUPED), expected, 1e-9, texts[0])
    return texts[0]




# Trap 1: wrap-around


def wrap_around(x, w):
    for i in range(len(x)):
        x[i] = w[i] * math.sin(x[i - 1])
    return x[-1]


WRAP = np.array([0.9, -0.4, 0.7, 1.3]), np.array([1.2, 0.8, -0.9, 1.1])


def test_1_an_index_below_zero_is_the_last_element():
    """At i = 0, x[i - 1] is x[n - 1], which the last iteration overwrites: it must be undone."""
    check(wrap_around, *WRAP, compiled=True)


def reverse_of_wrap_around(x, w, undo):
    """The adjoint by hand: with the undo of `x[i] = ...`, or as the wrong rule has it, from the final x alone."""
    x, old = x.copy(), x.copy()
    wrap_around(x, w)
    x_bar, w_bar = np.zeros_like(x), np.zeros_like(w)
    x_bar[-1] = 1.0
    for i in range(len(x) - 1, -1, -1):
        if undo:
            x[i] = old[i]
        w_bar[i] += math.sin(x[i - 1]) * x_bar[i]
        bar, x_bar[i] = w[i] * x_bar[i], 0.0
        x_bar[i - 1] += math.cos(x[i - 1]) * bar
    return w_bar


def test_1_by_distance_alone_it_looks_untouched():
    """Without the undo w_bar[0] is another number, by far; the others are right. This is what the rule is for."""
    found = plain(wrap_around, WRAP, (0, 1))(*WRAP)[1]
    right, wrong = (reverse_of_wrap_around(*WRAP, undo) for undo in (True, False))
    assert_close(found, right, EXACT)
    assert abs(wrong[0] - found[0]) > 0.1 * abs(found[0])


def offset(x, k):
    for i in range(len(x)):
        x[i] = x[i] * math.sin(x[i - k]) + x[k - i]
    return x[0] * x[-1]


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_1_an_int_argument_may_have_either_sign(k):
    check(offset, np.array([0.9, -0.4, 0.7, 1.3]), k)


# Trap 2: read before restore


def tanh_in_place(v, w):
    for i in range(len(v)):
        v[i] = math.tanh(v[i] * w)
    return v[0] * v[1] + v[2]


def reverse_of_tanh(v, w, read_first):
    """w_bar by hand: the result is read before the old element is put back, or after."""
    v, old = v.copy(), v.copy()
    v_bar, w_bar = np.array([0.0, 0.0, 1.0]), 0.0
    tanh_in_place(v, w)
    v_bar[:2] = v[1], v[0]
    for i in range(len(v) - 1, -1, -1):
        z = v[i]
        v[i] = old[i]
        z = z if read_first else v[i]
        w_bar += v[i] * (1.0 - z * z) * v_bar[i]
    return w_bar


def test_2_the_result_is_read_before_the_old_element_is_put_back():
    """The other order is another number. The results are not saved beside the old elements: one buffer."""
    args = np.array([0.3, -0.8, 1.1]), 0.7
    check(tanh_in_place, *args, compiled=True)
    gradient = plain(tanh_in_place, args, (0, 1))
    assert gradient.text.count("np.empty") == 1, gradient.text
    right, wrong = (reverse_of_tanh(*args, read_first) for read_first in (True, False))
    assert gradient(*args)[1] == pytest.approx(right, rel=EXACT)
    assert abs(wrong - right) > 0.1 * abs(right)


def tanh_in_time(v, w, n):
    for _ in range(n):
        for i in range(len(v)):
            v[i] = math.tanh(v[i] * w + v[i - 1])
    return v[0] * v[1] + v[2]


def test_2_in_a_time_loop():
    check(tanh_in_time, np.array([0.3, -0.8, 1.1]), 0.7, 3, compiled=True)


# Trap 3: conditions that contain float arithmetic


def near_ties(a, b, c, x):
    s = 0.0
    for i in range(len(a)):
        if a[i] * b[i] + c[i] > 0.0:
            s += x[i] * x[i] * x[i]
        else:
            s += 5.0 * x[i]
    return s


def near_ties_overwritten(a, b, c, x):
    for i in range(len(a)):
        t = a[i] * b[i] + c[i]
        if t > 0.0:
            x[i] = math.sin(x[i]) * x[i]
        else:
            x[i] = 5.0 * x[i] + t
        if t * 3.0 + c[i] * c[i] > 0.0:
            x[i] = x[i] * a[i]
    return np.sum(x)


def ties(n):
    """a * b + c is zero up to the rounding of the product, which a fused multiply-add does not round."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=n), rng.normal(size=n)
    return a, b, -(a * b), rng.uniform(1.0, 2.0, n)


def test_3_forward_and_reverse_decide_alike():
    """The value tells how each branch was decided forward, the gradient how it was decided in reverse."""
    a, b, c, x = ties(20_000)
    each = sct.value_and_grad(near_ties, argnums=3)
    value, bar = each(a, b, c, x)
    upper = np.isclose(bar, 3.0 * x * x, rtol=1e-12)
    assert np.all(upper | np.isclose(bar, 5.0, rtol=1e-12))
    assert value == pytest.approx(np.sum(np.where(upper, x**3, 5.0 * x)), rel=1e-11)


def test_3_also_where_the_condition_is_computed_first_and_data_overwritten():
    a, b, c, x = ties(3_000)
    each = sct.value_and_grad(near_ties_overwritten, argnums=3)
    for k in range(len(a)):
        one = tuple(v[k : k + 1] for v in (a, b, c, x))
        value, (bar,) = each(*one)
        t = a[k] * b[k] + c[k]
        options = []
        for start, slope in ((math.sin(x[k]) * x[k], math.cos(x[k]) * x[k] + math.sin(x[k])), (5.0 * x[k] + t, 5.0)):
            options += [(start, slope), (start * a[k], slope * a[k])]
        fits = [s for v, s in options if abs(v - value) <= 1e-12 * max(abs(value), 1e-3)]
        assert any(abs(s - bar) <= 1e-11 * abs(s) for s in fits), k


def test_3_the_condition_is_decided_once():
    """It is not computed again in the reverse sweep; comparisons of loads are."""
    text = plain(near_ties_overwritten, ties(3), (3,)).text
    assert text.count("a[i] * b[i] + c[i]") <= 1, text

    def loads(x, w):
        s = 0.0
        for i in range(1, len(x)):
            if x[i] > x[i - 1]:
                s += x[i] * w[i]
        return s

    assert "np.bool" not in plain(loads, (np.ones(3), np.ones(3)), (0, 1)).text


# Trap 4: overlapping slices


def add_shifted(a):
    a[1:] += a[:-1]
    return a[3] * a[1]


def add_reversed(a):
    a += a[::-1]
    return a[0] * a[1] + a[2] * a[2]


def multiply_shifted(a):
    a[1:] *= a[:-1]
    return a[3] * a[1]


def copy_shifted(a):
    a[1:] = a[:-1]
    return a[3] * a[1] + a[2]


@pytest.mark.parametrize("f", [add_shifted, add_reversed, multiply_shifted, copy_shifted])
def test_4_overlapping_slices_have_numpys_meaning(f):
    a = np.array([0.3, -0.8, 1.1, 0.9])
    check(f, a)
    value, bar = sct.value_and_grad(f)(a)
    assert value == pytest.approx(f(a.copy()), rel=1e-13)
    assert_close(bar, dual_gradient(f, (a,)), 1e-10)


@pytest.mark.parametrize("f", [add_shifted, add_reversed, multiply_shifted])
def test_4_a_dispatcher_that_means_something_else_is_refused(f):
    """Numba does not buffer these: the dispatcher's value is not the Python function's."""
    a = np.array([0.3, -0.8, 1.1, 0.9])
    compiled = numba.njit(f)
    if compiled(a.copy()) == pytest.approx(f(a.copy()), rel=1e-13):
        pytest.skip("this Numba agrees with NumPy")
    with pytest.raises(SctError):
        sct.grad(compiled)(a)


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
