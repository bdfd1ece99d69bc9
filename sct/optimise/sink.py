"""An adjoint that only one arm of a branch gives a value is added there: nobody adds a zero.

    t_bar = 0.0
    if c:                                if c:
        t_bar = e              ->            x_bar[i] += e
    x_bar[i] += t_bar
"""

from __future__ import annotations

import gast

from sct.ir.build import is_name, targets
from sct.optimise.blocks import in_blocks, rebuilt, store_of
from sct.optimise.effects import Effects
from sct.optimise.liveness import Liveness


def sunk(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The statements with additions moved into the arms that they depend on."""
    return in_blocks(body, _Sink(effects, Liveness(effects, body, entry)).block)


class _Sink:
    def __init__(self, effects: Effects, live: Liveness) -> None:
        self.effects, self.after = effects, live.after

    def block(self, block: list[gast.stmt], depth: int) -> list[gast.stmt]:
        for stmt in [s for s in block if self._is_candidate(s)]:
            block = self._moved(block, stmt) or block
        return block

    def _is_candidate(self, stmt: gast.stmt) -> bool:
        """`x_bar[i] += t_bar`, the last use of `t_bar`."""
        if not isinstance(stmt, gast.AugAssign) or not isinstance(stmt.value, gast.Name) or id(stmt) not in self.after:
            return False
        name = stmt.value.id
        names = self.effects.names
        return names.is_bar(name) and names.ndim(name) == 0 and not self.after[id(stmt)] & self.effects.bit(name)

    def _moved(self, block: list[gast.stmt], use: gast.stmt) -> list[gast.stmt] | None:
        """The block with `use` in the arm that gives its operand a value; None where it must stay."""
        at = next(k for k, s in enumerate(block) if s is use)
        bit = self.effects.bit(use.value.id)
        branch = next((k for k in reversed(range(at)) if self.effects.changes(block[k]) & bit), None)
        if branch is None or not isinstance(block[branch], gast.If):
            return None
        if not self._starts_zero(block[:branch], use.value.id):
            return None
        made = self._with_addition(block[branch], use)
        if made is None or not all(self._lets_pass(s, use) for s in block[branch + 1 : at]):
            return None
        return [*block[:branch], made, *block[branch + 1 : at], *block[at + 1 :]]

    def _starts_zero(self, block: list[gast.stmt], name: str) -> bool:
        for stmt in reversed(block):
            if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0], name):
                return isinstance(stmt.value, gast.Constant) and stmt.value.value == 0.0
            if self.effects.touched(stmt) & self.effects.bit(name):
                return False
        return False

    def _with_addition(self, branch: gast.If, use: gast.AugAssign) -> gast.If | None:
        """The branch with the one assignment to the operand turned into the addition."""
        bit = self.effects.bit(use.value.id)
        places = [(arm, k, s) for arm in ("body", "orelse") for k, s in enumerate(getattr(branch, arm))]
        found = [(arm, k) for arm, k, s in places if self.effects.touched(s) & bit]
        if len(found) != 1 or self.effects.of(branch).reads & bit:
            return None
        arm, k = found[0]
        block = getattr(branch, arm)
        first = block[k]
        if not isinstance(first, gast.Assign) or targets(first) != [use.value.id]:
            return None
        if self.effects.of(first).reads & (self._place(use) | bit):
            return None
        if not all(self._lets_pass(s, use) for s in block[k + 1 :]):
            return None
        return rebuilt(branch, **{arm: [*block[:k], rebuilt(use, value=first.value), *block[k + 1 :]]})

    def _lets_pass(self, stmt: gast.stmt, use: gast.AugAssign) -> bool:
        """Whether `use` may stand before `stmt` as well as after it."""
        if isinstance(stmt, gast.Break):
            return False
        place, touched = self._place(use), self.effects.touched(stmt)
        if isinstance(stmt, gast.AugAssign) and isinstance(stmt.op, gast.Add | gast.Sub):
            touched = self.effects.reads(stmt.value) | self.effects.changes(stmt) & ~place
        target = store_of(use)
        index = self.effects.reads(target.slice) if target is not None else 0
        return not (touched & (place | self.effects.bit(use.value.id)) or self.effects.changes(stmt) & index)

    def _place(self, use: gast.AugAssign) -> int:
        effect = self.effects.of(use)
        return effect.binds | effect.stores
