"""Axes and views in normal form: `...` and sums of shapes written out; functions that make views as what they stand for.

A view is a subscript, `.T`, a reshape or a transpose.

    u = np.ravel(m)              u = np.reshape(m, -1)            (m contiguous)
    t = np.swapaxes(m, 0, 1)     t = m.T
    m[..., 0] = v                m[:, 0] = v                      (m with two axes)

Where NumPy would copy because the memory is not contiguous, a copy is made first. That is seen only by stores, and
whether memory is contiguous may depend on the run: so neither side may be stored to.
"""

from __future__ import annotations

import gast

from sct.ir.build import call_name, children, expr, is_name, nodes, quote, walk
from sct.lowering.fill import LIKE, PLAIN
from sct.lowering.nests import allocate, bounds
from sct.lowering.picked import consumed
from sct.lowering.roots import Roots, roots_of
from sct.lowering.subscripts import everything
from sct.lowering.work import Work

SHAPED = PLAIN | {"ones", "full", "reshape", "broadcast_to"}
CONTIGUOUS = frozenset({"reshape", "ravel", "ascontiguousarray"})
PERMUTING = frozenset({"transpose", "swapaxes", "moveaxis"})
SETTLED = CONTIGUOUS | PERMUTING | {"flatten", "asarray", "broadcast_to"}


def write_out_axes(work: Work) -> None:
    """`...` in subscripts, and the shapes of arrays in the shapes of new ones, with one part for each axis."""
    for stmt in walk(work.body):
        for node in _own_subscripts(stmt):
            node.slice = _written_out(node, work)
        if call_name(getattr(stmt, "value", None)) in SHAPED:
            stmt.value.args = [_one_tuple(a, work) for a in stmt.value.args]


def settle_views(work: Work) -> None:
    """After in-place updates are stores, so that the types tell how each array lies in memory."""
    if any(call_name(getattr(s, "value", None)) in SETTLED for s in walk(work.body)):
        _Settle(work, roots_of(work)).block(work.body)


def _own_subscripts(stmt: gast.stmt) -> list[gast.Subscript]:
    parts = [p for p in children(stmt) if not isinstance(p, gast.stmt)]
    return [n for part in parts for n in nodes(part) if isinstance(n, gast.Subscript) and is_name(n.value)]


def _written_out(node: gast.Subscript, work: Work) -> gast.expr:
    """The subscript with as many `:` for `...` as the array has axes left."""
    parts = list(node.slice.elts) if isinstance(node.slice, gast.Tuple) else [node.slice]
    places = [k for k, p in enumerate(parts) if isinstance(p, gast.Constant) and p.value is Ellipsis]
    if not places:
        return node.slice
    left = work.types.ndim(node.value.id) - sum(consumed(p, work.types) for p in parts) + 1
    dots = list(expr(f"a[{everything(left)},]").slice.elts) if left > 0 else []
    parts[places[0] : places[0] + 1] = dots
    return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())


def _one_tuple(node: gast.expr, work: Work) -> gast.expr:
    """`x.shape[1:] + (n,)` as `(x.shape[1], x.shape[2], n)`; anything else as it is."""
    parts = _axes(node, work) if isinstance(node, gast.BinOp | gast.Subscript) else None
    return node if parts is None else gast.copy_location(gast.Tuple(parts, gast.Load()), node)


def _axes(node: gast.expr, work: Work) -> list[gast.expr] | None:
    """The lengths in a shape; None for a number."""
    if isinstance(node, gast.Tuple):
        return list(node.elts)
    if isinstance(node, gast.Attribute) and node.attr == "shape":
        return [expr(f"a.shape[{k}]", a=node.value) for k in range(work.types.ndim(node.value.id))]
    if isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice):
        bounds = (b and gast.literal_eval(b) for b in (node.slice.lower, node.slice.upper, node.slice.step))
        return _axes(node.value, work)[slice(*bounds)]
    parts = [_axes(n, work) for n in (node.left, node.right)] if isinstance(node, gast.BinOp) else [None]
    return None if None in parts else parts[0] + parts[1]


def _elements(node: gast.expr) -> list[gast.expr]:
    return list(node.elts) if isinstance(node, gast.Tuple) else [node]


