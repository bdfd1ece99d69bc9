"""A core program as text, and run as the plain Python that it is."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from sct import runtime
from sct.ir.build import call_name, clone, expr, is_name, nodes, quote
from sct.ir.program import Program

if TYPE_CHECKING:
    from sct.frontend.callee import Callee


def text(program: Program) -> str:
    """The program's source below a header that says where it comes from."""
    source, tree = program.source, _InPlace().visit(clone(program.tree))
    return f"# {source.file}, line {source.first_line}\n{gast.unparse(tree).strip()}\n"


class _InPlace(gast.NodeTransformer):
    """Shows the user's `x += e`, which the frontend marks because only types tell what it does, as `x_1 = iadd(x, e)`;
    `np.add.at(a, i, v)`, which is marked because it adds at every subscript; copies in rows as
    `a.copy()`; and `np.ndim(x)`, for numbers too."""

    def visit_Assign(self, node: gast.Assign) -> gast.Assign:
        self.generic_visit(node)
        if getattr(node, "augmented", False) and isinstance(node.value, gast.BinOp):
            called = IN_PLACE[type(node.value.op)]
            node.value = expr("F(A, B)", F=called, A=node.value.left, B=node.value.right)
        return node

    def visit_Call(self, node: gast.Call) -> gast.Call:
        self.generic_visit(node)
        return expr("a.copy()", a=node.args[0]) if call_name(node) == "copy" else node

    def visit_Attribute(self, node: gast.Attribute) -> gast.expr:
        self.generic_visit(node)
        return expr("np.ndim(a)", a=node.value) if node.attr == "ndim" else node

    def visit_AugAssign(self, node: gast.AugAssign) -> gast.stmt:
        if not getattr(node, "each", False):
            return node
        return quote("np.add.at(a, i, v)", node, a=node.target.value, i=node.target.slice, v=node.value)[0]


IN_PLACE = {
    gast.Add: "iadd", gast.Sub: "isub", gast.Mult: "imul", gast.Div: "itruediv", gast.FloorDiv: "ifloordiv", gast.Mod: "imod",
    gast.Pow: "ipow", gast.BitAnd: "iand", gast.BitOr: "ior", gast.BitXor: "ixor", gast.LShift: "ilshift", gast.RShift: "irshift",
}


def run(program: Program, *args: Any) -> Any:
    """The program's value for `args`, which it may change in place."""
    return function(program)(*args)


def function(program: Program, made: dict[Callee, Callable[..., Any]] | None = None) -> Callable[..., Any]:
    """The program as a Python function; `made` are helpers that are functions already."""
    made = {} if made is None else made
    in_place = {name: getattr(operator, name) for name in IN_PLACE.values()}
    in_place |= {name: getattr(runtime, name) for name in runtime.__all__}
    names = {"math": math, "np": np, "UNDEFINED": None, **in_place, **program.constants}
    if any(is_name(node, "special") for node in nodes(program.tree)):
        names["special"] = import_module("scipy.special")
    exec(compile(text(program), f"<core {program.tree.name}>", "exec"), names)
    found = names[program.tree.name]
    for name, helper in program.helpers.items():
        native = getattr(helper.function, "_sct_native", None)
        if native is not None:
            made[helper] = getattr(import_module("sct.linalg"), native.name)
        if helper not in made:
            made[helper] = lambda *args, helper=helper: made[helper](*args)
            made[helper] = function(helper.load(), made)
        names[name] = made[helper]
    return found
