"""What each statement reads and writes: names, and the contents of arrays, as bits of an integer.

An array's content belongs to a *root*, where the array comes from: a parameter, a global, an allocation. A view or
another name of an array has the same roots. Which parameters of a helper share memory is known (`unit.same`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.alias import viewed
from sct.ir.build import MODULES, call_name, children, is_name, is_one_of, nodes, store_target, targets, walk
from sct.ir.once import happens_once
from sct.optimise.names import COPYING, PUSHES, Names, behind_of

_SHAPE_ONLY = frozenset({"len", "zeros_like", "empty_like", "ones_like"})
_BUILTINS = frozenset({"abs", "min", "max", "int", "float", "bool", "round", "len", "range", "divmod", "pow", "sum"})
_PURE = _BUILTINS | COPYING
_FRESH = frozenset({"zeros", "empty", "ones", "full", "zeros_like", "empty_like", "ones_like", "copy", "astype"})


@dataclass(frozen=True)
class Effect:
    """Of one statement without the blocks in it: `born` is the content that it allocates, `kept` is never dead."""

    reads: int = 0
    binds: int = 0
    stores: int = 0
    born: int = 0
    kept: bool = False


@dataclass(eq=False)
class Effects:
    """Effects of the statements of one function; statements are never changed in place, so that effects can be kept."""

    names: Names
    body: list[gast.stmt]
    bits: dict[str, int] = field(default_factory=dict)
    roots: dict[str, frozenset[str]] = field(default_factory=dict)
    pointers: dict[int, int] = field(default_factory=dict)
    _statements: dict[int, tuple[gast.stmt, Effect]] = field(default_factory=dict)
    _wholes: dict[int, tuple[gast.stmt, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._points_to()
        for name, roots in self.roots.items():
            for root in roots:
                content = self.bit(f"{root}[]")
                self.pointers[content] = self.pointers.get(content, 0) | self.bit(name)
        self.kept_calls = self._helpers_do_more()

    def bit(self, name: str) -> int:
        found = self.bits.get(name)
        if found is None:
            found = self.bits[name] = 1 << len(self.bits)
        return found

    def content(self, name: str) -> int:
        """The contents that an array name may refer to."""
        found = 0
        for root in self.roots.get(name, ()):
            found |= self.bit(f"{root}[]")
        return found

    def _helpers_do_more(self) -> bool:
        """Whether a helper may raise, print or draw random numbers."""
        units = self.names.unit.reachable()
        return any(u.once or any(isinstance(s, gast.Raise) for s in walk(u.program.tree.body)) for u in units)

    def _points_to(self) -> None:
        bound = {n for s in walk(self.body) for n in targets(s)}
        free = [n for n in self.names.facts if n not in bound]
        for name in dict.fromkeys([*self.names.params, *self.names.unit.program.constants, *free]):
            if self.names.is_array(name):
                self.roots[name] = frozenset({self._parameter_root(name)})
        statements = [s for s in walk(self.body) if isinstance(s, gast.Assign) and store_target(s) is None]
        changed = True
        while changed:
            changed = False
            for stmt in statements:
                for name, roots in self._bound(stmt):
                    if self.names.is_array(name) and not roots <= self.roots.get(name, frozenset()):
                        self.roots[name] = self.roots.get(name, frozenset()) | roots
                        changed = True

    def _parameter_root(self, name: str) -> str:
        """Adjoints share memory as the primal's arrays do; a seed that is an array may be any of the adjoints."""
        unit = self.names.unit
        behind = behind_of(name, unit)
        if behind is not None:
            if any(is_name(r) and unit.types.is_array(r.id) for r in unit.results):
                return "bars"
            return f"{unit.same.get(behind[0], behind[0])}_{behind[1]}"
        if name in unit.program.params or name in unit.program.constants:
            return unit.same.get(name, name)
        return name if name.startswith(("tape", "ints")) or name not in self.names.params else "bars"

    def _bound(self, stmt: gast.Assign):
        target, value = stmt.targets[0], stmt.value
        if isinstance(target, gast.Tuple) and isinstance(value, gast.Tuple):
            for to, source in zip(target.elts, value.elts, strict=True):
                yield to.id, self._value_roots(source, to.id)
            return
        for name in targets(stmt):
            yield name, self._value_roots(value, name)

    def _value_roots(self, value: gast.expr, name: str) -> frozenset[str]:
        while viewed(value) is not None:
            value = viewed(value)
        if is_name(value):
            return self.roots.get(value.id, frozenset())
        own = frozenset({f"{name}@"})
        if not isinstance(value, gast.Call) or isinstance(value.func, gast.Attribute):
            return own
        shared = [self.roots.get(a.id, frozenset()) for a in value.args if is_name(a)]
        return own.union(*shared)

    def reads(self, node: gast.AST | None) -> int:
        """The names and contents that an expression reads."""
        if node is None or isinstance(node, gast.Constant):
            return 0
        if isinstance(node, gast.Name):
            return 0 if node.id in MODULES else self.bit(node.id) | self.content(node.id)
        if isinstance(node, gast.Attribute):
            if is_name(node.value):
                return 0 if node.value.id in MODULES else self.bit(node.value.id)
            return self.reads(node.value)
        if isinstance(node, gast.Call):
            return self._call_reads(node)
        found = 0
        for child in children(node):
            found |= self.reads(child)
        return found

    def _call_reads(self, node: gast.Call) -> int:
        found = 0
        if call_name(node) in _SHAPE_ONLY and is_name(node.args[0]):
            found = self.bit(node.args[0].id)
            rest = node.args[1:]
        else:
            rest = node.args
        if isinstance(node.func, gast.Attribute) and not is_one_of(node.func.value, MODULES):
            found |= self.reads(node.func.value)
        for arg in [*rest, *(k.value for k in node.keywords)]:
            found |= self.reads(arg)
        return found

    def of(self, stmt: gast.stmt) -> Effect:
        found = self._statements.get(id(stmt))
        if found is None:
            found = self._statements[id(stmt)] = (stmt, self._effect(stmt))
        return found[1]

    def _effect(self, stmt: gast.stmt) -> Effect:
        if isinstance(stmt, gast.If | gast.While):
            return Effect(reads=self.reads(stmt.test))
        if isinstance(stmt, gast.For):
            return Effect(reads=self.reads(stmt.iter), binds=self.bit(stmt.target.id))
        if isinstance(stmt, gast.Return):
            return Effect(reads=self.reads(stmt.value), kept=True)
        if isinstance(stmt, gast.Raise):
            return Effect(kept=True)
        if isinstance(stmt, gast.Pass | gast.Break):
            return Effect()
        return self._assignment(stmt)

    def _assignment(self, stmt: gast.stmt) -> Effect:
        reads, binds, stores, born = self.reads(stmt.value), 0, 0, 0
        target = store_target(stmt)
        if target is not None:
            reads |= self.reads(target.slice) | self.bit(target.value.id)
            stores = self.content(target.value.id)
            if isinstance(stmt, gast.AugAssign):
                reads |= stores
        else:
            for name in targets(stmt):
                binds |= self.bit(name)
                if isinstance(stmt, gast.AugAssign):
                    reads |= self.bit(name) | self.content(name)
                    stores |= self.content(name)
            born = self._born(stmt)
        called, kept = self.called(stmt.value)
        return Effect(reads, binds, stores | called, born, kept or happens_once(stmt.value) or not (binds or stores or called))

    def _born(self, stmt: gast.stmt) -> int:
        made = isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and call_name(stmt.value) in _FRESH
        return self.bit(f"{stmt.targets[0].id}@[]") if made else 0

    def called(self, value: gast.expr) -> tuple[int, bool]:
        """The contents that calls in `value` may change, and whether they must be kept for what else they do."""
        stores, kept = 0, False
        for call in nodes(value):
            if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Name):
                continue
            if call.func.id in PUSHES:
                stores |= self.content(call.args[0].id)
            elif call.func.id not in _PURE:
                kept = kept or self.kept_calls
                for arg in call.args:
                    base = arg.value if isinstance(arg, gast.Subscript) else arg
                    stores |= self.content(base.id) if is_name(base) and self.names.dims(arg) != 0 else 0
        return stores, kept

    def changes(self, stmt: gast.stmt) -> int:
        """Every name and content that a statement, with the blocks in it, may change."""
        found = self._wholes.get(id(stmt))
        if found is None:
            effect = self.of(stmt)
            bits = effect.binds | effect.stores | effect.born
            for block in (getattr(stmt, "body", ()), getattr(stmt, "orelse", ())):
                for inner in block:
                    bits |= self.changes(inner)
            found = self._wholes[id(stmt)] = (stmt, bits)
        return found[1]

    def touched(self, stmt: gast.stmt) -> int:
        """Every name and content that a statement, with the blocks in it, may read or change."""
        bits = self.of(stmt).reads | self.changes(stmt)
        for block in (getattr(stmt, "body", ()), getattr(stmt, "orelse", ())):
            for inner in block:
                bits |= self.touched(inner)
        return bits

    def at_exit(self, entry: bool) -> int:
        """Contents that the caller sees: a helper's arguments."""
        found = 0
        if not entry:
            for name in self.names.params:
                found |= self.content(name)
        return found
