"""Numbers that carry more than a value, and arrays of them: the arithmetic shared by the dual numbers and the tape.

`Number` is a float that is constant. A subclass adds what its method propagates, a tangent or a place on a tape, by
defining `combine(value, terms)`: the result of an operation, given its value and the pairs (partial, operand) of the
operands that are not constant. Everything else is here and is the same for all methods: operators, comparisons (which
act on values, so the executed branch is the one that is differentiated), and NumPy's functions, which arrive through
NumPy's own protocol, `__array_ufunc__`.

`Array` is a NumPy array of Python objects, the objects being Numbers. Views, slices, transposes, broadcasting and
overlapping stores are then NumPy's own, and alias exactly as in the program that is interpreted.

Values are float64 and follow IEEE arithmetic (1/0 is inf, log(0) is -inf) where Python would raise; float32 data are
computed in float64.
"""

from __future__ import annotations

import operator

import numpy as np

from sct.reference.formulas import FORMULAS, Formula
from sct.tree import each

BY_VALUE = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "isnan", "isinf", "isfinite"}
BY_VALUE |= {"signbit", "logical_and", "logical_or", "logical_not", "logical_xor"}


class Number:
    """A constant float among the numbers of a method; the base class of the numbers that vary."""

    __slots__ = ("value",)

    def __init__(self, value) -> None:
        self.value = np.float64(value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value})"

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **kwargs):
        return call_ufunc(ufunc, method, inputs, out, kwargs)

    def __bool__(self) -> bool:
        return bool(self.value != 0)

    def __int__(self) -> int:
        return int(self.value)

    __trunc__ = __int__

    def __divmod__(self, other):
        return self // other, self % other

    def __floor__(self) -> int:
        return int(np.floor(self.value))

    def __ceil__(self) -> int:
        return int(np.ceil(self.value))

    def __round__(self, digits=None):
        return round(float(self.value)) if digits is None else Number(round(float(self.value), digits))

    def __hash__(self) -> int:
        return hash(self.value)

    def conjugate(self) -> Number:
        return self


def value_of(x):
    """The plain value of a scalar that may be a Number."""
    return x.value if isinstance(x, Number) else x


def values(x):
    """The plain values of a number, an array of numbers or a tuple or list of them; anything else unchanged."""
    if isinstance(x, Number):
        return float(x.value)
    if isinstance(x, np.ndarray) and x.dtype == object:
        return np.array([value_of(v) for v in x.flat], dtype=np.float64).reshape(x.shape)
    return each(values, x) if isinstance(x, tuple) else list(map(values, x)) if type(x) is list else x


def apply(formula: Formula, *operands):
    """One elementary operation on scalars, of which any may be Numbers."""
    plain = [value_of(x) for x in operands]
    value = formula.value(*plain)
    if not any(isinstance(x, Number) for x in operands):
        return value
    terms = []
    for x, partial in zip(operands, formula.partials, strict=True):
        if isinstance(x, Number) and type(x) is not Number:
            p = partial(*plain, value)
            if p is not None:
                terms.append((p, x))
    return terms[0][1].combine(value, terms) if terms else Number(value)


class Array(np.ndarray):
    """An array of Numbers. What is stored into it becomes a Number."""

    def __setitem__(self, key, value) -> None:
        super().__setitem__(key, as_number(value))

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **kwargs):
        return call_ufunc(ufunc, method, inputs, out, kwargs)

    def astype(self, dtype, **_):
        kept = np.dtype(dtype).kind in "fO"
        return self.copy() if kept else values(self).astype(dtype)

    def fill(self, value) -> None:
        self[...] = value

    def round(self, decimals: int = 0):
        return call("rint", self * 10.0**decimals) / 10.0**decimals


def as_number(x):
    """Plain floats, ints and arrays of them as constants; Numbers and Arrays unchanged."""
    if isinstance(x, (Number, Array)):
        return x
    if isinstance(x, (float, int, np.number)):
        return Number(x)
    return as_array(np.asarray(x))


