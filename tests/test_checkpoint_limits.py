"""`sct.checkpoint`: budgets, what is refused, and the memory that is taken."""

import math
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import sct
from sct.revolve import snapshots_for
from tests.checkpointed import RNG, generated, loaded
from tests.harness import assert_close

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


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
from tests.checkpointed import heat
from tests.test_checkpoint_limits import heat_unmarked

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
