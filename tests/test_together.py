"""Loops that run forward and backward together: no first sweep is left, unless something asks for its results before."""

import math
import re

import numpy as np
import pytest
from numba import typeof

import sct
from sct import pipeline
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=5), RNG.normal(size=5)
K = np.array([1, 0, 1, 3, 3])


def wave(x, w, t):
    """What a plan would rather save than compute again."""
    return math.exp(math.sin(x) * w + t)


def summed(x, w):
    total = 0.0
    for i in range(len(x)):
        total += wave(x[i], w[i], 0.3) ** 2
    return 2.0 * total - w[0] * x[1]


def gathered(x, k, w):
    """Results in an array, which is only summed with weights."""
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = wave(x[i], w[i], x[i]) ** 2
    s = 0.0
    for i in range(len(y)):
        s += k[i] * y[i]
    return s


def scattered(x, k, w):
    """Several iterations add to one element."""
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[k[i]] += wave(x[i], w[i], 0.1) ** 2
    return np.sum(y)


def by_steps(x, w):
    """Downwards, in steps; a difference; two sums, one of them in a branch and in an inner loop."""
    s = 0.0
    n = 1.5
    for i in range(len(x) - 1, -1, -2):
        e = wave(x[i], w[i], 0.0)
        s -= e * e
        if e > 1.0:
            for j in range(i):
                n = n + e * x[j]
    return s + 3.0 * n


def two_loops(x, w):
    """Neither needs the other."""
    a = 0.0
    b = 0.0
    for i in range(len(x)):
        a += wave(x[i], w[i], 0.2) ** 2
    for i in range(len(w)):
        b += wave(w[i], x[i], 0.5) ** 3
    return a - b


def with_a_buffer(x, w):
    q = np.empty(len(w))
    total = 0.0
    for i in range(len(x)):
        for j in range(len(w)):
            q[j] = math.sin(x[i] * w[j])
        e = 1.0
        for j in range(len(w)):
            e *= q[j] + 1.5
        total += e
    return total


TOGETHER = [
    (summed, (X, W), 1),
    (gathered, (X, K, W), 1),
    (scattered, (X, K, W), 1),
    (by_steps, (X, W), 1),
    (two_loops, (X, W), 2),
    (with_a_buffer, (X, W), 1),
]


def logarithm(x, w):
    """The seed of the sum needs the sum."""
    total = 1.0
    for i in range(len(x)):
        total += wave(x[i], w[i], 0.3) ** 2
    return math.log(total)


def squared_later(x, w):
    """What follows needs the array that the loop made."""
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = wave(x[i], w[i], x[i]) ** 2
    s = 0.0
    for i in range(len(y)):
        s += y[i] * y[i - 1]
    return s


def changed_after(x, w):
    """What the loop reads is overwritten after it."""
    total = 0.0
    y = x.copy()
    for i in range(len(y)):
        total += wave(y[i], w[i], 0.3) ** 2
    for i in range(len(y)):
        y[i] = math.sin(y[i]) * w[i]
    return total + y[0] * y[1]


def reset(x, w):
    """The sum starts again on the way."""
    total = 0.0
    for i in range(len(x)):
        total += wave(x[i], w[i], 0.3) ** 2
        if i == 2:
            total = x[0]
    return total


def subtracted_from(x, w):
    total = 0.0
    for i in range(len(x)):
        total = wave(x[i], w[i], 0.3) ** 2 - total
    return total


def last_one(x, w):
    """What is left is that of the last iteration."""
    last = 0.0
    for i in range(len(x)):
        e = wave(x[i], w[i], 0.3)
        last = e * e
    return last


def stored_over(x, k, w):
    """The last iteration that stores to an element has it."""
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[k[i]] = wave(x[i], w[i], 0.1) ** 2
    return np.sum(y)


def from_the_end(x, w):
    """The first iteration stores to the last element, and so does the last."""
    y = np.zeros(len(x))
    for i in range(len(x) + 1):
        y[i - 1] = wave(x[i - 1], w[i - 1], 0.1 * i) ** 2
    return np.sum(y)


def state_of_another(x, w):
    """A sum waits, and reads what a later loop carries and its reverse takes back."""
    total = 0.0
    for i in range(len(x)):
        total += wave(x[i], w[i], 0.3) ** 2
    h = 0.5
    for i in range(len(x)):
        h = math.sin(h * w[i]) + 1.0
    return total * h


def weighed(x, w):
    """A second sum is made with the first one."""
    a = 0.0
    b = 0.0
    for i in range(len(x)):
        a += wave(x[i], w[i], 0.3) ** 2
    for i in range(len(x)):
        b += wave(w[i], a, 0.1)
    return b


def mean(y):
    return np.sum(y * y) / len(y)


def through_a_helper(x, w):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = wave(x[i], w[i], 0.3) ** 2
    return mean(y)


def decided_by_the_sum(x, w):
    total = 0.0
    for i in range(len(x)):
        total += wave(x[i], w[i], 0.3) ** 2
    if total > 1.0:
        return total * w[0]
    return total - x[0]


