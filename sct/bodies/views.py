"""Views with other axes, made of `np.moveaxis`, `np.newaxis` and slices. What is an option is known while a program is read."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option


def expand_dims(a, axis: Option):
    if not isinstance(axis, tuple):
        if axis == 0:
            return a[np.newaxis]
        return a[..., np.newaxis] if axis == -1 else np.moveaxis(a[np.newaxis], 0, axis)
    if len(axis) == 1:
        return np.moveaxis(a[np.newaxis], 0, axis[0])
    return np.moveaxis(a[np.newaxis, np.newaxis], (0, 1), axis)


def squeeze(a, axis: Option):
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


def flip(m, axis: Option):
    if not isinstance(axis, tuple):
        return np.moveaxis(np.moveaxis(m, axis, 0)[::-1], 0, axis)
    return flip(flip(m, axis[0]), axis[1:]) if len(axis) > 1 else flip(m, axis[0])


def flipud(m):
    return m[::-1]


def fliplr(m):
    return m[:, ::-1]


def rot90(m):
    return m[:, ::-1].T
