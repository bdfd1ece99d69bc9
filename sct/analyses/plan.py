"""Where the reverse sweep finds the primal values it needs: still there, recomputed, or saved; and which stores are undone.

The planning algorithm is that of docs/how-it-works.md: needs are placed in reverse textual order, each at the latest point of
the reverse sweep that serves its first use; arrays are undone as a whole (per root), chosen by a greedy climb over the roots.
"""

from __future__ import annotations

import heapq

import gast

from sct.analyses.alias import allocation
from sct.analyses.clean import Clean
from sct.analyses.cost import ARRAY, SCALAR, executions
from sct.analyses.overlap import Access
from sct.analyses.progress import progress
from sct.analyses.question import FORWARDED, RECOMPUTED, SAVED, STILL, Plan, Question
from sct.analyses.regions import Region
from sct.analyses.repeat import Repeat
from sct.analyses.rerun import Rerun
from sct.analyses.shared import view_returned
from sct.errors import UnsupportedCall, UnsupportedSyntax
from sct.ir.build import is_name, loads, names_in, store_target, targets


def plan(question: Question) -> Plan:
    """The cheapest plan found by undoing more and more arrays."""
    clean = Clean(question.unit)
    forced = _restored_stores(question, clean)
    if question.store_all:
        return _Pass(question, clean, frozenset(), forced).run()
    allowed: frozenset[str] = frozenset()
    best = _settled(question, clean, allowed, forced)
    for root in clean.roots_stored():
        if root not in best.blocked:
            continue
        tried = _settled(question, clean, allowed | {root}, forced)
        if tried.cost < best.cost:
            allowed, best = allowed | {root}, tried
    for rerun in question.reruns:
        if best.cost == float("inf") or not rerun.carried_over().isdisjoint(best.source):
            raise rerun.illegal()
    return best


def _settled(question: Question, clean: Clean, allowed: frozenset[str], forced: frozenset[int]) -> Plan:
    """A plan in which the addresses of exactly the stores that are undone are needs."""
    everything = frozenset(id(s.stmt) for s in clean.stores if question.unit.alias.of(s.access.array) & allowed)
    first = _Pass(question, clean, allowed, everything | forced).run()
    second = _Pass(question, clean, allowed, frozenset(first.undone) | forced).run()
    first.blocked = second.blocked = first.blocked | second.blocked
    return second if second.undone <= first.undone | forced else first


def _restored_stores(question: Question, clean: Clean) -> frozenset[int]:
    of = question.unit.alias.of
    return frozenset(id(s.stmt) for s in clean.stores if of(s.access.array) & question.restored)


