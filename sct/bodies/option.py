"""How a parameter says that it must be known while the program is read; `Literal` besides which values it may have."""

from __future__ import annotations


class Option:
    """Annotates `axis` and the like: constants in the call, so that `if axis is None` leaves one arm of a branch."""
