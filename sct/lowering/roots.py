"""Where arrays come from while the program is being lowered, and which statements write to them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import gast
import numpy as np
from numba import typeof

from sct.analyses.alias import Aliases, aliases, view_base
from sct.analyses.regions import Regions, is_permutation, regions
from sct.errors import SctError
from sct.frontend.callee import Callee
from sct.ir.build import defined, is_name, is_one_of, store_target, targets, text, walk
from sct.ir.fixpoint import Least
from sct.lowering.aliases import follow, is_copy, representatives, store_augmented
from sct.lowering.growth import returned_growth, settle_growth
from sct.lowering.picked import part_gathers
from sct.lowering.work import Work
from sct.types import infer

Shared = Mapping[int, list[str]] | list[list[str]]


@dataclass(frozen=True)
class Effects:
    """What a helper does to the arrays it is given: which it may write to, which each of its `count` results may be part of, and
    which results are a parameter with room for more, by position.

    `whole` maps results that always are an argument as a whole to that argument; None while the helper is being looked at.
    """

    written: list[str]
    shared: Shared
    grown: dict[int, int] = field(default_factory=dict)
    whole: dict[int, str] | None = field(default_factory=dict)
    count: int = 0


@dataclass(eq=False)
class Roots:
    """Points-to sets.

    `origins` are the same sets, but they end at names that change places in a loop: those that are `apart` are
    different arrays at any one time. `copied` are the arrays that a name may stand for by copies `a = b` alone.
    """

    aliases: Aliases
    effects: Callable[[gast.AST], Effects | None]
    origins: dict[str, set[str]] = field(default_factory=dict)
    copied: dict[str, set[str]] = field(default_factory=dict)
    apart: set[frozenset[str]] = field(default_factory=set)

    @property
    def born(self) -> dict[str, gast.stmt]:
        """The statement that allocates each local array."""
        return self.aliases.born

    def of(self, name: str) -> frozenset[str]:
        return self.aliases.of(name)

    def may_overlap(self, a: str, b: str) -> bool:
        """Whether two names, read at the same time, may share memory."""
        return any(self._may_meet(p, q) for p in self.origins.get(a, ()) for q in self.origins.get(b, ()))

    def _may_meet(self, a: str, b: str) -> bool:
        return a == b or (frozenset({a, b}) not in self.apart and bool(self.of(a) & self.of(b)))

    def same_or_apart(self, a: str, b: str) -> bool:
        """Whether `a` is either exactly the array `b` or shares no memory with it."""
        return all(c == b or not self.may_overlap(c, b) for c in self.copied.get(a, {a}))

    def written_by(self, stmt: gast.stmt) -> list[str]:
        """Names of the arrays that the statement itself may write to."""
        target = store_target(stmt)
        if target is not None:
            return [target.value.id]
        effects = self.effects(getattr(stmt, "value", None))
        return effects.written if effects is not None else []

    def stored_by(self, stmt: gast.stmt) -> set[str]:
        """Roots that the statement itself may write to."""
        return {root for name in self.written_by(stmt) for root in self.of(name)}


def roots_of(work: Work) -> Roots:
    def effects(value: gast.AST) -> Effects | None:
        is_call = isinstance(value, gast.Call) and is_one_of(value.func, work.program.helpers)
        return effects_of(value, work) if is_call else None

    def shared(value: gast.AST) -> Shared:
        found = effects(value)
        return found.shared if found is not None else {0: []}

    facts = regions(work.program)
    found = Roots(aliases(facts, work.types, work.same, shared), effects)
    swaps = [set(targets(s)) for s in facts.statements() if is_permutation(s)]
    found.origins = _spread(found, facts, set().union(*swaps), views=True)
    found.copied = _spread(found, facts, set().union(*swaps), views=False)
    _part(found, swaps, facts)
    return found


def _spread(found: Roots, facts: Regions, ends: set[str], views: bool) -> dict[str, set[str]]:
    """The arrays each name leads back to, through copies and perhaps views; names in `ends` lead to themselves."""
    sets = {name: {name} for name in found.aliases.roots}
    sources: dict[str, set[str]] = {}
    for stmt in walk(facts.root.block):
        for name in defined(stmt):
            if name in sets and name not in ends:
                sources.setdefault(name, set()).update(_sources(stmt, found, views))
    for name, of in sources.items():
        sets[name] = set() if of else {name}
    changed = True
    while changed:
        changed = False
        for name, of in sources.items():
            more = set().union(*(sets.get(s, set()) for s in of))
            changed |= not more <= sets[name]
            sets[name] |= more
    return sets


def _sources(stmt: gast.stmt, found: Roots, views: bool) -> list[str]:
    if is_copy(stmt):
        return [stmt.value.id]
    if not views or not isinstance(stmt, gast.Assign):
        return []
    base, effects = view_base(stmt.value), found.effects(stmt.value)
    if effects is not None:
        return [a for k in range(len(targets(stmt))) for a in effects.shared[k]]
    return [base] if base is not None else []


def _part(found: Roots, swaps: list[set[str]], facts: Regions) -> None:
    """Names that change places among themselves are always different arrays if they start as different ones."""
    for names in swaps:
        starts = {n: facts.assigned[n][0].value.id for n in names if is_copy(facts.assigned[n][0])}
        pairs = [(a, b) for a in starts for b in starts if a < b]
        if starts.keys() == names and not any(found.may_overlap(starts[a], starts[b]) for a, b in pairs):
            found.apart |= {frozenset(pair) for pair in pairs}


def effects_of(call: gast.Call, work: Work) -> Effects:
    """The effects of a helper call, from the helper's own program for these types; all one can fear if it has none."""
    given = {k: a.id for k, a in enumerate(call.args) if is_name(a) and work.types.is_array(a.id)}
    every = list(given.values())
    helper = work.program.helpers[call.func.id]
    if not given:
        return Effects(every, defaultdict(lambda: every))
    places = helper.sources.memo.setdefault(Effects, Least(_found_places, (frozenset(), frozenset(), {}, None, 0)))
    try:
        written, shared, larger, whole, count = places((helper, tuple(_argument_type(a, work) for a in call.args)))
    except SctError:
        return Effects(every, defaultdict(lambda: every))
    found = defaultdict(list)
    for k, at in sorted(shared):
        found[k] += [given[at]] if at in given else []
    same = None if whole is None else {k: given[at] for k, at in whole.items() if at in given}
    return Effects([given[k] for k in given if k in written], found, larger, same, count)


