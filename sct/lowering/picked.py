"""Subscripts with arrays in them, apart from views: a load makes a new array, an update reads all it needs before it stores.

    t = a[i, 0]                    t = GATHER(a[i, 0])
    a[i] += v            ->        t = GATHER(a[i])
                                   u = t + v
                                   a[i] = u
    c = a[i] > 0.0                 t = GATHER(a[i])
                                   c = t > 0.0

Until `sct.lowering.gather` writes the loops, everything sees in `GATHER` a function that makes an array.
"""

from __future__ import annotations

from dataclasses import replace

import gast
from numba.core import types as nt

from sct.ir.build import bodies, call_name, expr, is_name, loads, nodes, quote, store_target
from sct.lowering.subscripts import axes, is_new, written_parts
from sct.lowering.wholes import wholes
from sct.lowering.work import Work
from sct.types import Types

GATHER = "GATHER"


def is_picking(node: gast.Subscript, types: Types) -> bool:
    """Whether an array stands among the subscripts."""
    return any(is_name(p) and types.is_array(p.id) for p in written_parts(node))


def is_mask(part: gast.expr, types: Types) -> bool:
    return is_name(part) and types.is_array(part.id) and isinstance(types.dtype(part.id), nt.Boolean)


def consumed(part: gast.expr, types: Types) -> int:
    """How many axes of the array a part of its subscript stands for."""
    if is_new(part):
        return 0
    return types.ndim(part.id) if is_mask(part, types) else 1


def rank(node: gast.Subscript, types: Types) -> int:
    """The number of axes of what a subscript with arrays in it takes."""
    parts = written_parts(node)
    picking = [1 if is_mask(p, types) else types.ndim(p.id) for p in parts if is_name(p) and types.is_array(p.id)]
    kept = sum(isinstance(p, gast.Slice) or is_new(p) for p in parts)
    return max(picking) + kept + types.ndim(node.value.id) - sum(consumed(p, types) for p in parts)


def is_gather(value: gast.AST) -> bool:
    return isinstance(value, gast.Call) and is_name(value.func, GATHER)


def is_pointwise(node: gast.Subscript, types: Types) -> bool:
    """Whether each element of the arrays among the subscripts takes one element: no masks, nothing kept whole."""
    parts = written_parts(node)
    kept = any(isinstance(p, gast.Slice) or is_new(p) or is_mask(p, types) for p in parts)
    return not kept and len(parts) == types.ndim(node.value.id)


def part_gathers(work: Work) -> None:
    _block(work.body, work)


def _block(block: list[gast.stmt], work: Work) -> None:
    for k in reversed(range(len(block))):
        stmt = block[k]
        for inner in bodies(stmt):
            _block(inner, work)
        if not bodies(stmt):
            block[k : k + 1] = [*_computed(stmt, work), *_parted(stmt, work)]


def _parted(stmt: gast.stmt, work: Work) -> list[gast.stmt]:
    if isinstance(stmt, gast.AugAssign):
        return _in_turn(stmt, work) if _reads_first(stmt, work) else [stmt]
    is_store = not isinstance(stmt, gast.Assign) or store_target(stmt) is not None
    return [stmt] if is_store else [*_named(stmt, work), stmt]


def _computed(stmt: gast.stmt, work: Work) -> list[gast.stmt]:
    """Names for the subscripts in a statement that are computed from arrays: `a[i + 1]` as `t = i + 1` and `a[t]`."""
    made: list[gast.stmt] = []
    for node in nodes(stmt):
        if isinstance(node, gast.Subscript) and is_name(node.value) and work.types.is_array(node.value.id):
            parts = [_atom(p, stmt, work, made) if wholes(p, work.types) else p for p in written_parts(node)]
            node.slice = gast.Tuple(parts, gast.Load()) if isinstance(node.slice, gast.Tuple) else parts[0]
    return made


