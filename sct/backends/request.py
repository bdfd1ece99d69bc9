"""A derivative that was asked for: of which function, in which mode, for which arguments."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

from numba import typeof
from numba.core import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaError
from numba.core.registry import CPUDispatcher

from sct.backends import cache
from sct.errors import NotDifferentiable, Place, SctError, TypeProblem, UnsupportedCall, UnsupportedSyntax


@dataclass(frozen=True)
class Request:
    """`mode` is grad, value_and_grad, vjp or jvp; `argnums` an int, or a tuple if the result is to be one."""

    function: Any
    mode: str
    argnums: int | tuple[int, ...]
    plan: str = "default"

    @property
    def _sct_identity(self) -> tuple[Any, ...]:
        """What the generated text depends on, apart from the argument types."""
        return self.function, self.mode, self.argnums, self.plan

    @cached_property
    def python(self) -> FunctionType:
        """The Python function with the argument list of `function`."""
        return python_function(self.function)

    @cached_property
    def parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.python, follow_wrapped=False).parameters.values())

    def normalised(self) -> Request:
        """The same with non-negative argnums, or an error if they name no argument."""
        for parameter in self.parameters:
            if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
                message = f"{self.python.__name__} takes {parameter}; only ordinary arguments can be differentiated"
                raise self.problem(UnsupportedSyntax, message, "give the function a fixed list of positional arguments")
        several = isinstance(self.argnums, tuple)
        chosen = tuple(self._position(number) for number in (self.argnums if several else [self.argnums]))
        return Request(self.function, self.mode, chosen if several else chosen[0], self.plan)

    def _position(self, number: Any) -> int:
        count = len(self.parameters)
        if isinstance(number, bool) or not isinstance(number, int) or not -count <= number < count:
            takes = f"{self.python.__name__} has {count} argument{'s' if count != 1 else ''}"
            remedy = "argnums is an int, or a tuple of ints, that count the arguments from 0"
            raise self.problem(NotDifferentiable, f"argnums={self.argnums!r}, but {takes}", remedy)
        return number % count

    def argtypes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[types.Type, ...]:
        """The Numba types of a call; `types.Omitted` where a default is taken."""
        given = inspect.signature(self.python, follow_wrapped=False).bind(*args, **kwargs).arguments
        return tuple(
            numba_type(given[p.name]) if p.name in given else types.Omitted(p.default) for p in self.parameters
        )

    @global_compiler_lock
    def module(self, argtypes: tuple[types.Type, ...]) -> ModuleType:
        """The generated module for arguments of these types; its `_entry` is the compiled function."""
        self.check(argtypes)
        options = {"mode": self.mode, "argnums": self.argnums, "plan": self.plan, "compile": cache.COMPILE}
        key = cache.key(self.function, argtypes, options)
        return cache.load(f"{self.python.__name__}_{self.mode}", key, lambda: self._generate(argtypes))

    def _generate(self, argtypes: tuple[types.Type, ...]) -> cache.Generated:
        from sct import pipeline  # a warm start never needs the compiler

        inner = getattr(self.function, "request", None)
        function = self.function if inner is None else inner.module(argtypes)._entry.py_func
        return pipeline.generate(function, argtypes, self.mode, self.argnums, plan=self.plan)

    def check(self, argtypes: tuple[types.Type, ...]) -> None:
        """Refuse arguments that no program can have, and derivatives with respect to what is not a float."""
        chosen = self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
        for position, (parameter, argtype) in enumerate(zip(self.parameters, argtypes, strict=True)):
            what = f"argument {parameter.name!r} of {self.python.__name__}"
            kind = REFUSED.get(type(argtype))
            if kind is not None:
                remedy = f"pass a number, an array or a tuple of those, as in np.array({parameter.name})"
                raise self.problem(TypeProblem, f"{what} is {kind}", remedy)
            if position in chosen and not has_floats(argtype):
                remedy = f"pass a float, or leave {position} out of argnums"
                raise self.problem(NotDifferentiable, f"{what} is of type {argtype}, which has no derivative", remedy)

    def problem(self, kind: type[SctError], message: str, remedy: str) -> SctError:
        """An error about the function as a whole, placed at its first line."""
        code = self.python.__code__
        line = linecache.getline(code.co_filename, code.co_firstlineno)
        place = Place(code.co_filename, code.co_firstlineno, len(line) - len(line.lstrip()), line)
        return kind(message, place=place, remedy=remedy)


REFUSED = {
    types.PyObject: "an object that Numba does not know",
    types.UnicodeType: "a string",
    types.List: "a list",
    types.LiteralList: "a list",
    types.ListType: "a typed list",
    types.Set: "a set",
    types.DictType: "a dictionary",
}


def has_floats(argtype: types.Type) -> bool:
    """Whether values of this type can be differentiated: floats, arrays of them and tuples that hold some."""
    if isinstance(argtype, types.Omitted):
        return has_floats(numba_type(argtype.value))
    if isinstance(argtype, types.BaseTuple):
        return any(has_floats(each) for each in argtype.types)
    return isinstance(getattr(argtype, "dtype", argtype), types.Float)


def python_function(function: Callable[..., Any]) -> FunctionType:
    """The Python function behind what the user gave: a function, a Numba dispatcher or a derivative."""
    if hasattr(function, "request"):
        return function.request.python
    if isinstance(function, CPUDispatcher):
        return function.py_func
    if isinstance(function, FunctionType):
        return function
    name = getattr(function, "__qualname__", None) or repr(function)
    remedy = "wrap it in a Python function: def f(x): return ..."
    raise UnsupportedCall(f"{name} is not a Python function, so its source cannot be differentiated", remedy=remedy)


def numba_type(value: Any) -> types.Type:
    """The Numba type of a value; `pyobject` if it has none."""
    try:
        return typeof(value)
    except (NumbaError, ValueError):
        return types.pyobject
