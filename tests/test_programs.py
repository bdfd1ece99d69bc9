"""Every program differentiated in every way, as plain Python and compiled, and compared with what knows nothing of sct."""

import copy
import math

import numpy as np
import pytest

import sct
from sct.backends.python import load_python
from sct.errors import SctError
from sct.rules import scalar, table
from tests import harness
from tests.harness import (
    EXACT,
    NAMED,
    REGROUPED,
    SINGLE,
    all_args,
    assert_close,
    call_twice,
    each_program,
    plain,
    sampled_program,
    tolerance,
)
from tests.programs import PROGRAMS, Program


def test_there_are_enough_programs():
    assert len(PROGRAMS) >= 150


def check_gradient(program):
    """The gradient against dual numbers, at two points."""
    gradient = plain(program.python, all_args(program), program.argnums)
    for seed in (0, 1):
        args = all_args(program, seed)
        found = call_twice(gradient, *args)
        assert_close(found, harness.gradient_of(program, args), tolerance(program), f"seed {seed}\n{gradient.text}")


def check_tangent(program):
    """The tangent against dual numbers, and against finite differences of the primal."""
    args = all_args(program, 2)
    dots = harness.direction(program, args, 3)
    tangent = plain(program.python, args, program.argnums, "jvp")
    found = call_twice(tangent, *args, *(dots[k] for k in program.argnums))
    assert_close(found, harness.along(program, args, dots), _along(program), tangent.text)
    if program.tags.isdisjoint({"rounded", "rough"}):
        check_slope(program, args, dots, found[1])


def _along(program):
    """A directional derivative may cancel: the sum is compared with more room than its summands."""
    return 10.0 * tolerance(program)


def check_slope(program, args, dots, found):
    """One number against finite differences, as exactly as these claim to be, which must be exactly enough to tell."""
    estimate, error = harness.slope(program, args, dots)
    scale = max(abs(estimate), 1e-3 * abs(harness.value_of(program, args)), 1e-12)
    assert error < 1e-4 * scale, f"finite differences do not tell: {estimate} +- {error}"
    rtol = 1e-3 if "float32" in program.tags else 1e-7
    assert abs(found - estimate) <= 20.0 * error + rtol * scale, f"{found}, but finite differences {estimate} +- {error}"


def check_adjoint(program, plan):
    """The pullback of a random w against dual numbers; the dot-product identity <v, J'w> = <Jv, w>; the value."""
    args = all_args(program, 4)
    adjoint = plain(program.python, args, program.argnums, "vjp", plan)
    dots = harness.direction(program, args, 5)
    seed = type(harness.value_of(program, args))(np.random.default_rng(6).uniform(0.5, 1.5))
    value, bars = call_twice(adjoint, *args, seed)
    expected, tangent = harness.along(program, args, dots)
    assert_close(value, expected, tolerance(program), adjoint.text)
    scaled = tuple(seed * bar for bar in harness.gradient_of(program, args))
    assert_close(bars, scaled, tolerance(program), adjoint.text)
    v = tuple(dots[k] for k in program.argnums)
    room = tolerance(program) * max(harness.size(v, bars), 1e-3)
    assert abs(harness.dot(v, bars) - seed * tangent) <= room, adjoint.text


def check_plain(program):
    """All of the above. The oracle's plan has the pullback; `check_compiled` has the default plan of another mode."""
    check_gradient(program)
    check_tangent(program)
    check_adjoint(program, "store_all")


def check_compiled(program):
    """`value_and_grad` through the user's door: value and gradient as in plain Python, and as the primal's."""
    args = program.args(7)
    compiled = sct.value_and_grad(program.function, argnums=program.argnums)
    value, bars = call_twice(compiled, *args, rtol=SINGLE if "float32" in program.tags else REGROUPED)
    text = compiled.source(*args)
    arrays = {name: getattr(_module(compiled, args), name) for name in _loaded(text)}
    entry = load_python(text, arrays)[_module(compiled, args)._entry.__name__]
    with np.errstate(all="ignore"):
        in_python = entry(*copy.deepcopy(args))
    rtol = SINGLE if "float32" in program.tags else 1e-9
    assert_close((value, *bars), (in_python[0], *in_python[1]), rtol, text)
    assert_close(value, harness.value_of(program, args), rtol, text)
    assert_close(bars, harness.gradient_of(program, all_args(program, 7)), max(rtol, tolerance(program)), text)
    for k, bar in zip(program.argnums, bars, strict=True):  # Numba hands scalars of float32 to Python as floats
        assert not isinstance(bar, np.ndarray) or bar.dtype == args[k].dtype


