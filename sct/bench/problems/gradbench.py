"""The problems of GradBench, the successor of ADBench."""

from __future__ import annotations

import math

import numpy as np

from sct.bench.case import Case
from sct.bench.problems.cameras import CAMERAS
from sct.bench.problems.hands import HANDS
from sct.bench.problems.nested import NESTED


def gmm(alphas, means, logs, packed, x, gamma, degrees):
    """The logarithm of the posterior of a Gaussian mixture with a Wishart prior on its precisions.

    `logs` are the logarithms of the diagonals of the precisions' factors, `packed` their strictly lower triangles by columns.
    """
    points, dimension = x.shape
    components = len(alphas)
    diagonals = np.empty((components, dimension))
    log_determinants = np.zeros(components)
    prior = 0.0
    for k in range(components):
        for r in range(dimension):
            diagonals[k, r] = math.exp(logs[k, r])
            log_determinants[k] += logs[k, r]
            prior += 0.5 * gamma * gamma * diagonals[k, r] ** 2
        for e in range(packed.shape[1]):
            prior += 0.5 * gamma * gamma * packed[k, e] ** 2
        prior -= degrees * log_determinants[k]
    centered = np.empty(dimension)
    scaled = np.empty(dimension)
    terms = np.empty(components)
    total = -0.5 * points * dimension * math.log(2.0 * math.pi) + components * wishart_constant(dimension, gamma, degrees)
    for p in range(points):
        for k in range(components):
            for r in range(dimension):
                centered[r] = x[p, r] - means[k, r]
                scaled[r] = diagonals[k, r] * centered[r]
            for c in range(dimension):
                first = c * (2 * dimension - c - 1) // 2
                for r in range(c + 1, dimension):
                    scaled[r] += packed[k, first + r - c - 1] * centered[c]
            square = 0.0
            for r in range(dimension):
                square += scaled[r] ** 2
            terms[k] = alphas[k] + log_determinants[k] - 0.5 * square
        total += logsumexp(terms)
    return total - points * logsumexp(alphas) - prior


def wishart_constant(dimension, gamma, degrees):
    n = dimension + degrees + 1
    c = n * dimension * (math.log(gamma) - 0.5 * math.log(2.0)) - 0.25 * dimension * (dimension - 1) * math.log(math.pi)
    for j in range(dimension):
        c -= math.lgamma(0.5 * (n - j))
    return c


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def lstm(weights, biases, extra, start, sequence):
    """ADBench's LSTM: every layer's four gates act element by element; the loss predicts the next character."""
    layers, _, width = weights.shape
    hidden = start[0].copy()
    cell = start[1].copy()
    predicted = np.empty(width)
    total = 0.0
    for t in range(len(sequence) - 1):
        normaliser = 2.0
        for b in range(width):
            x = sequence[t, b] * extra[0, b]
            for n in range(layers):
                forget = sigmoid(x * weights[n, 0, b] + biases[n, 0, b])
                ingate = sigmoid(hidden[n, b] * weights[n, 1, b] + biases[n, 1, b])
                outgate = sigmoid(x * weights[n, 2, b] + biases[n, 2, b])
                change = math.tanh(hidden[n, b] * weights[n, 3, b] + biases[n, 3, b])
                cell[n, b] = cell[n, b] * forget + ingate * change
                hidden[n, b] = outgate * math.tanh(cell[n, b])
                x = hidden[n, b]
            predicted[b] = x * extra[1, b] + extra[2, b]
            normaliser += math.exp(predicted[b])
        for b in range(width):
            total += sequence[t + 1, b] * (predicted[b] - math.log(normaliser))
    return -total / ((len(sequence) - 1) * width)


def kmeans(centroids, points):
    """Sum of squared distances to the nearest centroid."""
    total = 0.0
    for p in range(len(points)):
        nearest = math.inf
        for k in range(len(centroids)):
            d = 0.0
            for j in range(points.shape[1]):
                d += (points[p, j] - centroids[k, j]) ** 2
            if d < nearest:
                nearest = d
        total += nearest
    return total


