"""Gives every name its meaning: module functions get canonical names, globals become constants or helpers."""

from __future__ import annotations

import builtins
import enum
import math
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from sct.errors import SctError, UnsupportedCall, UnsupportedSyntax
from sct.frontend import allowed, bodies, build
from sct.frontend.methods import as_function
from sct.frontend.names import Names
from sct.ir.program import Source

_ABSENT = object()
_NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


@dataclass
class Resolved:
    """A function's tree with canonical names, what its free names mean and the names in use."""

    tree: gast.FunctionDef
    source: Source
    names: Names
    constants: dict[str, Any] = field(default_factory=dict)
    helpers: dict[str, Callable[..., Any]] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)


def resolve(tree: gast.FunctionDef, source: Source) -> Resolved:
    stored = {n.id for n in gast.walk(tree) if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load)}
    mentioned = build.names_in(tree)
    resolved = Resolved(tree, source, Names(mentioned | allowed.RESERVED))
    renamed = {name: name if name not in allowed.RESERVED else resolved.names.fresh(name) for name in sorted(stored)}
    resolved.base = {new: old for old, new in renamed.items()}
    visitor = _Resolve(resolved, renamed)
    tree.args = _parameters(tree.args, renamed, source)
    tree.body = [visitor.visit(statement) for statement in tree.body]
    tree.decorator_list, tree.returns, tree.type_params = [], None, []
    return resolved


def _parameters(args: gast.arguments, renamed: dict[str, str], source: Source) -> gast.arguments:
    listed = [*args.posonlyargs, *args.args]
    params = [gast.copy_location(gast.Name(renamed[a.id], gast.Param(), None, None), a) for a in listed]
    values = source.function.__defaults__ or ()
    defaults = [_default(v, p, source) for v, p in zip(values, params[len(params) - len(values) :], strict=True)]
    return gast.arguments(params, [], None, [], [], None, defaults)


def _default(value: Any, param: gast.Name, source: Source) -> gast.expr:
    if value is None or isinstance(value, bool | int | float):
        return gast.copy_location(build.constant(value), param)
    message = f"the default of parameter {param.id} is not a number"
    raise UnsupportedSyntax(message, place=source.place(param), remedy="pass it as an argument in each call")


def _module_name(value: Any) -> str | None:
    return {id(math): "math", id(np): "np"}.get(id(value))


def _function_table() -> dict[int, tuple[str, str]]:
    """From a function object to its module and canonical name."""
    table = {id(getattr(np, name)): ("np", name) for name in sorted(allowed.NUMPY, reverse=True)}
    table |= {id(getattr(math, name)): ("math", name) for name in sorted(allowed.MATH)}
    return table | {id(getattr(math, name)): ("np", name) for name in allowed.ONLY_IN_NUMPY if hasattr(math, name)}


_FUNCTIONS = _function_table()


