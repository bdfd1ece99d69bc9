"""Which loops run forward and backward together, iteration by iteration, so that no first sweep of them is left?

    forward                        reverse
    ...                            for p in range(n):
    total = 0.0                        the iteration, `total += f(x[p])` included
                                       its reverse
                                   result = total + c
                                   ...

The first sweep of a loop can wait for its reverse if nothing in between asks for its results: not the reverse of what follows
the loop, nor what keeps its place in the forward sweep. What is made from the results waits too, and comes right after the loop.
Worth it where the loop would save something for each iteration otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import gast

from sct.analyses.checkpoint import Checkpoint
from sct.analyses.clean import Clean
from sct.analyses.independent import independent
from sct.analyses.plan import plan
from sct.analyses.question import RECOMPUTED, SAVED, Plan, Question
from sct.analyses.rerun import Rerun
from sct.analyses.unit import Unit
from sct.errors import UnsupportedSyntax
from sct.ir.build import grown, is_name, names_in, targets, walk
from sct.ir.once import any_once


@dataclass(frozen=True)
class Late:
    """Loops that run together with their reverse, and the statements that wait for their results, in the order of the text."""

    loops: tuple[gast.For, ...] = ()
    waiting: tuple[gast.stmt, ...] = field(default=())

    def __contains__(self, stmt: gast.stmt) -> bool:
        return any(stmt is s for s in (*self.loops, *self.waiting))


def together(question: Question, answer: Plan, active: Callable[[str], bool]) -> tuple[Question, Plan, Late]:
    """The question with more loops that are run again, its plan, and which of them run together with their reverse."""
    late, clean = Late(), Clean(question.unit)
    if question.store_all or question.split:
        return question, answer, late
    for rerun in _candidates(question, answer):
        wanted = _late((*late.loops, rerun.loop), question.unit)
        if not independent(rerun, active, clean) or not _may_wait(wanted, question.unit):
            continue
        asked, tried = question, answer
        if rerun not in question.reruns:
            asked = replace(question, reruns=[*question.reruns, rerun])
            try:
                tried = plan(asked)
            except UnsupportedSyntax:
                continue
        if _can_wait(wanted, question.unit, tried):
            question, answer, late = asked, tried, wanted
    return question, answer, late


def _candidates(question: Question, answer: Plan) -> list[Rerun]:
    """Loops of the function's own block without snapshots: those that are run again by hand, and those that save something."""
    chosen = {id(rerun.loop): rerun for rerun in question.reruns}
    facts, found = question.unit.facts, []
    for stmt in facts.root.block:
        if isinstance(stmt, gast.For) and not isinstance(chosen.get(id(stmt)), Checkpoint):
            rerun = chosen.get(id(stmt), Rerun(question.unit, stmt))
            if id(stmt) in chosen or (saves(stmt, question, answer) and rerun.is_legal):
                found.append(rerun)
    return found


def saves(loop: gast.stmt, question: Question, answer: Plan) -> bool:
    """Whether something is saved in a loop, but for what helpers save."""
    facts, inside = question.unit.facts, {id(s) for s in walk(loop.body)}
    saved = any(id(facts.definition(name)) in inside for name in answer.of(SAVED))
    return saved or bool(answer.undone & inside) or any(key[0] in inside for key in answer.content)


def _late(loops: tuple[gast.For, ...], unit: Unit) -> Late:
    """The loops, with the statements of the function's block that need their results."""
    names = {t for loop in loops for s in walk([loop]) for t in targets(s)}
    roots = {r for loop in loops for r in _stored(loop, unit)}
    waiting = []
    for stmt in _block(unit)[_place(loops[0], unit) + 1 :]:
        read = names_in(stmt.value if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) else stmt)
        if any(stmt is loop for loop in loops) or (names.isdisjoint(read) and roots.isdisjoint(_touched(stmt, unit))):
            continue
        waiting.append(stmt)
        names |= {t for s in walk([stmt]) for t in targets(s)}
        roots |= _stored(stmt, unit)
    return Late(loops, tuple(waiting))


