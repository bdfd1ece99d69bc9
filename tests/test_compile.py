"""What compiling takes, and that the quick ways to compile are Numba's own."""

import copy
import gc
import os
import subprocess
import sys

import numba
import numpy as np
import pytest
from numba.core import compiler, ssa

import sct
from sct.backends.garbage import uncollected
from sct.backends.passes import Passes
from sct.backends.quick import reconstructed
from tests.programs import PROGRAMS

SIXTY = """
import math
import time

import numpy as np

import sct


def softplus(x):
    if x > 30.0:
        return x
    return math.log1p(math.exp(x))


def forecast(weights, rates, inputs, observed, decay, steps):
    n, m = inputs.shape
    hidden = np.zeros(m)
    out = np.empty(n)
    energy = np.zeros((steps, m))
    scale = 1.0 / (1.0 + math.exp(-decay))
    for t in range(n):
        for j in range(m):
            total = 0.0
            for k in range(m):
                total += weights[j, k] * hidden[k]
            pulled = math.tanh(total + inputs[t, j])
            hidden[j] = scale * hidden[j] + (1.0 - scale) * pulled
        if t % 2 == 0:
            out[t] = softplus(hidden[0]) + rates[0]
        else:
            out[t] = softplus(hidden[m - 1]) * rates[1]
    error = out - observed
    loss = np.sum(error**2) / n
    for s in range(steps):
        for j in range(m):
            if s == 0:
                energy[s, j] = hidden[j] * rates[j]
            else:
                left = energy[s - 1, j - 1] if j > 0 else 0.0
                change = left - energy[s - 1, j]
                if change > 0.0:
                    energy[s, j] = energy[s - 1, j] + 0.5 * change
                else:
                    energy[s, j] = energy[s - 1, j] + 0.25 * change * rates[j]
    spread = 0.0
    for s in range(1, steps):
        row = energy[s]
        difference = row - energy[s - 1]
        spread += np.sqrt(np.sum(difference * difference) + 1e-9)
    penalty = 0.0
    for j in range(m):
        for k in range(m):
            w = weights[j, k]
            if abs(w) > 1.0:
                penalty += abs(w) - 0.5
            else:
                penalty += 0.5 * w * w
    smooth = np.exp(-np.abs(weights @ hidden))
    likelihood = np.log(np.sum(smooth) + 1.0)
    best = out[0]
    for t in range(1, n):
        if out[t] > best:
            best = out[t]
    bound = 0.0
    x = decay
    while bound < 3.0:
        x = x - 0.1 * (x * x - 2.0) / (2.0 * x + 1.0)
        bound += 1.0
    return loss + 0.01 * penalty + spread * likelihood + 0.1 * best + x


rng = np.random.default_rng(0)
args = rng.normal(size=(6, 6)), rng.uniform(0.5, 1.0, 6), rng.normal(size=(9, 6)), rng.normal(size=9), 0.3, 4
start = time.process_time()
value, bar = sct.value_and_grad(forecast)(*args)
print(time.process_time() - start)
moved = args[0].copy()
moved[2, 3] += 1e-6
assert abs((forecast(moved, *args[1:]) - value) / 1e-6 - bar[2, 3]) < 1e-4
"""
"""A function of 60 lines with what users write, and the time of the first call of its gradient, numba's own start included."""


