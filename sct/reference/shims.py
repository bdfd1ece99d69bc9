"""Interpret an unmodified function with Numbers in place of floats.

`rebuild(f)` makes a copy of `f`, and of every helper it reaches, in which the names that would lose a derivative mean
something else: `math` and `numpy` (under whatever alias, or their functions imported by name), `float`, and Numba
dispatchers, which become the Python functions they were made from. The code itself is not touched: a function object
is code plus globals plus closure, and only the last two are exchanged. Nested functions, lambdas and comprehensions
follow, because they look names up in the same globals.

Nothing falls through in silence: a Number has no `__float__`, so a function that is not known here and wants a plain
float raises TypeError.
"""

from __future__ import annotations

import builtins
import functools
import math
import types

import numpy as np

from sct.reference import linalg
from sct.reference.formulas import FORMULAS, MATH_NAMES
from sct.reference.functions import FUNCTIONS
from sct.reference.number import Array, Number, array_of, as_array, call, constant, values
from sct.runtime import stop_gradient
from sct.tree import each


def rebuild(f):
    """`f` as a function of Numbers and Arrays, as well as of plain values and of other functions."""
    translate = _Rebuilder().translate
    return lambda *args: translate(f)(*(each(translate, x) for x in args))


class _Rebuilder:
    """Translates the objects that a program's names stand for. Each function is rebuilt once, so recursion closes."""

    def __init__(self) -> None:
        self.done: dict[int, tuple] = {}

    def translate(self, thing):
        """What `thing` stands for when the program computes with Numbers."""
        known = self.done.get(id(thing))
        if known is not None:
            return known[1]
        if isinstance(thing, tuple):
            return each(self.translate, thing)
        if isinstance(thing, types.ModuleType):
            return self._keep(thing, _Module(thing, self.translate))
        shim = SHIMS.get(thing) if callable(thing) and _is_hashable(thing) else None
        if shim is not None:
            return shim
        if getattr(thing, "__module__", None) == "scipy.special._basic" and thing.__name__ in FORMULAS:
            return _named(thing.__name__)
        if _belongs_to_numpy(thing):
            return _numpy_function(thing)
        if isinstance(getattr(thing, "py_func", None), types.FunctionType):
            thing = thing.py_func
        if isinstance(thing, types.FunctionType):
            return self._function(thing)
        if isinstance(thing, np.ndarray) and thing.dtype.kind == "f":
            return self._keep(thing, as_array(thing))  # a copy of it must be able to hold Numbers
        return thing

    def _keep(self, thing, translated):
        self.done[id(thing)] = (thing, translated)  # `thing` is kept alive: its id must stay its own
        return translated

    def _function(self, f: types.FunctionType) -> types.FunctionType:
        if id(f) in self.done:
            return self.done[id(f)][1]
        names = {"__builtins__": builtins.__dict__, "__name__": f.__module__}
        cells = None if f.__closure__ is None else tuple(map(self._cell, f.__closure__))
        copy = types.FunctionType(f.__code__, names, f.__name__, None, cells)
        self._keep(f, copy)
        copy.__defaults__ = self.translate(f.__defaults__)
        copy.__kwdefaults__ = f.__kwdefaults__ and {n: self.translate(v) for n, v in f.__kwdefaults__.items()}
        for name in _names_in(f.__code__):
            if name in f.__globals__:
                names[name] = self.translate(f.__globals__[name])
            elif name == "float":
                names[name] = SHIMS[float]
        for cell, original in zip(cells or (), f.__closure__ or (), strict=True):
            if not _is_empty(original):
                cell.cell_contents = self.translate(original.cell_contents)
        return copy

    def _cell(self, cell: types.CellType) -> types.CellType:
        known = self.done.get(id(cell))
        return known[1] if known is not None else self._keep(cell, types.CellType())


def _names_in(code: types.CodeType) -> set[str]:
    nested = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return set(code.co_names).union(*map(_names_in, nested))


