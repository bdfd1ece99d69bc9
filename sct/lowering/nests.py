"""Loops over the elements of an array: bounds, nests, sums, and the checks that shapes agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

import gast
from numba.core import types as nt

from sct.ir.build import expr, quote
from sct.lowering.shapes import Keys, Shapes
from sct.lowering.work import Work

INDICES = {1: "k", 2: "ij", 3: "ijk", 4: "ijkl"}
MISMATCH = "sct: arrays whose shapes do not fit each other"


@dataclass(frozen=True)
class Extent:
    """The shape of an array or an array expression: the keys of its axes, and their lengths as trees."""

    keys: Keys
    lengths: list[gast.expr]

    def size(self) -> gast.expr:
        """The number of elements."""
        return reduce(lambda a, b: expr("a * b", a=a, b=b), self.lengths)


def bounds(array: str, work: Work) -> list[gast.expr]:
    """The lengths of the array's axes, as trees."""
    ndim = work.types.ndim(array)
    return [expr("len(a)", a=array)] if ndim == 1 else [expr(f"a.shape[{k}]", a=array) for k in range(ndim)]


def new_indices(count: int, work: Work) -> list[str]:
    wishes = INDICES.get(count) or [f"i{k}" for k in range(count)]
    return [work.fresh(w) for w in wishes]


def nest(lengths: list[gast.expr], indices: list[str], body: list[gast.stmt], at: gast.stmt, apart: bool = True) -> gast.stmt:
    """`for i in range(length): ...`, one loop inside the other; `apart` if the derivatives of the iterations may be added up in any
    order.
    """
    for length, index in zip(reversed(lengths), reversed(indices), strict=True):
        (loop,) = quote("for i in range(n):\n    pass", at, i=index, n=length)
        loop.body, loop.apart = body, apart
        body = [loop]
    return body[0]


def literal(value: float, dtype: nt.Type) -> str:
    """`value` as a literal of the kind of `dtype`."""
    if isinstance(dtype, nt.Boolean):
        return str(bool(value))
    return str(int(value)) if isinstance(dtype, nt.Integer) else str(value)


def scalar(value: float, dtype: nt.Type, wish: str, work: Work, at: gast.stmt) -> tuple[str, list[gast.stmt]]:
    """An atom that is `value` as a scalar of `dtype`, and the statement it needs where no literal has that type."""
    text = literal(value, dtype)
    if dtype in (nt.float64, nt.int64, nt.boolean):
        return text, []
    name = work.fresh(wish)
    return name, quote(f"z = {dtype_text(dtype)}({text})", at, z=name)


def accumulate(
    name: str,
    start: str,
    lengths: list[gast.expr],
    indices: list[str],
    term: Callable[[list[gast.stmt]], str],
    work: Work,
    at: gast.stmt,
    update: str = "n = h + t",
) -> list[gast.stmt]:
    """`name` = `start` updated with the term of every iteration of a nest; each of its loops carries the total."""
    carried, head, last = work.fresh(f"{name}_sum"), work.fresh(f"{name}_old"), work.fresh(f"{name}_new")
    if len(indices) > 1:
        body = accumulate(last, head, lengths[1:], indices[1:], term, work, at, update)
    else:
        body = []
        value = term(body)
        body += quote(update, at, n=last, h=head, t=value)
    body = [*quote("h = c", at, h=head, c=carried), *body, *quote("c = n", at, c=carried, n=last)]
    loop = nest(lengths[:1], indices[:1], body, at, apart=update == "n = h + t")
    return [*quote(f"c = {start}", at, c=carried), loop, *quote("a = c", at, a=name, c=carried)]


def allocate(name: str, lengths: list[gast.expr], dtype: nt.Type, at: gast.stmt, maker: str = "empty") -> list[gast.stmt]:
    """`name = np.empty(lengths, dtype)`; the type is left out where it is NumPy's default."""
    shape = lengths[0] if len(lengths) == 1 else gast.Tuple(lengths, gast.Load())
    kind = "" if dtype == nt.float64 else f", {dtype_text(dtype)}"
    return quote(f"y = np.{maker}(n{kind})", at, y=name, n=shape)


