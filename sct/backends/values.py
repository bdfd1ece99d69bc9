"""Arguments as Python values: numbers, arrays, and tuples of those."""

from __future__ import annotations

from typing import Any

import numpy as np

from sct.errors import TypeProblem
from sct.tree import like


def is_float(value: Any) -> bool:
    """Whether a value can have a derivative: a float, an array of floats, a tuple that holds one."""
    if isinstance(value, tuple):
        return any(is_float(each) for each in value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f"
    return isinstance(value, (float, np.floating))


def copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def carried(value: Any) -> Any:
    """A default as it is passed at run time: what is fixed before the run, a function or a string, is not."""
    return None if callable(value) or isinstance(value, str) else value


def zero(value: Any) -> Any:
    """Zero of a value's own type and shape; None for what is no number."""
    if isinstance(value, np.ndarray):
        return np.zeros_like(value)
    return type(value)(0) if isinstance(value, (int, float, np.generic)) else None


def fitted(given: Any, primal: Any, what: str) -> Any:
    """A tangent or seed in the type of the value it belongs to; zero where that is no float."""
    if isinstance(primal, tuple):
        if not isinstance(given, tuple) or len(primal) != len(given):
            raise TypeProblem(f"{what} is not a tuple of {len(primal)}", remedy="give it the structure of the value")
        return like(primal, [fitted(*pair, what) for pair in zip(given, primal, strict=True)])
    if not is_float(primal):
        return zero(primal)
    if np.shape(given) != np.shape(primal):
        message = f"{what} has shape {np.shape(given)}, but its value has shape {np.shape(primal)}"
        raise TypeProblem(message, remedy="give it the shape of the value")
    return np.asarray(given, primal.dtype) if isinstance(primal, np.ndarray) else type(primal)(given)
