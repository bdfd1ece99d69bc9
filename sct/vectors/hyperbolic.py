"""tanh."""

from __future__ import annotations

from sct.vectors.bits import SIGN, bits_of, float_of, polynomial, vector
from sct.vectors.exponential import exp_of_moderate

TANGENT = (
    -0.3333333333333333, 0.13333333333333316, -0.053968253968231024, 0.02186948853488776, -0.008863235493441451,
    0.0035921274106953164, -0.0014558274668454265, 0.0005899759192143973, -0.00023886464788549952,
    9.597236318160513e-05, -3.696052230333826e-05, 1.2088687226216897e-05, -2.3855793111704252e-06,
)  # fmt: skip
"""(tanh(x) - x) / x**3 in z = x**2 < 0.4, to 2e-17."""

_tail = polynomial("tangent", TANGENT)


@vector
def tanh(x):
    """The hyperbolic tangent: a polynomial for |x| < 0.625, 1 - 2 / (e**2x + 1) for others. Within 1.4 ulp."""
    size = abs(x)
    bounded = size if size < 20.0 else 20.0
    z = x * x
    far = 1.0 - 2.0 / (exp_of_moderate(2.0 * bounded) + 1.0)
    y = size + size * (z * _tail(z)) if size < 0.625 else far
    y = float_of(bits_of(y) | bits_of(x) & SIGN)
    return y if x == x else x
