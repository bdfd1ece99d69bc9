"""Jacobians, Hessians and what is made of them, against dual numbers; generated text runs as plain Python, a few are compiled."""

import math
from collections import namedtuple

import numpy as np
import pytest
from numba import njit

import sct
from sct.reference.dual import dual_gradient, dual_jvp
from tests import harness
from tests.harness import NAMED, PROGRAMS, all_args, assert_close, gradient_of, plain, tolerance
from tests.test_second_order import emitted

CERTAIN = [p for p in PROGRAMS if "refused" not in p.tags]
FORCED = ["nasty_overlapping_views_as_arguments", "clad_order_of_operands", "chains", "growth_stack", "positions", "shapes_in_helpers", "durbin"]
SAMPLE = [*CERTAIN[::15], *(NAMED[name] for name in FORCED)]
TWICE = [p for p in CERTAIN[::40] if p.theme not in ("recursion", "outside_later", "effects") and "recursi" not in p.name]

Params = namedtuple("Params", "gain weights")


def stretched(x, p):
    y = np.zeros((len(x), 2))
    for i in range(len(x)):
        y[i, 0] = math.sin(x[i]) * p.gain * p.weights[1]
        y[i, 1] = x[i] * x[0]
    return y, p.gain * x[0], len(x)


def quartic(x, a):
    s = a * a
    for i in range(len(x)):
        s += a * x[i] ** 3 * x[0]
    return s


X, P = np.array([0.1, 0.7, -0.3]), Params(2.0, np.array([1.0, 3.0]))


@pytest.mark.parametrize("program", SAMPLE, ids=[f"{k}_{p.name}" for k, p in enumerate(SAMPLE)])
def test_all_directions_at_once_give_the_gradient(program):
    args = all_args(program)
    found = plain(program.python, args, tuple(program.argnums), "jacfwd")
    assert_close(found(*args), gradient_of(program, args), tolerance(program), found.text)


@pytest.mark.parametrize("mode", ["jacfwd", "jacrev"])
@pytest.mark.parametrize("program", TWICE, ids=[p.name for p in TWICE])
def test_jacobians_of_gradients(program, mode, tmp_path):
    """Every block has its shape; along a direction they give what dual numbers give."""
    args, argnums = all_args(program), tuple(program.argnums)
    gradient = emitted(plain(program.python, args, argnums), tmp_path)
    dots = harness.direction(program, args, 8)
    _, expected = dual_jvp(gradient, args, dots)
    found = plain(gradient, args, argnums, mode)
    rows = found(*args)
    along = []
    for row, part in zip(rows, expected, strict=True):
        assert [np.shape(b) for b in row] == [np.shape(part) + np.shape(args[k]) for k in argnums]
        along.append(sum(np.tensordot(b, dots[k], np.ndim(args[k])) for b, k in zip(row, argnums, strict=True)))
    assert_close(tuple(along), expected, 100 * tolerance(program), found.text)


def test_the_structure_is_that_of_the_result_and_in_it_that_of_the_arguments():
    for jacobian in (sct.jacfwd(stretched, argnums=(0, 1)), sct.jacrev(stretched, argnums=(0, 1))):
        (by_x, by_p), (gain_by_x, gain_by_p), _ = jacobian(X, P)
        assert by_x.shape == (3, 2, 3) and isinstance(by_p, Params)
        assert by_p.gain.shape == (3, 2) and by_p.weights.shape == (3, 2, 2)
        np.testing.assert_allclose(by_x[:, 0, :], np.diag(np.cos(X) * 6.0), rtol=1e-12)
        np.testing.assert_allclose(by_p.weights[:, 0, 1], np.sin(X) * 2.0, rtol=1e-12)
        np.testing.assert_allclose(gain_by_x, [2.0, 0.0, 0.0])
        assert gain_by_p.gain == X[0] and not gain_by_p.weights.any()


def test_a_single_argument_has_no_tuple_around_it_and_decorators_work():
    @sct.jacfwd
    def double(x):
        return 2.0 * x

    assert double(3.0) == 2.0 and double.primal(3.0) == 6.0 and "double_jacfwd" in double.source(3.0)

    @sct.jacrev(argnums=1)
    def outer(x, y):
        return x * y

    assert outer(3.0, 2.0) == 3.0


