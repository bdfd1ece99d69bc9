"""The forward and the reverse sweep of any region, from the adjoint statements and the plan."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.checkpoint import Checkpoint
from sct.analyses.progress import progress
from sct.analyses.question import FORWARDED, RECOMPUTED, SAVED, Plan, Question
from sct.analyses.regions import Region, Regions
from sct.analyses.repeat import Repeat
from sct.analyses.rerun import Rerun
from sct.analyses.together import Late
from sct.ir.build import clone, defined, expr, is_one_of, names_in, nodes, quote, store_target, targets, walk
from sct.transform.bars import Bars, permutation_of
from sct.transform.checkpoint import Snapshots, without_exchange
from sct.transform.ranges import backwards, trip_count
from sct.transform.rerun import private_part, with_own_buffers
from sct.transform.storage import Buffer, Storage, Tape


@dataclass(eq=False)
class Sweeps:
    """`forward(region)` records what the plan says; `reverse(region)` puts it back and adds up the adjoints."""

    question: Question
    plan: Plan
    bars: Bars
    storage: Storage
    callees: object
    late: Late
    places: dict[str, Buffer | Tape] = field(default_factory=dict)
    olds: dict[int, Buffer | Tape] = field(default_factory=dict)
    roomy: set[int] = field(default_factory=set)
    snapshots: dict[int, Snapshots] = field(default_factory=dict)

    @property
    def facts(self) -> Regions:
        return self.question.unit.facts

    @property
    def types(self):
        return self.question.unit.types

    def allot(self) -> None:
        """Give every residual its place, in textual order."""
        saved = set(self.plan.of(SAVED))
        for stmt in self.facts.statements():
            target = store_target(stmt)
            if id(stmt) in self.plan.undone and target is not None:
                array = target.value.id
                region = self.facts.where(stmt)[0]
                self.olds[id(stmt)] = self.storage.place(f"{array}_old", self.types.dtype(array), region)
        for name in sorted(saved, key=self._order):
            if self.types.is_array(name):
                self.places[name] = self.storage.tape(self.types.dtype(name))
            else:
                self.places[name] = self.storage.place(f"{name}_saved", self.types.of(name), self.facts.home_of(name))

    def _order(self, name: str) -> tuple[int, str]:
        return self.facts.order[id(self.facts.definition(name))], name

    def forward(self, region: Region, record: bool = True, after: tuple[gast.stmt, ...] = ()) -> list[gast.stmt]:
        """The region's statements, with what must be recorded; `after` stands at the end, before a break."""
        found: list[gast.stmt] = []
        closing = [*(self._pushes(region) if record else []), *after]
        last = len(region.block) - 1
        for index, stmt in enumerate(region.block):
            if stmt in self.late:
                continue
            splits = index == last and isinstance(stmt, gast.If) and _breaks(stmt)
            if isinstance(stmt, gast.Break):
                found += [clone(s) for s in closing]
                closing = []
            found += self._forward(stmt, record, tuple(closing) if splits else ())
            if splits:
                closing = []
            if record:
                found += self._saves(stmt, region)
        return found + [clone(s) for s in closing]

    def _forward(self, stmt: gast.stmt, record: bool, after: tuple[gast.stmt, ...]) -> list[gast.stmt]:
        inner = self.facts.inner[id(stmt)]
        if isinstance(stmt, gast.If):
            copy = quote("if C: pass\nelse: pass", stmt, C=stmt.test)[0]
            copy.body = self.forward(inner[0], record, after) or copy.body
            copy.orelse = self.forward(inner[1], record, after)
            return [copy]
        if inner:
            return self._forward_loop(stmt, inner[0], record)
        if isinstance(stmt, gast.Return):
            return []
        if self.question.unit.helper_call(stmt) is not None:
            return self.callees.forward(self, stmt, record)
        found = []
        if record and id(stmt) in self.olds:
            found = self._record_old(stmt)
        return [*found, clone(stmt)]

    def _rerun_of(self, loop: gast.stmt) -> Rerun | None:
        return next((rerun for rerun in self.question.reruns if rerun.loop is loop), None)

    def _forward_loop(self, stmt: gast.stmt, body: Region, record: bool) -> list[gast.stmt]:
        again = self._rerun_of(stmt) is not None
        if record and id(stmt) in self.snapshots:
            return self.snapshots[id(stmt)].forward(self.forward(body, False))
        copy = clone(stmt)
        if isinstance(stmt, gast.While) and isinstance(stmt.test, gast.Constant):
            copy.test = self._endless(stmt)
        opening = self._reserve_for_all(stmt, body) if record and not again else []
        copy.body = self.forward(body, record and not again)
        allocations = self.storage.allocations.get(id(stmt), []) if record and not again else []
        return [*[clone(s) for s in allocations], *opening, copy]

    def _endless(self, loop: gast.While) -> gast.expr:
        """A test that always holds but is no literal: under `while True` Numba cannot type a tape that both arms of a break
        push to."""
        after = self.facts.definition(progress(loop, self.facts))
        return expr("N >= 0", N=after.value.id)

    def _reserve_for_all(self, loop: gast.stmt, body: Region) -> list[gast.stmt]:
        """Room on the tapes for all iterations of a counted loop at once, where each pushes a bounded number of values."""
        counts = self._room(body) if isinstance(loop, gast.For) else None
        if not counts:
            return []
        self.roomy |= {id(r) for r in self._within(body)}
        found = []
        for tape, count in counts.items():
            found += tape.reserve(expr("N * T", N=gast.Constant(count, None), T=trip_count(loop)), loop)
        return found

    def _room(self, region: Region) -> dict[Tape, int] | None:
        """Values that one execution of a region pushes at most; None where it has loops, calls or arrays to save."""
        counts: dict[Tape, int] = {}
        for name in self._pushed(region):
            if self.types.is_array(name):
                return None
            counts[self.places[name]] = counts.get(self.places[name], 0) + 1
        for stmt in region.block:
            if isinstance(stmt, gast.For | gast.While) or self.question.unit.helper_call(stmt) is not None:
                return None
            place = self.olds.get(id(stmt))
            inside = [self._room(inner) for inner in self.facts.inner[id(stmt)]]
            if None in inside:
                return None
            for part in [*inside, {place: 1} if isinstance(place, Tape) else {}]:
                for tape, count in part.items():
                    counts[tape] = counts.get(tape, 0) + count
        return counts

    def _within(self, region: Region) -> list[Region]:
        found = [region]
        for stmt in region.block:
            for inner in self.facts.inner[id(stmt)]:
                found += self._within(inner)
        return found

    def _record_old(self, stmt: gast.stmt) -> list[gast.stmt]:
        place, target = self.olds[id(stmt)], store_target(stmt)
        element = expr("A[I]", A=target.value.id, I=target.slice)
        if isinstance(place, Buffer):
            return quote("B = V", stmt, B=place.element(), V=element)
        roomy = id(self.facts.where(stmt)[0]) in self.roomy
        return [*([] if roomy else place.reserve(expr("1"), stmt)), *place.push(element, stmt)]

    def _saves(self, stmt: gast.stmt, region: Region) -> list[gast.stmt]:
        """Stores into buffers, right after the definition."""
        found: list[gast.stmt] = []
        for name in self._defined_by(stmt):
            place = self.places.get(name)
            if isinstance(place, Buffer):
                found += quote("B = V", stmt, B=place.element(), V=name)
        return found

    def _defined_by(self, stmt: gast.stmt) -> list[str]:
        if isinstance(stmt, gast.If):
            return [n for n, owner in self.facts.merged.items() if owner is stmt]
        if isinstance(stmt, gast.Assign) and store_target(stmt) is None:
            return [n for n in defined(stmt) if n not in self.facts.merged]
        return []

    def _pushed(self, region: Region) -> list[str]:
        """Names of the region that go onto a tape, in the order of their pushes: arrays, which make room for themselves, first."""
        names = [n for n, place in self.places.items() if isinstance(place, Tape) and self.facts.home_of(n) is region]
        return sorted(names, key=lambda name: not self.types.is_array(name))

    def _pushes(self, region: Region) -> list[gast.stmt]:
        found: list[gast.stmt] = []
        names = self._pushed(region)
        scalars = [name for name in names if not self.types.is_array(name)]
        for name in names[: len(names) - len(scalars)]:
            found += self.places[name].push_array(name, self.types.of(name), region.owner)
        if id(region) not in self.roomy:
            for tape in dict.fromkeys(self.places[name] for name in scalars):
                count = sum(self.places[name] is tape for name in scalars)
                found += tape.reserve(gast.Constant(count, None), region.owner)
        for name in scalars:
            found += self.places[name].push(expr(name), region.owner)
        return found

    def _pops(self, region: Region) -> list[gast.stmt]:
        found: list[gast.stmt] = []
        for name in reversed(self._pushed(region)):
            tape = self.places[name]
            if self.types.is_array(name):
                found += tape.pop_array(name, self.types.of(name), region.owner)
            else:
                found += tape.pop(expr(name), region.owner)
                if self.types.is_bool(name):
                    found += quote("X = bool(X)", region.owner, X=name)
        return found

    def reverse(self, region: Region) -> list[gast.stmt]:
        """The adjoint of a region, its last statement first."""
        found = self._pops(region)
        start = self.bars.start.get(id(region), [])
        for index in reversed(range(len(region.block))):
            stmt = region.block[index]
            found += self._materialise(region, index)
            if index == len(region.block) - 1:
                found += [clone(s) for s in start]
            found += self._reverse(stmt)
        return found + [clone(s) for s in self.bars.end.get(id(region), [])]

    def _materialise(self, region: Region, index: int) -> list[gast.stmt]:
        """Primal values wanted from here on, each after those that it is made from."""
        names = sorted((n for n, t in self.plan.time.items() if t == index and self._made_here(n, region)), key=self._order)
        found: list[gast.stmt] = []
        done: set[str] = set()

        def make(name: str) -> None:
            if name not in names or name in done:
                return
            done.add(name)
            made = self._made(name)
            for stmt in made:
                for other in names_in(stmt):
                    make(other)
            found.extend(made)

        for name in names:
            make(name)
        return found

    def _made(self, name: str) -> list[gast.stmt]:
        """The statement that has a primal value again: recomputed, read back, or taken from its buffer."""
        stmt = self.facts.definition(name)
        if self.plan.source[name] == RECOMPUTED:
            return self._again(name, stmt)
        if self.plan.source[name] == FORWARDED:
            element = self.plan.forwarded[name]
            return quote("X = A[I]", stmt, X=name, A=element.value, I=element.slice)
        return quote("X = B", stmt, X=name, B=self.places[name].element())

    def _made_here(self, name: str, region: Region) -> bool:
        if self.facts.home_of(name) is not region:
            return False
        source = self.plan.source[name]
        return source in (RECOMPUTED, FORWARDED) or (source == SAVED and isinstance(self.places[name], Buffer))

    def _again(self, name: str, stmt: gast.stmt) -> list[gast.stmt]:
        if not isinstance(stmt, gast.If):
            return quote("X = V", stmt, X=name, V=stmt.value)
        kept = Repeat(self.question).choice(name, stmt) or [s for s in (*stmt.body, *stmt.orelse) if name in targets(s)]
        copy = quote("if C: pass\nelse: pass", stmt, C=stmt.test)[0]
        copy.body, copy.orelse = ([clone(s) for s in arm if s in kept] for arm in (stmt.body, stmt.orelse))
        return [copy]

    def _reverse(self, stmt: gast.stmt) -> list[gast.stmt]:
        found = [clone(s) for s in self.bars.before.get(id(stmt), [])]
        inner = self.facts.inner[id(stmt)]
        if isinstance(stmt, gast.If):
            found += self._reverse_if(stmt, inner)
        elif inner:
            found += self._reverse_loop(stmt, inner[0])
            if stmt in self.late.loops[:1]:
                found += [s for waiting in self.late.waiting for s in self._forward(waiting, True, ())]
        else:
            group = self.bars.reverse.get(id(stmt), [])
            is_call = self.question.unit.helper_call(stmt) is not None
            found += self.callees.finish(self, stmt, group) if is_call else [clone(s) for s in group]
            if id(stmt) in self.olds:
                place, target = self.olds[id(stmt)], store_target(stmt)
                element = expr("A[I]", A=target.value.id, I=target.slice)
                if isinstance(place, Buffer):
                    found += quote("A = B", stmt, A=element, B=place.element())
                else:
                    found += place.pop(element, stmt)
        return found

    def _reverse_if(self, stmt: gast.If, inner: list[Region]) -> list[gast.stmt]:
        body, orelse = self.reverse(inner[0]), self.reverse(inner[1])
        if not body and not orelse:
            return []
        copy = quote("if C: pass\nelse: pass", stmt, C=stmt.test)[0]
        copy.body, copy.orelse = body or copy.body, orelse
        return [copy]

    def _reverse_loop(self, stmt: gast.stmt, body: Region) -> list[gast.stmt]:
        inside: list[gast.stmt] = []
        group = permutation_of(stmt)
        if group is not None:
            inside += self.bars.exchange(group, inverse=True)
        rerun = self._rerun_of(stmt)
        if isinstance(rerun, Checkpoint):
            return self._reverse_checkpointed(rerun, body, inside)
        if rerun is not None:
            inside += self.forward(body) if stmt in self.late else private_part(self.forward(body), rerun)
        inside += self.reverse(body)
        if not inside:
            return []
        turn = [*(clone(s) for s in self.storage.allocations.get(id(stmt), []) if rerun is not None), self._turned(stmt, inside)]
        return turn if rerun is None or stmt in self.late else with_own_buffers(turn, rerun, self.storage.fresh)

    def _reverse_checkpointed(self, checkpoint: Checkpoint, body: Region, exchange: list[gast.stmt]) -> list[gast.stmt]:
        turn = self.reverse(body)
        if not turn and not exchange:
            return []
        loop = checkpoint.loop
        snapshots = self.snapshots[id(loop)] = Snapshots(checkpoint, self.storage.fresh)
        turn = [*without_exchange(self.forward(body)), *turn]
        allocations = [clone(s) for s in self.storage.allocations.get(id(loop), [])]
        return [*allocations, snapshots.reverse(self.forward(body, False), turn, exchange)]

    def _turned(self, loop: gast.stmt, inside: list[gast.stmt]) -> gast.stmt:
        """The loop around its reverse sweep: backwards, or as it is where the order is free, for which compilers do more."""
        tops = {tape.top for tape in self.storage.tapes.values()}
        pops = any(is_one_of(n, tops) for s in walk(inside) for n in nodes(s))
        if loop not in self.late and (pops or not getattr(loop, "apart", False)):
            turn = backwards(loop, inside, self._last_iteration(loop), self.storage.fresh)
        else:
            turn = quote("for I in R: pass", loop, I=loop.target.id, R=clone(loop.iter))[0]
            turn.body, turn.apart, turn.together = inside, getattr(loop, "apart", False), loop in self.late
        turn.threads = getattr(loop, "threads", False)
        return turn

    def _last_iteration(self, loop: gast.stmt) -> gast.expr | None:
        """The trip count of a `while`, the last index of a `for` that may break."""
        name = progress(loop, self.facts)
        return None if name is None else expr(name)

    def push_content(self, array: str, at: gast.stmt) -> list[gast.stmt]:
        return self.storage.tape(self.types.dtype(array)).push_array(array, self.types.of(array), at)

    def pop_content(self, array: str, at: gast.stmt) -> tuple[str, list[gast.stmt]]:
        """A scratch array with the saved content of `array`."""
        scratch = self.storage.fresh(f"{array}_then")
        return scratch, self.storage.tape(self.types.dtype(array)).pop_array(scratch, self.types.of(array), at)


def _breaks(stmt: gast.stmt) -> bool:
    """Whether a branch ends its loop somewhere inside."""
    if isinstance(stmt, gast.Break):
        return True
    return isinstance(stmt, gast.If) and any(_breaks(s) for arm in (stmt.body, stmt.orelse) for s in arm)
