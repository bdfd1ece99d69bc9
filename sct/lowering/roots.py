"""Where arrays come from while the program is being lowered, and which statements write to them."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.analyses.alias import Aliases, aliases
from sct.analyses.regions import is_permutation, regions
from sct.ir.build import is_name, store_target, walk
from sct.lowering.work import Work


@dataclass(eq=False)
class Roots:
    """Points-to sets. What a helper returns may share memory with any array it was given, and it may write to all of them."""

    aliases: Aliases
    helpers: frozenset[str]

    @property
    def born(self) -> dict[str, gast.stmt]:
        """The statement that allocates each local array."""
        return self.aliases.born

    def of(self, name: str) -> frozenset[str]:
        return self.aliases.of(name)

    def stored_by(self, stmt: gast.stmt) -> set[str]:
        """Roots that the statement itself may change, or whose names it permutes."""
        target = store_target(stmt)
        if target is not None:
            return set(self.of(target.value.id))
        if is_permutation(stmt):
            return {r for e in stmt.value.elts for r in self.of(e.id)}
        call = getattr(stmt, "value", None)
        if isinstance(call, gast.Call) and is_name(call.func, *self.helpers):
            return {r for a in call.args if is_name(a) for r in self.of(a.id)}
        return set()

    def stored_in(self, block: list[gast.stmt]) -> set[str]:
        return {r for s in walk(block) for r in self.stored_by(s)}


def roots_of(work: Work) -> Roots:
    helpers = frozenset(work.program.helpers)

    def shared(value: gast.expr) -> list[list[str]]:
        if not (isinstance(value, gast.Call) and is_name(value.func, *helpers)):
            return [[]]
        given = [a.id for a in value.args if is_name(a) and work.types.is_array(a.id)]
        return [given] * MOST_RESULTS

    return Roots(aliases(regions(work.program), work.types, None, shared), helpers)


MOST_RESULTS = 256
"""More values than a helper returns."""
