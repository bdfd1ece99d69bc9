"""Numba's pipeline with the passes of sct, by which generated files are compiled. Their footer says what the passes need."""

from __future__ import annotations

from typing import Any

from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.typed_passes import NopythonTypeInference

from sct.backends.unsigned import UnsignedSubscripts
from sct.backends.vectors import VectorFunctions


class Passes(CompilerBase):
    """Numba's own pipeline, with two passes more."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(UnsignedSubscripts, NopythonTypeInference)
        passes.add_pass_after(VectorFunctions, UnsignedSubscripts)
        passes.finalize()
        return [passes]
