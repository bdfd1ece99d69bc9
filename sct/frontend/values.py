"""Expressions while a function is read: canonical code, and the shape of what it computes."""

from __future__ import annotations

import builtins
import enum
import math
import types
from typing import Any

import gast
import numpy as np

from sct.errors import SctError, UnsupportedSyntax
from sct.frontend import allowed, build, indexing
from sct.frontend.array_like import array
from sct.frontend.callee import Callee, Nested
from sct.frontend.lists import LANGUAGE
from sct.frontend.resolve import Resolved
from sct.frontend.shapes import Clash, Group, Known, Shape, Stale, describe, structure
from sct.frontend.source import plain

Read = tuple[gast.expr, Shape]
Env = dict[str, Shape]

ABSENT = object()
_NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


class Values(gast.NodeTransformer):
    """`read` gives code and shape of an expression; `visit` the code of one that must be a number, an array or a tuple."""

    def __init__(self, resolved: Resolved, callee: Callee, renamed: dict[str, str]) -> None:
        self.out, self.callee, self.renamed = resolved, callee, renamed
        function = callee.function
        self.owner = function.owner if isinstance(function, Nested) else plain(function)
        self.env: Env = {}
        self._given: dict[tuple[str, Any], str] = {}
        self._spelled: dict[tuple[str, Any], str] = {}

    def error(self, kind: type[SctError], message: str, node: gast.AST, remedy: str) -> SctError:
        return kind(message, place=self.out.source.place(node), remedy=remedy)

    # names and what they stand for

    def lookup(self, name: str, node: gast.AST) -> Any:
        if name in LANGUAGE:
            return LANGUAGE[name]
        code = self.owner.__code__
        if name in code.co_freevars:
            try:
                return self.owner.__closure__[code.co_freevars.index(name)].cell_contents
            except ValueError:
                pass
        elif name in self.owner.__globals__:
            return self.owner.__globals__[name]
        elif hasattr(builtins, name):
            return getattr(builtins, name)
        raise self.error(UnsupportedSyntax, f"name {name} is not defined", node, f"assign {name} before it is read")

    def static(self, node: gast.AST) -> Any:
        """The object behind a name, a member of a module, class, Enum or ufunc; ABSENT for what only the run knows."""
        if isinstance(node, gast.Constant) and callable(node.value):  # put there by `array_like`
            return node.value
        if isinstance(node, gast.Name):
            if node.id not in self.renamed:
                return self.lookup(node.id, node)
            shape = self.env.get(node.id)
            return shape.value if isinstance(shape, Known) else ABSENT
        if not isinstance(node, gast.Attribute):
            return ABSENT
        owner = self.static(node.value)
        member = isinstance(owner, enum.Enum) and node.attr in ("value", "name")
        if not (member or isinstance(owner, types.ModuleType | type | np.ufunc)):
            return ABSENT
        if not hasattr(owner, node.attr):
            raise self.error(UnsupportedSyntax, f"{gast.unparse(node).strip()} does not exist", node, "check the name")
        return getattr(owner, node.attr)

    def bind(self, table: dict[str, Any], wanted: str, value: Any) -> str:
        """The name in the tree of a global object, the user's own where it is free."""
        key = (wanted, value if isinstance(value, Callee) else id(value))
        if key not in self._given:
            taken = wanted in self._given.values() or wanted in self.renamed or wanted in allowed.RESERVED
            name = self.out.names.fresh(wanted) if taken else wanted
            self.out.names.reserve(name)
            self._given[key] = name
            table[name] = value
        return self._given[key]

    def spelled(self, name: str, shape: Shape) -> str:
        """The name in the tree of a variable while it has this shape: tuples of other lengths are other variables."""
        key = (name, structure(shape))
        if key not in self._spelled:
            code = self.renamed[name]
            if any(known == name for known, _ in self._spelled):
                code = self.out.names.fresh(code)
            self._spelled[key] = code
            self.out.base.setdefault(code, name)
        return self._spelled[key]

    # reading

    def read(self, node: gast.expr) -> Read:
        method = getattr(self, f"read_{type(node).__name__}", None)
        code, shape = (self.generic_visit(node), None) if method is None else method(node)
        return (code if getattr(code, "lineno", None) else build.located(code, node)), shape

    def visit(self, node: gast.AST) -> gast.AST:
        if not isinstance(node, gast.expr):
            return self.generic_visit(node)
        code, shape = self.read(node)
        self.computed(shape, node)
        return code

    def computed(self, shape: Shape, node: gast.AST) -> None:
        """An error if there is no code for a value, or for a part of it."""
        if isinstance(shape, Known):
            raise self.not_a_value(shape.value, node)
        if isinstance(self.settled(shape, node), Group):
            parts = node.elts if isinstance(node, gast.Tuple) and len(node.elts) == len(shape.parts) else None
            for k, part in enumerate(shape.parts):
                self.computed(part, node if parts is None else parts[k])

    def settled(self, shape: Shape, node: gast.AST) -> Shape:
        """The shape of a value that is read; an error if it depends on the path."""
        if isinstance(shape, Clash):
            shown, one, other = gast.unparse(node).strip(), describe(shape.one), describe(shape.other)
            message = f"{shown} is {one} in one place and {other} in another"
            raise self.error(UnsupportedSyntax, message, node, "use two names, or test what decides it")
        if isinstance(shape, Stale):
            shown = gast.unparse(node).strip()
            message = f"{shown} is {describe(shape.function)} from a call; its variable {shape.name} was assigned since"
            remedy = f"call the function by its own name, or use two names for {shape.name}"
            raise self.error(UnsupportedSyntax, message, node, remedy)
        return shape

    def not_a_value(self, value: Any, node: gast.AST) -> SctError:
        if value is None:
            return self.error(UnsupportedSyntax, "None as a value is not supported", node, "use a number or a bool")
        if isinstance(value, str):
            remedy = "use numbers, for example an int code per case"
            return self.error(UnsupportedSyntax, "a string is not supported", node, remedy)
        shown = gast.unparse(node).strip()
        kind = "function" if callable(value) else type(value).__name__
        message = f"{shown} is a {kind}, which cannot be used as a value here"
        return self.error(UnsupportedSyntax, message, node, "use numbers, bools, tuples of them or float arrays")

    def nothing(self, node: gast.AST) -> gast.expr:
        """The code that stands where a value is known: nobody reads it."""
        return build.located(build.constant(0), node)

    def read_Constant(self, node: gast.Constant) -> Read:
        if node.value is None or isinstance(node.value, str):
            return self.nothing(node), Known(node.value)
        return node, None

    def read_Name(self, node: gast.Name) -> Read:
        if node.id not in self.renamed:
            return self.constant(self.lookup(node.id, node), node, node.id)
        shape = self.settled(self.env.get(node.id), node)
        if isinstance(shape, Known):
            return self.option(shape.value, node) if isinstance(shape.value, int | float | tuple) else (self.nothing(node), shape)
        return gast.copy_location(gast.Name(self.spelled(node.id, shape), node.ctx, None, None), node), shape

    def option(self, value: float | tuple[int, ...], node: gast.AST) -> Read:
        """A number, or a tuple of them, that a function of NumPy was given as an option such as `axis`."""
        if isinstance(value, tuple):
            return self.together([self.option(v, node) for v in value])
        return build.located(build.number(value), node), None

    def read_Attribute(self, node: gast.Attribute) -> Read:
        value = self.static(node)
        if value is not ABSENT:
            module = {id(math): "math", id(np): "np"}.get(id(self.static(node.value)))
            if module and node.attr in allowed.CONSTANTS[module]:
                return build.attribute(module, node.attr), None
            return self.constant(value, node, node.attr)
        code, shape = self.read(node.value)
        if isinstance(shape, Group) and node.attr in getattr(shape.kind, "_fields", ()):
            return self.part(code, shape, shape.kind._fields.index(node.attr))
        if node.attr not in allowed.ARRAY_ATTRIBUTES or isinstance(shape, Known | Group):
            message = f"attribute .{node.attr} is not supported"
            fields = getattr(getattr(shape, "kind", None), "_fields", ())
            remedy = f"write {shape.kind.__name__}({', '.join(fields)})" if fields else "pass the value in as an argument"
            raise self.error(UnsupportedSyntax, message, node, remedy)
        node.value = code
        return node, None

    def part(self, code: gast.expr, shape: Group, position: int) -> Read:
        """One part of a tuple."""
        inner = shape.parts[position]
        if isinstance(inner, Known):
            return self.nothing(code), inner
        if isinstance(code, gast.Tuple):
            return code.elts[position], inner
        return build.located(build.subscript(build.clone(code), build.constant(position)), code), inner

    def read_Subscript(self, node: gast.Subscript) -> Read:
        condition, place = self.nonzero(node.value), build.literal(node.slice)
        if condition is not None and place in range(len(indexing.SINGLE)):
            return self.nonzero_parts(indexing.SINGLE[place], condition, node)
        code, shape = self.read(node.value)
        if isinstance(shape, Group) and isinstance(node.ctx, gast.Load):
            places = self._places(node.slice, len(shape.parts))
            if isinstance(places, int):
                return self.part(code, shape, places)
            if places is not None:
                return self.together([self.part(code, shape, k) for k in places])
        if isinstance(shape, Known):
            raise self.not_a_value(shape.value, node.value)
        node.value, node.slice = code, self.subscript(node.slice)
        return node, None

    def subscript(self, node: gast.expr) -> gast.expr:
        """A subscript, in which `None`, `np.newaxis`, `np.where(c)` and lists have a meaning."""
        condition = self.nonzero(node)
        if condition is not None:
            return build.located(indexing.is_true(self.visit(condition)), node)
        if isinstance(node, gast.Tuple):
            return gast.Tuple([self.subscript(e) for e in node.elts], gast.Load())
        if isinstance(node, gast.List):
            return self.visit(array(node))
        if isinstance(node, gast.Name | gast.Attribute | gast.Constant) and self.read(build.clone(node))[1] == Known(None):
            return build.located(build.constant(None), node)
        return self.visit(node)

    def _places(self, index: gast.expr, count: int) -> int | list[int] | None:
        """What a constant subscript takes of a tuple; None if it is not one that fits."""
        if isinstance(index, gast.Slice):
            nodes = (index.lower, index.upper, index.step)
            bounds = [None if node is None else build.literal(node) for node in nodes]
            fixed = all(isinstance(b, int) or node is None for b, node in zip(bounds, nodes, strict=True))
            return list(range(count))[slice(*bounds)] if fixed else None
        place = build.literal(index)
        if isinstance(place, int) and -count <= place < count:
            return place % count
        return None

    def together(self, reads: list[Read]) -> Read:
        return gast.Tuple([code for code, _ in reads], gast.Load()), Group(tuple(shape for _, shape in reads))

    def read_Tuple(self, node: gast.Tuple) -> Read:
        if not isinstance(node.ctx, gast.Load):
            return self.generic_visit(node), None
        return self.together([each for element in node.elts for each in self.expanded(element)])

    def expanded(self, node: gast.expr) -> list[Read]:
        """An element of a tuple or an argument of a call; `*t` is all the parts of `t`."""
        if not isinstance(node, gast.Starred):
            return [self.read(node)]
        code, shape = self.read(node.value)
        if not isinstance(shape, Group):
            message = f"{gast.unparse(node.value).strip()} is not a tuple whose length is known"
            raise self.error(UnsupportedSyntax, message, node, "write the elements out")
        return self._parts(code, shape)

    def read_BinOp(self, node: gast.BinOp) -> Read:
        left, right = self.read(node.left), self.read(node.right)
        groups = [isinstance(shape, Group) for _, shape in (left, right)]
        if all(groups) and isinstance(node.op, gast.Add):
            return self.together([*self._parts(*left), *self._parts(*right)])
        for operand, (_, shape) in ((node.left, left), (node.right, right)):
            self.computed(shape, operand)
        made = gast.BinOp(left[0], node.op, right[0])
        value = build.folded(made)
        return (made if value is None else build.located(build.number(value), node)), None

    def _parts(self, code: gast.expr, shape: Group) -> list[Read]:
        if not isinstance(code, gast.Name | gast.Tuple | gast.Subscript):
            raise self.error(UnsupportedSyntax, "taking apart the tuple of a call here", code, "give the tuple a name first")
        return [self.part(code, shape, k) for k in range(len(shape.parts))]

    def read_List(self, node: gast.expr) -> Read:
        remedy = "give the list a name of its own in a statement of its own, or use an array or a tuple"
        raise self.error(UnsupportedSyntax, "a list is not supported here", node, remedy)

    read_ListComp = read_List

    def read_GeneratorExp(self, node: gast.GeneratorExp) -> Read:
        remedy = "write the comprehension as a list, and give it a name in a statement of its own"
        raise self.error(UnsupportedSyntax, "a generator is not supported here", node, remedy)

    def read_NamedExpr(self, node: gast.NamedExpr) -> Read:
        code, shape = self.read(node.value)
        self.env[node.target.id] = shape
        if isinstance(shape, Known):
            return code, shape
        node.target.id, node.value = self.spelled(node.target.id, shape), code
        return node, shape

    # constants

    def constant(self, value: Any, node: gast.AST, wanted: str) -> Read:
        """A global value: numbers and arrays under their names, bools as themselves, tuples element by element."""
        if isinstance(value, enum.IntEnum):
            return build.constant(value), None
        if isinstance(value, np.dtype | type) and not isinstance(value, enum.EnumMeta) and not hasattr(value, "_fields"):
            return (self.dtype(value, node), None) if _is_number_type(value) else (self.nothing(node), Known(value))
        if isinstance(value, tuple):
            parts = [self._element(v, node, f"{wanted}_{k}") for k, v in enumerate(value)]
            code, shape = self.together(parts)
            return code, Group(shape.parts, type(value) if hasattr(value, "_fields") else None)
        if isinstance(value, bool | np.bool_):
            return build.constant(bool(value)), None
        if isinstance(value, enum.Enum) and isinstance(value, _NUMBERS):
            value = value.value
        if (isinstance(value, np.ndarray) and value.dtype in allowed.DTYPES) or isinstance(value, _NUMBERS):
            return build.name(self.bind(self.out.constants, wanted, value)), None
        return self.nothing(node), Known(value)

    def _element(self, value: Any, node: gast.AST, wanted: str) -> Read:
        if isinstance(value, _NUMBERS) and not isinstance(value, enum.Enum) and np.isfinite(value):
            return build.constant(value.item() if isinstance(value, np.generic) else value), None
        return self.constant(value, node, wanted)

    def dtype(self, value: Any, node: gast.AST) -> gast.expr:
        try:
            name = allowed.DTYPES[np.dtype(value)]
        except (TypeError, KeyError):
            message = f"type {value} is not supported"
            raise self.error(UnsupportedSyntax, message, node, "use float64, float32, int64, int32 or bool") from None
        return build.attribute("np", name)


def _is_number_type(value: Any) -> bool:
    return isinstance(value, np.dtype) or value in (bool, int, float, complex) or issubclass(value, np.generic)
