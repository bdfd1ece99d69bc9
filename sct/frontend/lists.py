"""Local lists of numbers become arrays that grow, with an int for their length, source tree to source tree.

    xs = [y]                xs = np.empty(0); xs_length = 0      (at the head of the function)
                            first = y
                            xs = reserve(xs, 1); xs[0] = first; xs_length = 1
    xs.append(v)     ->     item = v
                            xs = reserve(xs, xs_length + 1); xs[xs_length] = item; xs_length = xs_length + 1
    z = xs.pop()            xs_length = xs_length - 1; z = xs[xs_length]
    len(xs), xs[-1]         xs_length, xs[xs_length - 1]

Everything else that reads the list reads the array `xs[0:xs_length]`. A list has one name: what Python would let two names share
is refused, and so are lists that a nested function uses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from sct import runtime
from sct.errors import UnsupportedSyntax
from sct.frontend import build, scope
from sct.frontend.names import Names
from sct.frontend.numbers import Ints

LANGUAGE = {"$np": np, "$reserve": runtime.reserve}
"""What inserted code refers to, by names that no user can write."""

Stop = Callable[[gast.AST, str, str], UnsupportedSyntax]
_COMPREHENSION = gast.ListComp | gast.GeneratorExp


def replace_lists(tree: gast.FunctionDef, names: Names, stop: Stop, space: dict[str, Any]) -> None:
    """Rewrite the body of `tree` in place, where it has lists; `space` has the globals of the function."""
    tree.body = _hoisted(tree.body, names)
    found = _list_variables(tree)
    if not found:
        return
    lengths = {name: names.fresh(f"{name}_length") for name in found}
    ints = Ints(tree, found)
    work = _Lists(lengths, names, stop, {name for name, value in space.items() if value is np})
    body = work.block(tree.body)
    _refuse_captured(tree, lengths, stop)
    head = [s for name in found for s in _start(name, lengths[name], ints.all_ints(name))]
    tree.body = [build.located(s, tree.body[0]) for s in head] + body


def _list_variables(tree: gast.FunctionDef) -> list[str]:
    """Names that are assigned lists, and updated, but bound to nothing else."""
    nodes = list(scope.own_nodes(tree))
    made = [n.targets[0] for n in nodes if isinstance(n, gast.Assign) and len(n.targets) == 1 and is_list(n.value)]
    lists = {id(t): t.id for t in made if isinstance(t, gast.Name)}
    updated = {id(n.target) for n in nodes if isinstance(n, gast.AugAssign)}
    stores = [n for n in nodes if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]
    others = {n.id for n in stores if id(n) not in lists and id(n) not in updated} | {p.id for p in scope.parameters(tree)}
    return sorted(set(lists.values()) - others)


def is_list(node: gast.expr) -> bool:
    """Whether an expression makes a list of its own: `[a, b]`, `[a] * n`, `[e for v in x]`, `list(x)`."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
        return isinstance(node.left, gast.List)
    called = isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == "list"
    return isinstance(node, gast.List | gast.ListComp) or (called and not node.keywords and len(node.args) < 2)


def _start(name: str, length: str, ints: bool) -> list[gast.stmt]:
    dtype = [build.attribute("$np", "int64")] if ints else []
    empty = build.call(build.attribute("$np", "empty"), build.constant(0), *dtype)
    return [build.assign(name, empty), build.assign(length, build.constant(0))]


def _refuse_captured(tree: gast.FunctionDef, lengths: dict[str, str], stop: Stop) -> None:
    for node in scope.own_nodes(tree):
        if isinstance(node, gast.FunctionDef | gast.Lambda) and not set(scope.free_names(node)).isdisjoint(lengths):
            raise stop(node, "a nested function that uses a list", "pass it as an argument, or use an array")


# lists inside expressions


def _hoisted(body: list[gast.stmt], names: Names) -> list[gast.stmt]:
    """Name the comprehensions and lists that are arguments of calls, where that keeps the order of evaluation."""
    found: list[gast.stmt] = []
    for node in body:
        for field in ("body", "orelse"):
            if isinstance(node, gast.If | gast.For | gast.While):
                setattr(node, field, _hoisted(getattr(node, field), names))
        if isinstance(node, gast.Assign | gast.AugAssign | gast.Return | gast.Expr) and node.value is not None:
            found += _named(node, names)
        found.append(node)
    return found


