"""What the plan of the reverse sweep compares: the cost of saving a value, and how often a place in the text is reached.

The unit is one scalar saved and read back. Making a value again costs nothing where all operations are cheap (`is_cheap` of the
rules: arithmetic and loads are, an exponential is not) and what they read is there; else it costs what must be saved for it.
What an inner loop or a helper has made is never made again. A loop is taken to run ten times, so that what is saved once for the
loop is chosen over what is saved in each iteration; an arm of a branch a little less than always.
"""

from __future__ import annotations

import gast

from sct.analyses.regions import Region

SCALAR = 1.0
ARRAY = 10.0
"""Saving a scalar, an array as a whole, or undoing a store, once."""

TRIPS = 10.0
ARM = 0.9
"""How often the body of a loop, and the arm of a branch, is run each time that the text gets there."""


def executions(region: Region) -> float:
    """How often the block is run in one run of the function."""
    arms = sum(isinstance(r.owner, gast.If) for r in region.path())
    return TRIPS ** len(region.loops()) * ARM**arms
