"""Which variables are live after each statement of a structured body, and at the head of each loop."""

from __future__ import annotations

import gast

from sct.frontend.build import names_in

Live = frozenset[str]


class Liveness:
    def __init__(self, body: list[gast.stmt], variables: set[str], kept: dict[int, str]) -> None:
        self.after: dict[int, Live] = {}
        self.head: dict[int, Live] = {}
        self._variables, self._kept = variables, kept
        self._block(body, frozenset(), frozenset())

    def _reads(self, node: gast.AST | None) -> Live:
        return frozenset() if node is None else frozenset(names_in(node) & self._variables)

    def _block(self, body: list[gast.stmt], out: Live, leaving: Live) -> Live:
        """Live before the block; `leaving` is live where a `break` goes."""
        for node in reversed(body):
            self.after[id(node)] = out
            out = self._statement(node, out, leaving)
        return out

    def _statement(self, node: gast.stmt, out: Live, leaving: Live) -> Live:
        if isinstance(node, gast.If):
            arms = self._block(node.body, out, leaving) | self._block(node.orelse, out, leaving)
            return arms | self._reads(node.test)
        if isinstance(node, gast.For | gast.While):
            return self._loop(node, out)
        if isinstance(node, gast.Break):
            return leaving
        if isinstance(node, gast.Raise):
            return frozenset()
        if isinstance(node, gast.Delete):
            return out - names_in(node)
        if isinstance(node, gast.Assign):
            to = node.targets[0]
            killed = set() if isinstance(to, gast.Subscript) else names_in(to)
            read = self._reads(to) if isinstance(to, gast.Subscript) else frozenset()
            return (out - killed) | read | self._reads(node.value)
        return out | self._reads(node)

    def _loop(self, node: gast.For | gast.While, out: Live) -> Live:
        if id(node) in self._kept:
            out = self.after[id(node)] = out | {self._kept[id(node)]}
        index = {node.target.id} if isinstance(node, gast.For) else set()
        test = self._reads(node.test) if isinstance(node, gast.While) else frozenset()
        head, entry = out | test, frozenset()
        while True:
            entry = self._block(node.body, head, out)
            wider = head | (entry - index)
            if wider == head:
                break
            head = wider
        self.head[id(node)] = entry
        return head | (self._reads(node.iter) if isinstance(node, gast.For) else frozenset())
