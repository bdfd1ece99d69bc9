"""Functions that generated code calls. Plain Python that Numba compiles too."""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

__all__ = ["overlap", "reserve"]


@register_jitable
def reserve(tape, room):
    """`tape` if it holds `room` elements, else a copy that does and is at least twice as long."""
    if len(tape) >= room:
        return tape
    grown = np.empty(max(room, 2 * len(tape)), tape.dtype)
    grown[: len(tape)] = tape
    return grown


@register_jitable
def overlap(a, b):
    """Whether the memory from the first to the last byte of `a` meets that of `b`."""
    if a.size == 0 or b.size == 0:
        return False
    a_first, a_end = _extent(a)
    b_first, b_end = _extent(b)
    return a_first < b_end and b_first < a_end


@register_jitable
def _extent(a):
    """The address of the lowest byte of an array that is not empty, and that after the highest."""
    first = last = a.ctypes.data
    for k in range(a.ndim):
        reach = (a.shape[k] - 1) * a.strides[k]
        if reach < 0:
            first += reach
        else:
            last += reach
    return first, last + a.itemsize
