"""Local lists of numbers: made, appended to, indexed, iterated, popped; as arrays that grow."""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda rng: (num(rng), num(rng)))
def list_literal_and_append(x, y):
    """The elements are evaluated before the list is bound anew."""
    xs = [x, y, x * y]
    xs.append(xs[0] * xs[-1])
    xs = [xs[3], xs[1] * y]
    s = 0.0
    for v in xs:
        s += v * v
    return s * len(xs)


@program(lambda rng: (vec(rng, 5), num(rng)))
def list_in_a_loop(x, y):
    """Appended under a condition, changed in place, summed in three ways."""
    xs = []
    for i in range(len(x)):
        if x[i] > 0.0:
            xs.append(x[i] * y)
        else:
            xs.append(math.sin(x[i]))
            xs[i] = xs[i] * xs[i // 2]
    return sum(xs) + np.sum(np.array(xs) ** 2) * xs[-2]


@program(lambda rng: (num(rng), num(rng)))
def list_as_a_stack_of_ints(x, y):
    """Depth-first search: the list is the condition of the loop, its elements are subscripts."""
    stack = [0]
    s = y
    weights = np.array([x, y, x * y, 2.0])
    while stack:
        i = stack.pop()
        s = s * weights[i] + x
        if i < 2:
            stack.append(i + 1)
            if i == 1:
                stack.append(i + 2)
    return s


@program(lambda rng: (num(rng), num(rng)))
def list_made_in_each_iteration(x, y):
    """Its memory is the same each time, its contents are not; a comprehension with a condition."""
    t = 0.0
    for k in range(3):
        row = [x * j for j in range(k + 3) if j != 1]
        row += [y, t]
        t = t + row[-1] * row[k] + max(row[0], row[1]) * row[-2]
    return t


@program(lambda rng: (num(rng), num(rng)))
def list_and_its_copy(x, y):
    """A copy is another list; a subscript that is negative in the run counts from the end of the list."""
    xs = [0.0] * 3
    for i in range(3):
        xs[i] = x * i + y
    ys = list(xs)
    ys[1] = y
    i = len(ys) - 4
    xs[i] = xs[i] * x
    ys.append(x)
    return ys[1] * xs[1] * ys[2] + xs[2] * ys[i]


def _weighted(values, y):
    values[0] = y * values[1]
    s = 0.0
    for v in values:
        s += v * v
    return s * len(values)


def _powers(x, n):
    found = []
    for i in range(n):
        found.append(x**i)
    return found


@program(lambda rng: (num(rng), num(rng)))
def list_through_helpers(x, y):
    """A helper writes into the caller's list; another one returns the list it made."""
    xs = [x, y]
    xs.append(x * y)
    s = _weighted(xs, y)
    powers = _powers(x, 4)
    return s * xs[0] + powers[3] * powers[1]


@program(lambda rng: (pos(rng, 4), num(rng)))
def list_comprehensions(x, y):
    """As an argument, nested, over an array; the variable outside of the same name is left alone."""
    v = y
    squares = np.sum(np.array([v * v for v in x]))
    pairs = [a * b for a in (v, squares) for b in (1.0, v) if a > b - 100.0]
    return sum(pairs) * v


@program(lambda rng: (vec(rng, 6), num(rng)))
def list_with_early_exit(x, y):
    """Popped, cleared and extended between breaks and returns."""
    kept = [y]
    for v in x:
        if len(kept) > 3:
            break
        kept.append(v * kept[-1])
        if v < 0.0:
            last = kept.pop()
            kept.extend((last * y, last))
    if not kept:
        return 0.0
    total = kept[0]
    kept.clear()
    kept.append(total * y)
    return kept[0] * total


@program(lambda rng: (num(rng), 0), tags=["zero_trip"])
def list_that_stays_empty(x, n):
    """No element is ever appended."""
    xs = []
    for i in range(n):
        xs.append(x * i)
    return x * x + sum(xs) + len(xs)
