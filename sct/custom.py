"""The user's own derivatives of a function: `custom_vjp` and `custom_jvp`, with JAX's protocol, and `rule`."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sct.errors import NotDifferentiable

if TYPE_CHECKING:
    from sct.backends.custom import CustomJvp, CustomVjp

BARE = "A function that has a derivative of its own stands here without it."
"""Said in a generated file, which then cannot be differentiated again."""


@dataclass(frozen=True)
class Vjp:
    """`fwd(*args) -> (result, residuals)` and `bwd(residuals, seed) -> adjoints of the arguments`."""

    fwd: Callable[..., Any]
    bwd: Callable[..., Any]

    @property
    def _sct_identity(self) -> tuple[Any, ...]:
        return self.fwd, self.bwd


@dataclass(frozen=True)
class Jvp:
    """`rule(primals, tangents) -> (result, its tangent)`."""

    rule: Callable[..., Any]

    @property
    def _sct_identity(self) -> tuple[Any, ...]:
        return (self.rule,)


@dataclass(frozen=True)
class Both(Vjp):
    """A reverse rule, and besides it a forward one, of a function of two arguments that is linear in the second; `second(a, seed)`
    is the adjoint of that alone."""

    rule: Callable[..., Any]
    second: Callable[..., Any]

    @property
    def _sct_identity(self) -> tuple[Any, ...]:
        return self.fwd, self.bwd, self.rule, self.second


@dataclass(frozen=True)
class Stop:
    """No derivative."""

    _sct_identity = ()


Rule = Vjp | Jvp | Stop


def rule(function: Callable[..., Any], *partials: str | None) -> Callable[..., Any]:
    """Give a function its partial derivatives as text, one for each argument: `sct.rule(f, "y * cos(x)", "z / y")`.

    They name the function's own parameters, `z` for its result, and functions of math; None is zero. The result is `f`. For a
    function of numbers in plain Python, or behind `numba.njit`, `vectorize` or `cfunc`; forward and reverse mode know it then.
    """
    plain = getattr(function, "_dispatcher", function)
    plain = getattr(plain, "py_func", getattr(plain, "__wrapped__", plain))
    names = list(inspect.signature(plain).parameters)
    if len(partials) != len(names):
        problem = f"{plain.__name__} has {len(names)} arguments, but there are {len(partials)} partials"
        raise NotDifferentiable(problem, remedy="give one for each argument; None is zero")
    terms = [f"({partial}) * {name}_dot" for name, partial in zip(names, partials, strict=True) if partial is not None]
    dots = ", ".join(f"{name}_dot" for name in names)
    text = _RULE.format(name=plain.__name__, names=", ".join(names), dots=dots, sum=" + ".join(terms) or "0.0")
    known = {name: value for name, value in vars(math).items() if callable(value)}
    from sct.backends.python import load_python

    plain._sct_rule = Jvp(load_python(text, known | {plain.__name__: function})[f"{plain.__name__}_partials"])
    return function


_RULE = """\
def {name}_partials(primals, tangents):
    ({names},) = primals
    ({dots},) = tangents
    z = {name}({names})
    return z, {sum}
"""


def rule_of(function: Any) -> Rule | None:
    """The derivative that a user gave to a function, or to the function behind a dispatcher."""
    while hasattr(function, "py_func"):
        function = function.py_func
    return getattr(function, "_sct_rule", None)


def custom_vjp(f: Callable[..., Any]) -> CustomVjp:
    """`f` with a reverse rule of its own, which `f.defvjp(fwd, bwd)` gives.

    `fwd(*args)` returns `(f(*args), residuals)`; `bwd(residuals, seed)` the adjoints of the arguments, a tuple with one for
    each, None for what has none. Both are written in the language that sct accepts, and compiled with what calls them. The
    function is called from Python, from `@njit` code and from functions that are differentiated; it leaves its arguments as they
    are, and returns none of them. It has no forward mode.
    """
    from sct.backends.custom import CustomVjp

    return CustomVjp(f)


def custom_jvp(f: Callable[..., Any]) -> CustomJvp:
    """`f` with a forward rule of its own, which `f.defjvp(rule)` gives.

    `rule(primals, tangents)` takes two tuples and returns `(f(*primals), tangent)`; the tangent is linear in the tangents, and so
    the reverse mode is derived from the same rule.
    """
    from sct.backends.custom import CustomJvp

    return CustomJvp(f)
