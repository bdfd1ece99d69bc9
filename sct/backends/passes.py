"""Numba's pipeline with the passes of sct, by which generated files are compiled. Their footer says what the passes need."""

from __future__ import annotations

from typing import Any

from numba.core.compiler import CompilerBase, DefaultPassBuilder, PassManager
from numba.core.typed_passes import NopythonRewrites, NopythonTypeInference
from numba.core.untyped_passes import InlineClosureLikes, LiteralPropagationSubPipelinePass, ReconstructSSA

from sct.backends.allocations import Allocations
from sct.backends.quick import OneAssignment, WithoutArrayExpressions, WithoutClosures
from sct.backends.unsigned import UnsignedSubscripts
from sct.backends.vectors import VectorFunctions

FASTMATH = ("reassoc", "contract", "nsz", "arcp")
"""What LLVM may do to floats; not the first, which regroups sums, in functions whose sums have an order that matters."""

QUICK = {
    InlineClosureLikes: WithoutClosures,
    ReconstructSSA: OneAssignment,
    NopythonRewrites: WithoutArrayExpressions,
}
"""Passes of Numba, and those that stand in for them."""


class Passes(CompilerBase):
    """Numba's own pipeline, with three passes more."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        quickened(passes)
        passes.add_pass_after(UnsignedSubscripts, NopythonTypeInference)
        passes.add_pass_after(VectorFunctions, UnsignedSubscripts)
        passes.finalize()
        return [passes]


def quickened(passes: PassManager) -> None:
    """Let a pipeline of Numba take the passes that take less time, and make arrays without compiling functions for that."""
    passes.passes = [(QUICK.get(each, each), what) for each, what in passes.passes]
    passes.add_pass_after(Allocations, LiteralPropagationSubPipelinePass)
