"""Does a function add and subtract the same number, to learn or to lose a rounding error?

    y = x[i] - c                     n = (x + 6755399441055744.0) - 6755399441055744.0
    t = s + y                        x is rounded to an integer
    c = (t - s) - y
    s = t                            u = 1.0 + x
    sums as by Kahan                 math.log(u) * x / (u - 1.0)

Such programs mean the order of their operations: a compiler that may regroup sums (`reassoc`) makes `c` zero, `n` x and
`u - 1.0` x.
"""

from __future__ import annotations

import gast
from numba.core import types

from sct.analyses.unit import Unit
from sct.ir.build import literal, targets, text

Terms = dict[str, float]
"""How often a sum holds a term; its constants, added up, are one term."""

CONSTANTS = ""


def cancels(unit: Unit) -> bool:
    """Whether some sum of floats, written out, has a term with both signs."""
    return _Sums(unit, ()).cancels()


class _Sums:
    """The sums of a function that is called from those `around`; `terms` of its names and of the elements that it stores."""

    def __init__(self, unit: Unit, around: tuple[Unit, ...]) -> None:
        self.unit, self.around = unit, (*around, unit)
        self.terms: dict[str, Terms] = {}

    def cancels(self) -> bool:
        sums = [s for s in self.unit.facts.statements() if isinstance(s, gast.Assign | gast.AugAssign) and self._is_float(s)]
        return any(self._cancels_at(stmt) for stmt in sums)

    def _is_float(self, stmt: gast.Assign | gast.AugAssign) -> bool:
        facts, kinds = self.unit.facts, self.unit.types
        return all(facts.kind(name) == "once" and isinstance(kinds.of(name), types.Float) for name in targets(stmt))

    def _cancels_at(self, stmt: gast.Assign | gast.AugAssign) -> bool:
        target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
        parts = self._parts(stmt)
        whole = _added(parts)
        self.terms[text(target)] = whole
        return _size(whole) < sum(map(_size, parts))

    def _parts(self, stmt: gast.Assign | gast.AugAssign) -> list[Terms]:
        """The operands of a sum, of a difference or of what a helper returns, written out."""
        value = stmt.value
        if isinstance(stmt, gast.AugAssign):
            return [self._of(stmt.target), self._of(value)]
        if isinstance(value, gast.BinOp) and isinstance(value.op, gast.Add | gast.Sub):
            return [self._of(value.left), _times(self._of(value.right), 1.0 if isinstance(value.op, gast.Add) else -1.0)]
        if isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.USub):
            return [_times(self._of(value.operand), -1.0)]
        call = self.unit.helper_call(stmt)
        if call is not None and self.unit.callee(call) not in self.around:
            return self._returned(call)
        return [self._of(value)]

    def _returned(self, call: gast.Call) -> list[Terms]:
        callee = _Sums(self.unit.callee(call), self.around)
        callee.cancels()
        args = dict(zip(callee.unit.program.params, call.args, strict=True))
        terms = callee.terms.get(text(callee.unit.results[0]), {}) if len(callee.unit.results) == 1 else {}
        return [_times(self._of(args[term]) if term in args else {term: 1.0}, k) for term, k in terms.items()]

    def _of(self, value: gast.expr) -> Terms:
        constant = literal(value)
        if isinstance(constant, int | float):
            return {CONSTANTS: float(constant)}
        return self.terms.get(text(value), {text(value): 1.0})


def _times(terms: Terms, k: float) -> Terms:
    return {term: k * own for term, own in terms.items()}


def _added(parts: list[Terms]) -> Terms:
    found: Terms = {}
    for part in parts:
        for term, k in part.items():
            found[term] = found.get(term, 0.0) + k
    return found


def _size(terms: Terms) -> float:
    return sum(map(abs, terms.values()))
