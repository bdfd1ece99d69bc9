"""The refusal of a result that shares memory with an argument, but is not the argument."""

from __future__ import annotations

import gast

from sct.analyses.unit import Unit
from sct.errors import UnsupportedCall


def view_returned(unit: Unit, stmt: gast.stmt) -> UnsupportedCall:
    return UnsupportedCall(
        "a recursive helper that returns a view of its argument",
        place=unit.program.source.place(stmt),
        remedy="take the view in the caller, or return a copy",
    )
