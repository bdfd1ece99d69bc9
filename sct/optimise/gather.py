"""Additions to one adjoint are gathered into one statement.

    s_bar = a                                     t_bar = x_bar[i]
    s_bar += b            ->  s_bar = a + b       x_bar[i] = 0.0            ->  t_bar = x_bar[i]
                                                  x_bar[i - 1] += a             x_bar[i] = b
                                                  x_bar[i] += b                 x_bar[i - 1] += a
"""

from __future__ import annotations

import gast

from sct.ir.build import expr, is_name, same
from sct.optimise.blocks import in_blocks, rebuilt, store_of
from sct.optimise.effects import Effects
from sct.optimise.simplify import without_sign
from sct.optimise.width import WIDTH, width


def gathered(body: list[gast.stmt], effects: Effects, late: bool = True) -> list[gast.stmt]:
    """The statements with the additions to one adjoint brought together; `late` once copies are joined."""
    return in_blocks(body, _Gather(effects, late).block)


class _Gather:
    def __init__(self, effects: Effects, late: bool) -> None:
        self.effects, self.names, self.late = effects, effects.names, late

    def block(self, block: list[gast.stmt], depth: int) -> list[gast.stmt]:
        block, k = list(block), 0
        while k < len(block):
            made = self._joined(block, k, depth)
            if made is None:
                k += 1
            else:
                block = made
        return self._zeros_after_use(block)

    def _zeros_after_use(self, block: list[gast.stmt]) -> list[gast.stmt]:
        """`t_bar = x_bar[i]; x_bar[i] = 0.0; y_bar += t_bar` with the zero last, so that `t_bar` can be folded."""
        block = list(block)
        for k in reversed(range(1, len(block))):
            zero, load = block[k], block[k - 1]
            if not (_is_zero(zero) and self._target(zero) is not None and self._reads_element(load, zero)):
                continue
            last = self._last_use(block, k, self.effects.of(load).binds)
            block[k : last + 1] = [*block[k + 1 : last + 1], zero]
        return block

    def _reads_element(self, stmt: gast.stmt, zero: gast.Assign) -> bool:
        """Whether `stmt` gives a name a value that depends on the element set to zero."""
        named = isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])
        return named and bool(self.effects.of(stmt).reads & self.effects.of(zero).stores)

    def _last_use(self, block: list[gast.stmt], k: int, bit: int) -> int:
        """The last statement that reads `bit` before any that the store at `k` must not pass; `k` if there is none."""
        stored, last = self.effects.of(block[k]).stores, k
        held = stored | self._operands(block[k]) | bit
        for j in range(k + 1, len(block)):
            touched = self.effects.touched(block[j])
            if isinstance(block[j], gast.Break | gast.Return | gast.Raise):
                break
            if touched & stored or self.effects.changes(block[j]) & held:
                break
            last = j if touched & bit else last
        return last

    def _joined(self, block: list[gast.stmt], k: int, depth: int) -> list[gast.stmt] | None:
        """The block with statement `k` and the next addition to the same adjoint made one."""
        first = block[k]
        target = self._target(first)
        if target is None:
            return None
        down = True
        for j in range(k + 1, len(block)):
            if _is_addition(block[j]) and _same_place(self._target(block[j]), target):
                return self._merged(block, k, j, down, depth)
            if not self._passes(first, block[j]):
                return None
            down = down and not self._is_handover(first) and not self.effects.changes(block[j]) & self._operands(first)
        return None

    def _target(self, stmt: gast.stmt) -> gast.expr | None:
        """The adjoint that a statement assigns or adds to."""
        if isinstance(stmt, gast.Assign):
            target = stmt.targets[0]
        elif isinstance(stmt, gast.AugAssign) and isinstance(stmt.op, gast.Add | gast.Sub):
            target = stmt.target
        else:
            return None
        name = target.value if isinstance(target, gast.Subscript) else target
        is_bar = is_name(name) and self.names.is_bar(name.id)
        return target if is_bar and self.names.dims(target) == 0 else None

    def _passes(self, first: gast.stmt, other: gast.stmt) -> bool:
        """Whether a statement between two additions leaves their adjoint alone, or only adds to its array too."""
        changes, reads = self.effects.changes(other), self.effects.touched(other)
        if isinstance(other, gast.Break | gast.Return | gast.Raise):
            return False
        mine = self.effects.of(first)
        here = mine.binds | mine.stores
        target = store_of(other)
        if target is not None and _is_addition(other) and store_of(first) is not None:
            reads = self.effects.reads(other.value) | self.effects.reads(target.slice)
            changes &= ~here
        return not (reads | changes) & here

    def _operands(self, stmt: gast.stmt) -> int:
        """What the value and the subscript of an addition read."""
        target = store_of(stmt)
        return self.effects.reads(stmt.value) | (self.effects.reads(target.slice) if target is not None else 0)

    def _is_handover(self, stmt: gast.stmt) -> bool:
        """`a_bar = b_bar` hands an adjoint on: delayed, it would keep both names alive."""
        named = isinstance(stmt, gast.Assign) and is_name(stmt.value) and is_name(stmt.targets[0])
        return not self.late and named and not self.names.stem(stmt.targets[0].id).made

    def _merged(self, block: list[gast.stmt], k: int, j: int, down: bool, depth: int) -> list[gast.stmt] | None:
        """One statement instead of `k` and `j`: where `j` stands if `down`, else where `k` stands if it may."""
        first, second = block[k], block[j]
        mine = self.effects.of(second)
        if self.effects.reads(second.value) & (mine.binds | mine.stores):
            return None
        between = block[k + 1 : j]
        up = not any(self.effects.changes(s) & self._operands(second) for s in between)
        if not _is_addition(first):
            down = down and not any(self.effects.changes(s) & (mine.binds | mine.stores) for s in between)
        made = _assigned(second) if _is_zero(first) else _sum(first, second)
        if width(made) + 4 * depth > WIDTH or not (up or down):
            return None
        if up and (_is_zero(first) or not down):
            return [*block[:k], made, *between, *block[j + 1 :]]
        return [*block[:k], *between, made, *block[j + 1 :]]


