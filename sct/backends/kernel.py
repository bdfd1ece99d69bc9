"""Raw derivatives with explicit tangents or adjoints, as Numba dispatchers."""

from __future__ import annotations

import inspect
from typing import Any

from numba.core import sigutils
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher

from sct.backends.cpu import Derivative, compiled
from sct.backends.request import Request


class Kernel(Derivative):
    """The arguments of the function, then the tangents or adjoints of those that `argnums` names."""

    def __init__(self, request: Request) -> None:
        names = [p.name for p in request.parameters]
        suffix = "dot" if request.mode == "tangent" else "bar"
        parts = [f"{names[k]}_{suffix}" for k in request.argnums]
        space = dict[str, Any]()
        exec(f"def stub({', '.join([*names, *parts])}): raise NotImplementedError", space)
        CPUDispatcher.__init__(self, space["stub"])
        self.request = request
        self.__signature__ = inspect.signature(space["stub"])

    @global_compiler_lock
    def compile(self, sig: Any) -> Any:
        argtypes, _ = sigutils.normalize_signature(sig)
        if argtypes not in self.overloads:
            with self._compiling_counter:
                own = argtypes[: len(self.request.parameters)]
                self.add_overload(compiled(self.request, own, argtypes).overloads[argtypes])
        return self.overloads[argtypes].entry_point
