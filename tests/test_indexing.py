"""What arrays as subscripts are refused, at compile time or when they run, and what the text looks like."""

import copy

import numpy as np
import pytest
from numba import njit, typeof

import sct
from sct import pipeline
from sct.backends.python import load_python
from sct.errors import SctError, TypeProblem, UnsupportedCall, UnsupportedSyntax

X, K, M = np.array([0.3, 0.8, 1.2, 0.5]), np.array([2, 0, 2]), np.arange(12.0).reshape(4, 3)


def gradient(f, *args):
    made = pipeline.generate(f, tuple(map(typeof, args)), "grad", 0)
    return load_python(made.text, made.arrays)[made.entry](*copy.deepcopy(args)), made.text


def float_subscripts(x, p):
    return np.sum(x[p])


def mask_of_four_axes(a, m):
    return np.sum(a[m])


def integers_in_place(x, k):
    c = np.zeros(4, np.int64)
    c[k] += x[k]
    return np.sum(x * c)


def multiplied_at(x, k):
    np.multiply.at(x, k, 2.0)
    return np.sum(x)


def tuple_of_subscripts(x):
    found = np.where(x > 0.5)
    return np.sum(x[found])


def axis_of_the_run(m, k, n):
    return np.sum(np.take(m, k, axis=n))


def mode_of_take(x, k):
    return np.sum(np.take(x, k, mode="wrap"))


def more_axes(x, k, m):
    x[k] = m
    return np.sum(x)


def slice_between_arrays(x, k):
    return np.sum(x[k[:2] : k[1:]])


@pytest.mark.parametrize(
    ("f", "args", "error"),
    [
        (float_subscripts, (X, X), TypeProblem),
        (mask_of_four_axes, (np.ones((1, 2, 1, 2)), np.ones((1, 2, 1, 2), bool)), UnsupportedSyntax),
        (integers_in_place, (X, K), UnsupportedSyntax),
        (multiplied_at, (X, K), UnsupportedCall),
        (tuple_of_subscripts, (X,), UnsupportedCall),
        (axis_of_the_run, (M, K, 1), UnsupportedCall),
        (mode_of_take, (X, K), UnsupportedCall),
        (more_axes, (X, K, M[:3]), SctError),
        (slice_between_arrays, (X, K), SctError),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_refused(f, args, error):
    with pytest.raises(error) as caught:
        gradient(f, *args)
    assert f.__name__ in str(caught.value) or "test_indexing.py" in str(caught.value)


def masked_sum(x, m):
    return np.sum(x[m])


def masked_store(x, m):
    x[m] = 1.0
    return np.sum(x)


def stored(x, k, v):
    x[k] = v
    return np.sum(x)


def along(m, k):
    return np.sum(np.take_along_axis(m, k, axis=1))


@pytest.mark.parametrize(
    ("f", "args", "error"),
    [
        (masked_sum, (X, np.ones(3, bool)), ValueError),
        (masked_store, (X, np.ones(5, bool)), ValueError),
        (stored, (X, K, X), ValueError),
        (along, (M, np.zeros((1, 2), np.int64)), ValueError),
    ],
    ids=["mask", "mask_stored", "values", "along"],
)
def test_refused_when_it_runs(f, args, error):
    with pytest.raises(error):
        gradient(f, *args)


def energy(x, k, w):
    return np.sum(x[k] * x[k] * w)


def test_what_is_gathered_needs_no_array():
    _, text = gradient(energy, X, K, np.ones(3))
    assert "np.empty" not in text and text.count("for ") == 1


def scattered(x, k, v):
    np.add.at(x, k, v * x[0])
    return np.sum(x**2)


def test_added_at_every_subscript_is_one_loop():
    _, text = gradient(scattered, X, K, np.ones(3))
    assert "np.empty" not in text


@njit
def compiled(x, k, v):
    x[k] += v * x[k]
    x[x < 0.4] = 0.1
    return np.sum(x[x > 0.2] ** 2)


def test_compiled_by_the_user():
    value, (x_bar, v_bar) = sct.value_and_grad(compiled, argnums=(0, 2))(X, K, np.array([0.5, 1.0, 2.0]))
    assert value == pytest.approx(compiled.py_func(X.copy(), K, np.array([0.5, 1.0, 2.0])))
    sct.check_grads(compiled, (X, K, np.array([0.5, 1.0, 2.0])), argnums=(0, 2))
    assert v_bar[0] == 0.0 and x_bar.shape == X.shape
