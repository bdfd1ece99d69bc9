"""Derivatives within differentiated functions, as GradBench's `particle` and `saddle` (Pearlmutter and Siskind 2008).

A function that is differentiated cannot call a derivative of sct's, but a generated derivative is Python source like any
other: `generated` loads it, and what calls it is differentiated as usual. "f" is forward mode, "r" reverse.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable

import numba
import numpy as np

import sct
from sct.backends.python import load_python
from sct.bench.case import Case

MODES = {"f": sct.jacfwd, "r": sct.grad}


def generated(derivative, *args):
    """What `derivative` generates for arguments like `args`, compiled as if a user had written it."""
    space = load_python(derivative.source(*args))
    functions = [name for name, value in space.items() if inspect.isfunction(value)]
    for name in functions:
        space[name] = numba.njit(space[name])
    return space[functions[-1]]  # the others are its helpers


@numba.njit
def descend(cost, gradient, start, given):
    """Where the gradient of `cost(x, given)` or the step is at most 1e-5: the step doubles after ten successes and halves after a
    failure."""
    x = start.copy()
    value = cost(x, given)
    slope = gradient(x, given)
    size = 1e-5
    successes = 0
    while np.sqrt(np.sum(slope * slope)) > 1e-5:
        if successes == 10:
            size *= 2.0
            successes = 0
        else:
            step = size * slope
            if np.sqrt(np.sum(step * step)) <= 1e-5:
                break
            moved = x - step
            moved_value = cost(moved, given)
            if moved_value < value:
                x = moved
                value = moved_value
                slope = gradient(x, given)
                successes += 1
            else:
                size *= 0.5
                successes = 0
    return x


@numba.njit
def potential(x, y, w):
    """That of two charges, at (10, 10 - w) and (10, 0)."""
    return 1.0 / math.sqrt((x - 10.0) ** 2 + (y - 10.0 + w) ** 2) + 1.0 / math.sqrt((x - 10.0) ** 2 + y**2)


@functools.cache
def flight(mode: str) -> Callable[[np.ndarray, np.ndarray], float]:
    """The square of the place where a particle crosses the axis, as a function of the control `w[0]`: Euler steps, with the
    force derived from the potential in `mode`. The second argument does not matter."""
    force = generated(MODES[mode](potential, (0, 1)), 0.0, 8.0, 0.0)

    @numba.njit
    def crossing(w, given):
        x, y, u, v = 0.0, 8.0, 0.75, 0.0
        while y + 0.1 * v > 0.0:
            right, up = force(x, y, w[0])
            x += 0.1 * u
            y += 0.1 * v
            u -= 0.1 * right
            v -= 0.1 * up
        return (x - y / v * u) ** 2

    return crossing


def solve_particle(modes: str) -> Callable[[np.ndarray], np.ndarray]:
    """The control `w` for which the particle meets the origin, from a first guess: `modes` are those of descent and force."""
    cost = flight(modes[1])
    slope = _callable(MODES[modes[0]](cost))

    @numba.njit
    def solve(start):
        return descend(cost, slope, start, start)

    return solve


@numba.njit
def bowl(x, y):
    """Its saddle point is at the origin."""
    return x[0] ** 2 + x[1] ** 2 - (y[0] ** 2 + y[1] ** 2)


@numba.njit
def depth(y, x):
    return -bowl(x, y)


@functools.cache
def highest(mode: str) -> Callable[[np.ndarray, np.ndarray], float]:
    """The maximum of `bowl` over y, found from a start in `mode`, as a function of x and of the start."""
    slope = generated(MODES[mode](depth), np.ones(2), np.ones(2))

    @numba.njit
    def highest_over_y(x, start):
        return -depth(descend(depth, slope, start, x), x)

    return highest_over_y


def solve_saddle(modes: str) -> Callable[[np.ndarray], np.ndarray]:
    """The saddle point (x, y) of `bowl` from a start for both: `modes` are those of the outer and of the inner descent."""
    top = highest(modes[1])
    top_slope, depth_slope = _callable(MODES[modes[0]](top)), _callable(MODES[modes[0]](depth))

    @numba.njit
    def solve(start):
        x = descend(top, top_slope, start, start)
        return np.concatenate((x, descend(depth, depth_slope, start, x)))

    return solve


def _callable(derivative):
    """A derivative that compiled code takes as an argument."""

    @numba.njit
    def call(x, given):
        return derivative(x, given)

    return call


@functools.cache
def _value_and_slope(cost):
    return sct.value_and_grad(cost("r"), argnums=(0,))


def particle(w):
    """`flight` with the force by hand."""
    x, y, u, v = 0.0, 8.0, 0.75, 0.0
    while y + 0.1 * v > 0.0:
        first = 0.1 / ((x - 10.0) ** 2 + (y - 10.0 + w[0]) ** 2) ** 1.5
        second = 0.1 / ((x - 10.0) ** 2 + y**2) ** 1.5
        right = (first + second) * (x - 10.0)
        up = first * (y - 10.0 + w[0]) + second * y
        x += 0.1 * u
        y += 0.1 * v
        u += right
        v += up
    return (x - y / v * u) ** 2


def particle_slope(w):
    """The value and the gradient of `flight`, reverse over reverse."""
    return _value_and_slope(flight)(w, w)


@numba.njit
def fall(y, x):
    """The gradient of `depth`, by hand."""
    return 2.0 * y


def saddle(x):
    """`highest` with the inner gradient by hand."""
    return -depth(descend(depth, fall, np.ones(2), x), x)


def saddle_slope(x):
    """The value and the gradient of `highest`, reverse over reverse."""
    return _value_and_slope(highest)(x, np.ones(2))


NESTED = (
    Case(particle, (0,), lambda rng: (rng.uniform(0.0, 0.5, 1),), "", (), ((),), particle_slope),
    Case(saddle, (0,), lambda rng: (rng.normal(size=2),), "", (), ((),), saddle_slope),
)
