"""Functions of NumPy that make arrays: in normal form, or as an allocation and a loop that fills it."""

from __future__ import annotations

import gast
from numba.core import types as nt

from sct.ir.build import call_name, expr, is_name, quote
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import allocate, bounds, dtype_text, literal, nest, new_indices
from sct.lowering.work import Work

PLAIN = frozenset({"zeros", "empty"})
LIKE = frozenset({"zeros_like", "empty_like"})
FILLED = frozenset({"ones", "full", "ones_like", "full_like"})
NEW = PLAIN | LIKE | FILLED | {"copy", "astype"}


def allocation(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    """Keep zeros, empty, their `_like` forms and copies, with a positional dtype; fill the others."""
    call, name = stmt.value, call_name(stmt.value)
    target = stmt.targets[0].id
    _refuse_options(call, target, arrays)
    dtype = arrays.work.types.dtype(target)
    if name == "astype":
        return _copied(target, call.args[0].id, dtype, stmt, arrays)
    if name == "copy":
        return [stmt] if _is_in_rows(call.args[0].id, arrays.work) else _copied(target, call.args[0].id, dtype, stmt, arrays)
    if name in LIKE and len(call.args) == 1 and not call.keywords and arrays.work.types.layout(call.args[0].id) in ("C", "F"):
        return [stmt]
    like = name.endswith("_like")
    lengths = bounds(call.args[0].id, arrays.work) if like else _lengths(call.args[0])
    whole_shape = not like and _is_shape(call.args[0], arrays)
    made = _of_shape(stmt, dtype) if whole_shape else allocate(target, lengths, dtype, stmt)
    if name in PLAIN | LIKE:
        made[0].value.func.attr = name.removesuffix("_like")
        return made
    value = call.args[1] if name.startswith("full") else expr(literal(1.0, dtype))
    return [*made, *_filled(target, value, stmt, arrays)]


def _is_in_rows(array: str, work: Work) -> bool:
    """Whether a copy of the array is in rows, compiled and not."""
    return work.types.ndim(array) == 1 or work.types.layout(array) == "C"


def _copied(target: str, array: str, dtype: nt.Type, stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """A copy in rows, of its own type."""
    indices = new_indices(arrays.work.types.ndim(array), arrays.work)
    value = arrays.work.fresh(f"{target}_{indices[-1]}")
    body = quote("v = a[i]; y[i] = v", stmt, v=value, a=array, y=target, i=subscript(indices))
    lengths = bounds(array, arrays.work)
    return [*allocate(target, lengths, dtype, stmt), nest(lengths, indices, body, stmt)]


def _filled(name: str, value: gast.expr, stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    indices = new_indices(arrays.work.types.ndim(name), arrays.work)
    body = quote("y[i] = v", stmt, y=name, i=subscript(indices), v=value)
    return [nest(bounds(name, arrays.work), indices, body, stmt)]


def _lengths(shape: gast.expr) -> list[gast.expr]:
    return list(shape.elts) if isinstance(shape, gast.Tuple) else [shape]


def _is_shape(node: gast.expr, arrays: Arrays) -> bool:
    """Whether `node` is a shape as a whole: `x.shape`, or the name of a tuple."""
    return isinstance(node, gast.Attribute) or (is_name(node) and not arrays.work.types.is_int(node.id))


def _of_shape(stmt: gast.Assign, dtype: object) -> list[gast.stmt]:
    kind = "" if str(dtype) == "float64" else f", {dtype_text(dtype)}"
    return quote(f"y = np.empty(s{kind})", stmt, y=stmt.targets[0].id, s=stmt.value.args[0])


def _refuse_options(call: gast.Call, target: str, arrays: Arrays) -> None:
    if not arrays.work.types.is_array(target):
        raise arrays.work.call(call, "an array without axes is not supported", "use a scalar, or an array of length 1.")
    for keyword in call.keywords:
        if keyword.arg != "dtype":
            raise arrays.work.call(call, f"the option `{keyword.arg}` is not supported here", "leave it out.")
