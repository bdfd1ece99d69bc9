"""Where elements are: places of what is not zero, and elements taken along an axis."""

from __future__ import annotations

import numpy as np

from sct.bodies.extremes import count_nonzero
from sct.bodies.option import Option


def flatnonzero(a):
    v = np.ravel(a)
    found, n = np.empty(count_nonzero(v), np.int64), 0
    for k in range(len(v)):
        if v[k] != 0:
            found[n] = k
            n += 1
    return found


def nonzero_of_matrix(a):
    count, n = count_nonzero(a), 0
    rows, columns = np.empty(count, np.int64), np.empty(count, np.int64)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] != 0:
                rows[n], columns[n] = i, j
                n += 1
    return rows, columns


def nonzero_of_three_axes(a):
    count, n = count_nonzero(a), 0
    rows, columns, layers = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(a.shape[2]):
                if a[i, j, k] != 0:
                    rows[n], columns[n], layers[n] = i, j, k
                    n += 1
    return rows, columns, layers


def rows_of_nonzero(a):
    if a.ndim == 1:
        rows = flatnonzero(a)
    elif a.ndim == 2:
        rows, _ = nonzero_of_matrix(a)
    else:
        rows, _, _ = nonzero_of_three_axes(a)
    return rows


def columns_of_nonzero(a):
    if a.ndim == 2:
        _, columns = nonzero_of_matrix(a)
    else:
        _, columns, _ = nonzero_of_three_axes(a)
    return columns


def layers_of_nonzero(a):
    _, _, layers = nonzero_of_three_axes(a)
    return layers


def size(a, axis: Option = None):
    return a.size if axis is None else a.shape[axis]


def take_along_axis(arr, indices, axis: Option = -1):
    if axis is None:
        y = np.ravel(arr)[indices]
    elif arr.ndim == 3:
        y = np.empty(indices.shape, arr.dtype)
        out, source, places = np.moveaxis(y, axis, 2), np.moveaxis(arr, axis, 2), np.moveaxis(indices, axis, 2)
        if places.shape[0] != source.shape[0] or places.shape[1] != source.shape[1]:
            raise ValueError("sct: np.take_along_axis with subscripts that do not fit")
        for i in range(places.shape[0]):
            for j in range(places.shape[1]):
                for k in range(places.shape[2]):
                    out[i, j, k] = source[i, j, places[i, j, k]]
    elif arr.ndim == 1:
        if axis != 0 and axis != -1:
            raise ValueError("sct: np.take_along_axis of a vector along another axis")
        y = arr[indices]
    else:
        across = 1 if axis == 0 or axis == -2 else 0
        if axis < -2 or axis > 1 or indices.shape[across] != arr.shape[across]:
            raise ValueError("sct: np.take_along_axis with subscripts that do not fit")
        y = np.empty((indices.shape[0], indices.shape[1]), arr.dtype)
        for i in range(indices.shape[0]):
            for j in range(indices.shape[1]):
                if across == 1:
                    y[i, j] = arr[indices[i, j], j]
                else:
                    y[i, j] = arr[i, indices[i, j]]
    return y