def _may_wait(late: Late, unit: Unit) -> bool:
    """Whether the order of the statements may change so, whatever the plan."""
    statements, between = [*late.loops, *late.waiting], _between(late, unit)
    return (
        not _depend_on_each_other(late, unit)
        and not any(unit.helper_call(s) is not None for s in walk(late.waiting))
        and not any(is_name(r) and unit.types.is_array(r.id) and _among(r.id, statements, unit) for r in unit.results)
        and not _changed_by(between, statements, unit)
        and not all(any(_speaks(s, unit) for s in some) for some in (statements, between))
        and not any(grown(s) for s in walk(statements))
    )


def _can_wait(late: Late, unit: Unit, answer: Plan) -> bool:
    """Whether the plan asks for nothing that waits, but what can be made again without the loops' results."""
    statements = [*late.loops, *late.waiting]
    waiting = {id(s) for s in walk(late.waiting)}
    missed = (n for n in answer.source if unit.facts.kind(n) in ("once", "merge") and id(unit.facts.definition(n)) in waiting)
    return not answer.undone & waiting and all(
        answer.source[n] == RECOMPUTED and not _made_from(n, statements, unit) for n in missed
    )


def _between(late: Late, unit: Unit) -> list[gast.stmt]:
    """The statements after the first of the loops that do not wait."""
    return [s for s in _block(unit)[_place(late.loops[0], unit) + 1 :] if s not in late]


def _depend_on_each_other(late: Late, unit: Unit) -> bool:
    """Whether one of the loops reads what another, or what waits, has made, or stores to what it uses."""
    for loop in late.loops:
        others = [s for s in late.loops if s is not loop]
        made = {t for s in walk([*others, *late.waiting]) for t in targets(s)}
        if not made.isdisjoint(names_in(loop)) or _changed_by(others, [loop], unit):
            return True
    return False


def _changed_by(statements: list[gast.stmt], others: list[gast.stmt], unit: Unit) -> bool:
    """Whether statements, or their reverse, change a name or an array that the others use."""
    facts = unit.facts
    used = {n for s in others for n in names_in(s)}
    owners = {id(facts.carried[n]) for n in used if facts.kind(n) == "carried"}
    stored = {r for s in statements for r in _stored(s, unit)}
    inside = {id(s) for s in walk(statements)}
    return bool(owners & inside) or not stored.isdisjoint({r for s in others for r in _touched(s, unit)})


def _made_from(name: str, statements: list[gast.stmt], unit: Unit) -> bool:
    """Whether the definition of a name reads elements that the statements store to."""
    return any(_among(n, statements, unit) for n in names_in(unit.facts.definition(name)) if unit.types.is_array(n))


def _among(array: str, statements: list[gast.stmt], unit: Unit) -> bool:
    return not unit.alias.of(array).isdisjoint({r for s in statements for r in _stored(s, unit)})


def _speaks(stmt: gast.stmt, unit: Unit) -> bool:
    """Whether a statement, or a helper that it calls, may raise, print or draw random numbers."""
    called = [unit.callee(call) for call in map(unit.helper_call, walk([stmt])) if call is not None]
    bodies = [[stmt], *(u.program.tree.body for callee in called for u in (callee, *callee.reachable()))]
    return any(any_once(body) or any(isinstance(s, gast.Raise) for s in walk(body)) for body in bodies)


def _stored(stmt: gast.stmt, unit: Unit) -> set[str]:
    return {r for s in walk([stmt]) for n in unit.stores(s) for r in unit.alias.of(n)}


def _touched(stmt: gast.stmt, unit: Unit) -> set[str]:
    return {r for n in names_in(stmt) if unit.types.is_array(n) for r in unit.alias.of(n)}


def _block(unit: Unit) -> list[gast.stmt]:
    """The statements of the function, without the last `return`."""
    return unit.facts.root.block[:-1]


def _place(stmt: gast.stmt, unit: Unit) -> int:
    return unit.facts.where(stmt)[1]
