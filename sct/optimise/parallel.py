"""Loops of the function's own block, and those over `prange` in others, split into parts for several threads.

    for p in range(n):                      totals = np.empty(parts)
        total += ...                ->      x_bar_parts = np.zeros((parts,) + x_bar.shape, x_bar.dtype)
        x_bar[k[p]] += ...                  f_parts(parts, totals, x_bar_parts, ...)    # f_part(...) for each, by `prange`
                                            for k in range(parts):
                                                total += totals[k]
                                                x_bar += x_bar_parts[k]

Each part has sums and adjoints of its own, added up in a fixed order: the same number of threads gives the same bits. An array
whose elements belong to one iteration each is shared; one that each iteration fills anew is made once for each part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import gast

from sct.analyses.progress import breaks
from sct.ir.build import Fresh, bodies, call_name, expr, is_name, literal, names_in, nodes, quote, targets, walk
from sct.optimise.blocks import rebuilt
from sct.optimise.effects import Effects
from sct.optimise.iterations import Iterations
from sct.optimise.liveness import Liveness
from sct.optimise.names import Names

FEW = 1000
"""So many iterations without loops and calls of functions take about as long as it takes to start another thread."""

LIGHT = frozenset({"abs", "bool", "float", "int", "len", "max", "min"})


def in_parallel(
    function: gast.FunctionDef, names: Names, function_name: Callable[[str], str]
) -> tuple[gast.FunctionDef, list[gast.FunctionDef]]:
    """The entry with its loops split that can be, and the functions that they call then."""
    fresh = Fresh({n.id for n in nodes(function) if isinstance(n, gast.Name)})
    made: list[gast.FunctionDef] = []
    waiting = _candidates(function.body, True)
    while waiting:
        loop = waiting.pop(0)
        parts = _Parts(function, loop, names, fresh, function_name)
        if parts.obstacle:
            waiting = _candidates(loop.body, False) + waiting
        else:
            made += parts.functions()
            function = rebuilt(function, body=parts.body())
    return function, made


def obstacles(function: gast.FunctionDef, names: Names, function_name: Callable[[str], str]) -> dict[int, str]:
    """By line what keeps a loop, or one of its two sweeps, from being split; empty where nothing does."""
    fresh, found = Fresh(set()), {}
    for loop in _candidates(function.body, True):
        found[loop.lineno] = found.get(loop.lineno) or _Parts(function, loop, names, fresh, function_name).obstacle
    return found


def _candidates(block: list[gast.stmt], own: bool) -> list[gast.For]:
    """The loops of the function's own block, and those in others that the user wrote with `prange`."""
    found: list[gast.For] = []
    for stmt in block:
        if isinstance(stmt, gast.For) and (own or getattr(stmt, "threads", False)):
            found.append(stmt)
        else:
            found += [loop for inner in bodies(stmt) for loop in _candidates(inner, False)]
    return found


