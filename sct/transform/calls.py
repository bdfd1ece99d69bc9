"""Helper calls in the two sweeps.

A helper that writes to no argument, returns scalars, is not recursive and neither prints nor draws random numbers has a joint
adjoint, `h_adjoint(args, bars, seeds)`, which repeats its forward sweep. Any other has a pair that shares the caller's tapes:
`h_forward(args, tapes)` records and `h_reverse(args, bars, seeds, tapes)` reverses. Array adjoints are updated in place;
adjoints of scalar arguments are returned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import gast

from sct.analyses.activity import Activity
from sct.analyses.question import SAVED
from sct.analyses.shared import view_returned
from sct.analyses.unit import Unit
from sct.ir.build import clone, expr, grown, is_name, names_in, quote

if TYPE_CHECKING:
    from sct.transform.bars import Bars
    from sct.transform.sweeps import Sweeps


REVERSE = "REVERSE"
"""What the reverse of a call is called until it is known which function that is."""


@dataclass(frozen=True)
class Request:
    """A derivative of a helper: active parameters, active results, and the parameters that the caller wants restored."""

    active: frozenset[str]
    results: frozenset[int]
    restored: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pair:
    """Names of a helper's forward and reverse functions and the tapes, `tape` and `ints`, that they use."""

    forward: str
    reverse: str
    tapes: tuple[str, ...]


