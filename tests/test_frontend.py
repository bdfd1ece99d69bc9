"""Small nasty functions: the core program must compute what Python computes, arrays changed in place included."""

import gast
import numpy as np
import pytest

from sct.errors import UnsupportedSyntax
from sct.frontend import load_program
from sct.ir.check import check
from sct.ir.run import run, text
from tests.core_control import (
    all_exits,
    both,
    early,
    jitted,
    nested_early,
    no_return,
    ping_pong,
    plain_sum,
    square_plus,
    steps,
    while_plain,
)
from tests.core_values import TABLE, augmented_array, closure, helper_for_effect, tuple_nested

FUNCTIONS = [
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not name.startswith("make_")
]


def argument(name, rng):
    if name in ("x", "y", "arr", "table"):
        return rng.normal(size=rng.integers(4, 7))
    if name == "m":
        return rng.normal(size=(3, 2))
    if name in ("n", "k"):
        return int(rng.integers(2, 7)) if name == "n" else int(rng.integers(0, 3))
    return float(rng.normal())


def outcome(call, args):
    """The result and the arrays afterwards, or the exception's type."""
    args = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    try:
        return call(*args), args
    except (ValueError, AssertionError) as problem:
        return type(problem), None


def same(a, b):
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(same(p, q) for p, q in zip(a, b, strict=True))
    if isinstance(a, np.ndarray | float):
        return np.array_equal(a, b, equal_nan=True)
    return a == b


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_core_program_computes_the_same(function):
    program = load_program(function)
    check(program, "test")
    original = getattr(function, "py_func", function)
    names = original.__code__.co_varnames[: original.__code__.co_argcount]
    rng = np.random.default_rng(len(names))
    for _ in range(25):
        args = [argument(name, rng) for name in names]
        wanted, found = outcome(original, args), outcome(lambda *a: run(program, *a), args)
        assert same(wanted, found), f"{args}: {wanted} != {found}\n{text(program)}"


def test_text_is_deterministic():
    for function in (all_exits, tuple_nested, ping_pong):
        assert text(load_program(function)) == text(load_program(function))


def test_lines_are_those_of_the_file():
    program = load_program(nested_early)
    first = nested_early.__code__.co_firstlineno
    last = first + 12
    statements = [n for n in gast.walk(program.tree) if isinstance(n, gast.stmt) and n is not program.tree]
    assert statements
    assert all(first < n.lineno <= last for n in statements)
    assert program.source.place(statements[0]).text == "    if a > 0:"


def test_versions_name_the_variable():
    program = load_program(plain_sum)
    assert program.base["s"] == "s"
    assert {v for v in program.base.values()} == {"x", "s", "v"}
    assert program.returns is None
    assert load_program(both).returns == 2
    assert load_program(no_return).returns == 0


def test_counts_of_trips_are_carried():
    shown = text(load_program(steps))
    assert "last" in shown
    assert "trips" in text(load_program(while_plain))


def test_augmented_names_are_marked():
    program = load_program(augmented_array)
    marked = [n for n in gast.walk(program.tree) if getattr(n, "augmented", False)]
    assert len(marked) == 2


def test_constants_and_helpers():
    program = load_program(closure)
    assert program.constants["k"] == 3.0
    assert program.constants["table"] is TABLE
    assert [(name, helper.function) for name, helper in program.helpers.items()] == [("square_plus", square_plus)]
    assert load_program(helper_for_effect).helpers["jitted"].function is jitted.py_func


def test_unbound_variable_is_refused():
    def f(a):
        b = a + later  # noqa: F821
        later = b
        return later

    with pytest.raises(UnsupportedSyntax, match="later is read before it is assigned"):
        load_program(f)


BROKEN = {
    "assigned twice": "def f(a):\n    b = a\n    b = a + 1\n    return b",
    "parameter reassigned": "def f(a):\n    a = 1.0\n    return a",
    "not three-address": "def f(a):\n    b = math.sin(a) + a\n    return b",
    "load in a subscript": "def f(a):\n    b = a[a[0]]\n    return b",
    "condition without a name": "def f(a):\n    if a > 0:\n        pass\n    return a",
    "read in the other arm": "def f(a):\n    if a:\n        b = a\n    else:\n        c = b\n    return a",
    "read after one arm": "def f(a):\n    if a:\n        b = a\n    else:\n        pass\n    return b",
    "merge read inside": "def f(a):\n    if a:\n        b = a\n        c = b + 1\n        b = c\n    else:\n        b = a\n    return b",
    "early return": "def f(a):\n    if a:\n        return a\n    return a",
    "index after its loop": "def f(a):\n    for i in range(3):\n        pass\n    return i",
    "name of the body after the loop": "def f(a):\n    for i in range(3):\n        b = a\n    return b",
    "carried read elsewhere": "def f(a):\n    c = a\n    for i in range(3):\n        b = c + 1\n        c = b\n    d = c\n    return d",
    "carried assigned in the middle": "def f(a):\n    c = a\n    for i in range(3):\n        h = c\n        c = h\n        b = h + 1\n    d = c\n    return d",
    "leaf without carried": "def f(a):\n    c = a\n    for i in range(3):\n        h = c\n        if a:\n            break\n        else:\n            c = h\n    d = c\n    return d",
    "break not in tail": "def f(a):\n    for i in range(3):\n        if a:\n            break\n        b = a\n    return a",
    "undefined once": "def f(a):\n    b = UNDEFINED\n    return b",
    "unknown name": "def f(a):\n    b = a + nowhere\n    return b",
    "augmented name": "def f(a):\n    a += 1\n    return a",
}


@pytest.mark.parametrize("name", BROKEN)
def test_check_rejects(name):
    program = load_program(early)
    program.tree = gast.parse(BROKEN[name]).body[0]
    with pytest.raises(AssertionError, match="core language, stage"):
        check(program, "stage")
