"""`checkpoint="200MB"`: all loops of a function that would save something for each step keep snapshots, within one budget."""

import math
import re

import numpy as np
import pytest
from numba import njit, typeof

import sct
from sct import pipeline, runtime
from sct.backends.python import load_python
from sct.optimise import parallel
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, SAMPLE, all_args, assert_close, call_twice, gradient_of, plain, tolerance
from tests.test_checkpoint_limits import breaks, heat_unmarked, peak_of
from tests.test_parallel import diffusion

RNG = np.random.default_rng(0)


def march(u, k, n):
    for _ in range(n):
        old = u.copy()
        for i in range(1, len(u) - 1):
            u[i] = old[i] + k * math.sin(old[i + 1] - 2.0 * old[i] + old[i - 1]) * old[i]


def forced(u, f, k, n):
    """A time loop in a helper, one here, and sums before and after them."""
    total, first = 0.0, u[0]
    for i in range(len(f)):
        total += math.exp(f[i]) * math.sin(f[i] * first)
    march(u, k, n)
    for t in range(n):
        for i in range(len(u)):
            u[i] = math.sin(u[i]) * u[i - 1] + f[t % len(f)]
    loss = 0.0
    for i in range(len(u)):
        a = math.sin(u[i]) * f[i % len(f)]
        loss += a * math.exp(a)
    return loss + total


FORCED = (RNG.uniform(size=5), RNG.normal(size=3), 0.1)


@pytest.mark.parametrize("budget", [1, 300, 10**6])
def test_loops_here_and_in_helpers(budget):
    found = plain(forced, (*FORCED, 1), (0, 1, 2), plan=f"checkpoint:{budget}")
    assert re.findall(r"snapshots_within\(.*, (\d+)\)", found.text) == [str(max(budget // 2, 1))] * 2, found.text
    assert "_saved = np.empty(n" not in found.text and "tape" not in found.text
    for n in (0, 1, 2, 9):
        assert_close(call_twice(found, *FORCED, n), dual_gradient(forced, (*FORCED, n), (0, 1, 2)), EXACT, found.text)


def test_the_budget_is_for_all_of_them():
    """Two loops of 4,000 steps over 5 cells would save 320 kB."""
    n = 4000
    whole, some = (plain(forced, (*FORCED, n), (0, 1, 2), plan=plan) for plan in ("default", "checkpoint:20000"))
    assert peak_of(some, *FORCED, n) < 20_000 + 4096
    assert peak_of(whole, *FORCED, n) > 160_000
    assert_close(some(*FORCED, n), whole(*FORCED, n), 1e-12)


def energy_of_paths(x, n):
    """A time loop in a helper that is called for each part, forward and backward in one call; its snapshots go with the call."""
    total = 0.0
    for p in range(len(x)):
        total += _path(x[p], n)
    return total


def _path(x, n):
    v = 0.5
    for _ in range(n):
        v = v - 0.1 * math.sin(x)
        x = x + 0.1 * v
    return x * v


def test_a_loop_in_a_helper_that_is_called_in_a_loop():
    x = RNG.normal(size=3)
    found = plain(energy_of_paths, (x, 1), (0,), plan="checkpoint:64")
    assert "snapshots_within" in found.text
    for n in (0, 7):
        assert_close(call_twice(found, x, n), dual_gradient(energy_of_paths, (x, n), (0,)), EXACT, found.text)


def test_marked_loops_keep_their_own_budget():
    def f(x, n):
        for _ in sct.checkpoint(range(n), budget=77):
            x = math.sin(x)
        for _ in range(n):
            x = math.cos(x)
        return x

    found = plain(f, (0.3, 1), (0,), plan="checkpoint:500")
    assert sorted(re.findall(r"snapshots_within\(.*, (\d+)\)", found.text)) == ["500", "77"]
    assert_close(found(0.3, 9), dual_gradient(f, (0.3, 9), (0,)), EXACT, found.text)


def test_nothing_changes_where_nothing_is_saved():
    def f(x):
        s = 0.0
        for i in range(len(x)):
            s += x[i] * math.exp(x[i])
        return s

    x = RNG.normal(size=3)
    assert plain(f, (x,), (0,), plan="checkpoint:8").text == plain(f, (x,), (0,)).text


def until_small(x, n):
    while x > 0.01:
        x = math.sin(x) * x
    return x


def itself(x, n):
    return x if n == 0 else itself(math.sin(x), n - 1) * x


@pytest.mark.parametrize(
    ("f", "message"), [(until_small, "not known before it runs"), (itself, "calls itself"), (breaks, "may end early")]
)
def test_refusals(f, message):
    with pytest.raises(sct.UnsupportedSyntax, match=message) as caught:
        plain(f, (0.3, 4), (0,), plan="checkpoint:1000")
    assert caught.value.place is not None and caught.value.remedy


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("program", SAMPLE[::3], ids=[p.name for p in SAMPLE[::3]])
def test_the_corpus(program):
    """Right or refused."""
    args = all_args(program)
    try:
        found = plain(program.python, args, tuple(program.argnums), plan="checkpoint:100")
    except sct.SctError:
        return
    assert_close(call_twice(found, *args), gradient_of(program, args), tolerance(program), found.text)


compiled_heat = njit(heat_unmarked)


def test_the_argument():
    u = RNG.uniform(size=6)
    value, bars = sct.value_and_grad(compiled_heat, argnums=(0, 1), checkpoint="1KB")(u, 0.01, 50)
    assert value == compiled_heat(u.copy(), 0.01, 50)
    assert_close(bars, dual_gradient(heat_unmarked, (u, 0.01, 50), (0, 1)), 1e-12)
    gradient = sct.grad(compiled_heat, checkpoint=1000)
    assert "snapshots_within(n, 8 * u.size + 8, 1000)" in gradient.source(u, 0.01, 50)


def test_with_threads(monkeypatch):
    """Loops over `prange` in a time loop that keeps snapshots."""
    monkeypatch.setattr(runtime, "threads", lambda: 3)
    monkeypatch.setattr(runtime, "prange", lambda n: range(n - 1, -1, -1))
    monkeypatch.setattr(parallel, "FEW", 1)
    args = (RNG.uniform(size=7), np.array([0.1, 0.2]))
    kinds = tuple(map(typeof, args))
    made = pipeline.generate(diffusion.py_func, kinds, "grad", (0, 1), "checkpoint:150", parallel=True)
    assert "snapshots_within" in made.text and "prange" in made.text
    entry = load_python(made.text, made.arrays)[made.entry]
    assert_close(call_twice(entry, *args), dual_gradient(diffusion.py_func, args, (0, 1)), EXACT, made.text)


def test_the_report_names_them(capsys):
    sct.grad(heat_unmarked, checkpoint="1KB").report(RNG.uniform(size=6), 0.01, 50)
    assert "loop: snapshots within 1,000 bytes, and steps run again" in capsys.readouterr().out


@pytest.mark.parametrize("given", [{"checkpoint": "much"}, {"checkpoint": 0}, {"checkpoint": True}, {"checkpoint": 8, "plan": "store_all"}])
def test_what_is_no_budget(given):
    with pytest.raises(sct.SctError, match="checkpoint="):
        sct.grad(heat_unmarked, **given)
