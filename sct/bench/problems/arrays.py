"""Programs on whole arrays, as users of NumPy write them."""

from __future__ import annotations

import numpy as np

from sct.bench.case import Case


def mlp(w1, b1, w2, b2, x, y):
    """A network with one hidden layer: mean squared error."""
    hidden = np.tanh(x @ w1 + b1)
    error = hidden @ w2 + b2 - y
    return np.sum(error * error) / len(x)


def softmax_regression(w, b, x, labels):
    """Cross entropy of linear scores."""
    scores = x @ w + b
    loss = 0.0
    for i in range(len(x)):
        row = scores[i] - np.max(scores[i])
        loss += np.log(np.sum(np.exp(row))) - row[labels[i]]
    return loss / len(x)


def elementwise(x, y):
    """A chain of elementwise functions."""
    z = np.exp(-0.5 * x * x) * np.sin(y) + np.log(1.0 + x * x)
    return np.sum(z * np.tanh(y))


def _network(rng, n, d, h):
    return rng.normal(size=(d, h)) / d, rng.normal(size=h), rng.normal(size=(h, 1)), rng.normal(size=1), *_samples(rng, n, d)


def _samples(rng, n, d):
    return rng.normal(size=(n, d)), rng.normal(size=(n, 1))


def _classes(rng, n, d, c):
    return rng.normal(size=(d, c)) / d, rng.normal(size=c), rng.normal(size=(n, d)), rng.integers(0, c, n)


ARRAYS = (
    Case(mlp, (0, 1, 2, 3), _network, "n d h", (5, 3, 4), ((500, 32, 64),)),
    Case(softmax_regression, (0, 1), _classes, "n d c", (6, 4, 3), ((1_000, 64, 10),)),
    Case(elementwise, (0, 1), lambda rng, n: tuple(rng.normal(size=(2, n))), "n", (50,), ((1_000_000,),)),
)
