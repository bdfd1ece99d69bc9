"""Temporaries are folded into the statement that uses them, where nothing that they read changes on the way.

    t = w[i]
    t_1 = x[i] - x[i - 1]                 ->      w_bar[i] += (x[i] - x[i - 1]) ** 2 * s_bar
    t_2 = t_1 ** 2
    w_bar[i] += t_2 * s_bar

Loads are put in the place of every use, anything else only of a single one. The user's own variables stay, except where
one version of a variable is copied to another.
"""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.ir.build import bodies, call_name, is_name, nodes, targets
from sct.optimise.blocks import put, rebuilt, with_expressions
from sct.optimise.copies import is_copy
from sct.optimise.effects import Effects
from sct.optimise.liveness import Liveness
from sct.optimise.width import WIDTH, width


def folded(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The statements without the temporaries that read better in place."""
    return _Folder(effects, Liveness(effects, body, entry)).block(body, 1)


@dataclass(eq=False)
class _Definition:
    """`name = value`, on its way to its uses."""

    name: str
    bit: int
    value: gast.expr
    reads: int
    made: bool
    repeats: bool
    uses: int = 0


class _Folder:
    def __init__(self, effects: Effects, live: Liveness) -> None:
        self.effects, self.names, self.after = effects, effects.names, live.after

    def block(self, block: list[gast.stmt], depth: int) -> list[gast.stmt]:
        block, k = list(block), 0
        while k < len(block):
            rest = self._forward(block[k], block[k + 1 :], depth)
            if rest is None:
                k += 1
            else:
                block[k:] = rest
        return [self._inner(stmt, depth) for stmt in block]

    def _inner(self, stmt: gast.stmt, depth: int) -> gast.stmt:
        if not bodies(stmt):
            return stmt
        fields = {"body": self.block(stmt.body, depth + 1)}
        if isinstance(stmt, gast.If):
            fields["orelse"] = self.block(stmt.orelse, depth + 1)
        return self._like(stmt, rebuilt(stmt, **fields))

    def _like(self, old: gast.stmt, new: gast.stmt) -> gast.stmt:
        self.after[id(new)] = self.after[id(old)]
        self.effects.of(new)
        return new

    def _forward(self, stmt: gast.stmt, rest: list[gast.stmt], depth: int) -> list[gast.stmt] | None:
        """`rest` with the value of `stmt` in place of its name; None where it must stay a statement."""
        if not self._is_candidate(stmt):
            return None
        name, value = stmt.targets[0].id, stmt.value
        made = self.names.stem(name).made
        reads = self.effects.reads(value)
        found = _Definition(name, self.effects.bit(name), value, reads, made, made and _is_load(value))
        if found.reads & found.bit:
            return None
        return self._into(rest, found, depth)

    def _is_candidate(self, stmt: gast.stmt) -> bool:
        if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
            return False
        name = stmt.targets[0].id
        if self.names.ndim(name) != 0 or name in self.names.params:
            return False
        effect = self.effects.of(stmt)
        return not effect.stores and not effect.kept and not _is_final(stmt.value)

    def _into(self, block: list[gast.stmt], what: _Definition, depth: int) -> list[gast.stmt] | None:
        found, dirty = [], False
        for k, stmt in enumerate(block):
            if self._uses(stmt, what):
                made = None if dirty else self._replaced(stmt, what, depth)
                if made is None:
                    return None
                stmt = self._like(stmt, made)
            found.append(stmt)
            if not self.after[id(stmt)] & what.bit or what.name in targets(stmt):
                return found + block[k + 1 :]
            if self.effects.changes(stmt) & what.bit:
                return None
            dirty = dirty or bool(self.effects.changes(stmt) & what.reads)
        return None

    def _uses(self, stmt: gast.stmt, what: _Definition) -> bool:
        return bool(self.effects.of(stmt).reads & what.bit) or any(self._uses(s, what) for b in bodies(stmt) for s in b)

    def _replaced(self, stmt: gast.stmt, what: _Definition, depth: int) -> gast.stmt | None:
        if isinstance(stmt, gast.While) or (isinstance(stmt, gast.AugAssign) and is_name(stmt.target, what.name)):
            return None
        inside = any(self._uses(s, what) for b in bodies(stmt) for s in b)
        if inside and isinstance(stmt, gast.For):
            return None
        if not what.made and not self._is_version(stmt, what.name):
            return None
        made = self._head(stmt, what, depth)
        if made is None or not inside:
            return made
        arms = {}
        for arm in ("body", "orelse"):
            block = getattr(stmt, arm)
            used = any(self._uses(s, what) for s in block)
            arms[arm] = self._into(block, what, depth + 1) if used else block
            if arms[arm] is None:
                return None
        return rebuilt(made, **arms)

    def _is_version(self, stmt: gast.stmt, name: str) -> bool:
        """Whether a statement copies a user's variable to another version of it."""
        return is_copy(stmt) and self.names.stem(stmt.targets[0].id) == self.names.stem(name)

    def _head(self, stmt: gast.stmt, what: _Definition, depth: int) -> gast.stmt | None:
        """The statement's own expressions with the value in them, if the line does not grow too long."""
        count = 0

        def change(node: gast.expr) -> gast.expr:
            nonlocal count
            count += sum(is_name(n, what.name) for n in nodes(node))
            return put(node, {what.name: what.value})

        made = with_expressions(stmt, change) if self.effects.of(stmt).reads & what.bit else stmt
        what.uses += count
        if (what.uses > 1 and not what.repeats) or (count and width(made) + 4 * depth > WIDTH):
            return None
        return made


def _is_load(value: gast.expr) -> bool:
    """An element, a size or an atom: as good as a name."""
    if isinstance(value, gast.Subscript):
        parts = value.slice.elts if isinstance(value.slice, gast.Tuple) else [value.slice]
        return isinstance(value.value, gast.Name | gast.Attribute) and all(width(p) <= 12 for p in parts)
    if isinstance(value, gast.UnaryOp):
        return isinstance(value.op, gast.USub) and isinstance(value.operand, gast.Constant | gast.Name)
    return isinstance(value, gast.Name | gast.Constant | gast.Attribute) or call_name(value) == "len"


def _is_final(value: gast.expr) -> bool:
    """Results that are tuples are not folded."""
    return isinstance(value, gast.Tuple)
