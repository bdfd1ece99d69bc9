"""The benchmark's programs without loops over elements, as autograd and PyTorch want them.

`xp` is the peer's namespace; only what autograd.numpy and torch spell alike is used. Loops over time remain: there the
tape is what is measured.
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
    y = x[0]
    s = y
    for i in range(1, len(x)):
        y = xp.sin(x[i]) * y + x[i]
        s = s + y
    return s


def heat(xp, start, k, steps):
    u = start
    for _ in range(steps):
        inner = u[1:-1, 1:-1]
        around = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:]
        inner = inner + 0.1 * k[1:-1, 1:-1] * (1.0 + inner**2) * (around - 4.0 * inner)
        middle = xp.concatenate((u[1:-1, :1], inner, u[1:-1, -1:]), 1)
        u = xp.concatenate((u[:1], middle, u[-1:]), 0)
    return xp.sum(u**2)


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
    hidden, cell = list(start[0]), list(start[1])
    total = 0.0
    for t in range(len(sequence) - 1):
        x = sequence[t] * extra[0]
        for n in range(len(weights)):
            w, b = weights[n], biases[n]
            forget = _sigmoid(xp, x * w[0] + b[0])
            ingate = _sigmoid(xp, hidden[n] * w[1] + b[1])
            outgate = _sigmoid(xp, x * w[2] + b[2])
            change = xp.tanh(hidden[n] * w[3] + b[3])
            cell[n] = cell[n] * forget + ingate * change
            hidden[n] = outgate * xp.tanh(cell[n])
            x = hidden[n]
        predicted = x * extra[1] + extra[2]
        total = total + xp.sum(sequence[t + 1] * (predicted - xp.log(xp.sum(xp.exp(predicted)) + 2.0)))
    return -total / ((len(sequence) - 1) * sequence.shape[1])


def _sigmoid(xp, x):
    return 1.0 / (1.0 + xp.exp(-x))


def kmeans(xp, centroids, points):
    distances = xp.sum((points[:, None, :] - centroids) ** 2, 2)
    return xp.sum(xp.amin(distances, 1))


def logsumexp(xp, x):
    return _logsumexp(xp, x, 0)


def _logsumexp(xp, x, axis):
    largest = xp.amax(x, axis)
    shifted = x - (largest[:, None] if x.ndim == 2 else largest)
    return xp.log(xp.sum(xp.exp(shifted), axis)) + largest


PROGRAMS = {f.__name__: f for f in (black_scholes, energy, scan, heat, gmm, lstm, kmeans, logsumexp)}
