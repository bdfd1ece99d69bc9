"""Comparisons of whole arrays: they keep what they load, but a row or a slice that they load gets a name.

    c = m[k[0]] > 0.5    ->    t = k[0]
                               v = m[t]
                               c = v > 0.5
"""

from __future__ import annotations

import gast

from sct.ir.build import bodies, is_name, loads, quote
from sct.lowering.picked import Put, elements_named
from sct.lowering.subscripts import axes
from sct.lowering.work import Work


def name_views(work: Work) -> None:
    _block(work.body, work)


def _block(block: list[gast.stmt], work: Work) -> None:
    for k, stmt in reversed(list(enumerate(block))):
        for inner in bodies(stmt):
            _block(inner, work)
        if _compares_arrays(stmt, work):
            block[k:k] = _named(stmt, work)


def _compares_arrays(stmt: gast.stmt, work: Work) -> bool:
    target, value = getattr(stmt, "targets", [None])[0], getattr(stmt, "value", None)
    return isinstance(value, gast.Compare | gast.UnaryOp) and is_name(target) and work.types.is_array(target.id)


def _named(stmt: gast.Assign, work: Work) -> list[gast.stmt]:
    """Statements that bind the views in a comparison, which reads their names from now on."""
    made: list[gast.stmt] = []
    for load in loads(stmt.value):
        if work.types.is_array(load.value.id) and not (written := axes(load, work)).is_element:
            made += elements_named(load, stmt, work)
            view = work.array("t", load.value.id, len(written.result))
            made += quote("v = a[i]", stmt, v=view, a=load.value, i=load.slice)
            stmt.value = Put(load, view).visit(stmt.value)
    return made
