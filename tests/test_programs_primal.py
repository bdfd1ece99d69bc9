"""The corpus itself: every primal runs, repeats, depends on its arguments smoothly, and means the same under Numba."""

import builtins
import copy
import os
from types import CellType, CodeType, FunctionType

import numba
import numpy as np
import pytest

from tests.programs import PROGRAMS

SEEDS = (0, 1, 2)
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=[p.name for p in PROGRAMS])
# Compiling takes a third of a second each: one in ten by default, all of them with SCT_TEST_ALL=1.
COMPILED = [p for p in PROGRAMS if not p.tags & {"overlap", "beyond_numba"}][:: 1 if os.environ.get("SCT_TEST_ALL") else 10]


def call(program, args):
    """The plain Python function on copies of the arguments."""
    return program.python(*copy.deepcopy(args))


def as_double(value):
    """float32 data as float64, so that finite differences have digits."""
    if isinstance(value, np.ndarray | np.floating) and value.dtype == np.float32:
        return value.astype(np.float64)
    return value


def along(program, args, seed):
    """The program on the line through args in a random direction of its differentiated arguments."""
    rng = np.random.default_rng(seed + 1000)
    directions = {k: rng.uniform(0.5, 1.0, np.shape(args[k])) * rng.choice([-1.0, 1.0]) for k in program.argnums}

    def value(t):
        moved = tuple(a + t * directions[k] if k in directions else a for k, a in enumerate(args))
        return call(program, moved)

    return value


def compiled(function, done=None):
    """The function under njit, with every plain Python function it reaches under njit too."""
    done = {} if done is None else done
    if not isinstance(function, FunctionType):
        return function
    if function not in done:
        space = function.__globals__
        names, cells = {"__builtins__": builtins}, tuple(CellType() for _ in function.__closure__ or ())
        clone = FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells)
        done[function] = numba.njit(clone)
        names |= {name: compiled(space[name], done) for name in names_of(function.__code__) if name in space}
        for cell, original in zip(cells, function.__closure__ or (), strict=True):
            cell.cell_contents = compiled(original.cell_contents, done)
    return done[function]


def names_of(code):
    """Names that a function reads, and the functions inside it."""
    return set(code.co_names).union(*(names_of(c) for c in code.co_consts if isinstance(c, CodeType)))


def same_bits(a, b):
    return np.array_equal(np.asarray(a), np.asarray(b))


def test_corpus_is_large_and_named_apart():
    names = [p.name for p in PROGRAMS]
    assert len(names) >= 150
    assert len(set(names)) == len(names)


@each_program
def test_documented_and_complete(program):
    lines = (program.python.__doc__ or "").strip().splitlines()
    assert len(lines) == 1 or program.python.__name__ == "<lambda>", "one line says what the program is meant to break"
    assert program.argnums
    args = program.args()
    assert all(same_bits(a, b) for a, b in zip(args, program.args(), strict=True)), "the same seed, the same arguments"


@each_program
@pytest.mark.parametrize("seed", SEEDS)
def test_finite_and_repeatable(program, seed):
    args = program.args(seed)
    first = call(program, args)
    assert isinstance(first, float | np.floating), type(first)
    assert np.isfinite(first)
    assert call(program, args) == first


@each_program
@pytest.mark.parametrize("seed", SEEDS)
def test_smooth_and_not_constant(program, seed):
    """Central differences with two steps agree: no kink, tie or branch switch is near. And they are not zero."""
    f = along(program, tuple(as_double(a) for a in program.args(seed)), seed)
    if "rounded" in program.tags:
        pytest.skip("a function rounded to float32 has no finite differences")
    slope = {h: (f(h) - f(-h)) / (2.0 * h) for h in (1e-5, 1e-6)}
    if "zero" in program.tags:
        assert slope == {1e-5: 0.0, 1e-6: 0.0}
        return
    scale = 1.0 + abs(f(0.0))
    assert abs(slope[1e-6]) > 1e-6 * scale
    assert slope[1e-5] == pytest.approx(slope[1e-6], rel=1e-4, abs=1e-6 * scale)


@pytest.mark.parametrize("program", COMPILED, ids=[p.name for p in COMPILED])
def test_numba_agrees_with_python(program):
    """The same value, and the same contents of the arguments afterwards."""
    tolerance = 1e-5 if "float32" in program.tags else 1e-12
    args = program.args()
    in_python, in_numba = copy.deepcopy(args), copy.deepcopy(args)
    expected = program.python(*in_python)
    assert compiled(program.python)(*in_numba) == pytest.approx(expected, rel=tolerance, abs=tolerance)
    for a, b in zip(in_python, in_numba, strict=True):
        np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=tolerance, atol=tolerance)
