"""RERUN by hand: each iteration of a loop is run again in the reverse sweep, and nothing is kept from the first run.

`plan="rerun:LINE"` names the line of a `for` statement. Loops that need no first sweep then are run so by themselves:
tests/test_together.py.
"""

import math
import re

import numpy as np
import pytest
from numba import typeof

import sct
from sct import pipeline
from sct.analyses.together import Late
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient
from sct.transform import adjoint
from tests.harness import EXACT, NAMED, REGROUPED, assert_close, call_twice, lines_of_loops

RNG = np.random.default_rng(0)


def data_points(x, w):
    """A sum over data points: a scratch array, inner loops and a branch for each."""
    n = x.shape[0]
    d = x.shape[1]
    total = 0.0
    for i in range(n):
        s = 0.0
        q = np.zeros(d)
        for j in range(d):
            q[j] = math.sin(x[i, j]) * w[j]
            if q[j] > 0.1:
                q[j] = q[j] * q[j]
            s += q[j] * q[j - 1]
        total += math.log(1.0 + s * s)
    return total


def nearest(x, c):
    """k-means: the smallest of the distances from each point to the centres."""
    total = 0.0
    for i in range(x.shape[0]):
        best = 1e300
        for j in range(c.shape[0]):
            d = 0.0
            for k in range(x.shape[1]):
                d += (x[i, k] - c[j, k]) ** 2
            if d < best:
                best = d
        total += math.sqrt(best)
    return total


def convolution(x, w, bias):
    """A convolution, a nonlinearity that needs its argument, and a scratch window."""
    total = 0.0
    window = np.zeros(len(w))
    for i in range(len(x) - len(w) + 1):
        for j in range(len(w)):
            window[j] = x[i + j] * w[j]
        a = bias
        for j in range(len(w)):
            a = a + math.tanh(window[j]) * a
        total += a * a
    return total


def recurrent_rows(x, w):
    """A chain in each row: its state is carried by the inner loop, and starts anew for each row."""
    total = 0.0
    for i in range(x.shape[0]):
        h = 0.5
        for j in range(x.shape[1]):
            h = math.tanh(h * w[0] + x[i, j] * w[1])
        total += h * h
    return total


def mixture(x, c, w):
    """Buffers made outside the loop: a vector filled for each inner iteration, a matrix filled row by row."""
    total = 0.0
    centered = np.empty(x.shape[1])
    terms = np.zeros((len(c), 2))
    for i in range(x.shape[0]):
        for k in range(len(c)):
            for r in range(x.shape[1]):
                centered[r] = x[i, r] - c[k, r]
            for r in range(2):
                terms[k, r] = w[k] * math.sin(centered[r] * centered[r - 1])
            terms[k, 1] *= terms[k, 0]
        s = 0.0
        for k in range(len(c)):
            s += math.exp(terms[k, 0] * terms[k - 1, 1])
        total += math.log(s)
    return total


CASES = [
    (data_points, (RNG.normal(size=(4, 3)), RNG.normal(size=3))),
    (nearest, (RNG.normal(size=(5, 2)), RNG.normal(size=(3, 2)))),
    (convolution, (RNG.normal(size=7), RNG.normal(size=3), 0.7)),
    (recurrent_rows, (RNG.normal(size=(4, 3)), RNG.normal(size=2))),
    (mixture, (RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3)), RNG.normal(size=2))),
    *((NAMED[name].python, NAMED[name].args()) for name in ("conv", "kmeans", "gmm")),
]
each_case = pytest.mark.parametrize(("f", "args"), CASES, ids=[f.__name__ for f, _ in CASES])


def rerun(f):
    """The plan that runs the iterations of the outermost loop of `f` again."""
    return f"rerun:{lines_of_loops(f)[0]}"


def generated(f, args, plan, mode="grad"):
    return pipeline.generate(f, tuple(map(typeof, args)), mode, tuple(range(len(args))), plan)


