"""The shape that an array will have, in names that are known before the block that makes it."""

from __future__ import annotations

from dataclasses import dataclass

import gast

from sct.analyses.regions import Region
from sct.ir.build import call_name, clone, expr, is_name, literal, names_in, substitute
from sct.ir.contraction import contraction, is_product, operands
from sct.lowering.fill import LIKE
from sct.lowering.nests import bounds
from sct.lowering.picked import is_gather, is_mask
from sct.lowering.subscripts import is_full
from sct.lowering.varying import Varying
from sct.lowering.wholes import wholes

Lengths = list[gast.expr]


@dataclass(frozen=True, eq=False)
class Prototypes:
    """What is known in `region` before the statement `owner`."""

    varying: Varying
    region: Region
    owner: gast.stmt

    def lengths(self, name: str, seen: frozenset[str] = frozenset()) -> Lengths | None:
        """The lengths of the axes of an array; None where they are known too late."""
        facts, work = self.varying.facts, self.varying.work
        holder = self.varying.holder(gast.Name(name, gast.Load(), None, None))
        if holder is None or holder in seen:
            return None
        key = self.varying.key(holder)
        if key == holder and not self.varying.is_varying(key) and self._is_there(holder):
            return bounds(holder, work)
        seen = seen | {holder}
        if self.varying.is_varying(key):
            return self._first([h for _, h in self.varying.sources(key) if h is not None], seen)
        return self._of(holder, facts.assigned[holder][0], seen)

    def _is_there(self, name: str) -> bool:
        facts = self.varying.facts
        if facts.home_of(name) not in self.region.path():
            return False
        stmts = facts.assigned.get(name, [])
        return not stmts or facts.order[id(stmts[-1 if name in facts.merged else 0])] < facts.order[id(self.owner)]

    def _first(self, names: list[str], seen: frozenset[str]) -> Lengths | None:
        return next((found for n in names if (found := self.lengths(n, seen)) is not None), None)

    def _of(self, name: str, stmt: gast.stmt, seen: frozenset[str]) -> Lengths | None:
        value, types = stmt.value, self.varying.work.types
        if is_product(value):
            return self._product(value, seen)
        if isinstance(value, gast.Attribute) and value.attr == "T":
            found = self.lengths(value.value.id, seen)
            return found and found[::-1]
        if isinstance(value, gast.Subscript):
            return self._part(value, seen)
        if is_gather(value):
            return self._gathered(value.args[0], seen)
        if call_name(value) in ("zeros", "ones", "empty", "full"):
            return self._shape(value.args[0], seen)
        if call_name(value) in LIKE | {"ones_like", "full_like", "copy"}:
            return self.lengths(value.args[0].id, seen)
        return self._first([n for n in wholes(clone(value), types) if types.ndim(n) == types.ndim(name)], seen)

    def _product(self, value: gast.expr, seen: frozenset[str]) -> Lengths | None:
        known = [self.lengths(a.id, seen) if is_name(a) else None for a in operands(value)]
        found = None if None in known else contraction(value, tuple(map(len, known)))
        if found is None:
            return None
        of = {c: n for letters, lengths in zip(found.inputs, known, strict=True) for c, n in zip(letters, lengths, strict=True)}
        return [of[c] for c in found.output]

    def _gathered(self, value: gast.Subscript, seen: frozenset[str]) -> Lengths | None:
        """Of rows or elements by one array; how many a mask leaves is not known."""
        types, index = self.varying.work.types, value.slice
        if not is_name(index) or is_mask(index, types):
            return None
        picked, whole = self.lengths(index.id, seen), self.lengths(value.value.id, seen)
        return None if picked is None or whole is None else [*picked, *whole[1:]]

    def _shape(self, shape: gast.expr, seen: frozenset[str]) -> Lengths | None:
        if isinstance(shape, gast.Attribute):
            return self.lengths(shape.value.id, seen)
        found = [self._integer(n, seen) for n in (shape.elts if isinstance(shape, gast.Tuple) else [shape])]
        return None if None in found else found

    def _integer(self, node: gast.expr, seen: frozenset[str]) -> gast.expr | None:
        """An integer expression in names that are known here."""
        sizes = _Sizes(self, seen)
        node = sizes.visit(clone(node))
        if sizes.unknown:
            return None
        names = {}
        for name in names_in(node):
            if name == "len" or self.varying.work.types.is_array(name) or self._is_there(name):
                continue
            stmts = self.varying.facts.assigned.get(name, [])
            value = stmts[0].value if len(stmts) == 1 and isinstance(stmts[0], gast.Assign) else None
            pure = isinstance(value, gast.BinOp | gast.UnaryOp | gast.Name | gast.Constant) or call_name(value) == "len"
            names[name] = self._integer(value, seen) if pure else None
        return None if None in names.values() else substitute(node, names)

    def _part(self, value: gast.Subscript, seen: frozenset[str]) -> Lengths | None:
        """The lengths that literal slices leave; those of others are not known."""
        whole = self.lengths(value.value.id, seen)
        parts = list(value.slice.elts) if isinstance(value.slice, gast.Tuple) else [value.slice]
        if whole is None:
            return None
        found = [_sliced(n, p) for n, p in zip(whole, parts, strict=False) if isinstance(p, gast.Slice)]
        return None if None in found else [*found, *whole[len(parts) :]]


class _Sizes(gast.NodeTransformer):
    """Puts the known lengths of arrays for `len(a)` and `a.shape[0]`; `unknown` where one is not."""

    def __init__(self, prototypes: Prototypes, seen: frozenset[str]) -> None:
        self.prototypes, self.seen, self.unknown = prototypes, seen, False

    def visit_Call(self, node: gast.Call) -> gast.expr:
        return self._length(node.args[0], 0, node) if call_name(node) == "len" else self.generic_visit(node)

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        shaped = isinstance(node.value, gast.Attribute) and isinstance(node.slice, gast.Constant)
        return self._length(node.value.value, node.slice.value, node) if shaped else self._length(node, 0, node)

    def visit_Attribute(self, node: gast.Attribute) -> gast.expr:
        self.unknown |= is_name(node.value) and self.prototypes.varying.work.types.is_array(node.value.id)
        return node

    def _length(self, array: gast.expr, axis: int, node: gast.expr) -> gast.expr:
        found = self.prototypes.lengths(array.id, self.seen) if is_name(array) else None
        self.unknown |= found is None
        return node if found is None else clone(found[axis])


def _sliced(length: gast.expr, part: gast.Slice) -> gast.expr | None:
    if is_full(part):
        return length
    first, last = (0 if p is None else literal(p) for p in (part.lower, part.upper))
    if part.step is not None or first is None or last is None or first < 0 or (part.upper is not None and last >= 0):
        return None
    return expr("max(N - C, 0)", N=length, C=gast.Constant(first - last, None))
