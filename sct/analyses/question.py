"""What a plan is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import gast

from sct.analyses.regions import Region
from sct.analyses.rerun import Rerun
from sct.analyses.unit import Unit

Need = tuple[Region, int, frozenset[str]]
"""Names read by the reverse of the statement at an index of a region."""

STILL, RECOMPUTED, FORWARDED, SAVED = "still", "recomputed", "forwarded", "saved"


@dataclass(eq=False)
class Plan:
    """`source` of each needed name and the index in its region before whose reverse it is made again; `forwarded` names are read
    back from the element that a store put them in; `undone` stores; `content` of arrays that helpers want; roots whose stores
    would have to be undone for what is saved (`blocked`)."""

    source: dict[str, str] = field(default_factory=dict)
    time: dict[str, int] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    forwarded: dict[str, gast.Subscript] = field(default_factory=dict)
    content: dict[tuple[int, str], str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    cost: float = 0.0

    def of(self, kind: str) -> list[str]:
        return [name for name, source in self.source.items() if source == kind]


@dataclass(eq=False)
class Question:
    """What a plan is asked for.

    `needs` of the adjoint statements and of the control around them; `contents`: arrays whose
    content a helper's reverse reads; `reruns`: loops whose iterations are run again; `split`: the forward and the reverse sweep are
    two functions, so nothing local is still there; `restored`: roots of arrays whose every store is undone, whatever it costs;
    `store_all`: the oracle.
    """

    unit: Unit
    needs: list[Need]
    contents: list[tuple[gast.stmt, str]] = field(default_factory=list)
    reruns: list[Rerun] = field(default_factory=list)
    split: bool = False
    restored: frozenset[str] = frozenset()
    store_all: bool = False

    @cached_property
    def _again(self) -> dict[int, Region]:
        """The regions that are run again."""
        return {id(rerun.body): rerun.body for rerun in self.reruns}

    def home(self, region: Region) -> Region | None:
        """The innermost region around `region` that is run again, or the function."""
        if self._again:
            for around in region.path():
                if id(around) in self._again:
                    return around
        return None if self.split else self.unit.facts.root

    def sweeps(self, region: Region) -> list[Region]:
        """Bodies of the loops around `region`, innermost first, up to its home."""
        home = self.home(region)
        found = []
        for around in region.path():
            if around is home:
                break
            if around.is_loop:
                found.append(around)
        return found

    def stays(self, region: Region) -> bool:
        """Whether names defined in `region` keep their values until the reverse sweep."""
        return self.home(region) is not None and not self.sweeps(region)
