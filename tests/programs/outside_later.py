"""Outside programs that need recursion, functions as values, match or the else of loops; not registered yet."""

import math

import numpy as np
from numba import njit

from .registry import ints, num, program, vec

# Recursion


def _power(x, n):
    if n == 0:
        return 1.0
    if n % 2 == 1:
        return x * _power(x, n - 1)
    half = _power(x, n // 2)
    return half * half


@program(lambda r: (num(r), 6))
def clad_recursive_power(x, n):
    """A power by halving: the helper calls itself once or uses its result twice."""
    return _power(x, n) + x


def _fibonacci(a, b, n):
    if n <= 1:
        return a if n == 0 else b * a
    return _fibonacci(a, b, n - 1) + 0.5 * _fibonacci(b, a, n - 2)


@program(lambda r: (num(r), num(r)))
def clad_recursive_fibonacci(a, b):
    """Two calls of itself with the arguments exchanged in one of them."""
    return _fibonacci(a, b, 4)


def _early(x, depth):
    if x > 3.0 or depth == 0:
        return x * x
    y = _early(x * 1.3, depth - 1)
    if y < 2.0:
        return y + x
    return y * x


@program(lambda r: (num(r), 4))
def clad_recursive_early_return(x, depth):
    """The depth depends on the value; work follows the call on two paths."""
    return _early(x, depth)


def _even(x, n):
    return x if n == 0 else _odd(x * x, n - 1)


def _odd(x, n):
    return 2.0 * x if n == 0 else _even(math.sin(x), n - 1)


@program(lambda r: (num(r), 5))
def clad_mutual_recursion(x, n):
    """Two helpers that call each other."""
    return _even(x, n) * x


def _simpson(a, b, w):
    m = 0.5 * (a + b)
    return (b - a) / 6.0 * (_bell(a, w) + 4.0 * _bell(m, w) + _bell(b, w))


def _bell(t, w):
    return math.exp(-w * t * t) * t


def _adaptive(a, b, w, tol, depth):
    m = 0.5 * (a + b)
    whole = _simpson(a, b, w)
    left = _simpson(a, m, w)
    right = _simpson(m, b, w)
    if depth == 0 or abs(left + right - whole) < tol:
        return left + right
    return _adaptive(a, m, w, 0.5 * tol, depth - 1) + _adaptive(m, b, w, 0.5 * tol, depth - 1)


@program(lambda r: (0.2, 1.0 + num(r), num(r)), argnums=(1, 2), tags=["beyond_numba"])
def enzyme_adaptive_quadrature(a, b, w):
    """Intervals are halved until two rules agree."""
    return _adaptive(a, b, w, 1e-3, 4)


def _sort(x, low, high):
    if low >= high:
        return
    pivot = x[high]
    k = low
    for i in range(low, high):
        if x[i] < pivot:
            x[i], x[k] = x[k], x[i]
            k += 1
    x[k], x[high] = x[high], x[k]
    _sort(x, low, k - 1)
    _sort(x, k + 1, high)


@program(lambda r: (r.permutation(6) + 0.3 * vec(r, 6), vec(r, 6)))
def enzyme_quicksort(x, w):
    """A helper without result that sorts both parts of the array in place by calling itself."""
    _sort(x, 0, len(x) - 1)
    return np.dot(x * x, w)


def _tree_sum(x, low, high):
    if high - low == 1:
        return x[low] * x[low]
    m = (low + high) // 2
    return math.tanh(_tree_sum(x, low, m)) + _tree_sum(x, m, high)


@program(lambda r: (vec(r, 5),))
def enzyme_reduction_by_a_tree(x):
    """A sum by halves of the index range, one half passed through a function."""
    return _tree_sum(x, 0, len(x))


# Functions as values


@program(lambda r: (num(r), num(r)))
def clad_lambdas(x, y):
    """Lambdas with one and two arguments, of which one closes over an active name."""
    square = lambda v: v * v  # noqa: E731
    mixed = lambda a, b: square(a) * y + b  # noqa: E731
    return mixed(x, y) + square(mixed(y, x))


@program(lambda r: (num(r), num(r)))
def clad_closure_sees_the_last_value(x, y):
    """A nested function reads the name it closes over as it is when it is called."""
    scale = x

    def scaled(v):
        return v * scale

    a = scaled(y)
    scale = a * y
    return scaled(y) + a


@njit
def _quadratic(t, a, b):
    return a * t * t - b


@njit
def _slope(t, a, b):
    return 2.0 * a * t + 0.0 * b


def _newton(f, df, t, *args):
    for _ in range(20):
        step = f(t, *args) / df(t, *args)
        t -= step
        if abs(step) < 1e-12:
            break
    return t


@program(lambda r: (num(r), num(r)))
def enzyme_newton_of_a_function(a, b):
    """A solver takes the function, its derivative, and their arguments with a star."""
    return _newton(_quadratic, _slope, 1.0, a, b) * a


def _iterate(step, x, p, tol):
    while True:
        new = step(x, p)
        if abs(new - x) < tol:
            return new
        x = new


def _relaxed_cosine(x, p):
    return 0.5 * math.cos(p * x) + 0.1 * p


@program(lambda r: (num(r),))
def enzyme_fixed_point_of_a_function(p):
    """A solver iterates any function to its fixed point, and is used for two of them."""
    u = _iterate(_relaxed_cosine, 0.3, p, 1e-13)
    return u * _iterate(lambda x, q: 0.3 * math.sin(x) + q, u, p, 1e-13)


def _rk4(f, y, h, steps):
    for _ in range(steps):
        k1 = f(y)
        k2 = f(y + 0.5 * h * k1)
        k3 = f(y + 0.5 * h * k2)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + f(y + h * k3))
    return y


