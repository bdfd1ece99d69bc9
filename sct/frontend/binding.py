"""Calls while a function is read: what is called, and which argument goes where.

A call of a helper lists its arguments in the order in which Python evaluates them, each under its parameter's name; those that
are known are left out. What a nested function captures is passed to it like an argument.
"""

from __future__ import annotations

import builtins
import inspect
import math
import sys
import types
from functools import cache
from typing import Any

import gast
import numpy as np

from sct import bodies
from sct.errors import SctError, UnsupportedCall, UnsupportedSyntax
from sct.frontend import allowed, array_like, build, indexing, once, refused, scope
from sct.frontend.callee import Callee, Function, Nested, closure
from sct.frontend.decisions import Decisions
from sct.frontend.einsum import einsum
from sct.frontend.methods import as_function
from sct.frontend.shapes import Group, Known, Shape
from sct.frontend.values import ABSENT, Read
from sct.rules.special import SAME_AS_NUMPY


def _function_table() -> dict[int, tuple[str, str]]:
    """From a function object to its module and canonical name."""
    table = {id(getattr(np, name)): ("np", name) for name in sorted(allowed.NUMPY, reverse=True)}
    table |= {id(getattr(math, name)): ("math", name) for name in sorted(allowed.MATH)} | {id(np.around): ("np", "round")}
    return table | {id(getattr(math, name)): ("np", name) for name in allowed.ONLY_IN_NUMPY if hasattr(math, name)}


_FUNCTIONS = _function_table()


def _known(value: Any) -> tuple[str, str]:
    """The module and canonical name of a function of a library; empty if it is none."""
    special = sys.modules.get("scipy.special")
    return _FUNCTIONS.get(id(value)) or (("", "") if special is None else _special_table(special).get(id(value), ("", "")))


@cache
def _special_table(special: types.ModuleType) -> dict[int, tuple[str, str]]:
    """The same for `scipy.special`, which sct itself does not import."""
    names = {name: ("np", name) for name in SAME_AS_NUMPY} | {name: ("special", name) for name in sorted(allowed.SPECIAL)}
    return {id(getattr(special, name)): known for name, known in names.items() if hasattr(special, name)}


