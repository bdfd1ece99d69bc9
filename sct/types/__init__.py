"""The types of a core program's names, as Numba infers them."""

from sct.types.infer import Types, infer

__all__ = ["Types", "infer"]
