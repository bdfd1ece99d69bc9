"""Products of arrays as loops: a nest over the axes of the result, in it a total over those that are summed."""

from __future__ import annotations

import gast
from numba.core import types as nt

from sct.ir.build import expr, is_name, quote, text
from sct.ir.contraction import Contraction, contraction, operands
from sct.lowering.elements import subscript
from sct.lowering.elementwise import Arrays
from sct.lowering.nests import Checks, accumulate, allocate, bounds, nest, scalar
from sct.types import Types


def product(stmt: gast.Assign, arrays: Arrays) -> list[gast.stmt]:
    given, ranks = operands(stmt.value), _ranks(stmt.value, arrays.work.types)
    if 0 in ranks and stmt.value.func.attr in ("dot", "inner"):
        stmt.value = gast.copy_location(gast.BinOp(given[0], gast.Mult(), given[1]), stmt.value)
        return arrays.elementwise(stmt) if any(ranks) else [stmt]
    found = _found(stmt.value, ranks)
    if found is None:
        message = f"the operands of `{text(stmt.value)}` have {' and '.join(map(str, ranks))} axes, which do not fit"
        raise arrays.work.call(stmt, message, "give operands that NumPy accepts, and constant axes.")
    names = [a.id for a in given]
    return _inner(stmt, *names, arrays) if found == _INNER else _Product(stmt, names, found, arrays).statements()


_INNER = Contraction(("i", "i"), "")


def is_inner(call: gast.Call, types: Types) -> bool:
    """Whether a product is one number made of two vectors."""
    return _found(call, _ranks(call, types)) == _INNER


def _ranks(call: gast.Call, types: Types) -> tuple[int, ...]:
    return tuple(types.ndim(a.id) if is_name(a) else 0 for a in operands(call))


def _found(call: gast.Call, ranks: tuple[int, ...]) -> Contraction | None:
    try:
        return contraction(call, ranks)
    except ValueError:  # axes that are not constant
        return None


def _inner(stmt: gast.Assign, left: str, right: str, arrays: Arrays) -> list[gast.stmt]:
    """Of two vectors, which may be expressions that wait."""
    work, target = arrays.work, stmt.targets[0].id
    whole, out = arrays.checked(arrays.leaves(expr(left)), stmt)
    other, more = arrays.checked(arrays.leaves(expr(right)), stmt)
    checks = Checks(arrays.shapes, work, stmt)
    checks.equal(*whole.keys, *other.keys, *whole.lengths, *other.lengths)
    indices = [work.fresh("k")]
    elements = arrays.elements(indices, whole.keys, stmt)

    def term(body: list[gast.stmt]) -> str:
        return _times([elements.element(left, body), elements.element(right, body)], body, stmt, arrays)

    start, made = scalar(0.0, work.types.dtype(target), f"{target}_zero", work, stmt)
    total = accumulate(target, start, whole.lengths, indices, term, work, stmt)
    return [*out, *more, *checks.statements(), *made, *total]


class _Product:
    """Of arrays in memory; `indices` names the loop of each letter, `lengths` its trips."""

    def __init__(self, stmt: gast.Assign, names: list[str], found: Contraction, arrays: Arrays) -> None:
        self.stmt, self.names, self.found, self.arrays = stmt, names, found, arrays
        self.work, self.target = arrays.work, stmt.targets[0].id
        self.keys: dict[str, str] = {}
        self.lengths: dict[str, gast.expr] = {}
        self.checks = Checks(arrays.shapes, self.work, stmt)
        for name, letters in zip(names, found.inputs, strict=True):
            for letter, key, length in zip(letters, arrays.shapes.of(name), bounds(name, self.work), strict=True):
                if letter in self.keys:
                    self.checks.equal(self.keys[letter], key, self.lengths[letter], length)
                self.keys.setdefault(letter, key)
                self.lengths.setdefault(letter, length)
        self.indices = {c: self.work.fresh(c) for c in found.output + found.summed}

    def statements(self) -> list[gast.stmt]:
        dtype = self.work.types.dtype(self.target)
        start, made = scalar(0.0, dtype, f"{self.target}_zero", self.work, self.stmt)
        checks, output = self.checks.statements(), self.found.output
        if not output:
            return [*checks, *made, *self._total(self.target, start)]
        self.arrays.shapes.arrays[self.target] = tuple(self.keys[c] for c in output)
        if not isinstance(dtype, nt.Boolean) and self._strides(self.found.summed[-1:]) > self._strides(output[-1]):
            return [*checks, *self._row_by_row()]
        lengths, indices = [self.lengths[c] for c in output], [self.indices[c] for c in output]
        total = self.work.fresh(f"{self.target}_{indices[-1]}")
        body = self._total(total, start)
        body += quote("y[i] = t", self.stmt, y=self.target, i=subscript(indices), t=expr(total))
        made = made if self.found.summed else []
        return [*checks, *made, *allocate(self.target, lengths, dtype, self.stmt), nest(lengths, indices, body, self.stmt)]

    def _strides(self, letter: str) -> int:
        """Operands that a loop over the letter would go through with a stride."""
        return sum(letter in letters[:-1] for letters in self.found.inputs) if letter else 0

    def _row_by_row(self) -> list[gast.stmt]:
        """Terms added to rows of the result: the last loop is that over its last axis, for which all arrays lie in order."""
        output, dtype = self.found.output, self.work.types.dtype(self.target)
        order = output[:-1] + self.found.summed + output[-1]
        body: list[gast.stmt] = []
        value = self._term(body)
        body += quote("y[i] += t", self.stmt, y=self.target, i=subscript([self.indices[c] for c in output]), t=value)
        loops = nest([self.lengths[c] for c in order], [self.indices[c] for c in order], body, self.stmt)
        return [*allocate(self.target, [self.lengths[c] for c in output], dtype, self.stmt, "zeros"), loops]

    def _total(self, name: str, start: str) -> list[gast.stmt]:
        """`name` = the sum of the terms over the letters that are summed, or the only term."""
        summed = self.found.summed
        if not summed:
            body: list[gast.stmt] = []
            value = self._term(body)
            return body + quote("t = v", self.stmt, t=name, v=value)
        lengths, indices = [self.lengths[c] for c in summed], [self.indices[c] for c in summed]
        return accumulate(name, start, lengths, indices, self._term, self.work, self.stmt)

    def _term(self, body: list[gast.stmt]) -> str:
        factors = []
        for name, letters in zip(self.names, self.found.inputs, strict=True):
            indices = [self.indices[c] for c in letters]
            factors.append(self.work.fresh(f"{name}_{indices[-1]}"))
            body += quote("t = a[i]", self.stmt, t=factors[-1], a=name, i=subscript(indices))
        return _times(factors, body, self.stmt, self.arrays)


def _times(factors: list[str], body: list[gast.stmt], stmt: gast.stmt, arrays: Arrays) -> str:
    found = factors[0]
    for factor in factors[1:]:
        name = arrays.work.fresh(f"{stmt.targets[0].id}_term")
        body += quote("t = a * b", stmt, t=name, a=found, b=factor)
        found = name
    return found
