"""Control flow in its less usual forms: `else` of loops, `match`, `:=`, `in`, `del`, and every iterator in every form."""

import math
from enum import IntEnum

from .registry import num, pos, program, vec

LEVELS = (1, 3, 5)


class Kind(IntEnum):
    LINEAR = 1
    SQUARE = 2


class NegativeInput(ValueError):
    """An exception of the user's own."""


@program(lambda rng: (pos(rng, 5), num(rng)))
def for_else(x, y):
    """The `else` runs where no `break` did; one inside another loop, one with a `return`."""
    s = 0.0
    for i in range(len(x)):
        for j in range(i):
            if x[j] * x[i] > 1.0:
                s += x[j]
                break
            s += x[i] * y
        else:
            s = s * y + x[i]
    for v in x:
        if v > 9.0:
            break
        s += v * v
    else:
        s *= y
        if s > 100.0:
            return s * s
    return s


@program(lambda rng: (num(rng), 4))
def while_else(y, n):
    """`else` of a `while`, entered with and without a `break`, and after no trips at all."""
    k = 0
    while k < n:
        y = y * y * 0.5 + 0.3
        k += 1
        if k == 10:
            break
    else:
        y = math.sin(y)
    while k < 100:
        k += 1
        y *= 1.1
        if y > 2.0:
            break
    else:
        y = 0.0
    while y < 0.0:
        break
    else:
        y = y * y
    return y


@program(lambda rng: (vec(rng, 4),))
def else_breaks_the_outer_loop(x):
    """A `break` in the `else` of an inner loop leaves the outer one, whose own `else` must then not run."""
    s = 1.0
    for i in range(10):
        for j in range(2):
            s += x[j] * x[(i + j) % 4]
            if s > 1e6:
                break
        else:
            if i == 2:
                break
            continue
        s = 0.0
    else:
        s = -s
    return s * x[3]


@program(lambda rng: (vec(rng, 6), num(rng)))
def matched(x, y):
    """Values, alternatives, guards, captures, a dotted name and the rest."""
    s = 0.0
    for i in range(len(x)):
        match i:
            case 0 | -1:
                s += x[i] * y
            case Kind.SQUARE:
                s += x[i] ** 2
            case k if k > 4:
                s *= x[k]
            case 3 as three if y < 0.0:
                s += three
            case 3:
                y = y * x[i]
            case _:
                s += math.sin(x[i] * i)
    return s + y + k


@program(lambda rng: (vec(rng, 6), num(rng)), tags={"beyond_numba"})
def matched_pairs(x, y):
    """Tuples of constants and captures, a guard that fails after the capture, subjects evaluated once."""
    s, k = 0.0, 2
    for i in range(6):
        match i % 3, i // 3:
            case 0, 0:
                s += x[i]
            case (0, k):
                s += x[i] * k * y
            case k, 1 if x[i] * k > 100.0:
                s += 1000.0
            case (1, _) | (_, 7):
                s = s * y + x[i] * k
            case pair:
                s -= x[pair[0]] * x[pair[1]]
    return s


@program(lambda rng: (num(rng),))
def matched_bool(y):
    """Singletons."""
    s = y
    for i in range(2):
        match i == 1:
            case True:
                s *= y
            case False:
                s += y * y
    return s


