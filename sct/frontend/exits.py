"""Early `return`, `break` and `continue` become branches: the rest of a block moves into the arm that goes on.

    if c: return 0.0        if c: result = 0.0
    s = f(x)           ->   else: s = f(x); result = s
    return s                return result

Where two arms may go on, nothing is copied: a bool (`left`, `skipped`, `returned`) guards the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.resolve import Resolved

Actions = dict[type[gast.stmt], Callable[[], list[gast.stmt]]]

_FLAGS = {gast.Break: "left", gast.Continue: "skipped", gast.Return: "returned"}


@dataclass
class Structured:
    """A body without early exits; `kept` has, by loop, the variable that counts its iterations."""

    body: list[gast.stmt]
    returns: int | None
    kept: dict[int, str] = field(default_factory=dict)


def structure_exits(body: list[gast.stmt], resolved: Resolved) -> Structured:
    return _Exits(resolved).function(body)


class _Exits:
    def __init__(self, resolved: Resolved) -> None:
        self._resolved, self._names = resolved, resolved.names
        self._flags: dict[type[gast.stmt], str] = {}
        self._results: list[str] | None = None
        self._kept: dict[int, str] = {}

    def function(self, body: list[gast.stmt]) -> Structured:
        found = [n for s in body for n in gast.walk(s) if isinstance(n, gast.Return)]
        if not found and not falls(body):
            raise self._error(body[-1], "the function never returns", "let at least one path return")
        returns = self._count(found, body)
        plain = len(found) == 1 and body[-1] is found[0]
        if not plain and returns != 0:
            bases = ["result"] if returns is None else [f"result_{k}" for k in range(returns)]
            self._results = [self._names.fresh(b) for b in bases]
        last = found[0] if plain else gast.Return(self._result_value(returns))
        done = self._block(body[:-1] if plain else body, {gast.Return: list})
        at = found[-1] if found else body[-1] if body else self._resolved.tree
        return Structured([*done, build.located(last, at)], returns, self._kept)

    def _result_value(self, returns: int | None) -> gast.expr | None:
        if self._results is None:
            return None
        values = [build.name(n) for n in self._results]
        return values[0] if returns is None else gast.Tuple(values, gast.Load())

    def _count(self, found: list[gast.Return], body: list[gast.stmt]) -> int | None:
        """The number of values returned, the same for every `return`; None for a single value."""
        kinds = [0 if r.value is None else len(r.value.elts) if _is_tuple(r) else None for r in found] or [0]
        for kind, node in zip(kinds, found, strict=False):
            if kind != kinds[0]:
                raise self._error(node, "the returns differ in the number of values", "return the same everywhere")
        if kinds[0] != 0 and falls(body):
            raise self._error(found[-1], "not every path returns a value", "end the function with a return")
        return kinds[0]

    def _error(self, node: gast.AST, message: str, remedy: str) -> UnsupportedSyntax:
        return UnsupportedSyntax(message, place=self._resolved.source.place(node), remedy=remedy)

    def _block(self, statements: list[gast.stmt], actions: Actions) -> list[gast.stmt]:
        """The block with each exit replaced by its action; nothing follows the block."""
        done: list[gast.stmt] = []
        for position, node in enumerate(statements):
            if escaping(node):
                return done + self._leave(node, statements[position + 1 :], actions)
            done += self._inner(node)
            if not falls([node]):
                break
        return done

    def _inner(self, node: gast.stmt) -> list[gast.stmt]:
        """A statement that no exit leaves."""
        if isinstance(node, gast.If):
            return [_if(node.test, self._block(node.body, {}), self._block(node.orelse, {}), node)]
        return self._loop(node, {}) if isinstance(node, gast.For | gast.While) else [node]

    def _leave(self, node: gast.stmt, rest: list[gast.stmt], actions: Actions) -> list[gast.stmt]:
        """A statement that some exit leaves, and what follows it."""
        if isinstance(node, gast.If):
            body, orelse = falls(node.body), falls(node.orelse)
            if rest and body and orelse:
                return self._guarded(node, rest, actions)
            new_body = self._block(node.body + (rest if body else []), actions)
            return [_if(node.test, new_body, self._block(node.orelse + (rest if orelse else []), actions), node)]
        if isinstance(node, gast.For | gast.While):
            return self._returning(node, rest, actions)
        result = self._result(node) if isinstance(node, gast.Return) else []
        return result + [build.located(s, node) for s in actions[type(node)]()]

    def _result(self, node: gast.Return) -> list[gast.stmt]:
        values = node.value.elts if _is_tuple(node) else [node.value]
        return [build.located(build.assign(n, v), node) for n, v in zip(self._results or [], values, strict=False)]

    def _guarded(self, node: gast.If, rest: list[gast.stmt], actions: Actions) -> list[gast.stmt]:
        """Both arms may go on, one of them may leave: note in a bool whether it did."""
        kinds = [kind for kind in _FLAGS if kind in escaping(node)]
        start = [build.located(self._set(kind, False), node) for kind in kinds]
        setting: Actions = {kind: lambda kind=kind: [self._set(kind, True)] for kind in kinds}
        then = self._block(rest, actions)
        for kind in reversed(kinds):
            then = [_if(build.name(self._flag(kind)), actions[kind](), then, node)]
        return start + self._leave(node, [], setting) + then

    def _returning(self, node: gast.For | gast.While, rest: list[gast.stmt], actions: Actions) -> list[gast.stmt]:
        """A loop with a `return` in it."""
        start = build.located(self._set(gast.Return, False), node)
        leaving: Actions = {gast.Return: lambda: [self._set(gast.Return, True), gast.Break()]}
        done = [start, *self._loop(node, leaving)]
        leave, stay = actions[gast.Return](), self._block(rest, actions)
        if not falls([node]):
            return done + [build.located(s, node) for s in leave]
        if leave or stay:
            done.append(_if(build.name(self._flag(gast.Return)), leave, stay, node))
        return done

    def _flag(self, kind: type[gast.stmt]) -> str:
        if kind not in self._flags:
            self._flags[kind] = self._names.fresh(_FLAGS[kind])
        return self._flags[kind]

    def _set(self, kind: type[gast.stmt], value: bool) -> gast.stmt:
        return build.assign(self._flag(kind), build.constant(value))

    def _loop(self, node: gast.For | gast.While, leaving: Actions) -> list[gast.stmt]:
        """The loop in tail form; one whose trips the reverse sweep must know counts them."""
        actions: Actions = {gast.Break: lambda: [gast.Break()], gast.Continue: list} | leaving
        body = self._block(node.body, actions)
        before: list[gast.stmt] = []
        if isinstance(node, gast.While):
            trips = self._names.fresh("trips")
            before = [build.assign(trips, build.constant(0))]
            body.insert(0, build.assign(trips, build.binary(build.name(trips), gast.Add, build.constant(1))))
            loop: gast.stmt = gast.While(node.test, body, [])
            self._kept[id(loop)] = trips
        else:
            loop = build.marked(gast.For(node.target, node.iter, body or [gast.Pass()], [], None), node)
            if gast.Break in {type(n) for s in body for n in own(s)}:
                last = self._names.fresh("last")
                before = self._before_first(last, node.iter.args)
                body.insert(0, build.assign(last, build.name(node.target.id)))
                self._kept[id(loop)] = last
        return [build.located(s, node) for s in [*before, loop]]

    def _before_first(self, last: str, bounds: list[gast.expr]) -> list[gast.stmt]:
        """last = start - step"""
        start = bounds[0] if len(bounds) > 1 else build.constant(0)
        step = bounds[2] if len(bounds) > 2 else build.constant(1)
        numbers = build.literal(start), build.literal(step)
        if None not in numbers:
            return [build.assign(last, build.number(numbers[0] - numbers[1]))]
        done: list[gast.stmt] = []
        operands = []
        for bound in (start, step):
            if not isinstance(bound, gast.Name) and build.literal(bound) is None:
                name = self._names.fresh("t")
                done.append(build.assign(name, build.clone(bound)))
                bound = build.name(name)
            operands.append(build.clone(bound))
        return [*done, build.assign(last, build.binary(operands[0], gast.Sub, operands[1]))]


def falls(statements: list[gast.stmt]) -> bool:
    """Whether the end of a block can be reached."""
    return all(_falls(s) for s in statements)


def _falls(node: gast.stmt) -> bool:
    if isinstance(node, gast.If):
        return falls(node.body) or falls(node.orelse)
    if isinstance(node, gast.While) and isinstance(node.test, gast.Constant) and node.test.value:
        return any(isinstance(n, gast.Break) for s in node.body for n in own(s))
    return not isinstance(node, gast.Break | gast.Continue | gast.Return | gast.Raise)


def own(node: gast.stmt) -> list[gast.stmt]:
    """The statements in `node` whose break and continue belong to the loop around it."""
    inner = [*node.body, *node.orelse] if isinstance(node, gast.If) else []
    return [node, *(n for s in inner for n in own(s))]


def escaping(node: gast.stmt) -> set[type[gast.stmt]]:
    """The kinds of exit that leave a statement."""
    if isinstance(node, gast.If):
        return {kind for s in [*node.body, *node.orelse] for kind in escaping(s)}
    if isinstance(node, gast.For | gast.While):
        return {kind for s in node.body for kind in escaping(s)} & {gast.Return}
    return {type(node)} & set(_FLAGS)


def _is_tuple(node: gast.Return) -> bool:
    return isinstance(node.value, gast.Tuple)


def _if(test: gast.expr, body: list[gast.stmt], orelse: list[gast.stmt], at: gast.AST) -> gast.stmt:
    return build.located(gast.If(build.clone(test), body or [gast.Pass()], orelse), at)
