# ruff: noqa: NPY002
"""What happens once: draws of random numbers and printing, in every mode, as plain Python and compiled."""

import math

import numpy as np
import pytest
from harness import plain

import sct
from sct.errors import NotDifferentiable, UnsupportedCall, UnsupportedSyntax
from sct.testing import check_grads
from tests.programs import PROGRAMS, effects

NAMED = {p.name: p for p in PROGRAMS}
X = np.array([0.4, 1.1, -0.7])
SHOWN = ["start", "element", "helper", "element", "helper"]


def words(capfd):
    return [line.split()[0] for line in capfd.readouterr().out.splitlines()]


@pytest.mark.parametrize("mode", ["grad", "value_and_grad", "jvp", "vjp"])
@pytest.mark.parametrize("plan", ["default", "store_all"])
def test_printed_once_in_plain_python(mode, plan, capfd):
    args = (X, 2)
    extra = {"jvp": (X,), "vjp": (1.0,)}.get(mode, ())
    derivative = plain(effects.prints, args, (0,), mode, plan)
    capfd.readouterr()
    derivative(*args, *extra)
    assert words(capfd)[:-1] == SHOWN


def test_printed_once_compiled(capfd):
    gradient = sct.grad(effects.prints)
    gradient(X, 2)
    assert words(capfd)[:-1] == SHOWN
    value, pullback = sct.vjp(effects.prints, X, 2)
    assert words(capfd)[:-1] == SHOWN
    np.testing.assert_allclose(pullback(2.0)[0], 2.0 * gradient(X, 2))
    capfd.readouterr()
    pullback(1.0)
    assert words(capfd) == []


def test_the_pullback_belongs_to_the_draws_of_the_value():
    def f(y):
        return y * np.random.normal()

    value, pullback = sct.vjp(f, 2.0)
    assert pullback(1.0)[0] == pytest.approx(value / 2.0)
    value, bar = sct.value_and_grad(f)(2.0)
    assert bar == pytest.approx(value / 2.0)
    value, dot = sct.jvp(f, (2.0,), (1.0,))
    assert dot == pytest.approx(value / 2.0)


def test_every_call_draws_anew():
    def f(y):
        return y * np.random.normal()

    gradient = sct.grad(f)
    assert gradient(2.0) != gradient(2.0)


def test_a_pullback_of_arrays_is_refused():
    def f(x):
        return x * np.random.normal()

    with pytest.raises(NotDifferentiable, match="random"):
        sct.vjp(f, X)


@pytest.mark.parametrize("name", ["draws_reused", "draws_in_helpers", "arrays_of_draws"])
def test_check_grads(name):
    program = NAMED[name]
    check_grads(program.function, program.args(), argnums=program.argnums)


def test_second_order():
    def f(y):
        np.random.seed(3)
        return math.sin(y * np.random.normal()) * y**2

    hessian = sct.grad(sct.grad(f))
    step = 1e-5
    gradient = sct.grad(f)
    assert hessian(0.7) == pytest.approx((gradient(0.7 + step) - gradient(0.7 - step)) / (2 * step), rel=1e-6)


def location(y):
    return np.random.normal(y, 1.0)


def count(y):
    return y * np.random.poisson(y * y)


def deep(y):
    return 2.0 * location(y + 1.0)


def in_an_array(y):
    return np.sum(np.random.uniform(0.0, y, 4))


@pytest.mark.parametrize("f", [location, count, deep, in_an_array])
@pytest.mark.parametrize("derivative", [sct.grad, sct.value_and_grad, lambda f: lambda y: sct.jvp(f, (y,), (1.0,))])
def test_an_active_parameter_is_refused(f, derivative):
    with pytest.raises(NotDifferentiable, match="draws from a distribution") as caught:
        derivative(f)(1.5)
    assert "standard_normal()" in caught.value.remedy


def test_a_loop_that_draws_is_not_run_again():
    def f(x):
        s = 0.0
        for i in range(len(x)):
            s += math.sin(x[i] * np.random.random())
        return s

    line = f.__code__.co_firstlineno + 2
    with pytest.raises(UnsupportedSyntax, match="cannot be run again"):
        sct.grad(f, plan=f"rerun:{line}")(X)


def printed(y):
    return y if print(y) else y


def ended(y):
    print(y, end="")
    return y


def shuffled(x):
    np.random.shuffle(x)
    return x[0]


def chosen(x):
    return np.random.choice(x)


def misspelled(y):
    return y * np.random.normal(mean=2.0)


def of_a_generator(y):
    rng = np.random.default_rng(3)
    return y * rng.normal()


@pytest.mark.parametrize("f", [printed, ended, shuffled, chosen, misspelled, of_a_generator])
def test_refused(f):
    with pytest.raises((UnsupportedCall, UnsupportedSyntax)) as caught:
        sct.grad(f)(X if f in (shuffled, chosen) else 1.0)
    assert caught.value.remedy
    assert caught.value.place.line > f.__code__.co_firstlineno
