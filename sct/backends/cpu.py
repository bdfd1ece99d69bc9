"""A derivative as a Numba dispatcher: called from Python at Numba's speed, and from the user's own compiled code."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from numba import cloudpickle
from numba.core import sigutils, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaError
from numba.core.registry import CPUDispatcher

from sct.backends import cache
from sct.backends.request import Request
from sct.errors import TypeProblem


class Derivative(CPUDispatcher):
    """The gradient of a function. For new argument types Numba asks `compile`, which generates and compiles them."""

    def __init__(self, request: Request) -> None:
        super().__init__(_without_body(request.python))
        self.request = request

    @property
    def primal(self) -> Callable[..., Any]:
        """The function that was differentiated, as it was given."""
        return self.request.function

    @property
    def _sct_identity(self) -> tuple[Any, ...]:
        return self.request._sct_identity

    def source(self, *args: Any, **kwargs: Any) -> str:
        """The generated Python text for arguments like these."""
        return cache.text_of(self.request.module(self.request.argtypes(args, kwargs)))

    @global_compiler_lock
    def compile(self, sig: Any) -> Any:
        """Make the specialisation for `sig` known to this dispatcher; its entry point."""
        argtypes, _ = sigutils.normalize_signature(sig)
        if argtypes not in self.overloads:
            with self._compiling_counter:
                self.add_overload(compiled(self.request, argtypes, argtypes).overloads[argtypes])
        return self.overloads[argtypes].entry_point

    def __reduce__(self) -> tuple[Any, ...]:
        request = self.request
        return _unpickled, (cloudpickle.dumps(request.function), request.mode, request.argnums, request.plan)


def _without_body(function: FunctionType) -> FunctionType:
    """A function with the argument list of `function`, by which Numba binds arguments; not to be taken for its text."""
    code, space = function.__code__, dict[str, Any]()
    exec(f"def stub({', '.join(code.co_varnames[: code.co_argcount])}): raise NotImplementedError", space)
    stub = functools.update_wrapper(space["stub"], function)
    stub.__defaults__ = function.__defaults__
    return stub


def compiled(request: Request, argtypes: tuple[types.Type, ...], calltypes: tuple[types.Type, ...]) -> CPUDispatcher:
    """The generated function for primal arguments of `argtypes`, compiled for a call with `calltypes`."""
    module = request.module(argtypes)
    try:
        module._entry.compile(calltypes)
    except NumbaError as error:
        problem = TypeProblem(
            f"the generated file {module.__file__} does not compile: {str(error).strip()}",
            remedy="please report this with the file; it is a fault of sct",
        )
    else:
        return module._entry
    raise problem from None


def _unpickled(function: bytes, mode: str, argnums: int | tuple[int, ...], plan: str) -> Derivative:
    return Derivative(Request(cloudpickle.loads(function), mode, argnums, plan))
