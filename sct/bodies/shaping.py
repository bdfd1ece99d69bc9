"""New arrays with the elements of others at other places: rolled, repeated, padded, on diagonals.

What NumPy gives as a view is a view here; the others are copies in rows, as NumPy's are.
"""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option
from sct.errors import UnsupportedCall


def with_length(a, n, axis: Option):
    """A new array that differs from `a` in having `n` places along an axis."""
    if axis == -1:
        return np.empty(a.shape[:-1] + (n,), a.dtype)
    return np.empty(a.shape[:axis] + (n,) + a.shape[axis + 1 :], a.dtype)


def roll(a, shift, axis: Option = None):
    if axis is None:
        if isinstance(shift, tuple):
            raise UnsupportedCall("np.roll by a tuple needs a tuple of axes", "name the axes: np.roll(a, (1, 2), axis=(0, 1))")
        return np.reshape(_rolled(np.ravel(a), shift, 0), a.shape)
    if not isinstance(axis, tuple):
        if not isinstance(shift, tuple):
            return _rolled(a, shift, axis)
        return _rolled(a, shift[0], axis) if len(shift) == 1 else roll(_rolled(a, shift[0], axis), shift[1:], axis)
    first = shift[0] if isinstance(shift, tuple) else shift
    rest = shift[1:] if isinstance(shift, tuple) else shift
    once = _rolled(a, first, axis[0])
    return once if len(axis) == 1 else roll(once, rest, axis[1:])


def _rolled(a, shift, axis: Option):
    y = np.empty(a.shape, a.dtype)
    rows, source = np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)
    for k in range(len(source)):
        rows[(k + shift) % len(source)] = source[k]
    return y


def repeat(a, repeats, axis: Option = None):
    if axis is None:
        return _repeated(np.ravel(a), repeats, 0)
    return _repeated(a, repeats, axis)


def _repeated(a, repeats, axis: Option):
    source = np.moveaxis(a, axis, 0)
    y = with_length(a, len(source) * repeats, axis)
    rows = np.moveaxis(y, axis, 0)
    for k in range(len(source)):
        for r in range(repeats):
            rows[k * repeats + r] = source[k]
    return y


def tile(A, reps):
    if not isinstance(reps, tuple):
        return _tiled(A, reps, -1)
    if len(reps) == 1:
        return _tiled(A, reps[0], -1)
    if len(reps) == 2:
        if A.ndim == 1:
            return _tiled(_tiled(A[np.newaxis], reps[1], 1), reps[0], 0)
        return _tiled(_tiled(A, reps[1], -1), reps[0], -2)
    if A.ndim == 1:
        return _tiled_thrice(A[np.newaxis, np.newaxis], reps)
    if A.ndim == 2:
        return _tiled_thrice(A[np.newaxis], reps)
    return _tiled_thrice(A, reps)


def _tiled_thrice(A, reps):
    return _tiled(_tiled(_tiled(A, reps[2], 2), reps[1], 1), reps[0], 0)


def _tiled(A, reps, axis: Option):
    source = np.moveaxis(A, axis, 0)
    n = len(source)
    y = with_length(A, n * reps, axis)
    rows = np.moveaxis(y, axis, 0)
    for r in range(reps):
        for k in range(n):
            rows[r * n + k] = source[k]
    return y


def pad(array, pad_width, mode: Option = "constant", *, constant_values=0):
    if not isinstance(pad_width, tuple):
        return pad(array, (pad_width, pad_width), mode, constant_values=constant_values)
    if not isinstance(pad_width[0], tuple):
        return _padded_everywhere(array, pad_width, mode, constant_values)
    if len(pad_width) == 1:
        return _padded_everywhere(array, pad_width[0], mode, constant_values)
    return _padded_axes(array, pad_width, mode, constant_values, 0)


def _padded_everywhere(a, width, mode: Option, value):
    if a.ndim == 1:
        return _padded(a, width, mode, value, 0)
    if a.ndim == 2:
        return _padded(_padded(a, width, mode, value, 0), width, mode, value, 1)
    return _padded(_padded(_padded(a, width, mode, value, 0), width, mode, value, 1), width, mode, value, 2)


def _padded_axes(a, widths, mode: Option, value, axis: Option):
    y = _padded(a, widths[0], mode, value, axis)
    return y if len(widths) == 1 else _padded_axes(y, widths[1:], mode, value, axis + 1)


def _padded(a, width, mode: Option, value, axis: Option):
    before, after = width
    source = np.moveaxis(a, axis, 0)
    n = len(source)
    y = with_length(a, before + n + after, axis)
    rows = np.moveaxis(y, axis, 0)
    for k in range(before + n + after):
        if mode == "constant":
            if before <= k < before + n:
                rows[k] = source[k - before]
            else:
                rows[k] = value
        else:
            rows[k] = source[_origin(k - before, n, mode)]
    return y


def _origin(k, n, mode: Option):
    """The place among `n` that place `k` outside of them shows."""
    if n == 0:
        raise ValueError("can't extend empty axis using modes other than 'constant' or 'empty'")
    if mode == "edge":
        return min(max(k, 0), n - 1)
    if mode == "wrap":
        return k % n
    if mode == "reflect":
        period = max(2 * (n - 1), 1)
        j = k % period
        return period - j if j >= n else j
    if mode == "symmetric":
        j = k % (2 * n)
        return 2 * n - 1 - j if j >= n else j
    raise UnsupportedCall("this mode of np.pad is not supported", "use 'constant', 'edge', 'reflect', 'symmetric' or 'wrap'")
