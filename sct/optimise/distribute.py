"""Innermost loops that add to neighbouring elements become one loop for each neighbour, which compilers turn into vectors.

    for j in range(1, n - 1):               for j in range(1, n - 1):
        t_bar = 0.5 * b_bar[j]                  a_bar[j - 1] += 0.5 * b_bar[j]
        a_bar[j - 1] += t_bar         ->    for j in range(1, n - 1):
        a_bar[j + 1] += t_bar                   a_bar[j + 1] += 0.5 * b_bar[j]
        b_bar[j] = 0.0                          b_bar[j] = 0.0

What the loop adds to is not read in it; what else it stores to, each iteration has for itself, and reads it before. Temporaries are
made again in each loop that needs them, so they must be cheap.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.ir.build import bodies, is_name, names_in, nodes, store_target, text
from sct.optimise.adjacent import adjacent, in_one_row, offset_of
from sct.optimise.blocks import put, rebuilt
from sct.optimise.effects import Effects
from sct.optimise.iterations import Iterations
from sct.optimise.liveness import Liveness

OPERATIONS = 2
"""So many may be done again in each of the loops."""


def distributed(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The body of a function with such loops distributed."""
    return _block(body, effects, Liveness(effects, body, entry))


def _block(block: list[gast.stmt], effects: Effects, liveness: Liveness) -> list[gast.stmt]:
    found = []
    for stmt in block:
        if isinstance(stmt, gast.For) and not any(map(bodies, stmt.body)):
            found += _Scatter(stmt, effects, liveness).loops()
        elif bodies(stmt):
            fields = {"body": _block(stmt.body, effects, liveness)}
            if isinstance(stmt, gast.If):
                fields["orelse"] = _block(stmt.orelse, effects, liveness)
            found.append(rebuilt(stmt, **fields))
        else:
            found.append(stmt)
    return found


