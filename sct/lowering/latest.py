"""Loops that keep what the latest of some iterations gave, a minimum say: they only look for that iteration, which is done again.

    nearest = math.inf                    best = n; lowest = math.inf
    for k in range(n):                    for k in range(n):
        d = distance of k                     d = distance of k
        if d < nearest:             ->        if d < lowest: best = k; lowest = d
            nearest = d                   if best != n: nearest = distance of `best`
                                          else: nearest = math.inf

The search has no derivative, so the reverse sweep visits one iteration instead of all, and nothing is saved for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import gast

from sct.analyses.regions import Regions, head_copies, own_names, regions
from sct.ir.build import bodies, call_name, is_name, names_in, quote, store_target, substitute, targets, walk
from sct.ir.once import any_once
from sct.lowering.work import Work


def search_first(work: Work) -> None:
    """Rewrite such loops, inner ones first."""
    _block(work.body, regions(work.program), work)


def _block(block: list[gast.stmt], facts: Regions, work: Work) -> Regions:
    """Rewrite those in a block; the facts of the program as it is then."""
    for stmt in list(block):
        for inner in bodies(stmt):
            facts = _block(inner, facts, work)
        if isinstance(stmt, gast.For):
            at = next(k for k, s in enumerate(block) if s is stmt)
            latest = _latest(block, at, facts, work)
            if latest is not None:
                block[at - len(latest.starts) : at + 1 + len(latest.after)] = _rewritten(latest, work)
                facts = regions(work.program)
    return facts


@dataclass(frozen=True)
class Latest:
    """A loop whose body ends in a choice: where `test` is `holds`, the statements `taken` give each carried variable a value made
    without the old ones, else they are kept. `before` is the rest of the body. By carried variable: `heads`, its copies in an
    iteration, `starts` before the loop, `values` that it is given; `after` maps the copies after the loop to it."""

    loop: gast.For
    before: list[gast.stmt]
    test: str
    holds: bool
    taken: list[gast.stmt]
    heads: dict[str, list[str]]
    starts: dict[str, gast.expr]
    values: dict[str, gast.expr]
    after: dict[str, str]


def _latest(block: list[gast.stmt], at: int, facts: Regions, work: Work) -> Latest | None:
    """What the loop at an index of a block is, if it is of this kind and nothing in it happens once or is seen outside."""
    loop = block[at]
    heads = head_copies(loop, facts)
    starts, after = _copied(block[at - len(heads) : at]), _copies_of(block[at + 1 :], heads)
    body = loop.body[sum(map(len, heads.values())) :]
    ends, choice = _copied(body[len(body) - len(heads) :]), body[: len(body) - len(heads)][-1:]
    plain = starts.keys() == heads.keys() == ends.keys() and heads and choice
    if not plain or not any(map(work.types.is_float, after.values())):
        return None
    before = body[: len(body) - len(heads) - 1]
    found = _arms(choice[0], {n: e.id for n, e in ends.items() if is_name(e)}, heads, work)
    if found is None:
        return None
    compare, test, holds, taken, values = found
    before += compare
    changing = _made_from({h for some in heads.values() for h in some}, before)
    if not changing.isdisjoint(_read(taken, *values.values())) or not _repeat([*before, *taken], work):
        return None
    return Latest(loop, before, test, holds, taken, heads, starts, values, after)


def _arms(choice: gast.stmt, ends: Mapping[str, str], heads: Mapping[str, list[str]], work: Work) -> tuple | None:
    """Statements that compare, the name of the outcome, what it is where values are given, the statements that make these, and
    the values."""
    if len(ends) != len(heads):
        return None
    if isinstance(choice, gast.Assign):
        return _of_extreme(choice, ends, heads, work)
    if not isinstance(choice, gast.If):
        return None
    for arm, other in ((choice.body, choice.orelse), (choice.orelse, choice.body)):
        values, kept = _copied(arm[len(arm) - len(ends) :]), _copied(other)
        keeps = len(kept) == len(other) and all(is_name(kept.get(e), *heads[n]) for n, e in ends.items())
        if keeps and all(e in values for e in ends.values()):
            taken = arm[: len(arm) - len(ends)]
            return [], choice.test.id, arm is choice.body, taken, {n: values[e] for n, e in ends.items()}
    return None


def _of_extreme(choice: gast.Assign, ends: Mapping[str, str], heads: Mapping[str, list[str]], work: Work) -> tuple | None:
    """`e = max(h, v)` as the choice of `v` where `v > h`: of two equal values the first counts."""
    sign = {"max": ">", "min": "<"}.get(call_name(choice.value))
    (name, end), *others = ends.items()
    if sign is None or others or not is_name(choice.targets[0], end) or not is_name(choice.value.args[0], *heads[name]):
        return None
    head, value = choice.value.args
    test = work.fresh("c")
    return quote(f"C = V {sign} H", choice, C=test, V=value, H=head), test, True, [], {name: value}


def _rewritten(latest: Latest, work: Work) -> list[gast.stmt]:
    loop, fresh = latest.loop, work.fresh
    index = work.user_name(loop.target.id)
    stop, best = fresh(f"{index}_stop"), fresh(f"{index}_best")
    last, found = fresh(best), fresh("found")
    start = quote("STOP = S", loop, STOP=stop, S=loop.iter.args[min(1, len(loop.iter.args) - 1)])
    test = quote("LAST = BEST\nFOUND = LAST != STOP", loop, LAST=last, BEST=best, STOP=stop, FOUND=found)
    none = _copies({a: latest.starts[n] for a, n in latest.after.items()}, loop)
    return [*start, *_search(latest, best, stop, work), *test, _branch(found, _again(latest, last, work), none, loop)]


def _search(latest: Latest, best: str, stop: str, work: Work) -> list[gast.stmt]:
    """The loop that finds the iteration, and carries only what it compares with."""
    loop, heads = latest.loop, latest.heads
    compared = _read(_slice(latest.before, [latest.test]))
    carried = {n: latest.values[n] for n in heads if not compared.isdisjoint(heads[n])}
    chosen = _slice(latest.taken, _read([], *carried.values()))
    ends, head = {n: work.version(n) for n in [best, *carried]}, work.fresh(best)
    take = _copies({ends[best]: loop.target.id, **{ends[n]: v for n, v in carried.items()}}, loop)
    keep = _copies({ends[best]: head, **{ends[n]: heads[n][0] for n in carried}}, loop)
    arms = ([*chosen, *take], keep) if latest.holds else (keep, [*chosen, *take])
    turn = quote("for K in R:\n    pass", loop, K=loop.target, R=loop.iter)[0]
    turn.body = [
        *_copies({head: best, **{h: n for n in carried for h in heads[n]}}, loop),
        *_slice(latest.before, {latest.test, *_read(chosen, *carried.values())}),
        _branch(latest.test, *arms, loop),
        *_copies(ends, loop),
    ]
    return [*_copies({best: stop, **{n: latest.starts[n] for n in carried}}, loop), turn]


def _again(latest: Latest, index: str, work: Work) -> list[gast.stmt]:
    """The iteration at an index once more, under other names, and its values under the names after the loop."""
    values = {a: latest.values[n] for a, n in latest.after.items()}
    done = _slice([*latest.before, *latest.taken], _read([], *values.values()))
    names = {n: work.version(n) for s in walk(done) for n in targets(s)} | {latest.loop.target.id: index}
    return [substitute(s, names) for s in [*done, *_copies(values, latest.loop)]]


def _branch(test: str, body: list[gast.stmt], orelse: list[gast.stmt], at: gast.AST) -> gast.stmt:
    made = quote("if C:\n    pass\nelse:\n    pass", at, C=test)[0]
    made.body, made.orelse = body, orelse
    return made


def _copies(values: Mapping[str, gast.expr | str], at: gast.AST) -> list[gast.stmt]:
    return [s for name, value in values.items() for s in quote("N = V", at, N=name, V=value)]


def _copied(statements: Iterable[gast.stmt]) -> dict[str, gast.expr]:
    """The values that statements assign to names."""
    return {s.targets[0].id: s.value for s in statements if isinstance(s, gast.Assign) and is_name(s.targets[0])}


def _copies_of(statements: list[gast.stmt], names: Iterable[str]) -> dict[str, str]:
    """The copies of names at the head of some statements."""
    found: dict[str, str] = {}
    for stmt in statements:
        if not (isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and is_name(stmt.value, *names)):
            break
        found[stmt.targets[0].id] = stmt.value.id
    return found


def _repeat(statements: list[gast.stmt], work: Work) -> bool:
    """Whether statements only give names values, so that they may be done again, or not at all."""
    plain = all(isinstance(s, gast.Assign | gast.For | gast.If | gast.Pass) and store_target(s) is None for s in walk(statements))
    return (
        plain
        and not any_once(statements)
        and not any(call_name(getattr(s, "value", None)) in work.program.helpers for s in walk(statements))
    )


def _read(statements: list[gast.stmt], *values: gast.expr) -> set[str]:
    return {n for s in walk(statements) for n in own_names(s)} | {n for value in values for n in names_in(value)}


def _made_from(names: set[str], statements: list[gast.stmt]) -> set[str]:
    """The names, and those that statements make from them."""
    found = set(names)
    for stmt in statements:
        if not found.isdisjoint(_read([stmt])):
            found |= {n for s in walk([stmt]) for n in targets(s)}
    return found


def _slice(statements: list[gast.stmt], names: Iterable[str]) -> list[gast.stmt]:
    """The statements that the names are made by."""
    wanted, found = set(names), []
    for stmt in reversed(statements):
        if not wanted.isdisjoint(n for s in walk([stmt]) for n in targets(s)):
            found.insert(0, stmt)
            wanted |= _read([stmt])
    return found
