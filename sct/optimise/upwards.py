"""Loops of the reverse sweep whose iterations may come in any order run upwards, for which compilers do more.

    for i in range(n - 1, -1, -1):            for i in range(n):
        t_bar = y_bar[i]                ->        t_bar = y_bar[i]
        y_bar[i] = 0.0                            y_bar[i] = 0.0
        x_bar[k[i]] += w[i] * t_bar               x_bar[k[i]] += w[i] * t_bar

Each name and content that the body changes belongs to one iteration: it is dead before and after, or every access of it stands at
the index of the loop; or it is only added to.
"""

from __future__ import annotations

import gast

from sct.ir.build import bodies, expr, literal
from sct.optimise.blocks import rebuilt
from sct.optimise.effects import Effects
from sct.optimise.iterations import Iterations
from sct.optimise.liveness import Liveness
from sct.optimise.simplify import simplify


def upwards(body: list[gast.stmt], effects: Effects, entry: bool) -> list[gast.stmt]:
    """The body of a function with its loops turned where they may be."""
    return _Upwards(effects, Liveness(effects, body, entry)).block(body)


class _Upwards:
    def __init__(self, effects: Effects, liveness: Liveness) -> None:
        self.effects, self.names, self.liveness = effects, effects.names, liveness

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [self._statement(stmt) for stmt in block]

    def _statement(self, stmt: gast.stmt) -> gast.stmt:
        if not bodies(stmt):
            return stmt
        fields = {"body": self.block(stmt.body)}
        if isinstance(stmt, gast.If):
            fields["orelse"] = self.block(stmt.orelse)
        if _goes_down(stmt) and self._in_any_order(stmt):
            fields["iter"] = self._turned(stmt.iter)
        return rebuilt(stmt, **fields)

    def _turned(self, call: gast.Call) -> gast.expr:
        start, stop = (simplify(expr("A + 1", A=a), self.names) for a in (call.args[1], call.args[0]))
        return expr("range(B)", B=stop) if literal(start) == 0 else expr("range(A, B)", A=start, B=stop)

    def _in_any_order(self, loop: gast.For) -> bool:
        iterations, index = Iterations(self.effects, loop), self.effects.bit(loop.target.id)
        after = self.liveness.after[id(loop)]
        if not all(map(self._is_plain, iterations.inside)) or after & index:
            return False
        changed = (after | self.liveness.inside[id(loop)]) & self.effects.changes(loop) & ~index
        while changed:
            bit = changed & -changed
            if not iterations.add_to(bit) and not iterations.keep_to_their_own(bit):
                return False
            changed ^= bit
        return True

    def _is_plain(self, stmt: gast.stmt) -> bool:
        """Whether a statement does nothing but what it assigns."""
        if isinstance(stmt, gast.For | gast.If | gast.Pass):
            return True
        assigns = isinstance(stmt, gast.Assign | gast.AugAssign) and not self.effects.of(stmt).kept
        return assigns and not self.effects.called(stmt.value)[0]


def _goes_down(stmt: gast.stmt) -> bool:
    return isinstance(stmt, gast.For) and len(stmt.iter.args) == 3 and literal(stmt.iter.args[2]) == -1
