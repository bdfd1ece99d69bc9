"""Small constructors for syntax nodes; positions are put on afterwards with `located`."""

from __future__ import annotations

import enum
import math
from typing import Any, TypeVar

import gast
import numpy as np

from sct.ir.build import literal as literal

Node = TypeVar("Node", bound=gast.AST)

_POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_MARKS = ("augmented", "each", "budget", "threads")


def located(node: Node, like: gast.AST) -> Node:
    """Give `node`, and what is in it without a position, the position of `like`."""
    for child in gast.walk(node):
        if child is node or getattr(child, "lineno", None) is None:
            for attribute in _POSITION:
                setattr(child, attribute, getattr(like, attribute, None))
    return node


def settled(node: Node, like: gast.AST) -> Node:
    """`node`, which has a position or gets that of `like`."""
    return node if getattr(node, "lineno", None) is not None else located(node, like)


def name(identifier: str) -> gast.Name:
    return gast.Name(identifier, gast.Load(), None, None)


def target(identifier: str) -> gast.Name:
    return gast.Name(identifier, gast.Store(), None, None)


def constant(value: Any) -> gast.Constant:
    if isinstance(value, enum.IntEnum):
        value = int(value)
    return gast.Constant(value.item() if isinstance(value, np.generic) else value, None)


def number(value: float) -> gast.expr:
    if value < 0:
        return gast.UnaryOp(gast.USub(), number(-value))
    return attribute("math", "inf") if value == math.inf else constant(value)


def assign(to: str | gast.AST, value: gast.AST) -> gast.Assign:
    return gast.Assign([target(to) if isinstance(to, str) else to], value, None)


def attribute(module: str, member: str) -> gast.Attribute:
    return gast.Attribute(name(module), member, gast.Load())


def call(function: str | gast.AST, *args: gast.AST) -> gast.Call:
    return gast.Call(name(function) if isinstance(function, str) else function, list(args), [])


def subscript(base: gast.AST, index: gast.AST, store: bool = False) -> gast.Subscript:
    return gast.Subscript(base, index, gast.Store() if store else gast.Load())


def binary(left: gast.AST, op: type[gast.AST], right: gast.AST) -> gast.BinOp:
    return gast.BinOp(left, op(), right)


def compare(left: gast.AST, op: gast.AST, right: gast.AST) -> gast.Compare:
    return gast.Compare(left, [op], [right])


def names_in(expression: gast.AST) -> set[str]:
    return {n.id for n in gast.walk(expression) if isinstance(n, gast.Name)}


def folded(node: gast.expr) -> int | None:
    """The value of an int, or of a sum or difference of ints."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add | gast.Sub):
        left, right = folded(node.left), folded(node.right)
        if left is None or right is None:
            return None
        return left + right if isinstance(node.op, gast.Add) else left - right
    value = literal(node)
    return value if type(value) is int else None


def clone(node: Any) -> Any:
    """A deep copy with positions."""
    if isinstance(node, list):
        return [clone(n) for n in node]
    if not isinstance(node, gast.AST):
        return node
    copy = type(node)(*(clone(getattr(node, field, None)) for field in node._fields))
    for attribute_ in _POSITION:
        if hasattr(node, attribute_):
            setattr(copy, attribute_, getattr(node, attribute_))
    return marked(copy, node)


def marked(made: gast.AST, node: gast.AST) -> gast.AST:
    """`made`, marked as `node` is: an update in place, one at every subscript, a loop with a `budget` for snapshots, one for
    threads."""
    for mark in _MARKS:
        if hasattr(node, mark):
            setattr(made, mark, getattr(node, mark))
    return made
