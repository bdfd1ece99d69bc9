"""Statements in three-address form; tuples become their scalars, ternaries become branches."""

from __future__ import annotations

from collections.abc import Iterator

import gast

from sct.frontend import build
from sct.frontend.conditions import Conditions
from sct.frontend.expressions import Elements, is_bool
from sct.frontend.once import is_number
from sct.frontend.resolve import Resolved
from sct.frontend.structure import Structures
from sct.ir.once import happens_once


def flatten(resolved: Resolved, structures: Structures) -> list[gast.stmt]:
    """The body in three-address form; names may still be assigned many times and exits stand anywhere."""
    return _Flatten(resolved, structures).body(resolved.tree.body)


class _Flatten(Conditions):
    def body(self, statements: list[gast.stmt]) -> list[gast.stmt]:
        def run() -> None:
            for statement in statements:
                self.at = statement
                getattr(self, f"_stmt_{type(statement).__name__.lower()}", self._stmt_other)(statement)

        return self.collect(run)

    def _stmt_other(self, node: gast.stmt) -> None:
        raise self.stop(node, f"{type(node).__name__} is not supported", "write it in simpler statements")

    def _stmt_pass(self, node: gast.Pass) -> None:
        pass

    def _stmt_delete(self, node: gast.Delete) -> None:
        self.emit(gast.Delete([build.target(name) for to in node.targets for name in self._assigned(to)]))

    def _keep(self, node: gast.stmt) -> None:
        self.emit(node)

    _stmt_break = _stmt_continue = _stmt_raise = _keep

    def _stmt_expr(self, node: gast.Expr) -> None:
        value = node.value
        if isinstance(value, gast.Call) and self._is_helper(value):
            self.emit(gast.Expr(self.helper_call(value)))
        elif happens_once(value) and not is_number(value):
            self.emit(gast.Expr(self.rhs(value)))
        else:
            self.elements(value)

    def _stmt_return(self, node: gast.Return) -> None:
        if node.value is None:
            self.emit(gast.Return(None))
        elif self.structures.of(node.value) is None:
            self.emit(gast.Return(self.atom(node.value)))
        else:
            atoms = list(_atoms(self.elements(node.value)))
            several = gast.Tuple(atoms, gast.Load()) if len(atoms) > 1 else None
            self.emit(gast.Return(atoms[0] if len(atoms) == 1 else several))

    def _stmt_assert(self, node: gast.Assert) -> None:
        failed = self.condition(gast.copy_location(gast.UnaryOp(gast.Not(), node.test), node.test))
        self._raise_if(failed, build.call("AssertionError", *([node.msg] if node.msg else [])))

    def _raise_if(self, condition: gast.expr, error: gast.Call) -> None:
        self.emit(gast.If(condition, self.collect(lambda: self.emit(gast.Raise(error, None))), []))

    # control flow

    def _stmt_if(self, node: gast.If) -> None:
        condition = self.condition(node.test)
        self.emit(gast.If(condition, self.body(node.body), self.body(node.orelse)))

    def _stmt_for(self, node: gast.For) -> None:
        bounds = [self.tree(a) for a in node.iter.args]
        body = self.body(node.body)
        self.emit(build.marked(gast.For(build.clone(node.target), build.call("range", *bounds), body, [], None), node))

    def _stmt_while(self, node: gast.While) -> None:
        test = self.pure_test(node.test)
        if test is not None:
            constant = isinstance(test, gast.Constant) and bool(test.value)
            self.emit(gast.While(build.constant(True) if constant else test, self.body(node.body), []))
            return

        def tested() -> None:
            going = self.condition(node.test)
            leave = self.collect(lambda: self.emit(gast.Break()))
            self.emit(gast.If(going, self.body(node.body), leave))

        self.emit(gast.While(build.constant(True), self.collect(tested), []))

    # assignments

    def _stmt_assign(self, node: gast.Assign) -> None:
        first = node.targets[0]
        if len(node.targets) > 1:
            values = self.elements(node.value)
            values = self._saved(values, [n for t in node.targets for n in self._assigned(t)])
            for to in node.targets:
                self._store(to, build.clone(values))
        elif isinstance(first, gast.Name) and self.structures.of(first) is None:
            self.assign_name(first.id, node.value)
        elif isinstance(first, gast.Name):
            self.assign_elements(self.scalars(first.id), node.value)
        elif isinstance(first, gast.Tuple):
            self._unpack(first, node.value)
        else:
            self._store(first, self.elements(node.value))

    def assign_name(self, name: str, node: gast.expr) -> None:
        """`name = node`; a ternary assigns in its arms."""
        if isinstance(node, gast.IfExp):
            condition = self.condition(node.test)
            body = self.collect(lambda: self.assign_name(name, node.body))
            orelse = self.collect(lambda: self.assign_name(name, node.orelse))
            self.emit(gast.If(condition, body, orelse))
        elif isinstance(node, gast.BoolOp) and not is_bool(node):
            self.emit(build.assign(name, self.value_of_boolop(node)))
        else:
            self.emit(build.assign(name, self.rhs(node)))

    def assign_elements(self, targets: Elements, node: gast.expr) -> None:
        """Assign a tuple to the scalars that stand for it."""
        if isinstance(node, gast.Call) and self._is_helper(node):
            self._call_into(_leaves(targets), node)
        elif isinstance(node, gast.IfExp):
            condition = self.condition(node.test)
            body = self.collect(lambda: self.assign_elements(targets, node.body))
            orelse = self.collect(lambda: self.assign_elements(targets, node.orelse))
            self.emit(gast.If(condition, body, orelse))
        else:
            values = self._divmod(node) if isinstance(node, gast.Call) else self.elements(node)
            self._store_all(targets, self._saved(values, _leaves(targets)))

    def _is_helper(self, node: gast.Call) -> bool:
        return isinstance(node.func, gast.Name) and node.func.id in self.resolved.helpers

    def _divmod(self, node: gast.Call) -> Elements:
        left, right = self.atom(node.args[0]), self.atom(node.args[1])
        quotient = self.named(build.binary(left, gast.FloorDiv, right))
        return [quotient, self.named(build.binary(build.clone(left), gast.Mod, build.clone(right)))]

    def _call_into(self, names: list[str], node: gast.Call) -> None:
        call = self.helper_call(node)
        if not names:
            self.emit(gast.Expr(call))
            return
        several = gast.Tuple([build.target(n) for n in names], gast.Store())
        self.emit(build.assign(names[0] if len(names) == 1 else several, call))

    def _unpack(self, to: gast.Tuple, node: gast.expr) -> None:
        """`a, b = node`: everything on the right is complete before the first target is assigned."""
        structure, count = self.structures.of(node), len(to.elts)
        if structure is not None and len(structure) != count:
            raise self.stop(to, f"{count} names for a tuple of {len(structure)}", "name as many variables as elements")
        if isinstance(node, gast.Call) and self._is_helper(node) and structure is not None:
            plain = all(isinstance(t, gast.Name) and self.structures.of(t) is None for t in to.elts)
            distinct = plain and len({t.id for t in to.elts}) == count
            values: Elements = list(to.elts) if distinct else self.spread("t", structure)
            self._call_into(_leaves(values), node)
            values = [] if distinct else values
        elif structure is not None:
            values = self.elements(node)
        else:
            values = self._loaded(node, count)
        if values:
            self._store(to, self._saved(values, self._assigned(to)))

    def _loaded(self, node: gast.expr, count: int) -> list[gast.expr]:
        """The elements of something whose length only the run knows: `x.shape`, or an array, which must have as many."""
        if isinstance(node, gast.Attribute) and node.attr == "shape":
            base: gast.expr = gast.Attribute(self.variable(node.value), "shape", gast.Load())
        else:
            base = self.variable(node)
            other = build.compare(build.call("len", build.clone(base)), gast.NotEq(), build.constant(count))
            message = f"sct: {count} names for an array of another length"
            self._raise_if(self.condition(other), build.call("ValueError", build.constant(message)))
        return [self.named(build.subscript(build.clone(base), build.constant(k))) for k in range(count)]

    def _assigned(self, to: gast.AST) -> list[str]:
        """The names that assigning to a target changes."""
        names = [n for n in gast.walk(to) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]
        return [leaf for n in names for leaf in _leaves(self.scalars(n.id) if self.structures.of(n) is not None else n)]

    def _saved(self, values: Elements, assigned: list[str]) -> Elements:
        """`values` with a temporary for each name that an assignment to `assigned` would change too early."""
        if isinstance(values, list):
            return [self._saved(v, assigned) for v in values]
        clash = isinstance(values, gast.Name) and values.id in assigned
        return self.named(values) if clash else values

    def _store_all(self, targets: Elements, values: Elements) -> None:
        if isinstance(targets, list):
            for to, value in zip(targets, values, strict=True):
                self._store_all(to, value)
        else:
            self.emit(build.assign(targets.id, values))

    def _store(self, to: gast.AST, value: Elements) -> None:
        """Assign atoms to a target of the user's."""
        if isinstance(to, gast.Tuple):
            parts = value if isinstance(value, list) else self._loaded(value, len(to.elts))
            if len(parts) != len(to.elts):
                raise self.stop(to, "the tuples differ in length", "name as many variables as elements")
            for inner, part in zip(to.elts, parts, strict=True):
                self._store(inner, part)
        elif isinstance(to, gast.Name):
            self._store_all(self.scalars(to.id) if self.structures.of(to) is not None else to, value)
        elif isinstance(to, gast.Subscript):
            if isinstance(value, list):
                raise self.stop(to, "storing a tuple is not supported", "store the elements one by one")
            stored = self.emit(build.assign(self._place(to), value))
            stored.augmented = getattr(self.at, "augmented", False)
        else:
            raise self.stop(to, "assigning to an attribute is not supported", "assign to a name or an element")

    def _place(self, node: gast.Subscript) -> gast.Subscript:
        """The element to be written, its index evaluated."""
        if self.structures.of(node.value) is not None:
            raise self.stop(node, "a tuple cannot be changed", "assign a new tuple, or use an array")
        base = self.variable(node.value)
        return build.subscript(base, self.index(node.slice), store=True)

    def _stmt_augassign(self, node: gast.AugAssign) -> None:
        to = node.target
        if isinstance(to, gast.Subscript):
            self._update(self._place(to), node)
        elif isinstance(to, gast.Name):
            value = self.atom(node.value)
            statement = build.assign(to.id, _operation(build.name(to.id), node.op, value))
            statement.augmented = True
            self.emit(statement)
        else:
            raise self.stop(to, "assigning to an attribute is not supported", "assign to a name or an element")

    def _update(self, place: gast.Subscript, node: gast.AugAssign) -> None:
        each = getattr(node, "each", False)
        if not (isinstance(node.op, gast.Add | gast.Sub) and (each or not self._may_write(node.value))):
            old = self.named(build.subscript(build.clone(place.value), build.clone(place.slice)))
            statement = build.assign(place, self.named(_operation(old, node.op, self.atom(node.value))))
            statement.augmented = True
            self.emit(statement)
            return
        value = self.atom(node.value)
        if isinstance(node.op, gast.Sub):
            value = self._negated(value)
        statement = gast.AugAssign(place, gast.Add(), value)
        statement.each = each
        self.emit(statement)

    def _negated(self, value: gast.expr) -> gast.expr:
        if isinstance(value, gast.UnaryOp):
            return value.operand
        negated = gast.UnaryOp(gast.USub(), value)
        return negated if isinstance(value, gast.Constant) else self.named(negated)

    def _may_write(self, node: gast.expr) -> bool:
        called = {n.func.id for n in gast.walk(node) if isinstance(n, gast.Call) and self._is_helper(n)}
        return any(self.resolved.sources.writes(self.resolved.helpers[name]) for name in called)


def _operation(left: gast.expr, op: gast.AST, right: gast.expr) -> gast.expr:
    if isinstance(op, gast.MatMult):
        return build.call(build.attribute("np", "matmul"), left, right)
    return gast.BinOp(left, op, right)


def _atoms(found: Elements) -> Iterator[gast.expr]:
    if isinstance(found, list):
        for inner in found:
            yield from _atoms(inner)
    else:
        yield found


def _leaves(targets: Elements) -> list[str]:
    if isinstance(targets, list):
        return [name for t in targets for name in _leaves(t)]
    return [targets.id]