def as_array(x: np.ndarray):
    """A float array as an Array of constants; an object array as the same memory seen as an Array."""
    if x.dtype != object:
        x = np.frompyfunc(Number, 1, 1)(np.asarray(x))
        return x if isinstance(x, Number) else x.view(Array)
    if not isinstance(x, Array):
        x = x.view(Array)
        for index, v in np.ndenumerate(x):
            if not isinstance(v, Number):
                x[index] = Number(np.nan if v is None else v)
    return x[()]


def array_of(numbers: list[Number], shape) -> Array:
    """An Array with these elements, in row-major order."""
    array = np.empty(len(numbers), dtype=object)
    array[:] = numbers
    return array.view(Array).reshape(shape)


def is_float(x) -> bool:
    """Whether a value is a float or an array of floats."""
    return not isinstance(x, (tuple, list, str)) and np.asarray(x).dtype.kind == "f"


def unmoved(x):
    """The derivative in an argument that is not a float: zero, and None in what is not a number either."""
    if isinstance(x, np.ndarray):
        return np.zeros(x.shape)
    return 0.0 if isinstance(x, (int, np.generic)) else None


def constant(x):
    """A copy of an argument, its floats as constants: the program may write to it, and the caller's stays as it is."""
    if isinstance(x, np.ndarray):
        return as_array(x) if x.dtype.kind == "f" else x.copy()
    if isinstance(x, (float, np.floating)):
        return Number(x)
    return each(constant, x) if isinstance(x, tuple) else list(map(constant, x)) if type(x) is list else x


def paired(result, seed) -> list[tuple[Number, float]]:
    """The numbers of a result that vary, each with its entry of `seed`."""
    if isinstance(result, (tuple, list)):
        return [pair for part, weight in zip(result, seed, strict=True) for pair in paired(part, weight)]
    if isinstance(result, np.ndarray):
        weights = np.broadcast_to(seed, result.shape)
        return [pair for v, w in zip(result.flat, weights.flat, strict=True) for pair in paired(v, w)]
    varies = isinstance(result, Number) and type(result) is not Number
    return [(result, seed)] if varies else []


def call_ufunc(ufunc, method, inputs, out, kwargs):
    """A NumPy elementwise function, or its reduce, accumulate, outer or at, on operands among which are Numbers."""
    if ufunc.__name__ in BY_VALUE:
        return getattr(ufunc, method)(*map(values, inputs), out=out or None, **kwargs)
    function = ELEMENTWISE.get(ufunc.__name__, ufunc)
    if method == "at":
        return function.at(*map(_raw, inputs), **kwargs)
    result = getattr(function, method)(*map(_raw, inputs), out=tuple(map(_raw, out)) or None, **kwargs)
    if out:
        return out[0]
    return as_array(result) if isinstance(result, np.ndarray) else result


def _raw(x):
    """The operand as NumPy's own object array, on which a ufunc runs without coming back to `__array_ufunc__`."""
    if isinstance(x, Array):
        return x.view(np.ndarray)
    if isinstance(x, Number):
        box = np.empty((), dtype=object)
        box[()] = x
        return box
    return x


def _elementwise(formula: Formula):
    identity = {"add": 0.0, "multiply": 1.0}.get(formula.name)
    arity = len(formula.partials)
    return np.frompyfunc(lambda *operands: apply(formula, *operands), arity, 1, identity=identity)


ELEMENTWISE = {name: _elementwise(formula) for name, formula in FORMULAS.items()}


def call(name: str, *operands):
    """The operation of that name on scalars or arrays."""
    if any(isinstance(x, np.ndarray) for x in operands):
        return as_array(ELEMENTWISE[name](*map(_raw, operands)))
    return apply(FORMULAS[name], *operands)


def _define_operators() -> None:
    binary = {"add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide"}
    binary |= {"floordiv": "floor_divide", "mod": "remainder", "pow": "power"}
    for operator_name, name in binary.items():
        setattr(Number, f"__{operator_name}__", lambda x, y, name=name: call(name, x, y))
        setattr(Number, f"__r{operator_name}__", lambda y, x, name=name: call(name, x, y))
    for operator_name, name in {"neg": "negative", "pos": "positive", "abs": "absolute"}.items():
        setattr(Number, f"__{operator_name}__", lambda x, name=name: call(name, x))
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        setattr(Number, f"__{compare.__name__}__", lambda x, y, compare=compare: compare(x.value, values(y)))


_define_operators()
