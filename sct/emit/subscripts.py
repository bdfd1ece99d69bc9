"""Which subscripts in a generated text are certain not to be negative, so that nothing has to test whether they wrap around.

    for i in range(1, len(x)):
        y[i] = x[i - 1] * w[k]        y and x on this line, not w

Integers are linear forms over sizes, parameters and indices of loops, as in `sct.analyses.linear`; an index is replaced by the
bounds of its range.
"""

from __future__ import annotations

from collections import Counter

import gast

from sct.analyses.linear import Form, plus, range_of
from sct.ir.build import bodies, call_name, is_name, literal, nodes, text, walk

Bounds = tuple[Form | None, Form | None]

SIZES = frozenset({"len", "common_length", "threads"})
"""Functions whose result is a size."""


def proved(module: str) -> list[tuple[int, str]]:
    """(line, array): all subscripts of the array on that line are at least 0. Callers stand after what they call."""
    functions = [node for node in gast.parse(module).body if isinstance(node, gast.FunctionDef)]
    calls: dict[str, list[list[bool]]] = {function.name: [] for function in functions}
    found: list[tuple[int, str]] = []
    for k, function in reversed(list(enumerate(functions))):
        earlier = any(is_name(n, function.name) for other in functions[: k + 1] for n in nodes(other))
        natural = [] if earlier else [all(some) for some in zip(*calls[function.name], strict=False)]
        made = _Function(function, natural)
        found += made.proved()
        for name, certain in made.calls:
            calls.get(name, []).append(certain)
    return sorted(found)


