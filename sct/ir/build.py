"""Building and reading syntax trees: quoted Python in, gast nodes out. `frontend.build` also gives nodes places."""

from __future__ import annotations

import math
import operator
from collections.abc import Container, Iterator
from functools import cache
from typing import Any

import gast
import numpy as np

Names = dict[str, "gast.AST | str"]


@cache
def _parsed(text: str) -> gast.Module:
    return gast.parse(text)


class _Fill(gast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Name(self, node: gast.Name) -> gast.AST:
        value = self.names.get(node.id)
        if value is None:
            return node
        if isinstance(value, str):
            return gast.Name(value, node.ctx, None, None)
        return with_context(value, node.ctx)


def with_context(node: gast.AST, ctx: gast.AST) -> gast.AST:
    """A copy of `node` to be read or written, as `ctx` says."""
    node = clone(node)
    if isinstance(node, gast.Name | gast.Subscript):
        node.ctx = ctx
    return node


def clone(node: gast.AST) -> gast.AST:
    """A deep copy that keeps line numbers; `copy.deepcopy` takes several times as long."""
    kind = node.__class__
    made = kind.__new__(kind)
    fields = made.__dict__
    for name, value in node.__dict__.items():
        if value.__class__ is list:
            fields[name] = [clone(v) if isinstance(v, gast.AST) else v for v in value]
        else:
            fields[name] = clone(value) if isinstance(value, gast.AST) else value
    return made


def nodes(root: gast.AST) -> list[gast.AST]:
    """`root` and every node in it, as `ast.walk` orders them, without `Load()` and `Store()`; it takes half the time."""
    found = [root]
    for node in found:
        found += children(node)
    return found


@cache
def inner_fields(kind: type[gast.AST]) -> tuple[str, ...]:
    """The fields that may hold nodes."""
    return tuple(name for name in kind._fields if name not in ("ctx", "id", "attr", "kind", "type_comment"))


def children(node: gast.AST) -> list[gast.AST]:
    """The nodes directly inside one."""
    found = []
    for name in inner_fields(node.__class__):
        value = getattr(node, name, None)
        if isinstance(value, gast.AST):
            found.append(value)
        elif value.__class__ is list:
            found.extend([v for v in value if isinstance(v, gast.AST)])
    return found


def quote(text: str, at: gast.AST | None = None, **names: gast.AST | str) -> list[gast.stmt]:
    """The statements of `text` with the given names replaced, standing at the user's line of `at`."""
    body = [_Fill(names).visit(clone(s)) for s in _parsed(text).body]
    for stmt in body:
        for node in nodes(stmt):
            if isinstance(node, gast.stmt | gast.expr):
                node.lineno = getattr(at, "lineno", 0)
                node.col_offset = getattr(at, "col_offset", 0)
    return body


def expr(text: str, **names: gast.AST | str) -> gast.expr:
    """The expression `text` with the given names replaced."""
    return quote(text, **names)[0].value


def substitute(node: gast.AST, names: Names) -> gast.AST:
    """A copy of `node` in which names are replaced."""
    return _Fill(names).visit(clone(node))


def text(node: gast.AST) -> str:
    return gast.unparse(node).strip()


def same(a: gast.AST, b: gast.AST) -> bool:
    return gast.dump(a) == gast.dump(b)


def names_in(node: gast.AST) -> list[str]:
    """Every variable name read or written in `node`, in order, without the modules."""
    return [n.id for n in nodes(node) if isinstance(n, gast.Name) and n.id not in MODULES]


ORDERS = {
    gast.Eq: operator.eq,
    gast.NotEq: operator.ne,
    gast.Lt: operator.lt,
    gast.LtE: operator.le,
    gast.Gt: operator.gt,
    gast.GtE: operator.ge,
}

_MODULES = {"math": math, "np": np}
MODULES = frozenset({*_MODULES, "linalg", "special"})


def literal(node: gast.AST) -> Any:
    """The value of a constant, a negated one, or one of a module like `math.inf`; else None."""
    if isinstance(node, gast.Constant):
        return node.value
    if isinstance(node, gast.Attribute) and is_name(node.value) and node.value.id in _MODULES:
        value = getattr(_MODULES[node.value.id], node.attr, None)
        return value if isinstance(value, float) else None
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        inner = literal(node.operand)
        return -inner if isinstance(inner, int | float) and not isinstance(inner, bool) else None
    return None


def is_name(node: gast.AST, *ids: str) -> bool:
    """Whether `node` is a variable, one of `ids` if any are given."""
    return isinstance(node, gast.Name) and (not ids or node.id in ids)


def is_one_of(node: gast.AST, names: Container[str]) -> bool:
    """Whether `node` is one of the variables named."""
    return isinstance(node, gast.Name) and node.id in names


def is_atom(node: gast.AST) -> bool:
    """A name, a constant or its negative, or `math.pi`."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        return isinstance(node.operand, gast.Constant)
    if isinstance(node, gast.Attribute):
        return is_one_of(node.value, MODULES)
    return isinstance(node, gast.Name | gast.Constant)


def call_name(node: gast.AST) -> str | None:
    """`sin` for `math.sin(x)`, `np.sin(x)` and `sin(x)`, `random.gamma` for `np.random.gamma(a)`; None where `node` is not
    a call of a named function."""
    if not isinstance(node, gast.Call):
        return None
    if isinstance(node.func, gast.Attribute):
        owner = node.func.value
        return f"{owner.attr}.{node.func.attr}" if isinstance(owner, gast.Attribute) else node.func.attr
    return node.func.id if isinstance(node.func, gast.Name) else None


def bodies(stmt: gast.stmt) -> list[list[gast.stmt]]:
    """The blocks directly inside a statement."""
    if isinstance(stmt, gast.If):
        return [stmt.body, stmt.orelse]
    if isinstance(stmt, gast.For | gast.While | gast.FunctionDef):
        return [stmt.body]
    return []


def walk(block: list[gast.stmt]) -> Iterator[gast.stmt]:
    """Every statement of a block, outer ones before those inside, in textual order."""
    for stmt in block:
        yield stmt
        for inner in bodies(stmt):
            yield from walk(inner)


def loads(node: gast.AST) -> list[gast.Subscript]:
    """Subscripts of names read in `node`, `x.shape[0]` excepted."""
    return [
        n
        for n in nodes(node)
        if isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Load) and isinstance(n.value, gast.Name)
    ]


def targets(stmt: gast.stmt) -> list[str]:
    """Names that a statement itself binds."""
    if isinstance(stmt, gast.Assign):
        target = stmt.targets[0]
        if isinstance(target, gast.Tuple):
            return [e.id for e in target.elts]
        return [target.id] if isinstance(target, gast.Name) else []
    if isinstance(stmt, gast.AugAssign) and isinstance(stmt.target, gast.Name):
        return [stmt.target.id]
    return [stmt.target.id] if isinstance(stmt, gast.For) else []


def grown(stmt: gast.stmt) -> list[str]:
    """Arrays to which a call gives more room: the names that it both takes and binds, `c = reserve(c, n)`."""
    value = getattr(stmt, "value", None)
    taken = {a.id for a in value.args if isinstance(a, gast.Name)} if isinstance(value, gast.Call) else ()
    return [name for name in targets(stmt) if name in taken]


def defined(stmt: gast.stmt) -> list[str]:
    """Names that a statement of a core program defines: those that it binds, but for arrays that only grow."""
    return [name for name in targets(stmt) if name not in grown(stmt)]


def store_target(stmt: gast.stmt) -> gast.Subscript | None:
    """The element written by `a[i] = v` or `a[i] += v`."""
    target = stmt.targets[0] if isinstance(stmt, gast.Assign) else getattr(stmt, "target", None)
    return target if isinstance(target, gast.Subscript) else None


class Fresh:
    """Deterministic new names that collide with nothing taken."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = set(taken) | MODULES

    def __call__(self, wish: str) -> str:
        found, k = wish, 0
        while found in self.taken:
            k += 1
            found = f"{wish}_{k}"
        self.taken.add(found)
        return found
