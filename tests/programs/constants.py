"""Constants whose text says less than they are: NaN, infinities, empty and Boolean arrays, small types of numbers."""

import math

import numpy as np

from .registry import num, program, vec

BOUNDS = np.array([[-math.inf, 0.7], [0.1, math.inf]])
GAPS = np.array([0.4, math.nan, 1.3])
NO_ROWS = np.empty((0, 3))
SHOWN = np.array([True, False, True])
SHORT_NAN, SHORT_LIMIT = np.float32(math.nan), np.float32(-math.inf)
LIMITS = (-math.inf, math.nan, 1.5)


@program(lambda r: (vec(r, 4), np.array([0, 1, 0, 1])))
def global_bounds_with_infinities(x, kinds):
    """Elements are clipped between bounds of a table in which some are infinite."""
    s = 0.0
    for i in range(len(x)):
        low = BOUNDS[kinds[i], 0]
        high = BOUNDS[kinds[i], 1]
        s += min(max(x[i] * x[i], low), high) * (i + 1.0)
    return s * s


@program(lambda r: (vec(r, 3),))
def global_data_with_gaps(x):
    """What is missing in a global array of data is left out."""
    s = 0.0
    for i in range(len(x)):
        if not np.isnan(GAPS[i]):
            x[i] *= GAPS[i]
            s += x[i] * x[i]
    return s * x[1]


@program(lambda r: (vec(r, 3),))
def global_array_without_rows(x):
    """A loop over the rows of a global matrix has no trip."""
    s = x[0] * x[0]
    for i in range(NO_ROWS.shape[0]):
        for j in range(NO_ROWS.shape[1]):
            s = s * NO_ROWS[i, j] * x[j]
    return s * x[NO_ROWS.shape[1] - 1]


def _count(x, rows=NO_ROWS):
    s = x
    for i in range(rows.shape[0]):
        s = s * rows[i, 0]
    return s * x * rows.shape[1]


@program(lambda r: (num(r),))
def default_array_without_rows(x):
    """A helper's default is a matrix without rows."""
    return _count(x * x) + x


@program(lambda r: (vec(r, 3),))
def global_mask(x):
    """A global Boolean array chooses the elements that are squared in place."""
    for i in range(len(x)):
        if SHOWN[i]:
            x[i] = x[i] * x[i]
    return x[0] * x[1] * x[2]


@program(lambda r: (num(r), num(r)))
def global_numbers_that_are_not_finite(x, y):
    """Globals of small types and in tuples are NaN or infinite."""
    s = x * y
    if s > SHORT_LIMIT and s > LIMITS[0] and not math.isnan(LIMITS[2]):
        s = s * x * LIMITS[2]
    if s != SHORT_NAN and s != LIMITS[1]:
        s = s * y
    return s
