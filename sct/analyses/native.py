"""Whether a call of a function of `sct.linalg` has arguments that it takes."""

from __future__ import annotations

from importlib.util import find_spec

import gast
from numba.core import types

from sct.analyses.unit import Unit
from sct.bodies.native import native_of
from sct.errors import TypeProblem, UnsupportedCall

_AXES = {0: "a number", 1: "a vector", 2: "a matrix"}


def check_native(unit: Unit, call: gast.Call, function: object) -> None:
    """Raise an error with the place of the call, in the user's file or in a function of ours, where it does not fit."""
    native = native_of(function)
    if native is None:
        return
    if find_spec("scipy") is None:
        message = f"np.linalg.{native.name} needs scipy, from which Numba takes LAPACK"
        raise UnsupportedCall(message, place=unit.program.source.place(call), remedy="install it: `pip install scipy`")
    kinds = [unit.argument_type(a) for a in call.args]
    for kind, ranks in zip(kinds, native.ranks, strict=True):
        if getattr(kind, "ndim", 0) not in ranks:
            wanted = " or ".join(_AXES[rank] for rank in ranks)
            raise _problem(unit, call, native.name, f"takes {wanted} here, not {kind}", "loop over the matrices of a stack")
    dtypes = {kind.dtype for kind in kinds if isinstance(kind, types.Array)}
    if len(dtypes) > 1 or not isinstance(next(iter(dtypes)), types.Float):
        found = " and ".join(sorted(map(str, dtypes)))
        raise _problem(unit, call, native.name, f"takes floats of one type, not {found}", "convert them: `a.astype(np.float64)`")


def _problem(unit: Unit, call: gast.Call, name: str, message: str, remedy: str) -> TypeProblem:
    return TypeProblem(f"np.linalg.{name} {message}", place=unit.program.source.place(call), remedy=remedy)