@program(lambda rng: (num(rng), 8), tags={"beyond_numba"})
def walrus(y, n):
    """`:=` in conditions, in the order of evaluation, and kept for later."""
    s = (a := y * y) + a
    while (n := n // 2) > 0:
        s += y * n
    if (b := math.sin(s)) > -2.0 and (c := b * y) < 5.0:
        s += b * c
    s = s + (s := 2.0 * y) * s
    d = (e if (e := y * b) > 50.0 else (e := e + 1.0)) * e
    return s * a + d + n


@program(lambda rng: (vec(rng, 6),), tags={"beyond_numba"})
def walrus_in_subscripts(x):
    """The value comes before the subscript of the target, the target of an augmented store before the value."""
    i = 1
    x[i] = (i := 2) * x[i]
    i = 3
    x[i] += (i := 4) * x[i]
    return x[1] * x[2] + x[3] * x[4]


def counted(x, at):
    x[at] += 1.0
    return at


@program(lambda rng: (vec(rng, 8), 3))
def membership(x, n):
    """`in` and `not in` over tuples, sets and lists, literal, global and local; the left side is evaluated once."""
    s, own = 0.0, (n, 2 * n)
    for i in range(len(x)):
        if i in LEVELS:
            s += x[i] * x[0]
        if i not in own and i != 7:
            s = s * 0.5 + x[i]
        if i % 4 in {0, 2} or i in [n + 1]:
            s += math.sin(x[i])
    if counted(x, 1) in (0, 1, 2):
        s *= x[1]
    return s if n in (4, 5) or n not in () else 0.0


@program(lambda rng: (vec(rng, 5),), tags={"beyond_numba"})
def deleted(x):
    """`del`, after which the name is bound again; annotations, docstrings and `...` do nothing."""
    a: float = x[0] * x[1]
    b: int
    b = 2
    s = 0.0
    for i in range(len(x)):
        "a string"
        ...
        t, u = x[i] * a, x[i]
        s += t * t * b * u
        del t, u
    del a, s
    s = x[2] * x[3]
    return s


@program(lambda rng: (vec(rng, 5), pos(rng, 5), 2), tags={"beyond_numba"})
def iterators(x, w, n):
    """`reversed`, `enumerate` and `zip` in each other, over arrays, ranges with computed steps, and tuples."""
    s = 0.0
    for i in reversed(range(1, len(x))):
        s = s * 0.5 + x[i] * x[i - 1]
    for i, v in enumerate(reversed(x)):
        s += i * v * v
    for k, (i, (a, b)) in enumerate(zip(range(len(x) - 1, -1, -n), zip(x, reversed(w)))):
        s += a * b * x[i] * k
    for pair in zip(x, w):
        s += pair[0] * pair[1]
    for item in enumerate(zip(x, w), n):
        s += item[0] * item[1][0] * item[1][1]
    for a, b in zip((x[0], x[1], x[2]), reversed((w[0], w[1], w[2]))):
        s += a * b
    for (a,) in zip(x):
        s += a
    for i in reversed(range(0, 7, n)):
        s = s * x[i % 5]
    return s


@program(lambda rng: (vec(rng, 5), 2))
def bounds_and_index_reassigned(x, n):
    """The index is reassigned in the body and read after the loop, whose bounds the body changes."""
    s, m = 0.0, len(x)
    for i in range(0, m, n):
        m = 1
        s += x[i] * x[i]
        i = i + 1 if i < 4 else 0
        s *= x[i]
    for j in range(len(x) - 1, 0, -n):
        s += x[j]
    return s * x[i] * x[j]


@program(lambda rng: (pos(rng, 4), num(rng)), tags={"beyond_numba"})
def messages(x, y):
    """Messages that are computed, causes, exceptions of the user's own."""
    if y < 0.0:
        raise NegativeInput(f"y is {y:.3f}")
    if y > 100.0:
        raise ValueError("y is %s" % y) from None
    assert x[0] > 0.0, "x[0] is {}".format(x[0])
    s = 1.0
    for v in x:
        if v < 0.0:
            raise NegativeInput
        s *= v + y
    return s


def half(v):
    return 0.5 * v


@program(lambda rng: (vec(rng, 4), num(rng)))
def chains(x, y):
    """Chained comparisons with calls: each operand once, and only if it is reached."""
    s = 0.0
    for i in range(len(x)):
        if -1.0 < half(x[i]) <= half(counted(x, i) + 1.0) < 3.0 != y:
            s += x[i] * y
        s += x[i] * x[i]
    return s


@program(lambda rng: (vec(rng, 4), num(rng)))
def else_at_every_depth(x, y):
    """`else`, `break`, `continue` and `return` across three loops."""
    s = 0.0
    for i in range(len(x)):
        for j in range(i):
            for k in range(j):
                if x[k] > 1.2:
                    break
                s += x[k] * x[j]
            else:
                if x[j] < 0:
                    continue
                s += x[j]
                break
            s *= 1.1
        else:
            s += x[i] * y
            if s > 5:
                return s
            continue
        y = y * 0.9
    else:
        return s * y
    return s


@program(lambda rng: (vec(rng, 4), num(rng)), tags=["beyond_numba"])
def walrus_of_the_index(x, y):
    """`:=` changes the subscript between the operands of `and`; the branch not taken leaves its names unbound."""
    s, i = 0.0, 0
    while (v := x[i]) < 10 and (i := i + 1) < 4 and not (w := v * y) > 100:
        s += w * v * x[i]
    else:
        s += v * i
    return s + (x[0] if (z := y * y) > 0.1 and i in (1, 2, 3, 4) else z) * z


@program(lambda rng: (vec(rng, 4), num(rng)), tags={"beyond_numba"})
def matched_with_exits(x, y):
    """`continue` and `break` in cases, `:=` in a guard, bools among the subjects."""
    s, k = 0.0, 0
    for i in range(8):
        match i, i % 2 == 0, bool(x[i % 4] > 0):
            case 0, True, _:
                s += x[0]
            case (1 | 3), e, p if p and not e:
                s += x[1] * y
            case k, False, False if k < 6 and (q := x[k % 4] * y) < 10:
                s += q * k
            case (k, True, z):
                if z:
                    continue
                s *= y
            case _:
                break
    return s + k + y


@program(lambda rng: (vec(rng, 4), num(rng)), tags={"beyond_numba"})
def membership_of_floats(x, y):
    """`in` a tuple of floats that is rebound on one path, and in one that holds the left side itself."""
    t = (x[0], x[1] * y)
    s = 0.0
    if t[0] in t:
        s += y
    if y * 2 not in t:
        s += y * y
    u = (1, 2)
    v = u if y > 2.0 else (3, 4)
    if 3 in v:
        s += x[2]
    if (x[0] > 10 and 1 in v) or y in (x[0], y):
        s += x[3] * y
    return s


LEVEL = 5


@program(lambda rng: (vec(rng, 3),))
def arm_of_copies_that_never_runs(x):
    """Numba decides the test on a constant, and gives the name in the dead arm no type."""
    y = x * 2.0
    if x[0] > 100.0:
        z, w = y, x
    else:
        z, w = x, y
    u = w if LEVEL < 3 else z
    for _ in range(2):
        u[::2] *= 1.5
        z[1] -= 0.3
    return y[0] * z[1] + w[1] * u[2]
