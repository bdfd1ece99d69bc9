"""What a program must satisfy: every derivative of it agrees with dual numbers, which interpret the unmodified Python.

Checked are the compiler's stages as Python, the value, the gradient under both plans, the tangent, that second calls repeat and
arguments stay; and, by turns, the compiler with one optimisation or analysis switched off, iterations run again, snapshots,
Jacobians, second derivatives, and the compiled gradient.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from unittest import mock

import numpy as np
from numba import typeof

import sct
from sct import pipeline, runtime
from sct.analyses.unit import Unit
from sct.backends.python import load_python
from sct.errors import SctError
from sct.ir.build import Fresh
from sct.ir.run import run
from sct.optimise import parallel as optimise_parallel
from sct.prepare import Units
from sct.reference.dual import dual_jvp, dual_vjp
from sct.reference.finite import finite_jvp
from tests.fuzz import variants
from tests.fuzz.program import FuzzProgram
from tests.harness import REGROUPED, call_twice, dot, lines_of_loops
from tests.watched import watched

EXACT = 1e-10
"""Relative to the largest entry of a derivative, or to 1e-3 if all are smaller: the numbers of the programs are of order one."""

LARGE = 1e6


class Unfit(Exception):
    """The program tells nothing: it fails in plain Python, or its numbers overflow or are ill-conditioned."""


class Wrong(AssertionError):
    """A derivative, a value or a stage that is not what it must be, or an error that no user may see."""

    @property
    def kind(self) -> str:
        """What went wrong, without numbers and names: a program shrinks to one that fails in the same way."""
        return ":".join(str(self).split(":")[:2])


@dataclass(eq=False)
class Case:
    """A loaded program, its arguments, random directions, and what the references say."""

    program: FuzzProgram

    def __post_init__(self) -> None:
        self.f = self.program.load()
        self.args = self.program.args(self.f)
        self.argnums = tuple(k for k, x in enumerate(self.args) if np.asarray(x).dtype.kind == "f")
        self.types = tuple(map(typeof, self.args))
        rng = np.random.default_rng(self.program.seed + 1)
        self.dots = tuple(_random(x, rng) if k in self.argnums else x for k, x in enumerate(self.args))
        self.value = self._value()
        self.seed = _random(self.value, rng) if isinstance(self.value, tuple | np.ndarray) else 1.0

    def _value(self):
        with np.errstate(all="raise", under="ignore"):
            try:
                value = self.f(*copy.deepcopy(self.args))
            except FloatingPointError as problem:
                raise Unfit(f"numbers: {problem}") from problem
            except Exception as problem:
                raise Unfit(f"in plain Python: {type(problem).__name__}") from problem
        if not all(np.all(np.isfinite(leaf)) and np.max(np.abs(leaf), initial=0.0) < LARGE for leaf in leaves(value)):
            raise Unfit("value not finite or too large")
        return copy.deepcopy(value)

    def bars_at(self, args: tuple) -> tuple:
        return dual_vjp(self.f, copy.deepcopy(args), self.seed, self.argnums)

    @cached_property
    def bars(self) -> tuple:
        """The pullback of the seed."""
        found = self.bars_at(self.args)
        if not all(np.all(np.abs(leaf) < LARGE) for leaf in leaves(found)):
            raise Unfit("derivative not finite or too large")
        return found

    @cached_property
    def tangent(self):
        return dual_jvp(self.f, copy.deepcopy(self.args), self.dots)[1]

    @cached_property
    def unsure(self) -> float:
        """How much the derivatives move if the arguments do by a few roundings."""
        moved = tuple(x * (1.0 + 2e-15) if k in self.argnums else x for k, x in enumerate(self.args))
        return max(largest(_difference(self.bars_at(moved), self.bars)), 0.0)

    def agree(self, found, expected, what: str, text: str = "") -> None:
        error, room = largest(_difference(found, expected, what)), EXACT * max(largest(expected), 1e-3)
        if error <= room:
            return
        if error <= 1e3 * self.unsure:
            raise Unfit("ill-conditioned")
        raise Wrong(f"{what}: off by {error:.2e} of {largest(expected):.2e}\nfound {found}\nexpected {expected}\n{text}")

    @cached_property
    def base(self) -> tuple[Units, Unit]:
        units = Units()
        return units, units.prepare(*pipeline.target(self.f, self.types))

    def prepared(self, **_) -> Units:
        """The units of one derivative, prepared before: typing takes most of the time."""
        base, unit = self.base
        made = Units(dict(base.constants), Fresh(set(base.fresh.taken)), base.units, base.texts)
        made.prepare = lambda *_: unit
        return made

    def generate(self, mode: str, plan: str = "default", load: Callable = watched, parallel: bool = False) -> tuple[Callable, str]:
        """The derivative as plain Python, and its text; by default it looks at the subscripts that were proved."""
        with mock.patch.object(pipeline, "Units", self.prepared):
            made = pipeline.generate(self.f, self.types, mode, self.argnums, plan, parallel)
        return load(made.text, made.arrays)[made.entry], made.text


def check(program: FuzzProgram, extras: Iterable[str] | None = None) -> list[tuple[str, Exception]]:
    """Raise `Wrong` or `Unfit`, or return the checks that were refused, and why. `extras` name further checks; by default those of its turn."""
    case, refused = Case(program), []
    case.agree(dot(case.bars, _at(case.dots, case.argnums)), dot(case.seed, case.tangent), "the references")
    chosen = {**ALWAYS, **{name: EXTRAS[name] for name in (of_turn(program.turn) if extras is None else extras)}}
    for what, action in chosen.items():
        try:
            with np.errstate(all="ignore"):
                action(case)
        except SctError as problem:
            if problem.place is None:
                raise Wrong(f"{what}: an error without a place: {problem}") from problem
            refused.append((what, problem))
        except Wrong as problem:
            raise Wrong(f"{what}: {problem}") from problem
        except Unfit:
            raise
        except Exception as problem:
            if isinstance(problem, ValueError) and str(problem).startswith("sct: "):  # known only when it runs
                refused.append((what, problem))
                continue
            raise Wrong(f"{what}: {type(problem).__name__}: {problem}") from problem
    return refused


def of_turn(turn: int) -> list[str]:
    """One optimisation or analysis switched off, and what comes every few programs."""
    names = [f"without {list(variants.OFF)[turn % len(variants.OFF)]}"]
    return names + [name for name, every in EVERY.items() if turn % every == every - 1]


def stages(case: Case) -> None:
    """The core program as the adjoint sees it, run as Python: the same value, and the same left in the arguments."""
    unit = case.base[1]
    mine, theirs = copy.deepcopy(case.args), copy.deepcopy(case.args)
    case.f(*theirs)
    case.agree(run(unit.program, *mine), case.value, "the core program's value")
    case.agree(mine, theirs, "what the core program leaves in its arguments")


def adjoint(case: Case, plan: str = "default") -> None:
    """The value and the pullback, twice, and the dot-product identity with the tangent of the dual numbers."""
    scalar = isinstance(case.value, float)
    entry, text = case.generate("value_and_grad" if scalar else "vjp", plan)
    value, bars = call_twice(entry, *case.args, *([] if scalar else [case.seed]))
    case.agree(value, case.value, f"value ({plan})", text)
    case.agree(bars, case.bars, f"gradient ({plan})", text)


def tangent(case: Case) -> None:
    entry, text = case.generate("jvp")
    value, dots = call_twice(entry, *case.args, *_at(case.dots, case.argnums))
    case.agree(value, case.value, "value (jvp)", text)
    case.agree(dots, case.tangent, "tangent", text)


def switched_off(case: Case, name: str) -> None:
    with variants.without(name):
        case = Case(case.program) if name in variants.BEFORE_UNITS else case
        adjoint(case, "store_all" if case.program.turn % 3 == 2 else "default")
        if name == "optimiser":
            tangent(case)


def rerun(case: Case) -> None:
    """Each outermost loop with its iterations run again, where that is legal."""
    for line in lines_of_loops(case.f)[:2]:
        try:
            adjoint(case, f"rerun:{line}")
        except SctError:
            continue


def snapshots(case: Case) -> None:
    """Time loops with a snapshot or two, where they can have them."""
    mode, seed = ("value_and_grad", []) if isinstance(case.value, float) else ("vjp", [case.seed])
    try:
        made = pipeline.generate(case.f, case.types, mode, case.argnums, f"checkpoint:{50 * (case.program.turn % 9 + 1)}")
    except SctError:
        return
    value, bars = call_twice(watched(made.text, made.arrays)[made.entry], *case.args, *seed)
    case.agree(value, case.value, "value (snapshots)", made.text)
    case.agree(bars, case.bars, "gradient (snapshots)", made.text)


def jacobian(case: Case) -> None:
    """All directions at once give the gradient of a float."""
    if isinstance(case.value, float):
        entry, text = case.generate("jacfwd")
        case.agree(call_twice(entry, *case.args), case.bars, "jacfwd", text)


def parallel(case: Case) -> None:
    """Loops split among threads, whose parts run one after the other here, the last one first; light loops are split, too."""
    if isinstance(case.value, float):
        parts = (2, 3, 50)[case.program.turn % 3]
        backwards = mock.patch.object(runtime, "prange", lambda n: range(n - 1, -1, -1))
        with backwards, mock.patch.object(runtime, "threads", lambda: parts), mock.patch.object(optimise_parallel, "FEW", 1):
            entry, text = case.generate("value_and_grad", parallel=True)
        value, bars = call_twice(entry, *case.args)
        case.agree(value, case.value, "value (parallel)", text)
        case.agree(bars, case.bars, "gradient (parallel)", text)


def second_order(case: Case) -> None:
    """The derivative of the gradient along a direction, against finite differences of the dual numbers' gradient."""
    if not isinstance(case.value, float):
        return
    gradient, _ = case.generate("grad", load=load_python)
    again = pipeline.generate(gradient, case.types, "jvp", case.argnums)
    _, found = load_python(again.text, again.arrays)[again.entry](*copy.deepcopy(case.args), *_at(case.dots, case.argnums))
    expected, errors = finite_jvp(lambda *args: case.bars_at(args), case.args, tuple(map(_zero_if_int, case.dots)))
    for k, (a, b, e) in enumerate(zip(found, expected, errors, strict=True)):
        room = 100.0 * largest(e) + 1e-6 * max(largest(expected), 1e-3)
        if largest(e) < 1e-4 * max(largest(expected), 1e-3) and not largest(_difference(a, b)) <= room:
            raise Wrong(f"second derivative [{k}]: found {a}, expected {b} +- {e}\n{again.text}")


