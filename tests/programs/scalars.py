"""Scalars alone: arithmetic, functions, conditions, reassignment."""

import math

import numpy as np
from numba import njit

from .registry import num, program


@program(lambda r: (num(r), num(r)))
def product_rule(x, y):
    """The simplest active product, with a sum and a difference around it."""
    return x * y + x - 3.0 * y


@program(lambda r: (num(r), num(r)))
def quotient(x, y):
    """Division, also of a constant by a variable and of a variable by itself."""
    return x / y + 2.0 / x - y / (x * x + 1.0) + (x * y) / x


@program(lambda r: (num(r), num(r)))
def powers(x, y):
    """Constant exponents (integer, negative, fractional) must not produce a logarithm; a variable one must."""
    return x**2 + y**-3 + x**2.5 + x**y + 2.0**y + x**1 + y**0.5


@program(lambda r: (-num(r), num(r)))
def negative_base(x, y):
    """A negative base with an integer exponent has a derivative, but no logarithm."""
    return x**3 * y + (x - y) ** 2 - (-x) ** 4


@program(lambda r: (num(r), int(r.integers(2, 5))))
def integer_exponent_argument(x, k):
    """The exponent is an int argument: inactive, and x**(k - 1) is what the partial needs."""
    return x**k + k * x + x ** (k - 2)


@program(lambda r: (num(r), num(r)))
def unary_and_sub_expressions(x, y):
    """Signs, a repeated subexpression and a variable used on both sides."""
    u = -x
    v = -(u - +y)
    return v * v - (x + y) * (x + y) * u


@program(lambda r: (num(r), num(r)))
def math_exponentials(x, y):
    """exp, log and relatives of the math module; results can be reused by the partials."""
    return math.exp(x) + math.log(y) + math.log10(x) * math.log2(y) + math.expm1(x * y) + math.log1p(x) + math.sqrt(y)


@program(lambda r: (0.4 * num(r), 0.4 * num(r)))
def math_trigonometry(x, y):
    """All trigonometric functions of the math module and their inverses."""
    a = math.sin(x) * math.cos(y) + math.tan(x)
    b = math.asin(x) - math.acos(y) + math.atan(x * y) * math.atan2(y, x)
    return a * b


@program(lambda r: (0.5 * num(r), 1.5 + num(r)))
def math_hyperbolics(x, y):
    """Hyperbolic functions and their inverses, each inside its domain."""
    return math.sinh(x) * math.cosh(y) + math.tanh(x) + math.asinh(x) + math.acosh(y) * math.atanh(x)


@program(lambda r: (num(r), num(r)))
def math_special(x, y):
    """erf, erfc, gamma, lgamma and hypot, degrees and radians."""
    return math.erf(x) + math.erfc(y) + math.lgamma(x + 2.0) + math.hypot(x, y) + math.radians(x) * math.degrees(y)


