"""The frontend on one screen."""

from __future__ import annotations

from typing import Any

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.calls import normalise_calls
from sct.frontend.desugar import desugar
from sct.frontend.exits import structure_exits
from sct.frontend.flatten import flatten
from sct.frontend.helpers import Helpers
from sct.frontend.loops import index_loops
from sct.frontend.refuse import refuse
from sct.frontend.resolve import resolve
from sct.frontend.source import read
from sct.frontend.ssa import to_ssa
from sct.frontend.structure import structures
from sct.ir.check import check
from sct.ir.program import Program, Source


def load_program(function: Any) -> Program:
    """The core program of a function, lambda, closure or Numba dispatcher."""
    tree, source = read(function)
    try:
        return _load(tree, source)
    except RecursionError:
        message = "the function is nested too deeply"
        raise UnsupportedSyntax(message, place=source.place(tree), remedy="split it into helpers") from None


def _load(tree: gast.FunctionDef, source: Source) -> Program:
    refuse(tree, source)
    desugar(tree, source)
    resolved, helpers = resolve(tree, source), Helpers()
    index_loops(resolved, structures(resolved, helpers))
    tuples = structures(resolved, helpers)
    normalise_calls(resolved, tuples)
    structured = structure_exits(flatten(resolved, helpers, tuples), resolved)
    body, base = to_ssa(structured, resolved)
    core = gast.FunctionDef(tree.name, resolved.tree.args, body, [], None, None, [])
    program = Program(build.located(core, tree), source, resolved.constants, resolved.helpers, base, structured.returns)
    check(program, "frontend")
    return program
