"""Several directions in one sweep: what differs from direction to direction gets a trailing axis, one place for each direction.

    t_dot = math.cos(x[i]) * x_dot[i]            partial = math.cos(x[i])
    s += t                               ->      s += t
    s_dot += t_dot                               for d in range(directions):
                                                     t_dot = partial * x_dot[i, d]
                                                     s_dot[d] += t_dot

The loop over directions is innermost. It takes neighbouring statements together; what they share is computed before it, once.
Scalars that live in one such loop stay scalars.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import gast

from sct.bodies.native import FOR_ALL, NATIVE
from sct.errors import Place, UnsupportedSyntax
from sct.ir.build import Fresh, bodies, call_name, children, clone, expr, is_name, names_in, nodes, quote, targets, walk
from sct.ir.build import text as text_of
from sct.optimise.blocks import rebuilt
from sct.transform.directions import Differing, Directions, Pattern, returned, root_of
from sct.transform.places import set_elements, set_first, with_index, without_index

COUNT, INDEX = "directions", "d"


@dataclass(eq=False)
class Batch:
    """One function for all directions at once; `name` gives that of a callee's, `starts` what stands for a start."""

    differing: Differing
    directions: Directions
    callee_name: Callable[[Pattern], str]
    place: Callable[[gast.AST], Place]
    fresh: Fresh = field(init=False)
    shared: list[gast.stmt] = field(default_factory=list)
    each: list[gast.stmt] = field(default_factory=list)
    loops: list[gast.For] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.values: list[gast.expr] = []
        self.fresh = Fresh({n.id for n in nodes(self.differing.function) if isinstance(n, gast.Name)})
        self.count, self.index = self.fresh(COUNT), self.fresh(INDEX)

    def body(self) -> list[gast.stmt]:
        """The statements for all directions; `opening` makes arrays for the scalars that outlive a loop over directions."""
        made = self.block(self.differing.function.body)
        local = self._local(made)
        for loop in self.loops:
            loop.body = [without_index(s, local, self.index) for s in loop.body]
        self.opening = self._opening(local)
        return made

    def function(self, name: str) -> gast.FunctionDef:
        body = self.body()
        made = rebuilt(self.differing.function, body=[*self.opening, *body], name=name)
        made.args = clone(made.args)
        made.args.args.append(gast.Name(self.count, gast.Param(), None, None))
        return made

    # what differs

    def scalar(self, name: str) -> bool:
        return name in self.differing.names and self.differing.ndim(name) == 0

    def _differs(self, node: gast.AST) -> bool:
        return self.differing.differs(node)

    def _rank(self, node: gast.expr) -> int:
        """The axes of the value of a subscripted or plain name, as it is for one direction."""
        if is_name(node):
            return self.differing.ndim(node.id)
        if isinstance(node, gast.Subscript) and root_of(node) is not None:
            parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
            new = sum(isinstance(p, gast.Constant) and p.value is None for p in parts)
            return self._rank(node.value) - sum(not isinstance(p, gast.Slice) for p in parts) + 2 * new
        if isinstance(node, gast.Attribute):
            return self._rank(node.value) if node.attr == "T" else 0
        if call_name(node) in ("copy", "transpose"):
            return self._rank(node.args[0] if node.args else node.func.value)
        inner = [self._rank(c) for c in children(node) if isinstance(c, gast.expr)]
        return max(inner, default=0) if isinstance(node, gast.BinOp | gast.UnaryOp | gast.IfExp) else 0

    # blocks

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        held, self.shared, self.each = (self.shared, self.each), [], []
        found: list[gast.stmt] = []
        for stmt in block:
            found += self.statement(stmt)
        found += self.flush()
        self.shared, self.each = held
        return found

    def flush(self) -> list[gast.stmt]:
        """What was held back: the shared statements, then the loop over directions."""
        found = self.shared
        if self.each:
            loop = quote("for D in range(N): pass", self.each[0], D=self.index, N=self.count)[0]
            loop.body = self.each
            self.loops.append(loop)
            found = [*found, loop]
        self.shared, self.each = [], []
        return found

    def statement(self, stmt: gast.stmt) -> list[gast.stmt]:
        inner = bodies(stmt)
        if inner:
            if self._differs(getattr(stmt, "test", None) or stmt.iter):
                raise self._problem("a condition or a loop depends on the direction", stmt)
            found = self.flush()
            copy = clone(stmt)
            for name in ("body", "orelse"):
                if getattr(stmt, name, None):
                    setattr(copy, name, self.block(getattr(stmt, name)))
            return [*found, copy]
        if isinstance(stmt, gast.Return):
            return self._return(stmt)
        if self._is_call(getattr(stmt, "value", None)):
            return self._call(stmt)
        if not self._mine(stmt):
            value = getattr(stmt, "value", None)
            if not any(map(self._is_call, gast.walk(value) if value is not None else ())):
                return self._share(stmt)
            value, found = self._prepared(value)
            return found + self._share(rebuilt(stmt, value=value))
        if self._is_array(stmt):
            return [*self.flush(), self._array(stmt)]
        return self._scalar(stmt)

    def _mine(self, stmt: gast.stmt) -> bool:
        """Whether the statement sets something that differs."""
        if isinstance(stmt, gast.Assign | gast.AugAssign):
            target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
            parts = target.elts if isinstance(target, gast.Tuple) else [target]
            return any(root_of(part) in self.differing.names for part in parts)
        return False

    def _is_array(self, stmt: gast.stmt) -> bool:
        target = stmt.targets[0] if isinstance(stmt, gast.Assign) else stmt.target
        return self._rank(target.elts[0] if isinstance(target, gast.Tuple) else target) > 0

    def _share(self, stmt: gast.stmt) -> list[gast.stmt]:
        """A statement that is the same for all directions goes before the loop, unless the loop reads what it changes."""
        read = {n for s in self.each for n in names_in(s)}
        stores = not targets(stmt) and any(isinstance(n, gast.Subscript) for s in self.each for n in _same_loads(s, self))
        found = self.flush() if stores or read & set(targets(stmt)) or isinstance(stmt, gast.Break | gast.Raise) else []
        self.shared.append(clone(stmt))
        return found

    # scalars

    def _scalar(self, stmt: gast.stmt) -> list[gast.stmt]:
        made = clone(stmt)
        made.value, found = self._prepared(stmt.value)
        made.value = self._element(made.value)
        if isinstance(made, gast.Assign):
            made.targets = [self._target(t) for t in made.targets]
        else:
            made.target = self._target(made.target)
        self.each.append(made)
        return found

    def _target(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.Tuple):
            return rebuilt(node, elts=[self._target(e) for e in node.elts])
        return self._element(node)

    def _prepared(self, value: gast.expr) -> tuple[gast.expr, list[gast.stmt]]:
        """The value with the calls in it named, and what they share between directions; the calls come first."""
        found: list[gast.stmt] = []

        def change(node: gast.AST, certain: bool) -> gast.AST:
            if self._is_call(node):
                name = self.fresh("part")
                if self._differs(node):
                    self.differing.names.add(name)
                found.extend(self._call(_assignment(name, node)))
                return expr(name)
            if not self._differs(node):
                return self._named(node) if certain and _is_work(node) else node
            if isinstance(node, gast.Subscript):
                return node
            if isinstance(node, gast.IfExp):
                arms = {name: change(getattr(node, name), False) for name in ("body", "orelse")}
                return rebuilt(node, test=change(node.test, certain), **arms)
            if isinstance(node, gast.BinOp):
                return rebuilt(node, left=change(node.left, certain), right=change(node.right, certain))
            if isinstance(node, gast.UnaryOp):
                return rebuilt(node, operand=change(node.operand, certain))
            return node

        return change(value, True), found

    def _named(self, node: gast.expr) -> gast.expr:
        """What all directions share, under a name."""
        name = self.fresh("partial")
        self.shared += quote("P = V", node, P=name, V=node)
        return expr(name)

    def _element(self, node: gast.expr) -> gast.expr:
        """An expression for one direction."""
        if is_name(node):
            return expr("A[D]", A=node.id, D=self.index) if self.scalar(node.id) else node
        if isinstance(node, gast.Subscript) and root_of(node) in self.differing.names:
            return with_index(node, self.index)
        if isinstance(node, gast.BinOp):
            return rebuilt(node, left=self._element(node.left), right=self._element(node.right))
        if isinstance(node, gast.UnaryOp):
            return rebuilt(node, operand=self._element(node.operand))
        if isinstance(node, gast.IfExp):
            parts = {name: self._element(getattr(node, name)) for name in ("test", "body", "orelse")}
            return rebuilt(node, **parts)
        if isinstance(node, gast.Call):
            return rebuilt(node, args=[self._element(a) for a in node.args])
        if isinstance(node, gast.Tuple):
            return rebuilt(node, elts=[self._element(e) for e in node.elts])
        return node

    # arrays

    def _array(self, stmt: gast.stmt) -> gast.stmt:
        self._check_array(stmt)
        made = clone(stmt)
        made.value = self.whole(stmt.value)
        if isinstance(stmt, gast.AugAssign) and self._rank(stmt.value) and not self._differs(stmt.value):
            made.value = expr(f"v[{':, ' * self._rank(stmt.value)}None]", v=stmt.value)
        return made

    def _check_array(self, stmt: gast.stmt) -> None:
        value = stmt.value
        names = names_in(value) if isinstance(value, gast.BinOp) else []
        mixed = any(self.differing.ndim(n) and n not in self.differing.names for n in names)
        if mixed or (call_name(value) == "reserve" and self._rank(value.args[0]) != 1):
            raise self._problem("an array is combined as a whole", stmt)

    def _problem(self, what: str, stmt: gast.stmt) -> UnsupportedSyntax:
        remedy = "call sct.jvp or sct.vjp for one direction after the other"
        return UnsupportedSyntax(f"{what} in a derivative for all directions at once", place=self.place(stmt), remedy=remedy)

    def whole(self, node: gast.expr) -> gast.expr:
        """An array for all directions."""
        called = call_name(node)
        if isinstance(node, gast.Tuple):
            return rebuilt(node, elts=[self.whole(e) for e in node.elts])
        if called in ("zeros_like", "empty_like"):
            return self._zeros(node.args[0], called.removesuffix("_like"))
        if called in ("zeros", "empty"):
            return rebuilt(node, args=[self._shape(node.args[0]), *node.args[1:]])
        if called == "reshape":
            return rebuilt(node, args=[self.whole(node.args[0]), self._shape(node.args[1])])
        if called == "reserve":
            return rebuilt(node, func=expr("reserve_rows"))
        if called == "transpose" or (isinstance(node, gast.Attribute) and node.attr == "T"):
            return self._transposed(node)
        if called in NATIVE:
            args = [self.whole(a) if self._differs(a) else a for a in node.args]
            return rebuilt(node, func=expr(f"linalg.{FOR_ALL[called, tuple(map(self._differs, node.args))]}"), args=args)
        return node

    def _zeros(self, like: gast.expr, called: str) -> gast.expr:
        shape = [expr(f"X.shape[{k}]", X=like) for k in range(self._rank(like))]
        kind = str(getattr(self.differing.kinds.get(root_of(like)), "dtype", "float64"))
        made = expr(f"np.{called}(S)" if kind == "float64" else f"np.{called}(S, np.{kind})", S=expr("S"))
        made.args[0] = self._tuple(shape)
        return made

    def _shape(self, node: gast.expr) -> gast.expr:
        kind = self.differing.kinds.get(node.id) if is_name(node) else None
        count = self._rank(node.value) if isinstance(node, gast.Attribute) else getattr(kind, "count", None)
        given = node.elts if isinstance(node, gast.Tuple) else [node]
        return self._tuple(given if count is None else [expr(f"S[{k}]", S=node) for k in range(count)])

    def _tuple(self, parts: list[gast.expr]) -> gast.expr:
        return gast.Tuple([*map(clone, parts), expr(self.count)], gast.Load())

    def _transposed(self, node: gast.expr) -> gast.expr:
        base = node.args[0] if isinstance(node, gast.Call) else node.value
        rank = self._rank(base)
        given = node.args[1].elts if isinstance(node, gast.Call) and len(node.args) > 1 else None
        axes = [text_of(a) for a in given] if given is not None else [str(k) for k in reversed(range(rank))]
        return expr(f"np.transpose(A, ({', '.join([*axes, str(rank)])}))", A=self.whole(base))

    # calls

    def _is_call(self, node: gast.AST | None) -> bool:
        return id(node) in self.differing.calls

    def _call(self, stmt: gast.stmt) -> list[gast.stmt]:
        """A call of a function for all directions."""
        pattern = self.differing.calls[id(stmt.value)]
        before: list[gast.stmt] = []
        args = [self._argument(a, k in pattern[1], before) for k, a in enumerate(stmt.value.args)]
        call = rebuilt(stmt.value, func=expr(self.callee_name(pattern)), args=[*args, expr(self.count)])
        found = [*before, *self.flush()]
        if isinstance(stmt, gast.Expr) or (isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Name | gast.Tuple)):
            return [*found, rebuilt(stmt, value=call)]
        name = self.fresh("part")
        self.differing.names.add(name)
        return [*found, _assignment(name, call), *self._scalar(rebuilt(stmt, value=expr(name)))]

    def _argument(self, node: gast.expr, differs: bool, before: list[gast.stmt]) -> gast.expr:
        """An argument for all directions; `before` gets the statements that it needs."""
        if not differs:
            value, found = self._prepared(node) if any(map(self._is_call, gast.walk(node))) else (node, [])
            before += found
            return clone(value)
        if is_name(node) or self._rank(node):
            return self.whole(node)
        return expr(self._buffered(node, before))

    def _buffered(self, node: gast.expr, before: list[gast.stmt]) -> str:
        """An array with the values of a scalar expression."""
        name = self.fresh("value")
        self.differing.names.add(name)
        self.kept.add(name)
        before += self._scalar(_assignment(name, node))
        return name

    def _return(self, stmt: gast.Return) -> list[gast.stmt]:
        values: list[gast.expr] = []
        found: list[gast.stmt] = []
        for k, value in enumerate(returned(stmt)):
            if k in self.differing.results and not is_name(value):
                is_array = self._rank(value) or call_name(value) == "zeros_like"
                value = self.whole(value) if is_array else expr(self._buffered(value, found))
            elif self.scalar(root_of(value)) and root_of(value) in self.differing.parameters:
                value = expr("A.copy()", A=value)
            values.append(value)
        found += self.flush()
        self.values = values
        shape = "return" if not values else "return (" + ", ".join(f"V{k}" for k in range(len(values))) + ",)"
        shape = shape if len(values) != 1 else "return V0"
        return found + quote(shape, stmt, **{f"V{k}": v for k, v in enumerate(values)})

    # the arrays of scalars

    def _local(self, made: list[gast.stmt]) -> set[str]:
        """Scalars that one loop over directions sets before it reads them, and nothing else reads."""
        outside: dict[str, int] = {}
        for stmt in walk(made):
            own = [n for n in nodes(rebuilt(stmt, body=[], orelse=[]) if bodies(stmt) else stmt) if isinstance(n, gast.Name)]
            for name in own:
                outside[name.id] = outside.get(name.id, 0) + 1
        found = set()
        for loop in self.loops:
            for name in {t.value.id for s in loop.body for t in set_elements(s)} & set(filter(self.scalar, outside)):
                uses = sum(is_name(n, name) for s in loop.body for n in nodes(s))
                if uses == outside[name] and set_first(name, loop.body) and name not in self.differing.parameters:
                    found.add(name)
        return found - self.kept

    def _opening(self, local: set[str]) -> list[gast.stmt]:
        set_here = {t.value.id for loop in self.loops for s in loop.body for t in set_elements(s)}
        found: list[gast.stmt] = []
        for name in sorted(n for n in set_here - local if self.scalar(n)):
            if name in self.differing.parameters:
                found += quote("N = N.copy()", N=name)
                continue
            kind = ", np.float32" if str(self.differing.kinds.get(name)) == "float32" else ""
            found += quote(f"N = np.empty(C{kind})", N=name, C=self.count)
        return found


