"""What a program may call, by canonical name."""

from __future__ import annotations

import builtins
import math

import numpy as np

_SCALAR = set(
    """sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh asinh acosh atanh arcsinh arccosh arctanh
    exp expm1 exp2 log log10 log2 log1p sqrt cbrt square power pow abs fabs absolute hypot atan2 arctan2 erf erfc
    lgamma gamma floor ceil trunc sign copysign maximum minimum fmax fmin fmod degrees radians deg2rad rad2deg reciprocal
    negative add subtract multiply divide true_divide isnan isinf isfinite""".split()
)

MATH = {name for name in _SCALAR if hasattr(math, name)}
NUMPY_SCALAR = {name for name in _SCALAR if hasattr(np, name)} | {"where"}
CASTS = {"float64", "float32", "int64", "int32", "bool_"}
REDUCTIONS = {"sum": ("a",), "dot": ("a", "b"), "copy": ("a",)}
ALLOCATIONS = {
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
NUMPY = NUMPY_SCALAR | CASTS | set(REDUCTIONS) | set(ALLOCATIONS)

BUILTINS = {"abs", "min", "max", "len", "int", "float", "bool", "round", "pow", "divmod", "range"}
ITERATORS = {"range", "enumerate", "zip"}
PURE_BUILTINS = {"abs", "min", "max", "int", "float", "bool", "round"}

CONSTANTS = {
    "math": {"pi", "e", "tau", "inf", "nan"},
    "np": {"pi", "e", "inf", "nan", "euler_gamma"},
}
DTYPES = {np.dtype(t): t for t in ("float64", "float32", "int64", "int32")} | {np.dtype("bool"): "bool_"}
ARRAY_ATTRIBUTES = {"shape", "T", "size", "ndim"}
METHODS = {"sum", "dot", "copy"}
EXCEPTIONS = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
UNDEFINED = "UNDEFINED"
_TYPES = {name for name, value in vars(builtins).items() if isinstance(value, type)}
RESERVED = BUILTINS | ITERATORS | _TYPES | {"math", "np", "sct", UNDEFINED}

_BINARY = set(
    """hypot atan2 arctan2 power pow copysign maximum minimum fmax fmin fmod add subtract multiply divide
    true_divide dot""".split()
)


def arity(function: str) -> int:
    """The number of arguments of a `math` or `np` function that is no allocation."""
    return 3 if function == "where" else 2 if function in _BINARY else 1
