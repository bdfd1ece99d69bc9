"""Statements that only add multiples of an adjoint move into the branch that makes it other than zero.

`d_bar = 0.0; if c: d_bar = b; for j in ..: a_bar[j] += p * d_bar` reverses every candidate of a minimum although only the winner
counts. Where an adjoint starts at zero and one arm alone changes it, what is linear in it belongs in that arm.
"""

from __future__ import annotations

import gast

from sct.ir.build import bodies, is_name, nodes, quote, store_target
from sct.ir.once import happens_once
from sct.optimise.blocks import rebuilt
from sct.optimise.effects import Effects
from sct.optimise.liveness import Liveness
from sct.optimise.names import Names


def gated(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The block, and those inside it, with such statements moved."""
    return _Gate(effects, Liveness(effects, body, entry)).block(body)


class _Gate:
    def __init__(self, effects: Effects, live: Liveness) -> None:
        self.effects, self.after = effects, live.after

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        found: list[gast.stmt] = []
        zeros: set[str] = set()  # set to 0.0 just before the branch that ends `found`, or by the end of `found` itself
        for stmt in block:
            made = self._inside(stmt)
            branch = found[-1] if found else None
            if isinstance(branch, gast.If) and zeros:
                moved = self._moved(branch, made, zeros, self.after.get(id(stmt)))
                if moved is not None:
                    found[-1:] = [*self._start(branch, made, self.after[id(stmt)]), moved]
                    continue
            if _is_zero(made) and self.effects.names.is_bar(made.targets[0].id):
                zeros = (set() if isinstance(branch, gast.If) else zeros) | {made.targets[0].id}
            elif not isinstance(made, gast.If) or isinstance(branch, gast.If):
                zeros = set()
            found.append(made)
        return found

    def _inside(self, stmt: gast.stmt) -> gast.stmt:
        if isinstance(stmt, gast.If):
            return rebuilt(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
        return rebuilt(stmt, body=self.block(stmt.body)) if bodies(stmt) else stmt

    def _moved(self, branch: gast.If, stmt: gast.stmt, zeros: set[str], live: int | None) -> gast.If | None:
        """The branch with `stmt` at the end of one arm, if it does nothing unless that arm ran."""
        for arm, other in (("body", "orelse"), ("orelse", "body")):
            block = getattr(branch, arm)
            gates = {z for z in zeros if _assigns(block, z) and not _assigns(getattr(branch, other), z)}
            if not gates or live is None or isinstance(block[-1], gast.Break | gast.Raise):
                continue
            linear = _Linear(gates, self.effects.names)
            lasting = {name for name in linear.made_by(stmt) if live & self.effects.bit(name)}
            if linear.used and not (lasting - self._can_start_at_zero(branch, stmt, linear)):
                return rebuilt(branch, **{arm: [*block, stmt]})
        return None

    def _can_start_at_zero(self, branch: gast.If, stmt: gast.stmt, linear: _Linear) -> set[str]:
        """The name that `x_bar = e` assigns, if `x_bar = 0.0` may stand before the branch instead."""
        if not isinstance(stmt, gast.Assign) or not self.effects.names.is_bar(stmt.targets[0].id):
            return set()
        if stmt.targets[0].id not in linear.zero:
            return set()
        name = stmt.targets[0].id
        busy = self.effects.touched(branch) | self.effects.of(stmt).reads
        return set() if busy & self.effects.bit(name) else {name}

    def _start(self, branch: gast.If, stmt: gast.stmt, live: int) -> list[gast.stmt]:
        if isinstance(stmt, gast.Assign) and live & self.effects.bit(stmt.targets[0].id):
            return quote("X = 0.0", branch, X=stmt.targets[0].id)
        return []


def _is_zero(stmt: gast.stmt) -> bool:
    """Whether `stmt` is `x = 0.0`."""
    value = getattr(stmt, "value", None)
    return (
        isinstance(stmt, gast.Assign)
        and is_name(stmt.targets[0])
        and isinstance(value, gast.Constant)
        and value.value == 0.0
    )


class _Linear:
    """Tells whether a statement changes nothing that lasts while the names in `zero` are zero; `made`: names it assigns."""

    def __init__(self, gates: set[str], names: Names) -> None:
        self.gates, self.zero, self.names = gates, set(gates), names
        self.made: set[str] = set()
        self.used = False

    def made_by(self, stmt: gast.stmt) -> set[str]:
        """The names that the statement assigns; `used` is false where it does more than add multiples of zeros."""
        if not self.holds(stmt):
            self.used = False
        return self.made

    def holds(self, stmt: gast.stmt) -> bool:
        if isinstance(stmt, gast.For):
            self.made.add(stmt.target.id)
            return self._pure(stmt.iter) and all(map(self.holds, stmt.body))
        if isinstance(stmt, gast.If):
            return self._pure(stmt.test) and all(map(self.holds, [*stmt.body, *stmt.orelse]))
        if isinstance(stmt, gast.AugAssign):
            additive = isinstance(stmt.op, gast.Add | gast.Sub)
            name = stmt.target.value.id if isinstance(stmt.target, gast.Subscript) else stmt.target.id
            adjoint = name not in self.gates and self.names.is_bar(name)
            return additive and adjoint and self._pure(stmt.target) and self._is_zero(stmt.value)
        if not isinstance(stmt, gast.Assign) or store_target(stmt) is not None or not is_name(stmt.targets[0]):
            return isinstance(stmt, gast.Pass)
        return self._assign(stmt.targets[0].id, stmt.value)

    def _assign(self, name: str, value: gast.expr) -> bool:
        if name in self.gates or not self._pure(value):
            return False
        self.made.add(name)
        if self._is_zero(value):
            self.zero.add(name)
        elif name in self.zero:
            return False
        return True

    def _is_zero(self, node: gast.expr) -> bool:
        """Whether an expression is zero while the names are, whatever else it holds."""
        if isinstance(node, gast.Name):
            self.used |= node.id in self.gates
            return node.id in self.zero
        if isinstance(node, gast.Constant):
            return node.value == 0.0 and isinstance(node.value, float)
        if isinstance(node, gast.UnaryOp):
            return isinstance(node.op, gast.USub) and self._is_zero(node.operand)
        if isinstance(node, gast.IfExp):
            return self._pure(node.test) and self._is_zero(node.body) and self._is_zero(node.orelse)
        if not isinstance(node, gast.BinOp) or not self._pure(node):
            return False
        if isinstance(node.op, gast.Mult):
            return self._is_zero(node.left) or self._is_zero(node.right)
        if isinstance(node.op, gast.Add | gast.Sub):
            return self._is_zero(node.left) and self._is_zero(node.right)
        return isinstance(node.op, gast.Div) and self._is_zero(node.left)

    def _pure(self, node: gast.AST) -> bool:
        """Whether evaluating has no effect: only mathematics is called."""
        calls = [n.func for n in nodes(node) if isinstance(n, gast.Call)]
        known = all(isinstance(f, gast.Attribute) or f.id in ("range", "len", "max", "min", "abs") for f in calls)
        return known and not any(map(happens_once, nodes(node)))


def _assigns(block: list[gast.stmt], name: str) -> bool:
    return any(is_name(n, name) and isinstance(n.ctx, gast.Store) for stmt in block for n in nodes(stmt))
