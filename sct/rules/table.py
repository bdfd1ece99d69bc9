"""Looks a core operation up in the rule table and scales its partials by a tangent or an adjoint."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import gast
import numpy as np

from sct.ir.build import call_name, expr, is_name, nodes, substitute
from sct.rules.scalar import AS_OPERATOR, CHEAP, DISCRETE, FUNCTIONS, OPERATORS, SYNONYMS
from sct.rules.special import ARITY, SPECIAL


@dataclass(frozen=True)
class Row:
    """A rule: the names of its arguments and a partial for each, None where that is zero."""

    arguments: tuple[str, ...]
    partials: tuple[gast.expr | None, ...]


def _arguments(pattern: gast.expr) -> list[gast.expr]:
    if isinstance(pattern, gast.Call):
        return list(pattern.args)
    if isinstance(pattern, gast.BinOp):
        return [pattern.left, pattern.right]
    return [pattern.operand]


def _key(pattern: gast.expr) -> str:
    if isinstance(pattern, gast.Call):
        called = SYNONYMS.get(call_name(pattern), call_name(pattern))
        return _key(expr(AS_OPERATOR[called])) if called in AS_OPERATOR else called
    return type(pattern.op).__name__


@cache
def _rows() -> dict[str, Row]:
    rows = {}
    for pattern, partials in (OPERATORS | FUNCTIONS | SPECIAL).items():
        node = expr(pattern)
        arguments = tuple(a.id for a in _arguments(node))
        rows[_key(node)] = Row(arguments, tuple(p if p is None else expr(p) for p in partials))
    return rows


def is_operation(node: gast.AST) -> bool:
    """Whether `node` is an arithmetic operation or a call of a function that the table or the discrete list names."""
    if isinstance(node, gast.BinOp | gast.UnaryOp):
        return True
    return isinstance(node, gast.Call) and (is_discrete(node) or _key(node) in _rows())


def is_discrete(node: gast.AST) -> bool:
    """Whether the value jumps: comparisons, floor, casts to int."""
    if isinstance(node, gast.Compare | gast.BoolOp):
        return True
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.op, gast.Not)
    if isinstance(node, gast.BinOp):
        return isinstance(node.op, gast.FloorDiv | gast.Mod)
    return call_name(node) in DISCRETE


def is_cheap(node: gast.AST) -> bool:
    """Whether recomputing the operation costs less than saving its result."""
    if not isinstance(node, gast.Call):
        return True
    called = SYNONYMS.get(call_name(node), call_name(node))
    return called in CHEAP or called in DISCRETE


def arguments(node: gast.AST) -> list[gast.expr]:
    """The operands of an operation."""
    return _arguments(node) if isinstance(node, gast.Call | gast.BinOp | gast.UnaryOp) else []


def partials(node: gast.expr, result: str) -> list[tuple[gast.expr, gast.expr]] | None:
    """(argument, partial) for every argument with a partial; None where the table has no row for `node`."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not | gast.Invert):
        return []
    if isinstance(node, gast.Call) and call_name(node) in DISCRETE:
        return []
    row = _rows().get(_key(node))
    if row is None or len(row.arguments) != len(arguments(node)):
        return None
    operands = arguments(node)
    names = dict(zip(row.arguments, operands, strict=True)) | {"z": result}
    module = node.func.value.id if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) else "math"
    found = []
    for operand, partial in zip(operands, row.partials, strict=True):
        if partial is not None:
            found.append((operand, substitute(_qualified(partial, module), names)))
    return found


def _qualified(partial: gast.expr, module: str) -> gast.expr:
    """`cos(x)` -> `math.cos(x)` or `np.cos(x)`, in the module that the primal used where that has the function.

    Partials of what `scipy.special` has take NumPy's other functions, which are as lenient at the ends of their domains."""
    called = {n.func.id for n in nodes(partial) if isinstance(n, gast.Call) and isinstance(n.func, gast.Name)}
    names = {}
    for name in called:
        numpy_name = {v: k for k, v in SYNONYMS.items() if k.startswith("arc")}.get(name, name)
        if module == "special" and name in ARITY:
            names[name] = expr(f"special.{name}")
        elif module != "math" and hasattr(np, numpy_name):
            names[name] = expr(f"np.{numpy_name}")
        elif hasattr(math, name):
            names[name] = expr(f"math.{name}")
    return substitute(partial, names)


def is_unknown(partial: gast.expr) -> bool:
    """Whether there is no formula for a partial."""
    return isinstance(partial, gast.Constant) and partial.value is ...


def scaled(partial: gast.expr, by: gast.expr) -> gast.expr:
    """`partial * by`, written as a person would: `by` for 1, `-by` for -1, `by / y` for 1 / y, branches kept outside."""
    if isinstance(partial, gast.Constant):
        if partial.value == 1.0:
            return by
        if partial.value == 0.0:
            return partial
    if isinstance(partial, gast.UnaryOp) and isinstance(partial.op, gast.USub):
        return expr("-E", E=scaled(partial.operand, by))
    if isinstance(partial, gast.IfExp):
        test, body, orelse = partial.test, partial.body, partial.orelse
        return expr("A if C else B", A=scaled(body, by), C=test, B=scaled(orelse, by))
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Div):
        if isinstance(partial.left, gast.UnaryOp):
            return expr("-E", E=scaled(expr("A / B", A=partial.left.operand, B=partial.right), by))
        return expr("A / B", A=scaled(partial.left, by), B=partial.right)
    if is_name(by) or isinstance(by, gast.Subscript):
        return expr("P * B", P=partial, B=by)
    return expr("P * B", P=partial, B=by)