class _Function:
    """`forms` of what is known where the walk stands, `bounds` of the indices of loops, `natural` symbols that are at least 0."""

    def __init__(self, function: gast.FunctionDef, natural: list[bool]) -> None:
        """`natural`: which parameters are at least 0 in every call."""
        self.body = function.body
        params = [a.id for a in function.args.args]
        self.times = Counter([*params, *(name for stmt in walk(self.body) for name in _bound(stmt))])
        self.forms: dict[str, Form] = {p: {p: 1} for p in params if self.times[p] == 1}
        self.bounds: dict[str, Bounds] = {}
        self.natural = {p for p, certain in zip(params, natural, strict=False) if certain}
        self.calls: list[tuple[str, list[bool]]] = []
        self.places: dict[tuple[int, str], bool] = {}

    def proved(self) -> list[tuple[int, str]]:
        self._block(self.body)
        return sorted(place for place, certain in self.places.items() if certain)

    def _block(self, block: list[gast.stmt]) -> None:
        """The statements in order; what a name is made from counts up to the end of its block, so within one iteration."""
        outside = dict(self.forms)
        for stmt in block:
            self._note(stmt.iter if isinstance(stmt, gast.For) else stmt.test if bodies(stmt) else stmt)
            if isinstance(stmt, gast.For):
                self._loop(stmt)
            else:
                for inner in bodies(stmt):
                    self._block(inner)
            if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and self.times[stmt.targets[0].id] == 1:
                self._learn(stmt.targets[0].id, self._form(stmt.value))
        self.forms = outside

    def _loop(self, loop: gast.For) -> None:
        index = loop.target.id
        if not any(index in _bound(stmt) for stmt in walk(loop.body)):
            symbol = f"{index}#{len(self.bounds)}"
            self.bounds[symbol] = self._range(loop)
            self.forms[index] = {symbol: 1}
        self._block(loop.body)
        self.forms.pop(index, None)

    def _learn(self, name: str, form: Form | None) -> None:
        if form is not None:
            self.forms[name] = form

    def _range(self, loop: gast.For) -> Bounds:
        """The least and the greatest value of an index, as far as they are known."""
        start, stop, step = map(self._form, range_of(loop))
        pace = None if step is None or set(step) - {""} else step.get("", 0)
        if not pace and not (step is not None and self._at_least(step, 0)):
            return None, None
        last = None if stop is None else plus(stop, {"": 1 if pace and pace < 0 else -1})
        return (last, start) if pace and pace < 0 else (start, last)

    # what is certain of an integer

    def _form(self, node: gast.expr) -> Form | None:
        if isinstance(node, gast.Constant):
            return {"": node.value} if type(node.value) is int else None
        if isinstance(node, gast.Name):
            return self.forms.get(node.id)
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
            return self._sum({"": 0}, self._form(node.operand), -1)
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add | gast.Sub):
            return self._sum(self._form(node.left), self._form(node.right), 1 if isinstance(node.op, gast.Add) else -1)
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult) and (product := self._product(node)) is not None:
            return product
        return self._symbol(node) if self._is_natural(node) else None

    def _sum(self, a: Form | None, b: Form | None, times: int) -> Form | None:
        return None if a is None or b is None else plus(a, b, times)

    def _product(self, node: gast.BinOp) -> Form | None:
        for factor, other in ((node.left, node.right), (node.right, node.left)):
            if type(literal(factor)) is int:
                return self._sum({"": 0}, self._form(other), literal(factor))
        return None

    def _is_natural(self, node: gast.expr) -> bool:
        """Whether an expression is a size, or cannot be negative since its operands are not."""
        if call_name(node) in SIZES:
            return True
        if isinstance(node, gast.Attribute):
            return node.attr == "size"
        if isinstance(node, gast.Subscript):
            return isinstance(node.value, gast.Attribute) and node.value.attr == "shape"
        if call_name(node) == "max":
            return any(self._at_least(self._form(a), 0) for a in node.args)
        if call_name(node) == "min":
            return all(self._at_least(self._form(a), 0) for a in node.args)
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mod):
            return self._at_least(self._form(node.right), 0)
        if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult | gast.FloorDiv):
            return self._at_least(self._form(node.left), 0) and self._at_least(self._form(node.right), 0)
        return False

    def _symbol(self, node: gast.expr) -> Form:
        """The symbol of a natural number: the same for the same text, if its names keep their values."""
        lasting = all(self.times[n.id] <= 1 for n in nodes(node) if isinstance(n, gast.Name))
        symbol = text(node) if lasting else f"{text(node)} {len(self.natural)}"
        self.natural.add(symbol)
        return {symbol: 1}

    def _at_least(self, form: Form | None, least: int) -> bool:
        """Whether `form >= least` is certain; the indices of loops give way to their bounds, those of inner loops first."""
        while form is not None:
            inner = max((s for s in form if s in self.bounds), key=_age, default=None)
            if inner is None:
                return form.get("", 0) >= least and all(k >= 0 and s in self.natural for s, k in form.items() if s)
            k = form[inner]
            form = self._sum({s: c for s, c in form.items() if s != inner}, self.bounds[inner][0 if k > 0 else 1], k)
        return False

    # subscripts

    def _note(self, node: gast.AST) -> None:
        """Whether the subscripts in a statement, or in the head of one, are certain."""
        for place in nodes(node):
            if isinstance(place, gast.Call) and is_name(place.func):
                self.calls.append((place.func.id, [self._at_least(self._form(a), 0) for a in place.args]))
            if not isinstance(place, gast.Subscript) or not is_name(place.value):
                continue
            parts = place.slice.elts if isinstance(place.slice, gast.Tuple) else [place.slice]
            if all(isinstance(part, gast.Slice) or literal(part) is not None for part in parts):
                continue
            certain = node.lineno == node.end_lineno and all(self._at_least(self._form(part), 0) for part in parts)
            key = (place.lineno, place.value.id)
            self.places[key] = self.places.get(key, True) and certain


def _age(symbol: str) -> int:
    return int(symbol.rpartition("#")[2])


def _bound(stmt: gast.stmt) -> list[str]:
    """Names that a statement itself binds."""
    found = [*getattr(stmt, "targets", []), *filter(None, [getattr(stmt, "target", None)])]
    return [n.id for target in found for n in nodes(target) if is_name(n) and not isinstance(n.ctx, gast.Load)]
