"""`tangent` and `adjoint`: raw kernels that work in place, against dual numbers."""

import copy
import math

import numpy as np
import pytest
from numba import njit

import sct
from sct.reference.dual import dual_inplace


def smooth(x, out, w):
    for i in range(1, len(x) - 1):
        out[i] += w * math.sin(x[i - 1]) * x[i + 1]
    out[0] = 2.0
    for i in range(len(x)):
        x[i] *= out[i]


def read_only(a, out):
    for i in range(len(a)):
        out[i] = a[i] ** 2


rng = np.random.default_rng(3)
X, OUT, W = rng.normal(size=5), rng.normal(size=5), 0.7
DX, DOUT, DW = rng.normal(size=5), rng.normal(size=5), -0.4


def test_the_tangent_runs_the_function_and_moves_the_tangents():
    args, dots = (X.copy(), OUT.copy(), W), (DX.copy(), DOUT.copy(), DW)
    (x, out, _), (x_dot, out_dot, _) = dual_inplace(smooth, args, dots)
    sct.tangent(smooth)(*args, *dots)
    for found, expected in ((args[0], x), (args[1], out), (dots[0], x_dot), (dots[1], out_dot)):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_adjoint_is_the_transpose_and_leaves_the_arguments():
    args, dots = (X.copy(), OUT.copy(), W), (DX, DOUT, DW)
    _, (x_dot, out_dot, _) = dual_inplace(smooth, args, dots)
    x_bar, out_bar, w_bar = rng.normal(size=5), rng.normal(size=5), 0.25
    before = np.vdot(x_dot, x_bar) + np.vdot(out_dot, out_bar) + DW * w_bar
    after = sct.adjoint(smooth)(*args, x_bar, out_bar, w_bar)
    assert np.vdot(DX, x_bar) + np.vdot(DOUT, out_bar) + DW * after == pytest.approx(before, rel=1e-12)
    np.testing.assert_array_equal(args[0], X)
    np.testing.assert_array_equal(args[1], OUT)


def test_adjoints_of_arrays_that_are_read_are_added_to():
    a_bar, out_bar = np.ones(5), np.ones(5)
    assert sct.adjoint(read_only)(X, OUT.copy(), a_bar, out_bar) is None
    np.testing.assert_allclose(a_bar, 1.0 + 2.0 * X)
    np.testing.assert_allclose(out_bar, 0.0)


def test_chosen_arguments_source_and_compiled_code():
    backwards = sct.adjoint(read_only, argnums=(0, 1))
    assert backwards.primal is read_only and "def read_only_adjoint(a, out, a_bar, out_bar):" in backwards.source(X, OUT)

    @njit
    def use(a):
        out, a_bar, out_bar = np.zeros_like(a), np.zeros_like(a), np.ones_like(a)
        backwards(a, out, a_bar, out_bar)
        return a_bar

    np.testing.assert_allclose(use(X), 2.0 * X)
    alone = sct.tangent(read_only, argnums=1)
    out, out_dot = OUT.copy(), DOUT.copy()
    alone(X, out, out_dot)
    np.testing.assert_allclose(out, X**2)
    np.testing.assert_allclose(out_dot, 0.0)


def test_a_derivative_outlives_an_earlier_one_of_the_same_function():
    """Numba takes compiled functions back when a dispatcher is gone; they belong to the module."""
    assert sct.grad(tripled)(2.0) == 3.0
    again = sct.grad(tripled)
    assert njit(lambda x: again(x))(2.0) == 3.0


def tripled(x):
    return 3.0 * x


def repeated(x, n):
    for _ in range(n):
        x[0] *= x[1]


def test_refusals():
    with pytest.raises(sct.NotDifferentiable, match="leave 1 out of argnums"):
        sct.tangent(repeated)(X.copy(), 3, DX.copy(), 0)
    with pytest.raises(sct.NotDifferentiable, match="write the result into an array argument"):
        sct.adjoint(lambda x: x * x)(2.0, 1.0)
    with pytest.raises(sct.UnsupportedSyntax, match="pass the parts one by one"):
        sct.tangent(lambda p: p[0] * p[1])((1.0, 2.0), (1.0, 2.0))
    with pytest.raises(ValueError, match="share memory"):
        x = X.copy()
        sct.tangent(smooth)(x, x, W, DX.copy(), DOUT.copy(), DW)


def test_in_place_with_a_constant_argument():
    x, x_dot = X.copy(), DX.copy()
    (final, _), (moved, _) = dual_inplace(repeated, (copy.copy(X), 3), (DX, 0))
    sct.tangent(repeated, argnums=0)(x, 3, x_dot)
    np.testing.assert_allclose(x, final)
    np.testing.assert_allclose(x_dot, moved)
