"""Numbers that would silently mean something else: active complex values, sums of bools, and ints to a negative power.

    p = a ** n        ->        negative = n < 0            (ints, unless n is known not to be negative)
                                if negative:
                                    raise ValueError("...")
                                p = a ** n

    c = a + b         ->        c = a | b                   (arrays of bools; a product is `&`, a difference is none)
"""

from __future__ import annotations

import gast
from numba.core import types as nt

from sct.analyses.regions import Regions, regions
from sct.ir.build import bodies, call_name, children, is_name, names_in, nodes, quote, store_target, targets, walk
from sct.lowering.picked import is_picking, rank
from sct.lowering.subscripts import axes
from sct.lowering.work import Work

NEGATIVE = "sct: an int to a negative power is a float in Python, but an int in Numba; write float(a) ** n"


def settle_numbers(work: Work) -> None:
    _refuse_complex(work)
    for stmt in walk(work.body):
        _settle_bools(stmt, work)
    if not work.program.source.compiled:
        _guard_powers(work.body, regions(work.program), work)


def _refuse_complex(work: Work) -> None:
    """Complex constants may be used; what is made of a complex and a float number has no derivative here."""
    for stmt in walk(work.body):
        target = store_target(stmt)
        made = [target.value.id] if target is not None else targets(stmt)
        value = getattr(stmt, "value", None)
        if value is None or not any(_is_complex(n, work) for n in made):
            continue
        if any(isinstance(work.types.dtype(n), nt.Float) for n in names_in(value)):
            message = "a complex number made of floats is not supported"
            raise work.syntax(stmt, message, "keep real and imaginary parts in two variables.")


def _is_complex(name: str, work: Work) -> bool:
    return isinstance(work.types.dtype(name), nt.Complex)


def _settle_bools(stmt: gast.stmt, work: Work) -> None:
    """Arithmetic of arrays of bools is logic, as in NumPy, while that of elements is arithmetic of ints."""
    made = stmt if isinstance(stmt, gast.AugAssign) else getattr(stmt, "value", None)
    operands = _operands(made)
    if not any(_is_array(o, work) for o in operands) or not all(_is_bool(o, work) for o in operands):
        return
    if isinstance(made, gast.Call) or isinstance(made.op, gast.Sub | gast.USub | gast.UAdd):
        raise work.syntax(stmt, "arrays of bools have no difference and no sign", "write a ^ b, or ~a; a * 1 is made of ints.")
    made.op = {gast.Add: gast.BitOr, gast.Mult: gast.BitAnd}.get(type(made.op), type(made.op))()


def _operands(node: gast.AST | None) -> list[gast.expr]:
    """The operands of arithmetic, or of the functions that are differences and signs."""
    if isinstance(node, gast.AugAssign):
        return [node.target, node.value]
    if isinstance(node, gast.BinOp):
        return [node.left, node.right]
    if isinstance(node, gast.UnaryOp):
        return [node.operand]
    of_numpy = isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute)
    return node.args if of_numpy and call_name(node) in ("subtract", "negative", "positive") else []


def _is_array(node: gast.expr, work: Work) -> bool:
    if isinstance(node, gast.Subscript) and is_name(node.value):
        return rank(node, work.types) > 0 if is_picking(node, work.types) else len(axes(node, work).result) > 0
    return is_name(node) and work.types.is_array(node.id)


def _is_bool(node: gast.expr, work: Work) -> bool:
    if isinstance(node, gast.Constant):
        return type(node.value) is bool
    name = node.value if isinstance(node, gast.Subscript) else node
    return is_name(name) and isinstance(work.types.dtype(name.id), nt.Boolean)


def _guard_powers(block: list[gast.stmt], facts: Regions, work: Work) -> None:
    for k in reversed(range(len(block))):
        stmt = block[k]
        for inner in bodies(stmt):
            _guard_powers(inner, facts, work)
        if isinstance(stmt, gast.While):
            continue
        guards: list[gast.stmt] = []
        for power in _powers(stmt, work):
            if not _is_natural(power.right, facts):
                test = f"c = n < 0\nif c:\n    raise ValueError({NEGATIVE!r})"
                guards += quote(test, stmt, c=work.fresh("negative"), n=power.right)
        block[k:k] = guards


def _powers(stmt: gast.stmt, work: Work) -> list[gast.BinOp]:
    """Powers of int scalars in a statement itself."""
    parts = [p for p in children(stmt) if isinstance(p, gast.expr)]
    found = [n for p in parts for n in nodes(p) if isinstance(n, gast.BinOp) and isinstance(n.op, gast.Pow)]
    return [p for p in found if _is_int(p.left, work) and _is_int(p.right, work)]


def _is_int(node: gast.expr, work: Work) -> bool:
    """Whether the leaves of an expression are int scalars."""
    if is_name(node):
        return work.types.is_int(node.id)
    if isinstance(node, gast.Constant):
        return type(node.value) is int
    if isinstance(node, gast.BinOp):
        return not isinstance(node.op, gast.Div) and _is_int(node.left, work) and _is_int(node.right, work)
    if isinstance(node, gast.UnaryOp):
        return _is_int(node.operand, work)
    return call_name(node) == "len" or (isinstance(node, gast.Subscript) and isinstance(node.value, gast.Attribute))


def _is_natural(node: gast.expr, facts: Regions) -> bool:
    """Whether an int expression is certainly not negative."""
    if isinstance(node, gast.Constant):
        return node.value >= 0
    if isinstance(node, gast.BinOp):
        if isinstance(node.op, gast.Mod):
            return isinstance(node.right, gast.Constant) and node.right.value > 0
        kept = isinstance(node.op, gast.Add | gast.Mult | gast.FloorDiv | gast.Pow)
        return kept and _is_natural(node.left, facts) and _is_natural(node.right, facts)
    if is_name(node) and facts.kind(node.id) == "index":
        args = facts.index_names[node.id].owner.iter.args
        return len(args) == 1 or (_is_natural(args[0], facts) and (len(args) == 2 or _is_natural(args[2], facts)))
    if is_name(node) and facts.kind(node.id) == "once":
        value = getattr(facts.definition(node.id), "value", None)
        return isinstance(value, gast.expr) and not isinstance(value, gast.Tuple) and _is_natural(value, facts)
    return call_name(node) == "len" or (isinstance(node, gast.Subscript) and isinstance(node.value, gast.Attribute))
