"""Tuples and named tuples as locals, results and arguments of helpers."""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from .registry import num, program, vec

State = namedtuple("State", ["position", "velocity"])


class Spring(NamedTuple):
    stiffness: float
    damping: float = 0.1


def accelerated(state, spring, h):
    force = -spring.stiffness * state.position - spring.damping * state.velocity
    velocity = state.velocity + h * force
    return State(state.position + h * velocity, velocity)


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def named_tuple_carried_by_a_loop(x, y):
    """A named tuple is rebound in each iteration; defaults of its class count."""
    state, spring = State(x, velocity=y), Spring(x * y)
    for _ in range(4):
        state = accelerated(state, spring, 0.1)
    return state.position * state.velocity + spring.damping * x


@program(lambda rng: (num(rng), num(rng)), tags=["beyond_numba"])
def named_tuple_is_a_tuple(x, y):
    """Unpacked, indexed, sliced and added."""
    state = State(x * y, y)
    position, velocity = state
    longer = (*state, x)
    both = state + longer[1:]
    return position * both[2] + velocity * both[-1] * state[0]


def split(pair, weights):
    (a, b), c = pair
    return (a * weights[0], (b * c, weights[1])), a + b


@program(lambda rng: (num(rng), num(rng), vec(rng, 2)))
def nested_tuples_through_a_helper(x, y, w):
    """Tuples in tuples go in and come out."""
    (p, (q, r)), s = split(((x, y), x * y), w)
    again, _ = split(((p, q), r), (s, x))
    return again[0] * again[1][0] + again[1][1]


@program(lambda rng: (vec(rng, 3), vec(rng, 3), num(rng)))
def tuple_of_arrays_written_by_a_helper(x, w, y):
    """The arrays in a tuple are the arrays outside it."""
    pair = (x, w)
    scale_first(pair, y)
    scale_first((pair[1], pair[0]), y * y)
    return x[0] * w[0] + x[1] * w[1]


def scale_first(arrays, factor):
    first, second = arrays
    first[0] *= factor
    first[1] = second[2] * factor


@program(lambda rng: (num(rng), num(rng), 3))
def tuples_merge_at_branches(x, y, n):
    """Assigned in both arms and in a loop."""
    pair = (x, y)
    for i in range(n):
        if pair[0] > pair[1] * i:
            pair = (pair[1] * x, pair[0])
        else:
            pair = (pair[0] + y, pair[1] * y)
    return pair[0] * pair[1]


@program(lambda rng: (num(rng), num(rng), num(rng)), tags=["beyond_numba"])
def starred_targets(x, y, z):
    """The rest of a tuple, in the middle too."""
    first, *middle, last = x, y, z, x * y
    head, *tail = middle
    return first * last * head + sum_squares(*tail)


def sum_squares(*values):
    s = 0.0
    for v in values:
        s += v * v
    return s


@program(lambda rng: (num(rng), num(rng)))
def tuple_of_one(x, y):
    """One element, and none."""
    (only,) = single(x * y)
    empty = ()
    return only * single(y)[0] + len(empty)


def single(v):
    return (v * v,)


def find(values, target):
    """A result that is a named tuple on every path."""
    for i in range(len(values)):
        if values[i] > target:
            return State(values[i] * target, i)
    return State(target, -1)


@program(lambda rng: (np.sort(vec(rng, 5)), num(rng)))
def named_tuple_returned_early(x, y):
    """One field is a float, the other an int."""
    found = find(x, y - 0.5)
    return found.position * (2.0 + found.velocity)
