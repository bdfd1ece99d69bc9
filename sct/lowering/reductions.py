"""Sums over all elements, or along one axis, as loops with a carried total."""

from __future__ import annotations

import gast

from sct.ir.build import call_name, expr, quote
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import accumulate, allocate, nest, new_indices, scalar

REDUCTIONS = {"sum": (0.0, "n = h + t"), "mean": (0.0, "n = h + t"), "prod": (1.0, "n = h * t")}
"""Function of NumPy -> what an empty array gives, and how an element changes the total."""


def reduction(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    if arrays.work.types.is_array(stmt.targets[0].id):
        return _along(stmt, arrays)
    call, work = stmt.value, arrays.work
    name, target = call_name(call), stmt.targets[0].id
    start, update = REDUCTIONS[name]
    dtype = work.types.dtype(target)
    whole, out = arrays.checked(arrays.leaves(call.args[0]), stmt)
    indices = new_indices(len(whole.keys), work)
    elements = arrays.elements(indices, whole.keys, stmt)
    total = work.fresh(f"{target}_total") if name == "mean" else target
    first, made = scalar(start, dtype, f"{target}_start", work, stmt)

    def term(body: list[gast.stmt]) -> str:
        return elements.element(call.args[0].id, body)

    out += [*made, *accumulate(total, first, whole.lengths, indices, term, work, stmt, update)]
    if name == "mean":
        count = work.fresh(f"{target}_count")
        out += quote("n = s\nm = t / n", stmt, n=count, m=target, t=expr(total), s=whole.size())
    return out


def _along(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    """`np.sum(a, axis)`: a total for each row, or for another axis than the last rows that are added up."""
    (array, axis), work, target = stmt.value.args, arrays.work, stmt.targets[0].id
    whole, out = arrays.checked(arrays.leaves(array), stmt)
    ndim = len(whole.keys)
    try:
        axis = range(ndim)[gast.literal_eval(axis)]
    except IndexError:
        raise work.call(stmt, f"axis {gast.literal_eval(axis)} of an array with {ndim}", "name one of its axes.") from None
    indices = new_indices(ndim, work)
    elements, dtype = arrays.elements(indices, whole.keys, stmt), work.types.dtype(target)
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
