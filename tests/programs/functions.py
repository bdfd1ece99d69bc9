"""Functions as values: closures, lambdas, functions passed on and returned, starred calls, keyword-only parameters."""

import math

import numpy as np
from numba import njit

from .registry import num, pos, program, vec


@program(lambda rng: (num(rng), num(rng)))
def closure_sees_the_latest_value(x, y):
    """Python looks captured variables up when the function is called, not when it is defined."""

    def scaled(v):
        return v * y

    before = scaled(x)
    y = y * y + x
    return before + 3.0 * scaled(x)


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def closure_passed_on_keeps_its_variables(x, y):
    """The captured value goes along into the helper, whose own `y` is another one."""
    twice = twice_through(lambda v: v * v * y, x)
    y = 2.0
    return twice * y


def twice_through(f, y):
    y = f(y)
    return f(y)


@program(lambda rng: (vec(rng, 4), num(rng)))
def closure_writes_to_a_captured_array(x, y):
    """A store in the nested function reaches the array around it."""
    u = x * y

    def smooth(k):
        u[k] = 0.5 * (u[k] + u[k - 1] * y)

    for i in range(1, 4):
        smooth(i)
        if u[i] > 0.0:
            u[i - 1] *= y
    return u[3] * u[0]


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def closure_in_a_loop(x, y):
    """Defined anew in each iteration, over variables that change."""
    s = 0.0
    for i in range(3):
        step = x * (i + 1)

        def advance(v, step=y):
            return v * step + x

        s = advance(s) * step
        y = y * 0.5
    return s


@program(lambda rng: (num(rng), num(rng)))
def nested_in_nested(x, y):
    """A function inside a function inside a function, each capturing from outside."""

    def outer(a):
        b = a * x

        def inner(c):
            return b * c + y

        return inner(a) * inner(b)

    return outer(y) + outer(2.0)


def make_line(slope, offset):
    def line(v):
        return slope * v + offset

    return line


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def factory_of_active_values(x, y):
    """What a returned function captured stays active."""
    first, second = make_line(x, y), make_line(x * y, 1.0)
    return first(second(x)) * second(y)


def newton(f, df, x0, *args, steps=6):
    x = x0
    for _ in range(steps):
        x = x - f(x, *args) / df(x, *args)
    return x


def cubic(v, a, b):
    return v**3 + a * v - b


def cubic_slope(v, a, b):
    return 3.0 * v * v + a


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def root_finder_that_takes_functions(x, y):
    """Starred arguments pass through two calls."""
    return newton(cubic, cubic_slope, 1.0, x, y) * newton(cubic, cubic_slope, 0.5, y, x, steps=3)


@njit
def jitted_quadrature(f, low, high, n, args):
    h = (high - low) / n
    s = 0.5 * (f(low, *args) + f(high, *args))
    for i in range(1, n):
        s += f(low + i * h, *args)
    return s * h


@njit
def bump(t, a, b):
    return math.exp(-a * t) * math.sin(b * t + a)


@program(lambda rng: (num(rng), num(rng)), tags=["njit"])
@njit
def quadrature_of_a_jitted_function(x, y):
    """A dispatcher passed to a dispatcher, its arguments in a tuple, the bounds active."""
    return jitted_quadrature(bump, 0.0, x, 4, (x, y)) * y


def summed(*values):
    s = 0.0
    for v in values:
        s += v * v
    return s


@program(lambda rng: (num(rng), num(rng), num(rng)), tags=["beyond_numba"])
def any_number_of_arguments(x, y, z):
    """`*values` of two lengths are two specialisations."""
    rest = (y, z)
    return summed(x, *rest, x * y) * summed(z) + summed()


def with_options(v, scale=1.0, *, shift=0.0, square=True):
    w = scale * v + shift
    return w * w if square else w


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def keyword_only(x, y):
    """Keywords in another order than the parameters."""
    return with_options(x, shift=y, scale=x) * with_options(y, square=False, shift=x * y)


def in_order(a, b):
    return a[0] * b


def bumped(a):
    a[0] = a[0] * 2.0
    return a[0]


@program(lambda rng: (pos(rng, 2), num(rng)))
def keywords_are_evaluated_in_their_order(x, y):
    """`b` is evaluated before `a` is read, and writes to it."""
    return in_order(b=bumped(x) * y, a=x)


def optional_step(x, damping=None, out=None):
    if out is None:
        out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] if damping is None else x[i] * damping
    return out


@program(lambda rng: (vec(rng, 3), num(rng)))
def none_defaults(x, y):
    """`is None` is decided per call; the output array is given or made."""
    kept = np.ones(3)
    a = optional_step(x)
    b = optional_step(x, y, kept)
    c = optional_step(b, out=x)
    return np.sum(a * c) + kept[1] * x[0]


def rule(kind, v):
    if kind == "sin":
        return math.sin(v)
    if kind != "cos" and kind != "tan":
        raise ValueError("kind")
    return math.cos(v) if kind == "cos" else math.tan(v)


@program(lambda rng: (num(rng), num(rng)))
def strings_choose(x, y):
    """Strings as constant arguments, also through a local name."""
    kind = "sin"
    s = rule(kind, x * y)
    kind = "cos"
    return s * rule(kind, y) + rule("tan", 0.5 * x)


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def loop_over_functions(x, y):
    """A tuple of functions, one of them nested, is unrolled."""
    s = 1.0
    for f, weight in ((math.sin, 1.0), (lambda v: v * y, x), (math.exp, 0.5)):
        s = s + weight * f(s * x)
    return s


@program(lambda rng: (num(rng), num(rng)))
def one_name_several_kinds(x, y):
    """A name that is a number, then a tuple, then None, then an array."""
    t = x * y
    t = (t, t * x)
    u = t[0] + t[1]
    t = None
    if t is None:
        t = np.ones(2) if False else np.full(2, u)
    return t[0] * t[1]


@program(lambda rng: (num(rng), num(rng)))
def function_chosen_by_what_is_known(x, y):
    """A ternary of functions with a test that is known; `or` with a default."""
    f = None
    g = f or math.cos
    h = math.sin if f is None else math.cos
    return g(x) * h(y)


def apply_to_rows(f, m, out):
    for i in range(m.shape[0]):
        out[i] = f(m[i])


@program(lambda rng: (vec(rng, 3, 2), num(rng)), tags=["beyond_numba"])
def function_of_views(m, y):
    """The function that is passed gets rows, and writes to them."""
    out = np.zeros(3)

    def length(row):
        row[0] *= y
        return row[0] * row[0] + row[1]

    apply_to_rows(length, m, out)
    return out[0] * out[2] + m[1, 0]


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def nested_functions_that_call_themselves(x, y):
    """A nested function and a lambda, both recursive, both with captured variables."""

    def power(n):
        if n == 0:
            return y
        return x * power(n - 1)

    chain = lambda n, v: v if n == 0 else chain(n - 1, v * y + x)  # noqa: E731
    return power(3) * chain(2, x)
