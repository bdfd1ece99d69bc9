"""The benchmark's programs without loops over elements, as autograd, PyTorch and JAX want them.

`xp` is the peer's namespace (`namespaces`); only what all of them spell alike is used.
"""

from __future__ import annotations

import math

import numpy as np

from sct.bench.problems.gradbench import wishart_constant


def black_scholes(xp, spot, strike, volatility, years, rate):
    deviation = volatility * xp.sqrt(years)
    d1 = (xp.log(spot / strike) + (rate + 0.5 * volatility**2) * years) / deviation
    d2 = d1 - deviation
    return xp.sum(spot * _normal_cdf(xp, d1) - strike * xp.exp(-rate * years) * _normal_cdf(xp, d2))


def _normal_cdf(xp, x):
    return 0.5 * (1.0 + xp.erf(x / math.sqrt(2.0)))


def energy(xp, x, w):
    step = x[1:] - x[:-1]
    return xp.sum(xp.where(step > 0.0, w[1:] * step**2, 0.0 * step))


def scan(xp, x):
    def step(state, element):
        y, s = state
        y = xp.sin(element) * y + element
        return y, s + y

    return xp.fold(step, (x[0], x[0]), x[1:])[1]


def conv(xp, x, w):
    count = len(x) - len(w) + 1
    windows = x[xp.constant(np.add.outer(np.arange(count), np.arange(len(w))))]
    return xp.sum((windows @ w) ** 2)


def nbody(xp, place, charge):
    square = xp.sum((place[:, None, :] - place) ** 2, 2) + 1e-3
    pairs = charge[:, None] * charge / xp.sqrt(square)
    return 0.5 * (xp.sum(pairs) - xp.sum(charge**2) / math.sqrt(1e-3))


def heat(xp, start, k, steps):
    def step(u):
        inner = u[1:-1, 1:-1]
        around = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:]
        return _framed(xp, inner + 0.1 * k[1:-1, 1:-1] * (1.0 + inner**2) * (around - 4.0 * inner), u)

    return xp.sum(xp.iterate(step, start, steps) ** 2)


def _framed(xp, inner, u):
    """`u` with another interior."""
    middle = xp.concatenate((u[1:-1, :1], inner, u[1:-1, -1:]), 1)
    return xp.concatenate((u[:1], middle, u[-1:]), 0)


def jacobi(xp, grid, steps):
    def smooth(u):
        return _framed(xp, 0.2 * (u[1:-1, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] + u[2:, 1:-1] + u[:-2, 1:-1]), u)

    return xp.sum(xp.iterate(smooth, grid, 2 * steps))


def heat_3d(xp, cube, steps):
    def smooth(u):
        inner = u[1:-1, 1:-1, 1:-1]
        around = u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
        inner = 0.25 * inner + 0.125 * (around + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2])
        inner = xp.concatenate((u[1:-1, 1:-1, :1], inner, u[1:-1, 1:-1, -1:]), 2)
        inner = xp.concatenate((u[1:-1, :1], inner, u[1:-1, -1:]), 1)
        return xp.concatenate((u[:1], inner, u[-1:]), 0)

    return xp.sum(xp.iterate(smooth, cube, 2 * steps))


def hdiff(xp, field, strength):
    laplacian = 4.0 * field[1:-1, 1:-1] - (field[2:, 1:-1] + field[:-2, 1:-1] + field[1:-1, 2:] + field[1:-1, :-2])
    across = laplacian[1:, 1:-1] - laplacian[:-1, 1:-1]
    across = xp.where(across * (field[2:-1, 2:-2] - field[1:-2, 2:-2]) > 0.0, 0.0 * across, across)
    along = laplacian[1:-1, 1:] - laplacian[1:-1, :-1]
    along = xp.where(along * (field[2:-2, 2:-1] - field[2:-2, 1:-2]) > 0.0, 0.0 * along, along)
    return xp.sum(field[2:-2, 2:-2] - strength * (across[1:] - across[:-1] + along[:, 1:] - along[:, :-1]))


def go_fast(xp, a):
    order = xp.constant(np.arange(len(a)))
    return xp.sum(a + xp.sum(xp.tanh(a[order, order])))


def mlp(xp, w1, b1, w2, b2, x, y):
    error = xp.tanh(x @ w1 + b1) @ w2 + b2 - y
    return xp.sum(error * error) / len(x)


def softmax_regression(xp, w, b, x, labels):
    scores = x @ w + b
    return xp.sum(_logsumexp(xp, scores, 1) - scores[xp.constant(np.arange(len(x))), labels]) / len(x)


