"""`np.arange` as an allocation and a loop.

    y = np.arange(a, b, s)     ->      n = max(-((a - b) // s), 0)           (integers)
                                       y = np.empty(n, np.int64)
                                       for k in range(n):
                                           t = k * s
                                           v = a + t
                                           y[k] = v
"""

from __future__ import annotations

import gast
from numba.core import types as nt

from sct.ir.build import expr, is_name, literal, quote
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import allocate, nest, new_indices
from sct.lowering.work import Work


def arange(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    """`np.arange(start, stop, step[, dtype])`."""
    work, name = arrays.work, stmt.targets[0].id
    start, stop, step = stmt.value.args[:3]
    count = work.fresh(f"{name}_length")
    whole = all(_is_int(a, work) for a in (start, stop, step))
    out = _whole(count, start, stop, step, stmt) if whole else _length(count, start, stop, step, work, stmt)
    (index,) = new_indices(1, work)
    body, value = _element(name, index, start, step, work, stmt)
    body += quote("y[k] = v", stmt, y=name, k=index, v=value)
    loop = nest([expr(count)], [index], body, stmt)
    return [*out, *allocate(name, [expr(count)], work.types.dtype(name), stmt), loop]


def _is_int(node: gast.expr, work: Work) -> bool:
    if is_name(node):
        return isinstance(work.types.of(node.id), nt.Integer)
    return isinstance(literal(node), int)


def _whole(count: str, start: gast.expr, stop: gast.expr, step: gast.expr, at: gast.stmt) -> list[gast.stmt]:
    if _is(step, 1):
        length = expr("b", b=stop) if _is(start, 0) else expr("b - a", a=start, b=stop)
    else:
        length = expr("-((a - b) // s)", a=start, b=stop, s=step)
    return quote("n = max(m, 0)", at, n=count, m=length)


def _length(
    count: str, start: gast.expr, stop: gast.expr, step: gast.expr, work: Work, at: gast.stmt
) -> list[gast.stmt]:
    names = {key: work.fresh(f"{count}_{key}") for key in ("span", "steps", "ceil", "int")}
    return quote(
        "span = b - a; steps = span / s; ceil = np.ceil(steps); whole = int(ceil); n = max(whole, 0)",
        at, a=start, b=stop, s=step, n=count, span=names["span"], steps=names["steps"], ceil=names["ceil"], whole=names["int"],
    )  # fmt: skip


def _element(
    name: str, index: str, start: gast.expr, step: gast.expr, work: Work, at: gast.stmt
) -> tuple[list[gast.stmt], gast.expr]:
    """`start + index * step`, without what has no effect."""
    body, value = [], expr(index)
    if not _is(step, 1):
        body += quote("t = k * s", at, t=work.fresh(f"{name}_step"), k=value, s=step)
        value = expr(body[-1].targets[0].id)
    if not _is(start, 0):
        body += quote("v = a + t", at, v=work.fresh(f"{name}_{index}"), a=start, t=value)
        value = expr(body[-1].targets[0].id)
    return body, value


def _is(node: gast.expr, value: int) -> bool:
    return isinstance(node, gast.Constant) and type(node.value) is int and node.value == value
