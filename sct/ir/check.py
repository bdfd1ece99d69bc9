"""Checks that a program is in the core language; what it finds is a bug in the pass before, never the user's."""

from __future__ import annotations

import builtins
from typing import NoReturn

import gast

from sct import runtime
from sct.ir import shape
from sct.ir.build import MODULES, bodies, defined, is_name, is_one_of, targets, walk
from sct.ir.program import Program

_TYPES = {n for n, v in vars(builtins).items() if isinstance(v, type)}
_GLOBAL = shape.BUILTINS | set(runtime.__all__) | _TYPES | MODULES | {"sct"}
_UNDEFINED = "UNDEFINED"

Scope = set[str]


def check(program: Program, stage: str = "") -> None:
    """Raise AssertionError with the offending text unless `program` obeys `sct.ir.grammar`."""
    _Check(program, stage).run()


class _Check:
    def __init__(self, program: Program, stage: str) -> None:
        self._program, self._stage = program, stage
        self._global = _GLOBAL | set(program.constants) | set(program.helpers)
        self._assigned: dict[str, int] = {}
        self._free: set[str] = set()

    def run(self) -> None:
        body, params = self._program.tree.body, self._program.params
        returns = [n for n in walk(body) if isinstance(n, gast.Return)]
        self._need(len(returns) == 1 and body[-1] is returns[0], "one return, at the end", self._program.tree)
        self._need(len(set(params)) == len(params), "parameters differ", self._program.tree)
        for statement in walk(body):
            self._need(shape.is_statement(statement, self._program), "not a statement of the core", statement)
            for name in defined(statement) if not shape.is_permutation(statement) else []:
                self._assigned[name] = self._assigned.get(name, 0) + 1
        for name in [*params, *self._assigned]:
            known = (name in params and name in self._assigned) or name in self._global
            self._need(not known, f"{name} is reassigned, or hides a global", self._program.tree)
        scope = self._block(body, set(params), tail=None)
        several = sorted(n for n, count in self._assigned.items() if count > 1 and n not in self._free)
        self._need(not several, f"assigned more than once: {several}", self._program.tree)
        self._need(scope is not None, "the end is never reached", self._program.tree)

    def _fail(self, why: str, node: gast.AST) -> NoReturn:
        raise AssertionError(f"core language, {self._stage or 'check'}: {why}:\n{gast.unparse(node).strip()}")

    def _need(self, holds: bool, why: str, node: gast.AST) -> None:
        if not holds:
            self._fail(why, node)

    def _readable(self, node: gast.AST, scope: Scope, at: gast.AST) -> None:
        for name in shape.read_names(node):
            self._need(name in scope or name in self._global, f"{name} is not defined here", at)

    # blocks: each method returns the names readable afterwards, None where the end is not reached

    def _block(self, body: list[gast.stmt], scope: Scope, tail: set[str] | None) -> Scope | None:
        """`tail`: the carried variables of the loop if this block is in tail position of its body, else None."""
        scope, k = set(scope), 0
        while k < len(body):
            node, last = body[k], k == len(body) - 1
            if isinstance(node, gast.For | gast.While):
                carried = self._carried(body, k)
                self._loop(node, scope, carried)
                k += self._copies_after(node, body[k + 1 :], carried, scope)
            elif isinstance(node, gast.If):
                self._readable(node.test, scope, node)
                inside = tail if last and _breaks(node) else None
                arms = [self._block(arm, scope, inside) for arm in (node.body, node.orelse)]
                scope |= self._merged(node, arms)
                if inside is not None or arms == [None, None]:
                    return self._ended(last, node)
            elif isinstance(node, gast.Break):
                self._need(tail is not None, "break outside of tail position", node)
                self._handed_on(body[:k], tail or set(), node)
                return self._ended(last, node)
            elif isinstance(node, gast.Raise):
                return self._ended(last, node)
            else:
                self._simple(node, scope)
            k += 1
        if tail is not None:
            self._handed_on(body, tail, body[-1] if body else self._program.tree)
        return scope

    def _ended(self, last: bool, node: gast.AST) -> None:
        self._need(last, "something follows", node)

    def _simple(self, node: gast.stmt, scope: Scope) -> None:
        if isinstance(node, gast.Assign) and is_name(node.value, _UNDEFINED):
            self._need(self._assigned[node.targets[0].id] > 1, "UNDEFINED only starts what is assigned again", node)
        else:
            self._readable(node, scope, node)
        if not shape.is_permutation(node):
            scope |= set(defined(node))

    def _merged(self, node: gast.If, arms: list[Scope | None]) -> Scope:
        """What the arms that fall through both assign by copies at their ends."""
        ends = [_trailing(arm) for arm, after in zip((node.body, node.orelse), arms, strict=True) if after is not None]
        if not ends:
            return set()
        merged = set.intersection(*ends)
        if len(ends) == 2:
            self._free |= {name for name in merged if self._assigned[name] == 2}
            for name in merged:
                inside = [n for arm in (node.body, node.orelse) for s in arm for n in shape.read_names(s)]
                self._need(name not in inside, f"the merge {name} is read inside its if", node)
        return merged

    # loops

    def _carried(self, body: list[gast.stmt], at: int) -> set[str]:
        """Assigned before the loop in the same block, and again inside it."""
        before = {name for s in body[:at] for name in defined(s)}
        inside = {n for s in walk(body[at].body) if not shape.is_permutation(s) for n in defined(s)}
        return before & inside

    def _loop(self, node: gast.For | gast.While, scope: Scope, carried: set[str]) -> None:
        head = node.iter if isinstance(node, gast.For) else node.test
        unread = carried if isinstance(node, gast.For) else set()
        self._readable(head, scope - unread, node)
        inner = scope - carried
        if isinstance(node, gast.For):
            self._need(self._assigned[node.target.id] == 1, "the index is assigned by its loop alone", node)
            inner.add(node.target.id)
        copies = 0
        for statement in node.body:
            if not (_is_copy(statement) and is_name(statement.value, *carried or {""})):
                break
            inner.add(statement.targets[0].id)
            copies += 1
        self._free |= carried
        self._once_per_leaf(node, carried)
        self._block(node.body[copies:] or [gast.Pass()], inner, carried)

    def _once_per_leaf(self, node: gast.For | gast.While, carried: set[str]) -> None:
        """Carried variables are assigned by the copies at the ends of leaves, nowhere else."""
        wanted = sum(name in carried for s in walk(node.body) for name in defined(s))
        found = sum(name in carried for leaf in _leaves(node.body) for name in _trailing(leaf))
        self._need(wanted == found, "a carried variable is assigned inside the body", node)

    def _handed_on(self, body: list[gast.stmt], carried: set[str], node: gast.AST) -> None:
        missing = carried - _trailing(body)
        self._need(not missing, f"a leaf does not assign {sorted(missing)}", node)

    def _copies_after(self, loop: gast.stmt, rest: list[gast.stmt], carried: set[str], scope: Scope) -> int:
        exchanged = set(targets(loop.body[-1])) if shape.is_permutation(loop.body[-1]) else set()
        copies = 0
        for statement in rest:
            if not (_is_copy(statement) and is_one_of(statement.value, carried | exchanged)):
                break
            scope.add(statement.targets[0].id)
            copies += 1
        scope -= carried
        return copies


def _is_copy(node: gast.stmt) -> bool:
    return isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Name) and shape.is_atom(node.value)


def _trailing(body: list[gast.stmt]) -> set[str]:
    """The names assigned by the copies at the end of a block."""
    body = body[:-1] if body and (isinstance(body[-1], gast.Break) or shape.is_permutation(body[-1])) else body
    found: set[str] = set()
    for statement in reversed(body):
        if not _is_copy(statement):
            break
        found.add(statement.targets[0].id)
    return found


def _breaks(node: gast.stmt) -> bool:
    if isinstance(node, gast.Break):
        return True
    return isinstance(node, gast.If) and any(_breaks(s) for block in bodies(node) for s in block)


def _leaves(body: list[gast.stmt]) -> list[list[gast.stmt]]:
    """The blocks in tail position, an arm that breaks and its sibling each apart."""
    last = body[-1] if body else None
    if isinstance(last, gast.If) and _breaks(last):
        return [leaf for arm in (last.body, last.orelse) for leaf in _leaves(arm)]
    return [body]
