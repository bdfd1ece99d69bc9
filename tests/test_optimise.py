"""Optimised derivatives compute what the plain ones do; each pass on small functions."""

import gast
import numpy as np
import pytest
from numba import typeof

from sct import library, pipeline
from sct.backends.python import load_python
from sct.ir.build import quote, text
from sct.optimise.blocks import each_statement
from sct.optimise.branches import shaped
from sct.optimise.copies import coalesced
from sct.optimise.dead import drop_dead
from sct.optimise.effects import Effects
from sct.optimise.fold import folded
from sct.optimise.gather import gathered
from sct.optimise.names import names_of
from sct.optimise.propagate import propagate
from sct.optimise.simplify import simplified
from sct.prepare import Units
from tests.programs import PROGRAMS

COMPARED = {
    "second_name", "moving_window", "names_of_rows_swapped", "scatter_read_modify", "global_array", "energy", "horner",
    "float32_in_place", "two_breaks_with_work", "exits_three_deep", "return_in_a_loop", "in_place_helper_in_loop", "nested_in_place_helpers",
    "tuple_result", "same_array_twice", "helper_returns_its_argument", "heat", "jacobi_2d", "n_body", "black_scholes", "cholesky",
    "fibonacci_swap", "lstm", "insertion_sort", "rebinding_with_loops", "ternaries", "z_bar_is_taken", "trap_tape_order",
    "trap_name_used_after_its_loop", "trap_while_trip_count_in_a_nest", "elementwise", "while_nested_with_break",
}
CASES = [p for p in PROGRAMS if p.name in COMPARED]


def outputs(value):
    """The arrays in a nest of tuples."""
    if isinstance(value, tuple):
        return [leaf for part in value for leaf in outputs(part)]
    return [] if value is None else [np.asarray(value, float)]


def computed(program, mode, plan):
    args = program.args(1)
    made = pipeline.generate(program.function, tuple(typeof(a) for a in args), mode, program.argnums, plan)
    rng = np.random.default_rng(2)
    dots = [rng.normal(size=np.shape(args[k])).astype(np.asarray(args[k]).dtype)[()] for k in program.argnums]
    return outputs(load_python(made.text, made.arrays)[made.entry](*args, *(dots if mode == "jvp" else ())))


@pytest.mark.parametrize(("mode", "plan"), [("grad", "default"), ("grad", "store_all"), ("jvp", "default")])
@pytest.mark.parametrize("program", CASES, ids=lambda p: p.name)
def test_same_numbers(program, mode, plan, monkeypatch):
    found = computed(program, mode, plan)
    monkeypatch.setattr(library, "optimise", lambda function, unit: function)
    monkeypatch.setattr(pipeline, "with_names", lambda function, unit: (function, names_of(function, unit)))
    wanted = computed(program, mode, plan)
    close = 1e-5 if "float32" in program.tags else 1e-14
    for a, b in zip(found, wanted, strict=True):
        scale = max(np.max(np.abs(b), initial=0.0), 1.0)
        np.testing.assert_allclose(a, b, rtol=close, atol=close * scale)


def primal(x, w, n):
    """Gives the passes a unit whose names have types."""
    s = 0.0
    for i in range(n):
        s += x[i] * w[i]
    y = s
    return y


@pytest.fixture(scope="module")
def unit():
    arrays = typeof(np.zeros(3))
    return Units().prepare(*pipeline.target(primal, (arrays, arrays, typeof(1))))


def parsed(unit, source):
    """The body of a derivative of `primal` and the facts about its names."""
    function = quote("def primal_grad(x, w, n): pass")[0]
    function.body = quote(source)
    return function.body, names_of(function, unit)


def printed(body):
    return "\n".join(text(s) for s in body)


def check(body, wanted):
    assert printed(body) == printed(gast.parse(wanted).body)


def test_a_sum_that_nobody_reads_is_dead(unit):
    body, names = parsed(unit, "s = 0.0\nfor i in range(n):\n    s = s + x[i]\nx_bar = np.zeros_like(x)\nx_bar[0] += 1.0\nreturn x_bar")
    check(drop_dead(body, Effects(names, body), True), "x_bar = np.zeros_like(x)\nx_bar[0] += 1.0\nreturn x_bar")


def test_raise_and_its_condition_stay(unit):
    body, names = parsed(unit, "c = x[0] > 1.0\nif c:\n    raise ValueError\nt = x[1]\nreturn n")
    check(drop_dead(body, Effects(names, body), True), "c = x[0] > 1.0\nif c:\n    raise ValueError\nreturn n")


def test_a_break_stays_only_where_the_loop_does(unit):
    loop = "for i in range(n):\n    if x[i] > 1.0:\n        break\n    s = s + x[i]\n"
    body, names = parsed(unit, "s = 0.0\n" + loop + "return n")
    check(drop_dead(body, Effects(names, body), True), "return n")
    body, names = parsed(unit, "s = 0.0\n" + loop + "return s")
    check(drop_dead(body, Effects(names, body), True), "s = 0.0\n" + loop + "return s")


