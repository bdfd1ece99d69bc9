"""Adjoints of GradBench's problems."""

from __future__ import annotations

import math

import numpy as np

from sct.bench.problems.gradbench import wishart_constant


def softmax(terms, weights):
    """The logarithm of the sum of exponentials; its gradient goes into `weights`."""
    largest = terms[0]
    for k in range(1, len(terms)):
        largest = max(largest, terms[k])
    s = 0.0
    for k in range(len(terms)):
        weights[k] = math.exp(terms[k] - largest)
        s += weights[k]
    for k in range(len(terms)):
        weights[k] /= s
    return math.log(s) + largest


def gmm(alphas, means, logs, packed, x, gamma, degrees):
    """Each point goes forward and backward at once."""
    points, dimension = x.shape
    components = len(alphas)
    diagonals = np.exp(logs)
    alphas_bar, means_bar = np.zeros_like(alphas), np.zeros_like(means)
    logs_bar, packed_bar = np.zeros_like(logs), np.zeros_like(packed)
    log_determinants, terms, weights = np.zeros(components), np.empty(components), np.empty(components)
    centered, scaled = np.empty((components, dimension)), np.empty((components, dimension))
    total = -0.5 * points * dimension * math.log(2.0 * math.pi) + components * wishart_constant(dimension, gamma, degrees)
    for k in range(components):
        for r in range(dimension):
            log_determinants[k] += logs[k, r]
    for p in range(points):
        for k in range(components):
            for r in range(dimension):
                centered[k, r] = x[p, r] - means[k, r]
                scaled[k, r] = diagonals[k, r] * centered[k, r]
            first = 0
            for c in range(dimension):
                for r in range(c + 1, dimension):
                    scaled[k, r] += packed[k, first + r - c - 1] * centered[k, c]
                first += dimension - c - 1
            square = 0.0
            for r in range(dimension):
                square += scaled[k, r] ** 2
            terms[k] = alphas[k] + log_determinants[k] - 0.5 * square
        total += softmax(terms, weights)
        for k in range(components):
            alphas_bar[k] += weights[k]
            first = 0
            for c in range(dimension):
                centered_bar = diagonals[k, c] * scaled[k, c]
                for r in range(c + 1, dimension):
                    packed_bar[k, first + r - c - 1] -= weights[k] * scaled[k, r] * centered[k, c]
                    centered_bar += packed[k, first + r - c - 1] * scaled[k, r]
                first += dimension - c - 1
                means_bar[k, c] += weights[k] * centered_bar
                logs_bar[k, c] += weights[k] * (1.0 - scaled[k, c] * centered[k, c] * diagonals[k, c])
    total -= points * softmax(alphas, weights)
    for k in range(components):
        alphas_bar[k] -= points * weights[k]
        total += degrees * log_determinants[k]
        for r in range(dimension):
            total -= 0.5 * (gamma * diagonals[k, r]) ** 2
            logs_bar[k, r] += degrees - (gamma * diagonals[k, r]) ** 2
        for e in range(packed.shape[1]):
            total -= 0.5 * (gamma * packed[k, e]) ** 2
            packed_bar[k, e] -= gamma * gamma * packed[k, e]
    return total, (alphas_bar, means_bar, logs_bar, packed_bar)


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def lstm(weights, biases, extra, start, sequence):
    """The values of the gates are kept, so that the way back calls no function."""
    layers, _, width = weights.shape
    steps = len(sequence) - 1
    gates = np.empty((steps, layers, 5, width))  # forget, ingate, outgate, change, tanh(cell)
    hidden, cell = np.empty((steps + 1, layers, width)), np.empty((steps + 1, layers, width))
    hidden[0], cell[0] = start[0], start[1]
    share = np.empty((steps, width))
    total = 0.0
    for t in range(steps):
        normaliser = 2.0
        for b in range(width):
            x = sequence[t, b] * extra[0, b]
            for n in range(layers):
                forget = sigmoid(x * weights[n, 0, b] + biases[n, 0, b])
                ingate = sigmoid(hidden[t, n, b] * weights[n, 1, b] + biases[n, 1, b])
                outgate = sigmoid(x * weights[n, 2, b] + biases[n, 2, b])
                change = math.tanh(hidden[t, n, b] * weights[n, 3, b] + biases[n, 3, b])
                cell[t + 1, n, b] = cell[t, n, b] * forget + ingate * change
                squashed = math.tanh(cell[t + 1, n, b])
                x = outgate * squashed
                hidden[t + 1, n, b] = x
                gates[t, n, 0, b], gates[t, n, 1, b], gates[t, n, 2, b] = forget, ingate, outgate
                gates[t, n, 3, b], gates[t, n, 4, b] = change, squashed
            predicted = x * extra[1, b] + extra[2, b]
            total += sequence[t + 1, b] * predicted
            share[t, b] = math.exp(predicted)
            normaliser += share[t, b]
        told = 0.0
        for b in range(width):
            told += sequence[t + 1, b]
            share[t, b] /= normaliser
        total -= told * math.log(normaliser)
        for b in range(width):
            share[t, b] = sequence[t + 1, b] - told * share[t, b]
    scale = -1.0 / (steps * width)
    weights_bar, biases_bar, extra_bar = np.zeros_like(weights), np.zeros_like(biases), np.zeros_like(extra)
    hidden_bar, cell_bar = np.zeros((layers, width)), np.zeros((layers, width))
    for t in range(steps - 1, -1, -1):
        for b in range(width):
            predicted_bar = scale * share[t, b]
            extra_bar[1, b] += predicted_bar * hidden[t + 1, layers - 1, b]
            extra_bar[2, b] += predicted_bar
            x_bar = predicted_bar * extra[1, b]
            for n in range(layers - 1, -1, -1):
                forget, ingate, outgate = gates[t, n, 0, b], gates[t, n, 1, b], gates[t, n, 2, b]
                change, squashed = gates[t, n, 3, b], gates[t, n, 4, b]
                x = hidden[t + 1, n - 1, b] if n > 0 else sequence[t, b] * extra[0, b]
                h_bar = hidden_bar[n, b] + x_bar
                c_bar = cell_bar[n, b] + h_bar * outgate * (1.0 - squashed * squashed)
                cell_bar[n, b] = c_bar * forget
                forget_bar = c_bar * cell[t, n, b] * forget * (1.0 - forget)
                ingate_bar = c_bar * change * ingate * (1.0 - ingate)
                outgate_bar = h_bar * squashed * outgate * (1.0 - outgate)
                change_bar = c_bar * ingate * (1.0 - change * change)
                weights_bar[n, 0, b] += forget_bar * x
                weights_bar[n, 1, b] += ingate_bar * hidden[t, n, b]
                weights_bar[n, 2, b] += outgate_bar * x
                weights_bar[n, 3, b] += change_bar * hidden[t, n, b]
                biases_bar[n, 0, b] += forget_bar
                biases_bar[n, 1, b] += ingate_bar
                biases_bar[n, 2, b] += outgate_bar
                biases_bar[n, 3, b] += change_bar
                hidden_bar[n, b] = ingate_bar * weights[n, 1, b] + change_bar * weights[n, 3, b]
                x_bar = forget_bar * weights[n, 0, b] + outgate_bar * weights[n, 2, b]
            extra_bar[0, b] += x_bar * sequence[t, b]
    return scale * total, (weights_bar, biases_bar, extra_bar)


