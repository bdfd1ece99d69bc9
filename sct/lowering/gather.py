"""Loads and stores whose subscripts are arrays, as loops over those.

    t = GATHER(a[i])               t = np.empty(len(i))
                                   for k in range(len(i)):
                                       i_k = i[k]
                                       t_k = a[i_k]
                                       t[k] = t_k

    a[m] = s             ->        for k in range(len(m)):         (`m` a mask, `s` a number)
                                       c = m[k]
                                       if c:
                                           a[k] = s

Any other mask is first made the subscripts at which it is true, with `np.nonzero` written in the language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import gast
from numba.core import types as nt

from sct.bodies import places
from sct.frontend.load import callee
from sct.ir.build import clone, expr, is_name, quote, store_target
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import Checks, Extent, allocate, bounds, nest, new_indices
from sct.lowering.picked import consumed, is_mask, new_array
from sct.lowering.subscripts import is_full, is_new, written_parts
from sct.lowering.work import Work

NONZERO = {1: places.flatnonzero, 2: places.nonzero_of_matrix, 3: places.nonzero_of_three_axes}


@dataclass(frozen=True)
class Picked:
    """`array[parts]`, one part per axis: integers, `:` and arrays of integers, whose axes come at `place` in the result."""

    array: str
    parts: tuple[gast.expr, ...]
    place: int
    picking: tuple[str, ...]
    extent: Extent

    def index(self, indices: list[str], chosen: dict[str, str]) -> gast.expr:
        """The subscript of the element at `indices` of the result, for the elements `chosen` of the arrays."""
        count = len(self.extent.keys) - sum(isinstance(p, gast.Slice) for p in self.parts)
        kept = iter(indices[: self.place] + indices[self.place + count :])
        found = [next(kept) if isinstance(p, gast.Slice) else chosen.get(getattr(p, "id", ""), p) for p in self.parts]
        found = [expr(p) if isinstance(p, str) else clone(p) for p in found]
        return found[0] if len(found) == 1 else gast.Tuple(found, gast.Load())


def gather(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    """`t = GATHER(a[i])` as an allocation and a nest."""
    name = stmt.targets[0].id
    out: list[gast.stmt] = []
    picked = _picked(stmt.value.args[0], stmt, arrays, out)
    arrays.shapes.arrays[name] = picked.extent.keys
    out += allocate(name, picked.extent.lengths, arrays.work.types.dtype(name), stmt)
    indices = new_indices(len(picked.extent.keys), arrays.work)
    value = arrays.work.fresh(f"{name}_{indices[-1]}")

    def body(chosen: dict[str, str]) -> list[gast.stmt]:
        index = picked.index(indices, chosen)
        return quote("v = a[i]; t[j] = v", stmt, v=value, a=picked.array, i=index, t=name, j=subscript(indices))

    return [*out, *_over(picked, indices, body, stmt, arrays)]


def scatter(stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """`a[i] = e`, or `a[i] += e` which adds at every subscript; the right side is complete before."""
    target, out = store_target(stmt), _apart(stmt, arrays)
    if _is_masked(target, stmt.value, arrays.work):
        return [*out, *_masked(stmt, arrays)]
    picked = _picked(target, stmt, arrays, out)
    leaves, checks = arrays.leaves(stmt.value), Checks(arrays.shapes, arrays.work, stmt)
    for leaf in leaves:
        if arrays.work.types.ndim(leaf) > len(picked.extent.keys):
            message = "the value has more axes than the part of the array it is stored to"
            raise arrays.work.syntax(stmt, message, "store to as many axes.")
        checks.fits(picked.extent, leaf)
    indices = new_indices(len(picked.extent.keys), arrays.work)
    sign = "+=" if isinstance(stmt, gast.AugAssign) else "="

    def body(chosen: dict[str, str]) -> list[gast.stmt]:
        made: list[gast.stmt] = []
        element = arrays.elements(indices, picked.extent.keys, stmt).atom(stmt.value, made)
        return made + quote(f"a[i] {sign} v", stmt, a=picked.array, i=picked.index(indices, chosen), v=element)

    return [*out, *checks.statements(), *_over(picked, indices, body, stmt, arrays)]


def _over(picked: Picked, indices: list[str], body, stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """A nest over the result; the elements of the arrays are loaded as soon as their subscripts are known."""
    count = len(picked.extent.keys) - sum(isinstance(p, gast.Slice) for p in picked.parts)
    end = picked.place + count
    elements = arrays.elements(indices[picked.place : end], picked.extent.keys[picked.place : end], stmt)
    loads: list[gast.stmt] = []
    chosen = {name: elements.element(name, loads) for name in picked.picking}
    inner = body(chosen)
    if end < len(indices):
        inner = [nest(picked.extent.lengths[end:], indices[end:], inner, stmt, apart=False)]
    return [nest(picked.extent.lengths[:end], indices[:end], [*loads, *inner], stmt, apart=False)]


def _picked(node: gast.Subscript, stmt: gast.stmt, arrays: Arrays, out: list[gast.stmt]) -> Picked:
    """The subscript without masks, new axes and cut slices; what that takes goes to `out`."""
    work, array = arrays.work, node.value.id
    parts = _without_masks(node, stmt, arrays, out)
    choosing = [k for k, p in enumerate(parts) if not (isinstance(p, gast.Slice) or is_new(p))]
    together = choosing[-1] - choosing[0] + 1 == len(choosing)
    place = choosing[0] if together else 0
    if any(is_new(p) or (isinstance(p, gast.Slice) and not is_full(p)) for p in parts):
        array, parts = _viewed(array, parts, stmt, arrays, out)
    picking = tuple(dict.fromkeys(p.id for p in parts if is_name(p) and work.types.is_array(p.id)))
    whole, checked = arrays.checked(list(picking), stmt)
    out += checked
    keys, lengths = arrays.shapes.of(array), bounds(array, work)
    kept = [k for k, p in enumerate(parts) if isinstance(p, gast.Slice)]
    before, after = kept[:place], kept[place:]
    extent = Extent(
        (*(keys[k] for k in before), *whole.keys, *(keys[k] for k in after)),
        [*(lengths[k] for k in before), *whole.lengths, *(lengths[k] for k in after)],
    )
    return Picked(array, tuple(parts), place, picking, extent)


def _viewed(array: str, parts: list[gast.expr], stmt: gast.stmt, arrays: Arrays, out: list[gast.stmt]):
    """A view with the new axes and without what slices and integers leave out, and what is left of the subscript."""
    work = arrays.work
    stays = [is_name(p) and work.types.is_array(p.id) for p in parts]
    cut = [expr("a[:]").slice if stay else p for stay, p in zip(stays, parts, strict=True)]
    left = [p if stay else expr("a[:]").slice for stay, p in zip(stays, parts, strict=True) if stay or _is_axis(p)]
    view = work.array(f"{array}_part", array, len(left))
    made = quote("v = a[i]", stmt, v=view, a=array, i=gast.Tuple(cut, gast.Load()) if len(cut) > 1 else cut[0])
    arrays.shapes.learn(made[0])
    arrays.learn(made[0])
    out += made
    return view, left


def _is_axis(part: gast.expr) -> bool:
    return isinstance(part, gast.Slice) or is_new(part)


def _without_masks(node: gast.Subscript, stmt: gast.stmt, arrays: Arrays, out: list[gast.stmt]) -> list[gast.expr]:
    """One part for each axis of the array, and None for new ones; masks have become arrays of integers."""
    work, parts, axis = arrays.work, [], 0
    for part in written_parts(node):
        if is_mask(part, work.types):
            out += _fitting(part.id, node.value.id, axis, stmt, arrays)
            parts += _nonzero(part.id, stmt, arrays, out)
        else:
            parts.append(part)
        axis += consumed(part, work.types)
    return [*parts, *(expr("a[:]").slice for _ in range(work.types.ndim(node.value.id) - axis))]


def _fitting(mask: str, array: str, axis: int, stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """The check that a mask has the shape of the axes that it stands for."""
    keys, lengths = arrays.shapes.of(array), bounds(array, arrays.work)
    checks = Checks(arrays.shapes, arrays.work, stmt)
    for k, (key, length) in enumerate(zip(arrays.shapes.of(mask), bounds(mask, arrays.work), strict=True)):
        checks.equal(keys[axis + k], key, lengths[axis + k], length)
    return checks.statements()


def _nonzero(mask: str, stmt: gast.stmt, arrays: Arrays, out: list[gast.stmt]) -> list[gast.expr]:
    """The subscripts at which a mask is true, one array for each of its axes."""
    work, count = arrays.work, arrays.work.types.ndim(mask)
    if count not in NONZERO:
        raise work.syntax(stmt, f"a mask of {count} axes is not supported", "loop over the first axes.")
    if mask in arrays.nonzero:
        return [expr(name) for name in arrays.nonzero[mask]]
    names = [new_array(f"{mask}_{wish}", mask, 1, work, nt.int64) for wish in ("rows", "columns", "layers")[:count]]
    if mask in arrays.pending:
        out += arrays.settle(mask)
    to = names[0] if count == 1 else f"({', '.join(names)})"
    out += quote(f"{to} = f(m)", stmt, f=_helper(NONZERO[count], work), m=mask)
    for name in names[1:]:
        arrays.shapes.arrays[name] = arrays.shapes.of(names[0])
    arrays.nonzero[mask] = names
    return [expr(name) for name in names]


def _helper(function: object, work: Work) -> str:
    """The name in the program of a function of NumPy that we have written in the language."""
    for name, known in work.program.helpers.items():
        if known.function is function:
            return name
    name = work.fresh(function.__name__)
    work.program = replace(work.program, helpers=work.program.helpers | {name: callee(function)})
    return name


def _apart(stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """Copies of what the store reads and may overwrite."""
    target = store_target(stmt)
    out: list[gast.stmt] = []
    for name in dict.fromkeys(_read_by(stmt, target, arrays)):
        read = arrays.leaves(expr(name)) + arrays.picked(expr(name))
        if not any(arrays.roots.may_overlap(r, target.value.id) for r in read):
            continue
        if name in arrays.pending:
            out += arrays.settle(name)
            continue
        kept = arrays.work.array(f"{name}_copy", name)
        made = quote("t = np.copy(a)", stmt, t=kept, a=name)
        arrays.shapes.learn(made[0])
        out += made
        stmt.value = _renamed(stmt.value, name, kept)
        target.slice = _renamed(target.slice, name, kept)
    return out


def _read_by(stmt: gast.stmt, target: gast.Subscript, arrays: Arrays) -> list[str]:
    read = [stmt.value, *written_parts(target)]
    return [n.id for n in read if is_name(n) and arrays.work.types.is_array(n.id)]


def _renamed(node: gast.expr, name: str, to: str) -> gast.expr:
    if isinstance(node, gast.Tuple):
        return gast.Tuple([_renamed(e, name, to) for e in node.elts], node.ctx)
    return expr(to) if is_name(node, name) else node


# masks


def _is_masked(target: gast.Subscript, value: gast.expr, work: Work) -> bool:
    """Whether a number is stored by one mask, integers and `:` alone."""
    parts, types = written_parts(target), work.types
    masks = [p for p in parts if is_mask(p, types)]
    others = [p for p in parts if not is_mask(p, types)]
    plain = all(is_full(p) or not (_is_axis(p) or (is_name(p) and types.is_array(p.id))) for p in others)
    return len(masks) == 1 and plain and not (is_name(value) and types.is_array(value.id))


def _masked(stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
    """`a[m] = s` as a nest over the mask, with a branch."""
    target, work = store_target(stmt), arrays.work
    array, parts = target.value.id, written_parts(target)
    parts += [expr("a[:]").slice] * (work.types.ndim(array) - sum(consumed(p, work.types) for p in parts))
    at = next(k for k, p in enumerate(parts) if is_mask(p, work.types))
    mask, first = parts[at].id, sum(consumed(p, work.types) for p in parts[:at])
    out = arrays.settle(mask) if mask in arrays.pending else []
    out += _fitting(mask, array, first, stmt, arrays)
    count = work.types.ndim(mask)
    inside = new_indices(count, work)
    around = [None if not isinstance(p, gast.Slice) else work.fresh("i") for p in parts]
    index = [e for k, p in enumerate(parts) for e in (map(expr, inside) if k == at else [expr(around[k]) if around[k] else p])]
    test = work.fresh("c")
    sign = "+=" if isinstance(stmt, gast.AugAssign) else "="
    place = index[0] if len(index) == 1 else gast.Tuple(index, gast.Load())
    body = quote(f"a[i] {sign} v", stmt, a=array, i=place, v=stmt.value)
    kept = [k for k, name in enumerate(around) if name]
    lengths = bounds(array, work)
    if kept:
        axes = [k if k < at else k + count - 1 for k in kept]
        body = [nest([lengths[k] for k in axes], [around[k] for k in kept], body, stmt)]
    (branch,) = quote("if c:\n    pass", stmt, c=test)
    branch.body = body
    body = [*quote("c = m[i]", stmt, c=test, m=mask, i=subscript(inside)), branch]
    return [*out, nest(bounds(mask, work), inside, body, stmt)]
