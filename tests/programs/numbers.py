"""Powers, remainders, rounding, casts, infinities and NaNs, float32 and mixed precision."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


def vec32(rng, *shape):
    return vec(rng, *shape).astype(np.float32)


@program(lambda r: (num(r), 3))
def int_powers(y, n):
    """Int exponents: variable, zero, negative literal; int bases; 0 ** 0 and a base that is zero."""
    zero = y - y
    s = y**n + y**-2 + y**0 + zero**0 * y + zero**1 * y + 0.0**0 * y
    return s + 2**n * y + n**2 * y + 0**0 * y + n ** (n - 3) * y


@program(lambda r: (pos(r, 4), np.array([2, 3, -1, 0])))
def exponents_from_an_array(x, k):
    """Exponents of either sign and zero, one by one and all at once; ints as factors."""
    s = 0.0
    for i in range(len(x)):
        s += x[i] ** k[i] + k[i] * x[i]
        for j in range(3):
            s += (j + 1) ** j * x[i] ** -j
    return s + np.sum(k * x) + np.sum(x**2) * np.sum(x**k)


@program(lambda r: (1.3, 0.45), tags=["beyond_numba"])
def remainders(y, z):
    """%, //, divmod, mod, remainder, fmod with operands of either sign."""
    q, r = divmod(-z, y)
    s = y % z + z % y + (-y) % z + y // z * y + np.mod(y, z) * math.fmod(-z, y)
    s += np.fmod(z, y) * y + np.remainder(y, -z) + q * y + r * r
    return s + (-7) // 2 * y + (-7) % 3 * z + 7 % -3 * y


@program(lambda r: (np.array([1.37, -0.62, 2.51]), 0.8))
def remainders_of_arrays(x, y):
    """Remainders of whole arrays, with an active divisor; floor division is constant."""
    return np.sum(x % y * x) + np.sum(x // y * x) + np.sum(np.fmod(x, y) * y) + np.sum(2.0 % x)


@program(lambda r: (1.37, np.array([0.27, -1.64, 2.58])), tags=["beyond_numba"])
def rounding(y, x):
    """round with and without digits, rint, floor, ceil, trunc, int: factors without a derivative."""
    s = round(y) * y + round(y * 10.3, 1) * y + round(y, 2) + np.round(y) * y + np.rint(y * 3) * y
    s += int(y * 3.7) * y + math.floor(y * 5) * y + np.ceil(y) * y + math.trunc(-y * 4) * y + np.floor(-y * 3) * y
    return s + np.sum(np.round(x, 2) * x) + x.round()[1] * x[0] + np.sum(np.floor(x) * x)


@program(lambda r: (num(r), num(r)), tags=["beyond_numba"])
def less_common_functions(y, z):
    """cbrt, exp2, copysign, sign, hypot of one to four arguments: also those that Numba has not in math."""
    s = math.cbrt(y) * math.exp2(z) + np.cbrt(z) + np.exp2(y) + math.copysign(y, -z) + np.sign(y) * z
    return s + math.hypot(y, z) + math.hypot(y, z, y * z) * math.hypot(-y) + math.hypot(1.0, y, 2.0, z)


@program(lambda r: (vec(r, 4), vec(r, 4)), tags=["beyond_numba"])
def sums_and_distances(x, w):
    """math.prod, math.fsum and math.dist of arrays."""
    return math.prod(x) * math.fsum(x) + math.dist(x, w) ** 3


@program(lambda r: (np.array([0.7, -0.3, 1.2, -2.0]),))
def infinity_as_a_mark(x):
    """Infinities mark what is left out; a least value starts at infinity."""
    least = math.inf
    s = 0.0
    for i in range(len(x)):
        v = np.inf if x[i] < 0 else x[i]
        if v < least:
            least = v
        if math.isfinite(v):
            s += v * v
    return s * least + (-math.inf if s < 0.0 else s)


@program(lambda r: (np.array([0.7, -0.3, -1.1, 1.2]),))
def dead_branches_of_nan(x):
    """Roots and logarithms out of their domain on the side that is not taken."""
    s = 0.0
    for v in x:
        r = math.sqrt(v) if v > 0.0 else 0.0
        if math.isnan(r) or np.isinf(r):
            r = 0.0
        s += r * v
    return s + np.sum(np.where(x > 0.0, np.log(np.where(x > 0.0, x, 1.0)), x)) + np.sum(np.where(x > 0.5, np.sqrt(x), 0.0))


@program(lambda r: (np.array([1.0, 0.3, -2.0, np.inf]),), tags=("rough",))
def nan_and_infinity_as_data(x):
    """Comparisons with NaN are false; elements that are NaN or infinite are tested and left out."""
    s = x[1]
    x[1] = math.nan
    for v in x:
        if math.isnan(v) or math.isinf(v):
            continue
        s += v * v
    if x[1] > 0.0 or x[1] <= 0.0:
        s *= x[1]
    return s * x[0]


@program(lambda r: (vec32(r, 4),), tags=("float32",))
def single_precision_throughout(x):
    """Reductions, norms, maxima, cumulative sums and literals of float32."""
    c = np.cumsum(x)
    v = np.array([x[0], x[1] * x[2]])
    return float(np.linalg.norm(c) * np.max(v) + np.mean(x) * x.min() + np.sum(np.outer(v, v)))


@program(lambda r: (vec32(r, 4), vec(r, 4), ints(r, 4, 4) + 1, num(r)), tags=("float32", "rounded"))
def mixed_precision(x, y, k, a):
    """float32, float64 and int arrays and scalars in one expression; a float32 buffer updated with all of them."""
    t = x * y * k + a
    u = x.copy()
    u *= 2.0
    u[1:] += x[:-1] * np.float32(0.5)
    u[0] = a * k[1]
    s = 0
    for i in range(4):
        s += t[i] * k[i] + u[i] * np.float32(a)
    return float(s) + np.sum((x + k) * 2) + np.dot(u, x) * a


@program(lambda r: (num(r),))
def casts(y):
    """int() and bool() cut the derivative, float() and np.float64() do not; an int variable becomes a float."""
    p = 1
    for k in range(3):
        p *= y + k
    return float(y) * int(y * 4) + np.float64(3) * y * bool(y) + float(2) * y * p + np.int64(y * 4) * y
