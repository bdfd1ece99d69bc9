"""Subscripts in full: one part per axis."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.ir.build import expr, text
from sct.lowering.work import Work


@dataclass(frozen=True)
class Axes:
    """`array[written]`: a part for each axis of `array`, of which slices stay, and None for each new axis."""

    array: str
    written: tuple[gast.expr, ...]

    @property
    def parts(self) -> list[gast.expr]:
        """One part per axis of the array."""
        return [p for p in self.written if not is_new(p)]

    @property
    def kept(self) -> list[int]:
        """The axes of the array that the subscript keeps."""
        return [k for k, p in enumerate(self.parts) if isinstance(p, gast.Slice)]

    @property
    def result(self) -> list[int | None]:
        """For each axis of the result the array's axis that it comes from, None for a new one."""
        kept = iter(self.kept)
        return [None if is_new(p) else next(kept) for p in self.written if is_new(p) or isinstance(p, gast.Slice)]

    @property
    def is_element(self) -> bool:
        return not self.result

    @property
    def is_plain(self) -> bool:
        """Only integers and `:`."""
        return None not in self.result and all(is_full(self.parts[k]) for k in self.kept)

    @property
    def key(self) -> str:
        """The same text for subscripts that mean the same elements."""
        if len(self.kept) == len(self.parts) and self.is_plain:
            return self.array
        return f"{self.array}[{', '.join(':' if is_full(p) else text(p) for p in self.written)}]"


def is_new(part: gast.expr) -> bool:
    """Whether a part of a subscript is None, which makes a new axis."""
    return isinstance(part, gast.Constant) and part.value is None


def is_full(part: gast.expr) -> bool:
    return isinstance(part, gast.Slice) and part.lower is None and part.upper is None and part.step is None


def everything(ndim: int) -> str:
    """The subscript of all elements, as text."""
    return ", ".join([":"] * ndim)


def axes(node: gast.Subscript, work: Work) -> Axes:
    """The parts of a subscript of integers and slices, missing ones added."""
    parts = written_parts(node)
    missing = work.types.ndim(node.value.id) - sum(not is_new(p) for p in parts)
    return Axes(node.value.id, (*parts, *(expr("a[:]").slice for _ in range(missing))))


def written_parts(node: gast.Subscript) -> list[gast.expr]:
    return list(node.slice.elts) if isinstance(node.slice, gast.Tuple) else [node.slice]
