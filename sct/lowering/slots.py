"""The end of an iteration that hands on arrays made in it: each is copied to a buffer that no name holds any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gast

from sct.ir.build import expr, quote
from sct.lowering.varying import Leaf

if TYPE_CHECKING:
    from sct.lowering.choices import Choices

Handed = dict[str, tuple[gast.stmt, str | None]]
"""Carried variable -> its copy at one end of the loop's body, and the holder that it takes its array from."""


def at_end(choices: Choices, loop: gast.stmt, handed: Handed) -> None:
    body = choices.varying.facts.inner[id(loop)][0]
    stmt = next(iter(handed.values()))[0]
    region = choices.varying.facts.where(stmt)[0]
    codes = set().union(*(choices.of(holder) for _, holder in handed.values()))
    leaves, slots = choices.leaving(codes, body), choices.slots[id(loop)]
    made: list[gast.stmt] = []
    chosen: dict[int, gast.expr] = {}
    still = codes & {slot.code for slot in slots}
    for k, leaf in enumerate(leaves):
        if not still and len(leaves) <= len(slots):
            chosen[leaf.code], to = gast.Constant(slots[k].code, None), slots[k].name
        else:
            chosen[leaf.code], to = _free_slot(choices, handed, slots, chosen, made, stmt)
        _copy(choices, leaf, leaf.at(region), to, handed, made, stmt)
    for name, (copy, holder) in handed.items():
        which = _handed_on(choices, holder, chosen, made, copy)
        choices.instead[id(copy)] = choices.assign(name, holder, copy, which)
    place = region.block[choices.first_handed(region.block, loop)]
    choices.before[id(place)] = made + choices.before.get(id(place), [])


def _free_slot(
    choices: Choices,
    handed: Handed,
    slots: list[Leaf],
    chosen: dict[int, gast.expr],
    made: list[gast.stmt],
    at: gast.stmt,
) -> tuple[gast.expr, str]:
    """The code and the name of the first buffer that no name holds and that is not chosen yet."""
    code: gast.expr = gast.Constant(slots[-1].code, None)
    for slot in reversed(slots[:-1]):
        holders = [h for _, h in handed.values() if slot.code in choices.of(h)]
        code_is = gast.Constant(slot.code, None)
        tests = [expr("w == k", w=choices.value(h, "which"), k=code_is) for h in holders]
        tests += [expr("h and w == k", h=_held(choices, c, handed), w=w, k=code_is) for c, w in chosen.items()]
        if not tests:
            code = gast.Constant(slot.code, None)
            continue
        taken, free = choices.work.fresh("c"), choices.work.fresh("free")
        test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.Or(), tests)
        text = "c = t\nif c:\n    f = a\nelse:\n    f = b"
        made += quote(text, at, c=taken, t=test, f=free, a=code, b=gast.Constant(slot.code, None))
        code = expr(free)
    if isinstance(code, gast.Constant):
        return code, next(s.name for s in slots if s.code == code.value)
    name = choices.work.array(f"{slots[0].name}_free", slots[0].name)
    made += choices.pick(name, code.id, [(s.code, s.name) for s in slots], at)
    return code, name


def _copy(
    choices: Choices, leaf: Leaf, name: str, to: str, handed: Handed, made: list[gast.stmt], at: gast.stmt
) -> None:
    """Copy the leaf, if a name that is handed on holds it."""
    stored, test = choices.store(to, name, at), _held(choices, leaf.code, handed)
    if isinstance(test, gast.Constant):
        made += stored
        return
    (assign, branch) = quote("c = t\nif c:\n    pass", at, c=choices.work.fresh("c"), t=test)
    branch.body = stored
    made += [assign, branch]


def _held(choices: Choices, code: int, handed: Handed) -> gast.expr:
    """Whether a name that is handed on holds the leaf of this code."""
    holders = [h for _, h in handed.values() if code in choices.of(h)]
    if any(choices.of(h) == {code} for h in holders):
        return gast.Constant(True, None)
    tests = [expr("w == k", w=choices.value(h, "which"), k=gast.Constant(code, None)) for h in holders]
    return tests[0] if len(tests) == 1 else gast.BoolOp(gast.Or(), tests)


def _handed_on(
    choices: Choices, holder: str | None, chosen: dict[int, gast.expr], made: list[gast.stmt], at: gast.stmt
) -> gast.expr:
    """The code that a name is handed on with: that of the buffer where its array was copied."""
    which, codes = choices.value(holder, "which"), choices.of(holder)
    for code, slot in chosen.items():
        if codes == {code}:
            return slot
        if code in codes:
            name = choices.work.fresh("which")
            text = "c = w == k\nif c:\n    n = a\nelse:\n    n = b"
            key = gast.Constant(code, None)
            made += quote(text, at, c=choices.work.fresh("c"), w=which, k=key, n=name, a=slot, b=which)
            which = expr(name)
    return which