class Binding(Decisions):
    def read_Call(self, node: gast.Call) -> Read:
        value = self.static(node.func)
        if value is ABSENT:
            return self._called_value(node)
        return self._call(value, array_like.as_arrays(value, node))

    def _call(self, value: Any, node: gast.Call) -> Read:
        """The call of an object that is known."""
        if value is isinstance:
            return self._is_instance(node)
        if value is len and len(node.args) == 1 and isinstance(node.args[0], gast.Name):
            shape = self.read(build.clone(node.args[0]))[1]
            if isinstance(shape, Group):
                return build.constant(len(shape.parts)), None
        if value is np.einsum:
            value, node = self._einsum(node)
        body = None if self._is_native(value, node) else bodies.body_of(value)
        if body is None and self._is_one_array(node.args):
            body = bodies.EXTREMES.get(id(value))
        if body is not None:
            return self._body_call(body, node)
        form = indexing.form_of(value)
        if form is not None:
            return self._indexed(form, node)
        if self.nonzero(node) is not None:
            message = "the tuple of all subscripts is not supported as a value"
            remedy = "write `i, j = np.nonzero(m)`, `np.nonzero(v)[0]`, or use the condition itself as a subscript"
            raise self.error(UnsupportedCall, message, node, remedy)
        library = self._library(value, node.func)
        if library is not None:
            return self._library_call(library, node)
        if isinstance(value, type) and hasattr(value, "_fields"):
            return self._named_tuple(value, node)
        function = python_function(value)
        if function is None:
            shown = gast.unparse(node.func).strip()
            raise self.error(UnsupportedCall, f"{shown} has no derivative rule", node, _instead(value))
        spelled = getattr(node.func, "attr", getattr(node.func, "id", function.__name__))
        captured = self._captured(function) if isinstance(function, Nested) else []
        return self._helper_call(function, captured, spelled, node)

    def _is_one_array(self, args: list[gast.expr]) -> bool:
        single = len(args) == 1 and not isinstance(args[0], gast.Starred)
        return single and not isinstance(self.read(build.clone(args[0]))[1], Group)

    def _called_value(self, node: gast.Call) -> Read:
        """A method of an array, or the call of a function that came in with what it captured."""
        code, shape = self._field(node.func) if isinstance(node.func, gast.Attribute) else self.read(node.func)
        if isinstance(shape, Group) and isinstance(shape.kind, Nested):
            captured = [self.part(code, shape, k) for k in range(len(shape.parts))]
            return self._helper_call(shape.kind, captured, shape.kind.__name__, node)
        if isinstance(shape, Known):
            return self._call(shape.value, node)
        if isinstance(node.func, gast.Attribute) and node.func.attr in allowed.METHODS | bodies.METHODS:
            method = build.located(as_function(node.func.attr, node.func.value, node.args, node.keywords), node)
            function = getattr(np, node.func.attr, None)
            body = None if self._is_native(function, method) else bodies.body_of(function)
            return self._library_call(method.func, method) if body is None else self._body_call(body, method)
        if isinstance(node.func, gast.Attribute) and node.func.attr in indexing.METHODS:
            method = indexing.as_function(node.func.attr, node.func.value, node)
            return self._call(indexing.METHODS[node.func.attr], build.located(method, node))
        shown = gast.unparse(node.func).strip()
        remedy = "call a function of the module, math or np"
        raise self.error(UnsupportedCall, f"the call of {shown} is not supported", node, remedy)

    def _field(self, node: gast.Attribute) -> Read:
        """A field of a named tuple; nothing for the method of an array."""
        owner = self.read(build.clone(node.value))[1] if isinstance(node.value, gast.Name) else None
        return self.read(build.clone(node)) if isinstance(owner, Group) else (node, None)

    def _einsum(self, node: gast.Call) -> tuple[Any, gast.Call]:
        """What stands for it, and its call."""
        def stop(message: str, remedy: str) -> SctError:
            return self.error(UnsupportedCall, message, node, remedy)

        if any(k.arg != "optimize" for k in node.keywords) or any(isinstance(a, gast.Starred) for a in node.args):
            raise stop("this form of np.einsum is not supported", 'write np.einsum("ij,jk->ik", a, b)')
        subscripts = getattr(self.read(build.clone(node.args[0]))[1], "value", None) if node.args else None
        function, args = einsum(subscripts, node.args[1:], stop)
        return function, build.located(gast.Call(node.func, args, []), node)

    # functions of NumPy that are subscripts

    def _indexed(self, form: Any, node: gast.Call) -> Read:
        given = self._placed(inspect.signature(form), node, form.__name__, {})
        found: dict[str, Any] = {}
        for name, (code, shape) in given.items():
            found[name] = code
            if name == "axis":
                found[name] = None if shape == Known(None) else build.literal(code)
                if shape != Known(None) and not isinstance(found[name], int):
                    raise self.error(UnsupportedCall, "the axis must be a constant", node, "write it as an integer")
            else:
                self.computed(shape, node)
        return build.located(form(**found), node), None

    def nonzero(self, node: gast.AST) -> gast.expr | None:
        """The condition of `np.where(c)` and `np.nonzero(c)`, which give a tuple with an array for each axis."""
        if not isinstance(node, gast.Call) or node.keywords or not isinstance(node.func, gast.Name | gast.Attribute):
            return None
        value = self.static(node.func)
        if value is ABSENT and isinstance(node.func, gast.Attribute) and node.func.attr == "nonzero" and not node.args:
            return node.func.value
        return node.args[0] if value in (np.where, np.nonzero) and len(node.args) == 1 else None

    def nonzero_parts(self, body: Function, condition: gast.expr, node: gast.AST) -> Read:
        return self._body_call(body, build.located(build.call(body.__name__, condition), node))

    # functions of math, np and Python

    def _library(self, value: Any, node: gast.AST) -> gast.expr | None:
        """The canonical name of a function of a library."""
        spelled = node.attr if isinstance(node, gast.Attribute) else getattr(node, "id", "")
        if _module(value).startswith("numba") and spelled == "prange":
            return build.name("range")
        module, name = _known(value)
        if module:
            keep = module == "np" and spelled in allowed.NUMPY and getattr(np, spelled) is value
            return build.attribute(module, spelled if keep else name)
        if id(value) in once.NAMES:
            return once.callee(once.NAMES[id(value)])
        builtin = getattr(value, "__name__", "")
        if builtin in allowed.RUNTIME and _module(value) == "sct.runtime":
            return build.name(builtin)
        if builtin in allowed.BUILTINS | allowed.ITERATORS and getattr(builtins, builtin) is value:
            return build.name(builtin)
        return None

    def _library_call(self, function: gast.expr, node: gast.Call) -> Read:
        reads = [each for argument in node.args for each in self.expanded(argument)]
        keywords = [gast.keyword(k.arg, self.visit(k.value)) for k in self._named(node)]
        for k, ((_, shape), argument) in enumerate(zip(reads, node.args, strict=False)):
            if isinstance(shape, Known) and _takes(function, shape.value):
                reads[k] = build.located(build.constant(shape.value), argument), None
            else:
                self.computed(shape, argument)
        call = gast.Call(function, [code for code, _ in reads], keywords)
        return call, Group((None, None)) if isinstance(function, gast.Name) and function.id == "divmod" else None

    def _named(self, node: gast.Call) -> list[gast.keyword]:
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.error(UnsupportedSyntax, "`**` in a call is not supported", keyword.value, "name the arguments")
        return node.keywords

    def _named_tuple(self, kind: type, node: gast.Call) -> Read:
        given = self._placed(inspect.signature(kind), node, kind.__name__, {})
        reads = [given[name] for name in kind._fields]
        code, shape = self.together(reads)
        return code, Group(shape.parts, kind)

    # helpers

    def _body_call(self, body: Function, node: gast.Call) -> Read:
        """A function of NumPy that we have written in the language."""
        starred = [a for a in node.args if isinstance(a, gast.Starred)]
        args = [a for a in node.args if a not in starred] + [part for a in starred for part in self.expanded(build.clone(a))]
        if not bodies.takes(body, args, [k.arg for k in self._named(node)]):
            shown = gast.unparse(node.func).strip()
            remedy = "leave out the options; loop over the rows for what is done along an axis"
            raise self.error(UnsupportedCall, f"this form of {shown} is not supported", node, remedy)
        return self._helper_call(body, [], body.__name__, node)

    def _is_native(self, value: Any, node: gast.Call) -> bool:
        """Whether the lowering takes a call of NumPy as it stands; it knows no axes but constant ones."""
        module, name = _known(value)
        given = [k.value for k in node.keywords if k.arg == "axis"] + (node.args[1:2] if name in allowed.ALONG else [])
        reads = [self.read(build.clone(n)) for n in given]
        fixed = all(shape is None and isinstance(build.literal(code), int) for code, shape in reads)
        return module == "np" and _fits(name, node) and (fixed or name not in allowed.ALONG)

    def _is_instance(self, node: gast.Call) -> Read:
        """`isinstance(x, tuple)` is decided here."""
        of = [self.read(a) for a in node.args]
        if len(of) != 2 or of[1][1] != Known(tuple):
            remedy = "test the number of axes, or use two functions"
            raise self.error(UnsupportedCall, "isinstance is decided for `tuple` only", node, remedy)
        return build.constant(isinstance(of[0][1], Group)), None

    def _option(self, code: gast.expr, shape: Shape) -> Read:
        """An argument that must be known while the program is read."""
        if isinstance(shape, Known):
            return code, shape
        parts = [self._option(*part)[1] for part in self._parts(code, shape)] if isinstance(shape, Group) else None
        value = build.literal(code) if parts is None else tuple(p.value for p in parts)
        if not isinstance(value, int | float | tuple):
            shown = gast.unparse(code).strip()
            remedy = "write axes and other options as constants"
            raise self.error(UnsupportedCall, f"`{shown}` is not known beforehand", code, remedy)
        return self.nothing(code), Known(value)

    def _helper_call(self, function: Function, captured: list[Read], spelled: str, node: gast.Call) -> Read:
        signature = function.signature if isinstance(function, Nested) else inspect.signature(function)
        names = function.captured if isinstance(function, Nested) else ()
        around = dict(zip(names, captured, strict=True))
        given = self._placed(signature, node, spelled, around) | around
        given = {name: self.escaped(*read) for name, read in given.items()}
        given |= {name: self._option(*given[name]) for name in bodies.options(function)}
        for name, values in bodies.choices(function).items():
            if given[name][1].value not in values:
                message = f"this `{name}` of {gast.unparse(node.func).strip()} is not supported"
                raise self.error(UnsupportedCall, message, node, f"choose among {', '.join(map(repr, values))}")
        order = [*signature.parameters, *names]
        callee = self.out.sources.callee(function, tuple(given[name][1] for name in order))
        spelled = f"own_{spelled}" if allowed.is_function_name(spelled) else spelled
        call = build.call(self.bind(self.out.helpers, spelled, callee))
        call.keywords = [gast.keyword(name, code) for name, (code, shape) in given.items() if not isinstance(shape, Known)]
        return build.located(call, node), self._result(callee, node)

    def _result(self, callee: Callee, node: gast.AST) -> Shape:
        """The shape of what a helper returns; one without a text has no place, and so the call is to blame."""
        try:
            return self.out.sources.result(callee)
        except SctError as problem:
            if problem.place is not None or bodies.is_body(self.owner):
                raise
            raise self.error(type(problem), problem.message, node, problem.remedy) from None

    def _placed(
        self, signature: inspect.Signature, node: gast.Call, shown: str, around: dict[str, Read]
    ) -> dict[str, Read]:
        """What each parameter is given, in the order in which Python evaluates it; defaults come last."""
        reads = [each for argument in node.args for each in self.expanded(argument)]
        marked = {k.arg: self.read(k.value) for k in self._named(node)}
        try:
            bound = signature.bind(*reads, **marked).arguments
        except TypeError as problem:
            remedy = f"call it as {shown}{signature}"
            message = f"the call of {shown} does not fit: {problem}"
            raise self.error(UnsupportedCall, message, node, remedy) from None
        found = {name: bound[name] for name in bound if name not in marked} | {n: bound[n] for n in marked if n in bound}
        for name, parameter in signature.parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD:
                raise self.error(UnsupportedCall, f"{shown} takes **{name}", node, "name every parameter")
            if parameter.kind is parameter.VAR_POSITIONAL:
                found[name] = self.together(list(found.get(name, ())))
            elif name not in found:
                found[name] = self._default(parameter, shown, node, around)
        return found

    def _default(self, parameter: inspect.Parameter, shown: str, node: gast.AST, around: dict[str, Read]) -> Read:
        value = parameter.default
        if isinstance(value, gast.Name):
            return around[value.id]
        if isinstance(value, gast.AST):
            return self.read(build.located(build.clone(value), node))
        if isinstance(value, bool | int | float):
            return build.located(build.constant(value), node), None
        return self.constant(value, node, parameter.name)

    # nested functions

    def nested(self, tree: gast.FunctionDef) -> Nested:
        """A function defined here; it captures the variables of this one that it reads."""
        kept = [d.id for d in (*tree.args.defaults, *tree.args.kw_defaults) if isinstance(d, gast.Name)]
        captured = tuple(n for n in [*scope.free_names(tree), *kept] if n in self.renamed and n != tree.name)
        return Nested(self.owner, tree, self.out.source, captured, self.callee.function)

    def read_Lambda(self, node: gast.Lambda) -> Read:
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            if not isinstance(default, gast.Constant):
                message = "a default of a lambda that is no constant"
                raise self.error(UnsupportedSyntax, message, default, "leave it out, or use `def`")
        body = [build.located(gast.Return(node.body), node.body)]
        tree = build.located(gast.FunctionDef("function", node.args, body, [], None, None, []), node)
        return self.nothing(node), Known(self.nested(tree))

    def _captured(self, function: Nested) -> list[Read]:
        """The present values of what a function defined here captured."""
        if function == self.callee.function:
            return [self.read(build.name(name)) for name in function.captured]
        return [self.escaped(*self.read(build.located(build.name(n), function.tree))) for n in function.captured]

    def escaped(self, code: gast.expr, shape: Shape) -> Read:
        """A value as another function sees it: a function defined here takes along what it captured."""
        if isinstance(shape, Known) and isinstance(shape.value, Nested):
            reads = self._captured(shape.value)
            values = build.located(gast.Tuple([c for c, _ in reads], gast.Load()), code)
            return values, closure(shape.value, tuple(s for _, s in reads))
        if isinstance(shape, Group) and _captures(shape):
            reads = [self.escaped(*each) for each in self._parts(code, shape)]
            return gast.Tuple([c for c, _ in reads], gast.Load()), Group(tuple(s for _, s in reads), shape.kind)
        return code, shape


