"""Elements that a loop keeps in a variable meanwhile: where it may, and that it does not where the loop comes across them."""

import re

import numpy as np
import pytest

import sct
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice, plain

RNG = np.random.default_rng(7)
A = RNG.normal(size=(5, 5)) + 4.0 * np.eye(5)


def factor(x):
    a = x.copy()
    for i in range(len(a)):
        for j in range(i):
            for k in range(j):
                a[i, j] -= a[i, k] * a[j, k]
            a[i, j] /= a[j, j]
        for k in range(i):
            a[i, i] -= a[i, k] * a[i, k]
        a[i, i] = np.sqrt(a[i, i] * a[i, i])
    return np.sum(a * a)


def further(x):
    """The column is not below the row, which is not below the index."""
    a = x.copy()
    for i in range(len(a)):
        for j in range(i, len(a)):
            for k in range(i):
                a[i, j] -= a[i, k] * a[k, j]
            a[i, j] *= 1.5
    return np.sum(a * a)


def later(x):
    """The index starts after the column."""
    a = x.copy()
    for i in range(len(a)):
        for j in range(len(a)):
            a[i, j] *= 0.5
            for k in range(j + 1, len(a)):
                a[i, j] += a[i, k] * a[i, k]
    return np.sum(a * a)


def reached(x):
    """The last element is the one that is added to."""
    a = x.copy()
    for i in range(len(a)):
        for j in range(len(a)):
            for k in range(j + 1):
                a[i, j] += 0.1 * a[i, k] * a[i, k]
            a[i, j] *= 0.5
    return np.sum(a * a)


def below_zero(x):
    """The index -1 is the last column."""
    a = x.copy()
    for i in range(len(a)):
        for j in range(len(a)):
            for k in range(-1, j):
                a[i, j] += 0.1 * a[i, k] * a[i, k]
            a[i, j] *= 0.5
    return np.sum(a * a)


def column_below_zero(x):
    """The column -1 is the last one, over which the index moves."""
    a = x.copy()
    for i in range(len(a)):
        for j in range(-1, len(a) - 1):
            a[i, j] *= 0.5
            for k in range(j + 1, len(a)):
                a[i, j] += 0.1 * a[i, k] * a[i, k]
    return np.sum(a * a)


def by_another_name(x):
    a = x.copy()
    b = a[:, 1:]
    for i in range(len(a)):
        for j in range(1, len(a)):
            for k in range(j):
                a[i, j] += 0.1 * b[i, k] * b[i, k]
            a[i, j] *= 0.5
    return np.sum(a * a)


def other_axes(x):
    """The index stands on another axis each time, so that the elements meet."""
    a = x.copy()
    for j in range(len(a)):
        for k in range(j):
            a[k, j] += 0.1 * a[j, k] * a[j, k]
            a[j, j] += 0.1 * a[k, j]
            a[j, 0] += 0.1 * a[j, j]
        a[j, j] *= 0.5
        a[j, 0] *= 0.5
    return np.sum(a * a)


def rebound(x):
    """What the loop adds to, which is not there when the loop is empty, is not what is used after it."""
    a = x.copy()
    n = len(a)
    for i in range(n):
        j = n - 1 - i
        r = i + 1
        for k in range(j):
            a[r, j] += 0.1 * a[r, k] * a[r, k]
        r = i
        a[r, j] *= 2.0
    return np.sum(a * a)


def only_at_times(x):
    """There is no such element where the loop is empty."""
    a = x.copy()
    n = len(a)
    for i in range(n + 1):
        for k in range(min(i, n - i)):
            a[i, n - 1] += 0.1 * a[i, k] * a[i, k]
        if i < n:
            a[i, n - 1] *= 0.5
    return np.sum(a * a)


def set_within(x):
    a = x.copy()
    for i in range(len(a)):
        for j in range(len(a)):
            for k in range(j):
                a[i, j] = 0.5 * a[i, j] + a[i, k]
            a[i, j] *= 0.5
    return np.sum(a * a)


def until_large(x):
    a = x.copy()
    for i in range(len(a)):
        for j in range(len(a)):
            for k in range(j):
                a[i, j] += 0.3 * a[i, k]
                if a[i, j] > 1.0:
                    break
            a[i, j] *= 0.5
    return np.sum(a * a)


def moving_bound(x):
    """The bound of the loop around is another one when the index is used."""
    a = x.copy()
    m = 3
    for j in range(m, len(a)):
        m = 5
        for k in range(m):
            a[0, j] += 0.1 * a[0, k]
        a[0, j] *= 0.5
    return np.sum(a * a)


KEPT = [factor, further, later]
LEFT = [reached, below_zero, column_below_zero, by_another_name, rebound, only_at_times, set_within, until_large, moving_bound]
each = pytest.mark.parametrize("f", [*KEPT, *LEFT, other_axes], ids=lambda f: f.__name__)


def in_variables(f):
    """Whether an element of the primal's array waits in a variable while it is changed."""
    kept = r"\n( *)(t\w*) = a(_1)?\[.*\n\1for .*\n\1    \2 [+-]= .*\n\1a(_1)?\[.*\] = \2\n"
    return re.search(kept, plain(f, (A,), 0, "value_and_grad").text)


@pytest.mark.parametrize("f", KEPT, ids=lambda f: f.__name__)
def test_kept(f):
    assert in_variables(f), plain(f, (A,), 0, "value_and_grad").text


@pytest.mark.parametrize("f", LEFT, ids=lambda f: f.__name__)
def test_left(f):
    assert not in_variables(f), plain(f, (A,), 0, "value_and_grad").text


@each
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_gradient(f, n):
    if f is moving_bound and n != 5:
        pytest.skip("its bounds are those of five columns")
    x = A[:n, :n].copy()
    gradient = plain(f, (x,), 0, "value_and_grad")
    value, bar = gradient(x)
    assert_close(value, f(x), EXACT, gradient.text)
    assert_close(bar, dual_gradient(f, (x,), 0), EXACT, gradient.text)


@each
def test_compiled(f):
    assert_close(call_twice(sct.grad(f), A, rtol=REGROUPED), dual_gradient(f, (A,), 0), EXACT)
