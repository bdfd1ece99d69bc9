"""Scalar rules: an operation and one partial derivative per argument, as text; `z` is the result.

From a row come the tangent, the adjoint and what must be recorded: the free names of the partials of the active arguments.
A partial of None means zero. Kinks follow docs/kinks.md: a selection has the derivative of what it selects, the first of
equals wins; abs has slope 0 at 0. Formulas: Abramowitz & Stegun, chapters 4 and 7.
"""

from __future__ import annotations

OPERATORS = {
    "x + y": ("1.0", "1.0"),
    "x - y": ("1.0", "-1.0"),
    "x * y": ("y", "x"),
    "x / y": ("1.0 / y", "-z / y"),
    "x ** y": ("y * x ** (y - 1) if y != 0 else 0.0", "z * log(x) if x > 0.0 else 0.0"),
    "x % y": ("1.0", "-(x // y)"),
    "x // y": (None, None),
    "+x": ("1.0",),
    "-x": ("-1.0",),
}

FUNCTIONS = {
    "sin(x)": ("cos(x)",),
    "cos(x)": ("-sin(x)",),
    "tan(x)": ("1.0 + z * z",),
    "asin(x)": ("1.0 / sqrt(1.0 - x * x)",),
    "acos(x)": ("-1.0 / sqrt(1.0 - x * x)",),
    "atan(x)": ("1.0 / (1.0 + x * x)",),
    "atan2(x, y)": ("y / (x * x + y * y)", "-x / (x * x + y * y)"),
    "sinh(x)": ("cosh(x)",),
    "cosh(x)": ("sinh(x)",),
    "tanh(x)": ("1.0 - z * z",),
    "asinh(x)": ("1.0 / sqrt(x * x + 1.0)",),
    "acosh(x)": ("1.0 / sqrt(x * x - 1.0)",),
    "atanh(x)": ("1.0 / (1.0 - x * x)",),
    "exp(x)": ("z",),
    "exp2(x)": ("0.6931471805599453 * z",),
    "expm1(x)": ("z + 1.0",),
    "log(x)": ("1.0 / x",),
    "log2(x)": ("1.4426950408889634 / x",),
    "log10(x)": ("0.4342944819032518 / x",),
    "log1p(x)": ("1.0 / (1.0 + x)",),
    "logaddexp(x, y)": ("exp(x - z)", "exp(y - z)"),
    "logaddexp2(x, y)": ("exp2(x - z)", "exp2(y - z)"),
    "sqrt(x)": ("0.5 / z",),
    "cbrt(x)": ("1.0 / (3.0 * z * z)",),
    "square(x)": ("2.0 * x",),
    "reciprocal(x)": ("-z * z",),
    "hypot(x, y)": ("x / z", "y / z"),
    "erf(x)": ("1.1283791670955126 * exp(-x * x)",),
    "erfc(x)": ("-1.1283791670955126 * exp(-x * x)",),
    "gamma(x)": ("z * digamma(x)",),
    "lgamma(x)": ("digamma(x)",),
    "digamma(x)": ("polygamma(1, x)",),
    "polygamma(k, x)": (None, "polygamma(k + 1, x)"),
    "sinc(x)": ("3.141592653589793 * sinc_derivative(1, 3.141592653589793 * x)",),
    "sinc_derivative(k, x)": (None, "sinc_derivative(k + 1, x)"),
    "abs(x)": ("np.sign(x)",),
    "copysign(x, y)": ("copysign(1.0, x) * copysign(1.0, y)", None),
    "degrees(x)": ("57.29577951308232",),
    "radians(x)": ("0.017453292519943295",),
    "max(x, y)": ("0.0 if y > x else 1.0", "1.0 if y > x else 0.0"),
    "min(x, y)": ("0.0 if y < x else 1.0", "1.0 if y < x else 0.0"),
    "fmax(x, y)": ("1.0 if z == x else 0.0", "0.0 if z == x else 1.0"),
    "fmin(x, y)": ("1.0 if z == x else 0.0", "0.0 if z == x else 1.0"),
    "fmod(x, y)": ("1.0", "-trunc(x / y)"),
    "ldexp(x, k)": ("np.ldexp(1.0, k)", None),
    "nextafter(x, y)": ("1.0", None),
    "conjugate(x)": ("1.0",),
    "nan_to_num(x)": ("1.0 if isfinite(x) else 0.0",),
    "where(c, x, y)": (None, "1.0 if c else 0.0", "0.0 if c else 1.0"),
    "float(x)": ("1.0",),
}

SYNONYMS = {
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "fabs": "abs",
    "absolute": "abs",
    "maximum": "max",
    "minimum": "min",
    "rad2deg": "degrees",
    "deg2rad": "radians",
    "conj": "conjugate",
    "psi": "digamma",
    "gammaln": "lgamma",
    "loggamma": "lgamma",
    "float64": "float",
    "float32": "float",
}

AS_OPERATOR = {
    "add": "x + y",
    "subtract": "x - y",
    "multiply": "x * y",
    "divide": "x / y",
    "true_divide": "x / y",
    "power": "x ** y",
    "float_power": "x ** y",
    "pow": "x ** y",
    "negative": "-x",
    "positive": "+x",
    "remainder": "x % y",
    "mod": "x % y",
    "floor_divide": "x // y",
}

OF_TWO = frozenset(
    {
        "logical_and",
        "logical_or",
        "logical_xor",
        "equal",
        "not_equal",
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "bitwise_and",
        "bitwise_or",
        "bitwise_xor",
        "left_shift",
        "right_shift",
        "gcd",
        "lcm",
    }
)
"""Discrete functions of two arguments."""

DISCRETE = OF_TWO | frozenset(
    {
        "floor",
        "ceil",
        "trunc",
        "rint",
        "round",
        "sign",
        "signbit",
        "spacing",
        "exponent",
        "int",
        "bool",
        "int64",
        "int32",
        "bool_",
        "isnan",
        "isinf",
        "isfinite",
        "isneginf",
        "isposinf",
        "angle",
        "imag",
        "len",
        "common_length",
        "overlap",
        "logical_not",
        "invert",
    }
)
"""Functions with a derivative of zero wherever they have one."""

CHEAP = frozenset(
    {
        "abs",
        "max",
        "min",
        "fmax",
        "fmin",
        "square",
        "copysign",
        "conjugate",
        "float",
        "degrees",
        "radians",
        "where",
        "sign",
        "len",
        "int",
        "bool",
    }
)
"""Functions that cost less than a load from memory: recomputed rather than saved."""
