"""Functions of scipy.special, and the rarer ones of math and NumPy."""

import math

import numpy as np
import scipy
from numba import njit
from scipy import special
from scipy.special import expit as sigmoid
from scipy.special import polygamma, xlogy

from .registry import num, pos, program, vec


@program(lambda rng: (vec(rng, 5), vec(rng, 5, 3), rng.integers(0, 2, 5).astype(np.float64), vec(rng, 3)), tags=["beyond_numba"])
def logistic_loss(b, x, y, w):
    """expit and log_expit of arrays, fused with what is around them"""
    z = x @ w + b
    return np.mean(-y * special.log_expit(z) - (1.0 - y) * special.log_expit(-z)) + np.sum(sigmoid(z)) * 0.1


@program(lambda rng: (pos(rng, 4), pos(rng, 4)), tags=["beyond_numba"])
def beta_likelihood(a, b):
    """gammaln, betaln, digamma in a loop over elements"""
    s = 0.0
    for i in range(len(a)):
        s += special.gammaln(a[i]) - special.betaln(a[i], b[i]) * special.digamma(b[i]) + scipy.special.psi(a[i])
    return s


@program(lambda rng: (rng.uniform(0.1, 0.9, 4), pos(rng, 4)), tags=["beyond_numba"])
def divergences(p, q):
    """entropies of arrays, one broadcast"""
    h = special.entr(p) + special.rel_entr(p, q) + special.kl_div(q, p[0]) + xlogy(p, q) + special.xlog1py(q, p)
    return np.sum(h * q)


@program(lambda rng: (pos(rng, 2, 3), pos(rng, 3)), tags=["beyond_numba"])
def bessel_fields(x, k):
    """Bessel functions of a matrix times a row, of fixed and of given order"""
    r = x * k
    s = np.sum(special.j0(r) * special.j1(k) + special.y0(r) - special.y1(k))
    return s + np.sum(special.jv(3, r) + special.yv(2, r) + special.i0(r) * special.i1e(k) + special.k0(r) - special.kv(1.5, k))


@program(lambda rng: (vec(rng, 4), num(rng)), tags=["beyond_numba"])
def modified_bessel(x, c):
    """both signs of scaled functions"""
    return np.sum(special.i0e(x) * special.i1(x * c) + special.i1e(-x) * special.ive(2, x) + special.iv(2, c) * special.k1(abs(x)))


@program(lambda rng: (rng.uniform(0.1, 0.9, 4), vec(rng, 4)), tags=["beyond_numba"])
def probits(p, x):
    """quantiles and tails"""
    t = special.ndtri(p) + special.erfinv(p) - special.erfcinv(p) + special.logit(p)
    return np.sum(t * special.ndtr(x)) + np.sum(special.log_ndtr(x) * special.erfcx(x)) + special.erf(x[0]) * special.erfc(x[1])


@program(lambda rng: (num(rng), pos(rng, 3)), tags=["beyond_numba"])
def overwritten_specials(c, x):
    """results and arguments overwritten in place, in a helper and a loop"""
    for i in range(1, len(x)):
        x[i] = special.expit(c * x[i - 1]) * special.gamma(x[i])
        c = special.beta(c, x[i]) + polygamma(1, c)
    x[:] = special.exp10(-x) + damped(x, c)
    return np.sum(x) + special.expm1(c) * special.log1p(c)


@njit
def damped(x, c):
    return np.exp(-x) + math.lgamma(c)


@program(lambda rng: (pos(rng, 3), 2.5), argnums=(0,), tags=["beyond_numba"])
def incomplete_gammas(x, a):
    """a shape that is held fixed"""
    return np.sum(special.gammainc(a, x) - special.gammaincc(a + 1.0, x) * x)


