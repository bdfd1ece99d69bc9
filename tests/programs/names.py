"""Helpers with the names of functions of math and NumPy that the compiler treats in a way of their own."""

import math

from tests.programs.registry import program, vec


def mean(a):
    return a[0] * a[1] + a[2]


def copy(a):
    return a * 2.0


def zeros(a):
    return a * a


def prod(a):
    return a[0] * 3.0


def dot(a, b):
    return a[0] * b[1]


def transpose(a):
    return a[::-1] * 2.0


def flatten(a):
    return a * a


def reshape(a, s):
    return a * s


def floor(s):
    return s * s + 1.0


def trunc(s):
    return 2.0 * s * math.sin(s)


def where(a, b):
    return a * b


@program(lambda rng: (vec(rng, 3),))
def helper_called_mean(x):
    """An expression that could wait for a reduction is passed to a helper."""
    t = x * x
    u = t + 1.0
    w = zeros(copy(u) * 2.0)
    return mean(w) + prod(t * u) * dot(w, u)


@program(lambda rng: (vec(rng, 3),))
def helper_called_transpose(x):
    """The result is new memory, no view of the argument."""
    y = transpose(x)
    y[0] = 1.0 + x[0]
    z = flatten(y)
    return mean(z) * mean(reshape(where(x, y), 2.0))


@program(lambda rng: (vec(rng, 3),))
def helper_called_floor(x):
    """Helpers with a derivative have the names of functions without."""
    s = 0.0
    for i in range(3):
        s += floor(x[i]) * trunc(s + x[0])
        x[i] = floor(x[i])
    return s + x[1]


def max(a):
    return a[0] * a[1]


@program(lambda rng: (vec(rng, 3),), tags=["beyond_numba"])
def helper_called_max(x):
    """A helper hides a function of Python that generated code calls, too."""
    s = 0.0
    for i in range(2, -1, -2):
        s += max(x) * x[i] if x[0] < 9.0 else max(x * 2.0)
        x[i] *= s
    return s


def len(a):
    return a[0] * a[1]


@program(lambda rng: (vec(rng, 3),), tags=["beyond_numba"])
def helper_called_len(x):
    """As is one that NumPy has no function for."""
    s = 0.0
    for v in x * 1.5:
        s += len(x) * v if x[0] < 9.0 else len(x * 2.0)
        x *= s
    return s


class Area:
    square = staticmethod(transpose)


@program(lambda rng: (vec(rng, 3),), tags=["beyond_numba"])
def variable_called_as_its_helper(x):
    """What a helper's name means in its module, a variable's does not."""
    s = 0.0
    for i in range(3):
        transpose = Area.square(x)
        s += transpose[i] * Area.square(transpose * x[0])[0]
        x[i] = s
    return s
