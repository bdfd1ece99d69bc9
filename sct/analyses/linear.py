"""Integer expressions as linear forms, and what the loops around a statement say about their size."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.regions import Regions
from sct.ir.build import call_name, is_name, text

Form = dict[str, int]
"""Symbol -> coefficient; the constant under the empty symbol. Symbols are names or texts such as `len(x)`."""


def plus(a: Form, b: Form, times: int = 1) -> Form:
    found = dict(a)
    for symbol, k in b.items():
        found[symbol] = found.get(symbol, 0) + times * k
    return {s: k for s, k in found.items() if k or s == ""}


@dataclass(eq=False)
class Linear:
    """Linear forms of subscripts and loop bounds, with the definitions of once-assigned integers put in."""

    facts: Regions
    bounds: dict[str, tuple[Form, Form] | None] = field(default_factory=dict)

    def form(self, node: gast.expr) -> Form | None:
        """The linear form of an integer expression; None for a slice or a float."""
        if isinstance(node, gast.Constant):
            return {"": node.value} if type(node.value) is int else None
        if isinstance(node, gast.Name):
            return self._name(node.id)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            inner = self.form(node.operand)
            return None if inner is None else plus({"": 0}, inner, -1)
        if isinstance(node, gast.BinOp):
            return self._binary(node)
        if isinstance(node, gast.Slice | gast.Tuple):
            return None
        return {"": 0, text(node): 1}

    def _binary(self, node: gast.BinOp) -> Form | None:
        left, right = self.form(node.left), self.form(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, gast.Add | gast.Sub):
            return plus(left, right, 1 if isinstance(node.op, gast.Add) else -1)
        if isinstance(node.op, gast.Mult):
            for a, b in ((left, right), (right, left)):
                if set(a) == {""}:
                    return plus({"": 0}, b, a[""])
        return {"": 0, text(node): 1}

    def _name(self, name: str) -> Form:
        if self.facts.kind(name) == "once":
            stmt = self.facts.definition(name)
            value = stmt.value if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) else None
            if is_name(value) and self.facts.kind(value.id) != "carried":
                return self._name(value.id)
            if isinstance(value, gast.Constant | gast.BinOp | gast.UnaryOp) or call_name(value) in ("len", "common_length"):
                found = self.form(value)
                if found is not None:
                    return found
        return {"": 0, name: 1}

    def index_bounds(self, name: str) -> tuple[Form, Form] | None:
        """Least and greatest value of a loop index, as forms; None where the step is not a constant."""
        if name not in self.bounds:
            self.bounds[name] = self._index_bounds(name)
        return self.bounds[name]

    def _index_bounds(self, name: str) -> tuple[Form, Form] | None:
        if name not in self.facts.index_names:
            return None
        start, stop, step = range_of(self.facts.index_names[name].owner)
        pace, low, high = self.form(step), self.form(start), self.form(stop)
        if pace is None or set(pace) != {""} or low is None or high is None or pace[""] == 0:
            return None
        if pace[""] > 0:
            return low, plus(high, {"": -1})
        return plus(high, {"": 1}), low

    def step(self, name: str) -> int | None:
        pace = self.form(range_of(self.facts.index_names[name].owner)[2])
        return pace[""] if pace is not None and set(pace) == {""} else None

    def at_least(self, form: Form, least: int, private=lambda symbol: True) -> bool:
        """Whether `form >= least` is certain; indices are replaced by their bounds, the innermost first."""
        for _ in range(12):
            if form.get("", 0) >= least and all(k > 0 and _natural(s) for s, k in form.items() if s):
                return True
            indices = [s for s in form if self.index_bounds(s) is not None and private(s)]
            if not indices:
                return False
            inner = max(indices, key=lambda s: self.facts.order[id(self.facts.index_names[s].owner)])
            k = form[inner]
            bound = self.index_bounds(inner)[0 if k > 0 else 1]
            form = plus({s: c for s, c in form.items() if s != inner}, bound, k)
        return False


def _natural(symbol: str) -> bool:
    """Whether a symbol stands for a size."""
    return symbol.startswith(("len(", "common_length(")) or ".shape[" in symbol or symbol.endswith(".size") or symbol == "later"


def range_of(loop: gast.For) -> tuple[gast.expr, gast.expr, gast.expr]:
    """Start, stop and step of a core `for` loop."""
    args = loop.iter.args
    zero, one = gast.Constant(0, None), gast.Constant(1, None)
    if len(args) == 1:
        return zero, args[0], one
    return args[0], args[1], args[2] if len(args) == 3 else one
