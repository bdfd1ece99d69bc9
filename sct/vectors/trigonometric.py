"""sin and cos: x = k pi / 2 + r with |r| <= pi / 4, pi / 2 in three parts (Cody and Waite).

Up to |x| = 2**20 the products of k with the first two parts are exact; the C library takes the few arguments beyond.
"""

from __future__ import annotations

import numpy as np

from sct.vectors.beyond import beyond
from sct.vectors.bits import ROUND, bits_of, float_of, inlined, polynomial, vector

INVERSE = 0.6366197723675814  # 2 / pi
FIRST = float.fromhex("0x1.921fb54400000p+0")  # pi / 2 to 33 bits
SECOND = float.fromhex("0x1.0b4611a600000p-34")  # 33 more
THIRD = float.fromhex("0x1.3198a2e037073p-69")  # the rest

SINE = (
    -0.16666666666666666, 0.008333333333330887, -0.0001984126983666588, 2.755731605459391e-06,
    -2.5051121875169608e-08, 1.5917412836707387e-10,
)  # fmt: skip
"""(sin(r) - r) / r**3 in z = r**2 < 0.62, to 3e-17."""

COSINE = (
    0.041666666666666664, -0.0013888888888887359, 2.48015872987077e-05, -2.755731724172776e-07,
    2.0876140031390975e-09, -1.138218421447753e-11,
)  # fmt: skip
"""(cos(r) - 1 + r**2 / 2) / r**4 in z = r**2 < 0.62, to 2e-18."""

_sine = polynomial("sine", SINE)
_cosine = polynomial("cosine", COSINE)

ODD = np.uint64(1)
LAST = np.uint64(63)

_beyond_sin = beyond("sin")
_beyond_cos = beyond("cos")


@inlined
def _turned(x, rounded, quarters):
    """sin(x + quarters pi / 2), where `rounded` is k + ROUND."""
    k = rounded - ROUND
    coarse = x - k * FIRST
    middle = coarse - k * SECOND
    lost = (coarse - middle) - k * SECOND
    r = middle - (k * THIRD - lost)
    rest = (middle - r) - (k * THIRD - lost)
    z = r * r
    half = 0.5 * z
    one = 1.0 - half
    sine = r + (r * z * _sine(z) + rest)
    cosine = one + (((1.0 - one) - half) + (z * z * _cosine(z) - r * rest))
    quadrant = bits_of(rounded) + quarters
    y = cosine if quadrant & ODD == ODD else sine
    return float_of(bits_of(y) ^ (quadrant >> ODD) << LAST)


@vector
def sin(x):
    """The sine. Within 1 ulp."""
    y = _turned(x, x * INVERSE + ROUND, np.uint64(0))
    return _beyond_sin(x, x if abs(x) < 1e-8 else y)


@vector
def cos(x):
    """The cosine. Within 1 ulp."""
    return _beyond_cos(x, _turned(x, x * INVERSE + ROUND, np.uint64(1)))