def compared(x, w):
    """A running sum that a branch looks at."""
    total = 0.0
    for i in range(len(x)):
        e = wave(x[i], w[i], 0.3) ** 2
        if total < 4.0:
            total += e
    return total


APART = [
    (logarithm, (X, W)),
    (squared_later, (X, W)),
    (changed_after, (X, W)),
    (reset, (X, W)),
    (subtracted_from, (X, W)),
    (last_one, (X, W)),
    (stored_over, (X, K, W)),
    (from_the_end, (X, W)),
    (state_of_another, (X, W)),
    (weighed, (X, W)),
    (through_a_helper, (X, W)),
    (decided_by_the_sum, (X, W)),
    (compared, (X, W)),
]
ALL = [case[:2] for case in (*TOGETHER, *APART)]
each = pytest.mark.parametrize(("f", "args"), ALL, ids=[f.__name__ for f, _ in ALL])


def argnums(args):
    return tuple(k for k, a in enumerate(args) if a.dtype.kind == "f")


def generated(f, args, mode="value_and_grad"):
    made = pipeline.generate(f, tuple(map(typeof, args)), mode, argnums(args))
    return made.text, load_python(made.text, made.arrays)[made.entry]


def with_waves(text):
    """The loops of the entry that compute waves, forward or backward."""
    entry = text[text.rindex("\ndef ") :]
    blocks = re.split(r"\n {4}(?=\S)", entry)
    return [b for b in blocks if b.startswith("for ") and ("wave" in b or "math.sin" in b)]


@each
def test_value_and_gradient(f, args):
    text, entry = generated(f, args)
    value, bars = call_twice(entry, *args)
    assert_close(value, f(*(a.copy() for a in args)), 1e-14, text)
    assert_close(bars, dual_gradient(f, args, argnums(args)), EXACT, text)


@each
def test_gradient_alone(f, args):
    text, entry = generated(f, args, "grad")
    assert_close(call_twice(entry, *args), dual_gradient(f, args, argnums(args)), EXACT, text)


@each
def test_nothing_to_do(f, args):
    """Loops without an iteration."""
    if f in (summed, reset, last_one, decided_by_the_sum, from_the_end, through_a_helper, changed_after):
        args = tuple(a[:2] for a in args)
    else:
        args = tuple(a[:0] for a in args)
    text, entry = generated(f, args)
    value, bars = entry(*args)
    assert_close(value, f(*args), 1e-14, text)
    assert_close(bars, dual_gradient(f, args, argnums(args)), EXACT, text)


@pytest.mark.parametrize("mode", ["grad", "value_and_grad"])
@pytest.mark.parametrize(("f", "args", "count"), TOGETHER, ids=[f.__name__ for f, *_ in TOGETHER])
def test_one_loop_does_both(f, args, count, mode):
    text, _ = generated(f, args, mode)
    assert len(with_waves(text)) == count, text


@pytest.mark.parametrize(("f", "args"), APART, ids=[f.__name__ for f, _ in APART])
def test_the_first_sweep_stays(f, args):
    """What is checked above is about something: these have a loop for each sweep."""
    text, _ = generated(f, args)
    assert len(with_waves(text)) >= 2, text


@pytest.mark.parametrize(("f", "args"), [case[:2] for case in TOGETHER[1:4]], ids=[f.__name__ for f, *_ in TOGETHER[1:4]])
def test_compiled(f, args):
    gradient = sct.value_and_grad(f, argnums(args))
    value, bars = call_twice(gradient, *args, rtol=REGROUPED)
    assert_close(value, f(*(a.copy() for a in args)), 1e-13)
    assert_close(bars, dual_gradient(f, args, argnums(args)), EXACT)


def test_the_sum_keeps_its_order():
    """To the bit, in plain Python and compiled without flags."""
    _, entry = generated(summed, (X, W))
    assert entry(X, W)[0] == summed(X, W)
    plain = sct.value_and_grad(summed, argnums=(0, 1), fastmath=False)(X, W)[0]
    assert abs(plain - summed(X, W)) <= 4e-16 * abs(plain)


def complains(x, w):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 100.0:
            raise ValueError("large")
        total += wave(x[i], w[i], 0.3) ** 2
    for i in range(len(w)):
        if w[i] > 100.0:
            raise IndexError("heavy")
    return total


def test_errors_come_in_their_order():
    _, entry = generated(complains, (X, W))
    assert_close(entry(X, W)[1], dual_gradient(complains, (X, W), (0, 1)), EXACT)
    with pytest.raises(ValueError, match="large"):
        entry(X + 1000.0, W + 1000.0)


def tells(x, w):
    total = 0.0
    for i in range(len(x)):
        total += wave(x[i], w[i], 0.3) ** 2
    print("sum", total > 0.0)
    print("done")
    return total


def test_what_is_printed_comes_in_order_and_once(capsys):
    _, entry = generated(tells, (X, W))
    entry(X, W)
    assert capsys.readouterr().out == "sum True\ndone\n"
