"""The methods that are compared: each turns a case and its arguments into a call that gives the gradients."""

from __future__ import annotations

import functools
import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

import sct
from sct.bench import by_hand, namespaces, with_arrays
from sct.bench.case import Case, Gradients

Run = Callable[[], Gradients]

# The flags of the generated code, for adjoints by hand and for the second column of primals.
FLAGS = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz", "arcp"}}


@dataclass(frozen=True)
class Peer:
    """A method: the module it needs, and what builds its call for a case (None where the case has no such form).

    `agrees` is the largest difference from sct's gradients that passes, relative to their largest entry.
    """

    name: str
    module: str | None
    prepare: Callable[[Case, tuple[Any, ...]], Run | None]
    small_only: bool = False
    agrees: float = 1e-8

    @property
    def installed(self) -> bool:
        return self.module is None or importlib.util.find_spec(self.module) is not None


def compiled(function: Callable[..., Any], *, as_generated: bool = False) -> Callable[..., Any]:
    """`function` and its plain Python helpers in Numba: as a user would, or with the flags of the generated code."""
    return _compiled(function, FLAGS if as_generated else {}, {})


def _compiled(function: Callable[..., Any], flags: dict[str, Any], done: dict[Any, Any]) -> Callable[..., Any]:
    if function not in done:
        space = dict(function.__globals__)
        done[function] = numba.njit(**flags)(type(function)(function.__code__, space, function.__name__))
        for name in function.__code__.co_names:
            if inspect.isfunction(space.get(name)):
                space[name] = _compiled(space[name], flags, done)
    return done[function]


def _sct(case, args):
    derivative = case.derivative or sct.value_and_grad(case.function, argnums=case.argnums)
    return lambda: derivative(*args)[1]


def _hand(case, args):
    """Loops, for programs on slices too."""
    name = case.name.removesuffix("_slices")
    if name not in by_hand.ADJOINTS:
        return None
    adjoint = compiled(by_hand.ADJOINTS[name], as_generated=True)
    return lambda: adjoint(*args)[1]


def _finite(case, args):
    """One-sided differences of the compiled primal, one run for each element."""
    if case.derivative is not None:
        return None
    primal = compiled(case.function)

    def run():
        value = primal(*args)
        rises = ([primal(*stepped) - value for stepped in _steps(args, i)] for i in case.argnums)
        return tuple(np.reshape(rise, args[i].shape) / STEP for i, rise in zip(case.argnums, rises, strict=True))

    return run


STEP = 1e-7


def _steps(args, i):
    for k in range(args[i].size):
        moved = args[i].copy()
        moved.flat[k] += STEP
        yield (*args[:i], moved, *args[i + 1 :])


def _tape(case, args):
    if case.derivative is not None:
        return None
    from sct.reference.tape import tape_gradient

    return lambda: tape_gradient(case.function, args, case.argnums)


def _with_arrays(case, args, prepare):
    """The call that `prepare` makes of the program on whole arrays, where there is one."""
    program = with_arrays.PROGRAMS.get(case.name.removesuffix("_slices"))
    return None if program is None else prepare(program, case, args)


def _autograd(program, case, args):
    import autograd

    xp = namespaces.autograd()
    derivative = autograd.value_and_grad(lambda *a: program(xp, *a), case.argnums)
    return lambda: derivative(*args)[1]


def _torch(program, case, args):
    import torch

    torch.set_num_threads(1)
    xp = namespaces.torch()
    tensors = [
        torch.tensor(a, requires_grad=i in case.argnums) if isinstance(a, np.ndarray) else a for i, a in enumerate(args)
    ]
    inputs = [tensors[i] for i in case.argnums]
    return lambda: tuple(g.numpy() for g in torch.autograd.grad(program(xp, *tensors), inputs))


def _jax(program, case, args):
    xp = namespaces.jax()
    import jax

    given = tuple(jax.numpy.asarray(a) if isinstance(a, np.ndarray) else a for a in args)
    fixed = tuple(i for i, a in enumerate(args) if not isinstance(a, np.ndarray))
    derivative = jax.jit(jax.value_and_grad(lambda *a: program(xp, *a), case.argnums), static_argnums=fixed)
    return lambda: jax.block_until_ready(derivative(*given))[1]


SCT = Peer("sct", None, _sct)
OTHERS = {
    peer.name: peer
    for peer in (
        Peer("hand", None, _hand),
        Peer("autograd", "autograd", functools.partial(_with_arrays, prepare=_autograd)),
        Peer("torch", "torch", functools.partial(_with_arrays, prepare=_torch)),
        Peer("jax", "jax", functools.partial(_with_arrays, prepare=_jax)),
        Peer("tape", None, _tape, small_only=True),
        Peer("finite", None, _finite, small_only=True, agrees=1e-4),
    )
}
