"""Derivatives that the user gives: custom_vjp, custom_jvp, stop_gradient."""

import numpy as np
import pytest
from numba import njit

import sct
from sct.reference.dual import dual_gradient
from tests.harness import plain


@sct.custom_vjp
def root(a):
    x = a
    for _ in range(50):
        x = 0.5 * (x + a / x)
    return x


def newton(a):
    x = a
    for _ in range(50):
        x = 0.5 * (x + a / x)
    return x


def root_fwd(a):
    x = newton(a)
    return x, (x,)


def root_bwd(residuals, seed):
    (x,) = residuals
    return (seed * 0.5 / x,)


root.defvjp(root_fwd, root_bwd)


def roots(v):
    s = 0.0
    for i in range(len(v)):
        s += root(v[i]) ** 3 * v[0]
    return s


@sct.custom_vjp
def tripled(x, k):
    return 3.0 * x * k


def tripled_fwd(x, k):
    return 3.0 * x * k, k


def tripled_bwd(k, seed):
    return 1000.0 * seed * k, None  # not the derivative, so that one sees whose rule was used


tripled.defvjp(tripled_fwd, tripled_bwd)


@sct.custom_jvp
def waved(x, y):
    return np.sin(x) * y


@waved.defjvp
def waved_rule(primals, tangents):
    x, y = primals
    x_dot, y_dot = tangents
    return np.sin(x) * y, np.cos(x) * y * x_dot + np.sin(x) * y_dot


def energy_of_waves(x, y):
    z = waved(x, y)
    z[0] *= 2.0
    return np.sum(z * z)


V = np.array([1.0, 2.0, 3.0])


def test_the_rule_is_used_and_is_right():
    np.testing.assert_allclose(plain(roots, (V,), 0)(V), dual_gradient(roots, (V,)), rtol=1e-12)
    assert "root_bwd(" in plain(roots, (V,), 0).text


def test_rules_on_arrays_with_arguments_that_have_no_adjoint():
    def f(x, k):
        y = tripled(x, k)
        return y[0] * y[1]

    gradient = plain(f, (V, 2), 0)(V, 2)
    np.testing.assert_allclose(gradient, [2000.0 * 12.0, 2000.0 * 6.0, 0.0])


def test_a_function_with_a_rule_may_be_the_one_that_is_differentiated():
    assert sct.grad(root)(4.0) == 0.25
    assert root(4.0) == 2.0


def test_second_derivatives_go_through_the_rule():
    hessian = plain(emitted_gradient(), (V,), 0, "jacfwd")(V)
    again = plain(emitted_gradient(), (V,), 0, "jacrev")(V)
    expected = np.diag(0.75 * V[0] / np.sqrt(V))
    expected[0] += 1.5 * np.sqrt(V)
    expected[:, 0] += 1.5 * np.sqrt(V)
    np.testing.assert_allclose(hessian, expected, rtol=1e-10)
    np.testing.assert_allclose(again, expected, rtol=1e-10)


def emitted_gradient():
    return sct.grad(roots).request.module(sct.grad(roots).request.argtypes((V,), {}))._entry.py_func


def test_forward_rules_and_their_reverse():
    args = (V, 2.0)
    for mode in ("grad", "jacfwd"):
        found = plain(energy_of_waves, args, (0, 1), mode)(*args)
        for a, b in zip(found, dual_gradient(energy_of_waves, args, (0, 1)), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)


def held(x):
    c = sct.stop_gradient(x)
    s = 0.0
    for i in range(len(x)):
        s += c[i] * x[i] * sct.stop_gradient(x[0])
    return s


def test_stop_gradient():
    gradient = plain(held, (V,), 0)
    np.testing.assert_allclose(gradient(V), V * V[0])
    np.testing.assert_allclose(gradient(V), dual_gradient(held, (V,)))
    np.testing.assert_allclose(plain(held, (V,), 0, "jacfwd")(V), V * V[0])
    assert sct.stop_gradient(2.0) == 2.0 and sct.stop_gradient(V) is not V
    np.testing.assert_allclose(sct.hessian(held)(V), np.zeros((3, 3)))


def test_in_compiled_code():
    compiled = njit(held)

    @njit
    def f(v):
        return root(v[1]) * v[0] + compiled(v)

    assert f(V) == pytest.approx(np.sqrt(2.0) + held(V))
    np.testing.assert_allclose(sct.grad(f)(V), V * V[0] + [np.sqrt(2.0), 0.5 / np.sqrt(2.0), 0.0])


# what is refused

def test_no_forward_mode_of_a_reverse_rule():
    with pytest.raises(sct.NotDifferentiable, match="no forward one") as error:
        sct.jvp(roots, (V,), (V,))
    assert "def root(a)" in str(error.value) and "custom_jvp" in str(error.value)


@sct.custom_vjp
def calls_itself(x):
    return x * x


calls_itself.defvjp(lambda x: (calls_itself(x), x), lambda x, seed: (2.0 * x * seed,))


def test_no_second_derivative_where_the_rule_calls_its_function():
    assert sct.grad(calls_itself)(3.0) == 6.0
    with pytest.raises(sct.NotDifferentiable, match="whose rule calls that again"):
        sct.hessian(calls_itself)(3.0)


def with_rule(fwd, bwd, f):
    made = sct.custom_vjp(f)
    made.defvjp(fwd, bwd)
    return made


def doubled(x):
    return 2.0 * x


def first_of(x):
    return x[0]


def written(x):
    x[0] = 1.0
    return x[1]


REFUSED = [
    (doubled, lambda x: 2.0 * x, lambda r, g: (g,), 1.0, "let it return the result and the residuals"),
    (doubled, lambda x: (2.0 * x, x), lambda r, g: g, 1.0, "an adjoint for each argument"),
    (doubled, lambda x: ((x, x), x), lambda r, g: (g,), 1.0, "differs from that of the function"),
    (first_of, lambda x: (x[0], None), lambda r, g: (g,), V, "is array"),
    (written, lambda x: (x[0], None), lambda r, g: (g,), V, "changes or returns an argument"),
    (doubled, lambda x, y: (2.0 * x, None), lambda r, g: (g,), 1.0, "rule"),
]


@pytest.mark.parametrize("case", REFUSED, ids=[str(k) for k in range(len(REFUSED))])
def test_refused_rules(case):
    f, fwd, bwd, x, match = case
    function = with_rule(fwd, bwd, f)
    with pytest.raises(sct.SctError, match=match):
        plain(lambda x: function(x) * 1.0, (x,), 0)
    del f._sct_rule


# sct.rule

@njit
def steps(x, y):
    n = 0.0
    while n < 3.0:
        n += 1.0
    return np.sin(x) * y * n / 3.0


sct.rule(steps, "y * cos(x)", "z / y")


def of_steps(x, y):
    return steps(x * y, y) ** 2


def test_rows_for_functions_of_numbers():
    found = plain(of_steps, (0.7, 1.5), (0, 1))
    np.testing.assert_allclose(found(0.7, 1.5), dual_gradient(of_steps, (0.7, 1.5), (0, 1)), rtol=1e-12)
    assert "while" in found.text and "steps_partials" in found.text
    np.testing.assert_allclose(plain(of_steps, (0.7, 1.5), (0, 1), "jvp")(0.7, 1.5, 1.0, 0.0)[1], found(0.7, 1.5)[0])
    with pytest.raises(sct.NotDifferentiable, match="has 2 arguments, but there are 1 partials"):
        sct.rule(steps, "1.0")
