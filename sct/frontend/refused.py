"""Functions of math, NumPy and random that Numba or NumPy have and sct refuses, each with what to write instead.

A test walks what Numba and NumPy list: what is neither supported nor named here fails, and so does what is both.
"""

from __future__ import annotations

import math
import random
from functools import cache
from typing import Any

import numpy as np

_COMPLEX = "keep real and imaginary parts in two variables"
_DRAW = "draw before the call, and pass the numbers in as an argument"
_SETS = "work on sorted arrays in a loop, or prepare it before the call and pass it in"
_FACTORIAL = "use math.gamma(n + 1.0), or math.lgamma(n + 1.0) for large n"
_LOOP = "write it as a loop"
_POLYNOMIAL = "write Horner's rule as a loop: p = p * x + c[k]"
_DTYPE = "use float64, float32, int64, int32 or bool"
_NO_NUMBER = "write the number out, or pass it in as an argument"
_WINDOW = "write its formula with np.cos, or prepare it before the call and pass it in"
_GRID = "index with loop variables: `for i in range(n)`"

REFUSED: dict[str, str] = {
    **dict.fromkeys(("np.union1d", "np.intersect1d", "np.setdiff1d", "np.setxor1d", "np.isin", "np.in1d"), _SETS),
    "np.argpartition": "use np.argsort",
    "np.partition": "use np.sort",
    **dict.fromkeys(("np.nanpercentile", "np.nanquantile"), "drop the nans first: x[~np.isnan(x)]"),
    **dict.fromkeys(("np.bartlett", "np.blackman", "np.hamming", "np.hanning", "np.kaiser"), _WINDOW),
    **dict.fromkeys(("np.iscomplex", "np.iscomplexobj", "np.isreal", "np.isrealobj"), "floats are real"),
    **dict.fromkeys(("np.complex64", "np.complex128"), _COMPLEX),
    **dict.fromkeys(("np.int8", "np.int16", "np.uint8", "np.uint16", "np.uint32", "np.uint64", "np.dtype"), _DTYPE),
    **dict.fromkeys(("np.finfo", "np.iinfo"), _NO_NUMBER),
    **dict.fromkeys(("np.ndindex", "np.ndenumerate", "np.nditer", "np.indices"), _GRID),
    **dict.fromkeys(("math.factorial", "math.comb", "math.perm"), _FACTORIAL),
    "np.linalg.eig": "use np.linalg.eigh, for symmetric matrices: others have complex eigenvalues",
    "np.linalg.eigvals": "use np.linalg.eigvalsh, for symmetric matrices: others have complex eigenvalues",
    **dict.fromkeys(("np.argwhere", "np.resize", "np.select", "np.trim_zeros", "np.unwrap"), _LOOP),
    **dict.fromkeys(("np.tril_indices_from", "np.triu_indices_from"), "pass the lengths: np.tril_indices(len(a))"),
    **dict.fromkeys(("np.matvec", "np.vecdot", "np.vecmat"), "use np.einsum"),
    "np.frombuffer": "pass the array in as an argument",
    "np.isnat": "keep times as floats",
    "np.isscalar": "test the number of axes, x.ndim",
    "np.broadcast_shapes": "use the shape of the result",
    "np.broadcast_arrays": "operations repeat axes by themselves; add axes with None",
    "np.roots": "find one root by Newton's method in a loop",
    "np.frexp": "use math.frexp in a loop over the elements",
    "np.i0": "use scipy.special.i0",
    "np.bitwise_count": _LOOP,
    "np.asarray_chkfinite": "use np.asarray, and test np.isfinite",
    "np.asfortranarray": "use the array as it is",
    "np.lib.stride_tricks.as_strided": "take slices",
    "np.lib.stride_tricks.sliding_window_view": "take slices x[i : i + n] in a loop",
    "math.isqrt": "use int(math.sqrt(n))",
    "math.remainder": "use x - y * np.rint(x / y)",
    "math.ulp": "use np.spacing(abs(x))",
    "math.sumprod": "use np.dot of two arrays",
    "math.fma": "use x * y + z",
}
"""From the name to the remedy."""

MODULES = {
    "cmath": _COMPLEX,
    "random": "use np.random, and pass the parameters of distributions as constants",
    "numpy.random": _DRAW,
    "numpy.polynomial": _POLYNOMIAL,
}
"""The same for all other functions of a module."""


def named(name: str) -> Any:
    """The object of a dotted name; None where this version of NumPy or Python lacks it."""
    first, *rest = name.split(".")
    found: Any = {"np": np, "math": math, "random": random}[first]
    for part in rest:
        found = getattr(found, part, None)
    return found


@cache
def _remedies() -> dict[int, str]:
    found = {name: named(name) for name in REFUSED}
    return {id(value): REFUSED[name] for name, value in found.items() if value is not None}


def remedy(function: Any) -> str | None:
    """What to write instead of a call of a function that is refused; None for one that is not in the tables."""
    of = getattr(function, "__self__", None)
    module = getattr(function, "__module__", None) or getattr(type(of), "__module__", None) or ""
    within = (text for name, text in MODULES.items() if f"{module}.".startswith((f"{name}.", f"_{name}.")))
    return _remedies().get(id(function)) or next(within, None)
