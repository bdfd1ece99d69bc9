"""Loops split among threads: as without them, the same bits every time, and no races."""

import math
import pickle

import numba
import numpy as np
import pytest
from numba import njit, prange, typeof

import sct
from sct import pipeline, runtime
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, assert_close, call_twice
from tests.test_together import TOGETHER, K, W, X, argnums, complains, wave

CASES = [case[:2] for case in TOGETHER]
each = pytest.mark.parametrize(("f", "args"), CASES, ids=[f.__name__ for f, _ in CASES])


def pairs(x, w):
    """The later iterations take longer."""
    energy = 0.0
    for i in range(1, len(x)):
        for j in range(i):
            d = math.sqrt((x[i] - x[j]) ** 2 + 0.1)
            energy += w[i] * w[j] / d
    return energy


def rows(m, w):
    """Each iteration has a row of its own; buffers, one of them with the shape of the other; two sums."""
    total = 0.0
    count = 0.0
    q = np.empty(m.shape[1])
    r = np.zeros_like(q)
    for i in range(1, m.shape[0]):
        for j in range(m.shape[1]):
            q[j] = math.sin(m[i, j] * w[j])
            r[j] = q[j] * m[i, 0]
        s = 1.0
        for j in range(m.shape[1]):
            s *= 1.5 + q[j] * r[j]
        total += s
        if s > 1.0:
            count -= s * s
    return total + 0.1 * count


M = np.random.default_rng(3).normal(size=(7, 5))
SPLIT = [*(case for case in CASES if case[0].__name__ != "by_steps"), (pairs, (X, W)), (rows, (M, W))]
each_split = pytest.mark.parametrize(("f", "args"), SPLIT, ids=[f.__name__ for f, _ in SPLIT])


def in_parts(monkeypatch, f, args, parts, mode="value_and_grad"):
    """The text, and the entry as plain Python, where the parts run one after the other."""
    monkeypatch.setattr(runtime, "threads", lambda: parts)
    made = pipeline.generate(f, tuple(map(typeof, args)), mode, argnums(args), parallel=True)
    return made.text, load_python(made.text, made.arrays)[made.entry]


@pytest.mark.parametrize("parts", [1, 2, 3, 9])
@each_split
def test_any_number_of_parts(monkeypatch, f, args, parts):
    text, entry = in_parts(monkeypatch, f, args, parts)
    value, bars = call_twice(entry, *args)
    assert " in prange(parts):" in text, text
    assert_close(value, f(*(a.copy() for a in args)), 1e-14, text)
    assert_close(bars, dual_gradient(f, args, argnums(args)), EXACT, text)


@each_split
def test_nothing_to_do(monkeypatch, f, args):
    args = tuple(a[:0] for a in args) if f not in (rows, TOGETHER[0][0]) else (args[0][:2], args[1])
    _, entry = in_parts(monkeypatch, f, args, 3, "grad")
    assert_close(entry(*args), dual_gradient(f, args, argnums(args)), EXACT)


def test_arrays_with_elements_of_their_own_are_shared(monkeypatch):
    """`m_bar` has a row for each iteration, `w_bar` gets something from each."""
    text, _ = in_parts(monkeypatch, rows, (M, W), 2)
    assert "w_bar_parts" in text
    assert "m_bar_parts" not in text, text


def helps(q, x):
    for j in range(len(q)):
        q[j] = math.sin(x[j]) + q[j] * x[0]
    return q[0] * q[1]


def through_a_helper(x, w):
    """A helper adds to what all iterations share: x_bar."""
    total = 0.0
    for i in range(len(w)):
        q = np.zeros(len(x))
        total += helps(q, x) * wave(w[i], 0.5, 0.1) ** 2
    return total


@pytest.mark.parametrize("f", [through_a_helper, complains, TOGETHER[3][0]], ids=["helper", "raise", "step"])
def test_what_is_not_split_is_right(monkeypatch, f):
    text, entry = in_parts(monkeypatch, f, (X, W), 3)
    assert "prange" not in text, text
    assert_close(entry(X, W)[1], dual_gradient(f, (X, W), (0, 1)), EXACT, text)


@njit(parallel=True)
def summed_in_parallel(x, w):
    total = 0.0
    for i in prange(len(x)):
        total += math.exp(math.sin(x[i]) * w[i]) ** 2
    return total


def test_prange_is_split_by_default():
    """And only that: `parallel` decides for others."""
    gradient = sct.value_and_grad(summed_in_parallel, argnums=(0, 1))
    assert " in prange(parts):" in gradient.source(X, W)
    assert "prange" not in sct.grad(summed_in_parallel, parallel=False).source(X, W)
    assert "prange" not in sct.grad(pairs).source(X, W)
    value, bars = call_twice(gradient, X, W)
    assert_close(value, summed_in_parallel.py_func(X, W), 1e-14)
    assert_close(bars, dual_gradient(summed_in_parallel.py_func, (X, W), (0, 1)), EXACT)


def scatter(x, k, n):
    """So many iterations that a race would show."""
    total = 0.0
    for i in range(n):
        e = x[k[i % len(k)]] + 1e-7 * i
        total += e * e * e
    return total


def test_no_races():
    """Ten million iterations on five elements: the same bits every time, whatever the threads do; one thread gives nearly the same."""
    n = 10_000_000
    gradient = sct.value_and_grad(scatter, parallel=True)
    first = gradient(X, K, n)
    for _ in range(3):
        value, bar = gradient(X, K, n)
        assert value == first[0]
        assert np.array_equal(bar, first[1])
    alone = sct.value_and_grad(scatter)(X, K, n)
    assert_close(first[0], alone[0], 1e-11)
    assert_close(first[1], alone[1], 1e-11)
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert_close(gradient(X, K, n)[1], alone[1], 1e-12)
    finally:
        numba.set_num_threads(threads)


def test_float32():
    args = (X.astype(np.float32), W.astype(np.float32))
    value, bars = call_twice(sct.value_and_grad(pairs, (0, 1), parallel=True), *args)
    assert all(bar.dtype == np.float32 for bar in bars)
    assert_close(bars, dual_gradient(pairs, (X, W), (0, 1)), 1e-5)


def test_derivatives_of_it_and_its_pickle():
    """A second derivative is that of the text without threads."""
    gradient = sct.grad(pairs, parallel=True)
    again = pickle.loads(pickle.dumps(gradient))
    assert np.array_equal(again(X, W), gradient(X, W))
    assert "prange" in again.source(X, W)
    assert_close(sct.jacrev(gradient)(X, W), sct.jacrev(sct.grad(pairs))(X, W), 1e-12)