def test_stores_into_a_view_of_a_result_stay(unit):
    source = "x_bar = np.zeros_like(x)\nv_bar = x_bar[1:]\nv_bar[0] = 1.0\nreturn x_bar"
    body, names = parsed(unit, source)
    check(drop_dead(body, Effects(names, body), True), source)


def test_a_helper_keeps_what_its_caller_sees(unit):
    body, names = parsed(unit, "x[0] = 1.0\nreturn n")
    check(drop_dead(body, Effects(names, body), False), "x[0] = 1.0\nreturn n")
    check(drop_dead(body, Effects(names, body), True), "return n")


def test_carried_versions_become_one_variable(unit):
    body, names = parsed(unit, "s = 0.0\ns_1 = s\nfor i in range(n):\n    s_2 = s_1\n    s_3 = s_2 + x[i]\n    s_1 = s_3\nreturn s_1")
    made, _ = coalesced(body, names, True)
    check(made, "s = 0.0\nfor i in range(n):\n    s = s + x[i]\nreturn s")


def test_versions_alive_together_stay_apart(unit):
    body, names = parsed(unit, "s = x[0]\ns_1 = s + 1.0\nreturn (s, s_1)")
    made, _ = coalesced(body, names, True)
    check(made, "s = x[0]\ns_1 = s + 1.0\nreturn (s, s_1)")


def test_first_addition_on_each_path_assigns(unit):
    body, names = parsed(unit, "s_bar = 0.0\nif n > 0:\n    s_bar += x[0]\nelse:\n    s_bar += x[1]\nreturn s_bar")
    made = propagate(body, names)
    made = drop_dead(made, Effects(names, made), True)
    check(made, "if n > 0:\n    s_bar = x[0]\nelse:\n    s_bar = x[1]\nreturn s_bar")


def test_no_constant_across_a_loop_that_changes_it(unit):
    source = "s_bar = 1.0\nfor i in range(n):\n    x_bar[i] += s_bar\n    s_bar = s_bar * 2.0\nreturn x_bar"
    body, names = parsed(unit, source)
    check(propagate(body, names), source)


def test_a_temporary_is_not_folded_past_a_store(unit):
    source = "tmp = x_bar[0]\nx_bar[0] = w[1]\nx_bar[1] = tmp * tmp\nreturn x_bar"
    body, names = parsed(unit, source)
    check(folded(body, Effects(names, body), False), source)


def test_temporaries_fold_into_their_use(unit):
    body, names = parsed(unit, "tmp = x[0]\ntmp_1 = tmp + 1.0\ntmp_2 = tmp_1 * w[0]\nif tmp_2 > 0.0:\n    w[1] = tmp\nreturn w")
    check(folded(body, Effects(names, body), True), "if (x[0] + 1.0) * w[0] > 0.0:\n    w[1] = x[0]\nreturn w")


def test_additions_are_gathered(unit):
    body, names = parsed(unit, "tmp = x_bar[0]\nx_bar[0] = 0.0\nx_bar[n] += w[0]\nx_bar[0] += w[1] * tmp\nx_bar[0] += w[2]\nreturn x_bar")
    wanted = "tmp = x_bar[0]\nx_bar[0] = w[1] * tmp + w[2]\nx_bar[n] += w[0]\nreturn x_bar"
    check(gathered(body, Effects(names, body)), wanted)


def test_no_addition_is_gathered_past_one_that_may_be_to_the_same_element(unit):
    """`x_bar[n]` may be `x_bar[0]`, which is set before and added to after it (found by fuzzing: a wrong gradient)."""
    source = "tmp = x_bar[0]\nx_bar[0] = 0.5 * tmp\nx_bar[n] += w[0]\ntmp_1 = w[1] * tmp\nx_bar[0] += tmp_1\nreturn x_bar"
    body, names = parsed(unit, source)
    check(gathered(body, Effects(names, body)), source)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("s = 1.0 * s", "s = s"),
        ("s = n * 1.0", "s = n * 1.0"),
        ("y = 0.0 * s", "y = 0.0 * s"),
        ("y = s + 0.0", "y = s + 0.0"),
        ("s = s + x[0]", "s += x[0]"),
        ("s += -(x[0] * y)", "s -= x[0] * y"),
        ("s = -x[0] + y", "s = y - x[0]"),
        ("y = -(x[0] * s)", "y = -x[0] * s"),
        ("y = 2 * s ** (2 - 1) * w[0] if 2 != 0 else 0.0", "y = 2 * s * w[0]"),
        ("x[n + 1 - 1] = s", "x[n] = s"),
        ("x[n - 1 - 2] = s", "x[n - 3] = s"),
        ("y = x[0] - (-s)", "y = x[0] + s"),
    ],
)
def test_simplify(unit, before, after):
    body, names = parsed(unit, before)
    check(each_statement(body, lambda s: simplified(s, names)), after)


def test_branches(unit):
    body, names = parsed(unit, "if s > y:\n    pass\nelse:\n    s = y")
    check(shaped(body, names), "if not s > y:\n    s = y")
    body, names = parsed(unit, "if n > 0:\n    pass\nelse:\n    s = y")
    check(shaped(body, names), "if n <= 0:\n    s = y")
