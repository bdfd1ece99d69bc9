"""What a program may call, by canonical name."""

from __future__ import annotations

import builtins
import math
import sys
from typing import Any

import numpy as np

from sct import runtime
from sct.ir.build import MODULES
from sct.rules.scalar import AS_OPERATOR, DISCRETE, FUNCTIONS, OF_TWO, SYNONYMS
from sct.rules.special import ARITY

_SCALAR = {pattern.partition("(")[0]: pattern.count(",") + 1 for pattern in FUNCTIONS} | dict.fromkeys(DISCRETE, 1)
_SCALAR |= dict.fromkeys(OF_TWO, 2)
_SCALAR |= {name: 2 if "y" in pattern else 1 for name, pattern in AS_OPERATOR.items()}
_SCALAR |= {name: _SCALAR[same] for name, same in SYNONYMS.items()}
_NOT_NUMPY = {"max", "min", "float", "int", "bool", "len", "argmax", "argmin", "pow"}
_NOT_NUMPY |= {same for name, same in SYNONYMS.items() if name.startswith("arc")}

MATH = {name for name in _SCALAR if hasattr(math, name)} - {"remainder"}  # which rounds to the nearest
NUMPY_SCALAR = {name for name in _SCALAR if name in vars(np)} - _NOT_NUMPY
ONLY_IN_NUMPY = {"cbrt", "fmod", "lcm", "ldexp"}
"""Functions of `math` taken as NumPy's: Numba lacks the others, and `math.ldexp` refuses the ints of arrays."""
CASTS = {"float64", "float32", "int64", "int32", "bool_"}
REDUCTIONS = {"sum": ("a", "axis"), "mean": ("a",), "prod": ("a",), "copy": ("a",)}
PRODUCTS = {"dot": ("a", "b"), "matmul": ("x1", "x2"), "inner": ("a", "b"), "tensordot": ("a", "b", "axes")}
ALONG = {"sum"}
"""Reductions that may be along one axis."""
JOINED = {
    "array": ("object", "dtype"),
    "concatenate": ("arrays", "axis"),
    "hstack": ("tup",),
    "vstack": ("tup",),
    "column_stack": ("tup",),
    "dstack": ("tup",),
    "stack": ("arrays", "axis"),
    "append": ("arr", "values"),
}
VIEWS = {
    "reshape": ("a", "shape"),
    "broadcast_to": ("array", "shape"),
    "ravel": ("a",),
    "transpose": ("a", "axes"),
    "swapaxes": ("a", "axis1", "axis2"),
    "moveaxis": ("a", "source", "destination"),
    "ascontiguousarray": ("a",),
    "asarray": ("a", "dtype"),
}
ALLOCATIONS = {
    "arange": ("start", "stop", "step", "dtype"),
    "zeros": ("shape", "dtype"),
    "ones": ("shape", "dtype"),
    "empty": ("shape", "dtype"),
    "full": ("shape", "fill_value", "dtype"),
    "zeros_like": ("a", "dtype"),
    "ones_like": ("a", "dtype"),
    "empty_like": ("prototype", "dtype"),
    "full_like": ("a", "fill_value", "dtype"),
}
SHAPED = {"zeros", "ones", "empty", "full"}
RESHAPING = {"reshape", "broadcast_to", "transpose", "moveaxis"}
"""Functions with a shape, or axes, as arguments after the first."""
OPTIONAL = {"dtype", "axes", "axis", "decimals"}
ELEMENTWISE = {"clip": ("a", "a_min", "a_max"), "round": ("a", "decimals")}
POSITIONAL = REDUCTIONS | PRODUCTS | ELEMENTWISE | JOINED | VIEWS | ALLOCATIONS
"""Functions whose arguments may be given by keyword, and the names of these."""
NUMPY = NUMPY_SCALAR | CASTS | set(POSITIONAL) | {"einsum"}
SPECIAL = frozenset(ARITY)
"""Functions of `scipy.special`."""

BUILTINS = {"abs", "min", "max", "len", "int", "float", "bool", "round", "pow", "divmod", "range", "print"}
RUNTIME = {"astype", "common_length", "digamma", "exponent", "flatten", "overlap", "polygamma", "reserve", "sinc_derivative"}
RUNTIME_OF_TWO = {"astype", "common_length", "overlap", "polygamma", "reserve", "sinc_derivative"}
ITERATORS = {"range", "enumerate", "zip", "reversed"}
PURE_BUILTINS = {"abs", "min", "max", "int", "float", "bool", "round"}

CONSTANTS = {
    "math": {"pi", "e", "tau", "inf", "nan"},
    "np": {"pi", "e", "inf", "nan", "euler_gamma"},
}
DTYPES = {np.dtype(t): t for t in ("float64", "float32", "int64", "int32")} | {np.dtype("bool"): "bool_"}
ARRAY_ATTRIBUTES = {"shape", "T", "size", "ndim", "dtype"}
METHODS = {"round", "sum", "mean", "prod", "dot", "copy", "clip", "flatten", "astype", "reshape", "ravel", "transpose", "swapaxes"}
UNDEFINED = "UNDEFINED"
_TYPES = {name for name, value in vars(builtins).items() if isinstance(value, type)}
_OURS = {*MODULES, "sct", UNDEFINED, "ABS", "UPDATED", "GETITEM", "GATHER", "RESHAPE", "MOVEAXIS", "TRANSPOSE", "SUM", "WHERE"}
_OURS |= {"ARRAY", "BROADCAST_TO", "PRODUCT", "SINC"}
RESERVED = BUILTINS | ITERATORS | _TYPES | set(runtime.__all__) | _OURS


def arity(function: str) -> int:
    """The number of arguments of a function of a module that is no allocation."""
    return (ARITY | _SCALAR).get(function, 1)


def is_function_name(name: str) -> bool:
    """Whether a call of `name` would look like one of a module: a helper that is called so gets another name."""
    return hasattr(np, name) or hasattr(math, name) or name in SPECIAL


def is_exception(value: Any) -> bool:
    """Whether a value is an exception class that a generated file can import."""
    if not isinstance(value, type) or not issubclass(value, BaseException):
        return False
    return getattr(sys.modules.get(value.__module__), value.__qualname__, None) is value
