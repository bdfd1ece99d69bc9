"""Loops that add to neighbours: where they become one loop for each, and that nothing is distributed where the order counts."""

import re

import numpy as np
import pytest

import sct
from sct.optimise import distribute
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice, plain

RNG = np.random.default_rng(4)
X, H = RNG.normal(size=12), 0.7


def three_points(x, h):
    y = np.zeros(len(x))
    for i in range(1, len(x) - 1):
        y[i] = h * (x[i - 1] - 2.0 * x[i] + x[i + 1])
    return np.sum(y * y)


def in_place(x, h):
    y = x.copy()
    for i in range(1, len(y) - 1):
        y[i] = h * (y[i - 1] + y[i + 1])
    return np.sum(y * y)


def dear(x, h):
    """What the neighbours get takes many operations."""
    y = np.zeros(len(x))
    for i in range(1, len(x) - 1):
        y[i] = (h + x[i] * h - 0.1 * h * h) * (x[i - 1] + x[i + 1])
    return np.sum(y * y)


def nested(x, h):
    """Loops inside do not count."""
    y = np.zeros(len(x))
    for i in range(1, len(x) - 1):
        for _ in range(2):
            y[i] += h * x[i - 1] * x[i + 1]
    return np.sum(y * y)


def loops_after(text):
    return len(re.findall(r"\bfor ", text.partition("x_bar = ")[2]))


@pytest.mark.parametrize(("function", "count"), [(three_points, 7), (in_place, 2), (dear, 2), (nested, 3)])
def test_the_number_of_loops(function, count):
    assert loops_after(sct.grad(function).source(X, H)) == count


@pytest.mark.parametrize("function", [three_points, in_place, dear, nested])
def test_gradients_with_and_without(function, monkeypatch):
    expected = dual_gradient(function, (X, H), (0, 1))
    found = [call_twice(plain(function, (X, H), (0, 1)), X, H)]
    monkeypatch.setattr("sct.optimise.distributed", lambda body, effects, entry: body)
    found.append(call_twice(plain(function, (X, H), (0, 1)), X, H))
    for gradient in found:
        assert_close(gradient, expected, EXACT, function.__name__)


def test_compiled():
    assert_close(call_twice(sct.grad(three_points, argnums=(0, 1)), X, H), dual_gradient(three_points, (X, H), (0, 1)), REGROUPED, "")


def test_few_points():
    """Too few for one iteration."""
    for n in (1, 2, 3):
        x = RNG.normal(size=n)
        assert_close(plain(three_points, (x, H), (0,))(x, H), dual_gradient(three_points, (x, H), (0,)), EXACT, f"{n} points")


def test_a_limit_that_is_kept():
    assert distribute.OPERATIONS < 5, "`dear` above has five"