def compiled(case: Case) -> None:
    """The user's door, with Numba."""
    if isinstance(case.value, float):
        value, bars = call_twice(sct.value_and_grad(case.f, argnums=case.argnums), *case.args, rtol=REGROUPED)
    else:
        value, pullback = sct.vjp(case.f, *copy.deepcopy(case.args))
        bars = _at(pullback(case.seed), case.argnums)
    case.agree(value, case.value, "value (compiled)")
    case.agree(bars, case.bars, "gradient (compiled)")


ALWAYS = {"stages": stages, "default": adjoint, "store_all": partial(adjoint, plan="store_all"), "tangent": tangent}
EXTRAS = {f"without {name}": partial(switched_off, name=name) for name in variants.OFF}
EXTRAS |= {"rerun": rerun, "parallel": parallel, "snapshots": snapshots, "jacobian": jacobian}
EXTRAS |= {"second order": second_order, "compiled": compiled}
EVERY = {"parallel": 2, "snapshots": 4, "rerun": 5, "jacobian": 7, "second order": 10, "compiled": 50}


def leaves(x) -> list:
    return [leaf for part in x for leaf in leaves(part)] if isinstance(x, tuple) else [np.asarray(x, float)]


def largest(x) -> float:
    return max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in leaves(x)), default=0.0)


def _difference(found, expected, what: str = "") -> tuple:
    found, expected = leaves(found), leaves(expected)
    if [a.shape for a in found] != [b.shape for b in expected]:
        raise Wrong(f"{what}: shapes {[a.shape for a in found]}, not {[b.shape for b in expected]}")
    return tuple(np.where(np.isnan(a), math.inf, a - b) for a, b in zip(found, expected, strict=True))


def _random(x, rng):
    if isinstance(x, tuple):
        return tuple(_random(part, rng) for part in x)
    return rng.uniform(-1.0, 1.0, x.shape) if isinstance(x, np.ndarray) else float(rng.uniform(-1.0, 1.0))


def _zero_if_int(x):
    return np.zeros(np.shape(x)) if np.asarray(x).dtype.kind == "i" else x


def _at(values: tuple, argnums: tuple[int, ...]) -> tuple:
    return tuple(values[k] for k in argnums)