Places = tuple[frozenset[int], frozenset[tuple[int, int]], dict[int, int], dict[int, int] | None, int]


def _found_places(key: tuple[Callee, tuple]) -> Places:
    """Positions of the parameters that a function may write to, of a result and a parameter that may share memory, of a
    result that is a parameter with room for more, of one that always is a parameter, and the number of results."""
    work = _started(key)
    roots, params = roots_of(work), work.program.params
    value = work.body[-1].value
    results = value.elts if isinstance(value, gast.Tuple) else [value]
    stored = {r for s in walk(work.body) for r in roots.stored_by(s)}
    of_params = list(enumerate(map(roots.of, params)))
    shared = frozenset((k, at) for k, r in enumerate(results) for at, of in of_params if is_name(r) and of & roots.of(r.id))
    meant = representatives(regions(work.program), work.types, _returned(work, roots))
    whole = [follow(meant, r.id) if is_name(r) else None for r in results]
    same = {k: params.index(name) for k, name in enumerate(whole) if name in params}
    return frozenset(at for at, of in of_params if of & stored), shared, returned_growth(work), same, len(results)


def _returned(work: Work, roots: Roots) -> dict[str, str | None]:
    """What results of helper calls that always are an argument stand for; None where that is still open."""
    found: dict[str, str | None] = {}
    for stmt in walk(work.body):
        effects = roots.effects(getattr(stmt, "value", None))
        for k, name in enumerate(targets(stmt) if effects is not None else []):
            if work.types.is_array(name) and (effects.whole is None or k in effects.whole):
                found[name] = None if effects.whole is None else effects.whole[k]
    return found


def _started(key: tuple[Callee, tuple]) -> Work:
    """A function as its effects are read from it."""
    helper, argtypes = key
    known = helper.sources.memo.setdefault(Work, {})
    if key not in known:
        program = helper.load()
        known[key] = Work.start(program, infer(program, argtypes))
        part_gathers(known[key])
        store_augmented(known[key])
        settle_growth(known[key], roots_of(known[key]))
    return known[key]


def _argument_type(atom: gast.expr, work: Work) -> object:
    if is_name(atom):
        return work.types.of(atom.id)
    return typeof(eval(text(atom), {"np": np, "math": math}))
