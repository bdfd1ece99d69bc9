"""A function specialised to argument types: its core program, its types, and facts that do not depend on what is differentiated."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import gast
from numba import typeof
from numba.core import types

from sct.analyses.alias import Aliases, aliases
from sct.analyses.regions import Regions, regions
from sct.bodies.native import Native, native_of
from sct.custom import Rule, rule_of
from sct.ir.build import grown, is_name, literal, names_in, store_target, targets
from sct.ir.fixpoint import least_set
from sct.ir.once import any_once
from sct.ir.program import Program
from sct.types import Types


@dataclass(eq=False)
class Unit:
    """`callees` maps the identity of a helper call to the helper's own unit; `same` is the alias pattern of the parameters:
    each parameter that shares memory with an earlier one maps to that one."""

    program: Program
    types: Types
    callees: dict[int, Unit] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Regions:
        return regions(self.program)

    @cached_property
    def alias(self) -> Aliases:
        return aliases(self.facts, self.types, self.same, self.shared)

    def helper_call(self, stmt: gast.stmt) -> gast.Call | None:
        """The helper call that a statement makes, if any: core statements make at most one, as the whole right side."""
        value = getattr(stmt, "value", None)
        is_call = isinstance(value, gast.Call) and is_name(value.func) and value.func.id in self.program.helpers
        return value if is_call else None

    def helper_calls(self) -> list[gast.Call]:
        """The helper calls of the function, in the order of the text."""
        return [call for call in map(self.helper_call, self.facts.statements()) if call is not None]

    def callee(self, call: gast.Call) -> Unit:
        return self.callees[id(call)]

    def renew(self) -> None:
        """After its tree was changed, but for its calls: find them again, and forget what was known of the old statements."""
        callees = list(self.callees.values())
        self.become(self.program, self.types)
        self.callees = dict(zip(map(id, self.helper_calls()), callees, strict=True))

    def become(self, program: Program, types: Types) -> None:
        """Mean the same function in another form; its callees are still to be found."""
        self.program, self.types, self.callees = program, types, {}
        for fact in ("facts", "alias", "results", "growing"):
            self.__dict__.pop(fact, None)

    def argument_type(self, node: gast.expr) -> types.Type:
        """The Numba type of an atom."""
        if is_name(node):
            return self.types.of(node.id)
        return types.unliteral(typeof(literal(node)))

    @property
    def rule(self) -> Rule | None:
        """The derivative that the user gave to the function."""
        function = self.program.source.function
        return rule_of(function) if self.program.tree.name == function.__name__ else None

    @property
    def native(self) -> Native | None:
        """The function of `sct.linalg` that this is the prototype of."""
        return native_of(self.program.source.function)

    @cached_property
    def recursive(self) -> bool:
        """Whether the function may call itself, perhaps through others."""
        return self in self.reachable()

    @cached_property
    def once(self) -> bool:
        """Whether the function, or a helper it calls, draws random numbers or prints: it must not run again."""
        return any(any_once(unit.program.tree.body) for unit in (self, *self.reachable()))

    def reachable(self) -> list[Unit]:
        """The helpers that the function calls, those that they call, and so on."""
        found, todo = [], list(self.callees.values())
        while todo:
            callee = todo.pop()
            if callee not in found:
                found.append(callee)
                todo += callee.callees.values()
        return found

    @least_set
    def written(self) -> frozenset[str]:
        """Parameters whose arrays the function may store to."""
        roots = set()
        for stmt in self.facts.statements():
            for name in self.stores(stmt):
                roots |= self.alias.of(name)
        return frozenset(p for p in self.program.params if self.alias.of(p) & roots)

    @cached_property
    def growing(self) -> frozenset[str]:
        """Roots of the arrays to which the function gives more room."""
        return frozenset(r for s in self.facts.statements() for name in grown(s) for r in self.alias.of(name))

    def grows(self, name: str) -> bool:
        """Whether the array `name` may be moved to a larger place."""
        return not self.growing.isdisjoint(self.alias.of(name))

    def stores(self, stmt: gast.stmt) -> list[str]:
        """Names of arrays that the statement itself may store to."""
        target = store_target(stmt)
        if target is not None:
            return [target.value.id]
        call = self.helper_call(stmt)
        if call is None:
            return []
        callee = self.callee(call)
        pairs = zip(callee.program.params, call.args, strict=True)
        return [a.id for p, a in pairs if p in callee.written]

    @cached_property
    def results(self) -> list[gast.expr]:
        """The atoms that the function returns."""
        value = self.program.tree.body[-1].value
        if value is None:
            return []
        return list(value.elts) if isinstance(value, gast.Tuple) else [value]

    def shared(self, value: gast.expr) -> list[list[str]]:
        """Per result of a helper call, the array arguments whose memory it may share."""
        callee = self.callee(value)
        pairs = list(zip(callee.program.params, value.args, strict=True))
        return [[a.id for p, a in pairs if (k, p) in callee.returned] for k in range(len(callee.results))]

    @least_set
    def returned(self) -> frozenset[tuple[int, str]]:
        """(position of a result, parameter) that may share memory."""
        alias = aliases(self.facts, self.types, self.same, self.shared)
        found = set()
        for k, result in enumerate(self.results):
            roots = alias.of(result.id) if is_name(result) else frozenset()
            found |= {(k, p) for p in self.program.params if alias.of(p) & roots}
        return frozenset(found)

    @least_set
    def read(self) -> frozenset[str]:
        """Parameters whose elements the function, or a helper it calls, may read."""
        roots: set[str] = set()
        for stmt in self.facts.statements():
            call = self.helper_call(stmt)
            if call is not None:
                pairs = zip(self.callee(call).program.params, call.args, strict=True)
                names = [a.id for p, a in pairs if p in self.callee(call).read]
            else:
                value = getattr(stmt, "value", None) or getattr(stmt, "test", None)
                names = [n for n in names_in(value) if self.types.is_array(n)] if value is not None else []
            roots |= {r for n in names for r in self.alias.of(n)}
        return frozenset(p for p in self.program.params if self.alias.of(p) & roots)

    @least_set
    def passed(self) -> frozenset[tuple[int, str | None]]:
        """(position of a result, parameter that it may be under another name); None stands for all else that it may be."""
        return frozenset((k, p) for k, result in enumerate(self.results) for p in self._origins(result))

    def argument_behind(self, call: gast.Call, k: int) -> str | None:
        """The argument that the k-th result of a helper call is, under another name."""
        passed = [p for at, p in self.callee(call).passed if at == k]
        if len(passed) != 1 or passed[0] is None:
            return None
        argument = call.args[self.callee(call).program.params.index(passed[0])]
        return argument.id if is_name(argument) and self.types.is_array(argument.id) else None

    def _origins(self, atom: gast.expr) -> set[str | None]:
        kind = self.facts.kind(atom.id) if is_name(atom) else None
        if kind == "param":
            return {atom.id}
        if kind not in ("once", "merge"):
            return {None}
        found: set[str | None] = set()
        for stmt in self.facts.assigned[atom.id]:
            call = self.helper_call(stmt)
            if call is None:
                found |= self._origins(getattr(stmt, "value", None))
            else:
                args = dict(zip(self.callee(call).program.params, call.args, strict=True))
                at = targets(stmt).index(atom.id)
                passed = [p for k, p in self.callee(call).passed if k == at]
                found |= {q for p in passed for q in (self._origins(args[p]) if p is not None else [None])}
        return found