def buffers(text):
    """The names of what one sweep keeps for the other: of any array that stores at all."""
    return set(re.findall(r"(\w+_saved(?:_\d+)?|tape\w*)\b", text))


def loops(text):
    """(indentation, line) of the `for` statements of the text."""
    return [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines() if line.lstrip().startswith("for ")]


@each_case
def test_the_gradient_is_right(f, args):
    made = generated(f, args, rerun(f))
    found = call_twice(load_python(made.text, made.arrays)[made.entry], *args)
    assert_close(found, dual_gradient(f, args, tuple(range(len(args)))), EXACT, made.text)


@each_case
def test_nothing_is_kept_for_each_outer_iteration(f, args):
    """No buffer has an axis for the outer loop."""
    text = generated(f, args, rerun(f)).text
    assert not re.search(r"\w+_saved(_\d+)?\[i\b", text), text
    assert "tape" not in text, text


@each_case
def test_the_first_forward_sweep_is_gone(f, args):
    """Under `grad` the value is not asked for: one loop over the data is left, the reverse one."""
    text = generated(f, args, rerun(f)).text
    outer = [line for depth, line in loops(text) if depth == 4]
    assert len(outer) == 1 and outer[0].startswith("for i in"), text


@each_case
def test_the_value_comes_from_the_same_loop(f, args):
    """Under `value_and_grad` too."""
    made = generated(f, args, rerun(f), "value_and_grad")
    value, bars = call_twice(load_python(made.text, made.arrays)[made.entry], *args)
    assert_close(value, f(*(np.copy(a) if np.ndim(a) else a for a in args)), 1e-13, made.text)
    assert_close(bars, dual_gradient(f, args, tuple(range(len(args)))), EXACT, made.text)
    assert len([line for depth, line in loops(made.text) if depth == 4]) == 1, made.text


@each_case
def test_it_is_the_default(f, args):
    """The compiler chooses so by itself."""
    assert generated(f, args, "default").text == generated(f, args, rerun(f)).text


def test_without_it_there_are_buffers(monkeypatch):
    """The assertions on the text above are about something: without the choice the default plan breaks all of them."""
    monkeypatch.setattr(adjoint, "together", lambda question, answer, active: (question, answer, Late()))
    f, args = CASES[0]
    text = generated(f, args, "default").text
    assert re.search(r"\w+_saved(_\d+)?\[i\b", text)
    assert len([line for depth, line in loops(text) if depth == 4]) == 2


def product(x, w):
    """What the loop gives is multiplied: the seed of the loop needs the value."""
    total = 1.0
    for i in range(len(x)):
        s = 0.5
        for j in range(len(w)):
            s = math.sin(s * w[j] + x[i])
        total += s * s
    return math.log(total)


def test_where_the_value_is_needed_first_it_takes_two_loops():
    """The first is the plain primal and records nothing, the second has buffers of one iteration."""
    args = (RNG.normal(size=4), RNG.normal(size=3))
    made = generated(product, args, rerun(product), "value_and_grad")
    value, bars = call_twice(load_python(made.text, made.arrays)[made.entry], *args)
    assert_close(value, product(*args), 1e-13, made.text)
    assert_close(bars, dual_gradient(product, args, (0, 1)), EXACT, made.text)
    assert len([line for depth, line in loops(made.text) if depth == 4]) == 2, made.text
    assert not re.search(r"_saved(_\d+)?\[i\b", made.text), made.text


@pytest.mark.parametrize(("f", "args"), CASES[:3], ids=[f.__name__ for f, _ in CASES[:3]])
def test_compiled(f, args):
    gradient = sct.grad(f, argnums=tuple(range(len(args))), plan=rerun(f))
    assert_close(call_twice(gradient, *args, rtol=REGROUPED), dual_gradient(f, args, tuple(range(len(args)))), 1e-9)


