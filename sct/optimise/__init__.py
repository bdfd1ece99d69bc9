"""Passes that make generated functions read and run like hand-written ones, without changing what they compute."""

from __future__ import annotations

import gast

from sct.analyses.unit import Unit
from sct.ir.build import Fresh
from sct.optimise.blocks import in_blocks, rebuilt
from sct.optimise.copies import coalesced
from sct.optimise.dead import drop_dead
from sct.optimise.effects import Effects
from sct.optimise.names import Names
from sct.optimise.propagate import propagate
from sct.optimise.simplify import simplified

_ENTRIES = ("_grad", "_value_and_grad", "_vjp", "_jvp")


def optimise(function: gast.FunctionDef, unit: Unit) -> gast.FunctionDef:
    """The function with the same results, written as a person would."""
    entry = function.name in {unit.program.tree.name + mode for mode in _ENTRIES}
    names = Names(function, unit)
    effects = Effects(names)
    body = drop_dead(function.body, effects, entry)
    body = coalesced(body, effects, entry, set())
    return rebuilt(function, body=body)
