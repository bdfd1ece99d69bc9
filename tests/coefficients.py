"""The coefficients of `sct.vectors`, derived anew: polynomials that agree with a function at Chebyshev nodes, in 60 digits.

`python -m tests.coefficients` prints the tables.
"""

import mpmath
from mpmath import mp, mpf


def fit(function, a, b, degree):
    """The coefficients, lowest first, of the polynomial that interpolates on [a, b], rounded to doubles."""
    with mp.workdps(60):
        a, b = mpf(a), mpf(b)
        nodes = [(a + b) / 2 + (b - a) / 2 * mp.cos((2 * k + 1) * mp.pi / (2 * degree + 2)) for k in range(degree + 1)]
        powers = mp.matrix([[node**n for n in range(degree + 1)] for node in nodes])
        return tuple(map(float, mp.lu_solve(powers, mp.matrix([function(node) for node in nodes]))))


def exponential(r):
    """(exp(r) - 1 - r) / r^2."""
    return mp.nsum(lambda n: r**n / mp.factorial(n + 2), [0, 40])


def logarithm(z):
    """What follows 2 s in log((1 + s) / (1 - s)), over s z, with z = s^2."""
    return sum(2 * z**n / (2 * n + 3) for n in range(60))


def sine(z):
    """(sin(r) - r) / r^3 with z = r^2."""
    return sum((-1) ** (n + 1) * z**n / mp.factorial(2 * n + 3) for n in range(40))


def cosine(z):
    """(cos(r) - 1 + r^2 / 2) / r^4 with z = r^2."""
    return sum((-1) ** n * z**n / mp.factorial(2 * n + 4) for n in range(40))


def tangent(z):
    """(tanh(x) - x) / x^3 with z = x^2."""
    x = mp.sqrt(z)
    with mp.workdps(100):
        return (mp.tanh(x) - x) / x**3


def error_near(z):
    """erf(x) / x - 1 with z = x^2."""
    x = mp.sqrt(z)
    return mp.erf(x) / x - 1


def error_far(t):
    """exp(x^2) erfc(x) with t = (x - 2) / (x + 2)."""
    x = 2 * (1 + t) / (1 - t)
    return mp.exp(x * x) * mp.erfc(x)


TABLES = {
    "EXPONENTIAL": (exponential, -0.35, 0.35, 10),
    "LOGARITHM": (logarithm, 0.0, 0.0296, 6),
    "SINE": (sine, 0.0, 0.62, 5),
    "COSINE": (cosine, 0.0, 0.62, 5),
    "TANGENT": (tangent, 0.0, 0.4, 12),
    "ERROR_NEAR": (error_near, 0.0, 1.0, 11),
    "ERROR_FAR": (error_far, mpf(-1) / 3, 0.5, 15),
}


def derived(name):
    return fit(*TABLES[name])


def error(name):
    """The largest difference of the rounded polynomial from its function, on the interval."""
    function, a, b, _ = TABLES[name]
    with mp.workdps(60):
        coefficients = [mpf(c) for c in reversed(derived(name))]
        places = [mpf(a) + (mpf(b) - mpf(a)) * (k + mpf(1) / 3) / 400 for k in range(400)]
        return float(max(abs(mp.polyval(coefficients, place) - function(place)) for place in places))


if __name__ == "__main__":
    for name in TABLES:
        print(f"{name} = {derived(name)}  # {mpmath.nstr(error(name), 2)}")
