"""`:=` changes a name in the middle of an expression: what was read before it keeps the old value under a name of its own.

    a + (a := 2.0) * a        ->        (a_1 := a) + (a := 2.0) * a
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.names import Names

_BLOCKS = ("body", "orelse", "cases")


def in_order(node: gast.stmt, names: Names, stop: Callable[[gast.AST, str, str], UnsupportedSyntax]) -> None:
    """Rename, in place, the reads of a statement that come before an assignment to the same name in it."""
    events = [e for part in _parts(node) for e in _evaluated(part)]
    last = {e.target.id: k for k, e in enumerate(events) if isinstance(e, gast.NamedExpr)}
    if isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name) and node.target.id in last:
        raise stop(node, f"assigning {node.target.id} twice in a statement", "use two statements")
    early = {id(e) for k, e in enumerate(events) if isinstance(e, gast.Name) and k < last.get(e.id, -1)}
    if early:
        _Rename(early, names).visit_parts(node)


def _parts(node: gast.stmt) -> list[gast.AST]:
    """The expressions of a statement itself, in the order of evaluation."""
    if isinstance(node, gast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, gast.AnnAssign):
        return [part for part in (node.value, node.target) if part is not None]
    if isinstance(node, gast.For):
        return [node.iter]
    fields = [value for field, value in gast.iter_fields(node) if field not in _BLOCKS]
    return [n for value in fields for n in (value if isinstance(value, list) else [value]) if isinstance(n, gast.AST)]


def _evaluated(node: gast.AST) -> Iterator[gast.AST]:
    """The names read and the `:=` made in an expression, in the order of evaluation."""
    if isinstance(node, gast.NamedExpr):
        yield from _evaluated(node.value)
        yield node
        return
    if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load):
        yield node
    for child in gast.iter_child_nodes(node):
        yield from _evaluated(child)


class _Rename(gast.NodeTransformer):
    def __init__(self, early: set[int], names: Names) -> None:
        self._early, self._names = early, names

    def visit_parts(self, node: gast.stmt) -> None:
        """Visit the statement's own expressions."""
        for field, value in gast.iter_fields(node):
            if isinstance(value, gast.AST):
                setattr(node, field, self.visit(value))
            elif isinstance(value, list) and field not in _BLOCKS:
                setattr(node, field, [self.visit(v) for v in value])

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if id(node) not in self._early:
            return node
        return build.located(gast.NamedExpr(build.target(self._names.fresh(node.id)), node), node)
