"""Names that stand for one of several arrays, by the path taken: which names, and which arrays those are.

A *varying* name is a carried variable or a merge of arrays. What it may stand for are *leaves*: parameters, allocations,
views, results. A leaf that its block does not outlive is copied, on its way out, to a buffer made before the block.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import gast

from sct.analyses.alias import view_base
from sct.analyses.regions import Region, Regions, regions
from sct.ir.build import names_in
from sct.lowering.aliases import is_copy
from sct.lowering.roots import Roots, roots_of
from sct.lowering.work import Work

UNBOUND = 0
"""The code of a name that Python would find unbound."""

WHICH = "which"

Field = str | tuple[str, object]
"""An integer carried for a varying name: `which` leaf it is, (leaf, integer) for a view that is made again with this
integer, and (leaf, field) for a view of an array that varies, with this field of that array."""


@dataclass(eq=False)
class Leaf:
    """An array that a varying name may stand for, known by its code.

    `places` are its name and those of the buffers it is copied to, each with the region that binds it, from the innermost
    outwards; `origins` the arrays that those buffers are shaped like. A view that is made again wherever it is wanted has
    the statements that make it, `views`, from the varying `base` if that array varies; an array made in a block that it
    is to leave is `fresh`.
    """

    name: str
    code: int
    places: list[tuple[str, Region]]
    origins: list[str]
    views: list[gast.Assign] = field(default_factory=list)
    base: str | None = None
    fresh: bool = False

    def inside(self, region: Region) -> bool:
        """Whether the leaf does not outlive `region`."""
        return self.fresh and region in self.places[-1][1].path()

    def at(self, region: Region) -> str:
        """Its name where `region` stands."""
        return next(name for name, home in self.places if home in region.path())


@dataclass(eq=False)
class Varying:
    """The varying names connected with the `seeds` by copies, and their leaves."""

    work: Work
    seeds: set[str]

    @cached_property
    def facts(self) -> Regions:
        return regions(self.work.program)

    @cached_property
    def roots(self) -> Roots:
        return roots_of(self.work)

    def is_varying(self, name: str) -> bool:
        is_merge = name in self.facts.merged and all(map(is_copy, self.facts.assigned[name]))
        return (is_merge or name in self.facts.carried) and self.work.types.is_array(name)

    def holder(self, node: gast.expr) -> str | None:
        """The name behind copies: a leaf, a merge, or a copy of a carried variable; None where nothing is bound."""
        name = node.id
        while name in self.facts.assigned and not self.is_varying(name):
            stmt = self.facts.assigned[name][0]
            if not is_copy(stmt) or self.is_varying(stmt.value.id):
                break
            name = stmt.value.id
        return None if name == "UNDEFINED" else name

    def key(self, holder: str) -> str:
        """The varying name that a holder has the value of; a leaf itself."""
        stmts = self.facts.assigned.get(holder, [])
        copied = len(stmts) == 1 and is_copy(stmts[0]) and stmts[0].value.id in self.facts.carried
        return stmts[0].value.id if copied else holder

    def sources(self, name: str) -> list[tuple[gast.stmt, str | None]]:
        """Each assignment of a varying name, and the holder that it takes its array from."""
        return [(s, self.holder(s.value)) for s in self.facts.assigned[name]]

    def home(self, name: str) -> Region:
        return self.facts.home_of(name)

    @cached_property
    def names(self) -> set[str]:
        """The varying names that take arrays from each other, those of the seeds, in the order of the text."""
        every = [n for n in self.facts.assigned if self.is_varying(n)]
        links = [(n, key) for n in every for _, h in self.sources(n) if h is not None and self.is_varying(key := self._link(h, n))]
        found, size = set(self.seeds), 0
        while len(found) != size:
            size = len(found)
            for a, b in links:
                if a in found or b in found:
                    found |= {a, b}
        return found

    def _link(self, holder: str, name: str) -> str:
        """The varying name that one takes its array from, or a view of its array that must be made again."""
        stmts, base = self._chain(holder, [self.home(name)])
        return self.key(base if stmts else holder)

    @cached_property
    def held(self) -> dict[str, set[str]]:
        """Leaf -> the varying names that it may get to."""
        found: dict[str, set[str]] = {}
        size = -1
        while size != sum(map(len, found.values())):
            size = sum(map(len, found.values()))
            for name in self.ordered:
                for _, holder in self.sources(name):
                    key = None if holder is None else self.key(holder)
                    if key in self.names:
                        for at in found.values():
                            at |= {name} if key in at else set()
                    elif key is not None:
                        found.setdefault(key, set()).add(name)
        return found

    @cached_property
    def ordered(self) -> list[str]:
        return [n for n in self.facts.assigned if n in self.names]

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        return {name: self._leaf(name, k + 1) for k, name in enumerate(self.held)}

    def _leaf(self, name: str, code: int) -> Leaf:
        homes = [self.home(n) for n in self.held[name]]
        leaf = Leaf(name, code, [(name, self.home(name))], [name])
        if self._seen_from(name, homes):
            return leaf
        leaf.views, base = self._chain(name, homes)
        if not self._seen_from(base, homes):
            leaf.base = base if self._lasts(name, self.key(base)) else None
            leaf.views = leaf.views if leaf.base else []
        leaf.fresh = not leaf.views
        if leaf.fresh:
            self._check_alone(name)
        return leaf

    def _seen_from(self, name: str, regions: list[Region]) -> bool:
        return all(self.home(name) in region.path() for region in regions)

    def _chain(self, name: str, homes: list[Region]) -> tuple[list[gast.Assign], str]:
        """The statements that make a view, and the array they start from: one that all `homes` see, if there is one."""
        found: list[gast.Assign] = []
        while not self._seen_from(name, homes) and self.key(name) == name and not self.is_varying(name):
            stmt = self.facts.assigned[name][0]
            is_view = isinstance(stmt, gast.Assign) and isinstance(stmt.value, gast.Subscript | gast.Attribute)
            base = self.holder(stmt.value.value) if is_view and view_base(stmt.value) is not None else None
            if base is None:
                break
            found.insert(0, stmt)
            name = base
        return found, name

    def _lasts(self, view: str, base: str) -> bool:
        """Whether a varying name is never the view itself, or an array that does not last."""
        if base not in self.names or base in self.held[view]:
            return False
        for leaf in [name for name, at in self.held.items() if base in at]:
            homes = [self.home(n) for n in self.held[leaf] | self.held[view]]
            views, start = self._chain(leaf, homes)
            if not self._seen_from(leaf, homes) and not (views and self._seen_from(start, homes)):
                return False
        return True

    def _check_alone(self, name: str) -> None:
        """A leaf that is copied on its way out must share its memory with nothing else that gets out."""
        stmt = self.facts.assigned[name][0]
        body = self.home(name)
        mine = self.roots.of(name)
        local = all(r in self.roots.born and body in self.facts.where(self.roots.born[r])[0].path() for r in mine)
        others = {h for n in self.facts.assigned if self.is_varying(n) for _, h in self.sources(n)} - {None, name}
        inside = [h for h in others if body in self.home(h).path() and not self.is_varying(self.key(h))]
        shared = any(self.roots.of(h) & mine for h in inside)
        if not local or shared:
            user = self.work.user_name(next(iter(self.held[name])))
            raise self.work.syntax(
                stmt,
                f"`{user}` outlives this block, and is bound to part of an array that the block makes or rebinds",
                "copy the part, `.copy()`, or keep its place in an int and slice where it is used.",
            )

    @cached_property
    def fields(self) -> list[Field]:
        """What is carried for a varying name: which leaf it is, and what making its views again takes."""
        found: list[Field] = [WHICH]
        for leaf in sorted(self.leaves.values(), key=lambda leaf: leaf.base is not None):
            homes = [self.home(n) for n in self.held[leaf.name]]
            names = [n for stmt in leaf.views for n in self._integers(stmt)]
            own = [(leaf.name, n) for n in dict.fromkeys(names) if not self._seen_from(n, homes)]
            found += own if leaf.base is None else [*own, *((leaf.name, what) for what in self._plain(found))]
        return found

    def _plain(self, fields: list[Field]) -> list[Field]:
        """Those that do not concern views of varying arrays."""
        return [f for f in fields if f == WHICH or (isinstance(f[1], str) and self.leaves[f[0]].base is None)]

    def _integers(self, stmt: gast.Assign) -> list[str]:
        if not isinstance(stmt.value, gast.Subscript):
            return []
        return [n for n in names_in(stmt.value.slice) if n != "len" and not self.work.types.is_array(n)]

    def region_of(self, stmt: gast.stmt) -> Region:
        return self.facts.where(stmt)[0]

    def is_start(self, stmt: gast.stmt, name: str) -> bool:
        """Whether the statement gives a carried variable its start."""
        return name in self.facts.carried and stmt is self.facts.assigned[name][0]


def webs(work: Work, seeds: set[str]) -> list[set[str]]:
    """The seeds in groups that never hold the same array: each group has integers and buffers of its own."""
    webs: list[tuple[set[str], set[str]]] = []
    for seed in sorted(seeds):
        found = Varying(work, {seed})
        web, held = {seed}, found.names | found.held.keys()
        for other in [w for w in webs if w[1] & held]:
            webs.remove(other)
            web, held = web | other[0], held | other[1]
        webs.append((web, held))
    return [web for web, _ in webs]
