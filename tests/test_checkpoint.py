"""`sct.checkpoint`: time loops whose reverse sweep keeps some states and runs the steps again."""

import functools
import math
import os
from collections import Counter

import gast
import numpy as np
import pytest
from numba import njit

import sct
from sct.analyses.checkpoint import Checkpoint
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient
from sct.revolve import next_snapshot, snapshots_for, snapshots_within
from sct.transform import adjoint
from tests.checkpointed import PROGRAMS, RNG, copies, exchanged, generated, history, leapfrog, loaded, network, three_levels
from tests.harness import EXACT, all_args, assert_close, call_twice, gradient_of, plain, tolerance
from tests.programs import PROGRAMS as PROGRAMS_OF_THE_CORPUS

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
BUDGETS = (1, 200, None, 10**6)
"""One snapshot, a few, 4 for each binary digit of the number of steps, one for each step."""

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=[p.__name__ for p in PROGRAMS])


@each_program
@pytest.mark.parametrize("budget", BUDGETS)
def test_the_gradient_is_right(program, budget):
    """For no step, one, and numbers of steps that the schedule does not divide; called twice."""
    f, args = program(budget)
    made = generated(f, (*args, 1))
    assert "next_snapshot" in made.text
    gradient = loaded(made)
    for n in (0, 1, 2, 7, 13):
        assert_close(call_twice(gradient, *args, n), dual_gradient(f, (*args, n), (0, 1)), EXACT, made.text)


@each_program
def test_it_agrees_with_the_sweep_that_keeps_everything(program, monkeypatch):
    f, args = program(300)
    some = loaded(generated(f, (*args, 1)))
    monkeypatch.setattr(adjoint, "checkpoints", lambda unit, split: [])
    made = generated(f, (*args, 1))
    assert "next_snapshot" not in made.text
    for n in (3, 20):
        assert_close(some(*copies(args), n), loaded(made)(*copies(args), n), 1e-13, made.text)


@pytest.mark.parametrize("program", [exchanged, leapfrog])
def test_compiled(program):
    """With the value, for other sizes in the second call; the argument stays as it is."""
    f, args = program(300)
    both = sct.value_and_grad(f, (0, 1))
    for n in (9, 30):
        value, bars = call_twice(both, *args, n, rtol=1e-12)
        assert_close(value, f(*copies(args), n), 1e-11)
        assert_close(bars, dual_gradient(f, (*args, n), (0, 1)), 1e-9)


@pytest.mark.parametrize("program", [exchanged, history, leapfrog])
def test_other_modes(program):
    """Forward mode runs the loop as it is; a value beside the gradient, and a pullback."""
    f, args = program(200)
    args = (*args, 6)
    bars = dual_gradient(f, args, (0, 1))
    forward = generated(f, args, "jacfwd")
    assert "next_snapshot" not in forward.text
    assert_close(call_twice(loaded(forward), *args), bars, EXACT)
    value, found = call_twice(loaded(generated(f, args, "value_and_grad")), *args)
    assert_close(value, f(*copies(args)), 1e-12)
    assert_close(found, bars, EXACT)
    _, found = call_twice(loaded(generated(f, args, "vjp")), *args, 0.7)
    assert_close(found, tuple(0.7 * np.asarray(bar) for bar in bars), EXACT)


def test_second_derivatives():
    """The tangent of a gradient with snapshots: the schedule is read as any other code."""
    f, (u, k) = exchanged(200)
    u_dot, step = RNG.normal(size=u.shape), 1e-6
    found = sct.hvp(lambda u: f(u, k, 6), (u,), (u_dot,))
    gradient = sct.grad(f)
    expected = (gradient(u + step * u_dot, k, 6) - gradient(u - step * u_dot, k, 6)) / (2 * step)
    assert_close(found, expected, 1e-7)


def test_finite_differences():
    f, (u, k) = three_levels(300)
    gradient, step = sct.grad(f)(u, k, 8), 1e-6
    for i, e in enumerate(np.eye(len(u))):
        slope = (f(u + step * e, k, 8) - f(u - step * e, k, 8)) / (2 * step)
        assert abs(slope - gradient[i]) < 1e-7 * np.abs(gradient).max()


