"""Loops split among threads: as without them, the same bits every time, and no races."""

import math
import pickle
import re

import numba
import numpy as np
import pytest
from numba import njit, prange, typeof

import sct
from sct import pipeline, runtime
from sct.backends.python import load_python
from sct.optimise import parallel
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
    """The text, and the entry as plain Python, where the parts run one after the other, the last one first."""
    monkeypatch.setattr(runtime, "threads", lambda: parts)
    monkeypatch.setattr(runtime, "prange", lambda n: range(n - 1, -1, -1))
    monkeypatch.setattr(parallel, "FEW", 1)
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


def until_large(x, w):
    total = 0.0
    for i in range(len(x)):
        total += math.exp(x[i]) * w[i]
        if total > 1.0:
            break
    return total


def steps(x, w):
    """A buffer that one iteration leaves to the next, and nothing after the loop reads."""
    state = np.zeros(2)
    total = 0.0
    for i in range(len(x)):
        state[0] = math.sin(state[0] + x[i]) * w[i]
        total += state[0]
    return total


def hands_on(x, w):
    """The same with a loop in each iteration, for which threads would be worth it."""
    state = np.zeros(2)
    total = 0.0
    for i in range(len(x)):
        for j in range(2):
            state[j] = math.sin(state[1 - j] + x[i]) * w[i]
        total += state[0] * state[1]
    return total


def neighbours(x, w):
    """An iteration reads what the one before has stored."""
    y = np.zeros(len(x))
    for i in range(1, len(x)):
        y[i] = math.sin(y[i - 1] + x[i]) * w[i]
    return y[-1]


def last_index(x, w):
    """The index counts after the loop."""
    total, last = 0.0, 0
    for i in range(len(x)):
        total += math.sin(x[i]) * w[i]
        last = i
    return total * total * x[last]


UNSPLIT = [through_a_helper, TOGETHER[3][0], steps, hands_on, neighbours]


@pytest.mark.parametrize("f", UNSPLIT, ids=[f.__name__ for f in UNSPLIT])
def test_what_is_not_split_is_right(monkeypatch, f):
    text, entry = in_parts(monkeypatch, f, (X, W), 3)
    assert "prange" not in text, text
    assert_close(entry(X, W)[1], dual_gradient(f, (X, W), (0, 1)), EXACT, text)


def test_a_loop_that_may_raise_is_not_split(monkeypatch):
    text, entry = in_parts(monkeypatch, complains, (X, W), 3)
    assert_close(entry(X, W)[1], dual_gradient(complains, (X, W), (0, 1)), EXACT, text)
    assert all("raise" not in part for part in re.findall(r"def \w+_part\(.*?\n\n", text, re.DOTALL))
    with pytest.raises(ValueError, match="large"):
        entry(X + 1000.0, W)


def two_sweeps(x, w):
    """The greatest value stands between the sweeps of three loops: nothing runs together with its reverse."""
    n = len(x)
    y = np.empty(n)
    for i in range(n):
        y[i] = math.exp(x[i]) * math.sin(w[i] * x[i])
    largest = 0.0
    for i in range(n):
        largest = max(largest, y[i])
    total = 0.0
    for i in range(n):
        total += (y[i] / largest) ** 2
    return total


def stencil(x, w):
    """Each loop of the reverse adds at one offset."""
    y = np.zeros(len(x))
    for i in range(1, len(x) - 1):
        y[i] = math.sin(x[i - 1]) * w[i] - 2.0 * x[i] + x[i + 1] * x[i]
    z = np.zeros(len(x))
    for i in range(1, len(x) - 1):
        z[i] = y[i - 1] * y[i + 1]
    return np.sum(z * z) * y[2]


@pytest.mark.parametrize("parts", [1, 3, 9])
@pytest.mark.parametrize("f", [two_sweeps, stencil, last_index, until_large], ids=lambda f: f.__name__)
def test_loops_of_two_sweeps(monkeypatch, f, parts):
    text, entry = in_parts(monkeypatch, f, (X, W), parts)
    value, bars = call_twice(entry, X, W)
    assert text.count("in prange(") >= (4 if f is two_sweeps else 1), text
    assert_close(value, f(X, W), 1e-14, text)
    assert_close(bars, dual_gradient(f, (X, W), (0, 1)), EXACT, text)


@njit
def diffusion(u, k):
    """Loops over `prange` in a time loop, one of them in a branch, and one over rows with a loop in it."""
    new = np.empty(len(u))
    m = np.zeros((len(u), 2))
    for t in range(3):
        for i in prange(1, len(u) - 1):
            new[i] = u[i] + k[0] * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * math.sin(u[i])
        if t % 2 == 0:
            for i in prange(1, len(u) - 1):
                u[i] = new[i]
        for i in prange(len(u)):
            for j in range(2):
                m[i, j] += u[i] * k[j] * math.exp(m[i, 1 - j])
    total = 0.0
    for i in prange(len(u)):
        total += u[i] ** 3 + m[i, 0] * m[i, 1]
    return total


@pytest.mark.parametrize("parts", [1, 2, 9])
def test_prange_in_other_loops(monkeypatch, parts):
    args = (W, K[:2] * 0.1)
    text, entry = in_parts(monkeypatch, diffusion.py_func, args, parts)
    value, bars = call_twice(entry, *args)
    in_time = text.partition("    for t in range(3)")[2].partition("    total = ")[0]
    assert in_time.count(" = min(threads(), ") + in_time.count(" = threads()") == 3, text
    assert_close(value, diffusion.py_func(*(a.copy() for a in args)), 1e-14, text)
    assert_close(bars, dual_gradient(diffusion.py_func, args, (0, 1)), EXACT, text)


def test_prange_in_other_loops_compiled():
    """The same bits every time, and those of one thread but for sums."""
    args = (np.random.default_rng(0).uniform(size=5000), np.array([0.1, 0.2]))
    gradient = sct.value_and_grad(diffusion, (0, 1))
    first = gradient(*args)
    for _ in range(3):
        assert all(np.array_equal(a, b) for a, b in zip(gradient(*args)[1], first[1], strict=True))
    assert_close(first[1], sct.grad(diffusion, (0, 1), parallel=False)(*args), 1e-11)


def test_few_light_iterations_take_one_thread(monkeypatch):
    made = pipeline.generate(two_sweeps, (typeof(X), typeof(W)), "grad", (0, 1), parallel=True)
    assert "parts = min(threads(), max(n, 0) // 1000 + 1)" in made.text, made.text


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
