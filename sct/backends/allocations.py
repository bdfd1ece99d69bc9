"""A pass of Numba's pipeline: new arrays are made in place, without a function compiled for each kind of them.

Numba types `np.zeros(n)` by compiling three functions, anew for every rank, type and set of options: 40 to 120 ms each, in which
neither the types nor the instructions for them are in doubt. The functions here are typed by Numba's rules, and write the
instructions of Numba's own `_empty_nd_impl` where the call stands.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, ir, types
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.errors import TypingError
from numba.core.ir_utils import find_callname, guard
from numba.core.typing.npydecl import parse_dtype, parse_shape
from numba.extending import intrinsic


def _new(shape: types.Type, dtype: types.Type | None) -> types.Type:
    """What `np.empty` returns."""
    plain = dtype is None or cgutils.is_nonelike(dtype) or getattr(dtype, "typing_key", None) is float
    kind, ndim = types.float64 if plain else parse_dtype(dtype), parse_shape(shape)
    if kind is None or ndim is None:
        raise TypingError(f"Cannot parse input types to function np.empty({shape}, {dtype})")
    return types.Array(kind, ndim, "C")


def _like(array: types.Type, dtype: types.Type | None) -> types.Type:
    """What `np.empty_like` returns."""
    kind = getattr(array, "dtype", array) if dtype is None or cgutils.is_nonelike(dtype) else parse_dtype(dtype)
    if kind is None:
        raise TypingError(f"Cannot parse input types to function np.empty_like({array}, {dtype})")
    if not isinstance(array, types.Array):
        return types.Array(kind, 0, "C")
    return array.copy(dtype=kind, layout="F" if array.layout == "F" else "C", readonly=False)


def _allocation(name: str, kind: Any, shape_of: str) -> dict[int, Any]:
    """The functions that Numba calls for one of NumPy's, by their number of arguments."""

    def made(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        from numba.np import arrayobj

        array_type, shape = getattr(arrayobj, shape_of)(context, builder, sig, args)
        array = arrayobj._empty_nd_impl(context, builder, array_type, shape)
        if name.startswith("zeros"):
            cgutils.memset(builder, array.data, builder.mul(array.itemsize, array.nitems), 0)
        return array._getvalue()

    def plain(typingctx, first):
        return kind(first, None)(first), made

    def of_type(typingctx, first, dtype):
        return kind(first, dtype)(first, dtype), made

    plain.__name__ = of_type.__name__ = name
    return {1: intrinsic(plain), 2: intrinsic(of_type)}


MADE = {name: _allocation(name, _new, "_parse_empty_args") for name in ("empty", "zeros")}
MADE |= {name: _allocation(name, _like, "_parse_empty_like_args") for name in ("empty_like", "zeros_like")}
"""By the name in NumPy and the number of arguments."""


@register_pass(mutates_CFG=False, analysis_only=False)
class Allocations(FunctionPass):
    """Calls the functions of `MADE` in place of NumPy's."""

    _name = "sct_allocations"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        changed = False
        for block in state.func_ir.blocks.values():
            made: list[ir.Stmt] = []
            for stmt in block.body:
                function = _function(state.func_ir, getattr(stmt, "value", None))
                if function is not None:
                    made.append(_called(state.func_ir, block, stmt, function))
                made.append(stmt)
            changed |= len(made) > len(block.body)
            block.body[:] = made
        return changed


def _function(func_ir: ir.FunctionIR, call: Any) -> Any:
    """What an expression is to call instead; None for what stays as it is."""
    if not (isinstance(call, ir.Expr) and call.op == "call") or call.kws or call.vararg is not None:
        return None
    name, module = guard(find_callname, func_ir, call) or ("", "")
    return MADE.get(name, {}).get(len(call.args)) if module == "numpy" else None


def _called(func_ir: ir.FunctionIR, block: ir.Block, stmt: ir.Assign, function: Any) -> ir.Assign:
    """Let a statement call `function`, which the statement made for it here holds."""
    variable = block.scope.redefine("$allocation", stmt.loc)
    value = ir.Global(function.__name__, function, stmt.loc)
    old = stmt.value
    stmt.value = ir.Expr.call(variable, old.args, (), stmt.loc)
    func_ir._definitions[variable.name] = [value]
    func_ir._definitions[stmt.target.name] = [stmt.value if d is old else d for d in func_ir._definitions[stmt.target.name]]
    return ir.Assign(value, variable, stmt.loc)
