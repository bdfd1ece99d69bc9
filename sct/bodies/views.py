"""Views with other axes, made of `np.moveaxis`, `np.newaxis` and slices. What is an option is known while a program is read."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.errors import UnsupportedCall


def expand_dims(a, axis: Option):
    if not isinstance(axis, tuple):
        if axis == 0:
            return a[np.newaxis]
        return a[..., np.newaxis] if axis == -1 else np.moveaxis(a[np.newaxis], 0, axis)
    if len(axis) == 1:
        return np.moveaxis(a[np.newaxis], 0, axis[0])
    return np.moveaxis(a[np.newaxis, np.newaxis], (0, 1), axis)


def squeeze(a, axis: Option = None):
    if axis is None:
        raise UnsupportedCall("np.squeeze of all axes of length 1, which the run finds", "name them: np.squeeze(a, axis=0)")
    if not isinstance(axis, tuple):
        return squeeze(a, (axis,))
    if len(axis) == 1:
        b = np.moveaxis(a, axis[0], 0)
        if len(b) != 1:
            raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
        return b[0]
    b = np.moveaxis(a, axis, (0, 1))
    if b.shape[0] != 1 or b.shape[1] != 1:
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return b[0, 0]


def flip(m, axis: Option = None):
    if axis is None:
        if m.ndim == 1:
            return m[::-1]
        return m[::-1, ::-1] if m.ndim == 2 else m[::-1, ::-1, ::-1]
    if not isinstance(axis, tuple):
        return np.moveaxis(np.moveaxis(m, axis, 0)[::-1], 0, axis)
    return flip(flip(m, axis[0]), axis[1:]) if len(axis) > 1 else flip(m, axis[0])


def flipud(m):
    return m[::-1]


def fliplr(m):
    return m[:, ::-1]


def rot90(m, k: Option = 1, axes: Option = (0, 1)):
    if k < 0:
        return rot90(m, k + 4, axes)
    if k >= 4:
        return rot90(m, k - 4, axes)
    if k == 0:
        return m
    if k == 2:
        return flip(flip(m, axes[0]), axes[1])
    if k == 1:
        return np.swapaxes(flip(m, axes[1]), axes[0], axes[1])
    return flip(np.swapaxes(m, axes[0], axes[1]), axes[1])


def rollaxis(a, axis: Option, start: Option = 0):
    if axis < 0 or start < 0:
        raise UnsupportedCall("np.rollaxis with a negative axis is not supported", "use np.moveaxis")
    return np.moveaxis(a, axis, start if start <= axis else start - 1)


def atleast_1d(ary):
    return np.full(1, ary) if ary.ndim == 0 else ary


def atleast_2d(ary):
    if ary.ndim == 0:
        return np.full((1, 1), ary)
    return ary[np.newaxis] if ary.ndim == 1 else ary


def atleast_3d(ary):
    if ary.ndim == 0:
        return np.full((1, 1, 1), ary)
    if ary.ndim == 1:
        return ary[np.newaxis, :, np.newaxis]
    return ary[:, :, np.newaxis] if ary.ndim == 2 else ary


def diagonal(a, offset=0, axis1: Option = 0, axis2: Option = 1):
    if axis1 == 0 and axis2 == 1:
        return _diagonals(a, offset)
    return _diagonals(np.moveaxis(a, (axis1, axis2), (0, 1)), offset)


def _diagonals(a, offset):
    """Of a matrix, or of each matrix in an array of three axes."""
    n, m = a.shape[0], a.shape[1]
    first = offset if offset >= 0 else -offset * m
    count = max(min(n, m - offset) if offset >= 0 else min(n + offset, m), 0)
    stop = first + count * (m + 1)
    if a.ndim == 2:
        return np.ravel(a)[first : stop : m + 1]
    return np.moveaxis(np.reshape(a, (n * m, a.shape[2]))[first : stop : m + 1], 0, 1)


def array_split(ary, indices_or_sections: Option, axis: Option = 0):
    if isinstance(indices_or_sections, tuple):
        return _cut(ary, 0, indices_or_sections, axis)
    return _sections(ary, 0, indices_or_sections, axis)


def split(ary, indices_or_sections: Option, axis: Option = 0):
    if not isinstance(indices_or_sections, tuple) and ary.shape[axis] % indices_or_sections != 0:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def vsplit(ary, indices_or_sections: Option):
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections: Option):
    return split(ary, indices_or_sections, 2)


def _sections(a, k: Option, count: Option, axis: Option):
    """The parts from number `k` on, of `count` that are alike; the first ones are longer by one where they cannot be."""
    length, longer = a.shape[axis] // count, a.shape[axis] % count
    start, stop = k * length + min(k, longer), (k + 1) * length + min(k + 1, longer)
    part = between(a, start, stop, axis)
    if k + 1 == count:
        return (part,)
    rest = _sections(a, k + 1, count, axis)
    return (part,) + rest


def _cut(a, start: Option, stops: Option, axis: Option):
    """The parts from `start` on, cut at `stops`."""
    if len(stops) == 0:
        return (between(a, start, a.shape[axis], axis),)
    part = between(a, start, stops[0], axis)
    rest = _cut(a, stops[0], stops[1:], axis)
    return (part,) + rest


def between(a, start, stop, axis: Option):
    return np.moveaxis(np.moveaxis(a, axis, 0)[start:stop], 0, axis)
