"""Algebra that does not change a result, as a table of rewrites.

`f`, `g` stand for expressions that are surely float scalars, `n` for integer expressions, anything else for any.
Nothing here changes the order of floating-point operations, and `0.0 * x` stays, for it may be NaN.
"""

from __future__ import annotations

from functools import cache

import gast

from sct.ir.build import expr, is_name, same
from sct.optimise.blocks import mapped, put, rebuilt, with_expressions
from sct.optimise.names import Names

RULES = (
    ("f * 1.0", "f"),
    ("1.0 * f", "f"),
    ("f / 1.0", "f"),
    ("f ** 1", "f"),
    ("f ** 1.0", "f"),
    ("f * 1", "f"),
    ("1 * f", "f"),
    ("n + 0", "n"),
    ("n - 0", "n"),
    ("0 + n", "n"),
    ("n * 1", "n"),
    ("1 * n", "n"),
    ("+f", "f"),
    ("+n", "n"),
    ("--a", "a"),
    ("-a * b", "-(a * b)"),
    ("a * -b", "-(a * b)"),
    ("-a / b", "-(a / b)"),
    ("a / -b", "-(a / b)"),
    ("a + -b", "a - b"),
    ("a - -b", "a + b"),
    ("-a + b", "b - a"),
    ("-a - b", "-(a + b)"),
    ("-(f - g)", "g - f"),
    ("f + f", "2.0 * f"),
    ("a if True else b", "a"),
    ("a if False else b", "b"),
    ("2.0 * (f * g)", "2.0 * f * g"),
    ("2.0 * (0.5 * f)", "f"),
    ("2.0 * (f / g)", "2.0 * f / g"),
    ("range(a, b, 1)", "range(a, b)"),
    ("range(0, b)", "range(b)"),
    ("np.copy(a)", "a.copy()"),
)


def simplified(stmt: gast.stmt, names: Names) -> gast.stmt:
    """A statement, without the blocks in it, with its expressions simplified."""
    made = with_expressions(stmt, lambda node: _tidy(simplify(node, names)))
    if isinstance(made, gast.If):
        return rebuilt(made, test=mapped(made.test, _truth))
    if isinstance(made, gast.Assign):
        return _as_update(made, names)
    if isinstance(made, gast.AugAssign):
        return _sign_out(made)
    return made


def simplify(node: gast.expr, names: Names) -> gast.expr:
    """The expression after the rules, innermost operations first."""
    return mapped(node, lambda n: _rewrite(n, names))


def _rewrite(node: gast.AST, names: Names) -> gast.AST:
    if not isinstance(node, gast.expr):
        return node
    made = _folded(node) or _offset(node, names) or _by_rule(node, names)
    return node if made is None else simplify(made, names)


def _by_rule(node: gast.expr, names: Names) -> gast.expr | None:
    for rule in _rules().get(_head(node), ()):
        made = _apply(rule, node, names)
        if made is not None:
            return made
    return None


def _head(node: gast.AST) -> str:
    op = getattr(node, "op", None)
    return f"{type(node).__name__} {type(op).__name__}"


@cache
def _rules() -> dict[str, list[tuple[gast.expr, gast.expr]]]:
    found: dict[str, list[tuple[gast.expr, gast.expr]]] = {}
    for pattern, result in RULES:
        left = expr(pattern)
        found.setdefault(_head(left), []).append((left, expr(result)))
    return found


def _apply(rule: tuple[gast.expr, gast.expr], node: gast.expr, names: Names) -> gast.expr | None:
    found: dict[str, gast.expr] = {}
    if not _matches(rule[0], node, found, names):
        return None
    return put(rule[1], found)


def _matches(pattern: gast.AST, node: gast.AST, found: dict[str, gast.expr], names: Names) -> bool:
    if isinstance(pattern, gast.Name) and len(pattern.id) == 1:
        if pattern.id in found:
            return same(found[pattern.id], node)
        found[pattern.id] = node
        return isinstance(node, gast.expr) and _fits(pattern.id, node, names)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, gast.Constant):
        return type(pattern.value) is type(node.value) and pattern.value == node.value
    if isinstance(pattern, gast.Name):
        return pattern.id == node.id  # `np`, `range`
    if isinstance(pattern, gast.Call):
        return len(pattern.args) == len(node.args) and not node.keywords and _all(
            [(pattern.func, node.func), *zip(pattern.args, node.args, strict=True)], found, names
        )
    if isinstance(pattern, gast.Attribute):
        return pattern.attr == node.attr and _matches(pattern.value, node.value, found, names)
    if isinstance(pattern, gast.UnaryOp | gast.BinOp) and type(pattern.op) is not type(node.op):
        return False
    parts = [f for f in pattern._fields if f != "op"]
    return _all([(getattr(pattern, f), getattr(node, f)) for f in parts], found, names)


def _all(pairs, found: dict[str, gast.expr], names: Names) -> bool:
    return all(_matches(p, n, found, names) for p, n in pairs)


def _fits(letter: str, node: gast.expr, names: Names) -> bool:
    if letter == "n":
        return names.is_int(node)
    return letter not in "fg" or names.is_float(node)