@program(lambda rng: (vec(rng, 4), vec(rng, 4)))
def rare_ufuncs(x, y):
    """ufuncs of two arrays, with selections"""
    s = np.logaddexp(x, y) + np.logaddexp2(x, 0.5) + np.fmax(x, y) - np.fmin(x * y, 0.3) * np.float_power(np.fabs(x), y)
    s = s + np.ldexp(x, 3) * np.nextafter(y, 9.0) + np.conj(x) * np.sinc(y)
    picked = np.where(np.logical_xor(np.greater(x, y), np.signbit(x)), s, np.conjugate(x) * s)
    return np.sum(picked) + np.sinc(0.0 * x[0])


@program(lambda rng: (vec(rng, 4), num(rng)), tags=["beyond_numba"])
def taken_apart(x, y):
    """functions with two results, of numbers and of arrays"""
    fraction, whole = np.modf(2.7 * x)
    q, r = np.divmod(3.1 * x, y)
    m, e = math.frexp(y * 5.0)
    part, rest = math.modf(y * 3.3)
    return np.sum(fraction * r + whole * x) + math.ldexp(m * part, e) + rest * y + np.sum(q * x)


@program(lambda rng: (vec(rng, 4), num(rng)), tags=["beyond_numba"])
def steps_and_parts(x, y):
    """what is linear or constant but for its jumps"""
    h = np.heaviside(x, y) * x + np.heaviside(np.array([0.0, y, -y, 0.0]), y) * x
    real = np.real(x) * y + np.imag(x) + np.angle(x) * x + np.nan_to_num(x)
    return np.sum(h + real) + np.bitwise_and(6, 3) * y + math.gcd(12, 18) * y


@program(lambda rng: (np.array([0.0, 1e-9, 1e-4, 0.5, 3.0]),))
def sinc_near_zero(x):
    """the derivative has no 0 / 0"""
    return np.sum(np.sinc(x) * (1.0 + x))


@program(lambda rng: (vec(rng, 3, 4), vec(rng, 4)), tags=["beyond_numba"])
def passes_over_nans(m, w):
    """Sums and moments along axes, nans left out; the array overwritten afterwards"""
    m[0, 1] = m[2, 3] = np.nan
    s = np.nansum(m, axis=0) * w + np.nanmean(m, axis=0) - np.nanvar(m, axis=0, ddof=1)
    m[:] = 1.0
    return np.sum(s) + np.nanprod(w)


@program(lambda rng: (vec(rng, 3, 4), vec(rng, 4)), tags=["beyond_numba"])
def extremes_among_nans(m, w):
    """Places and values, and cumulative sums"""
    m[0, 1] = m[2, 3] = np.nan
    low = np.nanmin(m, axis=1)
    return np.nanmax(m) * low[0] + m[1, np.nanargmax(m[1])] * w[np.nanargmin(w)] + np.nancumsum(m[2])[-1]


@program(lambda rng: (pos(rng, 2, 3), pos(rng, 2, 3), num(rng)), tags=["beyond_numba"])
def compared_and_measured(m, n, y):
    """comparisons up to rounding; shapes by function; weighted means; rounded under another name"""
    close = np.isclose(m, n, atol=0.2)
    s = np.sum(np.where(close, m, n * y)) + np.average(m) + np.average(m, weights=n) + np.sum(np.average(n, axis=1, weights=m))
    if np.allclose(m, m * (1.0 + 1e-7)) and not np.array_equal(m, n) and math.isclose(y, y + 1e-12):
        s = s * np.size(m) + np.size(m, 1) * y
    return s + np.shape(m)[0] * np.ndim(m) * y + np.around(y) * y


@program(lambda rng: (vec(rng, 3),), tags=["beyond_numba"])
def arrays_of_other_shapes_differ(x):
    """Equal elements that would be repeated make no equal arrays; sinc of ints is a float."""
    row, column = np.ones((1, 3)), np.ones((3, 1))
    a = x[0] if np.array_equal(row, column) else x[1]
    b = x[0] if np.array_equal(row, row) else x[1]
    return a * b * b + np.sum(np.sinc(np.array([1, 2, 0])) * x**2)
