"""Which definitions may be evaluated a second time in the reverse sweep, with the same outcome."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.analyses.question import Question
from sct.analyses.regions import Regions
from sct.analyses.unit import Unit
from sct.ir.build import is_name, names_in, nodes
from sct.rules.table import is_cheap, is_discrete, is_operation


@dataclass(frozen=True, eq=False)
class Repeat:
    """The test, for the unit of a question."""

    question: Question

    @property
    def unit(self) -> Unit:
        return self.question.unit

    @property
    def facts(self) -> Regions:
        return self.unit.facts

    def same_again(self, stmt: gast.stmt) -> bool:
        """Whether the definition is pure, cheap, and certain to give the same value again."""
        if isinstance(stmt, gast.If) or self.unit.helper_call(stmt) is not None or isinstance(stmt.targets[0], gast.Tuple):
            return False
        value = stmt.value
        if is_name(value):
            return self.facts.kind(value.id) != "carried"
        if isinstance(value, gast.Constant | gast.Subscript | gast.Attribute):
            return True
        if is_discrete(value):
            return all(self._exact(node) for node in nodes(value))
        return is_operation(value) and is_cheap(value)

    def choice(self, name: str, branch: gast.If) -> list[gast.stmt] | None:
        """The statements of both arms that make a scalar, if they only name values and calculate with them; else None."""
        found, wanted = [], {name}
        for stmt in reversed([*branch.body, *branch.orelse]):
            made = stmt.targets[0].id if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) else None
            if made not in wanted:
                continue
            if not self.same_again(stmt) or any(isinstance(n, gast.Subscript | gast.Attribute) for n in nodes(stmt.value)):
                return None
            found.append(stmt)
            wanted.update(n for n in names_in(stmt.value) if self.facts.home_of(n).owner is branch)
        unmade = wanted - {s.targets[0].id for s in found}
        return None if unmade or self.unit.types.is_array(name) else found

    def _exact(self, node: gast.AST) -> bool:
        """No float arithmetic, which the compiler may fuse differently the second time, so that a jump comes out otherwise."""
        if isinstance(node, gast.BinOp | gast.Call):
            leaves = [n for n in names_in(node) if not self.unit.types.is_array(n)]
            return bool(is_discrete(node) and not isinstance(node, gast.BinOp)) or all(self._integral(n) for n in leaves)
        if isinstance(node, gast.Compare) and isinstance(node.ops[0], gast.Is | gast.IsNot):
            return False  # a bool that was saved comes back as another object
        if isinstance(node, gast.Name):
            return self._integral(node.id) or self._settled(node.id)
        return True

    def _integral(self, name: str) -> bool:
        types = self.unit.types
        return types.is_int(name) or types.is_bool(name) or name in ("len", "int", "bool", "abs", "min", "max", "round")

    def _settled(self, name: str) -> bool:
        """Whether a float is taken from memory, an argument or what was saved rather than computed again."""
        if name in self.unit.program.helpers or self.unit.types.is_array(name) or not self.unit.types.is_float(name):
            return True
        if self.facts.kind(name) in ("param", "global") or self.question.stays(self.facts.home_of(name)):
            return True
        stmt = self.facts.definition(name)
        if isinstance(stmt, gast.If):
            return self.choice(name, stmt) is None
        if not self.same_again(stmt):
            return True  # so it is kept, not computed again
        value = getattr(stmt, "value", None)
        if is_name(value):
            return self.facts.kind(value.id) == "carried" or self._settled(value.id)
        return isinstance(value, gast.Subscript | gast.Constant)
