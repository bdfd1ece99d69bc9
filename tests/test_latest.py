"""Loops that look for something: the reverse sweep visits the iteration that counts, and only where no other one can matter."""

import math

import numpy as np
import pytest

import sct

X, W = np.linspace(0.2, 1.7, 5), np.array([0.3, -0.4, 0.9])


def nearest(x, w):
    s = 0.0
    for i in range(len(x)):
        best = math.inf
        for k in range(len(w)):
            d = (x[i] - w[k]) ** 2
            if d < best:
                best = d
        s += best
    return s


def largest(x, w):
    m = x[0]
    for i in range(1, len(x)):
        m = max(m, x[i] * w[0])
    return m


def place_only(x, w):
    at = 0
    for i in range(len(x)):
        if x[i] * w[0] > 0.4:
            at = i
    return x[at] * w[1]


def running_mean(x, w):
    m = w[0]
    for i in range(len(x)):
        if x[i] > m:
            m = 0.5 * (m + x[i])
    return m


def with_a_store(x, w):
    m = w[0]
    for i in range(len(w)):
        if x[i] > m:
            m = x[i] * x[i]
        w[i] = m
    return m


@pytest.mark.parametrize(("function", "searched"), [(nearest, True), (largest, True), (place_only, False), (running_mean, False), (with_a_store, False)])
def test_which_loops_are_searched(function, searched):
    text = sct.grad(function, argnums=(0, 1)).source(X, W)
    assert ("_best" in text or "found" in text) == searched, text
    assert not (searched and "_saved" in text), text


def test_of_equal_values_the_first_counts():
    x = np.array([0.3, 0.8, 0.8, 0.1])
    np.testing.assert_array_equal(sct.grad(largest)(x, np.ones(1)), [0.0, 1.0, 0.0, 0.0])


def test_nan_is_passed_over_as_in_the_primal():
    x = np.array([0.3, np.nan, 0.8, 0.1])
    value, slope = sct.value_and_grad(largest)(x, np.ones(1))
    assert value == largest(x, np.ones(1)) == 0.8
    np.testing.assert_array_equal(slope, [0.0, 0.0, 1.0, 0.0])
