"""How many characters a statement takes, without printing it."""

from __future__ import annotations

import gast

WIDTH = 108
"""Folding stops where a line would grow beyond this."""


def width(node: gast.AST | None) -> int:
    """Roughly the characters of an expression or of a statement's first line."""
    if node is None:
        return 0
    if isinstance(node, gast.Name):
        return len(node.id)
    if isinstance(node, gast.Constant):
        return len(repr(node.value))
    if isinstance(node, gast.Attribute):
        return width(node.value) + 1 + len(node.attr)
    if isinstance(node, gast.BinOp):
        return width(node.left) + width(node.right) + 3 + _brackets(node.left, node) + _brackets(node.right, node)
    if isinstance(node, gast.If | gast.While):
        return 4 + width(node.test)
    if isinstance(node, gast.For):
        return 9 + width(node.target) + width(node.iter)
    return sum(width(child) + 2 for child in gast.iter_child_nodes(node))


def _brackets(inner: gast.expr, outer: gast.BinOp) -> int:
    loose = isinstance(inner, gast.BinOp) and isinstance(inner.op, gast.Add | gast.Sub)
    return 2 if loose and not isinstance(outer.op, gast.Add | gast.Sub) else 0
