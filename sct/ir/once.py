"""What must happen once, in the order of the text: draws of random numbers, seeding and printing.

The value of a draw can only be kept; nothing here may be computed again, merged, moved past another or dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from sct.ir.build import call_name, walk

_STATE = "random."


def is_draw(node: gast.AST | None) -> bool:
    """Whether `node` is a call of `np.random`, seeding included."""
    return (call_name(node) or "").startswith(_STATE)


def happens_once(node: gast.AST | None) -> bool:
    """Whether `node` is a call that draws, seeds or prints."""
    return is_draw(node) or (isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == "print")


def any_once(statements: Iterable[gast.stmt]) -> bool:
    """Whether something in the statements, or in the blocks inside them, must happen once."""
    return any(happens_once(getattr(s, "value", None)) for s in walk(list(statements)))
