"""The shape of branches: `if not c` for an empty first arm, no `else` after a `break`."""

from __future__ import annotations

import gast

from sct.ir.build import loads, names_in, same, walk
from sct.optimise.blocks import in_blocks, rebuilt
from sct.optimise.copies import is_copy
from sct.optimise.effects import Effects
from sct.optimise.names import Names

_OPPOSITE = {gast.Eq: gast.NotEq, gast.NotEq: gast.Eq}
_OPPOSITE_OF_INTS = {gast.Lt: gast.GtE, gast.GtE: gast.Lt, gast.Gt: gast.LtE, gast.LtE: gast.Gt}


def shaped(body: list[gast.stmt], names: Names) -> list[gast.stmt]:
    """The statements with their branches written as a person would, and `_` for loop indices that nobody reads."""
    return in_blocks(body, lambda block, _: [s for stmt in _without_repeats(block) for s in _shape(stmt, names)])


def _without_repeats(block: list[gast.stmt]) -> list[gast.stmt]:
    """`a[i] = w` at the end of an arm goes where the same store follows the branch."""
    found = list(block)
    for k in range(len(block) - 1):
        if isinstance(found[k], gast.If) and _is_plain_store(block[k + 1]):
            found[k] = _without_last(found[k], block[k + 1])
    return found


def _without_last(stmt: gast.stmt, store: gast.stmt) -> gast.stmt:
    """The statement without the same store at the ends of its arms."""
    if not isinstance(stmt, gast.If):
        return stmt
    arms = {}
    for arm in ("body", "orelse"):
        block = getattr(stmt, arm)
        while block and _is_plain_store(block[-1]) and same(block[-1], store):
            block = block[:-1]
        arms[arm] = [*block[:-1], _without_last(block[-1], store)] if block else block
    return rebuilt(stmt, **arms)


def _is_plain_store(stmt: gast.stmt) -> bool:
    """A store of a name at a subscript that loads nothing."""
    if not isinstance(stmt, gast.Assign) or not isinstance(stmt.targets[0], gast.Subscript):
        return False
    return isinstance(stmt.value, gast.Name) and not loads(stmt.targets[0].slice)


def hoisted(body: list[gast.stmt], effects: Effects) -> list[gast.stmt]:
    """`last = i` in both arms of a branch stands before it."""
    return in_blocks(body, lambda block, _: [s for stmt in block for s in _hoist(stmt, effects)])


def _hoist(stmt: gast.stmt, effects: Effects) -> list[gast.stmt]:
    if not isinstance(stmt, gast.If):
        return [stmt]
    before = []
    for copy in [s for s in stmt.body if is_copy(s)]:
        twin = next((s for s in stmt.orelse if is_copy(s) and _same_copy(s, copy)), None)
        if twin is not None and _is_free(copy, (copy, twin), stmt, effects):
            before.append(copy)
            body, orelse = ([s for s in arm if s is not copy and s is not twin] for arm in (stmt.body, stmt.orelse))
            stmt = rebuilt(stmt, body=body, orelse=orelse)
    return [*before, stmt]


def _same_copy(a: gast.Assign, b: gast.Assign) -> bool:
    return a.targets[0].id == b.targets[0].id and a.value.id == b.value.id


def _is_free(copy: gast.Assign, twins: tuple[gast.stmt, ...], stmt: gast.If, effects: Effects) -> bool:
    """Whether the branch neither reads or writes the copy's name elsewhere nor changes what it copies."""
    name, source = effects.of(copy).binds, effects.of(copy).reads
    touched = effects.of(stmt).reads
    changed = 0
    for other in walk([*stmt.body, *stmt.orelse]):
        if other not in twins:
            touched |= effects.of(other).reads | effects.of(other).binds
            changed |= effects.of(other).binds
    return not (touched & name or changed & source)


def _shape(stmt: gast.stmt, names: Names) -> list[gast.stmt]:
    if isinstance(stmt, gast.For) and not any(stmt.target.id in names_in(s) for s in stmt.body):
        return [rebuilt(stmt, target=rebuilt(stmt.target, id="_"))]
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
