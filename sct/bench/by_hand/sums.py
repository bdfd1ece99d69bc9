"""Adjoints of sums and reductions."""

from __future__ import annotations

import math

import numpy as np


def energy(x, w):
    x_bar = np.zeros_like(x)
    w_bar = np.zeros_like(w)
    s = 0.0
    for i in range(1, len(x)):
        if x[i] > x[i - 1]:
            d = x[i] - x[i - 1]
            s += w[i] * d**2
            w_bar[i] += d**2
            d_bar = 2.0 * w[i] * d
            x_bar[i] += d_bar
            x_bar[i - 1] -= d_bar
    return s, (x_bar, w_bar)


def scan(x):
    y = np.empty_like(x)
    sines = np.empty_like(x)
    y[0] = x[0]
    s = y[0]
    for i in range(1, len(x)):
        sines[i] = math.sin(x[i])
        y[i] = sines[i] * y[i - 1] + x[i]
        s += y[i]
    x_bar = np.empty_like(x)
    y_bar = 1.0
    for i in range(len(x) - 1, 0, -1):
        x_bar[i] = y_bar * (math.cos(x[i]) * y[i - 1] + 1.0)
        y_bar = 1.0 + y_bar * sines[i]
    x_bar[0] = y_bar
    return s, (x_bar,)


def kmeans(centroids, points):
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
    largest = x[0]
    for i in range(1, len(x)):
        largest = max(largest, x[i])
    bar = np.empty_like(x)
    s = 0.0
    for i in range(len(x)):
        bar[i] = math.exp(x[i] - largest)
        s += bar[i]
    for i in range(len(x)):
        bar[i] /= s
    return math.log(s) + largest, (bar,)
