"""Common loads and operations of a core program, merged before planning: else `x[i] * x[i]` would save its operand twice."""

from __future__ import annotations

import gast

from sct.analyses.unit import Unit
from sct.ir.build import bodies, is_name, is_one_of, loads, names_in, quote, substitute, text
from sct.rules.table import is_operation


def merge_common(unit: Unit) -> bool:
    """Replace temporaries that repeat an earlier value by that value, in place; whether anything was replaced."""
    found: dict[str, str] = {}
    _block(unit, unit.program.tree.body, {}, found)
    if not found:
        return False
    unit.program.tree = substitute(_without(unit.program.tree, found), {k: _final(k, found) for k in found})
    return True


def _final(name: str, found: dict[str, str]) -> str:
    while name in found:
        name = found[name]
    return name


def _block(unit: Unit, block: list[gast.stmt], available: dict[str, str], found: dict[str, str]) -> None:
    for stmt in block:
        if bodies(stmt):
            _forget(unit, _stored(unit, stmt), available)
            for inner in bodies(stmt):
                _block(unit, inner, dict(available), found)
            _forget(unit, _stored(unit, stmt), available)
            continue
        _forget(unit, unit.stores(stmt), available)
        name = _pure(unit, stmt)
        if name is None:
            continue
        key = text(substitute(stmt.value, {k: _final(k, found) for k in names_in(stmt.value) if k in found}))
        if key in available and name not in unit.program.base:
            found[name] = available[key]
        else:
            available.setdefault(key, name)


def _pure(unit: Unit, stmt: gast.stmt) -> str | None:
    """The once-assigned scalar that a statement defines by a load or an operation on once-assigned names."""
    if not (isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])) or unit.helper_call(stmt) is not None:
        return None
    name, value = stmt.targets[0].id, stmt.value
    if unit.types.is_array(name) or unit.facts.kind(name) != "once":
        return None
    if not (is_operation(value) or isinstance(value, gast.Subscript)):
        return None
    return None if any(unit.facts.kind(n) == "carried" for n in names_in(value)) else name


def _stored(unit: Unit, stmt: gast.stmt) -> list[str]:
    return [*unit.stores(stmt), *(n for block in bodies(stmt) for s in block for n in _stored(unit, s))]


def _forget(unit: Unit, stored: list[str], available: dict[str, str]) -> None:
    """Drop values that were loaded from arrays now written to."""
    if not stored:
        return
    for key, name in list(available.items()):
        if any(unit.alias.may(load.value.id, s) for load in loads(unit.facts.definition(name)) for s in stored):
            del available[key]


class _Without(gast.NodeTransformer):
    def __init__(self, dropped: dict[str, str]) -> None:
        self.dropped = dropped

    def visit_Assign(self, node: gast.Assign) -> gast.stmt | None:
        return None if is_one_of(node.targets[0], self.dropped) else node

    def visit_For(self, node: gast.For) -> gast.For:
        return self._with_body(node)

    def visit_While(self, node: gast.While) -> gast.While:
        return self._with_body(node)

    def visit_If(self, node: gast.If) -> gast.If:
        return self._with_body(node)

    def _with_body(self, node: gast.stmt) -> gast.stmt:
        self.generic_visit(node)
        node.body = node.body or quote("pass", node)
        return node


def _without(tree: gast.FunctionDef, dropped: dict[str, str]) -> gast.FunctionDef:
    return _Without(dropped).visit(tree)
