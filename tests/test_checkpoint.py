"""`sct.checkpoint`: time loops whose reverse sweep keeps some states and runs the steps again."""

import functools
import math
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import gast
import numpy as np
import pytest
from numba import njit, typeof

import sct
from sct import pipeline
from sct.analyses.checkpoint import Checkpoint
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient
from sct.revolve import next_snapshot, snapshots_for, snapshots_within
from sct.transform import adjoint
from tests.harness import EXACT, all_args, assert_close, call_twice, gradient_of, plain, tolerance
from tests.programs import PROGRAMS as PROGRAMS_OF_THE_CORPUS

RNG = np.random.default_rng(0)
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
BUDGETS = (1, 200, None, 10**6)
"""One snapshot, a few, 4 for each binary digit of the number of steps, one for each step."""


def heat(budget):
    def f(u, k, n):
        for _ in sct.checkpoint(range(n), budget=budget):
            old = u.copy()
            for i in range(1, len(u) - 1):
                u[i] = old[i] + k * (old[i + 1] - 2.0 * old[i] + old[i - 1]) * old[i]
        return np.sum(u * u)

    return f, (RNG.uniform(size=5), 0.1)


def heat_by_helper(budget):
    """The step is a helper that writes in place, with scratch from outside the loop."""

    def step(u, new, k):
        for i in range(1, len(u) - 1):
            new[i] = u[i] + k * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
        for i in range(1, len(u) - 1):
            u[i] = new[i]

    def f(u, k, n):
        new = np.empty(len(u))
        for _ in sct.checkpoint(range(n), budget=budget):
            step(u, new, k)
        return u[1] * u[2]

    return f, (RNG.uniform(size=5), 0.1)


def rebound(budget):
    """The state is a new array in each step."""

    def f(u, k, n):
        for t in sct.checkpoint(range(n), budget=budget):
            u = u + k * np.sin(u) * np.roll(u, 1) * (t + 1.0)
        return np.sum(u * u)

    return f, (RNG.normal(size=4), 0.1)


def leapfrog(budget):
    """Only scalars are carried, two floats, an int and a bool."""

    def f(x, v, n):
        energy, count, inside = 0.0, 0, True
        for t in sct.checkpoint(range(n), budget=budget):
            v = v - 0.05 * math.sin(x) * (1.5 if inside else 0.5)
            x = x + 0.1 * v
            inside = x > 0.0
            if inside:
                count += 1
            energy += v * v * math.cos(0.3 * t) * count
        return energy * x + v

    return f, (0.2, 0.7)


def several(budget):
    """Two arrays of different kinds, an array of ints and a scalar."""

    def f(u, w, n):
        v = np.zeros((2, 2))
        order = np.zeros(len(u), np.int64)
        s = 0.5
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(len(u)):
                order[i] = (order[i] + i + t) % len(u)
            for i in range(2):
                for j in range(2):
                    v[i, j] += math.sin(u[order[i]] * s) + 0.1 * v[j, i] * w[j]
            for i in range(len(u)):
                u[i] += 0.1 * math.cos(v[i % 2, 0] * u[i - 1])
            s = 0.9 * s + 0.1 * v[1, 0] * u[0]
        return s * v[0, 1] + np.sum(u)

    return f, (RNG.normal(size=3), RNG.normal(size=2))


def exchanged(budget):
    """Arrays change places; what is at the edges of one is never in the other."""

    def f(u, k, n):
        v = np.cos(u)
        first = u[0] * v[-1]
        for _ in sct.checkpoint(range(n), budget=budget):
            for i in range(1, len(u) - 1):
                v[i] = u[i] + k * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
            u, v = v, u
        return u[1] * v[2] * first + u[0]

    return f, (RNG.uniform(size=4), 0.2)


