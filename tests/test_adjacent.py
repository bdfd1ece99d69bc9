"""Updates of neighbours in one row: where they become one update of each element, and every range that may be too short for it."""

import re

import numpy as np
import pytest

import sct
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice, plain

RNG = np.random.default_rng(11)


def three_of_a_row(x, w):
    y = np.zeros(len(x))
    for i in range(1, len(x) - 1):
        y[i] = 0.5 * (x[i - 1] - 3.0 * x[i] + x[i + 1])
    return np.sum(y * w)


def wide(x, w):
    """Only upwards, with a gap, from the first element on."""
    s = np.zeros(len(x))
    for i in range(len(x) - 4):
        s[i] = x[i] - x[i + 1] + 0.3 * x[i + 4]
    return np.sum(s * w)


def too_wide(x, w):
    s = np.zeros(len(x))
    for i in range(len(x) - 5):
        s[i] = x[i] - x[i + 5]
    return np.sum(s * w)


def wraps(x, w):
    """The first element has the last for a neighbour."""
    s = np.zeros(len(x))
    for i in range(len(x) - 1):
        s[i] = x[i - 1] + 2.0 * x[i + 1]
    return np.sum(s * w)


def by_twos(x, w):
    s = np.zeros(len(x))
    for i in range(1, len(x) - 1, 2):
        s[i] = x[i - 1] + 2.0 * x[i + 1]
    return np.sum(s * w)


def downwards(x, w):
    s = np.zeros(len(x))
    for i in range(len(x) - 2, 0, -1):
        s[i] = x[i - 1] + 2.0 * x[i + 1]
    return np.sum(s * w)


def overwritten(x, w):
    """The result is the argument of the next step, by two names for one array."""
    a = x.copy()
    other = a
    b = w.copy()
    for _ in range(3):
        for i in range(1, len(a) - 1):
            b[i] = 0.3 * (a[i - 1] + a[i] - other[i + 1])
        for i in range(1, len(a) - 1):
            other[i] = 0.3 * (b[i - 1] + i * b[i] + b[i + 1])
    return np.sum(a * a)


def one_array(x, w):
    """Elements of the row that is read are stored to."""
    y = x.copy()
    for i in range(1, len(y) - 1):
        y[i] = 0.5 * (y[i - 1] + y[i + 1]) * w[i]
    return np.sum(y * y)


def index_after(x, w):
    y, i = np.zeros(len(x)), 0
    for i in range(1, len(x) - 1):
        y[i] = x[i - 1] + x[i + 1]
    return np.sum(y * w) * (1.0 + i)


def rows(x, w):
    a, b = np.outer(x, w), np.zeros((len(x), len(x)))
    for i in range(1, len(x) - 1):
        for j in range(1, len(x) - 1):
            b[i, j] = 0.2 * (a[i, j - 1] + a[i, j] + a[i, j + 1] + a[i - 1, j] + a[i + 1, j])
    return np.sum(b * b)


def accumulates(x, w):
    """An integer array that a primal adds to, where each sum is cut off."""
    k = np.zeros(len(x), np.int64)
    for i in range(1, len(x) - 1):
        k[i - 1] += 3 * i
        k[i + 1] += i
    s = 0.0
    for i in range(len(x)):
        s += k[i] * x[i] * w[i]
    return s


JOINED = [three_of_a_row, wide, downwards, overwritten, rows]
APART = [too_wide, wraps, by_twos, one_array, accumulates]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 6, 7, 8, 13])
@pytest.mark.parametrize("function", [*JOINED, *APART, index_after])
def test_ranges_of_every_length(function, n):
    if function is wraps and n == 0:
        return
    x, w = RNG.normal(size=n), RNG.normal(size=n)
    assert_close(call_twice(plain(function, (x, w), (0, 1)), x, w), dual_gradient(function, (x, w), (0, 1)), EXACT, f"{n}")


@pytest.mark.parametrize("function", [*JOINED, *APART])
def test_where_updates_are_joined(function):
    text = sct.grad(function, argnums=(0, 1)).source(np.ones(9), np.ones(9))
    assert bool(re.search(r"range\([^\n]*\bmin\(", text)) == (function in JOINED), text


@pytest.mark.parametrize("function", [rows, overwritten, index_after])
@pytest.mark.parametrize("n", [2, 3, 4, 9])
def test_compiled(function, n):
    x, w = RNG.normal(size=n), RNG.normal(size=n)
    found = call_twice(sct.grad(function, argnums=(0, 1)), x, w)
    assert_close(found, dual_gradient(function, (x, w), (0, 1)), REGROUPED, f"{n}")
