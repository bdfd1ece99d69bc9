"""The shape of branches: `if not c` for an empty first arm, no `else` after a `break`."""

from __future__ import annotations

import gast

from sct.optimise.blocks import in_blocks, rebuilt
from sct.optimise.names import Names

_OPPOSITE = {gast.Eq: gast.NotEq, gast.NotEq: gast.Eq}
_OPPOSITE_OF_INTS = {gast.Lt: gast.GtE, gast.GtE: gast.Lt, gast.Gt: gast.LtE, gast.LtE: gast.Gt}


def shaped(body: list[gast.stmt], names: Names) -> list[gast.stmt]:
    """The statements with their branches written as a person would."""
    return in_blocks(body, lambda block, _: [s for stmt in block for s in _shape(stmt, names)])


def _shape(stmt: gast.stmt, names: Names) -> list[gast.stmt]:
    if not isinstance(stmt, gast.If):
        return [stmt]
    body, orelse = _solid(stmt.body), _solid(stmt.orelse)
    if not body:
        stmt, body, orelse = rebuilt(stmt, test=negated(stmt.test, names)), orelse, []
    if orelse and _ends(orelse) and not _ends(body):
        stmt, body, orelse = rebuilt(stmt, test=negated(stmt.test, names)), orelse, body
    if orelse and _ends(body):
        return [rebuilt(stmt, body=body, orelse=[]), *orelse]
    return [rebuilt(stmt, body=body or [gast.Pass()], orelse=orelse)]


def _solid(block: list[gast.stmt]) -> list[gast.stmt]:
    return [s for s in block if not isinstance(s, gast.Pass)]


def _ends(block: list[gast.stmt]) -> bool:
    return isinstance(block[-1], gast.Break | gast.Raise)


def negated(test: gast.expr, names: Names) -> gast.expr:
    """The opposite of a condition, also where a comparison meets NaN."""
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return test.operand
    if isinstance(test, gast.Compare) and len(test.ops) == 1:
        opposite = _OPPOSITE.get(type(test.ops[0]))
        if names.is_int(test.left) and names.is_int(test.comparators[0]):
            opposite = opposite or _OPPOSITE_OF_INTS.get(type(test.ops[0]))
        if opposite is not None:
            return rebuilt(test, ops=[opposite()])
    return gast.UnaryOp(gast.Not(), test)