def logsumexp(x):
    largest = x[0]
    for i in range(1, len(x)):
        largest = max(largest, x[i])
    s = 0.0
    for i in range(len(x)):
        s += math.exp(x[i] - largest)
    return math.log(s) + largest


def ode_states(x, steps):
    """y at time 2, by Runge-Kutta steps from y = 0, where y_0' = x_0 and y_i' = x_i y_{i-1}."""
    n = len(x)
    y = np.zeros(n)
    z = np.zeros(n)
    k = np.empty((4, n))
    h = 2.0 / steps
    for _ in range(steps):
        for stage in range(4):
            for i in range(n):
                z[i] = y[i]
                if stage > 0:
                    z[i] += (h if stage == 3 else 0.5 * h) * k[stage - 1, i]
            k[stage, 0] = x[0]
            for i in range(1, n):
                k[stage, i] = x[i] * z[i - 1]
        for i in range(n):
            y[i] += h / 6.0 * (k[0, i] + 2.0 * k[1, i] + 2.0 * k[2, i] + k[3, i])
    return y


def ode(x, steps):
    """The last element: information moves four elements in a step, so that the gradient is zero beyond `4 * steps`."""
    return ode_states(x, steps)[-1]


def llsq(x, n):
    """Least squares of a polynomial against the sign function at n places."""
    s = 0.0
    for i in range(n):
        t = -1.0 + 2.0 * i / (n - 1)
        e = 1.0 if t > 0.0 else -1.0 if t < 0.0 else 0.0
        power = 1.0
        for j in range(len(x)):
            e -= x[j] * power
            power *= t
        s += 0.5 * e * e
    return s


def minor(a, rows, columns):
    """A determinant by its first row."""
    n = len(rows)
    if n == 1:
        return a[rows[0], columns[0]]
    total = 0.0
    sign = 1.0
    for c in range(n):
        rest = np.empty(n - 1, np.int64)
        for k in range(n - 1):
            rest[k] = columns[k] if k < c else columns[k + 1]
        total += sign * a[rows[0], columns[c]] * minor(a, rows[1:], rest)
        sign = -sign
    return total


def det(a):
    """By minors, as GradBench's."""
    order = np.arange(len(a))
    return minor(a, order, order)


def _mixture(rng, d, k, n):
    packed = rng.normal(0.0, 0.3, (k, d * (d - 1) // 2))
    return rng.normal(size=k), rng.normal(size=(k, d)), rng.normal(0.0, 0.2, (k, d)), packed, rng.normal(size=(n, d)), 1.0, 0


def _characters(rng, layers, count, width=14):
    weights, biases = rng.normal(size=(2, layers, 4, width))
    sequence = (rng.random((count, width)) < 0.5).astype(float)
    return weights, biases, rng.normal(size=(3, width)), rng.normal(size=(2, layers, width)), sequence


def _rates(rng, n, steps):
    return 0.5 * np.arange(1.0, n + 1) * rng.uniform(0.9, 1.1, n), steps


def _clusters(rng, k, n, d):
    return rng.random((k, d)), rng.random((n, d))


GRADBENCH = (
    Case(gmm, (0, 1, 2, 3), _mixture, "d k n", (3, 4, 20), ((10, 25, 1_000), (64, 50, 1_000))),
    Case(lstm, (0, 1, 2), _characters, "l c", (2, 16), ((2, 1_024), (4, 4_096))),
    Case(kmeans, (0,), _clusters, "k n d", (5, 50, 4), ((100, 1_000, 16), (1_000, 10_000, 16))),
    Case(logsumexp, (0,), lambda rng, n: (rng.normal(size=n),), "n", (1_000,), ((10_000,), (1_280_000,))),
    Case(ode, (0,), _rates, "n s", (12, 4), ((400, 100),)),
    Case(llsq, (0,), lambda rng, m, n: (rng.normal(size=m), n), "m n", (5, 20), ((128, 16_392),)),
    Case(det, (0,), lambda rng, n: (rng.normal(size=(n, n)),), "n", (3,), ((10,),)),
    *CAMERAS,
    *HANDS,
    *NESTED,
)
