"""Which names of generated functions differ from direction to direction: those that depend on what the directions start."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import gast

from sct.ir.build import call_name, children, is_name, walk
from sct.types.generated import Kinds

Pattern = tuple[str, frozenset[int]]
"""A function and the positions of its arguments that differ from direction to direction."""


@dataclass(eq=False)
class Differing:
    """`names` differ inside a function; `params` and `results` are the positions of those arguments, at its end, and results."""

    function: gast.FunctionDef
    own_functions: Collection[str]
    kinds: Kinds
    names: set[str]
    results: frozenset[int] = frozenset()
    calls: dict[int, Pattern] = field(default_factory=dict)
    callees: dict[Pattern, Differing] = field(default_factory=dict)

    @property
    def parameters(self) -> list[str]:
        return [a.id for a in self.function.args.args]

    @property
    def params(self) -> frozenset[int]:
        return frozenset(k for k, p in enumerate(self.parameters) if p in self.names)

    def ndim(self, name: str) -> int:
        return getattr(self.kinds.get(name), "ndim", 0)

    def differs(self, node: gast.AST) -> bool:
        """Whether the value of an expression differs; the length of an array does not."""
        if is_name(node):
            return node.id in self.names
        if isinstance(node, gast.Attribute) and node.attr in ("shape", "size", "ndim"):
            return False
        if call_name(node) in ("len", "zeros_like", "empty_like"):
            return False
        if call_name(node) in self.own_functions:
            return bool(self.results_of(node))
        return any(map(self.differs, children(node)))

    def results_of(self, call: gast.Call) -> frozenset[int]:
        """The positions of the results of a call of the module's that differ."""
        return self.callees[self.calls[id(call)]].results if id(call) in self.calls else frozenset()


@dataclass(eq=False)
class Directions:
    """The analysis of a module's functions, from the names that start it in the entry."""

    functions: dict[str, gast.FunctionDef]
    kinds: dict[str, Kinds]
    found: dict[Pattern, Differing] = field(default_factory=dict)

    def of(self, name: str, start: set[str]) -> Differing:
        """What differs in the function `name` if `start` does; `found` has the same for those that it calls."""
        entry = Differing(self.functions[name], self.functions, self.kinds[name], set(start), callees=self.found)
        before = None
        while before != (before := [self._state(each) for each in (entry, *self.found.values())]):
            for each in [entry, *self.found.values()]:
                for stmt in walk(each.function.body):
                    self._statement(stmt, each)
        return entry

    def _state(self, differing: Differing) -> tuple:
        return set(differing.names), dict(differing.calls), differing.results

    def _callee(self, name: str, positions: frozenset[int]) -> Differing:
        pattern = (name, positions)
        if pattern not in self.found:
            function = self.functions[name]
            names = {a.id for k, a in enumerate(function.args.args) if k in positions}
            self.found[pattern] = Differing(function, self.functions, self.kinds[name], names, callees=self.found)
        return self.found[pattern]

    def _statement(self, stmt: gast.stmt, differing: Differing) -> None:
        for node in _expressions(stmt):
            self._calls(node, differing)
        if isinstance(stmt, gast.Return):
            differing.results |= {k for k, e in enumerate(returned(stmt)) if differing.differs(e)}
        elif isinstance(stmt, gast.Assign):
            self._assign(stmt.targets[0], stmt.value, differing)
        elif isinstance(stmt, gast.AugAssign) and differing.differs(stmt.value):
            differing.names.add(root_of(stmt.target))

    def _assign(self, target: gast.expr, value: gast.expr, differing: Differing) -> None:
        if isinstance(target, gast.Tuple):
            call = call_name(value) in self.functions
            self._matched([root_of(e) for e in target.elts], value, differing)
            results = differing.results_of(value) if call else ()
            for k, element in enumerate(target.elts):
                if call:
                    if k in results:
                        differing.names.add(root_of(element))
                else:
                    self._assign(element, value.elts[k] if isinstance(value, gast.Tuple) else value, differing)
            return
        root = root_of(target)
        self._matched([root], value, differing)
        if differing.differs(value):
            differing.names.add(root)
        base = root_of(value) if is_name(target) and differing.ndim(root) and _is_view(value) else None
        if base is not None and root in differing.names:
            differing.names.add(base)

    def _matched(self, names: list[str | None], call: gast.expr, differing: Differing) -> None:
        """Let results differ that go to names which do, for what comes elsewhere."""
        if id(call) not in differing.calls:
            return
        callee = self.found[differing.calls[id(call)]]
        missing = {k for k, name in enumerate(names) if name in differing.names} - callee.results
        callee.results |= missing
        for stmt in walk(callee.function.body) if missing else ():
            if isinstance(stmt, gast.Return):
                callee.names |= {e.id for k, e in enumerate(returned(stmt)) if k in missing and is_name(e)}

    def _calls(self, node: gast.AST, differing: Differing) -> None:
        """Note the calls of the module's functions that differ, and the arrays in which they leave what differs."""
        for inner in children(node):
            self._calls(inner, differing)
        name = call_name(node)
        if name not in self.functions:
            return
        given = frozenset(k for k, a in enumerate(node.args) if differing.differs(a))
        if not given:
            return
        callee = self._callee(name, given)
        differing.names |= {root_of(node.args[k]) for k in callee.params if root_of(node.args[k]) is not None}
        differing.calls[id(node)] = (name, given)


def returned(stmt: gast.Return) -> list[gast.expr]:
    """What a function returns, tuples opened."""
    def opened(node: gast.expr) -> list[gast.expr]:
        return [e for part in node.elts for e in opened(part)] if isinstance(node, gast.Tuple) else [node]

    return [] if stmt.value is None else opened(stmt.value)


def root_of(node: gast.AST) -> str | None:
    """`x` for `x[1:].T`, `np.reshape(x, (3, 2))` and `x`."""
    while not is_name(node):
        if isinstance(node, gast.Subscript | gast.Attribute):
            node = node.value
        elif isinstance(node, gast.Call) and call_name(node) in VIEWING:
            node = node.args[0]
        else:
            return None
    return node.id


VIEWING = ("reshape", "transpose", "swapaxes", "asarray", "ascontiguousarray", "ravel")


def _is_view(value: gast.expr) -> bool:
    return root_of(value) is not None


def _expressions(stmt: gast.stmt) -> list[gast.expr]:
    found = [getattr(stmt, name, None) for name in ("value", "test", "iter")]
    return [node for node in found if isinstance(node, gast.AST)]
