"""Recursion: each activation is run and reversed once, facts hold around circles of calls, compiled code is not cached."""

import sys
from collections import Counter
from types import SimpleNamespace

import pytest

from sct.backends.cache import _footer
from sct.ir.fixpoint import Least
from tests.harness import NAMED, plain


def activations(entry, *args):
    """How often each function of the generated module runs in one call."""
    counts = Counter()

    def count(frame, event, _):
        if event == "call":
            counts[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        entry(*args)
    finally:
        sys.setprofile(None)
    return counts


def test_a_linear_recursion_is_reversed_in_linear_time():
    deep = plain(NAMED["deep"].python, (1.0, 200), 0)
    counts = activations(deep.entry, 1.0, 200)
    assert counts["deep_forward"] == counts["deep_reverse"] == 201


def test_two_calls_per_activation_are_each_reversed_once():
    fibonacci = plain(NAMED["fibonacci"].python, (1.0, 1.0, 8), (0, 1))
    counts = activations(fibonacci.entry, 1.0, 1.0, 8)
    assert counts["fibonacci_forward"] == counts["fibonacci_reverse"] == 67


@pytest.mark.parametrize(("name", "cached"), [("power", False), ("mutual", False), ("in_place_helper_in_loop", True)])
def test_compiled_code_of_a_recursion_is_not_cached(name, cached):
    program = NAMED[name]
    made = plain(program.python, program.args(), program.argnums)
    footer = _footer(SimpleNamespace(text=made.text, entry=made.entry.__name__, arrays={}, notes=[], regroup=True), "stem", None)
    assert ("cache=True" in footer) == cached


def test_the_least_solution_around_a_circle():
    """`a` and `b` need each other; `b`, asked for while `a` is open, is not kept before `a` is settled."""
    edges = {"a": "bx", "b": "ac", "c": "", "x": ""}
    reached = Least(lambda key: frozenset(key).union(*map(reached, edges[key])), frozenset())
    assert reached("a") == reached("b") == frozenset("abcx")
    assert reached("c") == frozenset("c")
