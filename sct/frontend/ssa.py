"""Structured SSA: every name assigned once, but for merges and carried variables (see `sct.ir.grammar`)."""

from __future__ import annotations

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.allowed import UNDEFINED
from sct.frontend.exits import Structured, falls, own
from sct.frontend.liveness import Liveness
from sct.frontend.resolve import Resolved

Env = dict[str, str]


def to_ssa(structured: Structured, resolved: Resolved) -> tuple[list[gast.stmt], dict[str, str]]:
    """The body in SSA, and the user's variable of each name that is a version of one."""
    return _Ssa(structured, resolved).run()


class _Ssa:
    def __init__(self, structured: Structured, resolved: Resolved) -> None:
        self._resolved, self._body = resolved, structured.body
        self._params = [p.id for p in resolved.tree.args.args]
        self._user = dict(resolved.base)
        self._order = _assigned(structured.body)
        self._variables = {*self._params, *self._order, *resolved.base}
        self.live = Liveness(structured.body, self._variables, structured.kept)
        self._given: set[str] = set()
        self._base: dict[str, str] = {}
        self._at: gast.AST = resolved.tree

    def run(self) -> tuple[list[gast.stmt], dict[str, str]]:
        env = {p: self.version(p) for p in self._params}
        return self._block(self._body, env), self._base

    def version(self, variable: str) -> str:
        name = variable if variable not in self._given else self._resolved.names.fresh(variable)
        self._given.add(variable)
        if variable in self._user:
            self._base[name] = self._user[variable]
        return name

    # expressions

    def _read(self, node: gast.AST, env: Env) -> gast.AST:
        """A copy of `node` that reads the current versions."""
        node = build.clone(node)
        for name in [n for n in gast.walk(node) if isinstance(n, gast.Name) and n.id in self._variables]:
            if name.id not in env:
                self._unbound(name.id)
            name.id = env[name.id]
        return node

    def _unbound(self, variable: str) -> None:
        shown = self._user.get(variable, variable)
        message = f"{shown} is read before it is assigned"
        raise UnsupportedSyntax(
            message,
            place=self._resolved.source.place(self._at),
            remedy=f"assign {shown} before this line on every path",
        )

    def copy(self, to: str, variable: str, env: Env) -> gast.stmt:
        return build.assign(to, build.name(env.get(variable, UNDEFINED)))

    # statements

    def _block(self, body: list[gast.stmt], env: Env) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        for node in body:
            self._at = node
            done += [build.located(s, node) for s in self._statement(node, env)]
        return done

    def _statement(self, node: gast.stmt, env: Env) -> list[gast.stmt]:
        if isinstance(node, gast.Assign):
            return self._assign(node, env)
        if isinstance(node, gast.Delete):
            for target in node.targets:
                env.pop(target.id, None)
            return []
        if isinstance(node, gast.If):
            return self._if(node, env)
        if isinstance(node, gast.For):
            return self._for(node, env)
        if isinstance(node, gast.While):
            return self._while(node, env)
        return [] if isinstance(node, gast.Pass) else [build.marked(self._read(node, env), node)]

    def _assign(self, node: gast.Assign, env: Env) -> list[gast.stmt]:
        to, value = node.targets[0], self._read(node.value, env)
        if isinstance(to, gast.Subscript):
            return [build.marked(build.assign(self._read(to, env), value), node)]
        if isinstance(to, gast.Tuple):
            for element in to.elts:
                env[element.id] = self.version(element.id)
            new = gast.Tuple([build.target(env[e.id]) for e in to.elts], gast.Store())
            return [build.assign(new, value)]
        if isinstance(value, gast.Name) and to.id not in self._user and value.id in self._names_of(env):
            env[to.id] = value.id
            return []
        env[to.id] = self.version(to.id)
        return [build.marked(build.assign(env[to.id], value), node)]

    def _names_of(self, env: Env) -> set[str]:
        return set(env.values())

    def _if(self, node: gast.If, env: Env) -> list[gast.stmt]:
        test = self._read(node.test, env)
        arms = [(block, dict(env)) for block in (node.body, node.orelse)]
        done = [self._block(block, inner) for block, inner in arms]
        going = [k for k, (block, _) in enumerate(arms) if falls(block)]
        changed = set(_assigned(node.body)) | set(_assigned(node.orelse))
        for variable in self.ordered(changed):
            env.pop(variable, None)
            ends = {arms[k][1].get(variable) for k in going}
            if variable not in self.live.after[id(node)] or ends <= {None}:
                continue
            if len(going) == 2 and len(ends) == 1:
                env[variable] = ends.pop()
                continue
            env[variable] = self.version(variable)
            for k in going:
                done[k].append(build.located(self.copy(env[variable], variable, arms[k][1]), node))
        return self._assembled(test, *done)

    def _assembled(self, test: gast.expr, body: list[gast.stmt], orelse: list[gast.stmt]) -> list[gast.stmt]:
        return [gast.If(test, body or [gast.Pass()], orelse)] if body or orelse else []

    def ordered(self, variables: set[str]) -> list[str]:
        return [v for v in self._order if v in variables]

    # loops

    def _for(self, node: gast.For, env: Env) -> list[gast.stmt]:
        index, assigned = node.target.id, set(_assigned(node.body))
        bounds = self._read(node.iter, env)
        copied = index in assigned or index in self.live.after[id(node)]
        loop = _Loop(self, node, assigned | {index} if copied else assigned)
        before, inner = loop.start(env)
        counter = inner[index] = self.version(index)
        body = loop.heads(inner)
        if copied:
            inner[index] = self.version(index)
            body.append(build.located(build.assign(inner[index], build.name(counter)), node))
        body += self._tail(node.body, inner, loop)
        new = build.marked(gast.For(build.target(counter), bounds, body or [gast.Pass()], [], None), node)
        return [*before, new, *loop.end(env)]

    def _while(self, node: gast.While, env: Env) -> list[gast.stmt]:
        loop = _Loop(self, node, set(_assigned(node.body)))
        before, inner = loop.start(env)
        test = self._read(node.test, env | {v: c for v, c in loop.carried.items() if v in env})
        body = loop.heads(inner) + self._tail(node.body, inner, loop)
        return [*before, gast.While(test, body or [gast.Pass()], []), *loop.end(env)]

    def _tail(self, body: list[gast.stmt], env: Env, loop: _Loop) -> list[gast.stmt]:
        """A block in tail position of a loop: each leaf hands on the carried variables."""
        *rest, last = body or [gast.Pass()]
        if isinstance(last, gast.If) and any(isinstance(n, gast.Break) for n in own(last)):
            done = self._block(rest, env)
            test = self._read(last.test, env)
            arms = [self._tail(arm, dict(env), loop) for arm in (last.body, last.orelse)]
            return [*done, build.located(gast.If(test, arms[0] or [gast.Pass()], arms[1]), last)]
        leaves = isinstance(last, gast.Break)
        done = self._block(rest if leaves else body, env)
        if leaves or falls(body):
            done += [build.located(s, self._at) for s in loop.hand_on(env)]
        return [*done, last] if leaves else done