class _Pass:
    """One planning pass, for fixed roots that may be undone and fixed stores whose addresses are needs."""

    def __init__(self, question: Question, clean: Clean, allowed: frozenset[str], addressed: frozenset[int]) -> None:
        self.question, self.clean, self.allowed = question, clean, allowed
        self.unit, self.facts = question.unit, question.unit.facts
        self.plan = Plan(undone=set(addressed) & _restored_stores(question, clean))
        self.needed: dict[str, int] = {}
        self.queue: list[tuple[int, str]] = []
        self.costs: dict[tuple[str, int], float] = {}
        self.addressed = addressed
        self.repeat = Repeat(question)

    def run(self) -> Plan:
        for region, index, names in self.question.needs:
            self._need_all(names, region, index)
        for stmt in self.facts.statements():
            if id(stmt) in self.addressed:
                self._need_store(stmt)
        for stmt, array in self.question.contents:
            self._content(stmt, array)
        for rerun in self.question.reruns:
            self._rerun(rerun)
        while self.queue:
            name = heapq.heappop(self.queue)[1]
            if name not in self.plan.source:
                self._decide(name)
        undone = (self.facts.where(s)[0] for s in self.facts.statements() if id(s) in self.plan.undone)
        self.plan.cost += SCALAR * sum(map(executions, undone))
        return self.plan

    def _need_store(self, stmt: gast.stmt) -> None:
        region, index = self.facts.where(stmt)
        target, call = store_target(stmt), self.unit.helper_call(stmt)
        if target is not None:
            self._need_all(names_in(target), region, index)
        if call is not None:
            self._need_all([n for a in call.args for n in names_in(a)], region, index)
        self._need_all(control_names(self.facts, region), region, index)

    def _content(self, stmt: gast.stmt, array: str) -> None:
        """The content of an array after a helper call: still there, under its name, or saved as a whole."""
        region, index = self.facts.where(stmt)
        undos = self._undos(Access(array, None, region), index, index)
        key = (id(stmt), array)
        if undos is None and self.unit.alias.of(array) & self.question.restored:
            raise UnsupportedCall(
                f"{self._told(array)} may share memory with another that this helper writes to, and lives only for one iteration",
                place=self.unit.program.source.place(stmt),
                remedy="allocate the array before the loop, or pass a copy",
            )
        if undos is None or (self.question.store_all and not self.unit.alias.of(array) & self.question.restored):
            self.plan.content[key] = SAVED
            self.plan.cost += ARRAY * executions(region)
        else:
            self.plan.content[key] = STILL
            self.plan.undone |= undos
            self._need(array, region, index)

    def _rerun(self, rerun: Rerun) -> None:
        """What the re-run of a loop's iterations reads from outside must be there again when the reverse sweep reaches it."""
        region, index = self.facts.where(rerun.loop)
        self._need_all(rerun.names_from_outside, region, index)
        for access in rerun.exposed():
            undos = self._undos(access, index, index)
            if undos is None:
                self.plan.cost = float("inf")
            else:
                self.plan.undone |= undos

    def _need_all(self, names, region: Region, index: int) -> None:
        for name in names:
            self._need(name, region, index)

    def _need(self, name: str, region: Region, index: int) -> None:
        if self.facts.kind(name) in ("param", "global", "index"):
            return
        if self.facts.kind(name) == "carried" and self.unit.types.is_array(name):
            return
        home = self.facts.home_of(name)
        if home not in region.path():
            self._need_from_arm(name, home)
            return
        time = self.facts.at(region, home, index)
        if name not in self.needed:
            heapq.heappush(self.queue, (-self._order(name), name))
        self.needed[name] = max(time, self.needed.get(name, -1))

    def _need_from_arm(self, name: str, home: Region) -> None:
        """A name wanted outside the arm that defines it, to bind an array that the arm makes."""
        if not self.question.stays(home):
            raise UnsupportedSyntax(
                f"{self._told(name)} is bound in one arm of a branch, in a loop or a helper",
                place=self.unit.program.source.place(home.owner),
                remedy="allocate the array before the `if` and fill it in both arms",
            )
        self.plan.source[name], self.plan.time[name] = STILL, 0

    def _told(self, name: str) -> str:
        """A name as the user knows it."""
        base = self.unit.program.base
        return f"the array `{base[name]}`" if name in base else "an array"

    def _order(self, name: str) -> int:
        if name in self.facts.merged:
            return self.facts.order[id(self.facts.assigned[name][-1])]
        return self.facts.order[id(self.facts.definition(name))]

    def _decide(self, name: str) -> None:
        home, time = self.facts.home_of(name), self.needed[name]
        self.plan.time[name] = time
        if self.question.stays(home) and not self.question.store_all and not self._moves(name):
            self.plan.source[name] = STILL
        elif self.unit.types.is_array(name):
            self._decide_array(name, home, time)
        elif self.unit.types.is_tuple(name) or (not self.question.store_all and self._recompute_cost(name, time) <= 0.0):
            self._recompute(name, home, time)
        elif not self.question.store_all and self._forward(name, home, time):
            return
        elif not self.question.store_all and self._pays(name, home, time):
            self._recompute(name, home, time)
        else:
            self.plan.source[name] = SAVED
            self.plan.cost += SCALAR * executions(home)

    def _moves(self, name: str) -> bool:
        """Whether `name` is a view of an array that grows, so that it must be taken anew from where the array is then."""
        return self.unit.types.is_array(name) and self.unit.grows(name) and name not in self.unit.growing

    def _decide_array(self, name: str, home: Region, time: int) -> None:
        if self.question.stays(home) and not self._moves(name):
            self.plan.source[name] = STILL
            return
        stmt = self.facts.definition(name)
        if allocation(getattr(stmt, "value", None)) is None and self.unit.helper_call(stmt) is None:
            self._recompute(name, home, time)
            return
        self._refuse_shared(name, stmt)
        self.plan.source[name] = SAVED
        self.plan.time[name] = len(home.block) - 1
        self.plan.cost += ARRAY * executions(home)
        if allocation(getattr(stmt, "value", None)) is not None:
            self._need_all(names_in(stmt.value), home, len(home.block) - 1)

    def _refuse_shared(self, name: str, stmt: gast.stmt) -> None:
        """A saved copy of what a helper returns would not share the memory of the arguments."""
        call = self.unit.helper_call(stmt)
        if call is not None and self.unit.shared(call)[targets(stmt).index(name)]:
            raise view_returned(self.unit, stmt)

    def _recompute(self, name: str, home: Region, time: int) -> None:
        self.plan.source[name] = RECOMPUTED
        stmt = self.facts.definition(name)
        index = self.facts.where(stmt)[1]
        for load in self._element_loads(stmt):
            self.plan.undone |= self._undos(load, index, time) or set()
        self._need_all(self._leaves(name, stmt), home, time)

    def _pays(self, name: str, home: Region, time: int) -> bool:
        """Whether saving what `name` is made from costs no more than saving it; a bool is smaller than what it is made from."""
        cost, weight = self._recompute_cost(name, time), SCALAR * executions(home)
        return cost < weight or (cost == weight and not self.unit.types.is_bool(name))

    def _forward(self, name: str, home: Region, time: int) -> bool:
        """Read a float back from the element that a store put it in, before that store is undone; whether that can be."""
        for store in self.clean.stores:
            target, value = store_target(store.stmt), getattr(store.stmt, "value", None)
            region, index = self.facts.where(store.stmt)
            if region is not home or not isinstance(store.stmt, gast.Assign) or target is None or not is_name(value, name):
                continue
            if self.unit.types.dtype(store.access.array) != self.unit.types.of(name) or self._is_callers(store.access.array):
                continue
            when = max(time, index)
            undos = self._undos(store.access, index, when)
            if undos is None or not all(self._in_time(n, home, when) for n in names_in(target)):
                continue
            if any(self._made_from(n, name) for n in names_in(target)):
                continue
            self.plan.source[name], self.plan.time[name] = FORWARDED, when
            self.plan.forwarded[name] = target
            self.plan.undone |= undos
            self._need_all(names_in(target), home, when)
            return True
        return False

    def _is_callers(self, array: str) -> bool:
        """Whether a caller may have changed an array since, of which it only knows that the function does not read it."""
        return self.question.split and bool(self.unit.alias.of(array) & set(self.unit.program.params) - self.unit.read)

    def _made_from(self, name: str, part: str) -> bool:
        """Whether `name` is `part`, or might be recomputed from it."""
        seen, todo = set(), {name}
        while todo:
            seen |= todo
            found = {s for n in todo for s in self.facts.assigned.get(n, ()) if self.facts.kind(n) != "carried"}
            todo = {n for s in found if isinstance(s, gast.Assign) for n in names_in(s.value)} - seen
        return part in seen

    def _in_time(self, name: str, region: Region, index: int) -> bool:
        """Whether a name can still be asked for at this time: it is not placed yet, or early enough."""
        if self.facts.kind(name) in ("param", "global", "index") or self.plan.source.get(name) == STILL:
            return True
        if name not in self.plan.source:
            return self.facts.kind(name) != "carried" or self.unit.types.is_array(name)
        return self.plan.time[name] >= self.facts.at(region, self.facts.home_of(name), index)

    def _leaves(self, name: str, stmt: gast.stmt) -> list[str]:
        """Names that the definition reads; a merge reads its condition and what the arms bind."""
        if not isinstance(stmt, gast.If):
            return names_in(stmt.value)
        choice = self.repeat.choice(name, stmt)
        if choice is None:
            return [*names_in(stmt.test), *(n for arm in (stmt.body, stmt.orelse) for s in arm for n in self._array_copy(s))]
        made = {s.targets[0].id for s in choice}
        return [*names_in(stmt.test), *(n for s in choice for n in names_in(s.value) if n not in made)]

    def _array_copy(self, stmt: gast.stmt) -> list[str]:
        value = getattr(stmt, "value", None)
        return [value.id] if is_name(value) and self.unit.types.is_array(value.id) else []

    def _element_loads(self, stmt: gast.stmt) -> list[Access]:
        if isinstance(stmt, gast.If) or self.unit.types.is_array(stmt.targets[0].id):
            return []
        region = self.facts.where(stmt)[0]
        return [Access(node.value.id, node.slice, region) for node in loads(stmt.value)]

    def _undos(self, load: Access, index: int, time: int) -> frozenset[int] | None:
        """The undos that make `load` clean, if they are allowed and its array is there to be read."""
        around = self.question.home(load.region) or self.facts.root
        if not all(self._there(root) for root in self.unit.alias.of(load.array)):
            return None
        undos = self.clean.undos(load, index, time, around)
        if undos is None:
            return None
        blocked: set[str] = set()
        for store in self.clean.stores if undos else ():
            if id(store.stmt) not in undos:
                continue
            if self.question.home(store.access.region) is not self.question.home(load.region):
                return None
            roots = self.unit.alias.of(store.access.array)
            if id(store.stmt) not in self.plan.undone and not roots & self.allowed:
                blocked |= roots
        self.plan.blocked |= blocked
        return None if blocked else undos

    def _there(self, root: str) -> bool:
        """Whether an array's memory is still its own in the reverse sweep."""
        born = self.unit.alias.born.get(root)
        if born is None:
            return True
        return self.question.stays(self.facts.where(born)[0])

    def _cost(self, name: str, region: Region, index: int) -> float:
        """The cost of having `name` before the reverse of an index of `region`."""
        if self.facts.kind(name) in ("param", "global", "index", "carried"):
            return 0.0
        home = self.facts.home_of(name)
        if self.question.stays(home):
            return 0.0
        if self.unit.types.is_array(name):
            return 0.0
        time = self.facts.at(region, home, index)
        recompute = self._recompute_cost(name, time)
        if recompute > 0.0 and name in self.needed:
            return 0.0
        return min(recompute, SCALAR * executions(home))

    def _recompute_cost(self, name: str, time: int) -> float:
        key = (name, time)
        if key not in self.costs:
            self.costs[key] = self._fresh_cost(name, time)
        return self.costs[key]

    def _fresh_cost(self, name: str, time: int) -> float:
        stmt = self.facts.definition(name)
        if not self.repeat.same_again(stmt) and not (isinstance(stmt, gast.If) and self.repeat.choice(name, stmt)):
            return float("inf")
        home, index = self.facts.where(stmt)
        for load in self._element_loads(stmt):
            if self._undos(load, index, time) is None:
                return float("inf")
        return sum(self._cost(leaf, home, time) for leaf in set(self._leaves(name, stmt)))


def control_names(facts, region: Region) -> list[str]:
    """Names that decide whether and how often a region runs: conditions and loop bounds around it."""
    found: list[str] = []
    for around in region.path():
        if isinstance(around.owner, gast.If):
            found += names_in(around.owner.test)
        elif around.is_loop:
            last = progress(around.owner, facts)
            bounds = names_in(around.owner.iter)[1:] if isinstance(around.owner, gast.For) else []
            found += bounds if last is None else [*bounds, last]
    return found