def _named(node: gast.stmt, names: Names) -> list[gast.stmt]:
    made: list[gast.stmt] = []
    place = _first_call(node.value)
    while place is not None:
        for k, argument in enumerate(place.args):
            if isinstance(argument, _COMPREHENSION | gast.List):
                name = names.fresh("items")
                value = gast.ListComp(argument.elt, argument.generators) if isinstance(argument, _COMPREHENSION) else argument
                made.append(build.located(build.assign(name, build.located(value, argument)), node))
                place.args[k] = build.located(build.name(name), argument)
                break
            if not isinstance(argument, gast.Name | gast.Constant):
                break
        first = place.args[0] if place.args else None
        place = first if isinstance(first, gast.Call) else None
    return made


def _first_call(node: gast.expr) -> gast.Call | None:
    """The call that is evaluated before anything else that could matter."""
    while isinstance(node, gast.BinOp | gast.UnaryOp):
        if isinstance(node, gast.BinOp) and isinstance(node.left, gast.Name | gast.Constant):
            node = node.right
        else:
            node = node.left if isinstance(node, gast.BinOp) else node.operand
    return node if isinstance(node, gast.Call) and isinstance(node.func, gast.Name | gast.Attribute) else None


class _Instead(gast.NodeTransformer):
    def __init__(self, old: gast.Call, new: gast.expr) -> None:
        self._old, self._new = old, new

    def visit_Call(self, node: gast.Call) -> gast.expr:
        return self._new if node is self._old else self.generic_visit(node)


