"""log and log1p: log(2**k (1 + f)) = k log 2 + log(1 + f), and log(1 + f) = log((1 + s) / (1 - s)) with s = f / (2 + f)."""

from __future__ import annotations

import math

import numpy as np

from sct.vectors.bits import FRACTION, WIDTH, bits_of, float_of, inlined, polynomial, vector
from sct.vectors.exponential import HIGH, LOW

LOGARITHM = (
    0.666666666666667, 0.3999999999989607, 0.28571428627528794, 0.22222210881932927, 0.1818290749767122, 0.1533111258796017,
    0.1462395660821188,
)  # fmt: skip
"""(log((1 + s) / (1 - s)) - 2 s) / s**3 in z = s**2 < 0.0296, to 4e-16; it is multiplied by z."""

_tail = polynomial("logarithm", LOGARITHM)

ROOT = np.uint64(0x3FE6A09E667F3BCD)  # the bits of sqrt(1/2)
TO_ONE = np.uint64(0x3FF0000000000000) - ROOT
INTEGER = np.uint64(0x4330000000000000)  # 2**52, whose lowest bits are integers
BIAS = 2.0**52 + 1023.0


@inlined
def _exponent(x):
    """k as a float, where x = 2**k m is a positive normal number and sqrt(1/2) <= m < sqrt(2)."""
    return float_of((bits_of(x) + TO_ONE) >> WIDTH | INTEGER) - BIAS


@inlined
def _fraction(x):
    """m - 1."""
    return float_of((bits_of(x) + TO_ONE & FRACTION) + ROOT) - 1.0


@inlined
def _sum(k, f, correction):
    """k log 2 + log(1 + f) + correction; what is largest is added last."""
    s = f / (2.0 + f)
    z = s * s
    half = 0.5 * f * f
    return k * HIGH - ((half - (s * (half + z * _tail(z)) + (k * LOW + correction))) - f)


@vector
def log(x):
    """The natural logarithm; of zero -inf, of negative numbers nan. Within 1 ulp."""
    tiny = x < 1e-300
    normal = x * 2.0**54 if tiny else x
    y = _sum(_exponent(normal) - (54.0 if tiny else 0.0), _fraction(normal), 0.0)
    y = y if x > 0.0 else (-math.inf if x == 0.0 else math.nan)
    return y if x < math.inf else x


@vector
def log1p(x):
    """log(1 + x), also where x is small. Within 1 ulp."""
    u = 1.0 + x
    k = _exponent(u)
    lost = (1.0 - (u - x) if x > 1.0 else x - (u - 1.0)) / u
    y = _sum(k, x if k == 0.0 else _fraction(u), 0.0 if k == 0.0 else lost)
    y = y if abs(x) > 1e-300 else x  # keeps the sign of zero
    y = y if x > -1.0 else (-math.inf if x == -1.0 else math.nan)
    return y if x < math.inf else x
