"""Stores to parts of arrays, with NumPy's meaning: the right side is complete before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.ir.build import expr, is_name, quote, store_target
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import Checks, Extent, bounds, nest, new_indices
from sct.lowering.subscripts import Axes, axes, everything
from sct.lowering.work import Work


@dataclass(frozen=True)
class Place:
    """What is written to: the parts' array, with a loop index for each slice of the parts."""

    parts: Axes

    def extent(self, arrays: Arrays) -> Extent:
        keys, lengths = arrays.shapes.of(self.parts.array), bounds(self.parts.array, arrays.work)
        return Extent(tuple(keys[k] for k in self.parts.kept), [lengths[k] for k in self.parts.kept])

    def at(self, indices: list[str]) -> gast.expr:
        left = iter(indices)
        parts = [expr(next(left)) if isinstance(p, gast.Slice) else p for p in self.parts.parts]
        return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())


def store(stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """`a[part] = e` or `a[part] += e` as a nest of element stores."""
    written = axes(store_target(stmt), arrays.work)
    value = stmt.value
    out = _apart(stmt, written, value, arrays) if is_name(value) and arrays.work.types.is_array(value.id) else []
    place, made = _place(stmt, written, arrays)
    leaves = arrays.leaves(stmt.value)
    checks = Checks(arrays.shapes, arrays.work, stmt)
    whole = place.extent(arrays)
    if leaves and hasattr(stmt, "rebinds"):
        found, more = arrays.checked(leaves, stmt)
        made += more
        checks.same(whole, found)
    for leaf in leaves:
        _refuse_rank(leaf, len(whole.keys), stmt, arrays.work)
        checks.fits(whole, leaf)
    indices = new_indices(len(whole.keys), arrays.work)
    body: list[gast.stmt] = []
    element = arrays.elements(indices, whole.keys, stmt).atom(stmt.value, body)
    sign = "+=" if isinstance(stmt, gast.AugAssign) else "="
    body += quote(f"a[i] {sign} v", stmt, a=place.parts.array, i=place.at(indices), v=element)
    return [*out, *made, *checks.statements(), nest(whole.lengths, indices, body, stmt)]


def _place(stmt: gast.stmt, written: Axes, arrays: Arrays) -> tuple[Place, list[gast.stmt]]:
    """Rows and whole arrays are written directly, other slices through a view, which clamps them."""
    if written.is_plain:
        return Place(written), []
    view = arrays.work.array(f"{written.array}_part", written.array, len(written.result))
    made = quote("v = a[i]", stmt, v=view, a=written.array, i=store_target(stmt).slice)
    arrays.shapes.learn(made[0])
    parts = axes(expr(f"v[{everything(len(written.result))}]", v=view), arrays.work)
    return Place(parts), made


def _apart(stmt: gast.stmt, written: Axes, value: gast.Name, arrays: Arrays) -> list[gast.stmt]:
    """Where the value may read what the store overwrites elsewhere: compute it first."""
    if not _disturbs(written, value.id, arrays):
        picks = any(arrays.roots.may_overlap(a, written.array) for a in arrays.picked(value))
        return arrays.settle(value.id) if picks else []
    if arrays.work.program.source.compiled and (isinstance(stmt, gast.AugAssign) or getattr(stmt, "augmented", False)):
        message = "Numba updates these overlapping elements one after the other, NumPy all at once"
        raise arrays.work.syntax(stmt, message, "differentiate the plain function, or write `a[...] = a[...] + ...`.")
    if value.id in arrays.pending:
        return arrays.settle(value.id)
    kept = arrays.work.array(f"{value.id}_copy", value.id)
    stmt.value = expr(kept)
    made = quote("t = np.copy(a)", stmt, t=kept, a=value.id)
    arrays.shapes.learn(made[0])
    return made


def _disturbs(written: Axes, value: str, arrays: Arrays) -> bool:
    key = arrays.views.get(written.array, written.array) if written.key == written.array else written.key
    for leaf in arrays.leaves(expr(value)):
        aligned = arrays.views.get(leaf, leaf) == key and arrays.work.types.ndim(leaf) == len(written.result)
        aligned |= key == written.array and arrays.roots.same_or_apart(leaf, written.array)
        if not aligned and arrays.roots.may_overlap(leaf, written.array):
            return True
    return False


def _refuse_rank(leaf: str, rank: int, stmt: gast.stmt, work: Work) -> None:
    if work.types.ndim(leaf) > rank:
        message = "the value has more axes than the part of the array it is stored to"
        raise work.syntax(stmt, message, "store to as many axes.")
