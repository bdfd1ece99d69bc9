"""The user's surface: JAX's names, argument order and results."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sct.errors import NotDifferentiable, TypeProblem

if TYPE_CHECKING:
    from sct.backends.request import Request


def grad(f: Callable[..., Any] | None = None, argnums: int | Sequence[int] = 0, *, plan: str = "default") -> Any:
    """The gradient of a scalar function `f`, with its argument list; also `@grad` and `@grad(argnums=...)`.

    The result has the structure of the argument that `argnums` names, or is a tuple if `argnums` is one. `plan` says
    where the reverse sweep gets what it needs: "store_all" is the simplest way, for comparison.
    """
    return _derivative("grad", plan, f, argnums)


def value_and_grad(
    f: Callable[..., Any] | None = None, argnums: int | Sequence[int] = 0, *, plan: str = "default"
) -> Any:
    """As `grad`, but the result is `(f(...), gradient)`."""
    return _derivative("value_and_grad", plan, f, argnums)


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """`f(*primals)` and its derivative along `tangents`; the tangents of ints and bools are ignored."""
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise TypeProblem("the primals and the tangents of jvp are tuples", remedy="jvp(f, (x,), (x_dot,))")
    if len(primals) != len(tangents):
        raise TypeProblem(f"jvp got {len(primals)} primals but {len(tangents)} tangents", remedy="give one per primal")
    from sct.backends.values import fitted

    floats = _float_positions(primals)
    dots = [fitted(tangents[i], primals[i], f"the tangent of argument {i}") for i in floats]
    return _run(f, "jvp", floats, primals, dots)


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """`f(*primals)` and the pullback: from the adjoint of the result to a tuple with that of every argument."""
    from sct.backends.values import copied, each_leaf, fitted, zero

    floats = _float_positions(primals)
    value, _ = _run(f, "jvp", floats, primals, [each_leaf(zero, primals[i]) for i in floats])  # refuses what overlaps
    primals = each_leaf(copied, primals)  # the pullback may be called after the user has written to them

    def pullback(seed: Any) -> tuple[Any, ...]:
        _, bars = _run(f, "vjp", floats, primals, [fitted(seed, value, "the seed")])
        found = dict(zip(floats, bars, strict=True))
        return tuple(found[i] if i in found else each_leaf(zero, primal) for i, primal in enumerate(primals))

    return value, pullback


def _float_positions(primals: Sequence[Any]) -> tuple[int, ...]:
    from sct.backends.values import is_float

    return tuple(i for i, primal in enumerate(primals) if is_float(primal))


def _derivative(mode: str, plan: str, f: Callable[..., Any] | None, argnums: int | Sequence[int]) -> Any:
    if f is None:
        return functools.partial(_derivative, mode, plan, argnums=argnums)
    from sct.backends.cpu import Derivative

    return Derivative(_request(f, mode, argnums, plan))


def _request(f: Callable[..., Any], mode: str, argnums: int | Sequence[int], plan: str = "default") -> Request:
    from sct.backends.request import Request

    return Request(f, mode, tuple(argnums) if isinstance(argnums, list) else argnums, plan).normalised()


def _run(f: Callable[..., Any], mode: str, argnums: tuple[int, ...], primals: Sequence[Any], extra: list[Any]) -> Any:
    """Call the generated function of `mode`: all arguments of `f`, defaults included, then the tangents or the seed."""
    from sct.backends.cpu import compiled
    from sct.backends.request import numba_type

    request = _request(f, mode, argnums)
    bound = inspect.signature(request.python, follow_wrapped=False).bind(*primals)
    bound.apply_defaults()
    argtypes = request.argtypes(bound.args, bound.kwargs)
    request.check(argtypes)
    if not argnums:
        remedy = "pass floats: 3.0, or an array of floats"
        raise request.problem(NotDifferentiable, f"no argument of {request.python.__name__} is a float", remedy)
    return compiled(request, argtypes, argtypes + tuple(map(numba_type, extra)))(*bound.arguments.values(), *extra)