class _Resolve(gast.NodeTransformer):
    def __init__(self, resolved: Resolved, renamed: dict[str, str]) -> None:
        self._out, self._renamed = resolved, renamed
        self._function = resolved.source.function
        self._given: dict[tuple[str, int], str] = {}

    def _error(self, kind: type[SctError], message: str, node: gast.AST, remedy: str) -> SctError:
        return kind(message, place=self._out.source.place(node), remedy=remedy)

    # what a free name or a dotted one stands for

    def _lookup(self, name: str, node: gast.AST) -> Any:
        code = self._function.__code__
        if name in code.co_freevars:
            try:
                return self._function.__closure__[code.co_freevars.index(name)].cell_contents
            except ValueError:
                pass
        elif name in self._function.__globals__:
            return self._function.__globals__[name]
        elif hasattr(builtins, name):
            return getattr(builtins, name)
        raise self._error(UnsupportedSyntax, f"name {name} is not defined", node, f"assign {name} before it is read")

    def _static(self, node: gast.AST) -> Any:
        """The object behind a free name, a member of a module or of an Enum; _ABSENT for everything else."""
        if isinstance(node, gast.Name):
            return _ABSENT if node.id in self._renamed else self._lookup(node.id, node)
        if not isinstance(node, gast.Attribute):
            return _ABSENT
        owner = self._static(node.value)
        member = isinstance(owner, enum.Enum) and node.attr == "value"
        if not (member or isinstance(owner, types.ModuleType | enum.EnumMeta)):
            return _ABSENT
        if not hasattr(owner, node.attr):
            raise self._error(UnsupportedSyntax, f"{gast.unparse(node).strip()} does not exist", node, "check the name")
        return getattr(owner, node.attr)

    def _bind(self, table: dict[str, Any], wanted: str, value: Any) -> str:
        """The name in the tree of a global object, the user's own where it is free."""
        key = (wanted, id(value))
        if key not in self._given:
            taken = wanted in self._given.values() or wanted in self._renamed or wanted in allowed.RESERVED
            name = self._out.names.fresh(wanted) if taken else wanted
            self._out.names.reserve(name)
            self._given[key] = name
            table[name] = value
        return self._given[key]

    # values

    def visit_Name(self, node: gast.Name) -> gast.AST:
        if node.id in self._renamed:
            return gast.copy_location(gast.Name(self._renamed[node.id], node.ctx, None, None), node)
        return self._value(self._lookup(node.id, node), node, node.id)

    def visit_Attribute(self, node: gast.Attribute) -> gast.AST:
        value = self._static(node)
        if value is not _ABSENT:
            module = _module_name(self._static(node.value))
            if module and node.attr in allowed.CONSTANTS[module]:
                return build.located(build.attribute(module, node.attr), node)
            return self._value(value, node, node.attr)
        if node.attr not in allowed.ARRAY_ATTRIBUTES:
            message = f"attribute .{node.attr} is not supported"
            raise self._error(UnsupportedSyntax, message, node, "pass the value in as an argument")
        return self.generic_visit(node)

    def _value(self, value: Any, node: gast.AST, wanted: str) -> gast.AST:
        if isinstance(value, np.dtype | type) and not isinstance(value, enum.EnumMeta):
            return self._dtype(value, node)
        if isinstance(value, tuple) and value and all(isinstance(v, _NUMBERS) for v in value):
            elements = [build.constant(v.item() if isinstance(v, np.generic) else v) for v in value]
            return build.located(gast.Tuple(elements, gast.Load()), node)
        if (isinstance(value, np.ndarray) and value.dtype in allowed.DTYPES) or isinstance(value, _NUMBERS):
            return build.located(build.name(self._bind(self._out.constants, wanted, value)), node)
        kind = "function" if callable(value) else type(value).__name__
        message = f"{wanted} is a {kind}, which cannot be used as a value here"
        raise self._error(UnsupportedSyntax, message, node, "use numbers, bools, tuples of them or float arrays")

    def _dtype(self, value: Any, node: gast.AST) -> gast.AST:
        try:
            name = allowed.DTYPES[np.dtype(value)]
        except (TypeError, KeyError):
            message = f"type {value} is not supported"
            raise self._error(UnsupportedSyntax, message, node, "use float64, float32, int64, int32 or bool") from None
        return build.located(build.attribute("np", name), node)

    # calls

    def visit_Call(self, node: gast.Call) -> gast.AST:
        args = [self.visit(a) for a in node.args]
        keywords = [gast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        value = self._static(node.func)
        if value is not _ABSENT:
            self._check_form(value, node)
            return build.located(gast.Call(self._callee(value, node.func), args, keywords), node)
        if isinstance(node.func, gast.Attribute) and node.func.attr in allowed.METHODS:
            array = self.visit(node.func.value)
            return build.located(as_function(node.func.attr, array, args, keywords), node)
        if isinstance(node.func, gast.Attribute) and node.func.attr in bodies.METHODS:
            self._check_form(getattr(np, node.func.attr), node, node.func.value)
            function = self._callee(getattr(np, node.func.attr), node.func)
            return build.located(gast.Call(function, [self.visit(node.func.value), *args], keywords), node)
        shown = gast.unparse(node.func).strip()
        remedy = "call a function of the module, math or np"
        raise self._error(UnsupportedCall, f"the call of {shown} is not supported", node, remedy)

    def _check_form(self, value: Any, node: gast.Call, *array: gast.expr) -> None:
        """Refuse arguments that our own body of a NumPy function does not take."""
        body = bodies.body_of(value)
        if body is not None and not bodies.takes(body, [*array, *node.args], [k.arg for k in node.keywords]):
            shown = gast.unparse(node.func).strip()
            remedy = "leave out the options; loop over the rows for what is done along an axis"
            raise self._error(UnsupportedCall, f"this form of {shown} is not supported", node, remedy)

    def _callee(self, value: Any, node: gast.AST) -> gast.AST:
        spelled = node.attr if isinstance(node, gast.Attribute) else node.id
        if getattr(value, "__module__", "").startswith("numba") and spelled == "prange":
            return build.name("range")
        body = bodies.body_of(value)
        if body is not None:
            return build.name(self._bind(self._out.helpers, body.__name__, body))
        if id(value) in _FUNCTIONS:
            module, name = _FUNCTIONS[id(value)]
            keep = module == "np" and spelled in allowed.NUMPY and getattr(np, spelled) is value
            return build.attribute(module, spelled if keep else name)
        builtin = getattr(value, "__name__", "")
        if builtin in allowed.RUNTIME and getattr(value, "__module__", "") == "sct.runtime":
            return build.name(builtin)
        if builtin in allowed.BUILTINS | allowed.ITERATORS and getattr(builtins, builtin) is value:
            return build.name(builtin)
        while hasattr(value, "py_func"):
            value = value.py_func
        if isinstance(value, types.FunctionType) and not value.__module__.startswith("numpy"):
            return build.name(self._bind(self._out.helpers, spelled, value))
        shown = gast.unparse(node).strip()
        raise self._error(UnsupportedCall, f"{shown} has no derivative rule", node, _instead(shown))

    # statements

    def visit_Expr(self, node: gast.Expr) -> gast.AST:
        """`x.fill(v)` is `x[...] = v`."""
        call = node.value
        filled = isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute) and call.func.attr == "fill"
        if not filled or len(call.args) != 1 or call.keywords or self._static(call.func.value) is not _ABSENT:
            return self.generic_visit(node)
        whole = gast.Subscript(call.func.value, build.constant(...), gast.Store())
        return self.visit(build.located(gast.Assign([whole], call.args[0], None), node))

    def visit_Raise(self, node: gast.Raise) -> gast.AST:
        named = node.exc.func if isinstance(node.exc, gast.Call) else node.exc
        if named.id not in allowed.EXCEPTIONS or self._static(named) is not getattr(builtins, named.id):
            message = f"{named.id} is not a built-in exception"
            raise self._error(UnsupportedSyntax, message, node, 'write `raise ValueError("message")`')
        return node

    def visit_AnnAssign(self, node: gast.AnnAssign) -> gast.AST:
        if node.value is None:
            return gast.copy_location(gast.Pass(), node)
        return self.visit(gast.copy_location(gast.Assign([node.target], node.value, None), node))

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        if isinstance(node.ctx, gast.Store) and self._static(_root(node)) is not _ABSENT:
            message = f"storing to the global array {gast.unparse(_root(node)).strip()}"
            raise self._error(UnsupportedSyntax, message, node, "pass the array in as an argument")
        node.slice = self._without_newaxis(node.slice)
        return self.generic_visit(node)

    def _without_newaxis(self, index: gast.expr) -> gast.expr:
        if isinstance(index, gast.Tuple):
            return gast.Tuple([self._without_newaxis(e) for e in index.elts], index.ctx)
        return build.located(build.constant(None), index) if self._static(index) is np.newaxis else index


def _root(node: gast.AST) -> gast.AST:
    while isinstance(node, gast.Subscript):
        node = node.value
    return node


def _instead(shown: str) -> str:
    if shown == "print":
        return "take it out; print from the caller"
    return "write it with arithmetic, math and np functions, or a loop"
