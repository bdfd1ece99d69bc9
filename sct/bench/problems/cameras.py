"""Bundle adjustment, as GradBench's: how far points seen by cameras lie from where they were observed."""

from __future__ import annotations

import functools
import math

import numpy as np

import sct
from sct.bench.case import Case


def reproject(camera, point, weight, feature):
    """The weighted error of one observation: turn (Rodrigues), divide by the depth, distort, scale, compare.

    A camera has an axis times an angle, a centre, a focal length, a principal point and two radial distortions: 11 numbers.
    """
    x, y, z = point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]
    a, b, c = camera[0], camera[1], camera[2]
    square = a * a + b * b + c * c
    if square > 0.0:
        angle = math.sqrt(square)
        cosine, sine = math.cos(angle), math.sin(angle) / angle
        along = (a * x + b * y + c * z) * (1.0 - cosine) / square
    else:
        cosine, sine, along = 1.0, 1.0, 0.0
    right = x * cosine + (b * z - c * y) * sine + a * along
    down = y * cosine + (c * x - a * z) * sine + b * along
    depth = z * cosine + (a * y - b * x) * sine + c * along
    u, v = right / depth, down / depth
    r = u * u + v * v
    distortion = 1.0 + camera[9] * r + camera[10] * r * r
    horizontal = u * distortion * camera[6] + camera[7]
    vertical = v * distortion * camera[6] + camera[8]
    return weight * (horizontal - feature[0]), weight * (vertical - feature[1])


def ba(cameras, points, weights, observations, features):
    """The errors of all observations (camera, point), and 1 - w**2 for every weight."""
    count = len(weights)
    errors = np.empty((count, 2))
    regular = np.empty(count)
    for i in range(count):
        camera, point = cameras[observations[i, 0]], points[observations[i, 1]]
        errors[i, 0], errors[i, 1] = reproject(camera, point, weights[i], features[i])
        regular[i] = 1.0 - weights[i] * weights[i]
    return errors, regular


def apart(cameras, points, weights, features, errors):
    """The errors of observations that have a camera and a point of their own each."""
    for i in range(len(weights)):
        errors[i, 0], errors[i, 1] = reproject(cameras[i], points[i], weights[i], features[i])


def all_regular(weights):
    return np.sum(1.0 - weights * weights)


@functools.cache
def _derivatives():
    return sct.adjoint(apart, argnums=(0, 1, 2, 4)), sct.grad(all_regular)


def jacobian(cameras, points, weights, observations, features):
    """No value, and the blocks of the Jacobian: (observations, 2, 15) and (observations,).

    With cameras and points of their own no two observations share a column of the Jacobian, so that one adjoint sweep gives a row
    of every block (Curtis, Powell and Reid 1974).
    """
    errors_adjoint, regular_grad = _derivatives()
    own = cameras[observations[:, 0]], points[observations[:, 1]]
    blocks, errors = np.zeros((len(weights), 2, 15)), np.empty((len(weights), 2))
    for row in range(2):
        block, seeds = blocks[:, row], np.zeros((len(weights), 2))
        seeds[:, row] = 1.0
        errors_adjoint(*own, weights, features, errors, block[:, :11], block[:, 11:14], block[:, 14], seeds)
    return None, (blocks, regular_grad(weights))


def _slope(gradients, directions, args):
    """The blocks times the parts of a direction that they belong to."""
    blocks, regular = gradients
    camera, point = args[3].T
    parts = np.hstack([directions[0][camera], directions[1][point], directions[2][:, None]])
    return np.einsum("nrc,nc->nr", blocks, parts), regular * directions[2]


def scene(rng, cameras, points, observations):
    """Cameras that look at a cloud of points from a distance."""
    pose = np.hstack([rng.normal(0.0, 0.2, (cameras, 3)), rng.normal(0.0, 1.0, (cameras, 3)) - (0.0, 0.0, 10.0)])
    lens = np.hstack([rng.uniform(0.5, 2.0, (cameras, 3)), rng.normal(0.0, 0.1, (cameras, 2))])
    seen = np.stack([np.arange(observations) % cameras, rng.integers(0, points, observations)], axis=1)
    places, weights = rng.normal(size=(points, 3)), rng.uniform(0.5, 1.5, observations)
    return np.hstack([pose, lens]), places, weights, seen, rng.normal(size=(observations, 2))


CAMERAS = (Case(ba, (0, 1, 2), scene, "c m p", (2, 5, 7), ((49, 7_776, 31_843),), jacobian, _slope),)
