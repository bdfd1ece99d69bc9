"""`d.report(*args)`: what is kept, how many bytes, and how loops run; the bytes are those that the derivative allocates."""

import math

import numpy as np
import pytest

import sct
from sct.backends.python import load_python

RNG = np.random.default_rng(3)


def heat(u0, k, steps):
    """Nothing of `w` is saved that is not overwritten."""
    u = u0.copy()
    w = np.empty(len(u))
    for _ in range(steps):
        for i in range(1, len(u) - 1):
            w[i] = k[i] * (1.0 + u[i] ** 2) * (u[i - 1] - 2.0 * u[i] + u[i + 1])
        for i in range(1, len(u) - 1):
            u[i] += 0.1 * w[i]
    return np.sum(u * u)


def clipped(x, limit):
    s = 0.0
    for i in range(len(x)):
        s = math.sin(s) + x[i]
        if s > limit:
            s = limit
    return s


def recurrence(x, n):
    k = 0
    y = 0.3
    while k < n:
        y = math.exp(-y) * x[k % len(x)]
        k += 1
    return y


def sums(x, w):
    total = 0.0
    for i in range(len(x)):
        t = math.exp(x[i] * w[i])
        total += t * t
    return total


def step(u, v):
    for i in range(1, len(u)):
        v[i] = u[i] * u[i - 1]


def with_helper(x, n):
    v = np.zeros(len(x))
    for _ in range(n):
        step(x, v)
        x = x + v
    return np.sum(x)


def partial_sums(x):
    return np.cumsum(x) * x[0]


def no_loops(x, y):
    return x * math.sin(y)


def told(function, args, capsys, **options):
    sct.grad(function, **options).report(*args)
    return capsys.readouterr().out


X, W = RNG.uniform(0.1, 0.9, size=20), RNG.uniform(0.1, 0.9, size=20)


def test_what_is_told(capsys):
    text = told(heat, (X, W, 7), capsys, argnums=(0, 1))
    assert text.startswith("grad of `heat`, ")
    assert "`u[i]` before it is overwritten: saved per iteration, 8 bytes x `(max(steps, 0), max(len(u) - 1, 0))` = 1,064 bytes" in text
    assert "`k[i] * (1.0 + u[i] ** 2)`: made again" in text
    assert "loop: forward and backward in two sweeps" in text
    assert "saved on a tape" in told(recurrence, (X, 5), capsys)
    assert "nothing is needed" not in told(no_loops, (0.3, 0.2), capsys)
    assert "math.exp(x[i] * w[i])`: made again" not in told(sums, (X, W), capsys)
    assert "`step`, called: " in told(with_helper, (X, 3), capsys)


def test_threads(capsys):
    assert "one thread without `parallel=True`" in told(sums, (X, W), capsys)
    assert "together, iteration by iteration; split among threads" in told(sums, (X, W), capsys, parallel=True)


@pytest.mark.parametrize(("function", "args"), [(heat, (X, W, 7)), (heat, (X[:3], W[:3], 0)), (clipped, (X, 0.5))])
def test_the_bytes_are_those_of_the_buffers(function, args, capsys):
    """The prediction for a loop of T steps over N cells, against the arrays that the derivative makes."""
    text = told(function, args, capsys)
    predicted = int(text.rpartition("in all: ")[2].split(" bytes")[0].replace(",", ""))
    module = sct.grad(function).request.module(sct.grad(function).request.argtypes(args, {}))
    space = load_python(sct.grad(function).source(*args), {})
    made = []

    class Recorder:
        def __getattr__(self, name):
            return getattr(np, name)

        def empty(self, *shape):
            made.append(np.empty(*shape))
            return made[-1]

    run = space[module._entry.py_func.__name__]
    run.__globals__["np"] = Recorder()
    run(*args)
    own = 8 * len(args[0]) if function is heat else 0  # the user's `w`
    assert sum(a.nbytes for a in made) - own == predicted > -1


def test_of_other_derivatives(capsys):
    sct.jacfwd(clipped).report(X, 0.5)
    assert "no reverse sweep" in capsys.readouterr().out
    sct.jacrev(partial_sums).report(X)
    assert "called: forward and backward apart, saved on tapes" in capsys.readouterr().out
    sct.grad(sct.grad(no_loops)).report(0.3, y=0.2)
    assert "grad of `no_loops_grad`" in capsys.readouterr().out


def test_arguments_are_checked():
    with pytest.raises(sct.SctError, match="has no derivative"):
        sct.grad(sums).report(np.arange(3), np.ones(3))
