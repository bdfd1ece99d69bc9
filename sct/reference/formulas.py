"""The scalar derivative formulas of the references: one row per operation, its value and one partial per operand.

`x` and `y` are the operands, `z` is the result. A partial of `None` says that the result does not depend on that
operand here: nothing is multiplied, so a NaN on the side that was not selected cannot leak in. Rows are named after
NumPy's ufuncs; `MATH_NAMES` maps the names of the `math` module to them.

The compiler has its own table (`sct/rules`). This one is written independently of it, and on purpose: a reference that
read the compiler's rows would agree with their mistakes. The formulas are those of any calculus text; Griewank and
Walther, *Evaluating Derivatives* (2008), table 2.3, calls them elemental tangents.

Kinks: `abs` has derivative 0 at 0. `maximum` and `minimum` take the first of equal operands, as Python's `max` and
`min` do. `x ** 0` has derivative 0, and `0.0 ** y` with y > 0 has derivative 0 in y. `sqrt` at 0 has derivative inf.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

from sct.reference import special

UNARY = {
    "positive": ("x", "1.0"),
    "negative": ("-x", "-1.0"),
    "absolute": ("abs(x)", "sign(x)"),
    "square": ("x * x", "2.0 * x"),
    "reciprocal": ("1.0 / x", "-z * z"),
    "sqrt": ("sqrt(x)", "0.5 / z"),
    "cbrt": ("cbrt(x)", "1.0 / (3.0 * z * z)"),
    "exp": ("exp(x)", "z"),
    "exp2": ("exp2(x)", "z * log(2.0)"),
    "expm1": ("expm1(x)", "exp(x)"),
    "log": ("log(x)", "1.0 / x"),
    "log2": ("log2(x)", "1.0 / (x * log(2.0))"),
    "log10": ("log10(x)", "1.0 / (x * log(10.0))"),
    "log1p": ("log1p(x)", "1.0 / (1.0 + x)"),
    "sin": ("sin(x)", "cos(x)"),
    "cos": ("cos(x)", "-sin(x)"),
    "tan": ("tan(x)", "1.0 + z * z"),
    "arcsin": ("arcsin(x)", "1.0 / sqrt(1.0 - x * x)"),
    "arccos": ("arccos(x)", "-1.0 / sqrt(1.0 - x * x)"),
    "arctan": ("arctan(x)", "1.0 / (1.0 + x * x)"),
    "sinh": ("sinh(x)", "cosh(x)"),
    "cosh": ("cosh(x)", "sinh(x)"),
    "tanh": ("tanh(x)", "1.0 - z * z"),
    "arcsinh": ("arcsinh(x)", "1.0 / sqrt(x * x + 1.0)"),
    "arccosh": ("arccosh(x)", "1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))"),
    "arctanh": ("arctanh(x)", "1.0 / (1.0 - x * x)"),
    "radians": ("radians(x)", "pi / 180.0"),
    "degrees": ("degrees(x)", "180.0 / pi"),
    "erf": ("erf(x)", "2.0 / sqrt(pi) * exp(-x * x)"),
    "erfc": ("erfc(x)", "-2.0 / sqrt(pi) * exp(-x * x)"),
    "gamma": ("gamma(x)", "z * digamma(x)"),
    "lgamma": ("lgamma(x)", "digamma(x)"),
    "sign": ("sign(x)", "None"),
    "floor": ("floor(x)", "None"),
    "ceil": ("ceil(x)", "None"),
    "trunc": ("trunc(x)", "None"),
    "rint": ("rint(x)", "None"),
    "spacing": ("spacing(x)", "None"),
    "conjugate": ("x", "1.0"),
    "nan_to_num": ("nan_to_num(x)", "1.0 if isfinite(x) else None"),
    "sinc": ("sinc(x)", "sinc_slope(x)"),
}

BINARY = {
    "add": ("x + y", "1.0", "1.0"),
    "subtract": ("x - y", "1.0", "-1.0"),
    "multiply": ("x * y", "y", "x"),
    "divide": ("x / y", "1.0 / y", "-z / y"),
    "power": ("x ** y", "0.0 if y == 0 else y * x ** (y - 1)", "0.0 if x == 0 and y > 0 else z * log(x)"),
    "remainder": ("x % y", "1.0", "-floor(x / y)"),
    "fmod": ("fmod(x, y)", "1.0", "-trunc(x / y)"),
    "floor_divide": ("x // y", "None", "None"),
    "maximum": ("maximum(x, y)", "1.0 if x >= y or x != x else None", "None if x >= y or x != x else 1.0"),
    "minimum": ("minimum(x, y)", "1.0 if x <= y or x != x else None", "None if x <= y or x != x else 1.0"),
    "fmax": ("fmax(x, y)", "1.0 if x >= y or y != y else None", "None if x >= y or y != y else 1.0"),
    "fmin": ("fmin(x, y)", "1.0 if x <= y or y != y else None", "None if x <= y or y != y else 1.0"),
    "hypot": ("hypot(x, y)", "x / z", "y / z"),
    "arctan2": ("arctan2(x, y)", "y / (x * x + y * y)", "-x / (x * x + y * y)"),
    "copysign": ("copysign(x, y)", "copysign(1.0, x) * copysign(1.0, y)", "None"),
    "heaviside": ("heaviside(x, y)", "None", "1.0 if x == 0 else None"),
    "logaddexp": ("logaddexp(x, y)", "1.0 / (1.0 + exp(y - x))", "1.0 / (1.0 + exp(x - y))"),
    "logaddexp2": ("logaddexp2(x, y)", "1.0 / (1.0 + exp2(y - x))", "1.0 / (1.0 + exp2(x - y))"),
    "nextafter": ("nextafter(x, y)", "1.0", "None"),
}

SAME_AS = {
    "fabs": "absolute",
    "float_power": "power",
    "deg2rad": "radians",
    "rad2deg": "degrees",
}

MATH_NAMES = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "atan2": "arctan2",
    "pow": "power",
    "fabs": "absolute",
}


def digamma(x: float) -> float:
    """The logarithmic derivative of gamma: reflection below 0, recurrence up to 10, then the asymptotic series."""
    if x <= 0.0:
        return np.nan if x == np.floor(x) else digamma(1.0 - x) - np.pi / np.tan(np.pi * x)
    total = 0.0
    while x < 10.0:
        total -= 1.0 / x
        x += 1.0
    w = 1.0 / (x * x)
    series = w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132 - w * 691 / 32760)))))
    return total + np.log(x) - 0.5 / x - series


def sinc_slope(x: float) -> float:
    """The derivative of sin(pi x) / (pi x): by the rule for quotients, and near 0 the first terms of its series."""
    u = np.pi * x
    if abs(u) > 0.03:
        return (np.cos(u) - np.sinc(x)) / x
    return np.pi * u * (u**2 / 30.0 - 1.0 / 3.0 - u**4 / 840.0)


class _Special:
    """`scipy.special`, imported when it is used."""

    def __getattr__(self, name: str) -> Callable:
        return getattr(import_module("scipy.special"), name)


@dataclass(frozen=True)
class Formula:
    """An operation ready to run: `value(*operands)`, and `partials[k](*operands, z)` for each operand."""

    name: str
    value: Callable
    partials: tuple[Callable, ...]


def _compile(name: str, operands: str, row: tuple[str, ...]) -> Formula:
    value = eval(f"lambda {operands}: {row[0]}", _NAMES)
    partials = tuple(eval(f"lambda {operands}, z: {text}", _NAMES) for text in row[1:])
    return Formula(name, value, partials)


_NAMES = {name: getattr(np, name) for name in dir(np) if isinstance(getattr(np, name), np.ufunc)}
_NAMES |= {name: getattr(math, name) for name in ("erf", "erfc", "gamma", "lgamma")}
_NAMES |= {"digamma": digamma, "pi": math.pi, "abs": np.abs, "sinc": np.sinc, "sinc_slope": sinc_slope}
_NAMES |= {"nan_to_num": np.nan_to_num, "special": _Special()}

FORMULAS = {name: _compile(name, "x", row) for name, row in (UNARY | special.UNARY).items()}
FORMULAS |= {name: _compile(name, "x, y", row) for name, row in (BINARY | special.BINARY).items()}
FORMULAS |= {name: FORMULAS[other] for name, other in SAME_AS.items()}
