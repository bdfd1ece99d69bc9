"""Sums over all elements, or along one axis, as loops with a carried total."""

from __future__ import annotations

import gast

from sct.ir.build import call_name, expr, literal, quote
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import accumulate, allocate, nest, new_indices, scalar
from sct.lowering.work import Work

REDUCTIONS = {"sum": (0.0, "n = h + t"), "mean": (0.0, "n = h + t"), "prod": (1.0, "n = h * t")}
"""Function of NumPy -> what an empty array gives, and how an element changes the total."""


def reduction(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    call, work = stmt.value, arrays.work
    axis = _axis(stmt, arrays.work) if len(call.args) > 1 else 0
    if work.types.is_array(stmt.targets[0].id):
        return _along(stmt, axis, arrays)
    name, target = call_name(call), stmt.targets[0].id
    start, update = REDUCTIONS[name]
    dtype = work.types.dtype(target)
    whole, out = arrays.checked(arrays.leaves(call.args[0]), stmt)
    indices = new_indices(len(whole.keys), work)
    elements = arrays.elements(indices, stmt)
    total = work.fresh(f"{target}_total") if name == "mean" else target
    first, made = scalar(start, dtype, f"{target}_start", work, stmt)

    def term(body: list[gast.stmt]) -> str:
        return elements.element(call.args[0].id, body)

    out += [*made, *accumulate(total, first, whole.lengths, indices, term, work, stmt, update)]
    if name == "mean":
        count = work.fresh(f"{target}_count")
        out += quote("n = s\nm = t / n", stmt, n=count, m=target, t=expr(total), s=whole.size())
    return out


def _axis(stmt: gast.Assign, work: Work) -> int:
    array, axis = stmt.value.args
    ndim, value = work.types.ndim(array.id), literal(axis)
    try:
        return range(ndim)[value]
    except TypeError:
        raise work.call(stmt, "the axis is not known beforehand", "write it as a constant.") from None
    except IndexError:
        raise work.call(stmt, f"axis {value} of an array with {ndim}", "name one of its axes.") from None


def _along(stmt: gast.Assign, axis: int, arrays: Arrays) -> list[gast.stmt]:
    """`np.sum(a, axis)`: a total for each row, or for another axis than the last rows that are added up."""
    array, work, target = stmt.value.args[0], arrays.work, stmt.targets[0].id
    whole, out = arrays.checked(arrays.leaves(array), stmt)
    ndim = len(whole.keys)
    indices = new_indices(ndim, work)
    elements, dtype = arrays.elements(indices, stmt), work.types.dtype(target)
    kept = [k for k in range(ndim) if k != axis]
    lengths, place = [whole.lengths[k] for k in kept], subscript([indices[k] for k in kept])
    arrays.shapes.arrays[target] = tuple(whole.keys[k] for k in kept)

    def term(body: list[gast.stmt]) -> str:
        return elements.element(array.id, body)

    if axis < ndim - 1:
        body: list[gast.stmt] = []
        body += quote("y[i] += v", stmt, y=target, i=place, v=expr(term(body)))
        return [*out, *allocate(target, lengths, dtype, stmt, "zeros"), nest(whole.lengths, indices, body, stmt)]
    total = work.fresh(f"{target}_{indices[0]}")
    first, made = scalar(0.0, dtype, f"{target}_start", work, stmt)
    body = [*accumulate(total, first, whole.lengths[-1:], indices[-1:], term, work, stmt)]
    body += quote("y[i] = v", stmt, y=target, i=place, v=expr(total))
    return [*out, *made, *allocate(target, lengths, dtype, stmt), nest(lengths, indices[:-1], body, stmt)]
