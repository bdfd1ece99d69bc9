"""Subscripts that are proved not to be negative: they never are, and Numba compiles them without a test for wrapping around."""

import math

import numpy as np
import pytest
from numba import typeof

import sct
from sct import pipeline
from sct.emit.subscripts import proved
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, all_args, assert_close, call_twice, sampled_program
from tests.watched import watched

CERTAIN = {
    "for i in range(n):\n    x[i] = 1.0": {"x"},
    "for i in range(1, len(x)):\n    x[i - 1] = y[i]": {"x", "y"},
    "for i in range(len(x) - 1, 0, -1):\n    x[i - 1] = y[i]": {"x", "y"},
    "for i in range(n):\n    for j in range(i):\n        m[i - j - 1, j] = x[i - j]": {"m", "x"},
    "q = len(x) // 2\nfor i in range(q, q + n):\n    x[i] = y[i % len(y)]": {"x", "y"},
    "for i in range(n):\n    q = 2 * i + 1\n    x[q - 1] = y[n - 1 - i]": {"x", "y"},
    "for i in range(max(n, 0)):\n    x[min(i, 3)] = y[i * i // 2]": {"x", "y"},
    "x[max(n, 0)] = y[-1]": {"x"},
}
UNCERTAIN = {
    "a parameter": "x[n] = 1.0",
    "one below": "for i in range(n):\n    x[i - 1] = 1.0",
    "a start that may be negative": "for i in range(n, len(x)):\n    x[i] = 1.0",
    "the end of a range downwards": "for i in range(len(x), n, -1):\n    x[i] = 1.0",
    "a step that is not known": "for i in range(0, len(x), n):\n    x[i] = 1.0",
    "negated": "for i in range(n):\n    x[-i] = 1.0",
    "a constant from the end": "for i in range(n):\n    m[i, -1] = 1.0",
    "another array's element": "for i in range(n):\n    x[k[i]] = 1.0",
    "changed in the loop": "for i in range(n):\n    i -= 2\n    x[i] = 1.0",
    "after the loop": "for i in range(n):\n    pass\nx[i] = 1.0",
    "assigned again": "k = 1\nfor i in range(n):\n    x[k] = 1.0\n    k = k - 1",
    "of an earlier iteration": "for i in range(n):\n    if x[0] > i:\n        k = i\n    x[k - i] = 1.0",
    "of the index of an inner loop of the same name": "for i in range(3):\n    for i in range(-2, 2):\n        pass\n    x[i] = 1.0",
    "of another length": "k = len(y)\ny = x[2:]\nx[len(y) - k] = 1.0",
    "both on one line": "for i in range(n):\n    x[i] = x[i - 1]",
    "through a name": "k = n - 1\nj = k\nx[j] = 1.0",
    "a parameter that changes": "n = n - 1\nfor i in range(4 - n):\n    x[i + n] = 1.0",
    "a bound that changes": "for i in range(len(x)):\n    k = len(x)\n    x = x[1:]\n    y[k - len(x)] = 1.0\n    y[len(x) - k] = 1.0",
    "a remainder by what may be negative": "x[k % n] = 1.0",
}


def module(body):
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"def f(x, y, m, k, n):\n{lines}\n    return x\n"


@pytest.mark.parametrize("body", CERTAIN)
def test_certain(body):
    assert {array for _, array in proved(module(body))} == CERTAIN[body]


@pytest.mark.parametrize("body", UNCERTAIN.values(), ids=UNCERTAIN)
def test_uncertain(body):
    last = len(module(body).splitlines()) - 1
    assert not [array for line, array in proved(module(body)) if line == last and array != "k"]


@sampled_program
def test_they_never_are(program):
    """The gradients of the corpus, run with an eye on what was proved."""
    if "refused" in program.tags:
        pytest.skip("refused")
    args = all_args(program)
    made = pipeline.generate(program.python, tuple(map(typeof, args)), "grad", program.argnums)
    with np.errstate(all="ignore"):
        watched(made.text, made.arrays)[made.entry](*args)


def test_one_that_is_would_be_seen():
    text = "def f(x):\n    for i in range(3):\n        x[i] = x[i - 1]\n    return x\n"
    with pytest.raises(AssertionError, match="-1"):
        watched(text, places={(3, "x")})["f"](np.ones(3))


def wrapped(x, w, n):
    """Subscripts of both kinds on each line: compiled, those below 0 still count from the end."""
    for t in range(n):
        for i in range(len(x)):
            x[i - t] += math.sin(x[i]) * w[i, -1] * w[i - 1, 0]
    for i in range(1, len(x)):
        x[i - 1] *= w[i - 1, 1] * x[i]
    return x[n - 4] * x[-1] + x[0]


def test_compiled():
    rng = np.random.default_rng(0)
    args = (rng.normal(size=5), rng.normal(size=(5, 3)), 3)
    gradient = sct.grad(wrapped, argnums=(0, 1))
    assert_close(call_twice(gradient, *args, rtol=REGROUPED), dual_gradient(wrapped, args, (0, 1)), EXACT)


def casts(f, *args):
    """How many subscripts Numba was told to take as unsigned."""
    module = sct.grad(f).request.module(tuple(map(typeof, args)))
    module._entry(*args)
    (made,) = module._entry.overloads.values()
    return sum(name.startswith("$unsigned") for name in made.type_annotation.typemap)


def test_the_casts_are_compiled():
    def forwards(x, m):
        for i in range(1, len(x)):
            x[i] = m[i, i - 1] * math.sin(x[i - 1])
        return x[-1]

    def around(x, m):
        for i in range(len(x)):
            x[i - 1] = m[i - 1, -i] * math.sin(x[i - 2])
        return x[-1]

    args = np.ones(3), np.ones((3, 3))
    assert casts(forwards, *args) > 5
    assert casts(around, *args) < 5