def inner(x, w):
    """A loop inside a loop whose start state is carried: only the inner one may be run again."""
    total = 1.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            q = 0.3
            for k in range(3):
                q = math.sin(q * w[k] + x[i, j])
            s += q
        total = total * math.cos(s) + s
    return total


def test_an_inner_loop_alone():
    """The outer loop keeps what it needs; the buffers inside have no axis for the loop that is run again."""
    args = (RNG.normal(size=(3, 4)), RNG.normal(size=3))
    made = generated(inner, args, f"rerun:{lines_of_loops(inner)[1]}")
    found = call_twice(load_python(made.text, made.arrays)[made.entry], *args)
    assert_close(found, dual_gradient(inner, args, (0, 1)), EXACT, made.text)
    assert not re.search(r"_saved(_\d+)?\[[^\]]*\bj\b", made.text), made.text


def test_a_loop_that_shares_an_array_with_the_loop_around_it_is_refused():
    """The inner loop reads and writes elements of an array that outlives its iterations."""
    lines = lines_of_loops(data_points)
    with pytest.raises(sct.UnsupportedSyntax):
        generated(data_points, (RNG.normal(size=(4, 3)), RNG.normal(size=3)), f"rerun:{lines[0]},{lines[1]}")


def in_place(x, w):
    """Each iteration reads what the one before wrote: running it again needs its start state."""
    for i in range(1, len(x)):
        for j in range(3):
            x[i] = math.sin(x[i] * x[i - 1]) * w[j]
    return x[-1] * x[0]


def carried(x):
    """A scalar is carried: it has to be saved as the start state of each iteration."""
    s = 0.5
    for i in range(len(x)):
        for j in range(3):
            s = math.sin(s * x[i] + 0.1 * j)
    return s


def replaced(x, y):
    """The state is read as a whole at the start of the iteration that replaces it (found by fuzzing: a wrong gradient)."""
    for i in range(1):
        for _ in range(2):
            x, y = y, 0.5 * x + 0.15 * y * x
    return x[1] * y[-1]


def copied(x, y):
    """The array that is copied at the start of each iteration is stored to at its end."""
    for i in range(len(y)):
        kept = x.copy()
        for j in range(len(x)):
            x[j] = math.sin(kept[j - 1]) * y[i]
    return x[0] * x[-1]


def halves(x):
    z = np.zeros(len(x))
    for j in range(len(x)):
        z[j] = math.sin(0.5 * x[j])
    return z


def unread_result(x):
    """What a helper makes and nothing reads is no buffer of the loop: the helper was called again (found by fuzzing)."""
    unread = halves(x)  # noqa: F841
    s = halves(x)[0]
    for i in range(len(x)):
        s += math.exp(x[i]) * x[i]
    return s


def test_what_a_helper_makes_is_not_made_again():
    args = (RNG.normal(size=4),)
    made = generated(unread_result, args, f"rerun:{lines_of_loops(unread_result)[0]}")
    found = call_twice(load_python(made.text, made.arrays)[made.entry], *args)
    assert_close(found, dual_gradient(unread_result, args, (0,)), EXACT, made.text)
    assert made.text.count(" = halves(x)") == 1, made.text


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (in_place, (RNG.normal(size=5), RNG.normal(size=3))),
        (carried, (RNG.normal(size=5),)),
        (replaced, (RNG.normal(size=3), RNG.normal(size=3))),
        (copied, (RNG.normal(size=3), RNG.normal(size=2))),
    ],
)
def test_dependent_iterations_are_right_or_refused(f, args):
    """Never wrong: the start state is saved, or the plan is refused."""
    argnums = tuple(range(len(args)))
    try:
        made = generated(f, args, rerun(f))
    except sct.SctError:
        return
    found = call_twice(load_python(made.text, made.arrays)[made.entry], *args)
    assert_close(found, dual_gradient(f, args, argnums), EXACT, made.text)