@dataclass(eq=False)
class Calls:
    """The helper calls of one unit; `library` makes the helpers' derivatives and names them."""

    unit: Unit
    active: Activity
    library: object
    parts: dict[int, list[str]] = field(default_factory=dict)

    def request(self, stmt: gast.stmt, restored: frozenset[str] = frozenset()) -> Request:
        active = frozenset(p for p, a in self._bound(stmt) if self.active(a))
        shared = self.unit.shared(self.unit.helper_call(stmt))
        results = frozenset(k for k, name in enumerate(self.results(stmt)) if self.active(name) and not shared[k])
        return Request(active, results, restored)

    def results(self, stmt: gast.stmt) -> list[str]:
        return names_in(stmt.targets[0]) if isinstance(stmt, gast.Assign) else []

    def _callee(self, stmt: gast.stmt) -> Unit:
        return self.unit.callee(self.unit.helper_call(stmt))

    def _bound(self, stmt: gast.stmt) -> list[tuple[str, gast.expr]]:
        """(parameter, argument) of a call."""
        return list(zip(self._callee(stmt).program.params, self.unit.helper_call(stmt).args, strict=True))

    def is_joint(self, stmt: gast.stmt) -> bool:
        callee = self._callee(stmt)
        if callee.rule is not None:
            return True
        if callee.written or callee.recursive or callee.once:
            return False
        return not any(self.unit.types.is_array(n) for n in self.results(stmt))

    def is_active(self, stmt: gast.stmt) -> bool:
        """Whether the call has an adjoint: something active comes out of it and something active goes in, or is overwritten."""
        return any(self.active(n) for n in [*self.results(stmt), *self.unit.stores(stmt)])

    def contents(self) -> list[tuple[gast.stmt, str]]:
        """Arrays that the reverse of each active call reads."""
        calls = [s for s in self.unit.facts.statements() if self.unit.helper_call(s) is not None and self.is_active(s)]
        return [(s, a.id) for s in calls for p, a in self._bound(s) if self._reads(s, p) and is_name(a)]

    def _reads(self, stmt: gast.stmt, param: str) -> bool:
        """Whether the reverse of a call may read an argument: a rule of the user's may read them all."""
        callee = self._callee(stmt)
        return param in callee.read or (callee.rule is not None and callee.types.is_array(param))

    def pinned(self) -> frozenset[str]:
        """Roots that a writing helper may get under several names: a saved copy of one would break what they share."""
        found: set[str] = set()
        for stmt in self.unit.facts.statements():
            if self.unit.helper_call(stmt) is None or not self._callee(stmt).written:
                continue
            names = list(dict.fromkeys(a.id for _, a in self._bound(stmt) if is_name(a) and self.unit.types.is_array(a.id)))
            for k, name in enumerate(names):
                for other in names[:k]:
                    if self.unit.alias.may(name, other):
                        found |= self.unit.alias.of(name) | self.unit.alias.of(other)
        return frozenset(found)

    def bind(self, bars: Bars, stmt: gast.stmt) -> list[gast.stmt]:
        """Adjoints of the arrays that a helper returns: the argument's where it is the argument, else its own."""
        found: list[gast.stmt] = []
        call = self.unit.helper_call(stmt)
        if call is None:
            return found
        for k, (name, shared) in enumerate(zip(self.results(stmt), self.unit.shared(call), strict=True)):
            if not self.unit.types.is_array(name) or not self.active(name) or name in grown(stmt):
                continue
            if shared:
                argument = self.unit.argument_behind(call, k)
                if argument is None:
                    raise view_returned(self.unit, stmt)
                found += quote("B = A", stmt, B=bars.bar(name), A=bars.bar(argument))
            else:
                found += quote("B = np.zeros_like(A)", stmt, B=bars.bar(name), A=name)
        return found

    def reverse(self, bars: Bars, stmt: gast.stmt, site) -> list[gast.stmt]:
        """The reverse of an active call: the derivative's call, completed by `finish`, then what it adds to scalars."""
        if not self.is_active(stmt):
            return []
        request = self.request(stmt)
        arrays = [(p, a) for p, a in self._bound(stmt) if p in request.active and self._callee(stmt).types.is_array(p)]
        scalars = [a for p, a in self._bound(stmt) if p in request.active and not self._callee(stmt).types.is_array(p)]
        seeds = [self._seed(bars, self.results(stmt)[k]) for k in sorted(request.results)]
        parts = [bars.fresh(f"{bars.bar(a.id)}_part") for a in scalars]
        self.parts[id(stmt)] = parts
        args = [*self.unit.helper_call(stmt).args, *(expr(bars.bar(a.id)) for _, a in arrays), *seeds]
        found = [call_statement(stmt, REVERSE, args, parts)]
        for operand, part in zip(scalars, parts, strict=True):
            found += bars.add(operand, expr(part), site, stmt)
        return found

    def _seed(self, bars: Bars, name: str) -> gast.expr:
        started = name in bars.started or self.unit.types.is_array(name)
        return expr(bars.bar(name)) if started else expr("0.0")

    def forward(self, sweeps: Sweeps, stmt: gast.stmt, record: bool) -> list[gast.stmt]:
        """The call, recording on the tapes where its reverse will want that."""
        args = list(self.unit.helper_call(stmt).args)
        pair = self._pair(sweeps, stmt) if record else None
        if pair is None:
            found = [call_statement(stmt, self.library.value(self._callee(stmt)), args, self.results(stmt))]
        else:
            tapes = [n for kind in pair.tapes for n in sweeps.storage.names(kind)]
            results = self.results(stmt) or [sweeps.storage.fresh("unused") for _ in self._callee(stmt).results]
            found = [call_statement(stmt, pair.forward, [*args, *map(expr, tapes)], [*results, *tapes])]
        if record:
            for array in self._saved(sweeps, stmt):
                found += sweeps.push_content(array, stmt)
        return found

    def finish(self, sweeps: Sweeps, stmt: gast.stmt, group: list[gast.stmt]) -> list[gast.stmt]:
        """The reverse of a call with the derivative's name, its tapes, and saved arrays taken back."""
        pair = self._pair(sweeps, stmt)
        if not group and pair is None:
            return []
        args = list(_called(group[0]).args) if group else list(self.unit.helper_call(stmt).args)
        outs, found = self.parts.get(id(stmt), []), []
        for array in reversed(self._saved(sweeps, stmt)):
            scratch, popped = sweeps.pop_content(array, stmt)
            found += popped
            args = [expr(scratch) if is_name(a, array) else a for a in args]
        if pair is None:
            name = self.library.joint(self._callee(stmt), self.request(stmt))
        else:
            name = pair.reverse
            tapes = [sweeps.storage.names(kind) for kind in pair.tapes]
            args += [expr(n) for tape in tapes for n in tape]
            outs = [*outs, *(top for _, top in tapes)]
        return [*found, call_statement(stmt, name, args, outs), *[clone(s) for s in group[1:]]]

    def uses_tapes(self, sweeps: Sweeps, stmt: gast.stmt) -> bool:
        """Whether a statement calls a helper that records for its reverse."""
        pair = self._pair(sweeps, stmt) if self.unit.helper_call(stmt) is not None else None
        return pair is not None and bool(pair.tapes)

    def _saved(self, sweeps: Sweeps, stmt: gast.stmt) -> list[str]:
        return [array for (at, array), source in sweeps.plan.content.items() if at == id(stmt) and source == SAVED]

    def _pair(self, sweeps: Sweeps, stmt: gast.stmt) -> Pair | None:
        """The pair that reverses the call; None where a joint adjoint does, or nothing is to be reversed."""
        undone = id(stmt) in sweeps.plan.undone
        if not undone and (not self.is_active(stmt) or self.is_joint(stmt)):
            return None
        callee = self._callee(stmt)
        return self.library.pair(callee, self.request(stmt, callee.written if undone else frozenset()))


def _called(stmt: gast.stmt) -> gast.Call:
    return stmt.value


def call_statement(at: gast.stmt, function: str, args: list[gast.expr], outs: list[str]) -> gast.stmt:
    """`outs = function(args)`, or the bare call where nothing comes out."""
    call = expr(f"{function}()")
    call.args = [clone(a) for a in args]
    if not outs:
        return quote("C", at, C=call)[0]
    target = outs[0] if len(outs) == 1 else "(" + ", ".join(outs) + ",)"
    return quote(f"{target} = CALL", at, CALL=call)[0]
