"""Hand tracking, as GradBench's: how far measured points lie from the skin of a hand with 26 joint parameters."""

from __future__ import annotations

import functools
import math

import numpy as np

import sct
from sct.bench.case import Case


def turn(pose, result):
    """The rotation by Euler angles about x, z and y, written into a 4 x 4 matrix."""
    cx, sx = math.cos(pose[0]), math.sin(pose[0])
    cz, sz = math.cos(pose[1]), math.sin(pose[1])
    cy, sy = math.cos(pose[2]), math.sin(pose[2])
    result[0, 0], result[0, 1], result[0, 2] = cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx
    result[1, 0], result[1, 1], result[1, 2] = sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx
    result[2, 0], result[2, 1], result[2, 2] = -sy, cy * sx, cy * cx
    result[3, 3] = 1.0


def turn_all(axis, result):
    """The rotation about an axis by its length, and none below 1e-4."""
    norm = math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2])
    if norm < 1e-4:
        for i in range(3):
            result[i, i] = 1.0
    else:
        x, y, z = axis[0] / norm, axis[1] / norm, axis[2] / norm
        s, c = math.sin(norm), math.cos(norm)
        result[0, 0], result[0, 1], result[0, 2] = x * x + (1.0 - x * x) * c, x * y * (1.0 - c) - z * s, x * z * (1.0 - c) + y * s
        result[1, 0], result[1, 1], result[1, 2] = x * y * (1.0 - c) + z * s, y * y + (1.0 - y * y) * c, y * z * (1.0 - c) - x * s
        result[2, 0], result[2, 1], result[2, 2] = x * z * (1.0 - c) - y * s, z * y * (1.0 - c) + x * s, z * z + (1.0 - z * z) * c


def product(a, b, result):
    for i in range(4):
        for j in range(4):
            t = 0.0
            for k in range(4):
                t += a[i, k] * b[k, j]
            result[i, j] = t


def pose_bones(theta, parents, relatives, inverses):
    """The transformation of each bone: the fingers have four parameters each, two of them at the first joint."""
    bones = len(parents)
    pose = np.zeros((bones, 3))
    for finger in range(5):
        first = 6 + 4 * finger
        pose[2 + 4 * finger, 0], pose[2 + 4 * finger, 1] = theta[first], theta[first + 1]
        pose[3 + 4 * finger, 0], pose[4 + 4 * finger, 0] = theta[first + 2], theta[first + 3]
    own, relative = np.zeros((4, 4)), np.zeros((4, 4))
    absolutes, transforms = np.zeros((bones, 4, 4)), np.zeros((bones, 4, 4))
    for i in range(bones):
        turn(pose[i], own)
        product(relatives[i], own, relative)
        if parents[i] < 0:
            for r in range(4):
                for c in range(4):
                    absolutes[i, r, c] = relative[r, c]
        else:
            product(absolutes[parents[i]], relative, absolutes[i])
        product(absolutes[i], inverses[i], transforms[i])
    return transforms


def skin(theta, parents, relatives, inverses, base, shares, mirrored):
    """The place of each vertex: the mean of what its bones do to it, then the motion of the whole hand."""
    transforms = pose_bones(theta, parents, relatives, inverses)
    places = np.zeros((len(base), 3))
    whole = np.zeros((3, 3))
    turn_all(theta, whole)
    at = np.zeros(3)
    for v in range(len(base)):
        for r in range(3):
            at[r] = 0.0
        for i in range(len(parents)):
            for r in range(3):
                t = 0.0
                for c in range(4):
                    t += transforms[i, r, c] * base[v, c]
                at[r] += t * shares[v, i]
        if mirrored:
            at[0] = -at[0]
        for r in range(3):
            places[v, r] = whole[r, 0] * at[0] + whole[r, 1] * at[1] + whole[r, 2] * at[2] + theta[3 + r]
    return places


def ht_simple(theta, parents, relatives, inverses, base, shares, mirrored, vertices, points):
    """Each measured point against its vertex: (points, 3)."""
    places = skin(theta, parents, relatives, inverses, base, shares, mirrored)
    errors = np.empty((len(points), 3))
    for i in range(len(points)):
        for r in range(3):
            errors[i, r] = points[i, r] - places[vertices[i], r]
    return errors


def ht_complicated(theta, us, parents, relatives, inverses, base, shares, mirrored, corners, points):
    """Each measured point against a place in a triangle, whose first two barycentric coordinates are its own two parameters."""
    places = skin(theta, parents, relatives, inverses, base, shares, mirrored)
    errors = np.empty((len(points), 3))
    for i in range(len(points)):
        u, v = us[i, 0], us[i, 1]
        a, b, c = corners[i, 0], corners[i, 1], corners[i, 2]
        for r in range(3):
            errors[i, r] = points[i, r] - (u * places[a, r] + v * places[b, r] + (1.0 - u - v) * places[c, r])
    return errors


def shifted(shift, theta, us, parents, relatives, inverses, base, shares, mirrored, corners, points):
    """`ht_complicated` with all barycentric coordinates moved alike, so that two columns hold their sparse part."""
    return ht_complicated(theta, us + shift, parents, relatives, inverses, base, shares, mirrored, corners, points)


@functools.cache
def _simple():
    return sct.jacfwd(ht_simple)


@functools.cache
def _complicated():
    return sct.jacfwd(shifted, argnums=(0, 1))


def simple_jacobian(*args):
    """No value, and the Jacobian (points, 3, 26)."""
    return None, (_simple()(*args),)


def complicated_jacobian(*args):
    """No value, and the Jacobian: by the point's own coordinates (points, 3, 2), and by theta (points, 3, 26)."""
    own, common = _complicated()(np.zeros(2), *args)
    return None, (common, own)


def _slope(gradients, directions, args):
    total = gradients[0] @ directions[0]
    return total if len(gradients) == 1 else total + np.einsum("nrc,nc->nr", gradients[1], directions[1])


def _hand(rng, vertices):
    """A wrist, five fingers of four bones, and a forearm; every vertex hangs on two bones."""
    parents = np.array([-1, *(j - 1 if j % 4 != 1 else 0 for j in range(1, 21)), 0])
    relatives = rng.normal(0.0, 0.3, (22, 4, 4)) + np.eye(4)
    relatives[:, 3] = (0.0, 0.0, 0.0, 1.0)
    inverses = np.linalg.inv(relatives)
    base = np.hstack([rng.normal(size=(vertices, 3)), np.ones((vertices, 1))])
    shares = np.zeros((vertices, 22))
    rows = np.arange(vertices)
    shares[rows, rng.integers(0, 11, vertices)] = 0.6
    shares[rows, rng.integers(11, 22, vertices)] = 0.4
    return parents, relatives, inverses, base, shares, False


def _simple_hand(rng, vertices, points):
    return rng.normal(0.0, 0.3, 26), *_hand(rng, vertices), rng.integers(0, vertices, points), rng.normal(size=(points, 3))


def _complicated_hand(rng, vertices, points):
    theta, us, hand = rng.normal(0.0, 0.3, 26), rng.uniform(0.0, 0.5, (points, 2)), _hand(rng, vertices)
    return theta, us, *hand, rng.integers(0, vertices, (points, 3)), rng.normal(size=(points, 3))


HANDS = (
    Case(ht_simple, (0,), _simple_hand, "v p", (6, 9), ((544, 100), (10_000, 1_000)), simple_jacobian, _slope),
    Case(ht_complicated, (0, 1), _complicated_hand, "v p", (6, 9), ((544, 100), (10_000, 1_000)), complicated_jacobian, _slope),
)
