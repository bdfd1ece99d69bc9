"""Sums in variables: which elements are added up so, and that the derivatives of products stay right, also of empty ones."""

import re

import numpy as np
import pytest

import sct
from sct.optimise import totals
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice, plain

RNG = np.random.default_rng(0)


def chained(a, b, v):
    """A matrix times a matrix, that times a vector, and a vector times a matrix."""
    c = a @ b
    return np.sum((c @ v) ** 2) + np.sum((v @ b.T) * a[0])


def scaled(a, s):
    """Each row is multiplied by one number, which gets a sum."""
    t = 0.0
    for i in range(len(s)):
        t += np.sum(np.sin(a[i] * s[i]))
    return t


def by_hand(a, s):
    """A user's loop may be empty where the element is not there: `s[len(s)]`."""
    t = 0.0
    for i in range(len(s) + 1):
        for j in range(i, len(s)):
            t += a[i, j] * s[i]
    return t


def moving(a, s):
    """The element moves with the loop, or is read in it."""
    y = s * s
    y[1:] += y[:-1] * a[0, 1:]
    return np.sum(y * a[1])


CASES = [
    (chained, (RNG.normal(size=(3, 4)), RNG.normal(size=(4, 2)), RNG.normal(size=2))),
    (scaled, (RNG.normal(size=(4, 4)), RNG.normal(size=4))),
    (by_hand, (RNG.normal(size=(4, 4)), RNG.normal(size=4))),
    (moving, (RNG.normal(size=(4, 4)), RNG.normal(size=4))),
]
each = pytest.mark.parametrize(("f", "args"), CASES, ids=[f.__name__ for f, _ in CASES])


@each
def test_gradient(f, args):
    gradient = plain(f, args, tuple(range(len(args))))
    assert_close(call_twice(gradient, *args), dual_gradient(f, args, tuple(range(len(args)))), EXACT, gradient.text)


def test_the_sums_are_there(monkeypatch):
    """And without the pass they are not."""
    f, args = CASES[0]
    summed = r"( *)t_\d+ = 0\.0.*\n\1for (\w+) in .*\n(.*\n)?.*t_\d+ \+= .*\n\1a_bar\[i, j\] \+= t_\d+\n"
    assert re.search(summed, plain(f, args, (0, 1, 2)).text)
    monkeypatch.setattr(totals._Totals, "_may_wait", lambda *_: False)
    assert not re.search(summed, plain(f, args, (0, 1, 2)).text)


def test_loops_of_the_user_are_left_alone():
    """There the element might not exist: nothing is stored where nothing was."""
    gradient = plain(*CASES[2], (0, 1))
    assert "s_bar[i] += a[i, j]" in gradient.text, gradient.text


def test_empty_products():
    for shape in ((0, 3, 2), (3, 0, 2), (3, 4, 0)):
        n, m, k = shape
        args = (RNG.normal(size=(n, m)), RNG.normal(size=(m, k)), RNG.normal(size=k))

        def product(a, b, v):
            return np.sum((a @ b) @ v)

        assert_close(plain(product, args, (0, 1, 2))(*args), dual_gradient(product, args, (0, 1, 2)), EXACT)


def test_compiled():
    f, args = CASES[0]
    assert_close(call_twice(sct.grad(f, (0, 1, 2)), *args, rtol=REGROUPED), dual_gradient(f, args, (0, 1, 2)), EXACT)
    single = tuple(a.astype(np.float32) for a in args)
    bars = sct.grad(f, (0, 1, 2))(*single)
    assert all(bar.dtype == np.float32 for bar in bars)
    assert_close(bars, dual_gradient(f, args, (0, 1, 2)), 1e-5)
