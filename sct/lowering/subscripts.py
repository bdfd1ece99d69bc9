"""Subscripts in full: one part per axis."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.ir.build import expr, is_name, text
from sct.lowering.work import Work


@dataclass(frozen=True)
class Axes:
    """`array[parts]` with as many parts as `array` has axes; slices are the axes that stay."""

    array: str
    parts: tuple[gast.expr, ...]

    @property
    def kept(self) -> list[int]:
        """The axes of the array that the subscript keeps."""
        return [k for k, p in enumerate(self.parts) if isinstance(p, gast.Slice)]

    @property
    def is_element(self) -> bool:
        return not self.kept

    @property
    def is_plain(self) -> bool:
        """Only integers and `:`."""
        return all(is_full(self.parts[k]) for k in self.kept)

    @property
    def key(self) -> str:
        """The same text for subscripts that mean the same elements."""
        if len(self.kept) == len(self.parts) and self.is_plain:
            return self.array
        return f"{self.array}[{', '.join(':' if is_full(p) else text(p) for p in self.parts)}]"


def is_full(part: gast.expr) -> bool:
    return isinstance(part, gast.Slice) and part.lower is None and part.upper is None and part.step is None


def everything(ndim: int) -> str:
    """The subscript of all elements, as text."""
    return ", ".join([":"] * ndim)


def axes(node: gast.Subscript, work: Work) -> Axes:
    """The subscript's parts, missing ones added; refuses what is not integers and slices."""
    parts = list(node.slice.elts) if isinstance(node.slice, gast.Tuple) else [node.slice]
    for part in parts:
        _refuse(part, node, work)
    missing = work.types.ndim(node.value.id) - len(parts)
    return Axes(node.value.id, (*parts, *(expr("a[:]").slice for _ in range(missing))))


def _refuse(part: gast.expr, node: gast.Subscript, work: Work) -> None:
    if isinstance(part, gast.Constant) and part.value is None:
        message = "`np.newaxis` or `None` as a subscript is not supported yet"
        raise work.syntax(node, message, "write the loop over the new axis.")
    if is_name(part) and work.types.is_array(part.id):
        boolean = str(work.types.dtype(part.id)) == "bool"
        kind = "a boolean mask" if boolean else "an array of subscripts"
        remedy = "test the elements in a loop." if boolean else "loop over the subscripts: `a[i[k]]`."
        raise work.syntax(node, f"{kind} as a subscript is not supported yet", remedy)