def _is_addition(stmt: gast.stmt) -> bool:
    return isinstance(stmt, gast.AugAssign) and isinstance(stmt.op, gast.Add | gast.Sub)


def _is_zero(stmt: gast.stmt) -> bool:
    return isinstance(stmt, gast.Assign) and isinstance(stmt.value, gast.Constant) and stmt.value.value == 0.0


def _same_place(a: gast.expr | None, b: gast.expr) -> bool:
    if a is None or type(a) is not type(b):
        return False
    if isinstance(a, gast.Name):
        return a.id == b.id
    return isinstance(a, gast.Subscript) and is_name(a.value, b.value.id) and same(a.slice, b.slice)


def _assigned(stmt: gast.AugAssign) -> gast.Assign:
    """`a += e` as the first thing that is ever added."""
    value = stmt.value if isinstance(stmt.op, gast.Add) else gast.UnaryOp(gast.USub(), stmt.value)
    made = gast.Assign([stmt.target], value, None)
    made.lineno, made.col_offset = getattr(stmt, "lineno", 0), getattr(stmt, "col_offset", 0)
    return made


def _sum(first: gast.stmt, second: gast.AugAssign) -> gast.stmt:
    """Two additions as one: `a = e; a += f` and `a += e; a += f`."""
    sign = first.op if isinstance(first, gast.AugAssign) else gast.Add()
    op = second.op
    if isinstance(sign, gast.Sub):
        op = gast.Sub() if isinstance(op, gast.Add) else gast.Add()
    value, positive = second.value, without_sign(second.value)
    if positive is not None:
        op, value = (gast.Sub() if isinstance(op, gast.Add) else gast.Add()), positive
    total = expr("A + B" if isinstance(op, gast.Add) else "A - B", A=first.value, B=value)
    return rebuilt(first, value=total)
