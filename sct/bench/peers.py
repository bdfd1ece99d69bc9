"""The methods that are compared: each turns a case and its arguments into a call that gives the gradients."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numba

import sct
from sct.bench import by_hand, with_arrays
from sct.bench.case import Case

Gradients = tuple[Any, ...]
Run = Callable[[], Gradients]

# The flags of the generated code, so that the primal is compiled as the derivative is.
FLAGS = {"error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz", "arcp"}}


@dataclass(frozen=True)
class Peer:
    """A method: the module it needs, and what builds its call for a case (None where the case has no such form)."""

    name: str
    module: str | None
    prepare: Callable[[Case, tuple[Any, ...]], Run | None]
    small_only: bool = False

    @property
    def installed(self) -> bool:
        return self.module is None or importlib.util.find_spec(self.module) is not None


def compiled(function: Callable[..., Any], done: dict[Any, Any] | None = None) -> Callable[..., Any]:
    """`function` in Numba with the flags of the generated code, its plain Python helpers too; `done` are those made already."""
    done = {} if done is None else done
    if function not in done:
        space = dict(function.__globals__)
        done[function] = numba.njit(**FLAGS)(type(function)(function.__code__, space, function.__name__))
        for name in function.__code__.co_names:
            if hasattr(space.get(name), "__code__"):
                space[name] = compiled(space[name], done)
    return done[function]


def _sct(case, args):
    derivative = sct.value_and_grad(case.function, argnums=case.argnums)
    return lambda: derivative(*args)[1]


def _hand(case, args):
    if case.name not in by_hand.ADJOINTS:
        return None
    adjoint = compiled(by_hand.ADJOINTS[case.name])
    return lambda: adjoint(*args)[1]


def _tape(case, args):
    from sct.reference.tape import tape_gradient

    return lambda: tape_gradient(case.function, args, case.argnums)


def _autograd(case, args):
    import autograd
    import autograd.numpy
    from autograd.scipy.special import erf

    xp = SimpleNamespace(**{**vars(autograd.numpy), "erf": erf})
    if case.name not in with_arrays.PROGRAMS:
        return None
    program = with_arrays.PROGRAMS[case.name]
    derivative = autograd.value_and_grad(lambda *a: program(xp, *a), case.argnums)
    return lambda: derivative(*args)[1]


def _torch(case, args):
    if case.name not in with_arrays.PROGRAMS:
        return None
    import numpy as np
    import torch

    torch.set_num_threads(1)
    tensors = [
        torch.tensor(a, requires_grad=i in case.argnums) if isinstance(a, np.ndarray) else a for i, a in enumerate(args)
    ]
    inputs = [tensors[i] for i in case.argnums]
    program = with_arrays.PROGRAMS[case.name]

    def run():
        return tuple(g.numpy() for g in torch.autograd.grad(program(torch, *tensors), inputs))

    return run


SCT = Peer("sct", None, _sct)
HAND = Peer("hand", None, _hand)
OTHERS = {
    "tape": Peer("tape", None, _tape, small_only=True),
    "autograd": Peer("autograd", "autograd", _autograd),
    "torch": Peer("torch", "torch", _torch),
}
