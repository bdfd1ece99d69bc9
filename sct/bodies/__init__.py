"""Functions of NumPy written in the language: a call of one is the call of a helper, differentiated like the user's own.

Each file has functions of one kind; the tables here say which of NumPy's they stand for.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np

import sct.linalg
from sct.bodies import (
    comparisons,
    diagonals,
    elementwise,
    extremes,
    factors,
    interpolation,
    joining,
    linalg,
    makers,
    nans,
    norms,
    places,
    products,
    reductions,
    shaping,
    sorting,
    statistics,
    ufuncs,
    views,
)
from sct.bodies.native import native_of
from sct.bodies.option import Option

MODULES = (
    comparisons, diagonals, elementwise, extremes, interpolation, joining, makers, nans, norms, places, products, reductions,
    shaping, sorting, statistics, views,
)

_TABLE: dict[Callable[..., Any], Callable[..., Any]] = {
    np.amax: extremes.max,
    np.amin: extremes.min,
    np.linalg.norm: norms.norm,
    np.linalg.multi_dot: products.multi_dot,
    sum: products.total,
    math.fsum: products.exact_total,
    math.prod: products.product,
    math.dist: products.dist,
    math.isclose: comparisons.isclose_of_math,
    math.frexp: elementwise.frexp,
    math.modf: elementwise.modf,
}
for _module in MODULES:
    for _name, _function in inspect.getmembers(_module, inspect.isfunction):
        if _function.__module__ == _module.__name__ and hasattr(np, _name) and _function is not elementwise.frexp:
            _TABLE.setdefault(getattr(np, _name), _function)

_FORMER = {"trapz": interpolation.trapezoid}
"""Names that newer versions of NumPy have dropped."""
_TABLE |= {getattr(np, name): body for name, body in _FORMER.items() if hasattr(np, name)}

for _name, _function in inspect.getmembers(ufuncs, inspect.isfunction):
    _ufunc, _, _method = _name.rpartition("_")
    _TABLE[getattr(getattr(np, _ufunc), _method)] = _function

_NATIVE = dict(inspect.getmembers(factors, native_of))
_BODIES = {name: f for name, f in inspect.getmembers(linalg, inspect.isfunction) if f.__module__ == linalg.__name__}
_TABLE |= {getattr(np.linalg, name): f for name, f in (_NATIVE | _BODIES).items() if hasattr(np.linalg, name)}
_TABLE |= {getattr(sct.linalg, name): f for name, f in (_BODIES | _NATIVE).items() if hasattr(sct.linalg, name)}
"""A user's call of `np.linalg.svd` has options; the call of `sct.linalg.svd` in a generated file has none."""

EXTREMES = {id(max): extremes.highest, id(min): extremes.lowest}
"""Of Python's own, where they take one array."""

METHODS = frozenset(
    {"trace", "cumsum", "cumprod", "var", "std", "argmax", "argmin", "max", "min", "ptp", "any", "all", "squeeze", "argsort"}
    | {"diagonal", "repeat", "searchsorted"}
)
"""Those that arrays also have as methods; `sort` works in place."""

def body_of(function: Any) -> Callable[..., Any] | None:
    """The Python function that stands for one of NumPy's."""
    try:
        return _TABLE.get(function)
    except TypeError:  # not hashable
        return None


def table() -> dict[Callable[..., Any], Callable[..., Any]]:
    """Functions of NumPy, of `math` and of Python, and what stands for each."""
    return {function: body for function, body in _TABLE.items() if function.__module__ != sct.linalg.__name__}


def is_body(function: Any) -> bool:
    return (getattr(function, "__module__", None) or "").startswith("sct.bodies")


def options(function: Any) -> set[str]:
    """The parameters of one of the functions here that must be known while the program is read."""
    return {name for name, kind in _annotations(function).items() if kind == Option.__name__ or kind.startswith(_LISTED)}


def choices(function: Any) -> dict[str, list[Any]]:
    """The values that are supported of options of one of the functions here."""
    listed = {name: kind for name, kind in _annotations(function).items() if kind.startswith(_LISTED)}
    return {name: ast.literal_eval(kind.removeprefix(_LISTED)) for name, kind in listed.items()}


_LISTED = "Literal"


def _annotations(function: Any) -> dict[str, str]:
    if not is_body(function):
        return {}
    return {name: str(p.annotation) for name, p in inspect.signature(function).parameters.items()}


def takes(body: Callable[..., Any], args: list[Any], names: list[str]) -> bool:
    """Whether a call with these arguments, and others by these names, fits."""
    try:
        inspect.signature(body).bind(*args, **dict.fromkeys(names))
    except TypeError:
        return False
    return True