class _Loop:
    """The carried variables of one loop: what its body assigns and something later, there or after it, reads."""

    def __init__(self, ssa: _Ssa, node: gast.For | gast.While, assigned: set[str]) -> None:
        self._ssa, self._assigned = ssa, assigned
        counted = isinstance(node, gast.For)
        self._entry = ssa.live.head[id(node)] - {node.target.id if counted else ""}
        self._after = ssa.live.after[id(node)]
        live = self._entry | self._after | (frozenset() if counted else build.names_in(node.test))
        names = [v for v in ssa.ordered(assigned) if v in live]
        self.carried = {v: ssa.version(v) for v in names}

    def start(self, env: Env) -> tuple[list[gast.stmt], Env]:
        """`c = start`, and what is known at the head of the body."""
        before = [self._ssa.copy(c, v, env) for v, c in self.carried.items()]
        return before, {v: name for v, name in env.items() if v not in self._assigned}

    def heads(self, inner: Env) -> list[gast.stmt]:
        """`h = c`"""
        read = {v: c for v, c in self.carried.items() if v in self._entry}
        inner.update({v: self._ssa.version(v) for v in read})
        return [build.assign(inner[v], build.name(c)) for v, c in read.items()]

    def hand_on(self, env: Env) -> list[gast.stmt]:
        """`c = next`"""
        return [self._ssa.copy(c, v, env) for v, c in self.carried.items()]

    def end(self, env: Env) -> list[gast.stmt]:
        """`a = c`"""
        for variable in self._assigned:
            env.pop(variable, None)
        env.update({v: self._ssa.version(v) for v in self.carried if v in self._after})
        return [build.assign(env[v], build.name(c)) for v, c in self.carried.items() if v in env]


def _assigned(body: list[gast.stmt]) -> list[str]:
    """The variables assigned in a block, in the order of the text."""
    found: dict[str, None] = {}
    for statement in body:
        for node in gast.walk(statement):
            if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                found[node.id] = None
    return list(found)
