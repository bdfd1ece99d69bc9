"""The bits of floats, powers of two, polynomials, and how the functions of this folder are compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numba.core import types
from numba.extending import intrinsic

vector = njit(forceinline=True, error_model="numpy", fastmath={"contract"})
"""Compiles a function into its callers, which vectorise it. Without flags of its own it would be compiled with theirs."""

FRACTION = np.uint64(0x000FFFFFFFFFFFFF)
SIGN = np.uint64(0x8000000000000000)
WIDTH = np.uint64(52)

ROUND = 1.5 * 2.0**52
"""Adding it rounds a float of at most 2**51 to an integer, which then stands in the lowest bits of the sum."""

inlined = njit(inline="always")
"""Makes a function part of the text of those that are compiled, which takes less time than to compile it too."""


@intrinsic
def bits_of(typing_context: Any, x: types.Type) -> tuple[Any, Any]:
    """The bits of a float64 as a uint64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.uint64))

    return types.uint64(types.float64), generate


@intrinsic
def float_of(typing_context: Any, bits: types.Type) -> tuple[Any, Any]:
    """The float64 with these bits, a uint64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.float64))

    return types.float64(types.uint64), generate


@inlined
def power_of_two(rounded):
    """2**k, where `rounded` is k + ROUND and -1023 < k < 1024."""
    return float_of((bits_of(rounded) + np.uint64(1023)) << WIDTH)


def polynomial(name: str, coefficients: tuple[float, ...]) -> Any:
    """The polynomial by Horner's scheme, as a function of this name."""
    text = repr(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        text = f"{coefficient!r} + x * ({text})"
    space = dict[str, Any](__name__=__name__)
    exec(f"def {name}(x): return {text}", space)
    return inlined(space[name])
