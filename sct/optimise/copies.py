"""Names that copies connect become one where their lives do not overlap; then each is called after the user's variable.

    s_1 = s                                s = 0.0
    for i in range(n):                     for i in range(n):
        s_2 = s_1                 ->           s += x[i]
        s_3 = s_2 + x[i]                   return s
        s_1 = s_3
    return s_1
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field

import gast

from sct.ir.build import MODULES, is_name, names_in, targets, walk
from sct.optimise.blocks import mapped, rebuilt
from sct.optimise.effects import Effects
from sct.optimise.liveness import Liveness
from sct.optimise.names import Names, Stem


@dataclass(eq=False)
class _Class:
    """Names that become one."""

    members: list[str]
    bits: int
    against: int
    stem: Stem
    pinned: str | None = None


@dataclass(eq=False)
class Renaming:
    """Classes of the names that a function assigns, and the names that they get."""

    body: list[gast.stmt]
    names: Names
    effects: Effects
    live: Liveness
    against: dict[str, int] = field(default_factory=dict)
    classes: dict[str, _Class] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._interference()
        for name in self.against:
            pinned = name if name in self.names.params else None
            against, stem = self.against[name], self.names.stem(name)
            self.classes[name] = _Class([name], self.effects.bit(name), against, stem, pinned)

    def _interference(self) -> None:
        for name in self.names.params:
            self.against[name] = 0
        for name in self.names.params:
            self._conflict(name, self.live.first | sum(self.effects.bit(p) for p in self.names.params))
        for stmt in walk(self.body):
            if not self.live.needed[id(stmt)]:
                continue
            after = self.live.after[id(stmt)] | self.live.inside.get(id(stmt), 0)
            bound = targets(stmt)
            copied = self.effects.bit(stmt.value.id) if is_copy(stmt) else 0
            together = sum(self.effects.bit(n) for n in bound)
            for name in bound:
                self._conflict(name, (after | together) & ~copied)

    def _conflict(self, name: str, live: int) -> None:
        self.against[name] = self.against.get(name, 0) | (live & ~self.effects.bit(name))

    def coalesce(self) -> None:
        """Join the classes that copies connect, in textual order."""
        fixed = {n for s in walk(self.body) if isinstance(s, gast.For) for n in targets(s)}
        for stmt in walk(self.body):
            if is_copy(stmt) and self.live.needed[id(stmt)]:
                a, b = stmt.targets[0].id, stmt.value.id
                if a in self.classes and b in self.classes and a not in fixed and b not in fixed:
                    self._join(self.classes[a], self.classes[b])

    def _join(self, a: _Class, b: _Class) -> None:
        if a is b or self._apart(a, b) or not self._alike(a, b):
            return
        if a.pinned or (a.stem.made <= b.stem.made and not b.pinned):
            first, second = a, b
        else:
            first, second = b, a
        first.members += second.members
        first.bits |= second.bits
        first.against |= second.against
        for name in second.members:
            self.classes[name] = first

    def _apart(self, a: _Class, b: _Class) -> bool:
        return bool(a.against & b.bits or b.against & a.bits)

    def _alike(self, a: _Class, b: _Class) -> bool:
        if self.names.kind(a.members[0]) != self.names.kind(b.members[0]):
            return False
        if (a.pinned and b.pinned) or any(c.pinned and not self._open(c.pinned) for c in (a, b)):
            return False
        return a.stem == b.stem or a.stem.made or b.stem.made

    def _open(self, param: str) -> bool:
        """Whether a parameter may be assigned: one of the user's, without a default."""
        return param in self.names.unit.program.params and param not in self.names.defaults

    def names_given(self, taken: set[str]) -> dict[str, str]:
        """A name for every class: its stem where that is free, else numbered."""
        order = list(dict.fromkeys(map(id, self.classes.values())))
        by_id = {id(c): c for c in self.classes.values()}
        classes = sorted((by_id[i] for i in order), key=lambda c: (c.pinned is None, c.stem.made))
        stems = {c.pinned or c.stem.text for c in classes}
        used: dict[str, list[_Class]] = {}
        given: dict[str, str] = {}
        for each in classes:
            name = each.pinned or self._free(each, used, stems, taken)
            used.setdefault(name, []).append(each)
            for member in each.members:
                given[member] = name
        return given

    def _free(self, each: _Class, used: dict[str, list[_Class]], stems: set[str], taken: set[str]) -> str:
        wish, k = each.stem.text, 0
        while True:
            name = wish if k == 0 else f"{wish}_{k}"
            free = name not in taken and (k == 0 or name not in stems)
            if free and all(self._shareable(each, other) for other in used.get(name, ())):
                return name
            k += 1

    def _shareable(self, a: _Class, b: _Class) -> bool:
        """Whether two variables may have one name: versions of one variable that are never alive together."""
        if a.stem.made or a.stem != b.stem or self.names.kind(a.members[0]) != self.names.kind(b.members[0]):
            return False
        if b.pinned and not self._open(b.pinned):
            return False
        return not self._apart(a, b)


def is_copy(stmt: gast.stmt) -> bool:
    """Whether a statement is `a = b`."""
    return isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and isinstance(stmt.value, gast.Name)


def coalesced(body: list[gast.stmt], names: Names, entry: bool) -> tuple[list[gast.stmt], Names]:
    """The statements with copies joined and names renumbered, and the facts about the new names."""
    effects = Effects(names, body)
    renaming = Renaming(body, names, effects, Liveness(effects, body, entry))
    renaming.coalesce()
    bound = set(renaming.against)
    taken = {n for stmt in body for n in names_in(stmt)} - bound | MODULES | set(dir(builtins))
    given = renaming.names_given(taken)
    stems = {name: each.stem for name, each in renaming.classes.items()}
    return renamed(body, given), names.renamed(given, stems)


def renamed(block: list[gast.stmt], given: dict[str, str]) -> list[gast.stmt]:
    """The statements under new names, without the copies `a = a` that this leaves."""
    found = []
    for stmt in block:
        fields = {}
        for name in ("body", "orelse"):
            if isinstance(stmt, gast.If | gast.For | gast.While):
                fields[name] = renamed(getattr(stmt, name), given)
        shell = mapped(rebuilt(stmt, **{name: [] for name in fields}), lambda n: _renamed(n, given))
        made = rebuilt(shell, **fields) if fields else shell
        if not (is_copy(made) and made.targets[0].id == made.value.id):
            found.append(made)
    return found


def _renamed(node: gast.AST, given: dict[str, str]) -> gast.AST:
    if isinstance(node, gast.Name) and given.get(node.id, node.id) != node.id:
        return rebuilt(node, id=given[node.id])
    return node
