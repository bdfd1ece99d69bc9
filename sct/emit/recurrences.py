"""Which calls in the loops of a generated text need not wait for an earlier iteration, so that many of them can run at once.

    for i in range(1, len(x)):
        y[i] = math.sin(x[i]) * y[i - 1]        this one need not
        s = math.exp(s - x[i])                  this one has to

This decides about speed alone: a function whose iterations overlap is better without branches, one that is waited for is
better with as few instructions as the C library needs. Only loops without loops inside count, and helpers that they call.
"""

from __future__ import annotations

from collections.abc import Iterator

import gast

from sct.ir.build import call_name, is_name, is_one_of, loads, nodes, store_target, targets, text, walk

SMALL = 20
"""Statements up to which a helper is compiled into the loop that calls it."""

Found = Iterator[tuple[gast.Call, list[bool]]]
"""Calls, and for each argument whether it waits for an earlier iteration."""


def overlapping(module: str, wanted: frozenset[str]) -> tuple[list[tuple[int, str]], list[str]]:
    """(line, function): calls of a function that is wanted, all of which, on that line, can overlap with other iterations; and
    the helpers with such calls, to be compiled into the loops that call them. Callers stand after what they call."""
    functions = [node for node in gast.parse(module).body if isinstance(node, gast.FunctionDef)]
    late: dict[str, set[str]] = {}  # the parameters that wait, of each helper that a loop calls
    places: dict[tuple[int, str], bool] = {}
    for k, function in reversed(list(enumerate(functions))):
        helpers = {other.name: other for other in functions[:k] if _is_small(other)}
        for call, waits in _calls(function, late.get(function.name)):
            if is_one_of(call.func, helpers):
                parameters = [p.id for p in helpers[call.func.id].args.args]
                late.setdefault(call.func.id, set()).update(p for p, w in zip(parameters, waits, strict=True) if w)
            elif call_name(call) in wanted:
                key = (call.lineno, call_name(call))
                places[key] = places.get(key, True) and not any(waits)
    found = sorted(place for place, free in places.items() if free)
    return found, _inlined([function for function in functions if function.name in late], found)


def _is_small(function: gast.FunctionDef) -> bool:
    stmts = list(walk(function.body))
    return len(stmts) <= SMALL and not any(_is_loop(s) or store_target(s) for s in stmts)


def _is_loop(stmt: gast.stmt) -> bool:
    return isinstance(stmt, gast.For | gast.While)


def _calls(function: gast.FunctionDef, late: set[str] | None) -> Found:
    """The calls in the innermost loops of a function; in all of a helper that a loop calls with these parameters `late`."""
    if late is not None:
        yield from _Flow(late).block(function.body)
    for loop in walk(function.body):
        if isinstance(loop, gast.For) and not any(map(_is_loop, walk(loop.body))):
            yield from _Flow(_carried(loop) | _recurring(loop)).block(loop.body)


def _inlined(helpers: list[gast.FunctionDef], places: list[tuple[int, str]]) -> list[str]:
    """Those that hold one of the places, themselves or in what they call."""
    found: list[str] = []
    for helper in helpers:
        calls = [node for node in nodes(helper) if isinstance(node, gast.Call)]
        if any((call.lineno, call_name(call)) in places or is_one_of(call.func, found) for call in calls):
            found.append(helper.name)
    return found


def _carried(loop: gast.For) -> set[str]:
    """Names that an iteration reads before it binds them."""
    bound = {name for stmt in walk(loop.body) for name in targets(stmt)}
    found: set[str] = set()

    def exposed(block: list[gast.stmt], known: set[str]) -> set[str]:
        for stmt in block:
            found.update(_read(stmt) & bound - known)
            known = known | set(targets(stmt))
            if isinstance(stmt, gast.If):
                known = exposed(stmt.body, known) & exposed(stmt.orelse, known)
        return known

    exposed(loop.body, {loop.target.id})
    return found


def _read(stmt: gast.stmt) -> set[str]:
    """The names that a statement itself reads."""
    inner = stmt.test if isinstance(stmt, gast.If) else stmt
    found = {n.id for n in nodes(inner) if is_name(n) and isinstance(n.ctx, gast.Load)}
    return found | set(targets(stmt)) if isinstance(stmt, gast.AugAssign) else found


def _recurring(loop: gast.For) -> set[str]:
    """Elements, as their text, that an earlier iteration may have stored: by another subscript, or by one that stays."""
    varying = {loop.target.id, *(name for stmt in walk(loop.body) for name in targets(stmt))}
    stores = [target for target in map(store_target, walk(loop.body)) if target is not None]
    found = {text(s) for s in stores if not any(is_one_of(n, varying) for n in nodes(s.slice))}
    for load in (load for stmt in loop.body for load in loads(stmt)):
        if any(text(s.value) == load.value.id and text(s) != text(load) for s in stores):
            found.add(text(load))
    return found


class _Flow:
    """`late`: the names and elements, as their text, that hold something of an earlier iteration or computed from it."""

    def __init__(self, late: set[str]) -> None:
        self.late = set(late)

    def block(self, block: list[gast.stmt], choice: bool = False) -> Found:
        """The calls in a block; all that it binds is late if the `choice` to run it is."""
        for stmt in block:
            branch = isinstance(stmt, gast.If)
            for node in nodes(stmt.test if branch else stmt):
                if isinstance(node, gast.Call):
                    yield node, [self._is_late(argument) for argument in node.args]
            if branch:
                yield from self._arms(stmt, choice or self._is_late(stmt.test))
            else:
                self._bind(stmt, choice)

    def _arms(self, stmt: gast.If, choice: bool) -> Found:
        other = _Flow(self.late)
        yield from self.block(stmt.body, choice)
        yield from other.block(stmt.orelse, choice)
        self.late |= other.late

    def _bind(self, stmt: gast.stmt, choice: bool) -> None:
        target = store_target(stmt)
        bound = {*targets(stmt), *([text(target)] if target else [])}
        if bound:
            late = choice or self._is_late(stmt if isinstance(stmt, gast.AugAssign) else stmt.value)
            self.late = self.late | bound if late else self.late - bound

    def _is_late(self, node: gast.AST) -> bool:
        return any(is_one_of(n, self.late) or (isinstance(n, gast.Subscript) and text(n) in self.late) for n in nodes(node))
