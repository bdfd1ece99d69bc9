"""A derivative as a Numba dispatcher: called from Python at Numba's speed, and from the user's own compiled code."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from numba import cloudpickle
from numba.core import sigutils, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaError
from numba.core.registry import CPUDispatcher

from sct.backends import cache
from sct.backends.garbage import uncollected
from sct.backends.request import Request
from sct.backends.values import carried
from sct.errors import TypeProblem
from sct.tree import each


class Derivative(CPUDispatcher):
    """The gradient of a function. For new argument types Numba asks `compile`, which generates and compiles them."""

    def __init__(self, request: Request) -> None:
        super().__init__(_without_body(request.python))
        self.request = request
        self.__signature__ = inspect.signature(request.python)

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

    def report(self, *args: Any, **kwargs: Any) -> None:
        """Print what the derivative for arguments like these keeps for its reverse sweep: per value and array whether it is still
        there, made again, read back or saved, with the bytes where these arguments tell them, and per loop of the function's own
        block whether it runs forward and backward together, and among threads."""
        print(self.request.report(args, kwargs))

    def typeof_pyval(self, val: Any) -> types.Type:
        """What Numba refuses to type is an object like others that it does not know."""
        try:
            return super().typeof_pyval(val)
        except NumbaError:
            return types.pyobject

    def _make_finalizer(self) -> Callable[[], None]:
        """What Numba calls when this object is gone: nothing, for the module keeps the compiled functions."""
        return lambda: None

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
        options = (request.mode, request.argnums, request.plan, request.fastmath, request.parallel)
        return _unpickled, (cloudpickle.dumps(request.function), *options)


def _without_body(function: FunctionType) -> FunctionType:
    """A function with the argument list of `function`, by which Numba binds arguments; not to be taken for its text."""
    parameters, space = inspect.signature(function).parameters.values(), dict[str, Any]()
    names = [f"*{p.name}" if p.kind is p.VAR_POSITIONAL else p.name for p in parameters]
    exec(f"def stub({', '.join(names)}): raise NotImplementedError", space)
    stub = functools.update_wrapper(space["stub"], function)
    del stub.__wrapped__  # or Numba would bind by the user's list, with its keyword-only parameters
    stub.__defaults__ = each(carried, _trailing(parameters))
    stub.__kwdefaults__ = None
    return stub


def _trailing(parameters: Iterable[inspect.Parameter]) -> tuple[Any, ...]:
    """The defaults at the end of a list in which keyword-only parameters are ordinary ones."""
    found: tuple[Any, ...] = ()
    for parameter in parameters:
        if parameter.kind is not parameter.VAR_POSITIONAL:
            found = () if parameter.default is parameter.empty else (*found, parameter.default)
    return found


@uncollected
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


def _unpickled(function: bytes, mode: str, *options: Any) -> Derivative:
    request = Request(cloudpickle.loads(function), mode, *options)
    if mode in ("tangent", "adjoint"):
        from sct.backends.kernel import Kernel

        return Kernel(request)
    return Derivative(request)