def three_levels(budget):
    """A wave equation: three arrays change places in a circle."""

    def f(u, c, n):
        old, new = u * 0.9, np.zeros(len(u))
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(1, len(u) - 1):
                new[i] = 2.0 * u[i] - old[i] + c * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * math.cos(u[i] + t)
            old, u, new = u, new, old
        return u[1] * u[2] + old[1] ** 2

    return f, (RNG.normal(size=5), 0.3)


def history(budget):
    """What is only written is in no snapshot; it is read after the loop."""

    def f(u, k, n):
        every = np.zeros((n + 1, len(u)))
        first = every[0, 0] + k
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(len(u)):
                u[i] = u[i] * math.sin(k * u[i - 1])
                every[t, i] = u[i]
        return np.sum(every * every) * first + u[0]

    return f, (RNG.normal(size=3) + 2.0, 0.8)


def reads_history(budget):
    """The step reads what an earlier one wrote: the history is part of the state."""

    def f(u, k, n):
        every = np.zeros(n + 2)
        every[0] = u[0] * u[1]
        every[1] = u[1]
        for t in sct.checkpoint(range(n), budget=budget):
            every[t + 2] = every[t + 1] * math.cos(k * every[t]) + every[t + 1]
        return every[n] * every[n + 1]

    return f, (RNG.normal(size=2), 0.8)


def adds_up(budget):
    """An array that is only added to."""

    def f(u, k, n):
        total = u * u
        for t in sct.checkpoint(range(n), budget=budget):
            total[t % len(u)] += math.sin(u[0] * k)
            u[0] = u[0] * math.cos(k * u[1])
        return total[0] * total[1] * u[0]

    return f, (RNG.normal(size=3) + 2.0, 0.8)


def network(budget):
    """Weights that every step uses; a loop, a branch on data and scratch arrays in the step."""

    def f(h, w, n):
        loss = 0.0
        scratch = np.zeros(len(h))
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(len(h)):
                a = 0.1 * t
                for j in range(len(h)):
                    a += w[i, j] * h[j]
                scratch[i] = math.tanh(a) if a > 0.0 else 0.3 * a * a
            for i in range(len(h)):
                h[i] = scratch[i]
            if h[0] > 0.2:
                loss += h[0] * h[1]
        return loss + h[1]

    return f, (RNG.normal(size=3), 0.5 * RNG.normal(size=(3, 3)))


def triangular(budget):
    """An inner loop whose length depends on the step: what it saves goes onto the tape."""

    def f(u, k, n):
        s = k
        for t in sct.checkpoint(range(n), budget=budget):
            for j in range(t % 3):
                s = math.sin(s * u[j]) + k
            while s > 1.0:
                s = 0.7 * s
            u[t % 3] = u[t % 3] * s
        return s * u[0] * u[1]

    return f, (RNG.normal(size=3) + 1.0, 0.8)


def backwards(budget):
    """Steps that count down, by two, from a start that is an argument."""

    def f(u, k, n):
        for t in sct.checkpoint(range(2 * n, 1, -2), budget=budget):
            u[0] = math.sin(u[0] * u[1]) + k * t
            u[1] = u[1] * math.cos(u[0])
        return u[0] * u[1]

    return f, (RNG.normal(size=2), 0.8)


def from_start(budget):
    """A start that is not 0, a step that only the run knows, and names from before the loop."""

    def f(u, k, n):
        pace = 1 + n % 2
        c = math.exp(k)
        for t in sct.checkpoint(range(3, 3 + n), budget=budget):
            u[0] = math.sin(u[0] * c) + u[1] * t
        for t in sct.checkpoint(range(n, 3 * n, pace), budget=budget):
            u[1] = math.sin(u[1] * c) + u[0] * t
        return u[0] * u[1]

    return f, (RNG.normal(size=2), 0.3)


def in_a_branch(budget):
    """The loop stands in an arm; an early return makes another."""

    def f(u, k, n):
        if n == 0:
            return k * u[0]
        s = u[0] * u[1]
        if n > 1:
            for _ in sct.checkpoint(range(n), budget=budget):
                s = math.sin(s + k) * u[1]
                u[1] = u[1] * math.cos(s)
        return s * s + u[1]

    return f, (RNG.normal(size=2), 0.3)