_FOLDS = {gast.Add: lambda a, b: a + b, gast.Sub: lambda a, b: a - b, gast.Mult: lambda a, b: a * b}
_TESTS = {
    gast.Eq: lambda a, b: a == b, gast.NotEq: lambda a, b: a != b, gast.Lt: lambda a, b: a < b,
    gast.LtE: lambda a, b: a <= b, gast.Gt: lambda a, b: a > b, gast.GtE: lambda a, b: a >= b,
}


def _folded(node: gast.expr) -> gast.expr | None:
    """Arithmetic of literals."""
    if isinstance(node, gast.BinOp) and type(node.op) in _FOLDS:
        a, b = _literal(node.left), _literal(node.right)
        return None if a is None or b is None else _constant(_FOLDS[type(node.op)](a, b))
    if isinstance(node, gast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _TESTS:
        a, b = _literal(node.left), _literal(node.comparators[0])
        return None if a is None or b is None else gast.Constant(_TESTS[type(node.ops[0])](a, b), None)
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not) and isinstance(node.operand, gast.Constant):
        return gast.Constant(not node.operand.value, None)
    return None


def _offset(node: gast.expr, names: Names) -> gast.expr | None:
    """`n - 1 - 1` as `n - 2`, for integers."""
    inner = _step(node)
    outer = None if inner is None else _step(inner[0])
    if outer is None or not names.is_int(outer[0]):
        return None
    total = inner[1] + outer[1]
    if total == 0:
        return outer[0]
    return expr(f"N {'-' if total < 0 else '+'} {abs(total)}", N=outer[0])


def _step(node: gast.expr) -> tuple[gast.expr, int] | None:
    """(n, -2) for `n - 2`."""
    if not isinstance(node, gast.BinOp) or not isinstance(node.op, gast.Add | gast.Sub):
        return None
    if not isinstance(node.right, gast.Constant) or type(node.right.value) is not int:
        return None
    return node.left, node.right.value if isinstance(node.op, gast.Add) else -node.right.value


def _literal(node: gast.expr) -> int | float | None:
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        inner = _literal(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, gast.Constant) and type(node.value) in (int, float) else None


def _constant(value: int | float) -> gast.expr:
    negative = value < 0
    made = gast.Constant(abs(value), None)
    return gast.UnaryOp(gast.USub(), made) if negative else made


def _tidy(node: gast.expr) -> gast.expr:
    """`-(a * b)` printed as `-a * b`, which is the same number."""
    return mapped(node, _sign_in)


def _truth(node: gast.AST) -> gast.AST:
    """`bool(a)` in a condition is `a`."""
    return node.args[0] if isinstance(node, gast.Call) and is_name(node.func, "bool") else node


def _sign_in(node: gast.AST) -> gast.AST:
    if not (isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub)):
        return node
    inner = node.operand
    if isinstance(inner, gast.BinOp) and isinstance(inner.op, gast.Mult | gast.Div):
        return rebuilt(inner, left=_sign_in(rebuilt(node, operand=inner.left)))
    return node


def _as_update(stmt: gast.Assign, names: Names) -> gast.stmt:
    """`s = s + e` as `s += e`, for scalars."""
    target, value = stmt.targets[0], stmt.value
    if not isinstance(value, gast.BinOp) or not isinstance(value.op, gast.Add | gast.Sub | gast.Mult | gast.Div):
        return stmt
    scalar = is_name(target) and names.ndim(target.id) == 0
    element = isinstance(target, gast.Subscript) and names.dims(target) == 0
    if not (scalar or element):
        return stmt
    if _equal(target, value.left):
        return _augmented(stmt, target, value.op, value.right)
    if isinstance(value.op, gast.Add | gast.Mult) and _equal(target, value.right):
        return _augmented(stmt, target, value.op, value.left)
    return stmt


def _augmented(stmt: gast.Assign, target: gast.expr, op: gast.operator, value: gast.expr) -> gast.stmt:
    made = gast.AugAssign(target, op, value)
    made.lineno, made.col_offset = getattr(stmt, "lineno", 0), getattr(stmt, "col_offset", 0)
    return _sign_out(made)


def _equal(a: gast.expr, b: gast.expr) -> bool:
    if is_name(a):
        return is_name(b, a.id)
    return isinstance(b, gast.Subscript) and is_name(b.value, a.value.id) and same(a.slice, b.slice)


def _sign_out(stmt: gast.AugAssign) -> gast.AugAssign:
    """`a += -b` as `a -= b`."""
    flipped = {gast.Add: gast.Sub, gast.Sub: gast.Add}.get(type(stmt.op))
    positive = without_sign(stmt.value)
    if flipped is None or positive is None:
        return stmt
    return rebuilt(stmt, op=flipped(), value=positive)


def without_sign(node: gast.expr) -> gast.expr | None:
    """`a * b` for `-a * b`; None for an expression without a leading minus."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return node.operand
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult | gast.Div):
        inner = without_sign(node.left)
        return None if inner is None else rebuilt(node, left=inner)
    return None
