"""Derivative formulas of the references for `scipy.special`, in the form of `sct.reference.formulas`.

Where the compiler's table has a sum of Bessel functions of neighbouring orders, these have the quotient with x; and so on.
"""

from __future__ import annotations

UNARY = {
    "expit": ("special.expit(x)", "0.25 / cosh(0.5 * x) ** 2"),
    "logit": ("special.logit(x)", "1.0 / x + 1.0 / (1.0 - x)"),
    "log_expit": ("special.log_expit(x)", "1.0 / (1.0 + exp(x))"),
    "entr": ("special.entr(x)", "-(1.0 + log(x))"),
    "exp10": ("special.exp10(x)", "log(10.0) * exp(log(10.0) * x)"),
    "erfcx": ("special.erfcx(x)", "2.0 * (x * z - 1.0 / sqrt(pi))"),
    "erfinv": ("special.erfinv(x)", "sqrt(pi) / 2.0 / exp(-z * z)"),
    "erfcinv": ("special.erfcinv(x)", "-sqrt(pi) / 2.0 / exp(-z * z)"),
    "ndtr": ("special.ndtr(x)", "exp(-x * x / 2.0) / sqrt(2.0 * pi)"),
    "log_ndtr": ("special.log_ndtr(x)", "exp(-x * x / 2.0) / sqrt(2.0 * pi) / special.ndtr(x)"),
    "ndtri": ("special.ndtri(x)", "sqrt(2.0 * pi) / exp(-z * z / 2.0)"),
    "gammaln": ("special.gammaln(x)", "digamma(x)"),
    "loggamma": ("special.loggamma(x)", "digamma(x)"),
    "psi": ("special.psi(x)", "special.polygamma(1, x)"),
    "j0": ("special.j0(x)", "-special.j1(x)"),
    "j1": ("special.j1(x)", "special.j0(x) - z / x if x != 0.0 else 0.5"),
    "y0": ("special.y0(x)", "-special.y1(x)"),
    "y1": ("special.y1(x)", "special.y0(x) - z / x"),
    "i0": ("special.i0(x)", "special.i1(x)"),
    "i1": ("special.i1(x)", "special.i0(x) - z / x if x != 0.0 else 0.5"),
    "i0e": ("special.i0e(x)", "exp(-abs(x)) * (special.i1(x) - sign(x) * special.i0(x))"),
    "i1e": ("special.i1e(x)", "exp(-abs(x)) * (special.i0(x) - special.i1(x) * (1.0 / x + sign(x))) if x != 0.0 else 0.5"),
    "k0": ("special.k0(x)", "-special.k1(x)"),
    "k1": ("special.k1(x)", "-special.k0(x) - z / x"),
}

BINARY = {
    "xlogy": ("special.xlogy(x, y)", "log(y)", "None if x == 0.0 else x / y"),
    "xlog1py": ("special.xlog1py(x, y)", "log(1.0 + y)", "None if x == 0.0 else x / (1.0 + y)"),
    "rel_entr": ("special.rel_entr(x, y)", "1.0 + log(x) - log(y)", "-x / y"),
    "kl_div": ("special.kl_div(x, y)", "log(x) - log(y)", "(y - x) / y"),
    "betaln": ("special.betaln(x, y)", "digamma(x) - digamma(x + y)", "digamma(y) - digamma(x + y)"),
    "beta": ("special.beta(x, y)", "z * digamma(x) - z * digamma(x + y)", "z * digamma(y) - z * digamma(x + y)"),
    "polygamma": ("special.polygamma(x, y)", "None", "special.polygamma(x + 1, y)"),
    "gammainc": ("special.gammainc(x, y)", "None", "y ** (x - 1.0) * exp(-y) / gamma(x)"),
    "gammaincc": ("special.gammaincc(x, y)", "None", "-(y ** (x - 1.0)) * exp(-y) / gamma(x)"),
    "jv": ("special.jv(x, y)", "None", "special.jvp(x, y)"),
    "yv": ("special.yv(x, y)", "None", "special.yvp(x, y)"),
    "iv": ("special.iv(x, y)", "None", "special.ivp(x, y)"),
    "ive": ("special.ive(x, y)", "None", "exp(-abs(y)) * (special.ivp(x, y) - sign(y) * special.iv(x, y))"),
    "kv": ("special.kv(x, y)", "None", "special.kvp(x, y)"),
}
