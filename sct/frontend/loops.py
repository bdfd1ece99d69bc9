"""Every `for` becomes a loop over `range`: arrays, tuples, enumerate, zip and reversed are indexed."""

from __future__ import annotations

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.resolve import Resolved
from sct.frontend.structure import Structures


def index_loops(resolved: Resolved, structures: Structures) -> None:
    """Rewrite the loops of `resolved.tree` in place."""
    resolved.tree.body = _Loops(resolved, structures).block(resolved.tree.body)


class _Loops:
    def __init__(self, resolved: Resolved, structures: Structures) -> None:
        self._resolved, self._structures = resolved, structures
        self._before: list[gast.stmt] = []
        self._assigned: set[str] = set()

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        return [new for statement in body for new in self._statement(statement)]

    def _statement(self, node: gast.stmt) -> list[gast.stmt]:
        if isinstance(node, gast.If | gast.While | gast.For):
            node.body = self.block(node.body)
            node.orelse = self.block(node.orelse)
        return self._for(node) if isinstance(node, gast.For) else [node]

    def _for(self, node: gast.For) -> list[gast.stmt]:
        if _is_call(node.iter, "range"):
            self._simple(node.target, node)
            return [node]
        self._before = []
        self._assigned = {n.id for s in [node.target, *node.body] for n in gast.walk(s) if _stored(n)}
        counter = self._counter(node)
        length, head = self._index(node.target, node.iter, build.name(counter), node)
        before = self._before
        loop = gast.For(build.target(counter), build.call("range", length), head + node.body, [], None)
        build.marked(loop, node)
        return [build.located(statement, node) for statement in [*before, loop]]

    def _counter(self, node: gast.For) -> str:
        """The user's own counter in `for i, v in enumerate(x)`, else a fresh name."""
        first = node.target.elts[0] if isinstance(node.target, gast.Tuple) else None
        counted = _is_call(node.iter, "enumerate") and len(node.iter.args) == 1 and not node.iter.keywords
        return first.id if counted and isinstance(first, gast.Name) else self._resolved.names.fresh("k")

    def _index(
        self, target: gast.AST, iterable: gast.AST, k: gast.Name, node: gast.For
    ) -> tuple[gast.expr, list[gast.stmt]]:
        """The number of iterations and the statements that set `target` in iteration `k`."""
        if _is_call(iterable, "enumerate"):
            return self._enumerate(target, iterable, k, node)
        if _is_call(iterable, "zip"):
            return self._zip(target, iterable, k, node)
        if _is_call(iterable, "range"):
            return self._range(target, iterable, k, node)
        if _is_call(iterable, "reversed"):
            return self._reversed(target, iterable, k, node)
        structure = self._structures.of(iterable)
        if structure is not None:
            return self._tuple(target, iterable, len(structure), k)
        array = self._bound(iterable, "xs")
        return build.call("len", build.clone(array)), [_assign(target, build.subscript(build.clone(array), k))]

    def _enumerate(self, target, iterable, k, node) -> tuple[gast.expr, list[gast.stmt]]:
        pair, whole = self._parts(target, 2, node)
        start = [kw.value for kw in iterable.keywords if kw.arg == "start"] + iterable.args[1:]
        if not iterable.args or len(start) != len(iterable.keywords) + len(iterable.args) - 1 or len(start) > 1:
            raise self._error(node, "this form of enumerate", "write enumerate(x) or enumerate(x, start)")
        length, head = self._index(pair[1], iterable.args[0], k, node)
        if start:
            first = build.binary(build.clone(k), gast.Add, self._bound(start[0], "start"))
            return length, [_assign(pair[0], first), *head, *whole]
        same = isinstance(pair[0], gast.Name) and pair[0].id == k.id
        return length, [*head, *whole] if same else [_assign(pair[0], build.clone(k)), *head, *whole]

    def _zip(self, target, iterable, k, node) -> tuple[gast.expr, list[gast.stmt]]:
        if not iterable.args or iterable.keywords:
            raise self._error(node, "this form of zip", "pass arrays and ranges only")
        parts, whole = self._parts(target, len(iterable.args), node)
        found = [self._index(t, i, k, node) for t, i in zip(parts, iterable.args, strict=True)]
        length = found[0][0]
        for other, _ in found[1:]:
            length = build.call("min", length, other)
        return length, [*(statement for _, head in found for statement in head), *whole]

    def _reversed(self, target, iterable, k, node) -> tuple[gast.expr, list[gast.stmt]]:
        """Counts down from the last element."""
        if len(iterable.args) != 1 or iterable.keywords or _is_call(iterable.args[0], "enumerate", "zip", "reversed"):
            raise self._error(node, "this form of reversed", "pass a range, an array or a tuple")
        down = build.name(self._resolved.names.fresh("k"))
        length, head = self._index(target, iterable.args[0], down, node)
        length = self._bound(length, "length")
        last = build.binary(build.clone(length), gast.Sub, build.constant(1))
        return length, [_assign(build.target(down.id), build.binary(last, gast.Sub, build.clone(k))), *head]

    def _range(self, target, iterable, k, node) -> tuple[gast.expr, list[gast.stmt]]:
        args = [self._bound(a, "bound") for a in iterable.args]
        start, stop = (args[0], args[1]) if len(args) > 1 else (build.constant(0), args[0])
        if len(args) == 3 and not isinstance(build.literal(args[2]), int):
            return self._computed(target, start, stop, args[2], k)
        step = build.literal(args[2]) if len(args) > 2 else 1
        if step == 0:
            raise self._error(node, "a range with step 0", "count up or down")
        span = build.binary(stop, gast.Sub, start) if step > 0 else build.binary(start, gast.Sub, stop)
        if abs(step) > 1:
            rounded = build.binary(span, gast.Add, build.constant(abs(step) - 1))
            span = build.binary(rounded, gast.FloorDiv, build.constant(abs(step)))
        offset = build.clone(k) if step == 1 else build.binary(build.clone(k), gast.Mult, build.number(step))
        plain = len(args) == 1
        value = offset if plain else build.binary(build.clone(start), gast.Add, offset)
        return build.call("max", span, build.constant(0)), [_assign(target, value)]

    def _computed(self, target, start, stop, step, k) -> tuple[gast.expr, list[gast.stmt]]:
        """A range whose step only the run knows: -((start - stop) // step) iterations, whatever its sign."""
        told = build.call("ValueError", build.constant("range() arg 3 must not be zero"))
        is_zero = build.compare(build.clone(step), gast.Eq(), build.constant(0))
        self._before.append(gast.If(is_zero, [gast.Raise(told, None)], []))
        count = build.binary(build.binary(start, gast.Sub, stop), gast.FloorDiv, build.clone(step))
        value = build.binary(build.clone(start), gast.Add, build.binary(build.clone(k), gast.Mult, build.clone(step)))
        length = build.call("max", gast.UnaryOp(gast.USub(), count), build.constant(0))
        return length, [_assign(target, value)]

    def _tuple(self, target, iterable, count, k) -> tuple[gast.expr, list[gast.stmt]]:
        """`if k == 0: v = t[0] elif k == 1: ...`: the elements need not be of one kind."""
        whole = self._bound(iterable, "xs", copy=True)
        chain: list[gast.stmt] = []
        for position in reversed(range(count)):
            element = build.subscript(build.clone(whole), build.constant(position))
            setting = [_assign(build.clone(target), element)]
            test = build.compare(build.clone(k), gast.Eq(), build.constant(position))
            chain = [gast.If(test, setting, chain)] if position < count - 1 else setting
        return build.constant(count), chain

    def _bound(self, node: gast.expr, base: str, copy: bool = False) -> gast.expr:
        """`node` if it means the same all through the loop, else a name for it, assigned before."""
        steady = isinstance(node, gast.Name) and node.id not in self._assigned
        if build.literal(node) is not None or (steady and not copy):
            return node
        name = self._resolved.names.fresh(base)
        self._before.append(build.assign(name, node))
        structure = self._structures.of(node)
        if structure is not None:
            self._structures.variables[name] = structure
        return build.name(name)

    def _parts(self, target: gast.AST, count: int, node: gast.For) -> tuple[list[gast.expr], list[gast.stmt]]:
        """The targets of the elements of a tuple, and what makes it whole again where one name stands for it."""
        if isinstance(target, gast.Tuple) and len(target.elts) == count:
            return target.elts, []
        if not isinstance(target, gast.Name):
            raise self._error(node, f"a loop target that is not a tuple of {count}", f"name {count} variables in the `for`")
        names = [self._resolved.names.fresh(f"{target.id}_{k}") for k in range(count)]
        whole = _assign(target, gast.Tuple([build.name(n) for n in names], gast.Load()))
        return [build.target(n) for n in names], [whole]

    def _simple(self, target: gast.AST, node: gast.For) -> None:
        if not isinstance(target, gast.Name):
            raise self._error(node, "a loop target that is not a name", "use a name and assign in the body")

    def _error(self, node: gast.AST, what: str, remedy: str) -> UnsupportedSyntax:
        place = self._resolved.source.place(node)
        return UnsupportedSyntax(f"{what} is not supported", place=place, remedy=remedy)


def _is_call(node: gast.AST, *functions: str) -> bool:
    return isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id in functions


def _stored(node: gast.AST) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store)


def _assign(target: gast.AST, value: gast.expr) -> gast.Assign:
    return gast.Assign([target], value, None)