def test_an_array_as_result():
    """The value is what the loop left, not what the reverse sweep makes of it."""

    def f(u, k, n):
        for _ in sct.checkpoint(range(n), budget=100):
            for i in range(len(u)):
                u[i] = math.sin(u[i] * k)
        return u

    args, seed = (RNG.normal(size=4), 0.9, 11), RNG.normal(size=4)
    jacobian = loaded(generated(f, args, "jacfwd"))(*copies(args))
    value, bars = call_twice(loaded(generated(f, args, "vjp")), *args, seed)
    assert_close(value, f(*copies(args)), 1e-13)
    assert_close(bars, (seed @ jacobian[0], seed @ jacobian[1]), EXACT)
    assert_close(call_twice(loaded(generated(f, args, "jacrev")), *args), jacobian, EXACT)


def test_in_place():
    """The raw adjoint of a function that returns nothing."""

    def f(u, k, n):
        for _ in sct.checkpoint(range(n), budget=100):
            for i in range(len(u)):
                u[i] = math.sin(u[i] * k[i])

    def returned(u, k):
        for _ in range(7):
            u = np.sin(u * k)
        return u

    u, k, u_bar, k_bar = RNG.normal(size=(4, 3))
    by_u, by_k = loaded(generated(returned, (u, k), "jacfwd"))(u, k)
    expected = (u_bar @ by_u, k_bar + u_bar @ by_k)
    loaded(generated(f, (u, k, 7), "adjoint"))(u, k, 7, u_bar, k_bar)
    assert_close((u_bar, k_bar), expected, EXACT)


def test_the_oracle():
    """`store_all` keeps every value of one step."""
    f, args = network(200)
    gradient = loaded(generated(f, (*args, 6), plan="store_all"))
    assert_close(gradient(*copies(args), 6), dual_gradient(f, (*args, 6), (0, 1)), EXACT)


def test_another_budget_is_another_gradient():
    """Not the one that is cached."""
    sources = {sct.grad(network(budget)[0]).source(*network(budget)[1], 3) for budget in (100, 200, None)}
    assert len(sources) == 3


def test_an_array_that_later_code_changes():
    """What the steps read is put back before they run again."""

    def f(x, y, n):
        s = y
        for t in sct.checkpoint(range(n), budget=64):
            s = math.sin(s * x[t % 3])
        x[0] = s * x[1]
        return x[0] * x[1]

    args = (RNG.normal(size=3), 0.7, 9)
    made = generated(f, args)
    assert_close(call_twice(loaded(made), *args), dual_gradient(f, args, (0, 1)), EXACT, made.text)


def test_several_arrays_that_later_code_changes():
    """The plan puts back one: refused."""

    def f(u, w, n):
        s = 0.5
        for t in sct.checkpoint(range(n), budget=64):
            s = math.sin(s * w[t % 2]) + u[0]
        w[0] = s * w[1] * w[0]
        u[0] = math.cos(u[0])
        return w[0] * w[1] * u[0]

    with pytest.raises(sct.UnsupportedSyntax, match="written to after it") as caught:
        generated(f, (RNG.normal(size=2), RNG.normal(size=2), 9))
    assert "copy" in caught.value.remedy


def test_in_python_and_compiled_code_it_is_the_range():
    def f(n):
        s = 0
        for t in sct.checkpoint(range(3, n, 2), budget="1KB"):
            s += t
        for t in sct.checkpoint(range(n)):
            s -= 2 * t
        return s

    assert f(10) == 3 + 5 + 7 + 9 - 90 == njit(f)(10)


