"""The ideas of Enzyme's integration tests, first part: sorts, factorisations, substitutions, fixed points, integrators."""

import math

import numpy as np

from .registry import dominant, num, pos, program, vec


@program(lambda r: (r.permutation(6) + 0.3 * vec(r, 6),))
def enzyme_insertion_sort_by_swaps(a):
    """Sorting downwards by exchanges; the result is of the larger half."""
    n = len(a)
    for i in range(1, n):
        j = i
        while j > 0 and a[j - 1] < a[j]:
            a[j - 1], a[j] = a[j], a[j - 1]
            j -= 1
    s = 0.0
    for i in range(n // 2):
        s += a[i] * a[i] * (i + 1)
    return s


@program(lambda r: (r.permutation(5) + 0.3 * vec(r, 5), vec(r, 5)))
def enzyme_selection_sort(a, w):
    """Sorting by the position of the minimum, with the keys exchanged and a second array along with them."""
    n = len(a)
    for i in range(n - 1):
        low = i
        for j in range(i + 1, n):
            if a[j] < a[low]:
                low = j
        if low != i:
            a[i], a[low] = a[low], a[i]
            w[i], w[low] = w[low], w[i]
    s = 0.0
    for i in range(n):
        s = 0.5 * s * a[i] + w[i] * a[i] ** 2
    return s


@program(lambda r: (vec(r, 6), vec(r, 4)))
def enzyme_merge(a, b):
    """Two arrays merged by three loops over the same indices, multiplied by their place."""
    out = np.empty(len(a) + len(b))
    i = j = k = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out[k] = a[i] * k
            i += 1
        else:
            out[k] = b[j] * b[j]
            j += 1
        k += 1
    while i < len(a):
        out[k] = a[i]
        i, k = i + 1, k + 1
    while j < len(b):
        out[k] = b[j]
        j, k = j + 1, k + 1
    s = 0.0
    for i in range(1, k):
        s += out[i] * out[i - 1]
    return s


@program(lambda r: (vec(r, 3, 3) + 0.3 * r.uniform(size=(3, 3)), vec(r, 3)))
def enzyme_lu_solve_with_pivots(a, b):
    """LU with row exchanges remembered in ints, then both substitutions in place of the right-hand side."""
    n = len(b)
    order = np.empty(n, np.int64)
    for i in range(n):
        order[i] = i
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[best, k]):
                best = i
        if best != k:
            for j in range(n):
                a[k, j], a[best, j] = a[best, j], a[k, j]
            order[k], order[best] = order[best], order[k]
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    x = np.empty(n)
    for i in range(n):
        x[i] = b[order[i]]
        for j in range(i):
            x[i] -= a[i, j] * x[j]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= a[i, j] * x[j]
        x[i] /= a[i, i]
    return x[0] * x[1] + x[2]


def _forward(l, b, out):
    for i in range(len(b)):
        t = b[i]
        if i > 1:
            for j in range(i - 1):
                t -= l[i, j] * out[j]
        out[i] = t


@program(lambda r: (vec(r, 4, 4), vec(r, 4)))
def enzyme_forward_substitution(l, b):
    """A unit triangle with a gap below its diagonal, solved into an argument; rows above the third have nothing to do."""
    out = np.zeros(4)
    _forward(l, b, out)
    _forward(l, out, out)
    return np.dot(out, out)


@program(lambda r: (pos(r, 4),))
def enzyme_fixed_point_counted(p):
    """A contraction applied a fixed number of times through a scratch vector."""
    n = len(p)
    u = np.zeros(n)
    for _ in range(6):
        new = np.empty(n)
        for k in range(n):
            new[k] = 0.05 * math.sin(u[k] + u[(k + 1) % n]) + p[k] * p[k]
        for k in range(n):
            u[k] = new[k]
    s = 0.0
    for k in range(n):
        s += u[k] * u[k] * p[k]
    return s


@program(lambda r: (dominant(r, 4), vec(r, 4)))
def enzyme_fixed_point_until_converged(a, b):
    """Jacobi's method until the change is small: the number of trips depends on the data."""
    n = len(b)
    x = np.zeros(n)
    error = 1.0
    while error > 1e-12:
        old = x.copy()
        error = 0.0
        for i in range(n):
            s = b[i]
            for j in range(n):
                if j != i:
                    s -= 0.5 * a[i, j] * old[j]
            x[i] = s / a[i, i]
            error = max(error, abs(x[i] - old[i]))
    return np.dot(x, b) + x[0] * x[3]


