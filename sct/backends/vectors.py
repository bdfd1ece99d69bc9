"""A pass of Numba's pipeline that calls the functions of `sct.vectors` in place of those of the C library."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numba.core import ir, types
from numba.core.compiler_machinery import FunctionPass, register_pass

from sct.vectors import FAMILIES


@register_pass(mutates_CFG=False, analysis_only=False)
class VectorFunctions(FunctionPass):
    """Replaces the calls that `_vectors` of the module names, as pairs of a line and a function, where they are of a float64."""

    _name = "sct_vector_functions"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        places = state.func_id.func.__globals__["_vectors"]
        for block in state.func_ir.blocks.values() if places else ():
            made: list[ir.Stmt] = []
            for stmt in block.body:
                name = _name_of(state, getattr(stmt, "value", None))
                if (stmt.loc.line, name) in places:
                    made.append(_replace(state, block, stmt, name))
                made.append(stmt)
            block.body[:] = made
        return True


def _name_of(state: Any, call: Any) -> str | None:
    """The function of `math`, NumPy or SciPy that an expression calls with a float64."""
    if not (isinstance(call, ir.Expr) and call.op == "call" and state.calltypes[call].args == (types.float64,)):
        return None
    called = getattr(state.typemap[call.func.name], "typing_key", None)
    return called.__name__ if isinstance(called, np.ufunc) or getattr(called, "__module__", None) == "math" else None


def _replace(state: Any, block: ir.Block, stmt: ir.Assign, name: str) -> ir.Assign:
    """Let a statement call the vector function of this name, which the statement made for it here holds."""
    function = getattr(import_module(f"sct.vectors.{FAMILIES[name]}"), name)
    kind = types.Dispatcher(function)
    variable = block.scope.redefine("$vector", stmt.loc)
    state.typemap[variable.name] = kind
    state.calltypes.pop(stmt.value)
    stmt.value = ir.Expr.call(variable, stmt.value.args, (), stmt.loc)
    state.calltypes[stmt.value] = kind.get_call_type(state.typingctx, (types.float64,), {})
    return ir.Assign(ir.Global(name, function, stmt.loc), variable, stmt.loc)
