"""Passes that make generated functions read and run like hand-written ones, without changing what they compute."""

from __future__ import annotations

import gast

from sct.analyses.unit import Unit
from sct.optimise.blocks import each_statement, rebuilt
from sct.optimise.branches import hoisted, shaped
from sct.optimise.copies import coalesced
from sct.optimise.dead import drop_dead
from sct.optimise.distribute import distributed
from sct.optimise.effects import Effects
from sct.optimise.fold import folded
from sct.optimise.gate import gated
from sct.optimise.gather import gathered
from sct.optimise.names import Names, names_of
from sct.optimise.propagate import propagate
from sct.optimise.simplify import simplified
from sct.optimise.sink import sunk
from sct.optimise.totals import totalled
from sct.optimise.upwards import upwards

_MODES = ("grad", "value_and_grad", "vjp", "jvp", "grad_with_aux", "value_and_grad_with_aux")


def optimise(function: gast.FunctionDef, unit: Unit) -> gast.FunctionDef:
    """The function with the same results, written as a person would."""
    return with_names(function, unit)[0]


def with_names(function: gast.FunctionDef, unit: Unit) -> tuple[gast.FunctionDef, Names]:
    """The same, and what its names stand for."""
    entry = function.name in {f"{unit.program.tree.name}_{mode}" for mode in _MODES}
    names, body = names_of(function, unit), function.body
    body = propagate(body, names, copies=False)
    body = gated(body, Effects(names, body), entry)
    body = _tidied(gathered(body, Effects(names, body), late=False), names)
    body, names = coalesced(_alive(body, names, entry), names, entry)
    body = _tidied(propagate(body, names), names)
    body = _alive(body, names, entry)
    body = _alive(sunk(body, Effects(names, body), entry), names, entry)
    for _ in range(2):
        body = gathered(body, Effects(names, body))
        body = _tidied(folded(body, Effects(names, body), entry), names)
    body = gated(body, Effects(names, body), entry)
    body = hoisted(_alive(body, names, entry), Effects(names, body))
    body, names = coalesced(body, names, entry)
    body = totalled(body, Effects(names, body))
    body = upwards(body, Effects(names, body), entry)
    body = distributed(body, Effects(names, body), entry)
    return rebuilt(function, body=shaped(body, names)), names


def _tidied(body: list[gast.stmt], names: Names) -> list[gast.stmt]:
    return each_statement(body, lambda stmt: simplified(stmt, names))


def _alive(body: list[gast.stmt], names: Names, entry: bool) -> list[gast.stmt]:
    return drop_dead(body, Effects(names, body), entry)
