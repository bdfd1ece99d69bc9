"""Outside programs that need recursion, functions as values, match, else of loops, lists or random draws."""

import math
from collections import namedtuple

import numpy as np
from numba import njit

from .registry import ints, num, pos, program, vec

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


@program(lambda r: (0.2, 1.0 + num(r), num(r)), argnums=(1, 2))
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


@program(lambda r: (num(r), num(r), 0.1))
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


# Tuples, lists, random draws

Spring = namedtuple("Spring", ["stiffness", "rest", "ends"])


def _unpacked(abc):
    a, b, c = abc
    return a * b + c, (c, a)


@program(lambda r: (num(r), num(r), num(r)))
def tangent_tuples_through_helpers(a, b, c):
    """A tuple as an argument and a nested one as a result."""
    s, pair = _unpacked((a, b, c))
    t, (u, _) = _unpacked((s, *pair))
    return s * t + u


def _force(spring, x):
    i, j = spring.ends
    return spring.stiffness * (x[j] - x[i] - spring.rest)


@program(lambda r: (num(r), num(r), pos(r, 3)))
def clad_records(k, rest, x):
    """Records made of active fields, passed to a helper that reads them by name."""
    first = Spring(k, rest, (0, 1))
    second = Spring(stiffness=k * k, rest=rest, ends=(1, 2))
    x[1] += 0.1 * (_force(second, x) - _force(first, x))
    return _force(first, x) * _force(second, x) + second[0]


@program(lambda r: (num(r), vec(r, 4)))
def tangent_lists(a, x):
    """Lists written out, by a comprehension and by append, indexed and summed."""
    values = [1.0, a * a, 3.0]
    thirds = [v * 3.0 + a for v in x]
    for v in thirds:
        if v > 0.0:
            values.append(v * values[-1])
    s = 0.0
    for i in range(len(values)):
        s += values[i] * values[i - 1]
    return s * thirds[2]


@program(lambda r: (vec(r, 4), num(r)))
def enzyme_list_as_a_stack(x, y):
    """Values pushed in one loop and taken from the end in another."""
    stack = [y]
    for v in x:
        stack.append(v * stack[-1])
    s = 0.0
    while len(stack) > 1:
        s = s * 0.5 + stack.pop() ** 2
    return s * stack[0]


@program(lambda r: (vec(r, 7), num(r)))
def enzyme_room_doubled_when_full(x, y):
    """A buffer replaced by a larger one when it is full, its content copied over."""
    room = np.empty(2)
    used = 0
    for v in x:
        if used == len(room):
            bigger = np.empty(2 * used)
            bigger[:used] = room
            room = bigger
        room[used] = v * y
        used += 1
    return np.dot(room[:used], room[:used])


@program(lambda r: (vec(r, 6), num(r)))
def clad_pointer_walks(a, x):
    """A pointer into the array moves on in each iteration and is read through at two places."""
    p = a
    s = x
    for _ in range(4):
        p = p[1:]
        s += p[0] * p[-1] * s
    return s * p[0]


@program(lambda r: (vec(r, 6), num(r)))
def clad_pointer_walks_and_stores(a, x):
    """The same, stored through: the array sees what the pointer writes."""
    p = a
    s = x
    for _ in range(4):
        p = p[1:]
        p[0] = p[0] * s + x
        s += p[0] * a[0]
    return s * a[4]


@program(lambda r: (num(r), num(r), 4))
def tangent_sampled_mean(mean, spread, n):
    """Draws are made once and used again for the derivative, which holds them fixed."""
    np.random.seed(3)  # noqa: NPY002
    s = 0.0
    for _ in range(n):
        x = mean + spread * np.random.normal()  # noqa: NPY002
        s += x * x
    return s / n


@program(lambda r: (vec(r, 3),))
def enzyme_rebound_to_one_element(x):
    """A loop gives the name of an array to one of length 1, which must not be repeated over the old length."""
    p = x
    for _ in range(2):
        q = np.zeros(1)
        q[0] = p[0] * x[1]
        p = q
    return np.sum(p)
