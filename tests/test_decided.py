"""A derivative that loses what comparisons decide says so, and only that one."""

import sys

import numpy as np
import pytest
from numba import typeof

from sct import pipeline
from sct.backends.request import Request
from sct.errors import DiscreteWarning


def bisection(a):
    low, high = 0.0, 3.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if middle * middle - a > 0.0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high) * a


def bisection_that_leaves(a):
    low, high = 0.0, 3.0
    while True:
        middle = 0.5 * (low + high)
        if middle * middle > a:
            high = middle
            if high - low < 1e-6:
                break
        else:
            low = middle
    return high


def bisection_by_arithmetic(a):
    low, high = 0.0, 3.0
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        above = middle * middle > a
        low += (middle - low) * (not above)
        high += (middle - high) * above
    return low


def in_a_helper(a):
    return bisection(a) * a


def mean_of_some(x):
    s = n = 0.0
    for v in x:
        if v > 0.5:
            s += v
            n += 1.0
    return s / n


def newton(a):
    x = a
    for _ in range(20):
        step = (x * x - a) / (2.0 * x)
        x = x - step
        if abs(step) < 1e-12:
            break
    return x


def largest(x):
    best = x[0]
    for v in x:
        if v > best:
            best = v
    return best


def generated(f, args, mode):
    made = pipeline.generate(f, tuple(map(typeof, args)), mode, 0)
    return made.text, made.notes


@pytest.mark.parametrize("mode", ["grad", "jvp"])
@pytest.mark.parametrize("f", [bisection, bisection_that_leaves, bisection_by_arithmetic, in_a_helper])
def test_a_bisection_warns(f, mode):
    text, told = generated(f, (2.0,), mode)
    assert any("`low`" in message or "`high`" in message for message in told)
    assert all(message in text for message in told)
    assert "test_decided.py, line " in told[0] and "equation" in told[0]


@pytest.mark.parametrize(
    ("f", "args"), [(mean_of_some, (np.ones(3),)), (newton, (2.0,)), (largest, (np.ones(3),))]
)
def test_what_carries_its_derivative_does_not(f, args):
    assert generated(f, args, "grad")[1] == []


def test_every_process_is_warned_once(tmp_path, monkeypatch, recwarn):
    """Whether the file is new or was found; asking again in one process tells nothing new."""
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    request = Request(bisection, "grad", 0)
    with pytest.warns(DiscreteWarning, match="`high`"):
        module = request.module((typeof(2.0),))
    recwarn.clear()
    assert request.module((typeof(2.0),)) is module and not recwarn
    monkeypatch.delitem(sys.modules, module.__name__)
    monkeypatch.setattr(pipeline, "generate", None)
    with pytest.warns(DiscreteWarning, match="`high`"):
        request.module((typeof(2.0),))


@pytest.mark.filterwarnings("error::sct.errors.DiscreteWarning")
def test_a_warning_that_is_an_error_is_one_every_time(tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    for _ in range(2):
        with pytest.raises(DiscreteWarning):
            Request(bisection_that_leaves, "grad", 0).module((typeof(2.0),))