@program(lambda r: (num(r), -num(r)))
def math_kinked(x, y):
    """fabs, abs, floor, ceil, copysign, % and // of floats away from their kinks; steps have derivative zero."""
    a = math.fabs(y) * 1.5 + abs(x - 4.0) + math.floor(x + 0.25) * y
    return a + math.copysign(x, y) * 2.0 + math.ceil(y - 0.25) * x + (5.3 + 0.1 * x) % 2.0 + y * (x // 4.0)


@program(lambda r: (num(r), num(r)))
def numpy_on_scalars(x, y):
    """np functions on scalars, under the same rules as those of math."""
    a = np.sin(x) + np.exp(-y) * np.log(x) + np.sqrt(x * y) + np.tanh(y)
    return a + np.arctan2(x, y) + np.hypot(x, y) + np.power(x, y) + np.expm1(x) * np.log1p(y) + np.log2(y)


@program(lambda r: (0.5 * num(r), 0.5 * num(r)))
def numpy_on_scalars_inverse(x, y):
    """np inverse functions, whose names differ from those of math."""
    a = np.arcsin(x) * np.arccos(y) + np.arctan(x) + np.arcsinh(y) + np.arctanh(x)
    return a + np.sinh(x) / np.cosh(y) + np.tan(y)


@program(lambda r: (num(r), -num(r)))
def numpy_kinked(x, y):
    """np.abs, fabs, maximum, minimum, sign, floor and fmod on scalars, away from ties."""
    a = np.abs(y) * x + np.maximum(x, y) * y + np.minimum(x, y) + np.sign(y) * x
    return a + np.floor(x + 0.25) * y + np.fabs(y) + np.fmod(5.3 + 0.1 * x, 2.0)


@program(lambda r: (num(r), -num(r), 3.0 + num(r)))
def builtin_min_max(x, y, z):
    """min and max of two and three arguments, the kept one being first, middle and last."""
    return max(x, y) * z + min(x * z, y, z) * 2.0 + max(y, z * z, x) + min(z, 10.0)


@program(lambda r: (num(r), num(r)))
def reassigned_many_times(x, y):
    """One name for eight values; the partials need the early ones."""
    t = x * y
    t = t * t + x
    t = math.sin(t) * y
    t += t * x
    t -= y / t
    t *= t
    t /= 1.0 + t * t
    x = x * t
    return t * x


@program(lambda r: (num(r), num(r)))
def parameter_rebound(x, y):
    """Both parameters are rebound, one of them to an expression of the other."""
    x = x * x
    y = x + y
    x = y * x
    y *= x
    return y


@program(lambda r: (num(r), num(r)))
def if_elif_else(x, y):
    """Three arms that assign the same name, one of which also assigns another."""
    z = y
    if x * y > 1.0:
        s = x
    elif x + y > 1.5:
        s = x * x * y
        z = s * y
    else:
        s = y
    return s * z


@program(lambda r: (num(r), num(r)))
def nested_branches(x, y):
    """Branches in branches, with a name reassigned at two levels and an arm without effect."""
    s = x
    if x > 0.0:
        s = s * y
        if y > 0.2:
            s = s * s
            if y > 100.0:
                s = 0.0
        else:
            s = -s
    return s * x


@program(lambda r: (num(r), num(r)))
def ternaries(x, y):
    """Ternaries, nested, as arguments and inside arithmetic."""
    a = x * y if x > 0.1 else y
    b = x if y > 9.0 else (y * y if x > 0.2 else 1.0)
    return a * (b if a > 0.0 else -b) + math.sin(x if x > 20.0 else x * y)


@program(lambda r: (num(r), -num(r)))
def boolean_operators(x, y):
    """and, or, not and chained comparisons, with short circuits that guard a division and a logarithm."""
    s = x
    if x > 0.0 and not y > 0.0:
        s = s * y
    if y > 0.0 or x / y < 0.0:
        s = s * x
    if 0.2 < x < 2.0 and -5.0 < y <= 0.0 != x:
        s = s + x * y
    if y > 0.0 and math.log(y) > 0.0:
        s = s * 100.0
    return s


@program(lambda r: (num(r), num(r)))
def condition_kept_in_a_name(x, y):
    """A condition with a name of its own decides twice; what it compares is reassigned in between."""
    c = x * y > 0.1
    s = x
    if c:
        s = x * x
    x = -x
    if c and x < 0.0:
        s = s * x * y
    return s


@program(lambda r: (num(r), num(r), 0))
def guarded_division(x, y, n):
    """The untaken arm of a ternary divides by zero; its adjoint must not run."""
    return x * (x * y / n if n != 0 else x * x) + y


@program(lambda r: (num(r), -num(r)))
def guarded_square_root(x, y):
    """The untaken branch has a square root and a power of a negative number."""
    r = x
    if y > 0.0:
        r = math.sqrt(y) + y**0.3
    t = math.log(y) if y > 0.0 else x * y
    return r * r + t


@program(lambda r: (num(r), num(r)))
def dead_code(x, y):
    """Values computed and never used, one of them only through another dead one."""
    a = x * y
    b = a * a
    c = b + math.exp(x)
    c = a
    return c * x


@program(lambda r: (num(r),))
def constant_locals(x):
    """Inactive scalars: ints, floats and what follows from them need no adjoint."""
    n = 3
    h = 1.0 / n
    k = n // 2 + n % 2
    return x * h * k + h * h + x**k


@program(lambda r: (num(r), num(r)))
def unused_argument(x, y):
    """The result does not depend on the second argument: its gradient is zero."""
    y = 2.0
    return x * x * y


@program(lambda r: (num(r),))
def returns_its_argument(x):
    """The identity: no operation at all between seed and gradient."""
    return x


@program(lambda r: (num(r),), tags=("zero",))
def returns_a_constant(x):
    """The result is a constant: the gradient is zero, not None."""
    return 2.5


@program(lambda r: (num(r), num(r)), tags=("njit",))
@njit
def decorated_scalar(x, y):
    """The user has decorated the primal already."""
    return math.sin(x) * y + x / y


@program(lambda r: (num(r), num(r)))
def z_bar_is_taken(z, z_bar):
    """The user's names look like generated ones."""
    s_bar = z * z_bar
    s = s_bar * z
    x_old = s * s_bar
    return x_old + s


@program(lambda r: (num(r), 2.0))
def float_equality(x, k):
    """Equality tests on floats that hold exactly, of a computed and of a passed value."""
    half = 0.5
    s = x
    if half * 2.0 == 1.0:
        s = s * x
    if k != 3.0:
        s = s * x + k
    return s


@program(lambda r: (num(r), True, 2))
def bool_and_int_arguments(x, flag, mode):
    """A bool and an int argument select the formula."""
    if flag and mode == 2:
        return math.sin(x) * x
    if not flag or mode > 2:
        return x
    return x * mode