def _fits(name: str, node: gast.Call) -> bool:
    params = allowed.POSITIONAL.get(name, ())
    return len(node.args) <= len(params) and all(k.arg in params for k in node.keywords)


def _takes(function: gast.expr, value: Any) -> bool:
    """Whether a function of a library takes this constant as it is."""
    if isinstance(function, gast.Attribute):
        return (value is None and function.attr == "clip") or (isinstance(value, str) and function.attr == "einsum")
    return isinstance(value, str) and function.id == "print"


def _captures(shape: Shape) -> bool:
    """Whether a value holds a function defined here that reads variables from around it."""
    if isinstance(shape, Group):
        return any(map(_captures, shape.parts))
    return isinstance(shape, Known) and isinstance(shape.value, Nested) and bool(shape.value.captured)


def python_function(value: Any) -> Function | None:
    """The function whose text is to be read: a Python function behind any dispatcher, or a nested one."""
    if isinstance(value, Nested):
        return value
    if hasattr(value, "request"):  # a derivative, which has no text before it is called
        return None
    while hasattr(value, "py_func"):
        value = value.py_func
    value = getattr(getattr(value, "_dispatcher", None), "py_func", value)  # numba.vectorize
    if isinstance(value, types.FunctionType) and not _module(value).startswith(("numpy", "scipy.special")):
        return value
    return None


def _module(value: Any) -> str:
    """Where an object was defined; empty for what has no such place, like a bound method or a function made by `exec`."""
    return getattr(value, "__module__", None) or ""


_CONTAINER = "use an array, or separate variables"
_INSTEAD = {
    "dict": _CONTAINER,
    "Dict": _CONTAINER,
    "set": _CONTAINER,
    "frozenset": _CONTAINER,
    "List": "write the list out, `[]`, or use an array",
    "tuple": "write the elements out: `(a, b)`",
    "str": "use numbers, for example an int code per case",
    "complex": "keep real and imaginary parts in two variables",
}


def _instead(value: Any) -> str:
    """What to write for the call of something that has no rule."""
    known = refused.remedy(value)
    if known is not None:
        return known
    general = "write it with arithmetic, math and np functions, or a loop"
    if isinstance(value, type):
        general = "keep what the object holds in a named tuple, and call functions with it"
    return _INSTEAD.get(getattr(value, "__name__", ""), general)
