"""Varying array names become integers that say which array is meant, and are bound to it where they are read.

    u = x                                   which = 1
    for i in range(n):                      for i in range(n):
        h = u                                   which_h = which
        h[i] = ...                   ->         c = which_h == 1
        if t:                                   if c: h = x
            n = w                               else: h = w
        else:                                   h[i] = ...
            n = h                               if t: which_n = 2
        u = n                                   else: which_n = which_h
                                                which = which_n

The integers are ordinary scalars, so that the reverse sweep finds the same arrays again. An array made in a block that
it leaves is copied to a buffer: one per branch, and per loop as many as there are names that may hold one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.regions import Region
from sct.ir.build import bodies, expr, is_name, names_in, nodes, quote, substitute, targets, walk
from sct.lowering.aliases import drop_aliases, is_copy
from sct.lowering.dead import drop_unread
from sct.lowering.nests import allocate
from sct.lowering.prototypes import Prototypes
from sct.lowering.slots import at_end
from sct.lowering.subscripts import everything
from sct.lowering.varying import UNBOUND, WHICH, Field, Leaf, Varying, webs
from sct.lowering.work import Work


def choose(work: Work, seeds: set[str]) -> None:
    known = {n for s in walk(work.body) for n in targets(s) if not work.types.is_array(n)}
    for web in webs(work, seeds):
        Choices(work, Varying(work, web)).run()
    drop_aliases(work)
    drop_unread(work, known)


@dataclass(eq=False)
class Choices:
    work: Work
    varying: Varying
    before: dict[int, list[gast.stmt]] = field(default_factory=dict)
    instead: dict[int, list[gast.stmt]] = field(default_factory=dict)
    after: dict[int, list[gast.stmt]] = field(default_factory=dict)
    fields: dict[tuple[str, Field], str] = field(default_factory=dict)
    slots: dict[int, list[Leaf]] = field(default_factory=dict)
    codes: dict[str, set[int]] = field(default_factory=dict)
    by_code: dict[int, Leaf] = field(default_factory=dict)

    def run(self) -> None:
        facts, names = self.varying.facts, self.varying.ordered
        self.by_code = {leaf.code: leaf for leaf in self.varying.leaves.values()}
        loops = {id(facts.carried[n]): facts.carried[n] for n in names if n in facts.carried}
        for loop in loops.values():
            self._make_slots(loop, [n for n in names if facts.carried.get(n) is loop])
        self._flow()
        for loop in loops.values():
            self._loop(loop, [n for n in names if facts.carried.get(n) is loop])
        owners = {id(facts.merged[n]): facts.merged[n] for n in names if n in facts.merged}
        for owner in owners.values():
            self._branch(owner, [n for n in names if facts.merged.get(n) is owner])
        self._guard(self.work.body, frozenset())
        self._rebuild(self.work.body)

    # which leaves a name may stand for

    def _make_slots(self, loop: gast.stmt, names: list[str]) -> None:
        """Buffers for arrays made in the loop's body that live on in the next iteration or after the loop."""
        facts, body = self.varying.facts, self.varying.facts.inner[id(loop)][0]
        local = [leaf for leaf in self.varying.leaves.values() if leaf.inside(body)]
        holding = [n for n in names if any(n in self.varying.held[leaf.name] for leaf in local)]
        origins = [leaf.name for leaf in local if self.varying.held[leaf.name] & set(names)]
        self.slots[id(loop)] = [
            self._buffer(f"{self.work.user_name(n)}_{k}", origins, facts.where(loop)[0], loop)
            for k, n in enumerate(holding)
        ]

    def _buffer(self, wish: str, origins: list[str], region: Region, owner: gast.stmt) -> Leaf:
        name = self.work.array(wish, origins[0])
        leaf = Leaf(name, len(self.by_code) + 1, [(name, region)], origins, fresh=True)
        self.by_code[leaf.code] = leaf
        self._allocate(name, origins, region, owner)
        return leaf

    def _allocate(self, name: str, origins: list[str], region: Region, owner: gast.stmt) -> None:
        prototypes, held = Prototypes(self.varying, region, owner), self.varying.held
        kin = [h for o in origins for n in sorted(held[o]) for _, h in self.varying.sources(n) if h is not None]
        found = next((f for o in [*origins, *kin] if (f := prototypes.lengths(o)) is not None), None)
        if found is None:
            user = self.work.user_name(next(iter(held[origins[0]])))
            raise self.work.syntax(
                self.varying.facts.assigned[origins[0]][0],
                f"the length of the array `{user}` is not known before the block that makes it",
                f"allocate `{user}` before the `if` or the loop, and fill it: `{user}[:] = ...`.",
            )
        made = allocate(name, found, self.work.types.dtype(name), owner)
        self.before.setdefault(id(owner), []).extend(made)

    def _flow(self) -> None:
        self.codes = {n: set() for n in self.varying.ordered}
        size = -1
        while size != sum(map(len, self.codes.values())):
            size = sum(map(len, self.codes.values()))
            for name in self.varying.ordered:
                for stmt, holder in self.varying.sources(name):
                    self.codes[name] |= self._passed(name, stmt, self.of(holder))

    def of(self, holder: str | None) -> set[int]:
        """The codes that a holder may have."""
        if holder is None:
            return {UNBOUND}
        key = self.varying.key(holder)
        return self.codes[key] if key in self.codes else {self.varying.leaves[key].code}

    def _passed(self, name: str, stmt: gast.stmt, codes: set[int]) -> set[int]:
        """The codes that arrive where those in an arm or an iteration are handed on."""
        facts = self.varying.facts
        if name in facts.merged:
            for leaf in self.leaving(codes, facts.where(stmt)[0]):
                self._bring_out(leaf, facts.merged[name])
            return codes
        if self.varying.is_start(stmt, name):
            return codes
        loop = facts.carried[name]
        local = {leaf.code for leaf in self.leaving(codes, facts.inner[id(loop)][0])}
        return (codes - local) | ({slot.code for slot in self.slots[id(loop)]} if local else set())

    def leaving(self, codes: set[int], region: Region) -> list[Leaf]:
        """The leaves among the codes that do not outlive the region by themselves."""
        return [self.by_code[c] for c in sorted(codes - {UNBOUND}) if self.by_code[c].inside(region)]

    def _bring_out(self, leaf: Leaf, owner: gast.stmt) -> None:
        region = self.varying.facts.where(owner)[0]
        name = self.work.array(f"{leaf.name}_kept", leaf.origins[0])
        self._allocate(name, leaf.origins, region, owner)
        leaf.places.append((name, region))

    # the integers

    def field(self, holder: str, what: Field) -> str:
        if (holder, what) not in self.fields:
            user = self.work.user_name(holder)
            self.fields[holder, what] = self.work.fresh(f"which_{user}" if what == WHICH else f"place_of_{user}")
        return self.fields[holder, what]

    def value(self, holder: str | None, what: Field) -> gast.expr:
        """A field of what a copy takes its array from."""
        if holder is not None and self.varying.key(holder) in self.codes:
            return expr(self.field(holder, what))
        if holder is not None and what == WHICH:
            return gast.Constant(self.varying.leaves[holder].code, None)
        if what == WHICH or what[0] != holder:
            return gast.Constant(UNBOUND, None)
        base = self.varying.leaves[holder].base
        is_field = base is not None and what[1] in self.varying.fields
        return self.value(base, what[1]) if is_field else expr(what[1])

    def assign(self, to: str, holder: str | None, at: gast.stmt, which: gast.expr | None = None) -> list[gast.stmt]:
        values = {what: self.value(holder, what) for what in self.varying.fields}
        values[WHICH] = which or values[WHICH]
        return [s for what, v in values.items() for s in quote("f = v", at, f=self.field(to, what), v=v)]

    # loops

    def _loop(self, loop: gast.stmt, names: list[str]) -> None:
        facts = self.varying.facts
        region, body = facts.where(loop)[0], facts.inner[id(loop)][0]
        ends: dict[int, dict[str, tuple[gast.stmt, str | None]]] = {}
        for name in names:
            for stmt, holder in self.varying.sources(name):
                if self.varying.is_start(stmt, name):
                    self.instead[id(stmt)] = self.assign(name, holder, stmt)
                else:
                    ends.setdefault(id(facts.where(stmt)[0]), {})[name] = (stmt, holder)
        outside = region.block[facts.where(loop)[1] + 1 :]
        for block, where in ((loop.body, body), (outside, region)):
            self._rebind(block, names, loop, where)
        for handed in ends.values():
            at_end(self, loop, handed)
        if isinstance(loop, gast.While) and set(names_in(loop.test)) & set(names):
            self._test(loop, names)

    def _rebind(self, block: list[gast.stmt], names: list[str], loop: gast.stmt, region: Region) -> None:
        """The copies of carried variables at the head of the body, or after the loop."""
        copies = []
        for stmt in block:
            if not is_copy(stmt) or self.varying.facts.carried.get(stmt.value.id) is not loop:
                break
            copies.append(stmt)
        for stmt in copies:
            if stmt.value.id in names:
                self.instead[id(stmt)] = self.assign(stmt.targets[0].id, stmt.value.id, stmt)
                chosen = self._select(stmt.targets[0].id, region, stmt)
                self.after.setdefault(id(copies[-1]), []).extend(chosen)

    def _test(self, loop: gast.While, names: list[str]) -> None:
        """A test that reads varying arrays is evaluated before the loop and at the ends of its body."""
        facts = self.varying.facts
        go = self.work.fresh("go")
        carried = [n for n, owner in facts.carried.items() if owner is loop and n in names_in(loop.test)]
        starts = {n: self._tested(facts.assigned[n][0], n, names) for n in carried}
        first = facts.assigned[next(n for n, owner in facts.carried.items() if owner is loop)][0]
        block, index = facts.where(first)[0].block, facts.where(loop)[1]
        made = self._go(loop, go, starts)
        self.before.setdefault(id(block[index]), []).extend(made)
        for end in self._ends(loop):
            copies = {s.targets[0].id: s for s in end if is_copy(s)}
            if isinstance(end[-1], gast.Break):
                made = quote("g = False", loop, g=go)
            else:
                made = self._go(loop, go, {n: self._tested(copies[n], n, names) for n in carried})
            place = end[self.first_handed(end, loop)]
            self.before.setdefault(id(place), []).extend(made)
        loop.test = expr(go)

    def _tested(self, stmt: gast.stmt, name: str, names: list[str]) -> gast.expr:
        holder = self.varying.holder(stmt.value) if name in names else None
        if name in names and holder is None:
            user = self.work.user_name(name)
            raise self.work.syntax(stmt, f"`{user}` is read before it is assigned", f"assign `{user}` before the loop.")
        return expr(holder) if holder is not None else stmt.value

    def _go(self, loop: gast.While, go: str, values: dict[str, gast.expr]) -> list[gast.stmt]:
        test = self.work.fresh("c")
        return quote("t = T\ng = t", loop, t=test, T=substitute(loop.test, values), g=go)

    def _ends(self, loop: gast.stmt) -> list[list[gast.stmt]]:
        facts = self.varying.facts
        name = next(n for n, owner in facts.carried.items() if owner is loop)
        return [facts.where(s)[0].block for s in facts.assigned[name][1:]]

    def first_handed(self, block: list[gast.stmt], loop: gast.stmt) -> int:
        """Where the copies to carried variables at the end of a block begin."""
        place = len(block)
        while place and (isinstance(block[place - 1], gast.Break) or self._hands_on(block[place - 1], loop)):
            place -= 1
        return place

    def _hands_on(self, stmt: gast.stmt, loop: gast.stmt) -> bool:
        return is_copy_to(stmt) and self.varying.facts.carried.get(stmt.targets[0].id) is loop

    # branches

    def _branch(self, owner: gast.If, names: list[str]) -> None:
        facts = self.varying.facts
        region = facts.where(owner)[0]
        kept: set[tuple[int, int]] = set()
        for name in names:
            direct = [self._direct(holder, region) for _, holder in self.varying.sources(name)]
            plain = None not in direct and len(set(direct)) == 2
            for (stmt, holder), outer in zip(self.varying.sources(name), direct, strict=True):
                arm = facts.where(stmt)[0]
                self.instead[id(stmt)] = self.assign(name, holder, stmt)
                if plain:
                    self.instead[id(stmt)] += quote("m = d", stmt, m=name, d=outer)
                first = next(s for s in arm.block if is_copy_to(s) and facts.merged.get(s.targets[0].id) is owner)
                for leaf in self._brought_out(self.of(holder), arm):
                    if (id(arm), leaf.code) not in kept:
                        kept.add((id(arm), leaf.code))
                        copied = self.store(leaf.at(region), leaf.at(arm), stmt)
                        self.before.setdefault(id(first), []).extend(copied)
            if not plain:
                self.after.setdefault(id(owner), []).extend(self._select(name, region, owner))

    def _brought_out(self, codes: set[int], arm: Region) -> list[Leaf]:
        leaves = [self.by_code[c] for c in sorted(codes - {UNBOUND})]
        return [leaf for leaf in leaves if leaf.fresh and leaf.at(arm) != leaf.at(arm.parent)]

    def _direct(self, holder: str | None, region: Region) -> str | None:
        """The name, seen from `region`, of what an arm hands on."""
        if holder is None:
            return None
        if self.varying.key(holder) in self.codes:
            return holder if self.varying.home(holder) in region.path() else None
        leaf = self.varying.leaves[holder]
        return None if leaf.views else leaf.at(region)

    def store(self, to: str, source: str, at: gast.stmt) -> list[gast.stmt]:
        made = quote(f"c[{everything(self.work.types.ndim(to))}] = n", at, c=to, n=source)
        made[0].rebinds = self.work.user_name(to)
        return made

    # binding a name to what it stands for

    def _select(self, name: str, region: Region, at: gast.stmt) -> list[gast.stmt]:
        codes = sorted(self.of(name) - {UNBOUND})
        if not codes:
            user = self.work.user_name(name)
            raise self.work.syntax(at, f"`{user}` is read before it is assigned", f"assign `{user}` before this line.")
        fields = {what: self.field(name, what) for what in self.varying.fields}
        return self._bind(name, codes, fields, region, at)

    def _bind(
        self, name: str, codes: list[int], fields: dict[Field, str], region: Region, at: gast.stmt
    ) -> list[gast.stmt]:
        made: list[gast.stmt] = []
        names = [self._again(self.by_code[c], fields, region, made, at) for c in codes]
        return [*made, *self.pick(name, fields[WHICH], list(zip(codes, names, strict=True)), at)]

    def _again(
        self, leaf: Leaf, fields: dict[Field, str], region: Region, made: list[gast.stmt], at: gast.stmt
    ) -> str:
        """The leaf's name in `region`; a view is made again there."""
        if not leaf.views:
            return leaf.at(region)
        own = {what[1]: name for what, name in fields.items() if what != WHICH and what[0] == leaf.name}
        names = {n: name for n, name in own.items() if n not in fields}
        first = leaf.views[0].value.value.id
        names[first] = self.varying.holder(leaf.views[0].value.value) or first
        if leaf.base is not None:
            names[first] = self.work.array(f"{leaf.base}_then", leaf.base)
            made += self._bind(names[first], sorted(self.of(leaf.base) - {UNBOUND}), own, region, at)
        for stmt in leaf.views:
            to = stmt.targets[0].id
            made += quote("v = e", at, v=self.work.array(to, to), e=substitute(stmt.value, names))
            names[to] = made[-1].targets[0].id
        return names[leaf.name]

    def pick(self, name: str, which: str, options: list[tuple[int, str]], at: gast.stmt) -> list[gast.stmt]:
        """Bind `name` to the option whose code `which` is."""
        (_, chosen), *others = options
        others = [(code, other) for code, other in others if other != chosen]
        made: list[gast.stmt] = []
        for k, (code, other) in enumerate(others):
            to = name if k == len(others) - 1 else self.work.array(f"{name}_or", name)
            text = "c = w == k\nif c:\n    t = a\nelse:\n    t = b"
            names = {"c": self.work.fresh("c"), "w": which, "k": gast.Constant(code, None), "t": to, "a": other, "b": chosen}
            made += quote(text, at, **names)
            chosen = to
        return made or quote("t = a", at, t=name, a=chosen)

    # names that may be unbound

    def _guard(self, block: list[gast.stmt], done: frozenset[str]) -> None:
        """Before a use of an array that the path taken may not have bound: raise what Python raises."""
        for stmt in block:
            for holder in [] if is_copy(stmt) else self._unbound_in(stmt):
                if holder not in done:
                    user = self.work.user_name(holder)
                    text = "c = w == k\nif c:\n    raise UnboundLocalError(m)"
                    told = gast.Constant(f"{user} is read before it is assigned", None)
                    names = {"c": self.work.fresh("c"), "w": self.field(holder, WHICH), "k": gast.Constant(UNBOUND, None)}
                    self.before.setdefault(id(stmt), []).extend(quote(text, stmt, **names, m=told))
                    done |= {holder}
            for inner in bodies(stmt):
                self._guard(inner, done)

    def _unbound_in(self, stmt: gast.stmt) -> list[str]:
        parts = [stmt.test] if isinstance(stmt, gast.If | gast.While) else [stmt.iter] if isinstance(stmt, gast.For) else [stmt]
        names = [n for part in parts for n in nodes(part) if is_name(n) and self.work.types.is_array(n.id)]
        found = [self.varying.holder(n) for n in names if n.id in self.varying.facts.assigned]
        return [
            h
            for h in dict.fromkeys(found)
            if h in self.work.program.base and self.varying.key(h) in self.codes and UNBOUND in self.of(h)
            and h not in self.varying.facts.carried
        ]

    def _rebuild(self, block: list[gast.stmt]) -> None:
        for stmt in block:
            for inner in bodies(stmt):
                self._rebuild(inner)
        block[:] = [
            s
            for stmt in block
            for s in [
                *self.before.get(id(stmt), []),
                *self.instead.get(id(stmt), [stmt]),
                *self.after.get(id(stmt), []),
            ]
        ]


def is_copy_to(stmt: gast.stmt) -> bool:
    """Whether `stmt` is `a = atom`."""
    return isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])


def unsettled(work: Work) -> set[str]:
    """Varying names that may be unbound, or that take an array out of the arm of a branch in a loop."""
    varying = Varying(work, set())
    found = set()
    for name in [n for n in varying.facts.assigned if varying.is_varying(n)]:
        for _, holder in varying.sources(name):
            inside = holder is not None and name in varying.facts.merged and not _outlives(holder, name, varying)
            if holder is None or inside:
                found.add(name)
    return found


def _outlives(holder: str, name: str, varying: Varying) -> bool:
    return varying.home(holder) in varying.home(name).path()

