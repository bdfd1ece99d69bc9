"""The gate moves adjoint statements only: what the primal computes, NaN included, stays as it is."""

import numpy as np

import sct


def selected_factor(x, y, a):
    d = 0.0
    if a > 0.5:
        d = 1.0
    for i in range(3):
        y[i] += d * x[i]
    return y[1] * y[0]


def test_a_nan_of_the_primal_is_not_lost():
    x, y = np.array([np.inf, 1.0, 2.0]), np.array([0.5, 0.9, -0.3])
    value, _ = sct.value_and_grad(selected_factor, argnums=(0, 1))(x, y, 0.3)
    assert np.isnan(value)
    assert np.isnan(sct.jvp(selected_factor, (x, y, 0.3), (np.zeros(3), np.ones(3), 0.0))[0])


def smallest_so_far(x, w):
    best = np.inf
    for k in range(len(w)):
        d = 0.0
        for j in range(len(x)):
            d += (x[j] - w[k]) ** 2
        if d < best:
            best = d
        w[k] = 0.5 * best
    return best


def test_only_the_new_minima_are_reversed():
    text = sct.grad(smallest_so_far).source(np.zeros(3), np.ones(2))
    branch = text.index("if c_saved[k]:")
    inner = text.index("for j in range(len(x))", branch)
    assert inner < text.index("else:", branch)
