"""Typing-only dispatchers: helper functions that Numba can type from a caller but never compiles."""

from __future__ import annotations

from collections import defaultdict
from types import FunctionType, SimpleNamespace
from typing import Any

from numba.core import compiler, ir, sigutils, types, typing
from numba.core.compiler_machinery import AnalysisPass, FunctionPass, register_pass
from numba.core.ir_utils import get_definition, guard
from numba.core.registry import CPUDispatcher, cpu_target
from numba.core.typed_passes import NopythonTypeInference
from numba.core.untyped_passes import RewriteSemanticConstants


@register_pass(mutates_CFG=False, analysis_only=False)
class _AxesOfNumbers(FunctionPass):
    """`x.ndim` is 0 where the argument `x` is a number, so that Numba decides branches on it."""

    _name = "sct_axes_of_numbers"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        made = [s for b in state.func_ir.blocks.values() for s in b.find_insts(ir.Assign) if _is_rank_of_number(s.value, state)]
        for stmt in made:
            stmt.value = ir.Const(0, stmt.loc)
            state.func_ir._definitions[stmt.target.name] = [stmt.value]
        return bool(made)


def _is_rank_of_number(value: Any, state: Any) -> bool:
    if getattr(value, "op", None) != "getattr" or value.attr != "ndim":
        return False
    of = guard(get_definition, state.func_ir, value.value)
    return isinstance(of, ir.Arg) and isinstance(state.args[of.index], types.Number | types.Boolean)


@register_pass(mutates_CFG=False, analysis_only=True)
class _Stop(AnalysisPass):
    """Ends the pipeline after type inference with what is known then."""

    _name = "sct_stop_after_inference"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        raise compiler._EarlyPipelineCompletion((state.typemap, state.return_type))


class _InferenceOnly(compiler.CompilerBase):
    """Numba's pipeline up to type inference."""

    def define_pipelines(self) -> list[Any]:
        pipeline = compiler.DefaultPassBuilder.define_untyped_pipeline(self.state, "sct_inference")
        pipeline.add_pass_after(_AxesOfNumbers, RewriteSemanticConstants)
        pipeline.add_pass(NopythonTypeInference, "nopython frontend")
        pipeline.add_pass(_Stop, "stop after inference")
        pipeline.finalize()
        return [pipeline]


def type_function(function: FunctionType, argtypes: tuple[types.Type, ...]) -> tuple[dict[str, types.Type], types.Type]:
    """Numba's type of every variable of `function`, and of its result."""
    flags = compiler.Flags()
    flags.nrt = True
    context, target = cpu_target.typing_context, cpu_target.target_context
    context.refresh()
    target.refresh()
    return compiler.compile_extra(context, target, function, argtypes, None, flags, {}, pipeline_class=_InferenceOnly)


_NOT_COMPILED = SimpleNamespace(fndesc=SimpleNamespace(modname="sct", qualname="not_compiled", uid=0))
"""What Numba asks of a recursive call with types other than those of the calls that it is in the middle of."""


class TypedOnly(CPUDispatcher):
    """A dispatcher that gives callers its result type and is never compiled."""

    def __init__(self, function: FunctionType) -> None:
        super().__init__(function)
        self.known: dict[tuple[types.Type, ...], typing.Signature] = {}
        self.overloads = defaultdict(lambda: _NOT_COMPILED)

    @property
    def nopython_signatures(self) -> list[typing.Signature]:
        return list(self.known.values())

    def compile(self, sig: Any) -> None:
        argtypes, _ = sigutils.normalize_signature(sig)
        if argtypes not in self.known:
            with self._compiling_counter:
                _, result = type_function(self.py_func, argtypes)
            self.known[argtypes] = typing.signature(result, *argtypes)
