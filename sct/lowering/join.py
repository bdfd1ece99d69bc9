"""Arrays made of scalars or of other arrays: an allocation, then stores.

    y = np.array((a, b))           y = np.empty(2)
                                   y[0] = a
                                   y[1] = b

    y = np.concatenate((a, b))     y = np.empty(len(a) + len(b))
                                   for k in range(len(a)):
                                       a_k = a[k]
                                       y[k] = a_k
                                   for k in range(len(b)):
                                       b_k = b[k]
                                       y[len(a) + k] = b_k
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from sct.ir.build import call_name, expr, is_name, quote, text
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import Checks, allocate, bounds, nest, new_indices
from sct.lowering.work import Work

JOINED = frozenset({"concatenate", "hstack", "vstack", "column_stack", "dstack", "stack", "append"})


_AXES = {"append": 0, "hstack": 1, "column_stack": 1, "dstack": 2}


def literal_array(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    """`np.array` of a tuple of scalars, or of tuples of them; arrays are stacked."""
    parts = stmt.value.args[0].elts
    if parts and is_name(parts[0]) and arrays.work.types.is_array(parts[0].id):
        stacked = gast.Assign(stmt.targets, expr("np.stack(p)", p=stmt.value.args[0]), None)
        return joined(gast.copy_location(stacked, stmt), arrays)
    name, dtype = stmt.targets[0].id, arrays.work.types.dtype(stmt.targets[0].id)
    lengths, inner = [], stmt.value.args[0]
    while isinstance(inner, gast.Tuple):
        lengths.append(expr(str(len(inner.elts))))
        inner = inner.elts[0] if inner.elts else None
    out = allocate(name, lengths, dtype, stmt)
    for place, value in _leaves(stmt.value.args[0]):
        out += quote("y[i] = v", stmt, y=name, i=subscript(place), v=value)
    return out


def _leaves(node: gast.expr, place: tuple[str, ...] = ()) -> Iterator[tuple[list[str], gast.expr]]:
    if not isinstance(node, gast.Tuple):
        yield list(place), node
        return
    for k, element in enumerate(node.elts):
        yield from _leaves(element, (*place, str(k)))


def joined(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    """The parts one after the other along one axis, which stack makes."""
    work, name, function = arrays.work, stmt.targets[0].id, call_name(stmt.value)
    parts = stmt.value.args if function == "append" else stmt.value.args[0].elts
    ndim = work.types.ndim(name)
    axis = _axis(stmt, ndim, work)
    if any(is_name(part) and work.types.ndim(part.id) > ndim for part in parts):
        raise work.call(stmt, f"`np.{function}` of matrices is not supported without an axis", "flatten them first.")
    pieces = [_Piece(part, ndim, axis, arrays) for part in parts]
    checks = Checks(arrays.shapes, work, stmt)
    for piece in pieces[1:]:
        for k in range(ndim):
            if k != axis:
                checks.equal(pieces[0].keys[k], piece.keys[k], pieces[0].lengths[k], piece.lengths[k])
    lengths = list(pieces[0].lengths)
    lengths[axis] = _total([p.lengths[axis] for p in pieces])
    fills = [piece.fill(name, _total([p.lengths[axis] for p in pieces[:k]]), stmt) for k, piece in enumerate(pieces)]
    return [*checks.statements(), *allocate(name, lengths, work.types.dtype(name), stmt), *fills]


def _axis(stmt: gast.Assign, ndim: int, work: Work) -> int:
    """The axis along which arrays are joined: that of the function, of vectors the first, or the one given."""
    function, given = call_name(stmt.value), stmt.value.args[1:]
    if function in _AXES or not given:
        return min(_AXES.get(function, 0), ndim - 1)
    try:
        return range(ndim)[gast.literal_eval(given[0])]
    except (ValueError, IndexError, TypeError):
        raise work.call(stmt, "the axis must be a constant, and one of the result", "write it as an integer.") from None


def _total(lengths: list[gast.expr]) -> gast.expr | None:
    """The sum of lengths, None for no lengths."""
    total = None
    for length in lengths:
        total = length if total is None else expr("a + b", a=total, b=length)
    return total


class _Piece:
    """One part, with new axes of length 1 where the result has more: along that of joining, and in front."""

    def __init__(self, part: gast.expr, ndim: int, axis: int, arrays: Arrays) -> None:
        self.part, self.axis, self.work = part, axis, arrays.work
        own = arrays.work.types.ndim(part.id) if is_name(part) else 0
        self.own, self.new = own, ndim - own
        self.lengths = bounds(part.id, arrays.work) if own else []
        self.keys = list(arrays.shapes.of(part.id)) if own else []
        self._with_new(self.lengths, expr("1"))
        self._with_new(self.keys, "1")

    def _with_new(self, axes: list[Any], made: Any) -> None:
        for k in range(self.new):
            axes.insert(self.axis if k + 1 == self.new else 0, made)

    def fill(self, name: str, offset: gast.expr | None, at: gast.stmt) -> gast.stmt:
        indices = new_indices(self.own, self.work)
        places = list(indices)
        self._with_new(places, "0")
        if offset is not None:
            moved = places[self.axis]
            places[self.axis] = text(offset) if moved == "0" else f"{text(offset)} + {moved}"
        if not self.own:
            return quote("y[i] = v", at, y=name, i=subscript(places), v=self.part)[0]
        value = self.work.fresh(f"{self.part.id}_{indices[-1]}")
        body = quote("v = a[i]", at, v=value, a=self.part, i=subscript(indices))
        body += quote("y[i] = v", at, y=name, i=subscript(places), v=value)
        return nest(bounds(self.part.id, self.work), indices, body, at)
