"""The type of `UNDEFINED`: it gives way to any other type at a join."""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.core.datamodel import models, register_default


class Unbound(types.Type):
    """The bottom type: what a variable has on a path where Python would find it unbound."""

    def __init__(self) -> None:
        super().__init__("unbound")

    def unify(self, typingctx: Any, other: types.Type) -> types.Type:
        return other


register_default(Unbound)(models.OpaqueModel)  # without a model, Numba fails with a KeyError where it is an argument


class _Marker:
    """The value of `UNDEFINED` while a core program is typed."""

    _numba_type_ = Unbound()


UNBOUND = _Marker()
