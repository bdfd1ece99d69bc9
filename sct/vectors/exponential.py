"""exp, expm1 and the logistic function: exp(x) = 2**k exp(r) with x = k log 2 + r, |r| <= log(2) / 2."""

from __future__ import annotations

from sct.vectors.bits import ROUND, inlined, polynomial, power_of_two, vector

INVERSE = 1.4426950408889634  # 1 / log 2
HIGH = float.fromhex("0x1.62e42fefa38p-1")  # log 2 to 42 bits: a product with k is exact
LOW = float.fromhex("0x1.ef35793c7673p-45")  # the rest

EXPONENTIAL = (
    0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333325551, 0.0013888888888883332, 0.00019841269876840357,
    2.480158732699005e-05, 2.755725286336732e-06, 2.755727183153613e-07, 2.5106262550879078e-08, 2.0915433598076003e-09,
)  # fmt: skip
"""(exp(r) - 1 - r) / r**2 for |r| < 0.35, to 2e-18."""

_tail = polynomial("exponential", EXPONENTIAL)


@inlined
def _parts(x):
    """1 + q, what is lost by rounding it, and two powers of two with which its product is e**x."""
    inside = x if x > -746.0 else -746.0
    inside = inside if inside < 710.0 else 710.0
    rounded = inside * INVERSE + ROUND
    k = rounded - ROUND
    r = (inside - k * HIGH) - k * LOW
    q = r + r * r * _tail(r)
    y = 1.0 + q
    half = k * 0.5 + ROUND  # one power alone may be out of range
    return y, (1.0 - y) + q, power_of_two(half), power_of_two(k - (half - ROUND) + ROUND)


@vector
def exp(x):
    """e**x; below -745.2 zero, above 709.8 inf. Within 1 ulp."""
    y, _, scale, rest = _parts(x)
    y = y * scale * rest
    return y if x == x else x


@inlined
def exp_of_moderate(x):
    """`exp` for |x| < 700."""
    rounded = x * INVERSE + ROUND
    k = rounded - ROUND
    r = (x - k * HIGH) - k * LOW
    return (1.0 + (r + r * r * _tail(r))) * power_of_two(rounded)


@vector
def expm1(x):
    """e**x - 1, also where it is small. Within 1.2 ulp."""
    inside = x if x > -40.0 else -40.0
    inside = inside if inside < 710.0 else 710.0
    rounded = inside * INVERSE + ROUND
    k = rounded - ROUND
    high = inside - k * HIGH
    r = high - k * LOW
    rest = (high - r) - k * LOW
    opposite = -k if k < 64.0 else -64.0
    base = 1.0 - power_of_two(opposite + ROUND)  # exp(x) - 1 = 2**k (base + r + ...)
    total = base + r
    lost = (base - total) + r
    y = (total + (lost + (rest + r * r * _tail(r)))) * power_of_two(rounded - 1.0) * 2.0
    y = x if abs(x) < 1e-300 else y  # keeps the sign of zero
    return y if x == x else x


@vector
def expit(x):
    """1 / (1 + e**-x), from e**-|x| and what that lost. Within 1.5 ulp."""
    y, lost, scale, rest = _parts(-abs(x))
    t = y * scale * rest
    below = 1.0 + t
    above = 1.0 if x > 0.0 else t
    lost = lost * scale * rest
    lost_above = 0.0 if x > 0.0 else lost
    y = above / below
    y += (lost_above - y * ((1.0 - below) + t + lost)) / below
    return y if x == x else x
