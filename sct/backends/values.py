"""Arguments as Python values: numbers, arrays, and tuples of those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sct.errors import TypeProblem


def is_float(value: Any) -> bool:
    """Whether a value can have a derivative: a float, an array of floats, a tuple that holds one."""
    if isinstance(value, tuple):
        return any(is_float(each) for each in value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f"
    return isinstance(value, (float, np.floating))


def each_leaf(function: Callable[[Any], Any], value: Any) -> Any:
    """Apply `function` to a value, or to every value in a tuple."""
    if not isinstance(value, tuple):
        return function(value)
    return _like(value, [each_leaf(function, each) for each in value])


def copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def zero(value: Any) -> Any:
    """Zero of a value's own type and shape."""
    return np.zeros_like(value) if isinstance(value, np.ndarray) else type(value)(0)


def fitted(given: Any, primal: Any, what: str) -> Any:
    """A tangent or seed in the type of the value it belongs to; zero where that is no float."""
    if isinstance(primal, tuple):
        if not isinstance(given, tuple) or len(primal) != len(given):
            raise TypeProblem(f"{what} is not a tuple of {len(primal)}", remedy="give it the structure of the value")
        return _like(primal, [fitted(*pair, what) for pair in zip(given, primal, strict=True)])
    if not is_float(primal):
        return zero(primal)
    if np.shape(given) != np.shape(primal):
        message = f"{what} has shape {np.shape(given)}, but its value has shape {np.shape(primal)}"
        raise TypeProblem(message, remedy="give it the shape of the value")
    return np.asarray(given, primal.dtype) if isinstance(primal, np.ndarray) else type(primal)(given)


def _like(value: tuple[Any, ...], leaves: list[Any]) -> tuple[Any, ...]:
    make = getattr(value, "_make", tuple)  # a named tuple stays one
    return make(leaves)