def by_helper(budget):
    """The loop stands in a helper that changes its argument, which the caller reads and changes before and after."""

    def run(u, k, n):
        for _ in sct.checkpoint(range(n), budget=budget):
            for i in range(len(u)):
                u[i] = math.sin(u[i] * k) + u[i - 1]

    def f(u, k, n):
        u[0] = u[0] * u[1] * k
        run(u, k, n)
        u[1] = u[1] * u[0]
        return np.sum(u * u)

    return f, (RNG.normal(size=3), 0.7)


def views(budget):
    """The step works on parts of an array that were named before the loop."""

    def f(u, k, n):
        inner, left, right = u[1:-1], u[:-2], u[2:]
        for _ in sct.checkpoint(range(n), budget=budget):
            inner[:] = inner + k * inner * (left + right)
        return np.sum(u * u * u)

    return f, (RNG.normal(size=5), 0.2)


PROGRAMS = (
    heat, heat_by_helper, rebound, leapfrog, several, exchanged, three_levels, history, reads_history, adds_up, network, triangular,
    backwards, from_start, in_a_branch, by_helper, views,
)  # fmt: skip
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=[p.__name__ for p in PROGRAMS])


def generated(f, args, mode="grad", argnums=(0, 1), plan="default"):
    return pipeline.generate(f, tuple(map(typeof, args)), mode, argnums, plan)


def loaded(made):
    return load_python(made.text, made.arrays)[made.entry]


def copies(args):
    return [np.copy(a) if isinstance(a, np.ndarray) else a for a in args]


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


# what is refused


def breaks(x, n):
    for t in sct.checkpoint(range(n)):
        x = math.sin(x) + t
        if x > 2.0:
            break
    return x


def returns(x, n):
    for t in sct.checkpoint(range(n)):
        x = math.sin(x) + t
        if x > 2.0:
            return x
    return x


def nested(x, n):
    for _ in range(n):
        for t in sct.checkpoint(range(n)):
            x = math.sin(x) + t
    return x


def in_both(x, n):
    for _ in sct.checkpoint(range(n)):
        for t in sct.checkpoint(range(n)):
            x = math.sin(x) + t
    return x


def draws(x, n):
    for _ in sct.checkpoint(range(n)):
        x = math.sin(x) + np.random.rand()  # noqa: NPY002
    return x


def rand_step(x):
    return math.sin(x) + np.random.normal()  # noqa: NPY002


def draws_in_a_helper(x, n):
    for _ in sct.checkpoint(range(n)):
        x = rand_step(x)
    return x


def prints(x, n):
    for _ in sct.checkpoint(range(n)):
        x = math.sin(x)
        print(x)
    return x


def grows(x, n):
    found = [x]
    for _ in sct.checkpoint(range(n)):
        found.append(math.sin(found[-1]))
    return found[-1]


def advance(u, n):
    for _ in sct.checkpoint(range(n)):
        u[0] = math.sin(u[0])


def helper_in_a_loop(x, n):
    u = np.full(2, x)
    for _ in range(n):
        advance(u, n)
    return u[0]


def computed_budget(x, n):
    for _ in sct.checkpoint(range(n), budget=8 * n):
        x = math.sin(x)
    return x


def two_ranges(x, n):
    for _ in sct.checkpoint(range(n), 100, range(n)):
        x = math.sin(x)
    return x


def not_in_the_head(x, n):
    steps = sct.checkpoint(range(n))
    for _ in steps:
        x = math.sin(x)
    return x


