"""The user's surface: JAX's names, argument order and results."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sct.errors import NotDifferentiable, TypeProblem

if TYPE_CHECKING:
    from sct.backends.request import Request

Fastmath = bool | set[str] | None


def grad(
    f: Callable[..., Any] | None = None,
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    plan: str = "default",
    checkpoint: int | str | None = None,
    fastmath: Fastmath = None,
    parallel: bool | None = None,
) -> Any:
    """The gradient of a scalar function `f`, with its argument list; also `@grad` and `@grad(argnums=...)`.

    The result has the structure of the argument that `argnums` names, or is a tuple if `argnums` is one. With `has_aux`, `f`
    returns `(value, aux)` and the result is `(gradient, aux)`. `plan` says where the reverse sweep gets what it needs:
    "store_all" is the simplest way, for comparison. With `checkpoint`, bytes or "200MB", loops whose steps build on each other and
    that would save something for each keep snapshots instead, as if they were marked by `sct.checkpoint` with their share of it;
    where one cannot, that is an `UnsupportedSyntax`. `fastmath` is that of `numba.njit`: a bool, or LLVM's flags; by default sums
    may be regrouped, but where their order is meant (docs/language.md), and nan and inf count. `parallel` splits independent loops
    among Numba's threads; by default those of functions that use `prange`.
    """
    mode = "grad_with_aux" if has_aux else "grad"
    return _derivative(mode, f, argnums, plan=_plan(plan, checkpoint), fastmath=fastmath, parallel=parallel)


def value_and_grad(
    f: Callable[..., Any] | None = None,
    argnums: int | Sequence[int] = 0,
    has_aux: bool = False,
    *,
    plan: str = "default",
    checkpoint: int | str | None = None,
    fastmath: Fastmath = None,
    parallel: bool | None = None,
) -> Any:
    """As `grad`, but the result is `(f(...), gradient)`; with `has_aux` that is `((value, aux), gradient)`."""
    mode = "value_and_grad_with_aux" if has_aux else "value_and_grad"
    return _derivative(mode, f, argnums, plan=_plan(plan, checkpoint), fastmath=fastmath, parallel=parallel)


def jacfwd(f: Callable[..., Any] | None = None, argnums: int | Sequence[int] = 0, *, fastmath: Fastmath = None) -> Any:
    """The Jacobian of `f` in forward mode, with its argument list: one sweep, for all elements of the arguments at once.

    It has the structure of the result, and in it that of the arguments; each part has the shape `result.shape + argument.shape`.
    """
    return _derivative("jacfwd", f, argnums, fastmath=fastmath)


def jacrev(f: Callable[..., Any] | None = None, argnums: int | Sequence[int] = 0, *, fastmath: Fastmath = None) -> Any:
    """As `jacfwd`, in reverse mode: one forward sweep, and a reverse sweep for all elements of the result at once."""
    return _derivative("jacrev", f, argnums, fastmath=fastmath)


def hessian(f: Callable[..., Any] | None = None, argnums: int | Sequence[int] = 0) -> Any:
    """`jacfwd(jacrev(f))`: second derivatives of each part of the result by each pair of the arguments."""
    if f is None:
        return functools.partial(hessian, argnums=argnums)
    return jacfwd(jacrev(f, argnums), argnums)


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The Hessian of the scalar function `f` at `primals`, times `tangents`: the tangent of its gradient.

    One argument gives its part, several a tuple with a part for each; all of them are floats, or tuples and arrays of floats.
    """
    primals_bound = list(_bound(f, primals).arguments.values())
    floats = _float_positions(primals_bound)
    argnums = floats[0] if len(primals_bound) == len(floats) == 1 else floats
    return jvp(grad(f, argnums), primals, tangents)[1]


