# ruff: noqa: NPY002
"""Programs that draw random numbers or print: each draw is one number, in both sweeps, and nothing happens twice.

Each seeds the generator itself, so that every run draws the same.
"""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda rng: (vec(rng, 4),))
def draws_reused(x):
    """A factor drawn in the loop is needed by the reverse sweep: drawn again, it would be another."""
    np.random.seed(3)
    s = 0.0
    for i in range(len(x)):
        s += math.sin(x[i] * np.random.normal()) * np.random.random()
    return s


@program(lambda rng: (num(rng), num(rng)))
def reparametrised(mu, sigma):
    """Location and scale outside the draw."""
    np.random.seed(5)
    s = 0.0
    for _ in range(3):
        v = mu + sigma * np.random.standard_normal()
        s += v * v
    return s


@program(lambda rng: (num(rng), 6))
def walk_until(y, n):
    """Draws decide the branches, the trips and a factor; one of them is unused."""
    np.random.seed(11)
    np.random.random()
    k = 0
    while k < n and np.random.random() < 0.9:
        if np.random.uniform(-1.0, 1.0) > 0.0:
            y = y * (1.0 + 0.1 * np.random.exponential())
        else:
            y = math.sin(y) + 0.5
        k += 1
    return y


@program(lambda rng: (vec(rng, 3),))
def equal_draws_differ(x):
    """Two calls with one text are two draws; the one between the two loads is kept though nobody reads it."""
    np.random.seed(2)
    a = np.random.normal(1.0, 2.0) * x[0]
    b = np.random.normal(1.0, 2.0) * x[0]
    np.random.normal(1.0, 2.0)
    c = np.random.normal(1.0, 2.0) * x[1]
    return a * b * c * x[2]


def noisy(v, scale):
    return math.exp(-v) * (1.0 + scale * np.random.standard_normal()) * v


def kick(u, at):
    u[at] = u[at] * np.random.uniform(0.5, 1.5) + u[0] ** 2


def chance():
    return np.random.random() + 0.5


@program(lambda rng: (pos(rng, 4), num(rng)))
def draws_in_helpers(x, y):
    """A scalar helper, one that writes, and one without arguments draw in turn; an inactive call must run as well."""
    np.random.seed(8)
    s = 0.0
    for i in range(len(x)):
        s += noisy(x[i] * y, 0.3)
        kick(x, i)
        noisy(2.0, 0.1)
        s = s * chance()
    return s + x[1]


def outer(v):
    return noisy(v, 0.2) * v


@program(lambda rng: (vec(rng, 3),))
def draws_two_levels_down(x):
    """The helper that draws is called by a helper."""
    np.random.seed(21)
    s = 1.0
    for v in x:
        s = s * 0.5 + outer(v * v)
    return s


@program(lambda rng: (vec(rng, 3), vec(rng, 2, 3)), tags={"beyond_numba"})
def arrays_of_draws(x, m):
    """Vectors and matrices of draws, by keyword, by position and from `randn`; one is overwritten."""
    np.random.seed(4)
    noise = np.random.normal(size=len(x))
    w = np.random.rand(2, 3)
    e = np.random.exponential(0.5, (2, 3))
    noise *= x
    w[0, 1] = noise[2] * x[0]
    return np.sum(w * m * e) + np.sum(noise * np.random.randn(3)) * np.sum(np.random.uniform(0.0, 1.0, 3) * x)


@program(lambda rng: (vec(rng, 5),))
def random_subscripts(x):
    """Random ints choose the elements; stores go to them."""
    np.random.seed(17)
    s = 0.0
    for _ in range(6):
        i = np.random.randint(0, len(x))
        j = np.random.randint(len(x))
        s += x[i] * x[j]
        x[i] = math.cos(x[j]) + np.random.poisson(3.0) * 0.1
    return s + x[0]


@program(lambda rng: (vec(rng, 4),))
def dead_draws(x):
    """The sum is linear and its forward sweep dead; the draws in it move the stream on."""
    np.random.seed(9)
    s = 0.0
    for i in range(len(x)):
        s += 2.0 * x[i]
        np.random.random()
    return s * np.random.random()


@program(lambda rng: (vec(rng, 3), 2))
def prints(x, n):
    """Printing in loops, branches and a helper has no derivative and stays in order."""
    print("start", n)
    s = 0.0
    for i in range(len(x)):
        if i < n:
            print("element", i, x[i])
            s += told(x[i])
    print(s, True)
    return s


def told(v):
    print("helper", v)
    return v * v


def coin():
    return np.random.random() < 0.5


def heavy(v):
    return v * np.random.random() > 0.3


@program(lambda rng: (vec(rng, 4), num(rng)))
def draws_in_conditions(x, y):
    """`and` and `or` decide how many helpers draw."""
    np.random.seed(1)
    s = 0.0
    for i in range(len(x)):
        if (coin() and heavy(x[i] * x[i])) or coin():
            s += x[i] * y * np.random.random()
        else:
            y = y * np.random.random() + x[i]
    return s * y


def filled(u, v):
    for i in range(len(u)):
        u[i] = np.random.normal() * v
    return np.random.random()


@program(lambda rng: (vec(rng, 4),))
def buffer_of_draws(x):
    """A helper fills one buffer with draws again and again; the elements are overwritten after use."""
    np.random.seed(2)
    u = np.zeros(3)
    s = 0.0
    for i in range(4):
        w = filled(u, x[i])
        u[i % 3] *= w
        s += u[0] * u[1] * x[i] * u[2]
        x[i] = u[0]
    return s * x[0]


def fresh_draws(v, n):
    u = np.empty(n)
    for i in range(n):
        u[i] = v * np.random.normal()
    return u


@program(lambda rng: (vec(rng, 4), num(rng)))
def arrays_from_helpers(x, y):
    """A helper returns a new array of draws each time."""
    np.random.seed(2)
    s = 0.5
    for i in range(3):
        u = fresh_draws(y, 3)
        v = fresh_draws(s, 3)
        s = s + np.sum(u * v) * x[i] + np.random.random()
    return s


@program(lambda rng: (vec(rng, 4), num(rng)))
def random_trips(x, y):
    """Draws bound the loops, scale elements that are overwritten, and lead to an early return."""
    np.random.seed(3)
    s = y
    for _ in range(np.random.poisson(3.0) + 1):
        for j in range(np.random.randint(1, 4)):
            x[j] = x[j] * np.random.normal() + s
            s += math.sin(x[j])
        if np.random.random() < 0.1:
            return s
    else:
        s *= 2.0
    return s * np.random.random()


def two(v):
    a = np.random.normal()
    b = np.random.normal()
    return v * a, v * v * b, a


@program(lambda rng: (vec(rng, 4), num(rng)))
def draws_in_tuples(x, y):
    """A helper returns several draws, one of them without a derivative; calls with one text are not one call."""
    np.random.seed(3)
    p, q, a = two(y)
    _, r, _ = two(p * q)
    return r * r + a * y + two(x[0])[1] * two(x[0])[1]
