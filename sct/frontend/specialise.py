"""Statements while a function is read, in the order in which they run, with the shape of every variable at that place.

Assignments of what is known leave no code; an `if` whose test is known leaves one of its arms; a loop is read until the shapes at
its head no longer change.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import gast
from numba import prange

from sct.errors import UnsupportedCall, UnsupportedSyntax
from sct.frontend import allowed, build, indexing
from sct.frontend.callee import Nested
from sct.frontend.checkpoints import unmarked
from sct.frontend.inplace import InPlace
from sct.frontend.shapes import Group, Known, Shape, Stale, join
from sct.frontend.values import ABSENT, Env, Read


class Specialise(InPlace):
    """`function` reads a body; afterwards `result` is the shape of what it returns."""

    def function(self, body: list[gast.stmt], env: Env) -> list[gast.stmt]:
        self.env, self.result = dict(env), ABSENT
        self._leaving: list[Env] = []
        if isinstance(self.callee.function, Nested):
            own = self.callee.function.tree.name
            self.env.setdefault(own, Known(self.callee.function))
            self.renamed.setdefault(own, own)
        self._alive = True
        for name in env:
            if isinstance(env[name], Group):
                self.spelled(name, env[name])
        found = self.block(body)
        self.result = Known(None) if self.result is ABSENT else self.result
        return found or [build.located(gast.Pass(), self.out.tree)]

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        """The code of a block; what cannot be reached is left out."""
        found: list[gast.stmt] = []
        for statement in body:
            if self._alive:
                found += self._statement(statement)
        return found

    def _statement(self, node: gast.stmt) -> list[gast.stmt]:
        method = getattr(self, f"stmt_{type(node).__name__}", None)
        stored = _stored(node)
        made = [s for first in self.written_first(node) for s in self._statement(first)]
        made += [self.generic_visit(node)] if method is None else method(node)
        if isinstance(node, gast.FunctionDef):
            self._rebound({node.name})
        elif isinstance(node, gast.Assign | gast.AugAssign | gast.AnnAssign):
            self._rebound(stored)
        return [s if getattr(s, "lineno", None) else build.located(s, node) for s in made]

    def _rebound(self, names: set[str]) -> None:
        """Python looks captured variables up when a function runs; a function that a call handed back has them as they were."""
        for held, shape in self.env.items():
            name = next((n for n in sorted(names) if self._holds(shape, n)), None)
            if name is not None:
                self.env[held] = Stale(shape, name)

    def _holds(self, shape: Shape, name: str) -> bool:
        if not isinstance(shape, Group):
            return False
        own = isinstance(shape.kind, Nested) and shape.kind.reads(name, self.callee.function)
        return own or any(self._holds(part, name) for part in shape.parts)

    # control flow

    def stmt_If(self, node: gast.If) -> list[gast.stmt]:
        code, shape = self.read(node.test)
        known = self.truth(code, shape)
        if known is not None:
            return self.block(node.body if known else node.orelse)
        start = dict(self.env)
        body, then = self.block(node.body), self._end()
        self.env, self._alive = start, True
        orelse = self.block(node.orelse)
        self._merge([then, self._end()])
        return [gast.If(code, body or [build.located(gast.Pass(), node)], orelse)]

    def _end(self) -> Env | None:
        """The shapes at the end of what was just read; None if it is not reached."""
        return dict(self.env) if self._alive else None

    def _merge(self, ends: list[Env | None]) -> None:
        """Go on after several paths."""
        reached = [end for end in ends if end is not None]
        self._alive = bool(reached)
        if reached:
            self.env = reached[0]
            for end in reached[1:]:
                self.env = joined(self.env, end)

    def stmt_For(self, node: gast.For) -> list[gast.stmt]:
        node = unmarked(node, self)
        if isinstance(node.iter, gast.Call) and self.static(node.iter.func) is prange:
            node.threads = True
        code, element = self._iterated(node.iter)
        if isinstance(element, list):
            return self._unrolled(node, element)

        def once() -> list[gast.stmt]:
            nonlocal target
            target, head = self._target(build.clone(node.target), element)
            self._rebound(_stored(node.target))
            return head + self.block(build.clone(node.body))

        target: gast.AST = node.target
        body = self._loop(once)
        if not body:
            body = [build.located(gast.Pass(), node)]
        return [build.marked(gast.For(target, code, body, node.orelse, None), node)]

    def stmt_While(self, node: gast.While) -> list[gast.stmt]:
        if self.truth(*self.read(build.clone(node.test))) is False:
            return []

        def once() -> list[gast.stmt]:
            nonlocal test
            test = self.visit(build.clone(node.test))
            return self.block(build.clone(node.body))

        test: gast.AST = node.test
        body = self._loop(once, endless=isinstance(node.test, gast.Constant) and bool(node.test.value))
        return [gast.While(test, body or [build.located(gast.Pass(), node)], node.orelse)]

    def _loop(self, once: Callable[[], list[gast.stmt]], endless: bool = False) -> list[gast.stmt]:
        """Read a body until the shapes at its head are those that it may be entered with."""
        outer = self._leaving
        while True:
            head, self._leaving = dict(self.env), []
            body = once()
            again = [self._end(), *(end for kind, end in self._leaving if kind is gast.Continue)]
            left = [end for kind, end in self._leaving if kind is gast.Break]
            self._merge([head, *again])
            if all(shape == head.get(name) for name, shape in self.env.items()):
                break
        self._leaving = outer
        self._merge([*([] if endless else [head]), *left])
        return body

    def stmt_Break(self, node: gast.stmt) -> list[gast.stmt]:
        self._leaving.append((type(node), dict(self.env)))
        self._alive = False
        return [node]

    stmt_Continue = stmt_Break

    def stmt_Return(self, node: gast.Return) -> list[gast.stmt]:
        value = build.located(build.constant(None), node) if node.value is None else node.value
        code, shape = self.escaped(*self.read(value))
        self._alive = False
        if self.result is ABSENT:
            self.out.sources.returned(self.callee, shape)
        elif isinstance(self.result, Known) is not isinstance(shape, Known) or _count(shape) != _count(self.result):
            message = "the returns differ in the number of values"
            raise self.error(UnsupportedSyntax, message, node, "return the same everywhere")
        self.result = shape if self.result is ABSENT else join(self.result, shape)
        return [gast.Return(None if isinstance(shape, Known) else code)]

    def stmt_Raise(self, node: gast.Raise) -> list[gast.stmt]:
        named = node.exc.func if isinstance(node.exc, gast.Call) else node.exc
        error, shown = self.static(named), gast.unparse(named).strip()
        if error is UnsupportedCall:  # one of `sct.bodies` refuses these options; the call is to blame
            message, *remedy = map(build.literal, node.exc.args)
            raise UnsupportedCall(message, remedy="".join(remedy))
        if not allowed.is_exception(error):
            message = f"{shown} is not an exception that a generated file can import"
            raise self.error(UnsupportedSyntax, message, node, "define the exception at the top of a module")
        name = error.__name__
        if error.__module__ != "builtins":
            name = self.bind(self.out.constants, shown.rpartition(".")[2], error)
        raised = build.located(build.name(name), named)
        self._alive = False
        return [gast.Raise(gast.Call(raised, node.exc.args, []) if named is not node.exc else raised, None)]

    def stmt_Assert(self, node: gast.Assert) -> list[gast.stmt]:
        code, shape = self.read(node.test)
        if self.truth(code, shape):
            return []
        node.test = build.located(build.constant(False), node.test) if isinstance(shape, Known) else code
        return [node]

    # loops over tuples

    def _iterated(self, node: gast.expr) -> tuple[gast.expr, Shape | list[Read]]:
        """What a `for` runs over, and the shape of an element; all elements where they are no numbers or arrays alike."""
        if isinstance(node, gast.Call) and self.static(node.func) in (enumerate, zip):
            parts = [self._iterated(a) for a in node.args]
            shapes = [shape for _, shape in parts]
            if any(isinstance(shape, list) for shape in shapes):
                message = "a loop over functions inside zip or enumerate is not supported"
                raise self.error(UnsupportedSyntax, message, node, "loop over the functions themselves")
            name = build.located(build.name(self.static(node.func).__name__), node)
            keywords = [gast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
            call = gast.Call(name, [code for code, _ in parts], keywords)
            inner = (None, shapes[0]) if self.static(node.func) is enumerate else tuple(shapes)
            return build.located(call, node), Group(inner)
        code, shape = self.read(node)
        if isinstance(shape, Known):
            raise self.not_a_value(shape.value, node)
        if not isinstance(shape, Group):
            return code, None
        element = reduce(join, shape.parts) if shape.parts else Known(None)
        if _is_fixed(element) and isinstance(code, gast.Name | gast.Tuple | gast.Subscript):
            return code, [self.part(code, shape, k) for k in range(len(shape.parts))]
        return code, element

    def _unrolled(self, node: gast.For, elements: list[Read]) -> list[gast.stmt]:
        """A loop over a tuple of functions or tuples, written out."""
        exits = [n for s in node.body for n in _own(s) if isinstance(n, gast.Break | gast.Continue)]
        if exits:
            message = "`break` and `continue` in a loop over functions or tuples are not supported"
            raise self.error(UnsupportedSyntax, message, exits[0], "use `if`, or loop over numbers")
        found: list[gast.stmt] = []
        for code, shape in elements:
            if self._alive:
                target, head = self._target(build.clone(node.target), shape)
                self._rebound(_stored(node.target))
                if not isinstance(shape, Known):
                    head = [build.assign(target, build.clone(code)), *head]
                found += [build.located(s, node) for s in head] + self.block(build.clone(node.body))
        return found

    # assignments

    def stmt_Assign(self, node: gast.Assign) -> list[gast.stmt]:
        if isinstance(node.value, gast.Lambda) and len(node.targets) == 1 and isinstance(node.targets[0], gast.Name):
            return self.stmt_FunctionDef(_defined(node.targets[0].id, node.value))
        code, shape = self._assigned(node)
        if isinstance(shape, Known):
            return self._assign_known(node, code, shape)
        if any(isinstance(n, gast.Starred) for target in node.targets for n in gast.walk(target)):
            code, shape = self._gathered(node, code, shape)
        made = [self._target(target, shape) for target in node.targets]
        assigned = build.marked(gast.Assign([target for target, _ in made], code, None), node)
        return [assigned, *(s for _, head in made for s in head)]

    def _assigned(self, node: gast.Assign) -> Read:
        """What is assigned; `np.nonzero` is read for as many axes as there are names."""
        condition, target = self.nonzero(node.value), node.targets[0]
        if condition is None or not isinstance(target, gast.Tuple | gast.List) or len(target.elts) not in indexing.COUNTED:
            return self.read(node.value)
        code, shape = self.nonzero_parts(indexing.COUNTED[len(target.elts)], condition, node.value)
        return self.together([(code, shape)]) if len(target.elts) == 1 else (code, shape)

    def _assign_known(self, node: gast.Assign, code: gast.expr, shape: Known) -> list[gast.stmt]:
        for target in node.targets:
            if not isinstance(target, gast.Name):
                raise self.not_a_value(shape.value, node.value)
            self.env[target.id] = shape
        return [gast.Expr(code)] if isinstance(code, gast.Call) else []

    def _gathered(self, node: gast.Assign, code: gast.expr, shape: Shape) -> Read:
        """`a, *b = t` as `a, b = t[0], (t[1], t[2])`"""
        target = node.targets[0]
        elements = getattr(target, "elts", [])
        places = [k for k, e in enumerate(elements) if isinstance(e, gast.Starred)]
        known = isinstance(shape, Group) and isinstance(code, gast.Name | gast.Tuple | gast.Subscript)
        if not known or len(places) != 1 or len(node.targets) > 1 or len(shape.parts) < len(elements) - 1:
            message = "a starred target is not supported here"
            raise self.error(UnsupportedSyntax, message, target, "unpack a tuple of known length, one star at the top")
        reads = [self.part(code, shape, k) for k in range(len(shape.parts))]
        start, stop = places[0], places[0] + len(reads) - len(elements) + 1
        elements[start] = elements[start].value
        return self.together([*reads[:start], self.together(reads[start:stop]), *reads[stop:]])

    def _target(self, node: gast.AST, shape: Shape) -> tuple[gast.AST, list[gast.stmt]]:
        """The code of a target that is given a value of this shape, and what has to follow."""
        if isinstance(node, gast.Name):
            self.env[node.id] = shape
            code = self.out.names.fresh("unused") if isinstance(shape, Known) else self.spelled(node.id, shape)
            return gast.copy_location(gast.Name(code, gast.Store(), None, None), node), []
        if isinstance(node, gast.Tuple | gast.List):
            shapes = shape.parts if isinstance(shape, Group) else (None,) * len(node.elts)
            if len(shapes) != len(node.elts):
                message = f"{len(node.elts)} names for a tuple of {len(shapes)}"
                raise self.error(UnsupportedSyntax, message, node, "name as many variables as elements")
            made = [self._target(t, s) for t, s in zip(node.elts, shapes, strict=True)]
            whole = gast.copy_location(gast.Tuple([t for t, _ in made], gast.Store()), node)
            return whole, [s for _, head in made for s in head]
        return self._place(node), []

    def _place(self, node: gast.AST) -> gast.AST:
        """An element or slice that is written to."""
        if isinstance(node, gast.Attribute):
            message = "assigning to an attribute is not supported"
            raise self.error(UnsupportedSyntax, message, node, "assign to a name or an element")
        root = node
        while isinstance(root, gast.Subscript):
            root = root.value
        if not isinstance(root, gast.Call) and self.static(root) is not ABSENT:
            message = f"storing to the global array {gast.unparse(root).strip()}"
            raise self.error(UnsupportedSyntax, message, node, "pass the array in as an argument")
        node.value, node.slice = self.visit(node.value), self.subscript(node.slice)
        return node

    def stmt_AugAssign(self, node: gast.AugAssign) -> list[gast.stmt]:
        if isinstance(node.target, gast.Name):
            code = self.visit(gast.Name(node.target.id, gast.Load(), None, None))
            node.target = gast.copy_location(gast.Name(code.id, gast.Store(), None, None), node.target)
        else:
            node.target = self._place(node.target)
        node.value = self.visit(node.value)
        return [node]

    def stmt_AnnAssign(self, node: gast.AnnAssign) -> list[gast.stmt]:
        if node.value is None:
            return []
        return self.stmt_Assign(gast.copy_location(gast.Assign([node.target], node.value, None), node))

    def stmt_Expr(self, node: gast.Expr) -> list[gast.stmt]:
        store = self.as_store(node)
        if store is not None:
            return self.stmt_Assign(store) if isinstance(store, gast.Assign) else self.stmt_AugAssign(store)
        code, shape = self.read(node.value)
        return [] if isinstance(shape, Known) and not isinstance(code, gast.Call) else [gast.Expr(code)]

    def stmt_Delete(self, node: gast.Delete) -> list[gast.stmt]:
        kept = [t for t in node.targets if not isinstance(self.env.pop(t.id, None), Known)]
        targets = [build.target(self.renamed[t.id]) for t in kept]
        return [gast.Delete(targets)] if targets else []

    def stmt_FunctionDef(self, node: gast.FunctionDef) -> list[gast.stmt]:
        made: list[gast.stmt] = []
        for defaults in (node.args.defaults, node.args.kw_defaults):
            for k, default in enumerate(defaults):
                if default is not None and not isinstance(default, gast.Constant):
                    kept = self.out.names.fresh(f"{node.name}_default")
                    self.renamed[kept] = kept
                    made += self.stmt_Assign(build.located(build.assign(kept, default), node))
                    defaults[k] = build.located(build.name(kept), node)
        self.env[node.name] = Known(self.nested(node))
        return made


def _defined(name: str, function: gast.Lambda) -> gast.FunctionDef:
    """`name = lambda v: e` as `def name(v): return e`, which may call itself."""
    body = [build.located(gast.Return(function.body), function.body)]
    return build.located(gast.FunctionDef(name, function.args, body, [], None, None, []), function)


def joined(one: Env, other: Env) -> Env:
    """The shapes after two paths; a variable that only one of them binds has the shape it has there."""
    return {n: join(one[n], other[n]) if n in one and n in other else one.get(n, other.get(n)) for n in {**one, **other}}


def _stored(node: gast.AST) -> set[str]:
    """The variables that a statement or target binds."""
    return {n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}


def _is_fixed(shape: Shape) -> bool:
    """Whether there is anything in a value that no variable can hold."""
    return any(map(_is_fixed, shape.parts)) if isinstance(shape, Group) else shape is not None


def _count(shape: Shape) -> int | None:
    return len(shape.parts) if isinstance(shape, Group) else None


def _own(node: gast.stmt) -> list[gast.stmt]:
    """The statements in `node` whose break and continue belong to the loop around it."""
    inner = [*node.body, *node.orelse] if isinstance(node, gast.If) else []
    return [node, *(n for s in inner for n in _own(s))]
