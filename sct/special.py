"""Lets Numba compile the functions of `scipy.special` that sct knows; imported where generated text calls one.

The transcendental ones are called at the addresses that SciPy publishes for Cython. Compiled code names them by symbols, which
are given their addresses here: so it can be cached. The others are formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import llvmlite.binding
import numpy as np
from numba.core import types
from numba.extending import get_cython_function_address, overload, register_jitable
from scipy import special
from scipy.special import cython_special

from sct import runtime
from sct.rules.special import ARITY


def expit(x):
    return 1.0 / (1.0 + math.exp(-x))


def logit(x):
    return np.log(x / (1.0 - x)) if x < 0.25 or x > 0.75 else np.log1p((2.0 * x - 1.0) / (1.0 - x))


def log_expit(x):
    return x - np.log1p(math.exp(x)) if x < 0.0 else -np.log1p(math.exp(-x))


def xlogy(x, y):
    return 0.0 if x == 0.0 and not math.isnan(y) else x * np.log(y)


def xlog1py(x, y):
    return 0.0 if x == 0.0 and not math.isnan(y) else x * np.log1p(y)


def entr(x):
    return -x * np.log(x) if x > 0.0 else -math.inf if x < 0.0 else 0.0 * x


def rel_entr(x, y):
    if x > 0.0 and y > 0.0:
        return x * np.log(x / y)
    return math.nan if math.isnan(x) or math.isnan(y) else 0.0 if x == 0.0 and y >= 0.0 else math.inf


def exp10(x):
    return 10.0**x


def erf(x):
    return math.erf(x)


def erfc(x):
    return math.erfc(x)


FORMULAS = (expit, logit, log_expit, xlogy, xlog1py, entr, rel_entr, exp10, erf, erfc, runtime.polygamma)


def _external(name: str) -> Callable[..., float]:
    """The function at the address that SciPy publishes, with a formula's arguments."""
    exported = cython_special.__pyx_capi__
    wanted = f"double ({'double, ' * ARITY[name]}int __pyx_skip_dispatch)"
    variants = [v for v in (name, f"__pyx_fuse_0{name}", f"__pyx_fuse_1{name}") if f'"{wanted}"' in str(exported.get(v))]
    symbol = f"sct_special_{name}"
    llvmlite.binding.add_symbol(symbol, get_cython_function_address("scipy.special.cython_special", variants[0]))
    call = types.ExternalFunction(symbol, types.float64(*[types.float64] * ARITY[name], types.intc))
    if ARITY[name] == 1:
        return lambda x: call(x, 0)
    return lambda x, y: call(x, y, 0)


def _teach(function: Any, compiled: Callable[..., float], arity: int) -> None:
    """Give Numba what stands for a function of numbers; of float32 alone it returns one."""
    kernel = register_jitable(compiled)

    def chosen(*args: types.Type) -> Callable[..., float] | None:
        if not all(isinstance(a, types.Number | types.Boolean) for a in args):
            return None
        if {a for a in args if isinstance(a, types.Float)} == {types.float32}:
            return (lambda x: np.float32(kernel(x))) if arity == 1 else lambda x, y: np.float32(kernel(x, y))
        return (lambda x: kernel(x)) if arity == 1 else lambda x, y: kernel(x, y)

    overload(function)((lambda x: chosen(x)) if arity == 1 else lambda x, y: chosen(x, y))


def _teach_all() -> None:
    formulas = {formula.__name__: formula for formula in FORMULAS}
    for name, arity in ARITY.items():
        if name != "psi" and hasattr(special, name):  # psi is another name of digamma
            _teach(getattr(special, name), formulas.get(name) or _external("psi" if name == "digamma" else name), arity)


_teach_all()