class _Settle:
    def __init__(self, work: Work, roots: Roots) -> None:
        self.work, self.roots = work, roots
        self.stored = {r for s in walk(work.body) for r in roots.stored_by(s)}

    def block(self, block: list[gast.stmt]) -> None:
        for k in reversed(range(len(block))):
            stmt = block[k]
            for inner in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
                if inner:
                    self.block(inner)
            called = call_name(getattr(stmt, "value", None))
            if called in PERMUTING:
                stmt.value = gast.copy_location(self._permuted(stmt), stmt.value)
            elif called in CONTIGUOUS:
                block[k : k + 1] = self._contiguous(stmt, called)
            elif called == "flatten":
                block[k : k + 1] = self._flattened(stmt)
            elif called == "broadcast_to":
                block[k : k + 1] = self._repeated(stmt)
            elif called == "asarray":
                stmt.value = gast.copy_location(self._as_array(stmt), stmt.value)

    def _permuted(self, stmt: gast.Assign) -> gast.expr:
        """`.T`, the array itself, or np.transpose with constant axes."""
        array, *rest = stmt.value.args
        count = self.work.types.ndim(array.id)
        order = list(range(count))
        if call_name(stmt.value) == "swapaxes":
            a, b = (self._axis(r, count, stmt) for r in rest)
            order[a], order[b] = order[b], order[a]
        elif call_name(stmt.value) == "moveaxis":
            order = self._moved(*rest, count, stmt)
        elif rest:
            order = [self._axis(r, count, stmt) for n in rest for r in _elements(n)]
        else:
            order.reverse()
        if sorted(order) != list(range(count)):
            raise self.work.syntax(stmt, "these are not the axes of the array, each once", "name every axis once.")
        if order == list(range(count)):
            return array
        if order == list(range(count))[::-1]:
            return expr("a.T", a=array)
        return expr(f"np.transpose(a, {tuple(order)})", a=array)

    def _moved(self, source: gast.expr, to: gast.expr, count: int, stmt: gast.stmt) -> list[int]:
        """The order of the axes after those of `source` have gone to the places `to`."""
        axes, places = ([self._axis(n, count, stmt) for n in _elements(tree)] for tree in (source, to))
        order = [k for k in range(count) if k not in axes]
        for place, axis in sorted(zip(places, axes, strict=False)):
            order.insert(place, axis)
        return order

    def _axis(self, node: gast.expr, count: int, stmt: gast.stmt) -> int:
        try:
            return range(count)[gast.literal_eval(node)]
        except (ValueError, IndexError, TypeError):
            raise self.work.syntax(stmt, "the axes must be constants, and axes of the array", "write them as integers.") from None

    def _contiguous(self, stmt: gast.Assign, called: str) -> list[gast.stmt]:
        array, *shape = stmt.value.args
        kept, made = array, []
        if not self._is_contiguous(array.id):
            self._refuse_stores(stmt, array.id)
            kept, made = self._copied(array.id, stmt)
        shape = shape[0] if shape else expr("-1")
        if called == "ascontiguousarray" or (called == "ravel" and self.work.types.ndim(array.id) == 1):
            stmt.value = kept
        else:
            stmt.value = gast.copy_location(expr("np.reshape(a, s)", a=kept, s=shape), stmt.value)
        return [*made, stmt]

    def _repeated(self, stmt: gast.Assign) -> list[gast.stmt]:
        """A copy: nobody sees that it is no view if nobody stores."""
        (array, shape), name = stmt.value.args, stmt.targets[0].id
        if self.roots.of(array.id) & self.stored:
            message = "np.broadcast_to is a view, and its array is written to"
            raise self.work.syntax(stmt, message, f"write `np.broadcast_to({array.id}.copy(), ...)`, or leave it out.")
        lengths, every = _elements(shape), everything(self.work.types.ndim(name))
        made = allocate(name, lengths, self.work.types.dtype(name), stmt)
        return made + quote(f"y[{every}] = a", stmt, y=name, a=array)

    def _as_array(self, stmt: gast.Assign) -> gast.expr:
        """The array or scalar itself, or a copy of another type."""
        array, types = stmt.value.args[0], self.work.types
        other = is_name(array) and types.dtype(array.id) != types.dtype(stmt.targets[0].id)
        return expr("astype(a, t)", a=array, t=stmt.value.args[1]) if other else array

    def _flattened(self, stmt: gast.Assign) -> list[gast.stmt]:
        kept, made = self._copied(stmt.value.args[0].id, stmt)
        stmt.value = expr("np.reshape(a, -1)", a=kept)
        return [*made, stmt]

    def _is_contiguous(self, array: str) -> bool:
        layout = self.work.types.layout(array)
        plain = layout == "C" or (layout == "F" and self.work.types.ndim(array) == 1)
        return plain and all(map(self._lies_as_typed, self.roots.of(array)))

    def _lies_as_typed(self, root: str) -> bool:
        """Local arrays are made in rows, also where Numba's types, which follow its own functions, say columns."""
        value = getattr(self.roots.born.get(root), "value", None)
        if value is None or call_name(value) in LIKE:
            return True
        if call_name(value) in self.work.program.helpers:
            given = [a.id for a in value.args if is_name(a) and self.work.types.is_array(a.id)]
            return all(self.work.types.layout(a) == "C" for a in given)
        return self.work.types.layout(root) == "C"

    def _refuse_stores(self, stmt: gast.Assign, array: str) -> None:
        if self.roots.of(array) & self.stored:
            message = "whether this is a view or a copy depends on the order in memory, and one of the arrays is written to"
            raise self.work.syntax(stmt, message, "write `a.flatten()` for a copy, or fill an array made by np.empty first.")

    def _copied(self, array: str, stmt: gast.stmt) -> tuple[gast.expr, list[gast.stmt]]:
        """A copy in rows, whatever the order of the array in memory."""
        name = self.work.array(f"{array}_rows", array)
        made = allocate(name, bounds(array, self.work), self.work.types.dtype(array), stmt)
        return expr(name), made + quote(f"r[{everything(self.work.types.ndim(array))}] = a", stmt, r=name, a=array)
