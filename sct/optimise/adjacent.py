"""Updates of neighbours in one row become one update of each element that all of them reach.

    for j in range(1, n - 1):             for j in range(1, min(n - 1, 3)):
        b[j - 1] += x[j]                      b[j - 1] += x[j]
        b[j + 1] += x[j]           ->     for j in range(2, n - 2):
                                              b[j] += x[j + 1] + x[j - 1]
                                          for j in range(max(n - 3, 1), n - 1):
                                              b[j + 1] += x[j]

Each update is done once for each iteration, with the same element and the same value: in iterations `start` to `stop`, the element
at `j` gets the update with offset `k` from iteration `j - k`. All offsets reach the elements from `start + most` to
`stop + least`; for the others each update has a loop before and one after, which are empty or all of it where the range is short.
"""

from __future__ import annotations

import gast

from sct.ir.build import expr, is_name, literal, same, store_target
from sct.optimise.blocks import put, rebuilt
from sct.optimise.names import Names
from sct.optimise.simplify import simplify

FARTHEST = 4
"""Between the offsets, so that few iterations are left for the loops before and after."""


def offset_of(stmt: gast.stmt, index: str) -> int | None:
    """How far from a loop's index along the last axis the element lies that a statement adds to."""
    last = _axes(stmt)[-1]
    if is_name(last, index):
        return 0
    if isinstance(last, gast.BinOp) and isinstance(last.op, gast.Add | gast.Sub) and is_name(last.left, index):
        right = literal(last.right)
        if type(right) is int:
            return right if isinstance(last.op, gast.Add) else -right
    return None


def in_one_row(stmt: gast.stmt, other: gast.stmt) -> bool:
    """Whether the elements differ along the last axis at most."""
    here, there = _axes(stmt)[:-1], _axes(other)[:-1]
    one_array = is_name(store_target(stmt).value, store_target(other).value.id)
    return one_array and len(here) == len(there) and all(map(same, here, there))


def adjacent(loop: gast.For, updates: list[gast.AugAssign], names: Names) -> list[gast.stmt]:
    """The loops for `updates` of elements of one row, whose values need no temporaries; none where nothing would be won.

    Nothing that the values are made from may change in the loop, its index may not be needed after it, and nothing may depend on
    the order in which is added.
    """
    index, bounds = loop.target.id, _bounds(loop)
    offsets = [offset_of(stmt, index) for stmt in updates]
    least, most = min(offsets), max(offsets)
    kind = names.dtype(store_target(updates[0]).value.id)
    if bounds is None or not 0 < most - least <= FARTHEST or not kind.startswith(("float", "complex")):
        return []
    start, stop = bounds
    if start + least < 0:
        return []
    before, after = [], []
    for stmt, k in zip(updates, offsets, strict=True):
        if k < most:
            before.append(_loop(loop, [stmt], expr(f"range({start}, min(_stop, {start + most - k}))", _stop=stop), names))
        if k > least:
            rest = expr(f"range(max(_stop + {least - k}, {start + most - k}), _stop)", _stop=stop)
            after.append(_loop(loop, [stmt], rest, names))
    whole = expr(f"range({start + most}, _stop + {least})", _stop=stop)
    return [*before, _loop(loop, [_together(updates, offsets, index, names)], whole, names), *after]


def _together(updates: list[gast.AugAssign], offsets: list[int], index: str, names: Names) -> gast.AugAssign:
    """All updates of the element at the index."""
    first, total = updates[0], None
    for stmt, k in zip(updates, offsets, strict=True):
        value = put(stmt.value, {index: expr(f"_index + {-k}", _index=index)})
        alike = isinstance(stmt.op, type(first.op))
        total = value if total is None else gast.BinOp(total, gast.Add() if alike else gast.Sub(), value)
    axes = [*_axes(first)[:-1], expr("_index", _index=index)]
    place = axes[0] if len(axes) == 1 else gast.Tuple(axes, gast.Load())
    return rebuilt(first, target=rebuilt(first.target, slice=place), value=simplify(total, names))


def _loop(loop: gast.For, body: list[gast.stmt], over: gast.expr, names: Names) -> gast.For:
    args = [simplify(a, names) for a in over.args]
    args = args[1:] if literal(args[0]) == 0 else args
    return rebuilt(loop, iter=rebuilt(loop.iter, args=args), body=body)


def _bounds(loop: gast.For) -> tuple[int, gast.expr] | None:
    """The first index, if it is known, and the end of a loop that counts upwards by one."""
    args = loop.iter.args
    start = 0 if len(args) == 1 else literal(args[0])
    if not is_name(loop.iter.func, "range") or len(args) > 2 or type(start) is not int:
        return None
    return start, args[-1]


def _axes(stmt: gast.stmt) -> list[gast.expr]:
    index = store_target(stmt).slice
    return list(index.elts) if isinstance(index, gast.Tuple) else [index]