SOME = PROGRAMS_OF_THE_CORPUS if os.environ.get("SCT_TEST_ALL") else PROGRAMS_OF_THE_CORPUS[::60]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("program", SOME, ids=[p.name for p in SOME])
def test_every_loop_of_the_corpus(program, monkeypatch):
    """With one snapshot for each `for` that can have snapshots, those that the lowering made included: right or refused."""

    def every(unit, split):
        found = []
        for loop in (s for s in unit.facts.statements() if isinstance(s, gast.For) and not split):
            loop.budget = 1
            try:
                found.append(Checkpoint(unit, loop))
                found[-1].check()
            except sct.UnsupportedSyntax:
                del found[-1]
        return found

    monkeypatch.setattr(adjoint, "checkpoints", every)
    args = all_args(program)
    try:
        gradient = plain(program.python, args, program.argnums)
    except sct.UnsupportedSyntax as refused:
        assert "written to after it" in str(refused)
        return
    assert_close(call_twice(gradient, *args), gradient_of(program, args), tolerance(program), gradient.text)


# the schedule


@functools.cache
def fewest(n, snapshots):
    """The fewest runs of steps besides the last of each: by trying every place of the next snapshot."""
    if n <= 1:
        return 0
    if snapshots == 1:
        return n * (n - 1) // 2
    return min(m + fewest(n - m, snapshots - 1) + fewest(m, snapshots) for m in range(1, n))


def test_no_schedule_runs_fewer_steps():
    def runs(n, snapshots):
        first = next_snapshot(0, n, snapshots - 1)
        if first == n:
            return n * (n - 1) // 2
        assert 0 < first < n
        return first + runs(n - first, snapshots - 1) + runs(first, snapshots)

    for n in range(60):
        for snapshots in range(1, 10):
            assert runs(n, snapshots) == fewest(n, snapshots), (n, snapshots)


@pytest.mark.parametrize(("n", "snapshots"), [(1, 1), (2, 1), (17, 1), (50, 3), (64, 6), (101, 8), (40, 40)])
def test_the_generated_code_follows_it(n, snapshots):
    """Plain steps: all of them once, and what the schedule runs again; no more snapshots than there is room for."""
    budget = 16 * snapshots

    def f(x, n):
        for t in sct.checkpoint(range(n), budget=budget):
            x = math.sin(x) + 0.1 * t
        return x

    made = generated(f, (0.3, n), argnums=(0,))
    calls, tops = [], []
    text = made.text.replace("math.sin(", "sine(").replace("newest += 1", "newest += newer(newest)")
    space = load_python(text, made.arrays)
    space["sine"] = lambda x: (calls.append(x), math.sin(x))[1]
    space["newer"] = lambda newest: (tops.append(newest + 1), 1)[1]
    space[made.entry](0.3, n)
    # The schedule counts the first sweep up to the last snapshot only. Without it:
    first, start = 0, 0
    while next_snapshot(start, n, min(n, snapshots) - 1 - first) < n:
        start, first = next_snapshot(start, n, min(n, snapshots) - 1 - first), first + 1
    assert len(calls) == n + fewest(n, snapshots) - start, text
    runs = next(r for r in range(n + 1) if math.comb(snapshots + r, r) >= n)
    assert max(Counter(calls).values()) <= runs + 1, text
    assert max(tops) == min(n, snapshots) - 1, text


def test_how_many_snapshots():
    assert [snapshots_for(n) for n in (-2, 0, 1, 3, 8, 9, 100_000)] == [1, 1, 1, 3, 8, 9, 68]
    assert [snapshots_within(n, 100, 1050) for n in (-1, 0, 4, 11, 1000)] == [1, 1, 4, 10, 10]
    assert snapshots_within(1000, 2000, 1050) == 1


def with_budget(budget):
    def f(x, n):
        for t in sct.checkpoint(range(n), budget=budget):
            x = math.sin(x) + 0.1 * t
        return x

    return generated(f, (0.3, 5), argnums=(0,)).text


@pytest.mark.parametrize(
    ("budget", "size"), [("200MB", 200_000_000), ("1.5 GB", 1_500_000_000), ("64KB", 64_000), ("7B", 7), (1024, 1024)]
)
def test_budgets(budget, size):
    assert f", 16, {size})" in with_budget(budget)


@pytest.mark.parametrize("budget", ["200 MiB", "MB", 0, -1, True, 1.5, "-3MB"])
def test_what_is_no_budget(budget):
    with pytest.raises(sct.UnsupportedSyntax, match="no budget") as caught:
        with_budget(budget)
    assert caught.value.place is not None and "200MB" in caught.value.remedy
