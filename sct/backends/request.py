"""A derivative that was asked for: of which function, in which mode, for which arguments."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

from numba import typeof
from numba.core import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaError
from numba.core.registry import CPUDispatcher

from sct.backends import cache
from sct.backends.garbage import uncollected
from sct.backends.values import carried
from sct.custom import BARE
from sct.errors import NotDifferentiable, Place, SctError, TypeProblem, UnsupportedCall, UnsupportedSyntax
from sct.tree import each


@dataclass(frozen=True)
class Request:
    """`mode` and `parallel` are those of `sct.pipeline.generate`; `argnums` an int, or a tuple if the result is to be one;
    `fastmath` Numba's flags, or None for those that suit the function."""

    function: Any
    mode: str
    argnums: int | tuple[int, ...]
    plan: str = "default"
    fastmath: tuple[str, ...] | None = None
    parallel: bool = False

    @property
    def _sct_identity(self) -> tuple[Any, ...]:
        """What its derivative depends on, apart from the argument types: `_generate` differentiates the text without threads."""
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
            last = parameter is self.parameters[-1]
            if parameter.kind is parameter.VAR_KEYWORD or (parameter.kind is parameter.VAR_POSITIONAL and not last):
                message = f"{self.python.__name__} takes {parameter}, which cannot be differentiated here"
                remedy = "name every parameter, or let `*args` be the last one"
                raise self.problem(UnsupportedSyntax, message, remedy)
        several = isinstance(self.argnums, tuple)
        chosen = tuple(self._position(number) for number in (self.argnums if several else [self.argnums]))
        return replace(self, argnums=chosen if several else chosen[0])

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
            numba_type(given[p.name]) if p.name in given else numba_type(()) if _is_rest(p) else types.Omitted(p.default)
            for p in self.parameters
        )

    @global_compiler_lock
    def module(self, argtypes: tuple[types.Type, ...]) -> ModuleType:
        """The generated module for arguments of these types; its `_entry` is the compiled function."""
        pairs = zip(self.parameters, argtypes, strict=True)
        argtypes = tuple(types.Omitted(p.default) if isinstance(t, types.Omitted) else t for p, t in pairs)
        self.check(argtypes)
        options = {"mode": self.mode, "argnums": self.argnums, "plan": self.plan}
        options |= {"fastmath": self.fastmath, "parallel": self.parallel, "compile": cache.options()}
        key = cache.key(self.function, argtypes, options)
        return cache.load(f"{self.python.__name__}_{self.mode}", key, lambda: self._generate(argtypes), self.fastmath)

    @uncollected
    def _generate(self, argtypes: tuple[types.Type, ...]) -> cache.Generated:
        from sct import pipeline  # a warm start never needs the compiler

        return pipeline.generate(self._primal(argtypes), argtypes, self.mode, self.argnums, self.plan, self.parallel)

    def report(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """What the derivative for these arguments keeps for its reverse sweep."""
        from sct import pipeline
        from sct.report import report

        argtypes = self.argtypes(args, kwargs)
        self.check(argtypes)
        made = pipeline.derived(self._primal(argtypes), argtypes, self.mode, self.argnums, self.plan, self.parallel)
        given = inspect.signature(self.python, follow_wrapped=False).bind(*args, **kwargs)
        given.apply_defaults()
        return report(made, self.mode, tuple(given.arguments.values()), self.parallel)

    def _primal(self, argtypes: tuple[types.Type, ...]) -> Callable[..., Any]:
        """The function to differentiate: of a derivative, the generated one."""
        inner = getattr(self.function, "request", None)
        if inner is not None and BARE in cache.text_of(inner.module(argtypes)):
            remedy = "let its rule call other functions than the one that it is for"
            message = f"{self.python.__name__} calls a function with a derivative of its own, whose rule calls that again"
            raise self.problem(NotDifferentiable, f"{message}: its second derivative is not known", remedy)
        return self.function if inner is None else replace(inner, parallel=False).module(argtypes)._entry.py_func

    def check(self, argtypes: tuple[types.Type, ...]) -> None:
        """Refuse arguments that no program can have, and derivatives with respect to what is not a float."""
        chosen = self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
        for position, (parameter, argtype) in enumerate(zip(self.parameters, argtypes, strict=True)):
            what = f"argument {parameter.name!r} of {self.python.__name__}"
            kind = _refused(argtype)
            if kind is not None:
                remedy = REMEDIES.get(kind, f"pass a number, an array or a tuple of those, as in np.array({parameter.name})")
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


FUNCTION, STRING, HALF = "an object that Numba does not know", "a string that only the run knows", "in half precision"
REFUSED = {
    types.PyObject: FUNCTION,
    types.UnicodeType: STRING,
    types.List: "a list",
    types.LiteralList: "a list",
    types.ListType: "a typed list",
    types.Set: "a set",
    types.DictType: "a dictionary",
    types.Record: "a record",
    types.Complex: "a complex number",
    types.ClassInstanceType: "an instance of a jitclass",
}
REMEDIES = {
    FUNCTION: "pass numbers, arrays and tuples; a function must be compiled with numba.njit",
    STRING: "make it the default of the parameter, or fix it in a function of your own: `lambda x: f(x, 'kind')`",
    HALF: "pass float32 or float64",
    "a complex number": "pass its real and imaginary parts as two floats",
    "a record": "pass its fields in a named tuple",
    "an instance of a jitclass": "pass its fields in a named tuple",
    "a typed list": "pass a tuple of arrays, or one array with one more axis",
}


def _refused(argtype: types.Type) -> str | None:
    """Why values of a type, or the default that is taken, cannot be arguments."""
    if isinstance(argtype, types.Omitted):
        fixed = each(carried, argtype.value)
        return None if fixed is None else _refused(numba_type(fixed))
    if isinstance(argtype, types.BaseTuple):
        return next((kind for kind in map(_refused, argtype.types) if kind is not None), None)
    dtype = getattr(argtype, "dtype", argtype)
    return HALF if dtype == types.float16 else REFUSED.get(type(argtype)) or REFUSED.get(type(dtype))


def _is_rest(parameter: inspect.Parameter) -> bool:
    return parameter.kind is parameter.VAR_POSITIONAL


def has_floats(argtype: types.Type) -> bool:
    """Whether values of this type can be differentiated: floats, arrays of them and tuples that hold some."""
    if isinstance(argtype, types.Omitted):
        return has_floats(numba_type(argtype.value))
    if isinstance(argtype, types.BaseTuple):
        return any(has_floats(each) for each in argtype.types)
    return isinstance(getattr(argtype, "dtype", argtype), types.Float)


def uses_prange(function: Callable[..., Any]) -> bool:
    """Whether the user's function names Numba's parallel loops."""
    return "prange" in python_function(function).__code__.co_names


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
