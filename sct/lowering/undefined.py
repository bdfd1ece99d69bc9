"""Starts of variables that Python would find unbound: a value of the right type, now that the type is known.

    s = UNDEFINED    ->    s = np.nan
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
        if isinstance(stmt, gast.Assign) and is_name(stmt.value, "UNDEFINED"):
            stmt.value = expr(_value(stmt, work))


def _value(stmt: gast.Assign, work: Work) -> str:
    name = stmt.targets[0].id
    kind = work.types.of(name)
    if isinstance(kind, nt.Array):
        raise work.syntax(
            stmt,
            f"the array `{work.user_name(name)}` may be unbound here",
            f"allocate `{work.user_name(name)}` before the `if` or the loop that assigns it.",
        )
    if isinstance(kind, nt.Boolean):
        return "False"
    if isinstance(kind, nt.Integer):
        return "0" if kind in (nt.int64, nt.intp) else f"np.{kind}(0)"
    return f"np.{kind}(np.nan)" if kind == nt.float32 else "np.nan"
