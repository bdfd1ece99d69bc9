"""The functions of GradBench's evals: how their input becomes arguments, what runs, and how the result becomes output."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import sct
from sct.bench.peers import compiled
from sct.bench.problems import cameras, gradbench, hands, nested


@dataclass(frozen=True)
class Function:
    """`make` gives what is timed, for an input; the rest is outside the clock."""

    make: Callable[[Any], Callable[..., Any]]
    arguments: Callable[[Any], tuple[Any, ...]]
    output: Callable[[Any], Any]


def _array(values, *shape):
    array = np.array(values, dtype=float)
    return array.reshape(shape) if shape else array


_primal = functools.cache(compiled)


def _both(function, arguments, argnums, output, gradient):
    """The primal and the gradient, which have names of their own in each eval."""
    derivative = sct.grad(function, argnums)
    return Function(lambda _: _primal(function), arguments, output), Function(lambda _: derivative, arguments, gradient)


def _list(array):
    return array.tolist()


# hello


def square(x):
    return x * x


def _hello():
    value, slope = _both(square, lambda x: (float(x),), 0, float, float)
    return {"square": value, "double": slope}


# gmm


def _gmm_arguments(given):
    alpha, mu, q, packed = (_array(given[name]) for name in ("alpha", "mu", "q", "l"))
    return alpha, mu, q, packed.reshape(len(alpha), -1), _array(given["x"]), float(given["gamma"]), int(given["m"])


def _gmm_output(gradients):
    return dict(zip(("alpha", "mu", "q", "l"), map(_list, gradients), strict=True))


def _gmm():
    value, slope = _both(gradbench.gmm, _gmm_arguments, (0, 1, 2, 3), float, _gmm_output)
    return {"objective": value, "jacobian": slope}


# lstm


def _lstm_arguments(given):
    main, extra, state, sequence = (_array(given[name]) for name in ("main_params", "extra_params", "state", "sequence"))
    layers, width = len(main) // 2, extra.shape[1]
    weights, biases = (main[k::2].reshape(layers, 4, width) for k in (0, 1))
    return weights, biases, extra, np.stack((state[0::2], state[1::2])), sequence


def _lstm_output(gradients):
    weights, biases, extra = gradients
    return [*np.stack((weights, biases), axis=1).ravel().tolist(), *extra.ravel().tolist()]


def _lstm():
    value, slope = _both(gradbench.lstm, _lstm_arguments, (0, 1, 2), float, _lstm_output)
    return {"objective": value, "jacobian": slope}


# kmeans: a Newton step, whose Hessian is diagonal


def _kmeans_arguments(given):
    return _array(given["centroids"]), _array(given["points"])


def _direction(_):
    gradient = sct.grad(gradbench.kmeans)

    def run(centroids, points):
        slope, curvature = sct.jvp(gradient, (centroids, points), (np.ones_like(centroids), np.zeros_like(points)))
        return slope / curvature

    return run


def _kmeans():
    cost = Function(lambda _: _primal(gradbench.kmeans), _kmeans_arguments, float)
    return {"cost": cost, "dir": Function(_direction, _kmeans_arguments, _list)}


# ba


def _ba_arguments(given):
    n, m, p = given["n"], given["m"], given["p"]
    seen = np.stack((np.arange(p) % n, np.arange(p) % m), axis=1)
    copies = (np.tile(_array(given[name]), (count, 1)) for name, count in (("cam", n), ("x", m)))
    return *copies, np.full(p, float(given["w"])), seen, np.tile(_array(given["feat"]), (p, 1))


def _ba_errors(output):
    errors, regular = output
    return {
        "reproj_error": {"elements": errors[0].tolist(), "repeated": len(errors)},
        "w_err": {"element": regular[0], "repeated": len(regular)},
    }


def _sparse_jacobian(_):
    """The Jacobian in compressed rows: two for each observation, of 15 elements, and then one element for each weight."""

    def run(poses, points, weights, seen, features):
        _, (blocks, regular) = cameras.jacobian(poses, points, weights, seen, features)
        count, last = len(weights), 11 * len(poses) + 3 * len(points)
        columns = np.empty((count, 15), np.int64)
        columns[:, :11] = 11 * seen[:, :1] + np.arange(11)
        columns[:, 11:14] = 11 * len(poses) + 3 * seen[:, 1:] + np.arange(3)
        columns[:, 14] = last + np.arange(count)
        rows = np.concatenate((15 * np.arange(2 * count + 1), 30 * count + 1 + np.arange(count)))
        cols = np.concatenate((np.repeat(columns, 2, axis=0).ravel(), last + np.arange(count)))
        return rows, cols, np.concatenate((blocks.ravel(), regular))

    return run


def _first_and_last(output):
    """All observations are alike: the first one's block and the last element stand for the whole."""
    return {name: [*part[:30].tolist(), part[-1].item()] for name, part in zip(("rows", "cols", "vals"), output, strict=True)}


