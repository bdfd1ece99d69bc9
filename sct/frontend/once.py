"""Calls that happen once: `print`, and draws of `np.random`. Keywords are placed, defaults filled in, arrays are drawn
element by element, as NumPy does.

    y = np.random.normal(size=n)      ->      y = np.empty(n)
                                              for k in range(len(y)):
                                                  y[k] = np.random.normal(0.0, 1.0)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

import gast
import numpy as np

from sct.errors import UnsupportedCall
from sct.frontend import build
from sct.ir.once import is_draw

if TYPE_CHECKING:
    from sct.frontend.expressions import Expressions

FLOATS: dict[str, Callable] = {
    **dict.fromkeys(("random", "random_sample", "ranf", "sample"), lambda size=None: ()),
    **dict.fromkeys(("standard_normal", "standard_exponential", "standard_cauchy"), lambda size=None: ()),
    **dict.fromkeys(("normal", "gumbel", "laplace", "logistic"), lambda loc=0.0, scale=1.0, size=None: (loc, scale)),
    **dict.fromkeys(("exponential", "rayleigh"), lambda scale=1.0, size=None: (scale,)),
    **dict.fromkeys(("weibull", "pareto", "power"), lambda a, size=None: (a,)),
    **dict.fromkeys(("chisquare", "standard_t"), lambda df, size=None: (df,)),
    "uniform": lambda low=0.0, high=1.0, size=None: (low, high),
    "lognormal": lambda mean=0.0, sigma=1.0, size=None: (mean, sigma),
    "gamma": lambda shape, scale=1.0, size=None: (shape, scale),
    "standard_gamma": lambda shape, size=None: (shape,),
    "beta": lambda a, b, size=None: (a, b),
    "f": lambda dfnum, dfden, size=None: (dfnum, dfden),
    "triangular": lambda left, mode, right, size=None: (left, mode, right),
    "vonmises": lambda mu, kappa, size=None: (mu, kappa),
    "wald": lambda mean, scale, size=None: (mean, scale),
}
INTS: dict[str, Callable] = {
    **dict.fromkeys(("binomial", "negative_binomial"), lambda n, p, size=None: (n, p)),
    **dict.fromkeys(("geometric", "logseries"), lambda p, size=None: (p,)),
    "hypergeometric": lambda ngood, nbad, nsample, size=None: (ngood, nbad, nsample),
    "poisson": lambda lam=1.0, size=None: (lam,),
    "zipf": lambda a, size=None: (a,),
    "randint": lambda low, high=None, size=None: (low, high),
}
SHAPED = {"rand": "random", "randn": "standard_normal"}
"""Functions that take the lengths of the axes as arguments, and those that they call."""
_NAMES = [*FLOATS, *INTS, *SHAPED, "seed"]
NAMES = {id(getattr(np.random, name)): name for name in reversed(_NAMES)}
"""From the identity of a function to its name."""


def callee(name: str) -> gast.Attribute:
    return gast.Attribute(build.attribute("np", "random"), name, gast.Load())


def once(node: gast.Call, flat: Expressions) -> gast.expr:
    """The call as the core language has it, or the name of an array of draws."""
    return draw(node, node.func.attr, flat) if is_number(node) else _command(node, flat)


def is_number(node: gast.Call) -> bool:
    """Whether the call draws; `print` and `seed` have no value."""
    return is_draw(node) and node.func.attr != "seed"


def _command(node: gast.Call, flat: Expressions) -> gast.Call:
    shown = gast.unparse(node.func).strip()
    if not (isinstance(flat.at, gast.Expr) and flat.at.value is node):
        raise flat.stop(node, f"{shown} has no value", "call it in a statement of its own")
    if node.keywords or (is_draw(node) and len(node.args) != 1):
        message, place = f"this form of {shown} is not supported", flat.resolved.source.place(node)
        raise UnsupportedCall(message, place=place, remedy="pass positional arguments, as Numba wants them")
    return build.call(build.clone(node.func), *(flat.atom(a) for a in node.args))


def draw(node: gast.Call, name: str, flat: Expressions) -> gast.expr:
    if name in SHAPED and not node.args and not node.keywords:
        return build.call(callee(name))
    if name in SHAPED:
        size = node.args[0] if len(node.args) == 1 else gast.Tuple(node.args, gast.Load())
        return _array(SHAPED[name], [], size, flat)
    parameters, size = _placed(node, name, flat)
    values = [flat.atom(p) for p in parameters]
    return build.call(callee(name), *values) if size is None else _array(name, values, size, flat)


def _placed(node: gast.Call, name: str, flat: Expressions) -> tuple[list[gast.expr], gast.expr | None]:
    """The parameters of the distribution, defaults filled in, and the size."""
    function = (FLOATS | INTS)[name]
    signature = inspect.signature(function)
    keywords = {k.arg: k.value for k in node.keywords}
    try:
        bound = signature.bind(*node.args, **keywords)
    except TypeError as problem:
        message, place = f"the call of np.random.{name} does not fit: {problem}", flat.resolved.source.place(node)
        raise UnsupportedCall(message, place=place, remedy=f"call np.random.{name}{signature}") from None
    size = bound.arguments.pop("size", None)
    parameters = function(*bound.args, **bound.kwargs)
    given = [p if isinstance(p, gast.AST) else build.constant(p) for p in parameters if p is not None]
    return given, None if isinstance(size, gast.Constant) and size.value is None else size


def _array(name: str, values: list[gast.expr], size: gast.expr, flat: Expressions) -> gast.Name:
    """A new array, filled by a nest of loops."""
    axes = flat.flat(size) if flat.structures.of(size) is not None else [flat.atom(size)]
    shape = gast.Tuple(axes, gast.Load()) if len(axes) > 1 else axes[0]
    dtype = [build.attribute("np", "int64")] if name in INTS else []
    array = flat.named(build.call(build.attribute("np", "empty"), shape, *dtype))
    indices = [flat.fresh("k") for _ in axes]
    subscript = gast.Tuple([build.name(i) for i in indices], gast.Load()) if len(axes) > 1 else build.name(indices[0])

    def fill() -> None:
        drawn = flat.named(build.call(callee(name), *map(build.clone, values)))
        flat.emit(build.assign(build.subscript(build.clone(array), subscript, store=True), drawn))

    body = flat.collect(fill)
    for axis in reversed(range(len(axes))):
        length = build.subscript(gast.Attribute(build.clone(array), "shape", gast.Load()), build.constant(axis))
        loop = gast.For(build.target(indices[axis]), build.call("range", length), body, [], None)
        body = flat.collect(lambda loop=loop: flat.emit(loop))
    for statement in body:
        flat.emit(statement)
    return build.clone(array)
