"""The region tree of a core program: which block holds a statement, where each name is defined, what kind of name it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import gast

from sct.ir.build import bodies, children, defined, is_name, names_in, walk
from sct.ir.program import Program


@dataclass(eq=False)
class Region:
    """A block: the function's, a loop's or a branch arm's. `owner` stands at index `at` of `parent`'s block."""

    block: list[gast.stmt]
    owner: gast.stmt
    parent: Region | None = None
    at: int = 0

    @property
    def is_loop(self) -> bool:
        return isinstance(self.owner, gast.For | gast.While)

    def path(self) -> list[Region]:
        """This region and those around it, innermost first."""
        return [self] if self.parent is None else [self, *self.parent.path()]

    def loops(self) -> list[Region]:
        """Bodies of the loops around this block, innermost first, its own included."""
        return [r for r in self.path() if r.is_loop]


Site = tuple[Region, int]
"""A statement: its region and its index there. As a time: just before its reverse."""


@dataclass(eq=False)
class Regions:
    """`site` of every statement, `defined` of every local name, and the kinds of the names assigned more than once."""

    program: Program
    root: Region
    site: dict[int, Site] = field(default_factory=dict)
    inner: dict[int, list[Region]] = field(default_factory=dict)
    assigned: dict[str, list[gast.stmt]] = field(default_factory=dict)
    order: dict[int, int] = field(default_factory=dict)
    index_names: dict[str, Region] = field(default_factory=dict)
    carried: dict[str, gast.stmt] = field(default_factory=dict)
    merged: dict[str, gast.stmt] = field(default_factory=dict)

    def where(self, stmt: gast.stmt) -> Site:
        return self.site[id(stmt)]

    def kind(self, name: str) -> str:
        """param, index, carried, merge, once, or global."""
        if name in self.index_names:
            return "index"
        if name in self.carried:
            return "carried"
        if name in self.merged:
            return "merge"
        if name in self.assigned:
            return "once"
        return "param" if name in self.program.params else "global"

    def definition(self, name: str) -> gast.stmt:
        """The statement after which the name holds its value: for a merge the whole `if`."""
        return self.merged[name] if name in self.merged else self.assigned[name][0]

    def home_of(self, name: str) -> Region:
        """The region in which the name is defined; that of parameters and globals is the function."""
        if name in self.index_names:
            return self.index_names[name]
        if name in self.carried:
            return self.where(self.carried[name])[0]
        if name not in self.assigned:
            return self.root
        return self.where(self.definition(name))[0]

    def at(self, region: Region, ancestor: Region, index: int) -> int:
        """The index in `ancestor` of the statement that holds index `index` of `region`."""
        while region is not ancestor:
            region, index = region.parent, region.at
        return index

    def statements(self) -> list[gast.stmt]:
        return list(walk(self.root.block))

    @cached_property
    def users(self) -> dict[str, list[gast.stmt]]:
        """The statements that name each name, not counting what is in their blocks."""
        found: dict[str, list[gast.stmt]] = {}
        for stmt in self.statements():
            for name in dict.fromkeys(own_names(stmt)):
                found.setdefault(name, []).append(stmt)
        return found


def own_names(stmt: gast.stmt) -> list[str]:
    """Names in a statement itself, without what is in its blocks."""
    if isinstance(stmt, gast.If | gast.While):
        return names_in(stmt.test)
    return names_in(stmt.iter if isinstance(stmt, gast.For) else stmt)


def is_permutation(stmt: gast.stmt) -> bool:
    """Whether `stmt` is `(a, b) = (b, a)`: array names changing places."""
    return isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Tuple) and isinstance(stmt.value, gast.Tuple)


def innermost_common(a: Region, b: Region) -> Region:
    """The innermost region that holds both."""
    around = set(map(id, a.path()))
    return next(r for r in b.path() if id(r) in around)


def regions(program: Program) -> Regions:
    """Build the tree for a core program."""
    facts = Regions(program, Region(program.tree.body, program.tree))
    _enter(facts, facts.root)
    for name, stmts in facts.assigned.items():
        if len(stmts) > 1:
            _classify(facts, name, stmts)
    _single_arm_merges(facts)
    return facts


def _single_arm_merges(facts: Regions) -> None:
    """Names assigned in one arm and read after the `if`: the other arm ends in `raise`."""
    for stmt in facts.statements():
        region = facts.where(stmt)[0]
        for part in (stmt.value, stmt.targets[0]) if isinstance(stmt, gast.Assign) else children(stmt):
            if isinstance(part, gast.stmt):
                continue
            for name in names_in(part):
                if facts.kind(name) == "once" and facts.home_of(name) not in region.path():
                    facts.merged[name] = facts.home_of(name).owner


def _enter(facts: Regions, region: Region) -> None:
    for k, stmt in enumerate(region.block):
        facts.site[id(stmt)] = (region, k)
        facts.order[id(stmt)] = len(facts.order)
        for name in [] if isinstance(stmt, gast.For) else defined(stmt):
            facts.assigned.setdefault(name, []).append(stmt)
        inside = [Region(block, stmt, region, k) for block in bodies(stmt)]
        facts.inner[id(stmt)] = inside
        if isinstance(stmt, gast.For):
            facts.index_names[stmt.target.id] = inside[0]
        for inner in inside:
            _enter(facts, inner)


def _classify(facts: Regions, name: str, stmts: list[gast.stmt]) -> None:
    """A merge is assigned in arms of one `if` only; a carried variable before its loop and inside it."""
    first = facts.where(stmts[0])[0]
    last = facts.where(stmts[-1])[0]
    common = innermost_common(first, last)
    holder = common.block[facts.at(*_pair(facts, stmts[-1], common))]
    if first is common and isinstance(holder, gast.For | gast.While):
        facts.carried[name] = holder
    else:
        facts.merged[name] = holder


def _pair(facts: Regions, stmt: gast.stmt, ancestor: Region) -> tuple[Region, Region, int]:
    region, index = facts.where(stmt)
    return region, ancestor, index


def head_copies(loop: gast.stmt, facts: Regions) -> dict[str, list[str]]:
    """Carried variable -> names of its copies at the head of the loop's body."""
    found: dict[str, list[str]] = {}
    for stmt in loop.body:
        if not (isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and is_name(stmt.value)):
            break
        if facts.carried.get(stmt.value.id) is loop:
            found.setdefault(stmt.value.id, []).append(stmt.targets[0].id)
    return found