@dataclass(eq=False)
class _Parts:
    """One loop: `sums` are scalars and `copies` arrays that it adds to, `own` the allocations of arrays that a part makes;
    `obstacle` says why it cannot be split, if so."""

    function: gast.FunctionDef
    loop: gast.For
    names: Names
    fresh: Fresh
    function_name: Callable[[str], str]
    sums: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    own: list[gast.stmt] = field(default_factory=list)
    obstacle: str = ""

    def __post_init__(self) -> None:
        body = self.function.body
        self.effects = Effects(self.names, body)
        liveness = Liveness(self.effects, body, True)
        self.after, self.before = liveness.after[id(self.loop)], liveness.inside[id(self.loop)]
        self.iterations = Iterations(self.effects, self.loop)
        needed = [liveness.needed[id(s)] for s in self.iterations.inside if not isinstance(s, gast.Pass)]
        self.bound = {t for s in walk(self.loop.body) for t in targets(s)}
        checks = (
            ("its step is not 1", self._steps_by_one),
            ("its index is needed after it", lambda: not self.effects.bit(self.loop.target.id) & self.after),
            ("it may end early", lambda: not breaks(self.loop)),
            ("it does what nothing needs", lambda: all(needed)),
            ("it may raise, print or draw", lambda: not any(self.effects.of(s).kept for s in self.iterations.inside)),
            ("it carries more than sums", lambda: all(map(self._sort_name, sorted(self.bound)))),
            ("its iterations share elements of an array", lambda: all(map(self._sort_array, self._arrays()))),
            ("others use the buffers of its iterations", lambda: all(map(self._only_the_loop_uses, self.own))),
        )
        self.obstacle = next((told for told, holds in checks if not holds()), "")

    def _steps_by_one(self) -> bool:
        args = self.loop.iter.args
        return len(args) < 3 or literal(args[2]) == 1

    def _sort_name(self, name: str) -> bool:
        """Whether a name that the loop binds is a sum, or belongs to one iteration."""
        bit = self.effects.bit(name)
        if self.names.is_array(name) or not bit & (self.after | self.before):
            return not bit & (self.after | self.before)
        self.sums.append(name)
        return self.iterations.add_to(bit)

    def _arrays(self) -> list[str]:
        """Arrays from outside that the loop stores to."""
        changed = self.effects.changes(self.loop)
        used = {n for s in self.loop.body for n in names_in(s)} - self.bound
        return sorted(n for n in used if self.names.is_array(n) and self.effects.content(n) & changed)

    def _sort_array(self, name: str) -> bool:
        """Whether the parts may share an array, or have one of their own each."""
        content = self.effects.content(name)
        if self.iterations.keep_to_their_own(content):
            return True
        together = getattr(self.loop, "together", False)
        if content & (content - 1) or not (together or self._is_heavy()):
            return False
        if together and not content & self.after:
            self.own += [s for s in self.function.body if self.effects.of(s).born & content]
            return any(name in targets(s) for s in self.own)
        self.copies.append(name)
        return self.iterations.add_to(content)

    def _is_heavy(self) -> bool:
        """Whether an iteration is worth threads, and copies of what it adds to, however many there are."""
        called = {n.func.id for s in self.loop.body for n in nodes(s) if isinstance(n, gast.Call) and is_name(n.func)}
        return bool(called - LIGHT) or any(isinstance(s, gast.For | gast.While) for s in self.iterations.inside)

    def _only_the_loop_uses(self, allocation: gast.stmt) -> bool:
        """Whether an array is used by the loop only, and to make others of its kind."""
        name = allocation.targets[0].id
        users = [s for s in self.function.body if name in names_in(s)]
        return all(s is self.loop or s in self.own for s in users)

    # what is made of it

    def functions(self) -> list[gast.FunctionDef]:
        """`f_part`, which runs some of the iterations, and `f_parts`, which runs all parts."""
        at, name = self.loop, self.function.name
        self.part, self.parts = self.function_name(f"{name}_part"), self.function_name(f"{name}_parts")
        self.k, self.count, self.size = map(self.fresh, ("k", "parts", "size"))
        share = {self.fresh(wish): bound for wish, bound in zip(("first", "last", "step"), self._share(), strict=False)}
        self.of_part = {n: self.fresh(f"{n}_parts") for n in (*self.sums, *self.copies)}
        given = self._given()
        part = _shell(self.part, [*share, *given], at)
        some = rebuilt(at, iter=expr(f"range({', '.join(share)})"))
        part.body = [*(s for s in self.function.body if s in self.own), *self._zeros(), some, self._result()]
        rows = [expr("A[K]", A=self.of_part[n], K=self.k) if n in self.copies else expr(n) for n in given]
        passed = dict.fromkeys([*(n for n in given if n not in self.copies), *self._of_range()])
        call = gast.Call(expr(self.part), [*share.values(), *rows], [])
        parts = _shell(self.parts, [self.count, *([] if self._is_uneven() else [self.size]), *self.of_part.values(), *passed], at)
        turn = quote("for K in prange(N): pass", at, K=self.k, N=self.count)[0]
        turn.body = self._kept(call)
        parts.body = [turn, *quote("return", at)]
        return [part, parts]

    def body(self) -> list[gast.stmt]:
        """The function's, with the loop replaced."""
        at, found = self.loop, quote("N = C", self.loop, N=self.count, C=self._how_many())
        for name in self.sums:
            dtype = "" if self.names.dtype(name) in ("", "float64") else f", np.{self.names.dtype(name)}"
            found += quote(f"A = np.empty(N{dtype})", at, A=self.of_part[name], N=self.count)
        for name in self.copies:
            found += quote("P = np.zeros((N,) + A.shape, A.dtype)", at, P=self.of_part[name], N=self.count, A=name)
        given = dict.fromkeys([*(n for n in self._given() if n not in self.copies), *self._of_range()])
        size = [] if self._is_uneven() else [self._size()]
        call = gast.Call(expr(self.parts), [expr(self.count), *size, *map(expr, (*self.of_part.values(), *given))], [])
        found += quote("F", at, F=call)
        turn = quote("for K in range(N): pass", at, K=self.k, N=self.count)[0]
        turn.body = [s for n in self.of_part for s in quote("A += P[K]", at, A=n, P=self.of_part[n], K=self.k)]
        found += [turn] if turn.body else []
        return self._replaced(self.function.body, found)

    def _replaced(self, block: list[gast.stmt], found: list[gast.stmt]) -> list[gast.stmt]:
        """A block with `found` for the loop, and without what is made in the parts."""
        made: list[gast.stmt] = []
        for stmt in block:
            if stmt is self.loop:
                made += found
            elif any(s is self.loop for s in walk([stmt])):
                fields = {name: self._replaced(getattr(stmt, name), found) for name in ("body", "orelse") if hasattr(stmt, name)}
                made.append(rebuilt(stmt, **fields))
            elif not any(stmt is s for s in self.own):
                made.append(stmt)
        return made

    def _given(self) -> list[str]:
        """The names of the function that a part reads."""
        made = {t for s in self.own for t in targets(s)}
        used = [n for s in (*self.own, *self.loop.body) for n in names_in(s)]
        return [n for n in dict.fromkeys(used) if n in self._known() - made - self.bound and n != self.loop.target.id]

    def _of_range(self) -> list[str]:
        args = self.loop.iter.args
        wanted = args if self._is_uneven() else args[: len(args) - 1]
        return [n for arg in wanted for n in names_in(arg) if n in self._known()]

    def _known(self) -> set[str]:
        return {t for s in walk(self.function.body) for t in targets(s)} | {a.id for a in self.function.args.args}

    def _zeros(self) -> list[gast.stmt]:
        return [s for n in self.sums for s in quote(f"S = {self._zero(n)}", self.loop, S=n)]

    def _zero(self, name: str) -> str:
        kind = self.names.dtype(name)
        return "0.0" if kind in ("", "float64") else "0" if kind == "int64" else f"np.{kind}(0.0)"

    def _result(self) -> gast.stmt:
        return quote(f"return {', '.join(self.sums)}", self.loop)[0]

    def _how_many(self) -> gast.expr:
        """The number of parts: one thread is enough for a few iterations of a few operations."""
        return expr("threads()") if self._is_heavy() else expr(f"min(threads(), S // {FEW} + 1)", S=self._size())

    def _size(self) -> gast.expr:
        """The number of iterations."""
        args = self.loop.iter.args
        size = args[0] if len(args) == 1 else expr("B - A", A=args[0], B=args[1])
        return size if call_name(size) == "len" else expr("max(S, 0)", S=size)

    def _share(self) -> list[gast.expr]:
        """The range of a part: so many iterations in a row, or every so many of them where the later ones may take longer."""
        args = self.loop.iter.args
        start = None if len(args) == 1 else args[0]
        if self._is_uneven():
            return [_sum(start, expr(self.k)), args[0] if start is None else args[1], expr(self.count)]
        ends = (expr(f"S * {k} // N", S=self.size, K=self.k, N=self.count) for k in ("K", "(K + 1)"))
        return [_sum(start, end) for end in ends]

    def _is_uneven(self) -> bool:
        """Whether the length of an inner loop depends on the iteration."""
        own = {self.loop.target.id} | self.bound
        return any(isinstance(s, gast.For | gast.While) and own & set(names_in(_head(s))) for s in self.iterations.inside)

    def _kept(self, call: gast.Call) -> list[gast.stmt]:
        """The call of a part, its sums kept at its place."""
        if not self.sums:
            return quote("F", self.loop, F=call)
        elements = [expr("A[K]", A=self.of_part[n], K=self.k) for n in self.sums]
        if len(elements) == 1:
            return quote("E = F", self.loop, E=elements[0], F=call)
        results = [self.fresh(n) for n in self.sums]
        found = quote(f"{', '.join(results)} = F", self.loop, F=call)
        return found + [s for e, r in zip(elements, results, strict=True) for s in quote("E = R", self.loop, E=e, R=r)]


def _sum(start: gast.expr | None, share: gast.expr) -> gast.expr:
    return share if start is None else expr("A + S", A=start, S=share)


def _head(loop: gast.stmt) -> gast.expr:
    return loop.iter if isinstance(loop, gast.For) else loop.test


def _shell(name: str, params: list[str], at: gast.stmt) -> gast.FunctionDef:
    made = quote(f"def {name}({', '.join(params)}): pass", at)[0]
    made.lineno = at.lineno
    return made
