"""Types of functions that Numba never compiles: of their own variables, and where they are called."""

from __future__ import annotations

import hashlib
import marshal
from collections import defaultdict
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
from numba import typeof
from numba.core import compiler, ir, sigutils, types, typing
from numba.core.compiler_machinery import AnalysisPass, FunctionPass, register_pass
from numba.core.ir_utils import get_definition, guard
from numba.core.registry import CPUDispatcher, cpu_target
from numba.core.typed_passes import NopythonTypeInference
from numba.core.untyped_passes import RewriteSemanticConstants

from sct.backends.passes import FASTMATH, quickened


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
        quickened(pipeline)
        pipeline.add_pass_after(_AxesOfNumbers, RewriteSemanticConstants)
        pipeline.add_pass(NopythonTypeInference, "nopython frontend")
        pipeline.add_pass(_Stop, "stop after inference")
        pipeline.finalize()
        return [pipeline]


Found = tuple[dict[str, types.Type], types.Type]

_KNOWN: dict[Any, Found] = {}
"""Lowering leaves many texts as they were, and many derivatives start from the same functions: these are typed once."""
_MOST_KNOWN = 4096


def type_function(function: FunctionType, argtypes: tuple[types.Type, ...]) -> Found:
    """Numba's type of every variable of `function`, and of its result; what it calls is typed only where that is not known."""
    means = meaning(function)
    if means is None:
        return find_types(function, argtypes)
    key = means, tuple(argtypes)
    if key not in _KNOWN:
        found = find_types(function, argtypes)
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = found
    return _KNOWN[key]


def find_types(function: FunctionType, argtypes: tuple[types.Type, ...]) -> Found:
    """The same, found anew."""
    context, target = cpu_target.typing_context, cpu_target.target_context
    context.refresh()
    target.refresh()
    return compiler.compile_extra(context, target, function, argtypes, None, _flags(), {}, pipeline_class=_InferenceOnly)


@cache
def _flags() -> compiler.Flags:
    """Those of most generated files: what Numba compiles to type a call is then what they call."""
    flags = compiler.Flags()
    cpu_target.options.parse_as_flags(flags, {"nopython": True, "error_model": "numpy", "fastmath": set(FASTMATH)})
    return flags


def meaning(function: FunctionType) -> tuple[Any, ...] | None:
    """All that decides the types in a function: its code, what its globals are, and the same of the helpers that it calls.

    None for one that calls itself: what Numba finds for it while it types its caller may rest on half of the truth.
    """
    found, parts = [function], []
    for each in found:  # which grows by helpers, each once
        space, code = each.__globals__, each.__code__
        plain = code.replace(co_filename="", co_firstlineno=1, co_linetable=b"")
        known: list[Any] = [hashlib.blake2b(marshal.dumps(plain, 0)).digest()]
        for name in sorted(set(code.co_names) & space.keys()):
            value = space[name]
            if not isinstance(value, TypedOnly):
                known.append((name, _constant(value)))
                continue
            if value.py_func is function:
                return None
            if value.py_func not in found:
                found.append(value.py_func)
            known.append((name, found.index(value.py_func)))
        parts.append(tuple(known))
    return tuple(parts)


def _constant(value: Any) -> Any:
    """Numbers also decide which branches Numba takes; of an array only its type counts."""
    return str(typeof(value)) if isinstance(value, np.ndarray) else (type(value).__name__, repr(value))


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
