"""Outside programs that need records, lists, arrays that change their size, or random draws; not registered yet."""

from collections import namedtuple

import numpy as np

from .registry import num, pos, program, vec

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


def clad_pointer_walks(a, x):
    """A pointer into the array moves on in each iteration and is read through at two places."""
    p = a
    s = x
    for _ in range(4):
        p = p[1:]
        s += p[0] * p[-1] * s
    return s * p[0]


@program(lambda r: (vec(r, 6), num(r)), tags=("refused",))
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


def enzyme_rebound_to_one_element(x):
    """A loop gives the name of an array to one of length 1, which must not be repeated over the old length."""
    p = x
    for _ in range(2):
        q = np.zeros(1)
        q[0] = p[0] * x[1]
        p = q
    return np.sum(p)