def _assignment(name: str, value: gast.expr) -> gast.Assign:
    """`name = value` with the very node that stands for the value."""
    made = quote("N = 0", value, N=name)[0]
    made.value = value
    return made


def _is_work(node: gast.AST) -> bool:
    """Whether all directions should share the result rather than compute it each."""
    wanted = gast.Call | gast.Subscript | gast.Pow | gast.Div
    return any(isinstance(n, wanted) for n in gast.walk(node))


def _same_loads(stmt: gast.stmt, batch: Batch) -> list[gast.AST]:
    """Elements that a statement for each direction reads and that are the same for all."""
    loads = [n for n in nodes(stmt) if isinstance(n, gast.Subscript) and not isinstance(n.value, gast.Attribute)]
    return [n for n in loads if root_of(n) not in batch.differing.names]


def batched(directions: Directions, entry: Differing, fresh: Fresh, place) -> tuple[Batch, list[gast.FunctionDef]]:
    """The entry's batch, and the functions that it calls: those for all directions made from those for one."""
    names: dict[Pattern, str] = {}

    def callee_name(pattern: Pattern) -> str:
        if pattern not in names:
            names[pattern] = fresh(f"{pattern[0]}_all")
            made.append(Batch(directions.found[pattern], directions, callee_name, place).function(names[pattern]))
        return names[pattern]

    made: list[gast.FunctionDef] = []
    return Batch(entry, directions, callee_name, place), made
