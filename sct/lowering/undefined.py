"""Starts of variables that Python would find unbound: a value of the right type, now that the type is known.

    s = UNDEFINED    ->    s = np.nan

Those of arrays stay, for `sct.lowering.choices`.
"""

from __future__ import annotations

import gast
from numba.core import types as nt

from sct.ir.build import bodies, expr, is_name
from sct.lowering.work import Work


def fill_undefined(work: Work) -> None:
    _fill(work.body, work)


def _fill(block: list[gast.stmt], work: Work) -> None:
    for stmt in block:
        for inner in bodies(stmt):
            _fill(inner, work)
        if isinstance(stmt, gast.Assign) and is_name(stmt.value, "UNDEFINED") and not work.types.is_array(stmt.targets[0].id):
            stmt.value = expr(_value(work.types.of(stmt.targets[0].id)))


def _value(kind: nt.Type) -> str:
    if isinstance(kind, nt.Boolean):
        return "False"
    if isinstance(kind, nt.Integer):
        return "0" if kind in (nt.int64, nt.intp) else f"np.{kind}(0)"
    return f"np.{kind}(np.nan)" if kind == nt.float32 else "np.nan"
