"""Elements that an innermost loop does not move from are kept in a variable meanwhile, which compilers keep in a register.

    for k in range(j):                          t = a[i, j]
        a[i, j] -= a[i, k] * a[j, k]    ->      for k in range(j):
    a[i, j] /= a[j, j]                              t -= a[i, k] * a[j, k]
                                                a[i, j] = t
                                                a[i, j] /= a[j, j]

What is added to an adjoint is added up from zero, so that the loops around still only add to it. In a loop that a statement on
whole arrays became, the element is there even if the axis is empty; in others it must be used beside the loop, too.
"""

from __future__ import annotations

import gast

from sct.ir.build import Fresh, bodies, expr, nodes, quote, store_target
from sct.optimise.blocks import mapped, rebuilt, with_expressions
from sct.optimise.effects import Effects
from sct.optimise.elements import Elements, is_same
from sct.optimise.iterations import Iterations
from sct.optimise.names import Fact, Stem


def totalled(body: list[gast.stmt], effects: Effects) -> list[gast.stmt]:
    """The body with such elements in variables."""
    fresh = Fresh({n.id for s in body for n in nodes(s) if isinstance(n, gast.Name)})
    return _Totals(effects, fresh).block(body, Elements(effects))


class _Totals:
    def __init__(self, effects: Effects, fresh: Fresh) -> None:
        self.effects, self.fresh = effects, fresh

    def block(self, block: list[gast.stmt], elements: Elements) -> list[gast.stmt]:
        found = []
        for place, stmt in enumerate(block):
            if isinstance(stmt, gast.For) and not any(map(bodies, stmt.body)):
                found += self._loop(stmt, elements, block, place)
            elif bodies(stmt):
                fields = {"body": self.block(stmt.body, elements.within(stmt))}
                if isinstance(stmt, gast.If):
                    fields["orelse"] = self.block(stmt.orelse, elements)
                found.append(rebuilt(stmt, **fields))
            else:
                found.append(stmt)
        return found

    def _loop(self, loop: gast.For, elements: Elements, block: list[gast.stmt], place: int) -> list[gast.stmt]:
        """The loop with what precedes and follows it."""
        before, inside, after = [], loop.body, []
        for element in _elements(loop):
            alone = elements.is_alone(element, loop) and elements.exists(element, block, place)
            if not self._may_wait(element, loop, alone):
                continue
            updates = [s for s in inside if (t := store_target(s)) is not None and is_same(t, element)]
            if not all(isinstance(s, gast.AugAssign) and isinstance(s.op, gast.Add | gast.Sub) for s in updates):
                continue
            if updates and any(is_same(n, element) for s in inside for n in nodes(s) if n is not store_target(s)):
                continue
            name = self._variable()
            from_zero = bool(updates) and (not alone or self.effects.names.is_bar(element.value.id))
            before += quote("T = V", loop, T=name, V=expr("0.0") if from_zero else element)
            inside = [self._in_variable(s, element, name) for s in inside]
            if updates:
                after += quote("A += T" if from_zero else "A = T", updates[0], A=element, T=name)
        return [*before, rebuilt(loop, body=inside), *after] if before else [loop]

    def _variable(self) -> str:
        name = self.fresh("t")
        self.effects.names.facts[name] = Fact(Stem("t", True), "made 0 float64", 0, "float64")
        return name

    def _may_wait(self, element: gast.Subscript, loop: gast.For, alone: bool) -> bool:
        """Whether the loop stores to such an element, and what it does to it may be done to a variable: no other access of the
        loop means the element, or all only add to what is surely there."""
        content, dtype = self.effects.content(element.value.id), self.effects.names.dtype(element.value.id)
        if not content & self.effects.changes(loop) or any(self.effects.of(s).kept for s in loop.body):
            return False
        if alone:
            return dtype == "float64"
        moving = self.effects.reads(element.slice) & self.effects.changes(loop)
        adds = not moving and dtype.startswith("float") and Iterations(self.effects, loop).add_to(content)
        return adds and getattr(loop, "apart", False)

    def _in_variable(self, stmt: gast.stmt, element: gast.Subscript, name: str) -> gast.stmt:
        target = store_target(stmt)
        if target is not None and is_same(target, element):
            return quote("T += V" if isinstance(stmt.op, gast.Add) else "T -= V", stmt, T=name, V=stmt.value)[0]
        return with_expressions(stmt, lambda value: mapped(value, lambda n: expr(name) if is_same(n, element) else n))


def _elements(loop: gast.For) -> list[gast.Subscript]:
    """The different elements that the statements of a loop name."""
    found: list[gast.Subscript] = []
    for node in (n for s in loop.body for n in nodes(s)):
        if isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name) and not any(is_same(node, e) for e in found):
            found.append(node)
    return found
