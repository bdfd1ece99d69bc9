"""Programs that mean the order of their sums are compiled so that it is kept."""

import math
import pickle
from pathlib import Path

import numpy as np
import pytest
from numba import typeof

import sct
from tests.harness import NAMED, REGROUPED, same


def rounded(x):
    """The number that is added and subtracted rounds to an integer."""
    n = (x + 6755399441055744.0) - 6755399441055744.0
    return math.exp(x - n) + n


def log_plus_one(x):
    """Kahan's log1p: the error in u is divided by itself."""
    u = 1.0 + x
    return math.log(u) * x / (u - 1.0)


def split(x):
    """Dekker's halves of a number."""
    c = 134217729.0 * x
    high = c - (c - x)
    return (x - high) * 1e16 + high


def compensated(x):
    """Kahan's sum."""
    s = 0.0
    c = 0.0
    for i in range(len(x)):
        y = x[i] - c
        t = s + y
        c = (t - s) - y
        s = t
    return s


def doubled(a, b):
    """The rounding error of a sum, as a helper finds it."""
    s = a + b
    d = s - a
    return (a - (s - d)) + (b - d)


def error_of_sums(x):
    """The order matters in a helper."""
    return doubled(x, 1e-3) * 1e20 + doubled(1.0, x) * 1e20


def shifted(x, by):
    return by + x


def through_a_helper(x):
    """A helper adds what its caller subtracts."""
    return x * (shifted(x, 6755399441055744.0) - 6755399441055744.0)


def through_an_element(x):
    """An element keeps what is subtracted from."""
    y = np.zeros(2)
    y[1] += x
    y[1] += 6755399441055744.0
    return x * (y[1] - 6755399441055744.0)


TENTHS = np.full(100_000, 0.1)
CASES = [(rounded, 2.3), (log_plus_one, 1.1e-13), (split, math.pi), (compensated, TENTHS), (error_of_sums, 0.7)]
CASES += [(through_a_helper, 2.3), (through_an_element, 2.3)]


@pytest.mark.parametrize(("f", "x"), CASES, ids=[f.__name__ for f, _ in CASES])
def test_the_value_is_that_of_the_primal(f, x):
    value, _ = sct.value_and_grad(f)(x)
    assert value == pytest.approx(f(x), rel=1e-15, abs=0.0)


def test_others_may_be_regrouped():
    """The text of the file says so; what comes of it depends on the machine."""

    def plain(x, y):
        s = 0.0
        for i in range(len(x)):
            s += x[i] * y[i] - (y[i] - x[i]) / 2.0
        return s

    def regrouped(f, *args):
        return "reassoc" in Path(sct.grad(f).request.module(tuple(map(typeof, args))).__file__).read_text()

    assert regrouped(plain, TENTHS, TENTHS)
    assert not regrouped(compensated, TENTHS)


def test_the_place_of_small_arrays_does_not_matter_where_sums_keep_their_order():
    """By default it may: LLVM goes through a loop in another way if two arrays lie side by side, and regroups other sums."""
    program, rng, kept = NAMED["broadcast_vectors_second"], np.random.default_rng(0), []
    args = program.args(7)
    exact, quick = (sct.value_and_grad(program.function, program.argnums, fastmath=flags) for flags in (False, None))
    first = exact(*args)
    for _ in range(2000):
        kept = [np.empty(rng.integers(1, 9)), *kept[: rng.integers(30)]]
        found = exact(*args)
        assert same(found, first) and same(quick(*args), first, REGROUPED)
        kept.append(found[1][0])


def test_the_user_may_choose():
    """More flags than suit the function, or none at all; gradients of them keep nothing of it."""
    assert sct.value_and_grad(rounded, fastmath=True)(2.3)[0] == 2.3 + 1.0
    assert sct.value_and_grad(fastmath={"reassoc", "nsz"})(rounded)(2.3)[0] == 2.3 + 1.0
    assert sct.value_and_grad(rounded, fastmath=False)(2.3)[0] == rounded(2.3)
    exact = sct.value_and_grad(total, fastmath=False)
    assert exact(TENTHS)[0] == total(TENTHS) != sct.value_and_grad(total)(TENTHS)[0]
    assert pickle.loads(pickle.dumps(exact))(TENTHS)[0] == total(TENTHS)
    with pytest.raises(sct.TypeProblem, match="fastmath"):
        sct.grad(total, fastmath={"fast", "furious"})


def total(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
    return s