@program(lambda r: (2.0 + num(r), pos(r, 2), 0.7))
def enzyme_newton_clamped(energy, y, guess):
    """A temperature from an energy: Newton with a clamped iterate, left when it has converged or its slope is gone."""
    t = guess
    for _ in range(20):
        slope = y[0] * 1.5 + y[1] * (2.5 + 0.4 * t)
        if slope < 1e-8:
            break
        step = (energy - y[0] * 1.5 * t - y[1] * (2.5 * t + 0.2 * t * t)) / slope
        t = min(max(t + step, 0.1), 5.0)
        if abs(step) < 1e-9:
            break
    return t * t


@program(lambda r: (0.8 + 0.1 * num(r), 0.7, 4))
def enzyme_jumps_between_states(x, y, limit):
    """A program of jumps as a loop over states; either state may end it, or hand over to itself or the other."""
    state = 0
    for _ in range(limit):
        if state == 0:
            t = 4.0 * math.cos(x + y)
            x = 3.0 * math.sin(2.0 * x + y)
        else:
            t = 4.0 * math.sin(2.0 * x + y)
            x = 4.0 * math.cos(x + 2.0 * y)
        y = t
        if x * x < y:
            break
        state = 0 if x > 0.0 else 1
    return x * y


@program(lambda r: (num(r), 0.5 + num(r)))
def enzyme_decay_by_heun(x, time):
    """An integrator that chooses its steps: refused ones are tried again smaller, the last one is cut to fit."""
    t = 0.0
    h = 0.6
    while t < time:
        if t + h > time:
            h = time - t
        k1 = -1.2 * x * x
        k2 = -1.2 * (x + h * k1) ** 2
        error = abs(0.5 * h * (k2 - k1)) + 1e-6
        if error > 0.05:
            h *= 0.5
            continue
        x += 0.5 * h * (k1 + k2)
        t += h
        h *= min(1.8, 0.9 * math.sqrt(0.05 / error))
    return x


def _brusselator(u, v, a, b, du, dv):
    n = len(u)
    for i in range(n):
        left = u[i - 1]
        right = u[i + 1 if i + 1 < n else 0]
        du[i] = a + u[i] * u[i] * v[i] - (b + 1.0) * u[i] + 0.1 * (left - 2.0 * u[i] + right)
        dv[i] = b * u[i] - u[i] * u[i] * v[i]


@program(lambda r: (pos(r, 3), pos(r, 3), num(r), num(r)))
def enzyme_brusselator(u, v, a, b):
    """A reaction on a ring by the midpoint rule; the right-hand side fills two arrays of the caller."""
    du = np.empty_like(u)
    dv = np.empty_like(v)
    for _ in range(2):
        _brusselator(u, v, a, b, du, dv)
        mid_u = u + 0.05 * du
        mid_v = v + 0.05 * dv
        _brusselator(mid_u, mid_v, a, b, du, dv)
        u += 0.1 * du
        v += 0.1 * dv
    return np.dot(u, v)


@program(lambda r: (vec(r, 3, 2), num(r)))
def enzyme_symmetry_function(x, eta):
    """Pairs of atoms with their difference in a small local vector, and a smooth cut-off by a branch."""
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[0]):
            if i == j:
                continue
            rij = np.empty(2)
            d2 = 0.0
            for k in range(2):
                rij[k] = x[j, k] - x[i, k]
                d2 += rij[k] * rij[k]
            d = math.sqrt(d2)
            cut = 0.5 * (math.cos(math.pi * d / 4.0) + 1.0) if d < 4.0 else 0.0
            total += math.exp(-eta * d2) * cut + rij[0] * rij[1]
    return total


@program(lambda r: (vec(r, 4), num(r), 3))
def enzyme_states_saved_and_resumed(u, k, steps):
    """A run of a few steps, then a second one from a state kept aside, compared with the first."""
    saved = np.empty((steps, len(u)))
    for t in range(steps):
        saved[t] = u
        for i in range(len(u)):
            u[i] += 0.1 * k * math.sin(u[i - 1]) * u[i]
    w = saved[1].copy()
    for t in range(1, steps):
        saved[t] = w * u
        w += 0.1 * k * np.cos(w)
    return np.dot(u, w) + np.sum(saved)
