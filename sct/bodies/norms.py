"""Norms of all elements, of vectors along one axis, or of matrices along two."""

from __future__ import annotations

import numpy as np

from sct.bodies import extremes
from sct.bodies.linalg import svdvals
from sct.bodies.option import Option
from sct.bodies.reductions import kept, sum


def norm(x, ord: Option = None, axis: Option = None, keepdims: Option = False):
    if axis is None and ord is None:
        return np.sqrt(sum(x * x, keepdims=keepdims))
    if axis is None and (ord == "fro" or ord == "nuc"):
        return norm_of_matrices(x, ord, (0, 1), keepdims)
    if axis is None:
        if x.ndim == 1:
            return norm_of_vectors(x, ord, 0, keepdims)
        return norm_of_matrices(x, ord, (0, 1), keepdims)
    if isinstance(axis, tuple) and len(axis) == 2:
        return norm_of_matrices(x, ord, axis, keepdims)
    return norm_of_vectors(x, ord, axis, keepdims)


def norm_of_vectors(x, ord: Option, axis: Option, keepdims: Option):
    if ord is None or ord == 2:
        return np.sqrt(sum(x * x, axis, keepdims=keepdims))
    if ord == np.inf:
        return extremes.max(np.abs(x), axis, keepdims=keepdims) / 1
    if ord == -np.inf:
        return extremes.min(np.abs(x), axis, keepdims=keepdims) / 1
    if ord == 0:
        return sum(x != 0, axis, keepdims=keepdims) / 1
    if ord == 1:
        return sum(np.abs(x), axis, keepdims=keepdims) / 1
    return sum(np.abs(x) ** ord, axis, keepdims=keepdims) ** (1 / ord)


def norm_of_matrices(x, ord: Option, axis: Option, keepdims: Option):
    """The largest sum of absolute values in a column (1) or a row (inf), the smallest (-1, -inf), or the root of all squares;
    of the singular values the largest (2), the smallest (-2) or the sum ("nuc")."""
    if ord is None or ord == "fro":
        return np.sqrt(sum(x * x, axis, keepdims=keepdims))
    if ord == "nuc" or ord == 2 or ord == -2:
        s = svdvals(np.moveaxis(x, axis, (0, 1)))
        return kept(np.sum(s) if ord == "nuc" else s[0] if ord == 2 else s[-1], x, axis, keepdims)
    if not _is_order_of_matrices(ord):
        raise ValueError("Invalid norm order for matrices.")
    m = np.abs(np.moveaxis(x, axis, (0, 1)))
    sums = np.sum(m, 0) if ord == 1 or ord == -1 else np.sum(m, 1)
    y = extremes.max(sums, 0) if ord > 0 else extremes.min(sums, 0)
    return kept(y / 1, x, axis, keepdims)


def _is_order_of_matrices(ord):
    return ord == 1 or ord == -1 or ord == np.inf or ord == -np.inf
