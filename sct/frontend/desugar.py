"""Statements that others can stand for, source tree to source tree: `else` of loops, `match`, `:=`, messages of exceptions.

    for i in range(n):                      completed = True
        if c: break                         for i in range(n):
    else:                        ->             if c: completed = False; break
        s = 0.0                             if completed: s = 0.0
"""

from __future__ import annotations

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.allowed import RESERVED
from sct.frontend.lists import replace_lists
from sct.frontend.match import Match
from sct.frontend.names import Names
from sct.frontend.walrus import in_order
from sct.ir.program import Source


def desugar(tree: gast.FunctionDef, source: Source) -> None:
    """Rewrite the body of `tree` in place."""
    captured = {n.name for n in gast.walk(tree) if isinstance(n, gast.MatchAs) and n.name}
    names = Names(build.names_in(tree) | captured | RESERVED)
    work = _Desugar(names, source)
    tree.body = work.block(tree.body)
    replace_lists(tree, names, work.stop, source.function.__globals__)


class _Desugar:
    def __init__(self, names: Names, source: Source) -> None:
        self._names, self._source = names, source

    def stop(self, node: gast.AST, what: str, remedy: str) -> UnsupportedSyntax:
        return UnsupportedSyntax(f"{what} is not supported", place=self._source.place(node), remedy=remedy)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        return [build.settled(new, old) for old in body for new in self._statement(old)]

    def _statement(self, node: gast.stmt) -> list[gast.stmt]:
        if isinstance(node, gast.Match):
            return self.block(Match(self._names, self.stop).statements(node))
        if isinstance(node, gast.FunctionDef):
            node.body = self.block(node.body)
            replace_lists(node, self._names, self.stop, self._source.function.__globals__)
            return [node]
        in_order(node, self._names, self.stop)
        if isinstance(node, gast.If):
            node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        elif isinstance(node, gast.For | gast.While):
            return self._loop(node)
        elif isinstance(node, gast.Delete):
            self._delete(node)
        elif isinstance(node, gast.Assert):
            node.msg = node.msg and _message(node.msg)
        elif isinstance(node, gast.Raise):
            node.cause = None
            if isinstance(node.exc, gast.Call):
                node.exc.args = [_message(a) for a in node.exc.args]
        return [node]

    def _loop(self, node: gast.For | gast.While) -> list[gast.stmt]:
        body, orelse = self.block(node.body), self.block(node.orelse)
        node.body, node.orelse = body, []
        endless = isinstance(node, gast.While) and isinstance(node.test, gast.Constant) and bool(node.test.value)
        if not orelse or endless:
            return [node]
        completed = self._names.fresh("completed")
        node.body = _noting(body, build.assign(completed, build.constant(False)))
        if _count(node.body) == _count(body):
            return [node, *orelse]
        start = build.assign(completed, build.constant(True))
        return [start, node, gast.If(build.name(completed), orelse, [])]

    def _delete(self, node: gast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, gast.Name):
                raise self.stop(target, "del of anything but a name", "give what is left another name: `rest = a[1:]`")
            target.ctx = gast.Store()  # it changes what the name means, as an assignment does


def _noting(body: list[gast.stmt], note: gast.stmt) -> list[gast.stmt]:
    """The body with a copy of `note` before each `break` that leaves its loop."""
    found: list[gast.stmt] = []
    for node in body:
        if isinstance(node, gast.If):
            node = build.located(gast.If(node.test, _noting(node.body, note), _noting(node.orelse, note)), node)
        elif isinstance(node, gast.Break):
            found.append(build.located(build.clone(note), node))
        found.append(node)
    return found


def _count(body: list[gast.stmt]) -> int:
    return sum(isinstance(n, gast.stmt) for s in body for n in gast.walk(s))


def _message(node: gast.expr) -> gast.expr:
    """A message known beforehand: a constant as it is, of anything computed the template, or else its text."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mod):
        node = node.left
    elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr == "format":
        node = node.func.value
    if build.literal(node) is not None:
        return node
    if isinstance(node, gast.JoinedStr):
        text = "".join(v.value if isinstance(v, gast.Constant) else f"{{{gast.unparse(v.value).strip()}}}" for v in node.values)
    else:
        text = gast.unparse(node).strip()
    return build.located(build.constant(text), node)