def test_hessians_are_forward_over_reverse_and_run_in_compiled_code():
    hessian = sct.hessian(quartic, argnums=(0, 1))
    (xx, xa), (ax, aa) = hessian(X, 1.5)
    step = 1e-6
    for k in range(3):
        e = np.eye(3)[k] * step
        slope = np.subtract(*(dual_gradient(quartic, (X + s * e, 1.5), (0,))[0] for s in (1, -1))) / (2 * step)
        np.testing.assert_allclose(xx[k], slope, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(xa, ax, rtol=1e-12)
    assert aa == 2.0
    alone = sct.hessian(quartic)

    @njit
    def trace(x, a):
        return np.trace(alone(x, a))

    assert trace(X, 1.5) == pytest.approx(np.trace(xx))


def test_hvp_and_linearize():
    v, w = np.array([1.0, -2.0, 0.5]), 0.25
    (xx, xa), (ax, aa) = sct.hessian(quartic, argnums=(0, 1))(X, 1.5)
    along_x, along_a = sct.hvp(quartic, (X, 1.5), (v, w))
    np.testing.assert_allclose(along_x, xx @ v + xa * w, rtol=1e-12)
    assert along_a == pytest.approx(ax @ v + aa * w)
    value, tangent = sct.linearize(quartic, X, 1.5)
    assert (value, tangent(v, w)) == sct.jvp(quartic, (X, 1.5), (v, w))
    assert sct.hvp(lambda x: x**3, (2.0,), (1.0,)) == pytest.approx(12.0)


def with_parts(x):
    y = x.copy()
    y[0] *= 2.0
    return y[0] * x[1], (len(x), y)


def test_has_aux():
    gradient, (n, y) = sct.grad(with_parts, has_aux=True)(X)
    np.testing.assert_allclose(gradient, [2.0 * X[1], 2.0 * X[0], 0.0])
    assert n == 3 and y[0] == 2.0 * X[0]
    (value, _), again = sct.value_and_grad(has_aux=True)(with_parts)(X)
    assert value == with_parts(X)[0] and (again == gradient).all()
    with pytest.raises(sct.NotDifferentiable, match="has_aux=True it returns a float scalar and something else"):
        sct.grad(quartic, has_aux=True)(X, 1.5)


def test_float32_empty_and_repeated_results():
    def twice(x):
        return x, x

    one, two = sct.jacfwd(twice)(np.ones(2, np.float32))
    assert one.dtype == np.float32 and not np.shares_memory(one, two)
    assert sct.jacfwd(twice)(np.ones(0))[0].shape == (0, 0)
    assert sct.jacrev(twice)(np.ones(0))[0].shape == (0, 0)


def test_refusals_are_ours():
    with pytest.raises(sct.NotDifferentiable, match="leave 0 out of argnums"):
        sct.jacfwd(lambda n: 2.0 * n)(3)
    with pytest.raises(sct.NotDifferentiable, match="returns nothing"):
        sct.jacrev(_nothing)(X)


def _nothing(x):
    x[0] = 1.0


def test_types_that_are_known_are_found_again_for_all_directions():
    """Nothing is left out of a module whose functions were typed before."""
    program = NAMED["helper_called_transpose"]
    args = all_args(program)
    texts = {plain(program.python, args, tuple(program.argnums), "jacfwd").text for _ in range(3)}
    assert len(texts) == 1


def exchanged(x, y, v):
    return y + 1.0, x - 3.0, v[::-1] * 1.0, x * y


@pytest.mark.parametrize("mode", ["jacfwd", "jacrev"])
def test_results_that_are_arguments_have_all_their_blocks(mode):
    """The tangent of `y + 1.0` is that of `y` itself, which every block is cut out of."""
    x, y, v = 0.7, -1.3, np.array([0.2, 0.4])
    rows = plain(exchanged, (x, y, v), (0, 1, 2), mode)(x, y, v)
    zero = np.zeros(2)
    expected = ((0.0, 1.0, zero), (1.0, 0.0, zero), (zero, zero, np.eye(2)[::-1]), (y, x, zero))
    for row, wanted in zip(rows, expected, strict=True):
        for block, part in zip(row, wanted, strict=True):
            np.testing.assert_array_equal(block, part)


def test_the_hessian_of_a_product():
    def product(x, y):
        return x * y + x - 3.0 * y

    np.testing.assert_array_equal(np.array(sct.hessian(product, argnums=(0, 1))(0.7, -1.3)), [[0.0, 1.0], [1.0, 0.0]])


def fixed_parts(x, n):
    """What it returns is the same for all directions until the caller adds to it."""
    r = np.zeros(n)
    t = 2.0
    if n > 100:
        t = 3.0
    return r, t, len(x)


def completed(x, y, a, b):
    r, s, k = fixed_parts(x, 3)
    r[1] = x[0] * b
    s += 0.4 * a * k
    q, t, _ = fixed_parts(y, 3)
    return s * r[1] * x[0] * a + y[-1] + a + q[0] + t * b + s * a


@pytest.mark.parametrize("mode", ["jacfwd", "jacrev"])
def test_results_of_helpers_that_later_differ(mode):
    args = (np.array([0.3, 0.7, 0.2]), np.array([1.1, 0.4]), 0.3, 0.6)
    found = plain(completed, args, (0, 1, 2, 3), mode)
    assert_close(found(*args), dual_gradient(completed, args, (0, 1, 2, 3)), 1e-12, found.text)