@program(lambda r: (num(r), num(r), 0.1), tags=["beyond_numba"])
def enzyme_integrator_of_a_closure(y, rate, h):
    """A Runge-Kutta step of a nested function that closes over an active rate."""

    def decay(v):
        return -rate * v * v

    return _rk4(decay, y, h, 3)


def _apply_to_all(f, x, by=None):
    for i in range(len(x)):
        x[i] = f(x[i]) if by is None else f(x[i]) * by


def _cubed(v):
    return v * v * v


@program(lambda r: (vec(r, 3), num(r)))
def clad_functor_over_an_array(x, y):
    """A helper applies its function argument in place; its last argument may be left out."""
    _apply_to_all(_cubed, x)
    _apply_to_all(math.sin, x, y)
    _apply_to_all(_cubed, x, by=2.0)
    return np.sum(x) * y


def _make_polynomial(a, b):
    @njit
    def polynomial(t):
        return a * t * t + b * t

    return polynomial


_PARABOLA = _make_polynomial(0.7, 0.2)


@program(lambda r: (num(r),))
def clad_function_from_a_factory(x):
    """A compiled closure with constants, made by a factory, of its own result."""
    return _PARABOLA(_PARABOLA(x)) * x


@program(lambda r: (num(r), 3))
def tangent_powers_by_a_nested_function(a, n):
    """A nested function called in a loop with the same argument twice."""

    def product(u, v):
        return u * v

    for _ in range(n):
        a = product(a, a) * 0.8
    return a


# Switches


@program(lambda r: (num(r), num(r), ints(r, 4, 5)))
def clad_switch_in_a_loop(x, y, codes):
    """Cases by constants, two of them in one, a default; one leaves the loop and one the iteration."""
    s = x
    for code in codes:
        match code:
            case 0:
                s += x * y
            case 1 | 2:
                s *= y
                continue
            case 7:
                break
            case _:
                s = s * s
        s += code * x
    return s


@program(lambda r: (num(r), 2))
def clad_switch_with_returns(x, kind):
    """A return in each case but one."""
    match kind:
        case 0:
            return x
        case 1:
            return x * x
        case 2:
            t = x * x * x
        case _:
            return 0.0
    return t + x


@program(lambda r: (vec(r, 5), 2.5))
def clad_search_with_else(a, limit):
    """The else of a loop runs only when the search has not left it."""
    s = 1.0
    for i in range(len(a)):
        s *= 1.0 + abs(a[i])
        if s > limit:
            s *= a[i]
            break
    else:
        s = s * s
    while s > 10.0:
        s *= 0.3
    else:
        s += a[0]
    return s