@dataclass(eq=False)
class _Scatter:
    """An innermost loop: its temporaries, its updates, and its stores to elements of one iteration each."""

    loop: gast.For
    effects: Effects
    liveness: Liveness
    temporaries: list[gast.stmt] = field(default_factory=list)
    updates: list[gast.stmt] = field(default_factory=list)
    stores: list[gast.stmt] = field(default_factory=list)

    def loops(self) -> list[gast.stmt]:
        """The loops that it becomes; itself where it is of another kind, or nothing would be won."""
        if not all(map(self._enter, self.loop.body)) or not all(map(self._moves, self.updates)):
            return [self.loop]
        parts = self._parts()
        if len(parts) < 2:
            return [self.loop]
        kept = [self._needed([*part, *(self.stores if part is parts[-1] else [])]) for part in parts]
        again = [s.value for s in self.temporaries if sum(s in part for part in kept) > 1]
        if len([n for value in again for n in _calculations(value)]) > OPERATIONS:
            return [self.loop]
        joined, taken = self._joined()
        if not joined:
            return [rebuilt(self.loop, body=statements) for statements in kept]
        left = [some for part in parts if (some := [s for s in part if s not in taken])]
        if self.stores or not left:
            left = [*left[:-1], [*(left[-1] if left else []), *self.stores]]
        return [*joined, *(rebuilt(self.loop, body=self._needed(part)) for part in left if part)]

    def _joined(self) -> tuple[list[gast.stmt], list[gast.stmt]]:
        """Loops for updates of neighbours in one row, before anything is stored to, and the updates that they do."""
        index, iterations = self.loop.target.id, names_in(self.loop.iter)
        made = {s.targets[0].id for s in self.temporaries}
        if self.liveness.after[id(self.loop)] & self.effects.bit(index) or index in made or not made.isdisjoint(iterations):
            return [], []
        values: dict[str, gast.expr] = {}
        for stmt in self.temporaries:
            values[stmt.targets[0].id] = put(stmt.value, values)
        joined, taken = [], []
        for stmt in self.updates:
            row = [s for s in self.updates if s not in taken and in_one_row(s, stmt)]
            plain = [rebuilt(s, value=put(s.value, values)) for s in row]
            if len(row) > 1 and all(len(_calculations(s.value)) <= OPERATIONS for s in plain):
                loops = adjacent(self.loop, plain, self.effects.names)
                joined, taken = [*joined, *loops], [*taken, *(row if loops else [])]
        return joined, taken

    def _enter(self, stmt: gast.stmt) -> bool:
        """Whether a statement is of one of the kinds, and may be done in another of the loops than those before it."""
        effect, target = self.effects.of(stmt), store_target(stmt)
        value = getattr(stmt, "value", None)
        if value is None or effect.kept or any(isinstance(n, gast.Call | gast.IfExp) for n in nodes(value)):
            return False
        if effect.reads & self._stored() and not (target is not None and isinstance(stmt, gast.AugAssign)):
            return False
        iterations = Iterations(self.effects, self.loop)
        if target is None:
            self.temporaries.append(stmt)
            return isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and self._is_temporary(stmt.targets[0].id)
        if isinstance(stmt, gast.AugAssign):
            self.updates.append(stmt)
            reads = self.effects.reads(value) | self.effects.reads(target.slice)
            return not reads & self._stored() and iterations.add_to(effect.stores)
        self.stores.append(stmt)
        return iterations.keep_to_their_own(effect.stores)

    def _stored(self) -> int:
        """Contents to which the statements so far store."""
        found = 0
        for stmt in self.stores:
            found |= self.effects.of(stmt).stores
        return found

    def _is_temporary(self, name: str) -> bool:
        """Whether a name is assigned once in the loop, and holds nothing from one iteration to another, or after the loop."""
        bit = self.effects.bit(name)
        outside = self.liveness.after[id(self.loop)] | self.liveness.inside[id(self.loop)]
        once = sum(bool(self.effects.of(s).binds & bit) for s in self.loop.body) == 1
        return once and not outside & bit and self.effects.names.dims(gast.Name(name, gast.Load(), None, None)) == 0

    def _moves(self, stmt: gast.stmt) -> bool:
        """Whether the element that is added to moves by one along the last axis with each iteration."""
        index = store_target(stmt).slice
        others = index.elts[:-1] if isinstance(index, gast.Tuple) else []
        changing = self.effects.changes(self.loop)
        return offset_of(stmt, self.loop.target.id) is not None and not any(self.effects.reads(part) & changing for part in others)

    def _parts(self) -> list[list[gast.stmt]]:
        """The updates, so that none of a part adds where another of it does in another iteration."""
        parts: list[list[gast.stmt]] = []
        for stmt in self.updates:
            fitting = (part for part in parts if all(self._together(stmt, other) for other in part))
            part = next(fitting, None)
            if part is None:
                parts.append([stmt])
            else:
                part.append(stmt)
        return parts

    def _together(self, stmt: gast.stmt, other: gast.stmt) -> bool:
        apart = not self.effects.of(stmt).stores & self.effects.of(other).stores
        return apart or text(store_target(stmt)) == text(store_target(other))

    def _needed(self, statements: list[gast.stmt]) -> list[gast.stmt]:
        """The statements with the temporaries that they are made from, in the order of the loop."""
        wanted = {n for s in statements for n in names_in(s)}
        kept = list(statements)
        for stmt in reversed(self.temporaries):
            if stmt.targets[0].id in wanted:
                kept.append(stmt)
                wanted.update(names_in(stmt.value))
        return [s for s in self.loop.body if any(s is k for k in kept)]


def _calculations(node: gast.expr) -> list[gast.BinOp]:
    """The operations of an expression, without those in subscripts."""
    if isinstance(node, gast.BinOp):
        return [node, *_calculations(node.left), *_calculations(node.right)]
    return _calculations(node.operand) if isinstance(node, gast.UnaryOp) else []
