"""Time loops under `sct.checkpoint`, for a budget each, and their gradients as plain Python."""

import math

import numpy as np
from numba import typeof

import sct
from sct import pipeline
from sct.backends.python import load_python

RNG = np.random.default_rng(0)


def heat(budget):
    def f(u, k, n):
        for _ in sct.checkpoint(range(n), budget=budget):
            old = u.copy()
            for i in range(1, len(u) - 1):
                u[i] = old[i] + k * (old[i + 1] - 2.0 * old[i] + old[i - 1]) * old[i]
        return np.sum(u * u)

    return f, (RNG.uniform(size=5), 0.1)


def heat_by_helper(budget):
    """The step is a helper that writes in place, with scratch from outside the loop."""

    def step(u, new, k):
        for i in range(1, len(u) - 1):
            new[i] = u[i] + k * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
        for i in range(1, len(u) - 1):
            u[i] = new[i]

    def f(u, k, n):
        new = np.empty(len(u))
        for _ in sct.checkpoint(range(n), budget=budget):
            step(u, new, k)
        return u[1] * u[2]

    return f, (RNG.uniform(size=5), 0.1)


def rebound(budget):
    """The state is a new array in each step."""

    def f(u, k, n):
        for t in sct.checkpoint(range(n), budget=budget):
            u = u + k * np.sin(u) * np.roll(u, 1) * (t + 1.0)
        return np.sum(u * u)

    return f, (RNG.normal(size=4), 0.1)


def leapfrog(budget):
    """Only scalars are carried, two floats, an int and a bool."""

    def f(x, v, n):
        energy, count, inside = 0.0, 0, True
        for t in sct.checkpoint(range(n), budget=budget):
            v = v - 0.05 * math.sin(x) * (1.5 if inside else 0.5)
            x = x + 0.1 * v
            inside = x > 0.0
            if inside:
                count += 1
            energy += v * v * math.cos(0.3 * t) * count
        return energy * x + v

    return f, (0.2, 0.7)


def several(budget):
    """Two arrays of different kinds, an array of ints and a scalar."""

    def f(u, w, n):
        v = np.zeros((2, 2))
        order = np.zeros(len(u), np.int64)
        s = 0.5
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(len(u)):
                order[i] = (order[i] + i + t) % len(u)
            for i in range(2):
                for j in range(2):
                    v[i, j] += math.sin(u[order[i]] * s) + 0.1 * v[j, i] * w[j]
            for i in range(len(u)):
                u[i] += 0.1 * math.cos(v[i % 2, 0] * u[i - 1])
            s = 0.9 * s + 0.1 * v[1, 0] * u[0]
        return s * v[0, 1] + np.sum(u)

    return f, (RNG.normal(size=3), RNG.normal(size=2))


def exchanged(budget):
    """Arrays change places; what is at the edges of one is never in the other."""

    def f(u, k, n):
        v = np.cos(u)
        first = u[0] * v[-1]
        for _ in sct.checkpoint(range(n), budget=budget):
            for i in range(1, len(u) - 1):
                v[i] = u[i] + k * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * u[i]
            u, v = v, u
        return u[1] * v[2] * first + u[0]

    return f, (RNG.uniform(size=4), 0.2)


def three_levels(budget):
    """A wave equation: three arrays change places in a circle."""

    def f(u, c, n):
        old, new = u * 0.9, np.zeros(len(u))
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(1, len(u) - 1):
                new[i] = 2.0 * u[i] - old[i] + c * (u[i + 1] - 2.0 * u[i] + u[i - 1]) * math.cos(u[i] + t)
            old, u, new = u, new, old
        return u[1] * u[2] + old[1] ** 2

    return f, (RNG.normal(size=5), 0.3)


def history(budget):
    """What is only written is in no snapshot; it is read after the loop."""

    def f(u, k, n):
        every = np.zeros((n + 1, len(u)))
        first = every[0, 0] + k
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(len(u)):
                u[i] = u[i] * math.sin(k * u[i - 1])
                every[t, i] = u[i]
        return np.sum(every * every) * first + u[0]

    return f, (RNG.normal(size=3) + 2.0, 0.8)


def reads_history(budget):
    """The step reads what an earlier one wrote: the history is part of the state."""

    def f(u, k, n):
        every = np.zeros(n + 2)
        every[0] = u[0] * u[1]
        every[1] = u[1]
        for t in sct.checkpoint(range(n), budget=budget):
            every[t + 2] = every[t + 1] * math.cos(k * every[t]) + every[t + 1]
        return every[n] * every[n + 1]

    return f, (RNG.normal(size=2), 0.8)