class _Lists(gast.NodeTransformer):
    """Statements and expressions that use lists; `lengths` names the length of each, `numpy` are the names of that module."""

    def __init__(self, lengths: dict[str, str], names: Names, stop: Stop, numpy: set[str]) -> None:
        self._lengths, self._names, self._stop, self._numpy = lengths, names, stop, numpy

    # statements

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        return [build.located(new, old) for old in body for new in self._statement(old)]

    def _statement(self, node: gast.stmt) -> list[gast.stmt]:
        if isinstance(node, gast.Assign) and self._is(node.targets[0]):
            return self._assigned(node.targets[0].id, node.value)
        if isinstance(node, gast.AugAssign) and self._is(node.target):
            return self._extended(node)
        if isinstance(node, gast.Expr | gast.Assign) and self._method(node.value):
            return self._called(node)
        popped = self._popped(node)
        if popped is not None:
            return self._taken(node, popped)
        if isinstance(node, gast.If | gast.While):
            node.test = self._tested(node.test)
        elif isinstance(node, gast.For):
            node.iter, node.target = self.visit(node.iter), self.visit(node.target)
        elif isinstance(node, gast.Assign) and any(map(self._is, [node.value, *getattr(node.value, "elts", [])])):
            raise self._stop(node, "a second name for a list", "copy it: `list(xs)`")
        if isinstance(node, gast.If | gast.For | gast.While):
            node.body, node.orelse = self.block(node.body), self.block(node.orelse)
            return [node]
        return [self.generic_visit(node)]

    def _is(self, node: gast.AST) -> bool:
        return isinstance(node, gast.Name) and node.id in self._lengths

    def _method(self, node: gast.AST) -> bool:
        return isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and self._is(node.func.value)

    def _called(self, node: gast.Expr | gast.Assign) -> list[gast.stmt]:
        """`xs.append(v)`, `v = xs.pop()`, `xs.clear()`, `xs.extend(x)`"""
        call, name = node.value, node.value.func.value.id
        method, args, bare = call.func.attr, call.args, isinstance(node, gast.Expr)
        if method == "append" and bare and len(args) == 1:
            return self._append(name, self.visit(args[0]))
        if method == "extend" and bare and len(args) == 1 and name not in build.names_in(args[0]):
            return self._append_all(name, self.visit(args[0]))
        if method == "clear" and bare and not args:
            return [build.assign(self._lengths[name], build.constant(0))]
        if method == "pop" and not args:
            shorter = build.binary(self._length(name), gast.Sub, build.constant(1))
            made = [build.assign(self._lengths[name], shorter)]
            last = build.subscript(build.name(name), self._length(name))
            return made if bare else [*made, gast.Assign([self.visit(t) for t in node.targets], last, None)]
        raise self._stop(call, f"this use of .{method} of a list", "use append, extend, pop(), clear, or arrays")

    def _popped(self, node: gast.stmt) -> gast.Call | None:
        """The `xs.pop()` inside a simple statement that calls nothing else and names the list once."""
        if not isinstance(node, gast.Assign | gast.AugAssign | gast.Return):
            return None
        inside = list(gast.walk(node))
        calls = [n for n in inside if isinstance(n, gast.Call)]
        if len(calls) != 1 or not self._method(calls[0]) or calls[0].func.attr != "pop":
            return None
        branching = any(isinstance(n, gast.IfExp | gast.BoolOp | gast.Lambda | gast.Compare) for n in inside)
        return None if branching or sum(map(self._is, inside)) > 1 else calls[0]

    def _taken(self, node: gast.stmt, popped: gast.Call) -> list[gast.stmt]:
        """`s = s + xs.pop()` as `item = xs.pop(); s = s + item`"""
        item = self._names.fresh("item")
        rest = _Instead(popped, build.located(build.name(item), popped)).visit(node)
        return self._called(build.assign(item, popped)) + self._statement(rest)

    def _append(self, name: str, value: gast.expr) -> list[gast.stmt]:
        item = self._names.fresh("item")
        more = build.binary(self._length(name), gast.Add, build.constant(1))
        return [
            build.assign(item, value),
            self._reserve(name, more),
            build.assign(build.subscript(build.name(name), self._length(name), store=True), build.name(item)),
            build.assign(self._lengths[name], build.clone(more)),
        ]

    def _append_all(self, name: str, iterable: gast.expr) -> list[gast.stmt]:
        item = self._names.fresh("v")
        return [gast.For(build.target(item), iterable, self._append(name, build.name(item)), [], None)]

    def _extended(self, node: gast.AugAssign) -> list[gast.stmt]:
        name = node.target.id
        if not isinstance(node.op, gast.Add) or name in build.names_in(node.value):
            raise self._stop(node, "this update of a list", "use append or extend")
        value = gast.Tuple(node.value.elts, gast.Load()) if isinstance(node.value, gast.List) else node.value
        return self._append_all(name, self.visit(value))

    def _assigned(self, name: str, value: gast.expr) -> list[gast.stmt]:
        """`xs = <a list of its own>`, in the memory that the name already has."""
        empty = [build.assign(self._lengths[name], build.constant(0))]
        if isinstance(value, gast.List):
            return self._literal(name, value)
        if name in build.names_in(value):
            raise self._stop(value, "a list made from itself in one statement", "use another name, or an array")
        if isinstance(value, gast.BinOp):
            return self._repeated(name, value)
        if isinstance(value, gast.ListComp):
            return empty + self._comprehended(name, value)
        return empty + (self._append_all(name, self.visit(value.args[0])) if value.args else [])

    def _literal(self, name: str, value: gast.List) -> list[gast.stmt]:
        items = [self._names.fresh("item") for _ in value.elts]
        made: list[gast.stmt] = [build.assign(i, self.visit(e)) for i, e in zip(items, value.elts, strict=True)]
        if items:
            made.append(self._reserve(name, build.constant(len(items))))
        for k, item in enumerate(items):
            made.append(build.assign(build.subscript(build.name(name), build.constant(k), store=True), build.name(item)))
        return [*made, build.assign(self._lengths[name], build.constant(len(items)))]

    def _repeated(self, name: str, value: gast.BinOp) -> list[gast.stmt]:
        if len(value.left.elts) != 1:
            raise self._stop(value, "repeating a list of several elements", "append them in a loop")
        item, times, k = (self._names.fresh(n) for n in ("item", "times", "k"))
        store = build.assign(build.subscript(build.name(name), build.name(k), store=True), build.name(item))
        return [
            build.assign(item, self.visit(value.left.elts[0])),
            build.assign(times, build.call("max", self.visit(value.right), build.constant(0))),
            self._reserve(name, build.name(times)),
            gast.For(build.target(k), build.call("range", build.name(times)), [store], [], None),
            build.assign(self._lengths[name], build.name(times)),
        ]

    def _comprehended(self, name: str, value: gast.ListComp) -> list[gast.stmt]:
        """Its variables are its own: they get new names."""
        own = [n.id for g in value.generators for n in gast.walk(g.target) if isinstance(n, gast.Name)]
        renamed = {n: self._names.fresh(n) for n in own}
        for node in gast.walk(value):
            if isinstance(node, gast.Name):
                node.id = renamed.get(node.id, node.id)
        body = self._append(name, self.visit(value.elt))
        for generator in reversed(value.generators):
            for test in reversed(generator.ifs):
                body = [gast.If(self._tested(test), body, [])]
            body = [gast.For(generator.target, self.visit(generator.iter), body, [], None)]
        return body

    # expressions

    def _length(self, name: str) -> gast.expr:
        return build.name(self._lengths[name])

    def _reserve(self, name: str, length: gast.expr) -> gast.stmt:
        return build.assign(name, build.call("$reserve", build.name(name), build.clone(length)))

    def _whole(self, name: str) -> gast.expr:
        return build.subscript(build.name(name), gast.Slice(build.constant(0), self._length(name), None))

    def _tested(self, node: gast.expr) -> gast.expr:
        """A test, in which a list means that it is not empty."""
        if self._is(node):
            return build.located(build.compare(self._length(node.id), gast.Gt(), build.constant(0)), node)
        if isinstance(node, gast.BoolOp):
            node.values = [self._tested(v) for v in node.values]
            return node
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            node.operand = self._tested(node.operand)
            return node
        return self.visit(node)

    def visit_Name(self, node: gast.Name) -> gast.expr:
        return build.located(self._whole(node.id), node) if self._is(node) else node

    def visit_Return(self, node: gast.Return) -> gast.stmt:
        if node.value is not None and self._is(node.value):
            node.value = self._copy(node.value)
            return node
        return self.generic_visit(node)

    def visit_Tuple(self, node: gast.Tuple) -> gast.expr:
        if any(map(self._is, node.elts)):
            raise self._stop(node, "a list in a tuple", "use an array, np.array(xs)")
        return self.generic_visit(node)

    def visit_IfExp(self, node: gast.IfExp) -> gast.expr:
        node.test, node.body, node.orelse = self._tested(node.test), self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_Compare(self, node: gast.Compare) -> gast.expr:
        for op, operand in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, gast.In | gast.NotIn) and self._is(operand):
                raise self._stop(operand, "`in` a list", "compare the elements in a loop")
        return self.generic_visit(node)

    def visit_Call(self, node: gast.Call) -> gast.expr:
        if isinstance(node.func, gast.Name) and node.func.id == "len" and node.args and self._is(node.args[0]):
            return build.located(self._length(node.args[0].id), node)
        if self._method(node):
            raise self._stop(node, f".{node.func.attr} of a list here", "call it in a statement of its own")
        if isinstance(node.func, gast.Attribute) and not build.names_in(node.func).isdisjoint(self._numpy):
            node.args = [self._copy(a) if self._is(a) else a for a in node.args]
        return self.generic_visit(node)

    def _copy(self, node: gast.Name) -> gast.expr:
        """The elements as NumPy takes them: what it makes of them is never the list itself."""
        return build.located(build.call(gast.Attribute(self._whole(node.id), "copy", gast.Load())), node)

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        if not self._is(node.value):
            return self.generic_visit(node)
        name, position = node.value.id, build.literal(node.slice)
        if isinstance(position, int) and position >= 0:
            return node
        if isinstance(position, int):
            node.slice = build.located(build.binary(self._length(name), gast.Sub, build.constant(-position)), node)
            return node
        node.value, node.slice = build.located(self._whole(name), node), self.visit(node.slice)
        if not isinstance(node.slice, gast.Slice):
            return node
        if isinstance(node.ctx, gast.Store):
            raise self._stop(node, "storing to a slice of a list", "store its elements in a loop, or use an array")
        return build.located(build.call(gast.Attribute(node, "copy", gast.Load())), node)
