"""Is an array always filled before it is read, in one run of a block?

    for k in range(n):                       the block below `k`:
        for r in range(m):                   `u` is filled in it, and read only after that
            u[r] = x[k, r] - c[k]
        for r in range(m):
            s += u[r] * u[m - 1 - r]

A loop over an axis fills the array, or the part of it at the indices of such loops around, if each of its iterations does so at
its own index, or stores to that element.
"""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.analyses.progress import breaks
from sct.ir.build import bodies, call_name, children, is_name, names_in, store_target, text

_LENGTHS = ("shape", "size", "ndim", "dtype")


@dataclass(frozen=True)
class Filling:
    """`extents`: the lengths of the array's axes, as text, where they are known."""

    array: str
    extents: tuple[str, ...]

    def before_read(self, block: list[gast.stmt]) -> bool:
        return self._follow(block, (), False) is not None

    def _follow(self, block: list[gast.stmt], at: tuple[str, ...], full: bool) -> bool | None:
        """Whether the part at the indices `at` is full after the block, if it was `full` before; None where what may not be full
        is read."""
        for stmt in block:
            if self.array not in names_in(stmt):
                continue
            after = self._after(stmt, at, full)
            if after is None:
                return None
            full = after
        return full

    def _after(self, stmt: gast.stmt, at: tuple[str, ...], full: bool) -> bool | None:
        if isinstance(stmt, gast.For):
            return self._after_loop(stmt, at, full)
        if isinstance(stmt, gast.If):
            arms = [self._follow(arm, at, full) for arm in (stmt.body, stmt.orelse)]
            return None if None in arms or self._is_read(stmt.test, at, full) else all(arms)
        if bodies(stmt):
            return None
        target = store_target(stmt)
        if target is None or not is_name(target.value, self.array):
            return None if self._is_read(stmt, at, full) else full
        updates = isinstance(stmt, gast.AugAssign) and self._is_read(target, at, full)
        if updates or self._is_read(stmt.value, at, full) or self._is_read(target.slice, at, full):
            return None
        return full or (len(at) == len(self.extents) and self._starts(target, at))

    def _after_loop(self, loop: gast.For, at: tuple[str, ...], full: bool) -> bool | None:
        if not full and self._covers(loop, len(at)) and self._follow(loop.body, (*at, loop.target.id), False):
            return True
        again = self._follow(loop.body, at, full)
        return None if again is None or self._is_read(loop.iter, at, full) else full

    def _covers(self, loop: gast.For, axis: int) -> bool:
        if axis == len(self.extents) or breaks(loop) or len(loop.iter.args) != 1:
            return False
        size = text(loop.iter.args[0])
        return size in (self.extents[axis], f"{self.array}.shape[{axis}]") or (axis == 0 and size == f"len({self.array})")

    def _is_read(self, node: gast.AST, at: tuple[str, ...], full: bool) -> bool:
        """Whether elements that may not be full are read; the array's lengths are none."""
        if is_name(node, self.array):
            return not full or bool(at)
        if call_name(node) == "len" or (isinstance(node, gast.Attribute) and node.attr in _LENGTHS):
            return False
        if isinstance(node, gast.Subscript) and is_name(node.value, self.array) and full and self._starts(node, at):
            return self._is_read(node.slice, at, full)
        return any(self._is_read(n, at, full) for n in children(node))

    def _starts(self, subscript: gast.Subscript, at: tuple[str, ...]) -> bool:
        """Whether a subscript starts with these indices."""
        index = subscript.slice.elts if isinstance(subscript.slice, gast.Tuple) else [subscript.slice]
        return len(index) >= len(at) and all(is_name(part, name) for part, name in zip(index, at, strict=False))