def _is_empty(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return True
    return False


def _is_hashable(thing) -> bool:
    return type(thing).__hash__ is not None


def _belongs_to_numpy(thing) -> bool:
    if isinstance(thing, np.ufunc):
        return True
    origin = getattr(thing, "__module__", None) or ""
    return callable(thing) and not isinstance(thing, type) and origin.split(".")[0] == "numpy"


class _Module:
    """A module whose members are translated when they are first looked up."""

    def __init__(self, module: types.ModuleType, translate) -> None:
        self._module, self._translate = module, translate

    def __getattr__(self, name: str):
        translated = self._translate(getattr(self._module, name))
        setattr(self, name, translated)
        return translated


def _numpy_function(function):
    """A NumPy function that takes Arrays and whose float results are Arrays."""

    @functools.wraps(function)
    def on_numbers(*args, **kwargs):
        return _result(function(*map(_argument, args), **kwargs))

    for name in ("reduce", "accumulate", "outer", "at"):
        if hasattr(function, name):
            setattr(on_numbers, name, _numpy_function(getattr(function, name)))
    return on_numbers


def _argument(x):
    return as_array(x) if isinstance(x, np.ndarray) and x.dtype == object else x


def _result(x):
    if isinstance(x, np.ndarray) and x.dtype.kind in "fO":
        return as_array(x)
    return type(x)(map(_result, x)) if type(x) in (tuple, list) else x


class _FloatType:
    """`float`, `np.float64` and `np.float32` in an interpreted program: keeps Numbers, and as a dtype means Numbers."""

    dtype = np.dtype(object)

    def __init__(self, original: type) -> None:
        self.original = original

    def __call__(self, x=0.0):
        return x if isinstance(x, (Number, Array)) else self.original(x)


def _math_function(original, name: str):
    def on_numbers(*args):
        return call(name, *args) if any(isinstance(x, Number) for x in args) else original(*args)

    return on_numbers


def _on_values(original):
    return lambda *args: original(*map(values, args))


def _log(x, base=None):
    natural = call("log", x) if isinstance(x, Number) else math.log(x)
    return natural if base is None else natural / _log(base)


def _ldexp(x, exponent):
    return x * 2.0**exponent


def _frexp(x):
    exponent = math.frexp(values(x))[1]
    return x * 2.0**-exponent, exponent


def _modf(x):
    whole = np.trunc(values(x))
    return x - whole, constant(whole)


def _divmod(x, y):
    return call("floor_divide", x, y), call("remainder", x, y)


def _named(name: str):
    return lambda *args: call(name, *args)


def _like(fill_value: float):
    def allocate(x, dtype=None, shape=None):
        return _full(np.shape(x) if shape is None else shape, fill_value, dtype or getattr(x, "dtype", object))

    return allocate


def _full_like(x, fill_value, dtype=None):
    return _full(np.shape(x), fill_value, dtype or x.dtype)


def _full(shape, fill_value, dtype=None):
    if dtype is None and not isinstance(fill_value, (float, Number)):
        dtype = np.asarray(fill_value).dtype
    if dtype is not None and np.dtype(dtype).kind not in "fO":
        return np.full(shape, values(fill_value), dtype)
    result = array_of([Number(0.0)] * int(np.prod(shape)), shape)
    result[...] = fill_value
    return result


def _filled(fill_value: float):
    return lambda shape, dtype=float: _full(shape, fill_value, dtype)


def _empty(shape, dtype=None):
    """Elements that are read before they are written are NaN."""
    kind = "f" if dtype is None else np.dtype(dtype).kind
    return _full(shape, np.nan, float) if kind in "fO" else np.zeros(shape, dtype)


def _hypot(x, *others):
    for y in others:
        x = call("hypot", x, y)
    return x if others else call("absolute", x)


def _round(x, decimals=0):
    return call("rint", x * 10.0**decimals) / 10.0**decimals


def _dist(p, q):
    return _norm(p - q)


def _arange(*args, dtype=None):
    """`start + k * step`, of Numbers too."""
    if not any(isinstance(a, Number) for a in args):
        return _result(np.arange(*args, dtype=dtype if dtype is None else np.dtype(dtype)))
    start, stop, step = (0.0, args[0], 1.0) if len(args) == 1 else (*args, 1.0)[:3]
    count = max(int(np.ceil(values((stop - start) / step))), 0)
    return array_of([Number(0.0) + start + step * k for k in range(count)], count)


def _clip(x, low=None, high=None, out=None):
    x = x if low is None else call("maximum", x, low)
    x = x if high is None else call("minimum", x, high)
    if out is None:
        return x
    out[...] = x
    return out


def _norm(x, ord=None, axis=None, keepdims=False):
    """Norms of vectors and matrices."""
    x = np.asarray(x)
    axes = (axis,) if isinstance(axis, int) else axis or tuple(range(np.ndim(x)))
    if ord in (None, "fro") or (ord == 2 and len(axes) == 1):
        return call("sqrt", _result(np.sum(x * x, axis=axes, keepdims=keepdims)))
    size = _result(np.abs(x))
    if len(axes) == 2 and ord in (2, -2, "nuc"):
        s = linalg.svdvals(np.moveaxis(x, axes, (0, 1)))
        y = np.sum(s) if ord == "nuc" else s[0] if ord == 2 else s[-1]
        return _full([1] * np.ndim(x), y) if keepdims else y
    if len(axes) == 2:
        of = axes[::-1] if abs(ord) == 1 else axes
        size = _result(np.sum(size, axis=of[1], keepdims=True))
        y = _result((np.max if ord > 0 else np.min)(size, axis=of[0], keepdims=True))
        return y if keepdims else _result(np.squeeze(y, axes))
    if np.isinf(ord):
        return _result((np.max if ord > 0 else np.min)(size, axis=axes, keepdims=keepdims))
    if ord == 0:
        return np.sum(values(x) != 0, axis=axes, keepdims=keepdims) / 1
    return _result(np.sum(size**ord, axis=axes, keepdims=keepdims)) ** (1 / ord)


def _numpy_shims() -> dict:
    shims = {np.zeros_like: _like(0.0), np.ones_like: _like(1.0), np.empty_like: _like(np.nan)}
    shims |= {np.zeros: _filled(0.0), np.ones: _filled(1.0)}
    shims |= {np.full: _full, np.full_like: _full_like, np.empty: _empty, np.clip: _clip, np.arange: _arange}
    shims |= {f: _on_values(f) for f in (np.angle, np.imag, np.isneginf, np.isposinf)}
    shims |= {np.sinc: _named("sinc"), np.nan_to_num: _named("nan_to_num")}
    shims |= {np.round: _round, np.around: _round, np.modf: _modf, np.divmod: _divmod, np.ldexp: _ldexp}
    shims |= {np.linalg.norm: _norm} | linalg.SHIMS
    shims |= {kind: _FloatType(kind) for kind in (float, np.float64, np.float32)}
    return shims


def _math_shims() -> dict:
    names = [name for name in dir(math) if MATH_NAMES.get(name, name) in FORMULAS]
    rounding = {"floor", "ceil", "trunc"}  # give ints, through the methods of Number
    shims = {
        getattr(math, n): _math_function(getattr(math, n), MATH_NAMES.get(n, n)) for n in names if n not in rounding
    }
    shims |= {f: _on_values(f) for f in (math.isnan, math.isinf, math.isfinite, math.isclose)}
    shims |= {math.ldexp: _ldexp, math.frexp: _frexp, math.modf: _modf}
    return shims | {math.log: _log, math.hypot: _hypot, math.fsum: sum, math.dist: _dist}


SHIMS = {**_numpy_shims(), **FUNCTIONS, **_math_shims(), stop_gradient: lambda x: constant(values(x))}