def adds_up(budget):
    """An array that is only added to."""

    def f(u, k, n):
        total = u * u
        for t in sct.checkpoint(range(n), budget=budget):
            total[t % len(u)] += math.sin(u[0] * k)
            u[0] = u[0] * math.cos(k * u[1])
        return total[0] * total[1] * u[0]

    return f, (RNG.normal(size=3) + 2.0, 0.8)


def network(budget):
    """Weights that every step uses; a loop, a branch on data and scratch arrays in the step."""

    def f(h, w, n):
        loss = 0.0
        scratch = np.zeros(len(h))
        for t in sct.checkpoint(range(n), budget=budget):
            for i in range(len(h)):
                a = 0.1 * t
                for j in range(len(h)):
                    a += w[i, j] * h[j]
                scratch[i] = math.tanh(a) if a > 0.0 else 0.3 * a * a
            for i in range(len(h)):
                h[i] = scratch[i]
            if h[0] > 0.2:
                loss += h[0] * h[1]
        return loss + h[1]

    return f, (RNG.normal(size=3), 0.5 * RNG.normal(size=(3, 3)))


def triangular(budget):
    """An inner loop whose length depends on the step: what it saves goes onto the tape."""

    def f(u, k, n):
        s = k
        for t in sct.checkpoint(range(n), budget=budget):
            for j in range(t % 3):
                s = math.sin(s * u[j]) + k
            while s > 1.0:
                s = 0.7 * s
            u[t % 3] = u[t % 3] * s
        return s * u[0] * u[1]

    return f, (RNG.normal(size=3) + 1.0, 0.8)


def backwards(budget):
    """Steps that count down, by two, from a start that is an argument."""

    def f(u, k, n):
        for t in sct.checkpoint(range(2 * n, 1, -2), budget=budget):
            u[0] = math.sin(u[0] * u[1]) + k * t
            u[1] = u[1] * math.cos(u[0])
        return u[0] * u[1]

    return f, (RNG.normal(size=2), 0.8)


def from_start(budget):
    """A start that is not 0, a step that only the run knows, and names from before the loop."""

    def f(u, k, n):
        pace = 1 + n % 2
        c = math.exp(k)
        for t in sct.checkpoint(range(3, 3 + n), budget=budget):
            u[0] = math.sin(u[0] * c) + u[1] * t
        for t in sct.checkpoint(range(n, 3 * n, pace), budget=budget):
            u[1] = math.sin(u[1] * c) + u[0] * t
        return u[0] * u[1]

    return f, (RNG.normal(size=2), 0.3)


def in_a_branch(budget):
    """The loop stands in an arm; an early return makes another."""

    def f(u, k, n):
        if n == 0:
            return k * u[0]
        s = u[0] * u[1]
        if n > 1:
            for _ in sct.checkpoint(range(n), budget=budget):
                s = math.sin(s + k) * u[1]
                u[1] = u[1] * math.cos(s)
        return s * s + u[1]

    return f, (RNG.normal(size=2), 0.3)


def by_helper(budget):
    """The loop stands in a helper that changes its argument, which the caller reads and changes before and after."""

    def run(u, k, n):
        for _ in sct.checkpoint(range(n), budget=budget):
            for i in range(len(u)):
                u[i] = math.sin(u[i] * k) + u[i - 1]

    def f(u, k, n):
        u[0] = u[0] * u[1] * k
        run(u, k, n)
        u[1] = u[1] * u[0]
        return np.sum(u * u)

    return f, (RNG.normal(size=3), 0.7)


def views(budget):
    """The step works on parts of an array that were named before the loop."""

    def f(u, k, n):
        inner, left, right = u[1:-1], u[:-2], u[2:]
        for _ in sct.checkpoint(range(n), budget=budget):
            inner[:] = inner + k * inner * (left + right)
        return np.sum(u * u * u)

    return f, (RNG.normal(size=5), 0.2)


PROGRAMS = (
    heat, heat_by_helper, rebound, leapfrog, several, exchanged, three_levels, history, reads_history, adds_up, network, triangular,
    backwards, from_start, in_a_branch, by_helper, views,
)  # fmt: skip


def generated(f, args, mode="grad", argnums=(0, 1), plan="default"):
    return pipeline.generate(f, tuple(map(typeof, args)), mode, argnums, plan)


def loaded(made):
    return load_python(made.text, made.arrays)[made.entry]


def copies(args):
    return [np.copy(a) if isinstance(a, np.ndarray) else a for a in args]
