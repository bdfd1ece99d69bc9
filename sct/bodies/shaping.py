"""New arrays with the elements of others at other places: rolled, repeated, tiled, padded.

Each takes the elements along an axis at places that are computed first.
"""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.errors import UnsupportedCall


def roll(a, shift, axis: Option = None):
    if axis is None:
        if isinstance(shift, tuple):
            raise UnsupportedCall("np.roll by a tuple needs a tuple of axes", "name the axes: np.roll(a, (1, 2), axis=(0, 1))")
        return np.reshape(roll(np.ravel(a), shift, 0), a.shape)
    if isinstance(axis, tuple):
        first = shift[0] if isinstance(shift, tuple) else shift
        once = roll(a, first, axis[0])
        return once if len(axis) == 1 else roll(once, shift[1:] if isinstance(shift, tuple) else shift, axis[1:])
    if isinstance(shift, tuple):
        once = roll(a, shift[0], axis)
        return once if len(shift) == 1 else roll(once, shift[1:], axis)
    n = a.shape[axis]
    return np.take(a, (np.arange(n) - shift) % n, axis=axis)


def repeat(a, repeats, axis: Option = None):
    if axis is None:
        return np.ravel(a)[_repeated(a.size, repeats)]
    return np.take(a, _repeated(a.shape[axis], repeats), axis=axis)


def _repeated(n, repeats):
    """The places 0 .. n - 1 in order, each as often as `repeats` says: a number, or one for each place."""
    if repeats.ndim == 0:
        return np.arange(n * repeats) // repeats
    if len(repeats) != n:
        raise ValueError("np.repeat needs a count for each element")
    places, end = np.empty(np.sum(repeats), np.int64), 0
    for k in range(n):
        places[end : end + repeats[k]] = k
        end += repeats[k]
    return places


def tile(A, reps):
    if not isinstance(reps, tuple):
        return _tiled(A, reps, -1)
    if len(reps) == 1:
        return _tiled(A, reps[0], -1)
    if len(reps) == 2:
        return _tiled_rows(A[np.newaxis] if A.ndim == 1 else A, reps)
    if A.ndim == 1:
        return _tiled_layers(A[np.newaxis, np.newaxis], reps)
    return _tiled_layers(A[np.newaxis] if A.ndim == 2 else A, reps)


def _tiled(A, reps, axis: Option):
    n = A.shape[axis]
    return np.take(A, np.arange(n * reps) % n, axis=axis)


def _tiled_rows(A, reps):
    return _tiled(_tiled(A, reps[1], -1), reps[0], -2)


def _tiled_layers(A, reps):
    return _tiled(_tiled_rows(A, reps[1:]), reps[0], 0)


def pad(array, pad_width, mode: Option = "constant", *, constant_values=0):
    if not isinstance(pad_width, tuple):
        return _padded_everywhere(array, (pad_width, pad_width), mode, constant_values)
    if not isinstance(pad_width[0], tuple):
        return _padded_everywhere(array, pad_width, mode, constant_values)
    if len(pad_width) == 1:
        return _padded_everywhere(array, pad_width[0], mode, constant_values)
    return _padded_axes(array, pad_width, mode, constant_values, 0)


def _padded_everywhere(a, width, mode: Option, value):
    if a.ndim == 1:
        return _padded(a, width, mode, value, 0)
    if a.ndim == 2:
        return _padded_axes(a, (width, width), mode, value, 0)
    return _padded_axes(a, (width, width, width), mode, value, 0)


def _padded_axes(a, widths, mode: Option, value, axis: Option):
    y = _padded(a, widths[0], mode, value, axis)
    return y if len(widths) == 1 else _padded_axes(y, widths[1:], mode, value, axis + 1)


def _padded(a, width, mode: Option, value, axis: Option):
    before, after = width
    n = a.shape[axis]
    if mode == "constant":
        y = np.full(a.shape[:axis] + (before + n + after,) + a.shape[axis + 1 :], value, a.dtype)
        np.moveaxis(y, axis, 0)[before : before + n] = np.moveaxis(a, axis, 0)
        return y
    if n == 0:
        raise ValueError("an empty axis can be extended by constants only")
    return np.take(a, _shown(np.arange(-before, n + after), n, mode), axis=axis)


def _shown(k, n, mode: Option):
    """The places among `n` that the places `k`, some of them outside, show."""
    if mode == "edge":
        return np.minimum(np.maximum(k, 0), n - 1)
    if mode == "wrap":
        return k % n
    if mode == "reflect":
        return np.abs((k + n - 1) % max(2 * n - 2, 1) - (n - 1))
    if mode == "symmetric":
        return np.minimum(k % (2 * n), 2 * n - 1 - k % (2 * n))
    raise UnsupportedCall("this mode of np.pad is not supported", "use 'constant', 'edge', 'reflect', 'symmetric' or 'wrap'")
