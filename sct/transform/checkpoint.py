"""The two sweeps of a loop of which only some states are kept: snapshots, a stack that never holds more than `room` of them.

    for t in range(n):                              for t in range(n - 1, -1, -1):
        if t == place:                                  start = kept_at[newest]
            newest += 1                                 the state = snapshot `newest`
            kept_at[newest] = t                         place = next_snapshot(start, t + 1, room - newest - 1)
            snapshot `newest` = the state               for again in range(start, t):
            place = next_snapshot(t, n, ...)                as in the forward sweep
        the step                                        the step, and its reverse
                                                        if start == t:
                                                            newest -= 1
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.checkpoint import Checkpoint
from sct.analyses.linear import range_of
from sct.analyses.regions import is_permutation
from sct.ir.build import Fresh, clone, expr, literal, quote, substitute
from sct.transform.ranges import backwards, step_of, trip_count
from sct.transform.storage import dtype_of


@dataclass(eq=False)
class Snapshots:
    """The names of one loop's snapshots, and the statements around its steps."""

    checkpoint: Checkpoint
    fresh: Fresh
    kept: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.steps, self.room, self.kept_at = self.fresh("steps"), self.fresh("room"), self.fresh("kept_at")
        self.newest, self.place, self.start = self.fresh("newest"), self.fresh("place"), self.fresh("start")
        self.again = self.fresh("again")
        self.kept = {name: self.fresh(f"{name}_kept") for name in (*self.checkpoint.arrays, *self.checkpoint.scalars)}

    @property
    def loop(self) -> gast.For:
        return self.checkpoint.loop

    @property
    def types(self):
        return self.checkpoint.unit.types

    def forward(self, steps: list[gast.stmt]) -> list[gast.stmt]:
        """The loop around its plain `steps`, keeping the first snapshots."""
        index = expr(self.loop.target.id)
        copy = clone(self.loop)
        copy.body = [*self._keep(self._number(index), expr(self.steps)), *steps]
        return [*self._room(), copy]

    def reverse(self, steps: list[gast.stmt], turn: list[gast.stmt], bars: list[gast.stmt]) -> gast.stmt:
        """The loop backwards, around the plain `steps`, and around one step and its reverse, `turn`; `bars` takes the exchange of
        names in a step back."""
        number = self._number(expr(self.loop.target.id))
        again = self._again(steps, number)
        inside = [*bars, *self._restored(number), again, *turn]
        inside += quote("if S == N: T -= 1", self.loop, S=self.start, N=number, T=self.newest)
        return backwards(self.loop, inside, None, self.fresh)

    def _room(self) -> list[gast.stmt]:
        """How many snapshots there may be, and room for them."""
        names = {"N": self.steps, "R": self.room, "K": self.kept_at, "T": self.newest, "P": self.place}
        found = quote("N = V", self.loop, N=self.steps, V=trip_count(self.loop))
        if self.loop.budget:
            text = f"R = snapshots_within(N, V, {self.loop.budget})"
            found += quote(text, self.loop, R=self.room, N=self.steps, V=self._bytes())
        else:
            found += quote("R = snapshots_for(N)", self.loop, R=self.room, N=self.steps)
        for name in self.checkpoint.arrays:
            sizes = "".join(f", A.shape[{k}]" for k in range(self.types.ndim(name)))
            made = f"B = np.empty((R{sizes}){dtype_of(self.types.dtype(name))})"
            found += quote(made, self.loop, B=self.kept[name], R=self.room, A=name)
        for name in self.checkpoint.scalars:
            found += quote(f"B = np.empty(R{dtype_of(self.types.of(name))})", self.loop, B=self.kept[name], R=self.room)
        return found + quote("K = np.empty(R, np.int64); T = -1; P = 0", self.loop, **names)

    def _bytes(self) -> gast.expr:
        """The size of one snapshot."""
        sizes = [f"{_itemsize(self.types.dtype(name))} * {name}.size" for name in self.checkpoint.arrays]
        scalars = 8 + sum(_itemsize(self.types.of(name)) for name in self.checkpoint.scalars)
        return expr(" + ".join([*sizes, str(scalars)]))

    def _number(self, index: gast.expr) -> gast.expr:
        """The steps before the one with this index."""
        start, _, step = range_of(self.loop)
        pace, from_zero = step_of(step), literal(start) == 0
        if pace == 1:
            return index if from_zero else expr("I - A", I=index, A=start)
        return expr("(I - A) // S", I=index, A=start, S=step)

    def _index(self, number: gast.expr) -> gast.expr:
        start, _, step = range_of(self.loop)
        if step_of(step) == 1:
            return number if literal(start) == 0 else expr("A + N", N=number, A=start)
        return expr("A + N * S", N=number, A=start, S=step)

    def _keep(self, number: gast.expr, end: gast.expr) -> list[gast.stmt]:
        """A snapshot, where the schedule asks for one."""
        branch = quote("if N == P: pass", self.loop, N=number, P=self.place)[0]
        branch.body = quote("T += 1; K[T] = N", self.loop, T=self.newest, K=self.kept_at, N=number)
        for name, kept in self.kept.items():
            branch.body += quote("B[T] = A", self.loop, B=kept, T=self.newest, A=name)
        branch.body += self._next(number, end)
        return [branch]

    def _next(self, start: gast.expr, end: gast.expr) -> list[gast.stmt]:
        text = "P = next_snapshot(S, E, R - T - 1)"
        return quote(text, self.loop, P=self.place, S=start, E=end, R=self.room, T=self.newest)

    def _restored(self, number: gast.expr) -> list[gast.stmt]:
        """The state of the newest snapshot; names that a step exchanges mean what they meant then."""
        found = quote("S = K[T]", self.loop, S=self.start, K=self.kept_at, T=self.newest)
        last = self.loop.body[-1]
        if is_permutation(last):
            turn = quote("for _ in range(N - S): pass", self.loop, N=number, S=self.start)[0]
            turn.body = quote("L = R", self.loop, L=last.value, R=last.targets[0])
            found.append(turn)
        for name, kept in self.kept.items():
            if self.types.is_array(name):
                found += quote("A[:] = B[T]", self.loop, A=name, B=kept, T=self.newest)
            else:
                text = "A = bool(B[T])" if self.types.is_bool(name) else "A = B[T]"
                found += quote(text, self.loop, A=name, B=kept, T=self.newest)
        return found + self._next(expr(self.start), expr("N + 1", N=number))

    def _again(self, steps: list[gast.stmt], number: gast.expr) -> gast.stmt:
        """The plain steps from the snapshot up to the one with this number."""
        loop = quote("for I in range(S, N): pass", self.loop, I=self.again, S=self.start, N=number)[0]
        loop.body = self._keep(expr(self.again), expr("N + 1", N=number))
        index, own = self.loop.target.id, self.fresh(self.loop.target.id)
        loop.body += quote("I = V", self.loop, I=own, V=self._index(expr(self.again)))
        loop.body += [substitute(s, {index: own}) for s in steps]
        return loop


def without_exchange(step: list[gast.stmt]) -> list[gast.stmt]:
    """A step whose names are to mean what they meant at its start."""
    return [s for s in step if not is_permutation(s)]


def _itemsize(kind) -> int:
    return kind.bitwidth // 8 if hasattr(kind, "bitwidth") else 1
