"""Rules for `scipy.special`, in the form of `sct.rules.scalar`.

A derivative by the order of a function is not known in closed form; there the order must be a constant. Differences of Bessel
functions have no 0 / 0 at the origin, unlike quotients, and so every order is right there. Formulas: DLMF 5, 7, 8, 10.
"""

from __future__ import annotations

UNKNOWN = "..."
"""The partial by an argument that must not vary."""

SPECIAL = {
    "expit(x)": ("z * expit(-x)",),
    "logit(x)": ("1.0 / (x * (1.0 - x))",),
    "log_expit(x)": ("expit(-x)",),
    "xlogy(x, y)": ("log(y)", "x / y if x != 0.0 or y != 0.0 else 0.0"),
    "xlog1py(x, y)": ("log1p(y)", "x / (1.0 + y) if x != 0.0 or y != -1.0 else 0.0"),
    "entr(x)": ("-log(x) - 1.0",),
    "rel_entr(x, y)": ("log(x / y) + 1.0", "-x / y"),
    "kl_div(x, y)": ("log(x / y)", "1.0 - x / y"),
    "exp10(x)": ("2.302585092994046 * z",),
    "erfcx(x)": ("2.0 * x * z - 1.1283791670955126",),
    "erfinv(x)": ("0.886226925452758 * exp(z * z)",),
    "erfcinv(x)": ("-0.886226925452758 * exp(z * z)",),
    "ndtr(x)": ("0.3989422804014327 * exp(-0.5 * x * x)",),
    "log_ndtr(x)": ("0.3989422804014327 * exp(-0.5 * x * x - z)",),
    "ndtri(x)": ("2.5066282746310002 * exp(0.5 * z * z)",),
    "betaln(x, y)": ("digamma(x) - digamma(x + y)", "digamma(y) - digamma(x + y)"),
    "beta(x, y)": ("z * (digamma(x) - digamma(x + y))", "z * (digamma(y) - digamma(x + y))"),
    "gammainc(k, x)": (UNKNOWN, "exp(xlogy(k - 1.0, x) - x - gammaln(k))"),
    "gammaincc(k, x)": (UNKNOWN, "-exp(xlogy(k - 1.0, x) - x - gammaln(k))"),
    "j0(x)": ("-j1(x)",),
    "j1(x)": ("0.5 * (j0(x) - jv(2, x))",),
    "jv(k, x)": (UNKNOWN, "0.5 * (jv(k - 1, x) - jv(k + 1, x))"),
    "y0(x)": ("-y1(x)",),
    "y1(x)": ("0.5 * (y0(x) - yv(2, x))",),
    "yv(k, x)": (UNKNOWN, "0.5 * (yv(k - 1, x) - yv(k + 1, x))"),
    "i0(x)": ("i1(x)",),
    "i1(x)": ("0.5 * (i0(x) + iv(2, x))",),
    "iv(k, x)": (UNKNOWN, "0.5 * (iv(k - 1, x) + iv(k + 1, x))"),
    "i0e(x)": ("i1e(x) - np.sign(x) * z",),
    "i1e(x)": ("0.5 * (i0e(x) + ive(2, x)) - np.sign(x) * z",),
    "ive(k, x)": (UNKNOWN, "0.5 * (ive(k - 1, x) + ive(k + 1, x)) - np.sign(x) * z"),
    "k0(x)": ("-k1(x)",),
    "k1(x)": ("-0.5 * (k0(x) + kv(2, x))",),
    "kv(k, x)": (UNKNOWN, "-0.5 * (kv(k - 1, x) + kv(k + 1, x))"),
}

AS_ROW = {"erf": 1, "erfc": 1, "gamma": 1, "gammaln": 1, "loggamma": 1, "digamma": 1, "psi": 1, "polygamma": 2}
"""Functions with a row in `sct.rules.scalar`, and how many arguments they have."""

ARITY = {pattern.partition("(")[0]: pattern.count(",") + 1 for pattern in SPECIAL} | AS_ROW

SAME_AS_NUMPY = ("cbrt", "exp2", "expm1", "log1p")
"""Functions that NumPy also has, under the same name."""
