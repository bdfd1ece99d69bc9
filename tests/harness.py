"""What several test modules share: a derivative as plain Python, and the comparisons with the references."""

from __future__ import annotations

import copy
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numba import typeof

from sct import pipeline
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient, dual_jvp
from sct.reference.finite import finite_jvp
from tests.programs import PROGRAMS, Program

EXACT = 1e-10
"""Relative to the largest entry of an argument's gradient: what float64 derivatives are compared to dual numbers with."""

SINGLE = 1e-5
"""The same where a program computes in float32 (eps 1.2e-7): there the references round at other places than sct."""

REGROUPED = 1e-13
"""By how much a compiled call may differ from the one before it, relative to the largest entry: LLVM may regroup sums, and small
arrays that happen to lie side by side go another way through the machine code."""

NAMED = {p.name: p for p in PROGRAMS}

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=[p.name for p in PROGRAMS])

SAMPLE = PROGRAMS if os.environ.get("SCT_TEST_ALL") else PROGRAMS[::5]
"""Every fifth program, or all of them with SCT_TEST_ALL=1: for what takes seconds a program."""

sampled_program = pytest.mark.parametrize("program", SAMPLE, ids=[p.name for p in SAMPLE])


@dataclass(frozen=True)
class Plain:
    """Generated text, and its entry function as plain Python without Numba."""

    text: str
    entry: Callable

    def __call__(self, *args):
        with np.errstate(all="ignore"):
            return self.entry(*args)


def plain(f: Callable, args: tuple, argnums: int | tuple[int, ...], mode: str = "grad", plan: str = "default") -> Plain:
    """A derivative of `f` for arguments like `args`, generated and loaded as plain Python."""
    made = pipeline.generate(getattr(f, "py_func", f), tuple(map(typeof, args)), mode, argnums, plan)
    return Plain(made.text, load_python(made.text, made.arrays)[made.entry])


def all_args(program: Program, seed: int = 0) -> tuple:
    """Fresh arguments, those that have defaults included."""
    bound = inspect.signature(program.python).bind(*program.args(seed))
    bound.apply_defaults()
    return bound.args


def tolerance(program: Program) -> float:
    """How far a derivative of the program may be from the dual numbers, relative to the largest entry."""
    return program.rtol or (SINGLE if "float32" in program.tags else EXACT)


def assert_close(found, expected, rtol: float, what: str = "") -> None:
    """Equal up to `rtol` of the largest entry of each array (and 1e-3 `rtol` of the largest of all); the same shapes."""
    several = isinstance(expected, tuple)
    found, expected = (found, expected) if several else ((found,), (expected,))
    assert isinstance(found, tuple) and len(found) == len(expected), f"{what}: not a tuple of {len(expected)}"
    largest = max(map(_largest, expected), default=0.0)
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        assert np.shape(a) == np.shape(b), f"{what} [{k}]: shape {np.shape(a)}, not {np.shape(b)}"
        allowed = rtol * max(_largest(b), 1e-3 * largest)
        np.testing.assert_allclose(a, b, rtol=0.0, atol=allowed, err_msg=f"{what} [{k}]")


def _largest(x) -> float:
    x = np.abs(np.asarray(x, dtype=float))
    return float(np.max(x[np.isfinite(x)], initial=0.0))


def same(a, b, rtol: float = 0.0) -> bool:
    """The same bits, in every part of a tuple; floats up to `rtol` of the largest entry of an array."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(same(p, q, rtol) for p, q in zip(a, b, strict=True))
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind != "f":
        return np.array_equal(a, b)
    return a.shape == b.shape and np.allclose(a, b, rtol=0.0, atol=rtol * _largest(b), equal_nan=True)


def call_twice(f: Callable, *args, rtol: float = 0.0):
    """The result of `f`, which must repeat it (up to `rtol`) and leave its arguments alone."""
    given = copy.deepcopy(args)
    first = copy.deepcopy(f(*given))
    assert same(tuple(given), tuple(args)), "the arguments were changed"
    assert same(f(*given), first, rtol), "the second call gives another result"
    assert same(tuple(given), tuple(args)), "the second call changed the arguments"
    return first


def value_of(program: Program, args: tuple):
    """What the primal returns, called on copies."""
    with np.errstate(all="ignore"):
        return program.python(*copy.deepcopy(args))


def gradient_of(program: Program, args: tuple) -> tuple:
    """By dual numbers, which interpret the unmodified primal."""
    return dual_gradient(program.python, copy.deepcopy(args), tuple(program.argnums))


def direction(program: Program, args: tuple, seed: int) -> tuple:
    """A random tangent for every differentiated argument, and zeros for the others; in the types of the arguments."""
    rng = np.random.default_rng(seed)
    return tuple(_like(x, rng, k in program.argnums) for k, x in enumerate(args))


def _like(x, rng, moves: bool):
    if isinstance(x, tuple):
        return tuple(_like(part, rng, moves) for part in x)
    value = rng.uniform(-1.0, 1.0, np.shape(x)) if moves else np.zeros(np.shape(x))
    if isinstance(x, np.ndarray):
        return np.asarray(value, x.dtype)
    return type(x)(value) if isinstance(x, float | np.floating) else 0.0


def along(program: Program, args: tuple, dots: tuple):
    """The value and the tangent, by dual numbers."""
    return dual_jvp(program.python, copy.deepcopy(args), dots)


def slope(program: Program, args: tuple, dots: tuple) -> tuple[float, float]:
    """The derivative along `dots` by finite differences, and the estimate of its error."""
    return finite_jvp(program.python, args, dots)


def dot(a, b) -> float:
    """The inner product of numbers, arrays and tuples of them."""
    if isinstance(a, tuple):
        return sum(map(dot, a, b))
    return float(np.vdot(np.asarray(a, float), np.asarray(b, float)))


def size(a, b) -> float:
    """The size of what `dot` sums."""
    if isinstance(a, tuple):
        return sum(map(size, a, b))
    return float(np.sum(np.abs(np.asarray(a, float) * np.asarray(b, float))))


def lines_of_loops(f: Callable) -> list[int]:
    """The lines of the `for` statements of `f` in its file."""
    lines, first = inspect.getsourcelines(getattr(f, "py_func", f))
    return [first + k for k, line in enumerate(lines) if line.lstrip().startswith("for ")]