def elementwise(xp, x, y):
    z = xp.exp(-0.5 * x * x) * xp.sin(y) + xp.log(1.0 + x * x)
    return xp.sum(z * xp.tanh(y))


def gmm(xp, alphas, means, logs, packed, x, gamma, degrees):
    components, dimension = means.shape
    diagonals = xp.exp(logs)
    place = np.full((dimension, dimension), packed.shape[1])  # of each element of the triangle; beyond the packed ones is a zero
    place.T[np.triu_indices(dimension, 1)] = np.arange(packed.shape[1])
    strict = xp.concatenate((packed, 0.0 * logs[:, :1]), 1)[:, place]
    centered = x[:, None, :] - means
    t = diagonals * centered + xp.einsum("krc,nkc->nkr", strict, centered)
    log_determinants = xp.sum(logs, 1)
    terms = alphas + log_determinants - 0.5 * xp.sum(t**2, 2)
    prior = 0.5 * gamma**2 * (xp.sum(diagonals**2) + xp.sum(packed**2)) - degrees * xp.sum(log_determinants)
    constant = -0.5 * len(x) * dimension * math.log(2.0 * math.pi) + components * wishart_constant(dimension, gamma, degrees)
    return constant + xp.sum(_logsumexp(xp, terms, 1)) - len(x) * _logsumexp(xp, alphas, 0) - prior


def lstm(xp, weights, biases, extra, start, sequence):
    layers = len(weights)

    def step(state, pair):
        hidden, cell, total = list(state[0]), list(state[1]), state[2]
        x = pair[0] * extra[0]
        for n in range(layers):
            w, b = weights[n], biases[n]
            forget = _sigmoid(xp, x * w[0] + b[0])
            ingate = _sigmoid(xp, hidden[n] * w[1] + b[1])
            outgate = _sigmoid(xp, x * w[2] + b[2])
            change = xp.tanh(hidden[n] * w[3] + b[3])
            cell[n] = cell[n] * forget + ingate * change
            x = hidden[n] = outgate * xp.tanh(cell[n])
        predicted = x * extra[1] + extra[2]
        total = total + xp.sum(pair[1] * (predicted - xp.log(xp.sum(xp.exp(predicted)) + 2.0)))
        return tuple(hidden), tuple(cell), total

    first = tuple(start[0]), tuple(start[1]), 0.0
    total = xp.fold(step, first, xp.stack((sequence[:-1], sequence[1:]), 1))[2]
    return -total / ((len(sequence) - 1) * sequence.shape[1])


def _sigmoid(xp, x):
    return 1.0 / (1.0 + xp.exp(-x))


def kmeans(xp, centroids, points):
    """By products of matrices: all differences at once would not fit."""
    squares = xp.sum(points**2, 1)[:, None] + xp.sum(centroids**2, 1) - 2.0 * points @ centroids.T
    return xp.sum(xp.amin(squares, 1))


def ode(xp, x, steps):
    h = 2.0 / steps

    def slope(y):
        return xp.concatenate((x[:1], x[1:] * y[:-1]))

    def step(y):
        k1 = slope(y)
        k2 = slope(y + 0.5 * h * k1)
        k3 = slope(y + 0.5 * h * k2)
        return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + slope(y + h * k3))

    return xp.iterate(step, 0.0 * x, steps)[-1]


def llsq(xp, x, n):
    """Horner's scheme, for all places at once."""
    places = np.linspace(-1.0, 1.0, n)
    t = xp.constant(places)
    backwards = x[xp.constant(np.arange(len(x))[::-1].copy())]
    fitted = xp.fold(lambda value, coefficient: value * t + coefficient, 0.0 * t, backwards)
    return 0.5 * xp.sum((xp.constant(np.sign(places)) - fitted) ** 2)


def logsumexp(xp, x):
    return _logsumexp(xp, x, 0)


def _logsumexp(xp, x, axis):
    largest = xp.amax(x, axis)
    shifted = x - (largest[:, None] if x.ndim == 2 else largest)
    return xp.log(xp.sum(xp.exp(shifted), axis)) + largest


PROGRAMS = {
    f.__name__: f
    for f in (
        *(black_scholes, energy, scan, conv, nbody, heat, jacobi, heat_3d, hdiff, go_fast, mlp, softmax_regression),
        *(elementwise, gmm, lstm, kmeans, ode, llsq, logsumexp),
    )
}