def dtype_text(dtype: nt.Type) -> str:
    return "np.bool_" if isinstance(dtype, nt.Boolean) else f"np.{dtype}"


class Checks:
    """Collects which axes must have the same length or fit each other, and writes one check for what is not known.

    Where an axis of length 1 may meet one of another length, only the run knows which is repeated:

        n = common_length(len(a), len(b))
        a_step = int(len(a) != 1)
        b_step = int(len(b) != 1)
        for k in range(n):
            a_k = a[k * a_step]
            b_k = b[k * b_step]
    """

    def __init__(self, shapes: Shapes, work: Work, at: gast.stmt) -> None:
        self.shapes, self.work, self.at = shapes, work, at
        self.tests: list[gast.expr] = []
        self.made: list[gast.stmt] = []

    def equal(self, a: str, b: str, length_a: gast.expr, length_b: gast.expr) -> None:
        if not self.shapes.equal(a, b):
            self.shapes.unite(a, b)
            self.tests.append(expr("a != b", a=length_a, b=length_b))

    def common(self, sides: list[tuple[str, gast.expr]]) -> tuple[str, gast.expr]:
        """The key and the length of an axis along which arrays with these keys and lengths are used together."""
        (key, length), *others = sides
        for other, n in others:
            if self.shapes.fits(key, other):
                continue
            both = self.shapes.parts(key) | self.shapes.parts(other)
            name = other if self.shapes.fits(other, key) else self.shapes.with_parts(both)
            if name is None:
                name = self.work.fresh("n")
                self.shapes.common[name] = both
                a, b = self._named(length), self._named(n)
                self.made += quote("n = common_length(a, b)", self.at, n=name, a=a, b=b)
            key, length = name, n if name == other else expr(name)
        return key, length

    def _named(self, length: gast.expr) -> gast.expr:
        if isinstance(length, gast.Constant | gast.Name):
            return length
        name = self.work.fresh("n")
        self.made += quote("n = t", self.at, n=name, t=length)
        return expr(name)

    def fits(self, whole: Extent, array: str) -> None:
        """The array's axes must be the last ones of `whole`, but for those of length 1, which are repeated."""
        for key, b, m, n in self._axes(whole, array):
            if not self.shapes.fits(key, b):
                self.shapes.learn_fitting(key, b)
                self.tests.append(expr("n != m and n != 1", m=m, n=n))
        self.repeats(whole, array)

    def repeats(self, whole: Extent, array: str) -> None:
        """Name the steps along the axes of an array that may be repeated to make `whole`."""
        for key, b, _, n in self._axes(whole, array):
            if self.shapes.repeats(key, b) and self.shapes.step(b) is None:
                name = self.work.fresh(f"{array}_step")
                self.shapes.set_step(b, name)
                longer = self.work.fresh(f"{array}_longer")
                self.made += quote("c = n != 1\ns = int(c)", self.at, c=longer, s=name, n=n)

    def _axes(self, whole: Extent, array: str) -> Iterator[tuple[str, str, gast.expr, gast.expr]]:
        ndim = self.work.types.ndim(array)
        keys, lengths = whole.keys[-ndim:], whole.lengths[-ndim:]
        return zip(keys, self.shapes.of(array), lengths, bounds(array, self.work), strict=True)

    def same(self, whole: Extent, other: Extent) -> None:
        """Nothing is repeated: what stands for rebinding a name takes the array as it is."""
        for a, b, m, n in zip(whole.keys, other.keys, whole.lengths, other.lengths, strict=True):
            self.equal(a, b, m, n)

    def statements(self) -> list[gast.stmt]:
        if not self.tests:
            return self.made
        test = self.tests[0] if len(self.tests) == 1 else gast.BoolOp(gast.Or(), self.tests)
        rebinds = getattr(self.at, "rebinds", None)
        message = MISMATCH if rebinds is None else f"sct: the loop rebinds {rebinds} to an array of another shape"
        check = quote(f"c = t\nif c:\n    raise ValueError({message!r})", self.at, c=self.work.fresh("differ"), t=test)
        return [*self.made, *check]
