"""Every stage of the compiler, for every program: it is in the core language, runs, and means what the primal means."""

import copy

import numpy as np
import pytest

from sct import library, pipeline
from sct.analyses.unit import Unit
from sct.backends.request import Request
from sct.frontend import load_program
from sct.ir.check import check
from sct.ir.run import run
from sct.lowering import lower
from sct.optimise.names import names_of
from sct.pipeline import target
from sct.prepare import Units
from sct.types import infer
from tests import harness
from tests.harness import NAMED, SAMPLE, all_args, assert_close, plain, same, tolerance

CERTAIN = [p for p in SAMPLE if "refused" not in p.tags]
sampled = pytest.mark.parametrize("program", CERTAIN, ids=[p.name for p in CERTAIN])


def stages(program, args):
    """(name, core program) after the frontend, after lowering, and as the adjoint sees it."""
    argtypes = Request(program.function, "grad", program.argnums).argtypes(program.args(), {})
    function, leaves = target(program.python, argtypes)
    yield "frontend", function.load()
    units = Units()
    unit = units.prepare(function, leaves)
    written_out = units.texts[function, leaves, ()]
    yield "lowered", lower(written_out, infer(written_out, leaves))
    yield "prepared", unit.program


def flat(args):
    """The numbers and arrays in tuples, which are a core program's parameters."""
    return [leaf for x in args for leaf in (flat(x) if isinstance(x, tuple) else [x])]


def check_stage(program, name, core, args):
    """The core program is one, and gives the primal's value and leaves its arguments as the primal does."""
    check(core, name)
    expected_args, given = copy.deepcopy(args), copy.deepcopy(args)
    with np.errstate(all="ignore"):
        expected = program.python(*expected_args)
        found = run(core, *flat(given))
    rtol = 1e-6 if "float32" in program.tags else 1e-13
    assert_close(found, expected, rtol, name)
    for k, (a, b) in enumerate(zip(given, expected_args, strict=True)):
        if isinstance(a, np.ndarray):
            assert_close(a, b, rtol, f"{name}, argument {k}")
        else:
            assert same(a, b)


@sampled
def test_every_stage_means_the_primal(program):
    args = all_args(program)
    for name, core in stages(program, args):
        check_stage(program, name, core, args)


@sampled
def test_the_adjoint_is_right_before_it_is_optimised(program, monkeypatch):
    monkeypatch.setattr(library, "optimise", lambda function, unit: function)
    monkeypatch.setattr(pipeline, "with_names", lambda function, unit: (function, names_of(function, unit)))
    args = all_args(program)
    gradient = plain(program.python, args, program.argnums)
    found = harness.call_twice(gradient, *args)
    assert_close(found, harness.gradient_of(program, args), tolerance(program), gradient.text)


def test_a_stage_with_another_meaning_is_found():
    program = NAMED["energy"]
    args = all_args(program)
    name, core = next(iter(stages(program, args)))
    wrong = load_program(_other_energy)
    check_stage(program, name, core, args)
    with pytest.raises(AssertionError):
        check_stage(program, name, wrong, args)


def _other_energy(x, w):
    s = 0.0
    for i in range(1, len(x)):
        if x[i] < x[i - 1]:
            s += w[i] * (x[i] - x[i - 1]) ** 2
    return s


def test_a_store_that_a_stage_loses_is_found():
    program = NAMED["heat"]
    args = all_args(program)
    core = load_program(_frozen)
    with pytest.raises(AssertionError):
        check_stage(type(program)("heat", _moving, program.make_args, program.argnums), "lost", core, args)


def _moving(u, k, steps):
    u[0] = 7.0
    return k


def _frozen(u, k, steps):
    return k


def test_units_are_prepared_once():
    units = Units()
    program = NAMED["energy"]
    argtypes = Request(program.function, "grad", program.argnums).argtypes(program.args(), {})
    wanted = target(program.python, argtypes)
    unit = units.prepare(*wanted)
    assert isinstance(unit, Unit) and units.prepare(*wanted) is unit
