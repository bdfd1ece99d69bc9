"""Which names and contents are live after each statement, and which statements anything live depends on.

Backwards over structured code, loops to a fixpoint from below: an assignment whose target is not live reads nothing,
so a sum that nobody asks for is dead although each iteration reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.optimise.effects import Effects


@dataclass(eq=False)
class _Loop:
    """The loop around a statement: what is live after it, and whether anything in it is needed."""

    out: int
    parent: _Loop | None
    alive: bool = False


@dataclass(eq=False)
class Liveness:
    """`after[id(stmt)]` holds what is live after a statement, `inside` what is live at the start of a loop's body."""

    effects: Effects
    body: list[gast.stmt]
    entry: bool
    after: dict[int, int] = field(default_factory=dict)
    inside: dict[int, int] = field(default_factory=dict)
    needed: dict[int, bool] = field(default_factory=dict)
    first: int = 0

    def __post_init__(self) -> None:
        self.first, _ = self._block(self.body, self.effects.at_exit(self.entry), None)

    def _block(self, block: list[gast.stmt], live: int, loop: _Loop | None) -> tuple[int, bool]:
        some = False
        for stmt in reversed(block):
            self.after[id(stmt)] = live
            live, needed = self._statement(stmt, live, loop)
            self.needed[id(stmt)] = needed
            some = some or needed
        return live, some

    def _statement(self, stmt: gast.stmt, live: int, loop: _Loop | None) -> tuple[int, bool]:
        if isinstance(stmt, gast.If):
            yes, some = self._block(stmt.body, live, loop)
            no, more = self._block(stmt.orelse, live, loop)
            needed = some or more
            return yes | no | (self.effects.of(stmt).reads if needed else 0), needed
        if isinstance(stmt, gast.For | gast.While):
            return self._loop(stmt, live, loop)
        if isinstance(stmt, gast.Break):
            return loop.out, loop.alive
        if isinstance(stmt, gast.Pass):
            return live, False
        return self._leaf(stmt, live, loop)

    def _leaf(self, stmt: gast.stmt, live: int, loop: _Loop | None) -> tuple[int, bool]:
        effect = self.effects.of(stmt)
        if not (effect.kept or (effect.binds | effect.stores) & live):
            return live, False
        while loop is not None and not loop.alive:
            loop.alive = True
            loop = loop.parent
        if isinstance(stmt, gast.Raise):
            return 0, True
        live &= ~effect.binds
        if effect.born and not live & self.effects.pointers.get(effect.born, 0):
            live &= ~effect.born
        return live | effect.reads, True

    def _loop(self, stmt: gast.stmt, out: int, parent: _Loop | None) -> tuple[int, bool]:
        loop, head = _Loop(out, parent), out
        effect = self.effects.of(stmt)
        while True:
            alive = loop.alive
            if alive and isinstance(stmt, gast.While):
                head |= effect.reads
            start, _ = self._block(stmt.body, head, loop)
            self.inside[id(stmt)] = start
            grown = head | (start & ~effect.binds)
            if grown == head and alive == loop.alive:
                break
            head = grown
        if not loop.alive:
            return out, False
        return head | effect.reads, True