def kmeans(centroids, points):
    """Only the nearest centroid has an adjoint."""
    bar = np.zeros_like(centroids)
    total = 0.0
    for p in range(len(points)):
        nearest, best = math.inf, 0
        for k in range(len(centroids)):
            d = 0.0
            for j in range(points.shape[1]):
                d += (points[p, j] - centroids[k, j]) ** 2
            if d < nearest:
                nearest, best = d, k
        total += nearest
        for j in range(points.shape[1]):
            bar[best, j] += 2.0 * (centroids[best, j] - points[p, j])
    return total, (bar,)


def logsumexp(x):
    bar = np.empty_like(x)
    return softmax(x, bar), (bar,)


def ode(x, steps):
    """The arguments of every stage are kept."""
    n = len(x)
    h = 2.0 / steps
    z = np.empty((steps, 4, n))
    y, k = np.zeros(n), np.zeros(n)
    for s in range(steps):
        total = np.zeros(n)
        for stage in range(4):
            reach = 0.0 if stage == 0 else h if stage == 3 else 0.5 * h
            weight = h / 6.0 if stage in (0, 3) else h / 3.0
            for i in range(n):
                z[s, stage, i] = y[i] + reach * k[i]
            k[0] = x[0]
            total[0] += weight * k[0]
            for i in range(1, n):
                k[i] = x[i] * z[s, stage, i - 1]
                total[i] += weight * k[i]
        for i in range(n):
            y[i] += total[i]
    x_bar, y_bar, z_bar = np.zeros(n), np.zeros(n), np.zeros(n)
    y_bar[n - 1] = 1.0
    for s in range(steps - 1, -1, -1):
        total = y_bar.copy()
        for stage in range(3, -1, -1):
            reach = 0.0 if stage == 3 else h if stage == 2 else 0.5 * h  # of the stage that reads this one's slope
            weight = h / 6.0 if stage in (0, 3) else h / 3.0
            x_bar[0] += weight * y_bar[0] + reach * z_bar[0]
            for i in range(1, n):
                k_bar = weight * y_bar[i] + reach * z_bar[i]
                x_bar[i] += k_bar * z[s, stage, i - 1]
                z_bar[i - 1] = k_bar * x[i]
            z_bar[n - 1] = 0.0
            for i in range(n):
                total[i] += z_bar[i]
        y_bar[:] = total
    return y[n - 1], (x_bar,)
