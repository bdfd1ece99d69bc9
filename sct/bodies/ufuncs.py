"""Methods of NumPy's functions of two numbers: along an axis, the first unless another is named, and of all pairs."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option


def add_reduce(array, axis: Option = 0, *, keepdims: Option = False):
    return np.sum(array, axis=axis, keepdims=keepdims)


def multiply_reduce(array, axis: Option = 0, *, keepdims: Option = False):
    return np.prod(array, axis=axis, keepdims=keepdims)


def maximum_reduce(array, axis: Option = 0, *, keepdims: Option = False):
    return np.max(array, axis=axis, keepdims=keepdims)


def minimum_reduce(array, axis: Option = 0, *, keepdims: Option = False):
    return np.min(array, axis=axis, keepdims=keepdims)


def logical_and_reduce(array, axis: Option = 0, *, keepdims: Option = False):
    return np.all(array, axis=axis, keepdims=keepdims)


def logical_or_reduce(array, axis: Option = 0, *, keepdims: Option = False):
    return np.any(array, axis=axis, keepdims=keepdims)


def add_accumulate(array, axis: Option = 0):
    return np.cumsum(array, axis=axis)


def multiply_accumulate(array, axis: Option = 0):
    return np.cumprod(array, axis=axis)


def maximum_accumulate(array, axis: Option = 0):
    y = array.copy()
    rows = np.moveaxis(y, axis, 0)
    for k in range(1, len(rows)):
        rows[k] = np.maximum(rows[k - 1], rows[k])
    return y


def minimum_accumulate(array, axis: Option = 0):
    y = array.copy()
    rows = np.moveaxis(y, axis, 0)
    for k in range(1, len(rows)):
        rows[k] = np.minimum(rows[k - 1], rows[k])
    return y


def add_outer(A, B):
    return np.reshape(np.ravel(A)[:, np.newaxis] + np.ravel(B), A.shape + B.shape)


def subtract_outer(A, B):
    return np.reshape(np.ravel(A)[:, np.newaxis] - np.ravel(B), A.shape + B.shape)


def multiply_outer(A, B):
    return np.reshape(np.ravel(A)[:, np.newaxis] * np.ravel(B), A.shape + B.shape)


def divide_outer(A, B):
    return np.reshape(np.ravel(A)[:, np.newaxis] / np.ravel(B), A.shape + B.shape)
