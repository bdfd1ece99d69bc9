"""`match` becomes `if` and `elif`: constants are compared, names are bound before the guard is tested.

    match n, m:                             subject = n
        case 0 | 1, _: A                    subject_1 = m
        case k, 2 if k > 5: B        ->     if subject == 0 or subject == 1: A
                                            else:
                                                matched = subject_1 == 2
                                                if matched:
                                                    k = subject
                                                    if not k > 5: matched = False
                                                if matched: B
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.frontend.names import Names

Subject = Any  # a name, or a list of subjects for a tuple
_CONSTANTS = "match numbers, or a tuple of them: `match (a, b):`"


@dataclass
class _Found:
    """When a pattern matches, None for always, and what it then binds."""

    tests: list[gast.expr] = field(default_factory=list)
    bound: list[gast.stmt] = field(default_factory=list)

    @property
    def test(self) -> gast.expr | None:
        return _joined(gast.And(), self.tests) if self.tests else None


class Match:
    """Rewrites one statement; `stop` makes the error about a node."""

    def __init__(self, names: Names, stop: Callable[[gast.AST, str, str], UnsupportedSyntax]) -> None:
        self._names, self._stop = names, stop

    def statements(self, node: gast.Match) -> list[gast.stmt]:
        bound = {n.name for n in gast.walk(node) if isinstance(n, gast.MatchAs)}
        bound |= {n.target.id for n in gast.walk(node) if isinstance(n, gast.NamedExpr)}
        before: list[gast.stmt] = []
        subject = self._subject(node.subject, bound, before)
        return [build.settled(s, node) for s in [*before, *self._cases(subject, node.cases)]]

    def _subject(self, node: gast.expr, bound: set[str | None], before: list[gast.stmt]) -> Subject:
        """The names of what is matched, each evaluated once."""
        if isinstance(node, gast.Tuple):
            return [self._subject(e, bound, before) for e in node.elts]
        if isinstance(node, gast.Name) and node.id not in bound:
            return node
        name = self._names.fresh("subject")
        before.append(build.assign(name, node))
        return build.name(name)

    def _cases(self, subject: Subject, cases: list[gast.match_case]) -> list[gast.stmt]:
        if not cases:
            return []
        case, rest = cases[0], cases[1:]
        found = self._pattern(case.pattern, subject)
        if case.guard is None and found.test is None:
            return [*found.bound, *case.body]
        if case.guard is None:
            return self._if(found.test, [*found.bound, *case.body], subject, rest)
        if not found.bound:
            return self._if(_joined(gast.And(), [*found.tests, case.guard]), case.body, subject, rest)
        if found.test is None:
            return [*found.bound, *self._if(case.guard, case.body, subject, rest)]
        matched = self._names.fresh("matched")
        fails = gast.If(gast.UnaryOp(gast.Not(), case.guard), [build.assign(matched, build.constant(False))], [])
        guarded = gast.If(build.name(matched), [*found.bound, fails], [])
        taken = self._if(build.name(matched), case.body, subject, rest)
        return [build.assign(matched, found.test), guarded, *taken]

    def _if(self, test: gast.expr, body: list[gast.stmt], subject: Subject, rest: list[gast.match_case]) -> list[gast.stmt]:
        return [gast.If(test, body, self._cases(subject, rest))]

    def _pattern(self, node: gast.AST, subject: Subject) -> _Found:
        if isinstance(node, gast.MatchAs):
            found = _Found() if node.pattern is None else self._pattern(node.pattern, subject)
            if node.name is not None:
                found.bound.append(build.assign(node.name, _value(subject)))
            return found
        if isinstance(node, gast.MatchOr):
            return self._either(node, subject)
        if isinstance(node, gast.MatchSequence) and isinstance(subject, list):
            return self._tuple(node, subject)
        if isinstance(subject, gast.Name):
            if isinstance(node, gast.MatchValue):
                return _Found([build.compare(build.clone(subject), gast.Eq(), node.value)])
            if isinstance(node, gast.MatchSingleton):
                return _Found([build.compare(build.clone(subject), gast.Is(), build.constant(node.value))])
        raise self._stop(node, "this pattern", _CONSTANTS)

    def _either(self, node: gast.MatchOr, subject: Subject) -> _Found:
        found = [self._pattern(p, subject) for p in node.patterns]
        if any(f.bound for f in found):
            raise self._stop(node, "a name bound by one of several patterns", "write a case for each")
        tests = [f.test for f in found]
        return _Found() if None in tests else _Found([_joined(gast.Or(), tests)])

    def _tuple(self, node: gast.MatchSequence, subject: list[Subject]) -> _Found:
        if any(isinstance(p, gast.MatchStar) for p in node.patterns):
            raise self._stop(node, "a starred pattern", "write the elements out")
        if len(node.patterns) != len(subject):
            return _Found([build.constant(False)])
        parts = [self._pattern(p, s) for p, s in zip(node.patterns, subject, strict=True)]
        return _Found([t for p in parts for t in p.tests], [b for p in parts for b in p.bound])


def _value(subject: Subject) -> gast.expr:
    if isinstance(subject, list):
        return gast.Tuple([_value(s) for s in subject], gast.Load())
    return build.clone(subject)


def _joined(op: gast.AST, tests: list[gast.expr]) -> gast.expr:
    return tests[0] if len(tests) == 1 else gast.BoolOp(op, tests)
