"""The error function."""

from __future__ import annotations

from sct.vectors.bits import SIGN, bits_of, float_of, polynomial, vector
from sct.vectors.exponential import exp_of_moderate

ERROR_NEAR = (
    0.12837916709551256, -0.37612638903183543, 0.11283791670945006, -0.02686617064323777, 0.0052239776071164225,
    -0.0008548325975389692, 0.00012055294904839707, -1.492473690741966e-05, 1.6447424703317362e-06,
    -1.6208483801871705e-07, 1.3720064546777686e-08, -7.795898827002142e-10,
)  # fmt: skip
"""erf(x) / x - 1 in z = x**2 < 1, to 4e-17."""

ERROR_FAR = (
    0.2553956763105057, -0.4271858474139585, 0.24165819424248763, -0.07897858101571269, 0.0037328924016564484,
    0.006997461739200575, -0.0008471431229415333, -0.0009819771114740715, 4.355265359817883e-05,
    0.00017436477257256738, 2.7560352756678313e-05, -2.7640727821912852e-05, -1.4166339069117108e-05,
    1.859427387429402e-06, 4.146302183268488e-06, -2.2281295763723517e-07,
)  # fmt: skip
"""exp(x**2) erfc(x) in t = (x - 2) / (x + 2) for 1 < x < 6, to 5e-17."""

_near = polynomial("error_near", ERROR_NEAR)
_far = polynomial("error_far", ERROR_FAR)


@vector
def erf(x):
    """The error function: x + x p(x**2) for |x| < 1, 1 - exp(-x**2) q(x) for others, 1 from 6 on. Within 1.2 ulp."""
    size = abs(x)
    bounded = size if size < 6.0 else 6.0
    far = 1.0 - exp_of_moderate(-bounded * bounded) * _far((bounded - 2.0) / (bounded + 2.0))
    y = size + size * _near(size * size) if size < 1.0 else far
    y = float_of(bits_of(y) | bits_of(x) & SIGN)
    return y if x == x else x
