"""The traps of shared/REVERSE_SWEEP.md, one directed test each, with its figures where it has some: 1 to 4."""

import math

import numba
import numpy as np
import pytest

import sct
from sct.errors import SctError
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, assert_close, plain
from tests.trapped import check

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
