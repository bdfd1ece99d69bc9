"""Iterations of `prange` that change the same element, which Numba lets race: refused.

    for i in prange(n):
        b[k] += x[i]        all of them: refused
        b[bin[i]] += x[i]   those that the data bring together: refused
        b[i] += x[i]        each its own
"""

from __future__ import annotations

from collections.abc import Iterator

import gast

from sct.errors import UnsupportedSyntax
from sct.ir.program import Source


def refuse_races(tree: gast.FunctionDef, source: Source) -> None:
    """Look at every loop over `prange`."""
    for loop in gast.walk(tree):
        if isinstance(loop, gast.For) and _is_prange(loop.iter):
            for stmt in _Loop(loop).races():
                raise UnsupportedSyntax(
                    "iterations of this `prange` may change the same element at the same time, which Numba does not prevent",
                    place=source.place(stmt),
                    remedy="write `range`; with `parallel=True` sct splits the derivative itself, where that is safe",
                )


def _is_prange(node: gast.expr) -> bool:
    return isinstance(node, gast.Call) and "prange" in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))


class _Loop:
    """A loop over `prange`: the names that its iterations make, and those that tell them apart: the index and what is calculated
    from it, or counted from where data of the iteration say."""

    def __init__(self, loop: gast.For) -> None:
        self.inside = [n for s in loop.body for n in gast.walk(s)]
        self.own = set(_stored(loop.target))
        self.made = self.own.union(*map(_stored, self.inside))
        size = 0
        while size != len(self.own):
            size = len(self.own)
            for node in self.inside:
                if self._hands_on(node):
                    self.own.update(_stored(node.target if isinstance(node, gast.For) else node.targets[0]))

    def races(self) -> Iterator[gast.stmt]:
        """Statements that change an element which another iteration may change."""
        for stmt in self.inside:
            for target in _targets(stmt):
                array, parts = _chain(target)
                told = any(map(self._tells, parts))
                touched = {n.id for part in parts for n in gast.walk(part) if isinstance(n, gast.Name)}
                if array in self.made or told or not (_updates(stmt, array) or self.made.isdisjoint(touched)):
                    continue
                yield stmt

    def _hands_on(self, node: gast.AST) -> bool:
        if isinstance(node, gast.For):
            return any(isinstance(n, gast.Name) and n.id in self.made for n in gast.walk(node.iter))
        return isinstance(node, gast.Assign) and self._tells(node.value)

    def _tells(self, node: gast.AST) -> bool:
        """Whether a subscript is another one in each iteration, as far as its text says."""
        if isinstance(node, gast.BinOp):
            if isinstance(node.op, gast.Mod | gast.FloorDiv):
                return self._tells(node.left) and not isinstance(node.right, gast.Constant)
            return self._tells(node.left) or self._tells(node.right)
        if isinstance(node, gast.Subscript | gast.Call | gast.Compare):
            return False
        if isinstance(node, gast.Name):
            return node.id in self.own
        return any(map(self._tells, gast.iter_child_nodes(node)))


def _stored(node: gast.AST) -> list[str]:
    """Names that are bound in a node."""
    return [n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]


def _targets(stmt: gast.AST) -> list[gast.Subscript]:
    found = stmt.targets if isinstance(stmt, gast.Assign) else [stmt.target] if isinstance(stmt, gast.AugAssign) else []
    return [t for t in found if isinstance(t, gast.Subscript)]


def _chain(target: gast.expr) -> tuple[str, list[gast.expr]]:
    """The array behind subscripts of subscripts, and all that stands in the brackets."""
    parts = []
    while isinstance(target, gast.Subscript):
        parts.append(target.slice)
        target = target.value
    return getattr(target, "id", ""), parts


def _updates(stmt: gast.stmt, array: str) -> bool:
    """Whether a statement makes an element from what the array held."""
    return isinstance(stmt, gast.AugAssign) or any(isinstance(n, gast.Name) and n.id == array for n in gast.walk(stmt.value))