def over_zip(x, n):
    for _, t in zip(range(n), sct.checkpoint(range(n))):
        x = math.sin(x) + t
    return x


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (breaks, "may end early"),
        (returns, "may end early"),
        (nested, "stands in another"),
        (in_both, "stands in another"),
        (draws, "random"),
        (draws_in_a_helper, "random"),
        (prints, "prints"),
        (grows, "grow"),
        (helper_in_a_loop, "stands in another"),
        (computed_budget, "before the run"),
        (two_ranges, "form"),
        (not_in_the_head, "checkpoint"),
        (over_zip, "checkpoint"),
    ],
)
def test_refusals(f, message):
    """With the place of the loop and a remedy; never a wrong gradient."""
    with pytest.raises(sct.SctError, match=message) as caught:
        generated(f, (0.3, 4), argnums=(0,))
    assert caught.value.place is not None and caught.value.remedy


# memory


def peak_of(gradient, *args):
    """The bytes that a call in plain Python allocates at most, NumPy's included."""
    gradient(*args)
    tracemalloc.start()
    gradient(*args)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def oscillator(budget):
    def f(x, v, n):
        for _ in sct.checkpoint(range(n), budget=budget):
            v = v - 0.01 * math.sin(x)
            x = x + 0.01 * v
        return x * v

    return f, (0.2, 0.7)


def test_10_000_steps_within_the_budget():
    """The residuals of all steps would take 80 kB at least."""
    n, budget = 10_000, 5_000
    f, args = oscillator(budget)
    some = generated(f, (*args, n))
    assert peak_of(loaded(some), *args, n) < budget + 2048, some.text
    some_bars = loaded(some)(*args, n)
    f, args = oscillator(None)
    assert peak_of(loaded(generated(f, (*args, n))), *args, n) < snapshots_for(n) * 24 + 2048
    whole = generated(unmarked, (*args, n))
    assert peak_of(loaded(whole), *args, n) > 8 * n
    assert_close(some_bars, loaded(whole)(*args, n), 1e-12)


def unmarked(x, v, n):
    for _ in range(n):
        v = v - 0.01 * math.sin(x)
        x = x + 0.01 * v
    return x * v


def cells(u, k, n):
    new = np.empty(len(u))
    for _ in range(n):
        for i in range(1, len(u) - 1):
            new[i] = u[i] + k * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
        for i in range(1, len(u) - 1):
            u[i] = new[i]
    return np.sum(u * u)


def test_the_default_plan_keeps_one_state_for_each_step():
    """n steps over N cells: 8 n N bytes, and a few arrays of N."""
    n, size = 200, 100
    made = generated(cells, (RNG.uniform(size=size), 0.1, n))
    peak = peak_of(loaded(made), RNG.uniform(size=size), 0.1, n)
    assert 8 * n * (size - 2) < peak < 8 * n * size + 10 * 8 * size + 4096, made.text


SCRIPT = """
import re, time
import numpy as np
import sct
from tests.test_checkpoint import heat, heat_unmarked

def high():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024

def measured(f):
    gradient, best = sct.grad(f, (0, 1)), 1e9
    gradient(u, 0.01, 3)
    before = high()
    for _ in range(3):
        start = time.perf_counter()
        bars = gradient(u, 0.01, 100_000)
        best = min(best, time.perf_counter() - start)
    return high() - before, best, float(bars[1])

u = np.random.default_rng(0).uniform(size=50)
print(*measured(heat("1MB")[0]), *measured(heat_unmarked))
"""


def heat_unmarked(u, k, n):
    for _ in range(n):
        old = u.copy()
        for i in range(1, len(u) - 1):
            u[i] = old[i] + k * (old[i + 1] - 2.0 * old[i] + old[i - 1]) * old[i]
    return np.sum(u * u)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_100_000_compiled_steps():
    """Of 50 cells: 40 MB of residuals, of which 1 MB is allowed; at most three times as slow as with all of them."""
    found = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    some, some_time, some_bar, whole, whole_time, whole_bar = map(float, found.split())
    assert some < 4e6 < 40e6 <= whole
    assert some_time < 3.0 * whole_time
    assert abs(some_bar - whole_bar) <= 1e-9 * abs(whole_bar)
