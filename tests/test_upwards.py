"""Which loops of a reverse sweep may run upwards: those that do give the same either way, and for others the order matters."""

import gast
import numpy as np
import pytest
from numba import typeof

from sct import pipeline
from sct.backends.python import load_python
from sct.ir.build import quote, text, walk
from sct.optimise.effects import Effects
from sct.optimise.names import names_of
from sct.optimise.upwards import upwards
from sct.prepare import Units
from tests.harness import assert_close

TURNED = {
    "additions": "x_bar[i - 1] += w[i]\nw_bar[n] -= x[i] * x[i - 1]",
    "elements of its own": "tmp = x_bar[i]\nx_bar[i] = 0.5 * tmp * w[i - 1]",
    "a neighbour of its own": "tmp = x_bar[i + 1]\nx_bar[i + 1] = 0.5 * tmp",
    "a sum": "s_bar += x[i] * w[i]",
    "a branch": "if x[i] > 0.0:\n    x_bar[i] *= 2.0\nelse:\n    w_bar[0] += x[i]",
    "a loop in it": "for k in range(i):\n    tmp = x[k]\n    x_bar[i] = x_bar[i] * tmp\n    w_bar[k] += tmp",
    "an array of its own": "v_bar = np.zeros(2)\nv_bar[1] = x[i]\nx_bar[n] += v_bar[1]",
    "restored and read in its place": "x[i] = w[i]\nx_bar[n] += x[i]",
}
KEPT = {
    "a chain": "tmp = x_bar[i]\nx_bar[i] = 0.0\nx_bar[i - 1] += tmp * w[i]",
    "reads another's": "x_bar[i] += x_bar[i - 1]",
    "a scalar carried": "s_bar = s_bar * x[i]\nx_bar[i] += s_bar",
    "a sum that is read": "s_bar += x[i]\nx_bar[i] += s_bar",
    "the last value counts": "s_bar = x[i]\nx_bar[i] += s_bar",
    "one element": "tmp = x_bar[n]\nx_bar[n] = 0.5 * tmp + x[i]",
    "restored and read elsewhere": "x[i] = w[i]\nx_bar[n] += x[i - 1] * i",
    "a tape": "top -= 1\nx_bar[i] += w[top]",
    "a whole array": "x_bar *= 0.5\nx_bar[i] += 1.0",
    "another name": "tmp = y_bar[i + 1]\ny_bar[i + 1] = 0.0\nx_bar[i] += tmp + w[i]",
    "a part of it": "part_bar = x_bar[1:]\ntmp = x_bar[i]\nx_bar[i] = 0.0\npart_bar[i] += tmp + w[i]",
    "it breaks": "if x[i] < 0.0:\n    break\nx_bar[i] += 1.0",
    "subtracted from": "x_bar[n] = w[i] - x_bar[n]",
    "the index after it": "x_bar[i] += 1.0\nj = i",
}
HEAD = "x_bar = 0.3 * x\nw_bar = 0.7 * w\ny_bar = x_bar\ns_bar = 1.5\ntop = len(x)\nj = 0\n"


def primal(x, w, n):
    """Gives the pass a unit whose names have types."""
    s = 0.0
    for i in range(n):
        s += x[i] * w[i]
    y = x * s
    return np.sum(y)


@pytest.fixture(scope="module")
def unit():
    arrays = typeof(np.zeros(3))
    return Units().prepare(*pipeline.target(primal, (arrays, arrays, typeof(1))))


def made(unit, loop, down="range(len(x) - 2, -1, -1)"):
    """A function with a loop that goes down, and the same after the pass."""
    function = quote("def primal_grad(x, w, n): pass")[0]
    inside = "\n".join(f"    {line}" for line in loop.splitlines())
    function.body = quote(f"{HEAD}for i in {down}:\n{inside}\nreturn (x_bar, w_bar, s_bar, x, j)")
    return function.body, upwards(function.body, Effects(names_of(function, unit), function.body), True)


def outcome(body, turned=False):
    shell = quote("def f(x, w, n): pass")[0]
    shell.body = body
    source = text(shell)
    source = source.replace("range(len(x) - 2, -1, -1)", "range(len(x) - 1)") if turned else source
    rng = np.random.default_rng(0)
    return load_python(f"import numpy as np\n\n{source}")["f"](rng.normal(size=5), rng.normal(size=5), 2)


def ranges(body):
    return [text(stmt.iter) for stmt in walk(body) if isinstance(stmt, gast.For)]


@pytest.mark.parametrize("loop", TURNED.values(), ids=TURNED)
def test_turned(unit, loop):
    before, after = made(unit, loop)
    assert ranges(after)[0] == "range(len(x) - 1)"
    assert_close(outcome(after), outcome(before), 1e-14)


@pytest.mark.parametrize("loop", KEPT.values(), ids=KEPT)
def test_kept(unit, loop):
    before, after = made(unit, loop)
    assert ranges(after) == ranges(before)
    with pytest.raises(AssertionError):
        assert_close(outcome(before, turned=True), outcome(before), 1e-14)


def test_what_wraps_around_is_kept(unit):
    """Elements of their own, but -5 and 0 are one."""
    before, after = made(unit, "x_bar[i] = x_bar[i] * x_bar[i] + w[i + 1]", "range(3, -6, -1)")
    assert ranges(after) == ranges(before)


def test_inner_loops_alone(unit):
    """The order of the outer loop matters, that of the inner one does not."""
    _, after = made(unit, "for k in range(i - 1, 0, -1):\n    x_bar[k] += x[i]\ns_bar = s_bar * x_bar[i]")
    assert ranges(after) == ["range(len(x) - 2, -1, -1)", "range(1, i)"]