def linearize(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """`f(*primals)` and the derivative there as a function of the tangents."""
    from sct.backends.values import copied, zero
    from sct.tree import each

    primals = each(copied, primals)
    value, _ = jvp(f, primals, each(zero, primals))

    def tangent(*tangents: Any) -> Any:
        return jvp(f, primals, tangents)[1]

    return value, tangent


def tangent(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Any:
    """The generated tangent of `f`, for functions that write their results into arguments: `tangent(f)(*args, *dots)`.

    There is a tangent for each argument that `argnums` names, all by default. The call runs `f`, which changes its arguments as
    always, and changes the tangents of the arrays that `f` writes to, in place: on entry they are those of what the arrays held
    before, on return of what they hold then. What `f` returns comes out, followed by the tangents of that. Arguments that are not
    named do not move. For Python and `@njit` code; the arguments of `f` are numbers and arrays.
    """
    return _kernel("tangent", f, argnums)


def adjoint(f: Callable[..., Any], argnums: int | Sequence[int] | None = None) -> Any:
    """The generated adjoint of `f`, for functions that write their results into arguments: `adjoint(f)(*args, *bars)`.

    There is an adjoint for each argument that `argnums` names, all by default. `args` are what `f` would be called with, and stay
    as they are. The adjoints of arrays are changed in place: on entry they are those of what `f` leaves in the arrays, on return
    of what the arrays held before; where `f` only reads an array, the call adds to its adjoint. The adjoints of numbers are
    passed in and come out, increased, as the result: one number, or a tuple of several. An array that is not named, and that `f`
    writes to, has an adjoint of zero on return of `f`. `f` returns nothing. For Python and `@njit` code.
    """
    return _kernel("adjoint", f, argnums)


def _kernel(mode: str, f: Callable[..., Any], argnums: int | Sequence[int] | None) -> Any:
    from sct.backends.kernel import Kernel
    from sct.backends.request import python_function

    if argnums is None:
        argnums = range(len(inspect.signature(python_function(f), follow_wrapped=False).parameters))
    return Kernel(_request(f, mode, (argnums,) if isinstance(argnums, int) else tuple(argnums)))


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """`f(*primals)` and its derivative along `tangents`, which have the structure of the primals; only floats move."""
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise TypeProblem("the primals and the tangents of jvp are tuples", remedy="jvp(f, (x,), (x_dot,))")
    if len(primals) != len(tangents):
        raise TypeProblem(f"jvp got {len(primals)} primals but {len(tangents)} tangents", remedy="give one per primal")
    from sct.backends.values import fitted

    given, dots = (list(_bound(f, values).arguments.values()) for values in (primals, tangents))
    floats = _float_positions(given)
    _check_floats(f, floats, primals)
    dots = [fitted(dots[i], given[i], f"the tangent of argument {i}") for i in floats]
    return _run(f, "jvp", floats, primals, dots)


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """`f(*primals)` and the pullback: from the adjoint of the result to a tuple with that of every argument."""
    from sct.backends.values import copied, fitted, zero
    from sct.tree import each

    bound = _bound(f, primals)
    given = list(bound.arguments.values())
    floats = _float_positions(given)
    _check_floats(f, floats, primals)
    once = _happens_once(f, floats, primals)
    if once:
        value, unit_bars = _run(f, "vjp", floats, primals, [1.0])
    else:
        value, _ = _run(f, "jvp", (), primals, [])  # refuses what overlaps
    primals = each(copied, primals)  # the pullback may be called after the user has written to them

    def pullback(seed: Any) -> tuple[Any, ...]:
        seed = fitted(seed, value, "the seed")
        if once:  # the result is one float: its pullback is a product
            bars = each(lambda bar: seed * bar, unit_bars)
        else:
            _, bars = _run(f, "vjp", floats, primals, [seed])
        found = dict(zip(floats, bars, strict=True))
        bars = [found[i] if i in found else each(zero, value) for i, value in enumerate(given)]
        return inspect.BoundArguments(bound.signature, dict(zip(bound.arguments, bars, strict=True))).args

    return value, pullback


def _bound(f: Callable[..., Any], values: Sequence[Any]) -> inspect.BoundArguments:
    """Values by the parameters of `f`; those of `*args` are a tuple."""
    from sct.backends.request import python_function

    return inspect.signature(python_function(f), follow_wrapped=False).bind(*values)


def _float_positions(primals: Sequence[Any]) -> tuple[int, ...]:
    from sct.backends.values import is_float

    return tuple(i for i, primal in enumerate(primals) if is_float(primal))


def _derivative(
    mode: str,
    f: Callable[..., Any] | None,
    argnums: int | Sequence[int],
    *,
    plan: str = "default",
    fastmath: Fastmath = None,
    parallel: bool | None = False,
) -> Any:
    if f is None:
        return functools.partial(_derivative, mode, argnums=argnums, plan=plan, fastmath=fastmath, parallel=parallel)
    from sct.backends.cpu import Derivative

    return Derivative(_request(f, mode, argnums, plan, _flags(fastmath), parallel))


def _plan(plan: str, budget: int | str | None) -> str:
    """The plan, or that of snapshots within a budget."""
    from sct.revolve import in_bytes

    if budget is None:
        return plan
    size = in_bytes(budget)
    if size is None:
        raise TypeProblem(f"checkpoint={budget!r} is no budget", remedy='a number of bytes, or "64KB", "200MB", "1GB"')
    if plan != "default":
        raise TypeProblem(f"plan={plan!r} does not go with checkpoint={budget!r}", remedy="give one of them")
    return f"checkpoint:{size}"


def _flags(fastmath: Fastmath) -> tuple[str, ...] | None:
    """Numba's flags, in an order of their own."""
    from numba.core.cpu_options import FastMathOptions

    try:
        return None if fastmath is None else tuple(sorted(FastMathOptions(fastmath).flags))
    except ValueError as problem:
        raise TypeProblem(f"fastmath={fastmath!r}: {problem}", remedy='a bool, or flags like {"reassoc", "contract"}') from None


def _request(
    f: Callable[..., Any],
    mode: str,
    argnums: int | Sequence[int],
    plan: str = "default",
    fastmath: tuple[str, ...] | None = None,
    parallel: bool | None = False,
) -> Request:
    from sct.backends.request import Request, uses_prange

    several = tuple(argnums) if isinstance(argnums, list) else argnums
    chosen = uses_prange(f) if parallel is None else bool(parallel)
    return Request(f, mode, several, plan, fastmath, chosen).normalised()


def _prepared(f: Callable[..., Any], mode: str, argnums: tuple[int, ...], primals: Sequence[Any]) -> tuple[Request, Any]:
    """The request, and the types of all arguments of `f`."""
    request = _request(f, mode, argnums)
    argtypes = request.argtypes(primals, {})
    request.check(argtypes)
    return request, argtypes


def _check_floats(f: Callable[..., Any], floats: tuple[int, ...], primals: Sequence[Any]) -> None:
    if not floats:
        request, _ = _prepared(f, "jvp", floats, primals)
        remedy = "pass floats: 3.0, or an array of floats"
        raise request.problem(NotDifferentiable, f"no argument of {request.python.__name__} is a float", remedy)


def _happens_once(f: Callable[..., Any], argnums: tuple[int, ...], primals: Sequence[Any]) -> bool:
    """Whether `f` prints or draws random numbers, so that its pullback must not run it again."""
    request, argtypes = _prepared(f, "vjp", argnums, primals)
    return request.module(argtypes)._once


def _run(f: Callable[..., Any], mode: str, argnums: tuple[int, ...], primals: Sequence[Any], extra: list[Any]) -> Any:
    """Call the generated function of `mode`: all arguments of `f`, defaults included, then the tangents or the seed."""
    from sct.backends.cpu import compiled
    from sct.backends.request import numba_type
    from sct.backends.values import carried
    from sct.tree import each

    request, argtypes = _prepared(f, mode, argnums, primals)
    bound = _bound(f, primals)
    given = len(bound.arguments)
    bound.apply_defaults()
    passed = list(bound.arguments.values())
    passed[given:] = each(carried, tuple(passed[given:]))
    passed += extra
    return compiled(request, argtypes, tuple(map(numba_type, passed)))(*passed)