def seconds(folder):
    environment = {**os.environ, "SCT_CACHE_DIR": str(folder / "cache"), "NUMBA_CACHE_DIR": str(folder / "numba")}
    command = [sys.executable, str(folder / "user.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def test_the_first_call_of_a_gradient_of_sixty_lines(tmp_path):
    """About 2.4 s of an idle core without any cache, 0.5 of them for numba to start; 0.4 s in the next process."""
    (tmp_path / "user.py").write_text(SIXTY)
    assert seconds(tmp_path) < 12.0
    assert seconds(tmp_path) < 3.0


def texts(blocks):
    return {label: [str(stmt) for stmt in block.body] for label, block in blocks.items()}


@pytest.mark.parametrize("theme", sorted({p.theme for p in PROGRAMS}))
def test_single_assignment_is_as_numba_makes_it(theme):
    for each in PROGRAMS:
        if each.theme == theme:
            try:
                blocks = compiler.run_frontend(each.python).blocks
            except Exception:  # Python that Numba does not read
                continue
            ours, numbas = reconstructed(copy.deepcopy(blocks)), ssa._run_ssa(copy.deepcopy(blocks))
            assert list(ours) == list(numbas) and texts(ours) == texts(numbas), each.name


def sometimes_bound(x, n):
    for i in range(n):
        if x > i:
            y = x * i
        x = x + 1.0
    return y


def two_loops(x):
    total, i = 0.0, 3
    while i > 0:
        for j in range(i):
            total = total * x + j
            if total > 9.0:
                i = i - 1
                break
        else:
            i = i - 2
        i = i - 1
    return total + i + j


@pytest.mark.parametrize("function", [sometimes_bound, two_loops])
def test_single_assignment_where_paths_meet(function):
    blocks = compiler.run_frontend(function).blocks
    assert texts(reconstructed(copy.deepcopy(blocks))) == texts(ssa._run_ssa(copy.deepcopy(blocks)))


def compiled(function):
    function.__globals__.setdefault("_natural", frozenset())
    function.__globals__.setdefault("_vectors", frozenset())
    return numba.njit(pipeline_class=Passes)(function)


def closure(x):
    def inner(y):
        return x * y

    return inner(x) + inner(2.0)


def comprehension(x):
    a = np.array([x[i] * i for i in range(len(x))])
    return a + 1.0


def literal(x):
    return np.array([[x[0], 1.0], [2.0, x[1]]])


def expression(x):
    y = -x
    y += np.sin(x) * 2.0 + x**2
    return y @ y


@pytest.mark.parametrize("function", [closure, comprehension, literal, expression])
def test_what_numba_writes_out_still_is(function):
    x = 3.0 if function is closure else np.array([0.5, 0.75])
    np.testing.assert_allclose(compiled(function)(x), function(x))


def made_of(x, n):
    return np.zeros(n), np.zeros((n, 2)), np.empty_like(x), np.zeros_like(x), np.zeros((2, n, 1), np.float32), np.zeros(n, np.bool_)


def made_by_type(x, n):
    a = np.zeros_like(x, np.int64)
    b = np.zeros(n, x.dtype)
    c = np.zeros(x.shape, "float32")
    d = np.zeros(n, dtype=np.int32)
    e = np.zeros((n, len(x)), np.uint8)
    return a, b, c, d, e


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("x", [np.ones((2, 3)), np.ones((3, 2), np.float32).T, np.ones((4, 6))[::2, ::3], np.ones((0, 2))])
def test_new_arrays_are_those_of_numba(x, n):
    for function in (made_of, made_by_type):
        ours, plain = compiled(function), numba.njit(function)
        for a, b in zip(ours(x, n), plain(x, n), strict=True):
            assert (a.dtype, a.shape, a.strides, a.flags.writeable) == (b.dtype, b.shape, b.strides, b.flags.writeable)
        for a, b in zip(ours(x, n)[3:], plain(x, n)[3:], strict=True):
            assert not a.any() and not b.any()
        assert ours.nopython_signatures[0].return_type == plain.nopython_signatures[0].return_type


def too_many(n):
    return np.zeros((n, n))


def of_a_number(x):
    return np.zeros_like(x)


def test_new_arrays_that_cannot_be_are_refused_in_the_same_words():
    for n, words in ((-1, "negative dimensions not allowed"), (2**40, "array is too big")):
        with pytest.raises(ValueError, match=words):
            compiled(too_many)(n)
    assert compiled(of_a_number)(1.5) == numba.njit(of_a_number)(1.5) == 0.0
    with pytest.raises(numba.TypingError):
        compiled(too_many)(1.5)


def test_read_only_arrays_have_new_ones_like_them_that_are_not():
    x = np.ones(3)
    x.flags.writeable = False
    assert compiled(of_a_number)(x).flags.writeable


def test_garbage_is_searched_for_again_afterwards():
    seen = []

    @uncollected
    def fails():
        seen.append(gc.isenabled())
        raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert seen == [False] and gc.isenabled()
    gc.disable()
    try:
        assert sct.grad(lambda x: x * x)(3.0) == 6.0 and not gc.isenabled()
    finally:
        gc.enable()
