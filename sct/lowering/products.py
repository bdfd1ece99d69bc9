"""Inner products and matrix products as loops."""

from __future__ import annotations

import gast

from sct.ir.build import call_name, expr, quote
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import Checks, accumulate, allocate, bounds, nest, new_indices, scalar

PRODUCTS = frozenset({"dot", "matmul"})


def is_product(value: gast.AST) -> bool:
    if isinstance(value, gast.BinOp):
        return isinstance(value.op, gast.MatMult)
    called = isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and call_name(value) in PRODUCTS
    return called and len(value.args) == 2 and not value.keywords


def product(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    value, types = stmt.value, arrays.work.types
    left, right = (value.left, value.right) if isinstance(value, gast.BinOp) else value.args
    ranks = (types.ndim(left.id), types.ndim(right.id))
    if ranks == (1, 1):
        return _inner(stmt, left.id, right.id, arrays)
    if 0 in ranks or max(ranks) > 2:
        message = "a product of arrays with more than two axes is not supported yet"
        raise arrays.work.call(stmt, message, "write it as loops.")
    return _matrix(stmt, left.id, right.id, arrays)


def _inner(stmt: gast.Assign, left: str, right: str, arrays: Arrays) -> list[gast.stmt]:
    work, target = arrays.work, stmt.targets[0].id
    whole, out = arrays.checked(arrays.leaves(expr(left)), stmt)
    other, more = arrays.checked(arrays.leaves(expr(right)), stmt)
    checks = Checks(arrays.shapes, work, stmt)
    checks.equal(*whole.keys, *other.keys, *whole.lengths, *other.lengths)
    indices = new_indices(1, work)
    elements = arrays.elements(indices, whole.keys, stmt)

    def term(body: list[gast.stmt]) -> str:
        a, b = elements.element(left, body), elements.element(right, body)
        return _times(a, b, body, stmt, arrays)

    start, made = scalar(0.0, work.types.dtype(target), f"{target}_zero", work, stmt)
    total = accumulate(target, start, whole.lengths, indices, term, work, stmt)
    return [*out, *more, *checks.statements(), *made, *total]


def _matrix(stmt: gast.Assign, left: str, right: str, arrays: Arrays) -> list[gast.stmt]:
    """`y[i, j]` = sum over k of `left[i, k] * right[k, j]`; a vector lacks its `i` or `j`."""
    work, target = arrays.work, stmt.targets[0].id
    rows, columns = bounds(left, work), bounds(right, work)
    keys = arrays.shapes.of(left)[:-1] + arrays.shapes.of(right)[1:]
    checks = Checks(arrays.shapes, work, stmt)
    checks.equal(arrays.shapes.of(left)[-1], arrays.shapes.of(right)[0], rows[-1], columns[0])
    outer = rows[:-1] + columns[1:]
    indices, (inner,) = new_indices(len(outer), work), new_indices(1, work)
    dtype = work.types.dtype(target)

    def term(body: list[gast.stmt]) -> str:
        a, b = work.fresh(f"{left}_{inner}"), work.fresh(f"{right}_{inner}")
        ahead, behind = indices[: len(rows) - 1], indices[len(rows) - 1 :]
        body += quote("t = a[i]", stmt, t=a, a=left, i=subscript([*ahead, inner]))
        body += quote("t = a[i]", stmt, t=b, a=right, i=subscript([inner, *behind]))
        return _times(a, b, body, stmt, arrays)

    total = work.fresh(f"{target}_{indices[-1]}")
    start, made = scalar(0.0, dtype, f"{target}_zero", work, stmt)
    body = accumulate(total, start, rows[-1:], [inner], term, work, stmt)
    body += quote("y[i] = t", stmt, y=target, i=subscript(indices), t=expr(total))
    arrays.shapes.arrays[target] = keys
    return [*checks.statements(), *made, *allocate(target, outer, dtype, stmt), nest(outer, indices, body, stmt)]


def _times(a: str, b: str, body: list[gast.stmt], stmt: gast.stmt, arrays: Arrays) -> str:
    name = arrays.work.fresh(f"{stmt.targets[0].id}_term")
    body += quote("t = a * b", stmt, t=name, a=a, b=b)
    return name
