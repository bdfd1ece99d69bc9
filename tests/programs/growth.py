"""Arrays that grow: `reserve` gives an array more room, in loops, branches and helpers."""

import math

import numpy as np

from sct.runtime import reserve

from .registry import num, program, vec


@program(lambda rng: (vec(rng, 6),))
def growth_filtered(x):
    """Grows in one arm of a branch only; read after the loop."""
    kept = np.empty(1)
    n = 0
    for v in x:
        if v > 0.0:
            kept = reserve(kept, n + 1)
            kept[n] = v * v
            n += 1
    s = 0.0
    for k in range(n):
        s += kept[k] * x[k] * (k + 1)
    return s


def push(stack, n, v):
    stack = reserve(stack, n + 1)
    stack[n] = math.sin(v)
    return stack, n + 1


@program(lambda rng: (vec(rng, 5),))
def growth_in_a_helper(x):
    """A helper makes room, in a `while`; the second call reads what the first one stored."""
    stack = np.empty(0)
    n = k = 0
    while k < len(x):
        stack, n = push(stack, n, x[k])
        stack, n = push(stack, n, x[k] * stack[n - 1])
        k += 1
    s = 0.0
    for j in range(n):
        s += stack[j] * stack[n - 1 - j] * (j + 1)
    return s


@program(lambda rng: (vec(rng, 5),))
def growth_of_one_iteration(x):
    """An array of one iteration grows in an inner loop, is overwritten, and is seen through a view."""
    s = 0.0
    for i in range(len(x)):
        row = np.empty(0)
        n = 0
        for j in range(i + 1):
            row, n = push(row, n, x[j])
            row[n - 1] = row[n - 1] * x[i]
            part = row[0:n]
            part[0] = part[0] * x[j]
        for j in range(n):
            s += row[j] * (j + 1)
    return s


@program(lambda rng: (vec(rng, 7),))
def growth_stack(x):
    """Pushed and popped: elements are overwritten after they were read, and grown over later."""
    stack = np.empty(1)
    top = 0
    s = 0.0
    for i in range(len(x)):
        stack = reserve(stack, top + 2)
        stack[top] = x[i]
        stack[top + 1] = x[i] * s
        top += 2
        if x[i] > 0.0:
            top -= 1
            s += stack[top] * stack[top - 1] + math.cos(stack[0])
    while top > 0:
        top -= 1
        s = s * 0.5 + stack[top] * stack[top]
    return s


@program(lambda rng: (vec(rng, 4), num(rng)))
def growth_queue(x, a):
    """The array grows while it is walked through; a branch leaves the loop."""
    queue = x.copy()
    n = len(x)
    head = 0
    s = 0.0
    while head < n:
        v = queue[head]
        head += 1
        s += v * math.exp(-a * head)
        if head > 9:
            break
        if abs(v) > 0.3:
            queue = reserve(queue, n + 1)
            queue[n] = v * a * 0.6
            n += 1
    return s * queue[n - 1]


def split(low, high, n, m, v):
    if v < 0.2:
        low, n = push(low, n, v)
    else:
        high = reserve(high, m + 1)
        high[m] = v * v
        m += 1
    return v * 0.5, low, high, n, m


@program(lambda rng: (vec(rng, 6),))
def growth_of_two(x):
    """A helper that makes room in two arrays, one of them through a helper of its own, and returns more than these."""
    low, high = np.empty(0), np.empty(1)
    n = m = 0
    s = 0.0
    for v in x:
        half, low, high, n, m = split(low, high, n, m, v * x[0])
        s += half * half
    for j in range(n):
        s += low[j] * x[j]
    for j in range(m):
        s += high[j] * x[j] * s
    return s


@program(lambda rng: (vec(rng, 6),))
def growth_of_subscripts(x):
    """An integer array grows and picks elements; another loop empties and refills it."""
    found = np.empty(0, np.int64)
    s = 0.0
    for turn in range(3):
        n = 0
        for i in range(len(x)):
            if x[i] * (turn - 1.5) > 0.0:
                found = reserve(found, n + 1)
                found[n] = i
                n += 1
        for k in range(n):
            s = s * 0.7 + x[found[k]] * x[found[n - 1 - k]] * s + x[found[k]]
    return s


@program(lambda rng: (vec(rng, 5),))
def growth_or_nothing(x):
    """Nothing is ever stored: the result is read from elsewhere."""
    kept = np.empty(0)
    n = 0
    for v in x:
        if v > 100.0:
            kept, n = push(kept, n, v)
    s = x[0]
    for k in range(n):
        s *= kept[k]
    return s * s


def first_above(x, limit):
    tried = np.empty(0)
    n = 0
    for v in x:
        tried, n = push(tried, n, v * v)
        if tried[n - 1] > limit:
            return tried[n - 1] * n
    return tried[0]


@program(lambda rng: (vec(rng, 5), num(rng)))
def growth_inside_a_helper(x, a):
    """A helper with an array that grows of its own, left by `return`."""
    return first_above(x, 0.2) * a + first_above(x * a, 100.0)


@program(lambda rng: (vec(rng, 4),))
def growth_made_by_a_helper(x):
    """A helper makes the array and fills it, the caller adds to it."""
    kept, n = started(x)
    total = 0.0
    for v in x:
        kept, n = push(kept, n, v * kept[n - 1])
        total += kept[n // 2]
    return total * kept[n - 1]


def started(x):
    kept = np.empty(1)
    n = 0
    for v in x:
        if v < 0.5:
            kept = reserve(kept, n + 1)
            kept[n] = v
            n += 1
    kept, n = push(kept, n, x[0])
    return kept, n


@program(lambda rng: (vec(rng, 3),))
def growth_after_a_view(x):
    """A view of the smaller array is read and written before the array grows; the elements are overwritten afterwards."""
    c = x.copy()
    part = c[0:2]
    s = part[0] * part[1]
    part[0] = x[1] * s
    c = reserve(c, 9)
    c[0] = c[0] * x[2] + c[1]
    c[7] = math.sin(c[0])
    part = c[0:8]
    part[1] = part[7] * s
    c = reserve(c, 40)
    c[39] = c[0] * c[1]
    return c[39] * s + c[1]