def _module(compiled, args):
    return compiled.request.module(compiled.request.argtypes(args, {}))


def _loaded(text):
    """The names of arrays that are kept beside the generated file."""
    return [line[2:].partition(":")[0] for line in text.splitlines() if "kept beside this file" in line]


def right_or_refused(check, program):
    """A program is refused if it says so and only then: what works one day must not be refused on another."""
    if "refused" in program.tags:
        with pytest.raises(SctError):
            check(program)
    else:
        check(program)


@each_program
def test_as_plain_python(program):
    right_or_refused(check_plain, program)


@sampled_program
def test_compiled(program):
    right_or_refused(check_compiled, program)


@pytest.mark.parametrize("tag", ["zero", "float32", "njit", "overlap", "ties", "zero_trip"])
def test_every_tag_is_in_use(tag):
    assert any(tag in p.tags for p in PROGRAMS)


# Each check can fail.


@pytest.fixture
def wrong_sine(monkeypatch):
    """The rule of the sine with its sign swapped."""
    monkeypatch.setitem(scalar.FUNCTIONS, "sin(x)", ("-cos(x)",))
    table._rows.cache_clear()
    yield
    monkeypatch.undo()
    table._rows.cache_clear()


@pytest.mark.parametrize("check", [check_gradient, check_tangent, lambda p: check_adjoint(p, "default"), lambda p: check_adjoint(p, "store_all")])
def test_a_wrong_rule_is_found(wrong_sine, check):
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check(NAMED["trap_tape_order"])


def test_a_wrong_rule_is_found_in_compiled_code(wrong_sine, monkeypatch, tmp_path):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))

    def another(x):  # a function of its own: the right gradient of a program may be in memory
        return math.sin(x[0]) * x[1]

    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check_compiled(Program("another", another, lambda rng: (rng.uniform(0.5, 1.5, 2),), (0,)))


def test_a_wrong_tangent_is_found_by_finite_differences_alone(wrong_sine, monkeypatch):
    program = NAMED["trap_tape_order"]
    args = all_args(program, 2)
    dots = harness.direction(program, args, 3)
    tangent = plain(program.python, args, program.argnums, "jvp")
    with pytest.raises(AssertionError, match="but finite differences"):
        check_slope(program, args, dots, tangent(*args, *dots)[1])


def test_a_changed_argument_is_found():
    def writes(x):
        x[0] = 2.0
        return 1.0

    with pytest.raises(AssertionError, match="changed"):
        call_twice(writes, np.zeros(2))


def test_a_result_that_does_not_repeat_is_found():
    calls = []

    def counts(x):
        calls.append(x)
        return float(len(calls))

    with pytest.raises(AssertionError, match="another result"):
        call_twice(counts, 1.0)


def test_the_identity_is_a_check_of_its_own(monkeypatch):
    """It fails where the tangent is that of another function, though the adjoint agrees with the dual numbers."""
    right = harness.along
    monkeypatch.setattr(harness, "along", lambda *args: (right(*args)[0], 1.000001 * right(*args)[1]))
    with pytest.raises(AssertionError, match="vjp of `horner`"):
        check_adjoint(NAMED["horner"], "default")


@pytest.mark.parametrize("found", [(np.array([1.0, 2.0 + 1e-8]),), (np.array([1.0, np.nan]),), (np.array([1.0]),), (np.ones(2), 0.0)])
def test_a_deviation_is_found(found):
    with pytest.raises(AssertionError):
        assert_close(found, (np.array([1.0, 2.0]),), EXACT)
