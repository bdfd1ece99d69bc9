"""sct: derivatives of Python and Numba code, as readable Python source."""

from __future__ import annotations

import importlib
from typing import Any

from sct.api import adjoint, grad, hessian, hvp, jacfwd, jacrev, jvp, linearize, tangent, value_and_grad, vjp
from sct.custom import custom_jvp, custom_vjp, rule
from sct.errors import GradientMismatch, NotDifferentiable, SctError, TypeProblem, UnsupportedCall, UnsupportedSyntax

__version__ = "0.1.0"

__all__ = [
    "GradientMismatch",
    "NotDifferentiable",
    "SctError",
    "TypeProblem",
    "UnsupportedCall",
    "UnsupportedSyntax",
    "adjoint",
    "check_grads",
    "checkpoint",
    "custom_jvp",
    "custom_vjp",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "rule",
    "stop_gradient",
    "tangent",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'sct' has no attribute {name!r}")
    return getattr(importlib.import_module(_LATER[name]), name)


_LATER = {"check_grads": "sct.testing", "checkpoint": "sct.revolve", "stop_gradient": "sct.runtime"}
"""What needs NumPy or Numba, imported when it is asked for."""
