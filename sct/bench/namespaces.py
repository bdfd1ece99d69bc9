"""What programs on whole arrays are written in: one namespace for each peer, with the same few names.

Besides NumPy's names there are `erf`, `constant(array)`, `iterate(step, state, times)` and `fold(step, state, rows)`: a loop over
time, which JAX wants as a `scan` and the others as Python.
"""

from __future__ import annotations

import os
from types import SimpleNamespace


def autograd() -> SimpleNamespace:
    import autograd.numpy
    from autograd.scipy.special import erf

    own = {"erf": erf, "constant": lambda a: a, "iterate": _iterate, "fold": _fold}
    return SimpleNamespace(**{**vars(autograd.numpy), **own})


def torch() -> SimpleNamespace:
    import torch

    own = {"constant": torch.as_tensor, "iterate": _iterate, "fold": _fold}
    return SimpleNamespace(**{**vars(torch), **own})


def jax() -> SimpleNamespace:
    """In double precision, on one thread (where JAX is not imported yet)."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    import jax
    from jax.scipy.special import erf

    jax.config.update("jax_enable_x64", True)

    def iterate(step, state, times):
        return jax.lax.scan(lambda now, _: (step(now), None), state, length=times)[0]

    def fold(step, state, rows):
        return jax.lax.scan(lambda now, row: (step(now, row), None), state, rows)[0]

    own = {"erf": erf, "constant": jax.numpy.asarray, "iterate": iterate, "fold": fold}
    return SimpleNamespace(**{**vars(jax.numpy), **own})


def _iterate(step, state, times):
    for _ in range(times):
        state = step(state)
    return state


def _fold(step, state, rows):
    for row in rows:
        state = step(state, row)
    return state
