"""Where saved values go: a buffer with one axis per loop where the trip counts are known beforehand, else a tape."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast
from numba.core import types

from sct.analyses.linear import range_of
from sct.analyses.question import Question
from sct.analyses.regions import Region
from sct.ir.build import Fresh, call_name, expr, is_name, names_in, quote, substitute

COMMON = "common_length"
"""What gives the length of an axis of arrays that are broadcast; it refuses lengths that do not fit each other."""


@dataclass(frozen=True, eq=False)
class Buffer:
    """An array with an element of `itemsize` bytes per iteration: its name, the subscript that belongs to the running iteration,
    and its shape."""

    name: str
    index: gast.expr
    shape: gast.expr
    itemsize: int

    def element(self) -> gast.expr:
        return expr("B[I]", B=self.name, I=self.index)


@dataclass(frozen=True, eq=False)
class Tape:
    """A stack of one dtype: an array and the number of values on it."""

    name: str
    top: str

    def push(self, value: gast.expr, at: gast.stmt) -> list[gast.stmt]:
        return quote("T[P] = V; P += 1", at, T=self.name, P=self.top, V=value)

    def pop(self, target: gast.expr, at: gast.stmt) -> list[gast.stmt]:
        return quote("P -= 1; X = T[P]", at, T=self.name, P=self.top, X=target)

    def push_array(self, name: str, kind: types.Array, at: gast.stmt) -> list[gast.stmt]:
        return quote(f"(T, P) = push_{kind.ndim}d(T, P, A)", at, T=self.name, P=self.top, A=name)

    def pop_array(self, name: str, kind: types.Array, at: gast.stmt) -> list[gast.stmt]:
        """The array pushed last, of Numba type `kind`, as `name`."""
        found = quote(f"(A, P) = pop_{kind.ndim}d(T, P)", at, T=self.name, P=self.top, A=name)
        if str(kind.dtype) not in ("float64", "int64"):
            dtype = "bool_" if isinstance(kind.dtype, types.Boolean) else kind.dtype
            found += quote(f"A = A.astype(np.{dtype})", at, A=name)
        return found

    def reserve(self, room: gast.expr, at: gast.stmt) -> list[gast.stmt]:
        return quote("T = reserve(T, P + N)", at, T=self.name, P=self.top, N=room)


@dataclass(eq=False)
class Storage:
    """The residuals of one function. `allocations[id(loop)]` must stand before the loop; `tapes` are those used."""

    question: Question
    fresh: Fresh
    tapes: dict[str, Tape] = field(default_factory=dict)
    allocations: dict[int, list[gast.stmt]] = field(default_factory=dict)

    def place(self, wish: str, kind: types.Type, region: Region) -> Buffer | Tape:
        """A home for one value of type `kind` per execution of `region`."""
        loops = list(reversed(self.question.sweeps(region)))
        outer, axes = (None, []) if self.question.store_all or not loops or self.question.split else self._axes(loops)
        if not axes:
            return self.tape(kind)
        name = self.fresh(wish)
        sizes = ", ".join(f"S{k}" for k in range(len(axes)))
        shape = expr(sizes if len(axes) == 1 else f"({sizes})", **{f"S{k}": size for k, (size, _) in enumerate(axes)})
        made = quote(f"B = np.empty(S{dtype_of(kind)})", outer, B=name, S=shape)
        self.allocations.setdefault(id(outer), []).extend(made)
        indices = ", ".join(f"I{k}" for k in range(len(axes)))
        index = expr(indices, **{f"I{k}": index for k, (_, index) in enumerate(axes)})
        return Buffer(name, index, shape, 1 if isinstance(kind, types.Boolean) else kind.bitwidth // 8)

    def tape(self, kind: types.Type) -> Tape:
        """The tape for floats, or the one for integers and bools."""
        which = "tape" if isinstance(kind, types.Float) else "ints"
        if which not in self.tapes:
            self.tapes[which] = Tape(self.fresh(which), self.fresh("top" if which == "tape" else "ints_top"))
        return self.tapes[which]

    def names(self, which: str) -> tuple[str, str]:
        """The variables of a tape, `tape` or `ints`: its array and its height."""
        tape = self.tape(types.float64 if which == "tape" else types.int64)
        return tape.name, tape.top

    def open_tapes(self, at: gast.stmt) -> list[gast.stmt]:
        found: list[gast.stmt] = []
        for which, tape in self.tapes.items():
            dtype = "" if which == "tape" else ", np.int64"
            found += quote(f"T = np.empty(64{dtype}); P = 0", at, T=tape.name, P=tape.top)
        return found

    def _axes(self, loops: list[Region]) -> tuple[gast.stmt, list[tuple[gast.expr, gast.expr]]]:
        """The loop that the buffer is made before, and (size, index) per loop, outermost first; none where a trip count is not
        known before the outermost loop. One buffer serves all iterations of a loop that is run again."""
        home = self.question.home(loops[0])
        for outer in ([home] if home.is_loop else []) + loops[:1]:
            outside = {id(r) for r in outer.path()[1:]}
            found = [self._axis(loop, outside) for loop in loops]
            if None not in found:
                return outer.owner, found
        return loops[0].owner, []

    def _axis(self, loop: Region, outside: set[int]) -> tuple[gast.expr, gast.expr] | None:
        if not isinstance(loop.owner, gast.For):
            return None
        bounds = [self._known(b, outside) for b in range_of(loop.owner)]
        if any(b is None for b in bounds):
            return None
        start, stop, step = bounds
        index = gast.Name(loop.owner.target.id, gast.Load(), None, None)
        low, pace = _constant(start), _constant(step)
        if pace == 1 and low is not None and 0 <= low <= 4:
            return self._natural(stop), index
        if pace == -1 and _constant(stop) is not None and -1 <= _constant(stop) <= 4:
            return self._natural(expr("A + 1", A=start)), index
        if pace == 1:
            return self._natural(expr("B - A", A=start, B=stop)), expr("I - A", I=index, A=start)
        size = expr("len(range(A, B, S))", A=start, B=stop, S=step)
        return size, expr("(I - A) // S", I=index, A=start, S=step)

    def _known(self, node: gast.expr, outside: set[int]) -> gast.expr | None:
        """The expression in names that are defined outside the loops, or one that is at least as large; None where there is no
        such form.
        """
        facts = self.question.unit.facts
        names = {}
        for name in names_in(node):
            if id(facts.home_of(name)) in outside and facts.kind(name) != "carried":
                continue
            stmt = facts.definition(name) if facts.kind(name) == "once" else None
            value = getattr(stmt, "value", None)
            if call_name(value) == COMMON and (is_name(node) or _adds(node, name)):
                value = expr("max(A, B)", A=value.args[0], B=value.args[1])
            shape = isinstance(value, gast.Subscript) and isinstance(value.value, gast.Attribute)
            pure = isinstance(value, gast.Name | gast.BinOp | gast.Constant) or call_name(value) in ("len", "max") or shape
            if not pure or not is_name(stmt.targets[0]):
                return None
            inner = self._known(value, outside)
            if inner is None:
                return None
            names[name] = inner
        return substitute(node, names)

    def _natural(self, size: gast.expr) -> gast.expr:
        """The size as it stands if it cannot be negative, else cut off at zero."""
        facts, value = self.question.unit.facts, size
        if is_name(size) and facts.kind(size.id) == "once":
            value = getattr(facts.definition(size.id), "value", size)
        shape = isinstance(size, gast.Constant | gast.Subscript | gast.Attribute)
        return size if shape or call_name(value) in ("len", COMMON) else expr("max(S, 0)", S=size)


def _adds(node: gast.expr, name: str) -> bool:
    """Whether the expression is `name`, more or less something else."""
    return isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add | gast.Sub) and is_name(node.left, name)


def _constant(node: gast.expr) -> int | None:
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub) and isinstance(node.operand, gast.Constant):
        return -node.operand.value
    return node.value if isinstance(node, gast.Constant) and isinstance(node.value, int) else None


def dtype_of(kind: types.Type) -> str:
    """What an allocation says of the type of its elements."""
    if isinstance(kind, types.Boolean):
        return ", np.bool_"
    return "" if str(kind) == "float64" else f", np.{kind}"
