"""Lowering: array statements of a typed core program become loops over elements."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sct.ir.program import Program
from sct.lowering.aliases import drop_aliases, store_augmented
from sct.lowering.carried import Entangled, settle_carried
from sct.lowering.choices import choose, unsettled
from sct.lowering.comparisons import name_views
from sct.lowering.dead import drop_dead_arms
from sct.lowering.expand import expand
from sct.lowering.growth import check_growing, own_results, settle_growth
from sct.lowering.kinds import check_kinds
from sct.lowering.latest import search_first
from sct.lowering.numbers import settle_numbers
from sct.lowering.picked import part_gathers
from sct.lowering.returned import drop_returned
from sct.lowering.roots import roots_of
from sct.lowering.undefined import fill_undefined
from sct.lowering.views import settle_views, write_out_axes
from sct.lowering.work import Work
from sct.types import Types

__all__ = ["lower"]


def lower(program: Program, types: Types, same: Mapping[str, str] = MappingProxyType({})) -> Program:
    """`program` with every array operation but allocations, views and element accesses written as loops.

    `same` maps parameters that may share memory with an earlier one to that one.
    """
    work = Work.start(program, types, same)
    drop_dead_arms(work)
    write_out_axes(work)
    check_kinds(work)
    part_gathers(work)
    fill_undefined(work)
    settle_numbers(work)
    name_views(work)
    store_augmented(work)
    settle_growth(work, roots_of(work))
    settle_views(work)
    drop_returned(work)
    drop_aliases(work)
    work = _settled(work)
    drop_aliases(work)
    own_results(work)
    expand(work)
    check_growing(work, roots_of(work))
    search_first(work)
    return work.program


def _settled(work: Work) -> Work:
    """The work without names that loops rebind: exchanged, filled anew, or where neither will do chosen by integers."""
    seeds = unsettled(work)
    if seeds:
        choose(work, seeds)
    while True:
        tried = work.copy()
        try:
            settle_carried(tried)
        except Entangled as found:
            choose(work, found.names)
        else:
            return tried
