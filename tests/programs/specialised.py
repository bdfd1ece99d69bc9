"""Closures that leave their scope, defaults that are evaluated once, helpers that are read once for each shape of their arguments."""

import enum
import math
from collections import namedtuple

import numpy as np

from .registry import num, program, vec

Job = namedtuple("Job", ["work", "value"])


class Order(enum.IntEnum):
    FIRST = 1
    SECOND = 2


def compose(f, g):
    def both(v):
        return f(g(v))

    return both


def call(f, v):
    return f(v)


def use(pair):
    y = 100.0
    f, v = pair
    return f(v) + y * v


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def closure_in_a_named_tuple_of_names(x, y):
    """The tuple is a variable when it is passed on; the helper has a `y` of its own."""

    def h(v):
        return v * y

    pair = (h, x)
    y = y * x
    return use(pair) * y


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def closure_in_a_returned_tuple(x, y):
    """The tuple is a variable when it is returned; a field of a named tuple is called."""

    def make(k):
        def h(v):
            return v * k

        job = Job(h, k)
        return job

    job = make(y)
    return job.work(x) * job.value + make(x).value


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def closure_in_a_captured_tuple(x, y):
    """A nested function reads a tuple of functions around it, and has a variable of the same name as theirs."""

    def h(v):
        return v * y

    functions = ((h, x), math.sin)

    def g(z):
        y = 3.0
        return functions[0][0](z) * y + functions[1](y * z)

    return g(x)


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def composed_in_a_loop(x, y):
    """Composed anew in each iteration, after the variable that is captured was assigned."""
    s = 0.0
    for k in range(3):
        a = y * k

        def f(v):
            return v * a

        g = compose(f, math.sin)
        s += g(x) * a
    return s


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def nested_defaults_are_evaluated_once(x, y):
    """Positional and keyword-only ones, where the function is defined."""

    def f(v, w=x * y, *, u=x):
        return v * w + u * u

    x = 3.0 * y
    y = y * x
    return f(y) * x + f(x, u=y)


@program(lambda rng: (vec(rng, 2), num(rng)), tags=["beyond_numba"])
def default_array_is_the_one_of_the_definition(x, y):
    """The array is shared, the name is not."""
    u = x * y

    def f(v, *, w=u):
        w[0] = w[0] * v
        return v * w[0]

    u[0] = u[0] * y
    s = f(y)
    u = np.ones(2) * x[1]
    return s + f(y) * u[0]


@program(lambda rng: (num(rng), num(rng)))
def siblings_with_the_names_of_captured_variables(x, y):
    """As parameters, as locals and in lambdas."""

    def g(v):
        return v * y

    def by_parameter(y):
        return g(y) * y

    def by_local(v):
        y = v * 3.0
        return g(y) * y

    by_lambda = lambda x: g(x) * y
    return by_parameter(x) * by_local(x) + by_lambda(y) * x


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def closure_through_two_helpers(x, y):
    """A lambda around a function that was passed in, passed on."""

    def h(v):
        return v * y

    def middle(f, y):
        return call(lambda z: f(z) * y, y)

    s = middle(h, x)
    y = y * s
    return s * call(h, x)


@program(lambda rng: (num(rng), num(rng)))
def shapes_change_before_continue(x, y):
    """A name that is None, then a number, in each iteration."""
    s = 0.0
    for i in range(4):
        t = None
        if i == 1:
            continue
        if t is None:
            t = x * i
        s += t * y
        if s > 2.0:
            break
    return s


def total(values, start=None):
    if start is None:
        return total(values, 0.0)
    for v in values:
        start = start + v * v
    return start


@program(lambda rng: (num(rng), num(rng), vec(rng, 2)), tags=["beyond_numba"])
def one_helper_three_shapes(x, y, z):
    """Tuples of two lengths and an array; a `return` decided while the text is read."""
    return total((x, y)) * total((y, x, x * y), start=y) + total(z)


def added(v, w=None):
    if w is None:
        w = np.full(2, v)
    w[0] += v
    return w[0] * w[1] + v


@program(lambda rng: (num(rng), vec(rng, 2)))
def helper_with_none_and_with_an_array(x, w):
    """Once on an array of its own, twice on the caller's."""
    return added(x) + added(x, w) + added(x * x, w) * w[0]


def power(v, order=Order.FIRST):
    return v if order == Order.FIRST else v**order


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def int_enums(x, y):
    """Members of an IntEnum are ints: as defaults, arguments, factors and exponents."""
    return power(x) * power(y, Order.SECOND) * Order.SECOND + (1.0, Order.SECOND)[1] * x