def _ba():
    errors = Function(lambda _: _primal(cameras.ba), _ba_arguments, _ba_errors)
    return {"objective": errors, "jacobian": Function(_sparse_jacobian, _ba_arguments, _first_and_last)}


# ht: with coordinates of the points in their triangles ("complicated") or without


def _ht_arguments(given):
    data, us = given["data"], given["us"]
    model = data["model"]
    names = ("base_relatives", "inverse_base_absolutes", "base_positions", "weights")
    hand = np.array(model["parents"]), *(_array(model[name]) for name in names), bool(model["is_mirrored"])
    places, points = np.array(data["correspondences"]), _array(data["points"])
    if us:
        return _array(given["theta"]), _array(us, -1, 2), *hand, np.array(model["triangles"])[places], points
    return _array(given["theta"]), *hand, places, points


def _ht_rows(output):
    """The columns of the points' own coordinates stand first."""
    _, blocks = output
    return np.concatenate(blocks[::-1], axis=2).reshape(3 * len(blocks[0]), -1).tolist()


def _ht():
    errors = Function(
        lambda given: _primal(hands.ht_complicated if given["us"] else hands.ht_simple), _ht_arguments, lambda e: e.ravel().tolist()
    )
    jacobian = Function(
        lambda given: hands.complicated_jacobian if given["us"] else hands.simple_jacobian, _ht_arguments, _ht_rows
    )
    return {"objective": errors, "jacobian": jacobian}


# what is solved with derivatives inside


def _solvers(solve, arguments, output):
    return {modes: Function(lambda _, modes=modes: solve(modes), arguments, output) for modes in ("ff", "fr", "rf", "rr")}


# primal and gradient


def _named(function, arguments, output=float, primal=None):
    value, slope = _both(function, arguments, 0, output, lambda g: g.ravel().tolist())
    return {"primal": value if primal is None else Function(lambda _: _primal(primal), arguments, output), "gradient": slope}


EVALS = {
    "hello": _hello(),
    "gmm": _gmm(),
    "lstm": _lstm(),
    "kmeans": _kmeans(),
    "lse": _named(gradbench.logsumexp, lambda given: (_array(given["x"]),)),
    "ode": _named(gradbench.ode, lambda given: (_array(given["x"]), int(given["s"])), _list, gradbench.ode_states),
    "llsq": _named(gradbench.llsq, lambda given: (_array(given["x"]), int(given["n"]))),
    "det": _named(gradbench.det, lambda given: (_array(given["A"], given["ell"], given["ell"]),)),
    "ba": _ba(),
    "ht": _ht(),
    "particle": _solvers(nested.solve_particle, lambda given: (_array([given["w"]]),), lambda w: w.item()),
    "saddle": _solvers(nested.solve_saddle, lambda given: (_array(given["start"]),), _list),
}