def _atom(node: gast.expr, stmt: gast.stmt, work: Work, made: list[gast.stmt]) -> gast.expr:
    if isinstance(node, gast.BinOp):
        value = gast.BinOp(_atom(node.left, stmt, work, made), node.op, _atom(node.right, stmt, work, made))
    elif isinstance(node, gast.UnaryOp) and not isinstance(node.operand, gast.Constant):
        value = gast.UnaryOp(node.op, _atom(node.operand, stmt, work, made))
    elif call_name(node) == "abs":
        value = expr("abs(a)", a=_atom(node.args[0], stmt, work, made))
    elif isinstance(node, gast.Slice):
        raise work.syntax(stmt, "a slice between arrays is not supported", "slice between numbers.")
    else:
        return node
    read = wholes(value, work.types)
    if read:
        kind = nt.boolean if all(isinstance(work.types.dtype(n), nt.Boolean) for n in read) else nt.int64
        name = new_array("t", read[0], max(map(work.types.ndim, read)), work, kind)
    else:
        name = work.fresh("t")
        work.types = replace(work.types, names=work.types.names | {name: nt.int64})
    made += quote("t = e", stmt, t=name, e=value)
    return expr(name)


def _reads_first(stmt: gast.AugAssign, work: Work) -> bool:
    """Whether elements that are named twice make a difference: NumPy adds to them once."""
    types = work.types
    if getattr(stmt, "each", False) or not is_picking(stmt.target, types):
        return False
    return any(is_name(p) and types.is_array(p.id) and not is_mask(p, types) for p in written_parts(stmt.target))


def _in_turn(stmt: gast.AugAssign, work: Work) -> list[gast.stmt]:
    array, types = stmt.target.value.id, work.types
    count = rank(stmt.target, types)
    old = new_array("t", array, count, work)
    new = new_array("t", array, max(count, types.ndim(getattr(stmt.value, "id", ""))), work)
    made = quote("t = GATHER(p)\nu = t + v\np = u", stmt, t=old, u=new, p=stmt.target, v=stmt.value)
    made[-1].augmented = True
    return made


def new_array(wish: str, like: str, ndim: int, work: Work, dtype: nt.Type | None = None) -> str:
    """A new name for an array in rows with elements like those of `like`, or of a type of their own."""
    name = work.array(wish, like, ndim)
    made = nt.Array(dtype or work.types.dtype(like), ndim, "C")
    work.types = replace(work.types, names=work.types.names | {name: made})
    return name


def _named(stmt: gast.Assign, work: Work) -> list[gast.stmt]:
    """Marks what the statement loads; inside an expression it gets a name first."""
    if isinstance(stmt.value, gast.Subscript) and is_name(stmt.value.value):
        if is_picking(stmt.value, work.types):
            stmt.value = gast.copy_location(expr("GATHER(p)", p=stmt.value), stmt.value)
        return []
    made: list[gast.stmt] = []
    for load in [] if is_gather(stmt.value) else loads(stmt.value):
        if work.types.is_array(load.value.id) and is_picking(load, work.types):
            made += elements_named(load, stmt, work)
            name = new_array("t", load.value.id, rank(load, work.types), work)
            made += quote("t = GATHER(p)", stmt, t=name, p=load)
            stmt.value = Put(load, name).visit(stmt.value)
    return made


def elements_named(part: gast.Subscript, stmt: gast.Assign, work: Work) -> list[gast.stmt]:
    """Statements that bind the elements in the subscript of a part of an array, those inside others first."""
    made: list[gast.stmt] = []
    while inner := [load for load in loads(part.slice) if not loads(load.slice) and axes(load, work).is_element]:
        for load in inner:
            name = work.fresh("t")
            made += quote("v = a[i]", stmt, v=name, a=load.value, i=load.slice)
            part.slice = Put(load, name).visit(part.slice)
    return made


class Put(gast.NodeTransformer):
    """A name in place of one load."""

    def __init__(self, load: gast.Subscript, name: str) -> None:
        self.load, self.name = load, name

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        return expr(self.name) if node is self.load else self.generic_visit(node)
