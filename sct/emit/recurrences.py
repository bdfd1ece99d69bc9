"""Which calls in the loops of a generated text need not wait for an earlier iteration, so that many of them can run at once.

    for i in range(1, len(x)):
        y[i] = math.sin(x[i]) * y[i - 1]        this one need not
        s = math.exp(s - x[i])                  this one has to

This decides about speed alone: a function whose iterations overlap is better without branches, one that is waited for is
better with as few instructions as the C library needs. Only loops without loops inside count, and `if` without distinction.
"""

from __future__ import annotations

from collections.abc import Iterator

import gast

from sct.ir.build import bodies, call_name, is_name, is_one_of, loads, nodes, store_target, targets, text, walk

SMALL = 20
"""Statements up to which a helper is compiled into the loop that calls it."""


def overlapping(module: str, wanted: frozenset[str]) -> tuple[list[tuple[int, str]], list[str]]:
    """(line, function): calls of those that are wanted, on that line, all of which can overlap with those of other iterations;
    and the helpers to be compiled into the loops that call them. Callers stand after what they call."""
    functions = [node for node in gast.parse(module).body if isinstance(node, gast.FunctionDef)]
    earlier = {f.name: {g.name for g in functions[:k] if _is_small(g)} for k, f in enumerate(functions)}
    places: dict[tuple[int, str], bool] = {}
    called: set[str] = set()
    for function in reversed(functions):
        for call, free in _calls(function, function.name in called):
            if free and is_one_of(call.func, earlier[function.name]):
                called.add(call.func.id)
            elif call_name(call) in wanted:
                key = (call.lineno, call_name(call))
                places[key] = places.get(key, True) and free
    found = sorted(place for place, free in places.items() if free)
    return found, _inlined(functions, called, found)


def _is_small(function: gast.FunctionDef) -> bool:
    stmts = list(walk(function.body))
    return len(stmts) <= SMALL and not any(isinstance(s, gast.For | gast.While) or store_target(s) for s in stmts)


def _calls(function: gast.FunctionDef, in_loop: bool) -> Iterator[tuple[gast.Call, bool]]:
    """The calls in a function, and whether each can overlap; `in_loop` where a loop calls this function so."""
    loops = [s for s in walk(function.body) if isinstance(s, gast.For) and not any(map(_is_loop, walk(s.body)))]
    free = {id(call) for loop in loops for call in _Loop(loop).free()}
    for call in nodes(function):
        if isinstance(call, gast.Call):
            yield call, in_loop or id(call) in free


def _is_loop(stmt: gast.stmt) -> bool:
    return isinstance(stmt, gast.For | gast.While)


def _inlined(functions: list[gast.FunctionDef], called: set[str], places: list[tuple[int, str]]) -> list[str]:
    """Those of the helpers `called` that hold one of the places, themselves or in what they call."""
    found: list[str] = []
    for function in functions:
        calls = [node for node in nodes(function) if isinstance(node, gast.Call)]
        if function.name in called and any((c.lineno, call_name(c)) in places or is_one_of(c.func, found) for c in calls):
            found.append(function.name)
    return found


class _Loop:
    """`late`: names, and elements as their text, that hold something of an earlier iteration, or are computed from it."""

    def __init__(self, loop: gast.For) -> None:
        self.body = loop.body
        self.bound = {name for stmt in walk(loop.body) for name in targets(stmt)}
        self.varying = self.bound | {loop.target.id}
        self.late: set[str] = set()
        self._exposed(loop.body, {loop.target.id})
        self._elements()
        while self._spread(loop.body, False):
            pass

    def free(self) -> Iterator[gast.Call]:
        """The calls none of whose arguments is late."""
        for node in (node for stmt in self.body for node in nodes(stmt)):
            if isinstance(node, gast.Call) and not any(map(self._is_late, node.args)):
                yield node

    def _exposed(self, block: list[gast.stmt], known: set[str]) -> set[str]:
        """Find the names that are read before they are bound; those bound after the block, if `known` are before it."""
        for stmt in block:
            reads = stmt.test if isinstance(stmt, gast.If) else stmt
            free = {n.id for n in nodes(reads) if is_name(n) and not (isinstance(n.ctx, gast.Store) and n.id in targets(stmt))}
            free |= set(targets(stmt)) if isinstance(stmt, gast.AugAssign) else set()
            self.late |= free & self.bound - known
            known = known | set(targets(stmt))
            if isinstance(stmt, gast.If):
                known = self._exposed(stmt.body, known) & self._exposed(stmt.orelse, known)
        return known

    def _elements(self) -> None:
        """Find the elements that an earlier iteration may have stored: of another subscript, or of one that stays."""
        stored: dict[str, set[str]] = {}
        for target in filter(None, map(store_target, walk(self.body))):
            stored.setdefault(text(target.value), set()).add(text(target.slice))
            if not any(is_one_of(n, self.varying) for n in nodes(target.slice)):
                self.late.add(text(target))
        for load in (load for stmt in self.body for load in loads(stmt)):
            if stored.get(load.value.id, set()) - {text(load.slice)}:
                self.late.add(text(load))

    def _is_late(self, node: gast.AST) -> bool:
        return any(is_one_of(n, self.late) or isinstance(n, gast.Subscript) and text(n) in self.late for n in nodes(node))

    def _spread(self, block: list[gast.stmt], within: bool) -> bool:
        """Add what is computed from `late`, or bound where that decides (`within`); whether there was anything to add."""
        before = len(self.late)
        for stmt in block:
            if isinstance(stmt, gast.If):
                for inner in bodies(stmt):
                    self._spread(inner, within or self._is_late(stmt.test))
            elif within or self._is_late(stmt):
                target = store_target(stmt)
                self.late |= {*targets(stmt), *([text(target)] if target else [])}
        return len(self.late) > before
