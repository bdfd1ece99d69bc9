"""The frontend on one screen."""

from __future__ import annotations

import inspect
from typing import Any

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.callee import Callee, Nested, Sources
from sct.frontend.calls import normalise_calls
from sct.frontend.exits import structure_exits
from sct.frontend.flatten import flatten
from sct.frontend.loops import index_loops
from sct.frontend.resolve import Resolved
from sct.frontend.shapes import Group, Shape
from sct.frontend.source import plain, read
from sct.frontend.ssa import to_ssa
from sct.frontend.structure import structures
from sct.ir.check import check
from sct.ir.program import Program


def callee(function: Any, shapes: tuple[Shape, ...] | None = None, sources: Sources | None = None) -> Callee:
    """A function, lambda, closure or Numba dispatcher for the shapes of its arguments: numbers and arrays if none are given."""
    if shapes is None:
        parameters = inspect.signature(plain(function)).parameters.values()
        shapes = tuple(Group(()) if p.kind is p.VAR_POSITIONAL else None for p in parameters)
    return (sources or Sources()).callee(function, shapes)


def load_program(function: Any, shapes: tuple[Shape, ...] | None = None) -> Program:
    """The core program of a function."""
    return callee(function, shapes).load()


def core_program(callee: Callee) -> Program:
    try:
        return _core(callee.sources.resolved(callee))
    except RecursionError:
        function = callee.function
        tree, source = (function.tree, function.source) if isinstance(function, Nested) else read(function)
        message = f"{tree.name} is nested too deeply, or has functions that call themselves with ever larger arguments"
        remedy = "split it into helpers, write a loop, or define functions that call each other at module level"
        raise UnsupportedSyntax(message, place=source.place(tree), remedy=remedy) from None


def _core(resolved: Resolved) -> Program:
    tree = resolved.tree
    index_loops(resolved, structures(resolved))
    tuples = structures(resolved)
    normalise_calls(resolved, tuples)
    structured = structure_exits(flatten(resolved, tuples), resolved)
    body, base = to_ssa(structured, resolved)
    core = gast.FunctionDef(tree.name, tree.args, body, [], None, None, [])
    program = Program(
        build.located(core, tree),
        resolved.source,
        resolved.constants,
        resolved.helpers,
        base,
        structured.returns,
        tuple(resolved.parameters),
        resolved.result,
    )
    check(program, "frontend")
    return program
