"""One published function at one point: both derivatives against central finite differences of the function itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import sct
from sct.errors import DiscreteWarning, SctError
from sct.reference.finite import finite_jvp, flatten, is_float, unflatten

RTOL = 1e-6
ATOL = 1e-9


@dataclass(frozen=True)
class Case:
    """A function and its arguments; `fixed` are the positions of floats that only steer it, such as tolerances.

    `refused` is a part of the message with which sct refuses it, empty where it is differentiated; `decided` the variable of which
    sct warns that comparisons decide it: the executed instructions do not carry its derivative.
    """

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    fixed: tuple[int, ...] = ()
    refused: str = ""
    decided: str = ""

    @property
    def expected(self) -> str:
        """The word of the verdict that the catalogue promises."""
        return "refused" if self.refused else "warned" if self.decided else "right"

    def keeps(self, verdict: Verdict) -> bool:
        """Whether a verdict is what the catalogue promises, for the reason that it names."""
        return verdict.word == self.expected and self.refused in verdict.detail and self.decided in verdict.detail

    @property
    def moving(self) -> list[int]:
        """The positions that are differentiated."""
        return [k for k, x in enumerate(self.args) if is_float(x) and k not in self.fixed]

    def fresh(self) -> list[Any]:
        """Arguments that may be written to."""
        return [x.copy() if isinstance(x, np.ndarray) else x for x in self.args]


@dataclass(frozen=True)
class Verdict:
    """`right`, `wrong`, `warned` of as discrete (`alarmed` if it is right all the same), `refused` by an error of sct, or `fault`:
    any other error."""

    word: str
    detail: str


class Catalogue(list):
    """The cases of one library, in the order in which they are listed."""

    def add(self, function: Callable[..., Any], *args: Any, **options: Any) -> None:
        python = getattr(function, "py_func", function)
        name = f"{python.__module__.removeprefix('tests.published.')}.{python.__name__}"
        self.append(Case(name, function, args, **options))

    def at(self, *args: Any, **options: Any) -> Callable[..., Any]:
        """A decorator for functions that call a published one."""

        def listed(function: Callable[..., Any]) -> Callable[..., Any]:
            self.add(function, *args, **options)
            return function

        return listed


def judge(case: Case) -> Verdict:
    """What sct makes of a case."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DiscreteWarning)
        try:
            deviation = _deviation(case)
        except SctError as error:
            return Verdict("refused", str(error))
        except Exception as error:
            return Verdict("fault", f"{type(error).__name__}: {error}")
    told = [str(w.message) for w in caught if w.category is DiscreteWarning]
    if told:
        return Verdict("warned" if deviation > 1.0 else "alarmed", told[0])
    return Verdict("right" if deviation <= 1.0 else "wrong", f"{deviation:.1e} of the tolerance")


def _deviation(case: Case) -> float:
    """The largest distance between a derivative and the finite difference, in units of what is tolerated."""
    value, pullback = sct.vjp(case.function, *case.fresh())
    rng = np.random.default_rng(0)
    weights = rng.standard_normal(flatten(value).size)
    bars = pullback(unflatten(weights, value))
    worst = _forward_deviation(case, weights, rng)
    for position in case.moving:
        for index in np.ndindex(np.shape(case.args[position])):
            seed = _zeros(case.args)
            seed[position][index] = 1.0
            worst = max(worst, _excess(np.asarray(bars[position])[index], case, seed, weights))
    return worst


def _forward_deviation(case: Case, weights: np.ndarray, rng: np.random.Generator) -> float:
    dots = _zeros(case.args)
    for position in case.moving:
        dots[position] += rng.standard_normal(np.shape(dots[position]))
    given = [float(d) if d is not None and d.ndim == 0 else d for d in dots]
    _, found = sct.jvp(case.function, tuple(case.fresh()), tuple(given))
    return _excess(flatten(found) @ weights, case, dots, weights)


def _excess(found: float, case: Case, dots: list[Any], weights: np.ndarray) -> float:
    expected, error = (flatten(part) for part in finite_jvp(case.function, case.args, dots))
    tolerance = ATOL + RTOL * max(abs(expected @ weights), np.abs(expected * weights).max()) + error @ np.abs(weights)
    distance = abs(found - expected @ weights)
    return float(distance / tolerance) if np.isfinite(distance) else np.inf


def _zeros(args: tuple[Any, ...]) -> list[Any]:
    return [np.zeros(np.shape(x)) if is_float(x) else None for x in args]
