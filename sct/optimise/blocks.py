"""Statements are values here: a pass builds new ones and leaves the old ones as they are."""

from __future__ import annotations

from collections.abc import Callable

import gast

from sct.ir.build import bodies, inner_fields

Change = Callable[[list[gast.stmt], int], list[gast.stmt]]


def rebuilt(node: gast.AST, **fields) -> gast.AST:
    """A copy of one node with some fields replaced; the rest is shared, also what passes have noted on it."""
    made = type(node)(*(fields.get(name, getattr(node, name, None)) for name in node._fields))
    for name, value in node.__dict__.items():
        if name not in made.__dict__:
            setattr(made, name, value)
    return made


def mapped(node: gast.AST, change: Callable[[gast.AST], gast.AST]) -> gast.AST:
    """`node` with `change` applied to every expression in it, innermost first; unchanged parts are shared."""
    fields = {}
    for name in inner_fields(node.__class__):
        value = getattr(node, name, None)
        if isinstance(value, gast.AST):
            made = mapped(value, change)
            if made is not value:
                fields[name] = made
        elif value.__class__ is list and value and all(isinstance(v, gast.expr | gast.Slice | gast.keyword) for v in value):
            made = [mapped(v, change) for v in value]
            if any(a is not b for a, b in zip(made, value, strict=True)):
                fields[name] = made
    return change(rebuilt(node, **fields) if fields else node)


def put(node: gast.expr, values: dict[str, gast.expr]) -> gast.expr:
    """The expression with values in the place of names; they are shared, not copied."""
    return mapped(node, lambda n: values.get(n.id, n) if isinstance(n, gast.Name) else n)


def with_expressions(stmt: gast.stmt, change: Callable[[gast.expr], gast.expr]) -> gast.stmt:
    """The statement with `change` applied to each expression that it reads, blocks and targets left alone."""
    fields = {}
    for name in ("value", "test", "iter"):
        value = getattr(stmt, name, None)
        if isinstance(value, gast.expr):
            fields[name] = change(value)
    target = store_of(stmt)
    if target is not None:
        index = change(target.slice)
        if index is not target.slice:
            made = rebuilt(target, slice=index)
            fields |= {"targets": [made]} if isinstance(stmt, gast.Assign) else {"target": made}
    if all(getattr(stmt, name) is value for name, value in fields.items()):
        return stmt
    return rebuilt(stmt, **fields)


def store_of(stmt: gast.stmt) -> gast.Subscript | None:
    """The element that `a[i] = v` or `a[i] += v` writes."""
    target = stmt.targets[0] if isinstance(stmt, gast.Assign) else getattr(stmt, "target", None)
    return target if isinstance(target, gast.Subscript) else None


def each_statement(block: list[gast.stmt], change: Callable[[gast.stmt], gast.stmt]) -> list[gast.stmt]:
    """`change` applied to every statement, those inside blocks too."""
    return in_blocks(block, lambda stmts, _: [change(s) for s in stmts])


def in_blocks(block: list[gast.stmt], change: Change, depth: int = 1) -> list[gast.stmt]:
    """`change` applied to every block and its depth, innermost first."""
    found = []
    for stmt in block:
        if bodies(stmt):
            fields = {"body": in_blocks(stmt.body, change, depth + 1)}
            if isinstance(stmt, gast.If):
                fields["orelse"] = in_blocks(stmt.orelse, change, depth + 1)
            stmt = rebuilt(stmt, **fields)
        found.append(stmt)
    return change(found, depth)
