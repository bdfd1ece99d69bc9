"""Sums over all elements as loops with a carried total."""

from __future__ import annotations

import gast

from sct.ir.build import call_name, expr, quote
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import accumulate, new_indices, scalar

REDUCTIONS = {"sum": (0.0, "n = h + t"), "mean": (0.0, "n = h + t"), "prod": (1.0, "n = h * t")}
"""Function of NumPy -> what an empty array gives, and how an element changes the total."""


def reduction(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    call, work = stmt.value, arrays.work
    name = call_name(call)
    if len(call.args) != 1 or call.keywords or work.types.is_array(stmt.targets[0].id):
        message = f"`np.{name}` along an axis is not supported yet"
        raise work.call(call, message, "loop over the rows and reduce each of them.")
    target = stmt.targets[0].id
    start, update = REDUCTIONS[name]
    dtype = work.types.dtype(target)
    whole, out = arrays.checked(arrays.leaves(call), stmt)
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
