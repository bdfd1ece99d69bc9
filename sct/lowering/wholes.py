"""Array names that stand for all of their elements, as in `x + 1.0`; not those in `x[0]`, `len(x)` or `x.shape`."""

from __future__ import annotations

from collections.abc import Callable

import gast

from sct.ir.build import is_name
from sct.types import Types


class _Wholes(gast.NodeTransformer):
    def __init__(self, types: Types, replace: Callable[[gast.Name], gast.AST]) -> None:
        self.types = types
        self.replace = replace

    def visit_Name(self, node: gast.Name) -> gast.AST:
        return self.replace(node) if self.types.is_array(node.id) else node

    def visit_Attribute(self, node: gast.Attribute) -> gast.AST:
        return node if isinstance(node.value, gast.Name) else self.generic_visit(node)

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        if isinstance(node.value, gast.Name):
            node.slice = self.visit(node.slice)
            return node
        return self.generic_visit(node)

    def visit_Call(self, node: gast.Call) -> gast.AST:
        if is_name(node.func, "len"):
            return node
        node.args = [self.visit(a) for a in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node


def wholes(node: gast.AST, types: Types) -> list[str]:
    """The whole arrays that `node` reads, each once, in order."""
    return list(dict.fromkeys(whole_reads(node, types)))


def whole_reads(node: gast.AST, types: Types) -> list[str]:
    """The whole arrays that `node` reads, as often as it reads them."""
    found: list[str] = []

    def note(name: gast.Name) -> gast.Name:
        found.append(name.id)
        return name

    _Wholes(types, note).visit(node)
    return found


def replace_wholes(node: gast.expr, types: Types, replace: Callable[[gast.Name], gast.AST]) -> gast.expr:
    """`node` itself, with each whole array in it replaced."""
    return _Wholes(types, replace).visit(node)
