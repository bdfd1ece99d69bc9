"""Statements of a loop over directions: which elements they set, and how they read with and without the direction's index."""

from __future__ import annotations

import gast

from sct.ir.build import clone, expr, is_name, names_in
from sct.optimise.blocks import rebuilt
from sct.transform.directions import root_of


def with_index(node: gast.Subscript, index: str) -> gast.Subscript:
    """`a[i, d]` for `a[i]`."""
    parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
    return rebuilt(node, slice=gast.Tuple([*parts, expr(index)], gast.Load()))


def set_elements(stmt: gast.stmt) -> list[gast.Subscript]:
    """The elements that a statement sets."""
    target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
    parts = target.elts if isinstance(target, gast.Tuple) else [target]
    return [p for p in parts if isinstance(p, gast.Subscript) and is_name(p.value)]


def set_first(name: str, block: list[gast.stmt]) -> bool:
    """Whether the first statement that names an array sets it."""
    first = next(s for s in block if name in names_in(s))
    return isinstance(first, gast.Assign) and name not in names_in(first.value) and root_of(first.targets[0]) == name


def without_index(stmt: gast.stmt, local: set[str], index: str) -> gast.stmt:
    """The statement with scalars in the places of the elements of the arrays in `local`."""

    class Plain(gast.NodeTransformer):
        def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
            if is_name(node.value) and node.value.id in local:
                return gast.Name(node.value.id, node.ctx, None, None)
            return self.generic_visit(node)

    return Plain().visit(clone(stmt))
