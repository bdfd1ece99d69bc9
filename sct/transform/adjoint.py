"""Adjoint functions of a unit: the entry for the user, and joint adjoints or forward/reverse pairs for helpers."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.activity import Activity, activity
from sct.analyses.checkpoint import checkpoints
from sct.analyses.decided import decided
from sct.analyses.plan import plan
from sct.analyses.progress import progress
from sct.analyses.question import Need, Question
from sct.analyses.regions import Region
from sct.analyses.rerun import reruns
from sct.analyses.together import together
from sct.analyses.unit import Unit
from sct.ir.build import Fresh, call_name, expr, is_name, is_one_of, names_in, nodes, quote, substitute, targets
from sct.transform.bars import Bars, permutation_of
from sct.transform.calls import REVERSE, Calls, Request
from sct.transform.storage import Storage
from sct.transform.sweeps import Sweeps


@dataclass(frozen=True)
class Options:
    """`store_all` saves every value (the oracle); `rerun` holds the lines of loops whose iterations are run again; `parallel`
    splits loops among threads."""

    store_all: bool = False
    rerun: frozenset[int] = frozenset()
    parallel: bool = False


@dataclass(eq=False)
class Adjoint:
    """The two sweeps of a unit for given active parameters and seeded results."""

    unit: Unit
    request: Request
    options: Options
    library: object
    split: bool = False
    fresh: Fresh = field(init=False)
    active: Activity = field(init=False)
    bars: Bars = field(init=False)
    sweeps: Sweeps = field(init=False)

    def __post_init__(self) -> None:
        unit = self.unit
        taken = {n.id for n in nodes(unit.program.tree) if isinstance(n, gast.Name)} | set(unit.program.constants)
        self.fresh = Fresh(taken | self.library.names)
        self.active = activity(unit, set(self.request.active), self._useful())
        self.library.note(decided(unit, set(self.request.active), self._useful()), unit)
        calls = Calls(unit, self.active, self.library)
        self.bars = Bars(unit, self.active, self.fresh, calls)
        self.calls = calls

    def _useful(self) -> set[str]:
        results = {a.id for k, a in enumerate(self.unit.results) if k in self.request.results and is_name(a)}
        return results | {p for p in self.request.active if p in self.unit.written}

    def run(self, seeds: dict[int, gast.expr]) -> tuple[list[gast.stmt], list[gast.stmt]]:
        """The forward and the reverse sweep, the adjoints of the results seeded with the given expressions."""
        last = self.unit.program.tree.body[-1]
        for k, seed in seeds.items():
            result = self.unit.results[k]
            if self.active(result):
                self.bars.seed(result.id, seed, last)
        self.bars.build()
        wanted = frozenset(r for p in self.request.restored for r in self.unit.alias.of(p))
        question = Question(
            self.unit,
            self._needs(),
            self.calls.contents(),
            [*checkpoints(self.unit, self.split), *reruns(self.unit, self.options.rerun)],
            self.split,
            wanted | self.calls.pinned(),
            self.options.store_all,
        )
        question, answer, late = together(question, plan(question), self.active)
        storage = Storage(question, self.fresh)
        self.sweeps = Sweeps(question, answer, self.bars, storage, self.calls, late)
        self.sweeps.allot()
        self.library.sweeps[self.unit, self.split] = self.sweeps
        reverse = self.sweeps.reverse(self.unit.facts.root)
        forward = self.sweeps.forward(self.unit.facts.root)
        return forward, reverse

    def _needs(self) -> list[Need]:
        """What the adjoint statements read, and what decides whether and how often they run."""
        facts, found = self.unit.facts, []
        contents = self.calls.contents()
        reached: set[int] = set()
        for stmt in facts.statements():
            region, index = facts.where(stmt)
            group = [*self.bars.reverse.get(id(stmt), []), *self.bars.before.get(id(stmt), [])]
            if group:
                handed = {array for call, array in contents if call is stmt}
                found.append((region, index, frozenset(n for s in group for n in _read(s, handed))))
                reached |= {id(r) for r in region.path()}
            reached |= {id(r) for inner in facts.inner[id(stmt)] if self._carries(stmt, inner) for r in inner.path()}
        for stmt in facts.statements():
            region, index = facts.where(stmt)
            for inner in facts.inner[id(stmt)]:
                if id(inner) in reached:
                    found += self._start_needs(inner)
                    found.append((region, index, frozenset(control(stmt, facts))))
                else:
                    self.bars.start[id(inner)] = []
        return found + self._start_needs(facts.root)

    def _carries(self, stmt: gast.stmt, inner: Region) -> bool:
        """Whether the reverse of an iteration does something whatever its statements are: it ends adjoints, exchanges arrays."""
        return bool(self.bars.end.get(id(inner))) or (not isinstance(stmt, gast.If) and permutation_of(stmt) is not None)

    def _start_needs(self, region: Region) -> list[Need]:
        """What binding the adjoints of a region's arrays reads."""
        start = self.bars.start.get(id(region), [])
        return [(region, len(region.block) - 1, frozenset(n for s in start for n in names_in(s)))] if start else []


def _read(stmt: gast.stmt, handed: set[str]) -> list[str]:
    """Names in a statement but for arrays that it hands to a helper's reverse: whoever places their contents asks for these."""
    call = getattr(stmt, "value", None)
    if call_name(call) != REVERSE:
        return names_in(stmt)
    rest = [a for a in call.args if not is_one_of(a, handed)]
    return [*targets(stmt), *(n for a in rest for n in names_in(a))]


def control(stmt: gast.stmt, facts) -> list[str]:
    """Names that the reverse of a compound statement needs to run at all."""
    if isinstance(stmt, gast.If):
        return names_in(stmt.test)
    last = progress(stmt, facts)
    bounds = names_in(stmt.iter) if isinstance(stmt, gast.For) else []
    return bounds if last is None else [*bounds, last]


def entry(unit: Unit, params: tuple[str, ...], mode: str, options: Options, library, single: bool) -> gast.FunctionDef:
    """The user's derivative function with respect to `params`: `grad`, `value_and_grad` or `vjp`."""
    seeded = range(len(unit.results)) if mode == "vjp" else range(1)
    adjoint = Adjoint(unit, Request(frozenset(params), frozenset(seeded)), options, library)
    seed = adjoint.fresh("seed")
    seeds = {k: _seed(mode, seed, len(unit.results), k, unit) for k in seeded}
    forward, reverse = adjoint.run(seeds)
    name = f"{unit.program.tree.name}_{mode}"
    extra = [seed] if mode == "vjp" else []
    shell = empty_function(name, unit, extra)
    bars = [result_bar(adjoint, p) for p in params]
    values = unit.program.tree.body[-1].value
    kept, value = _kept_value(adjoint, values) if mode != "grad" else ([], None)
    shell.body = [
        *own_arguments(unit, shell),
        *adjoint.sweeps.storage.open_tapes(shell),
        *forward,
        *kept,
        *parameter_bars(adjoint, unit.program.params),
        *reverse,
        quote(
            _return_text(mode, single, len(bars)),
            unit.program.tree.body[-1],
            **({"VALUE": value} if value is not None else {}),
            **{f"B{k}": b for k, b in enumerate(bars)},
        )[0],
    ]
    return shell


def _return_text(mode: str, single: bool, count: int) -> str:
    bars = "B0" if single else "(" + "".join(f"B{k}, " for k in range(count)) + ")"
    return f"return {bars}" if mode == "grad" else f"return (VALUE, {bars})"


def _seed(mode: str, seed: str, count: int, k: int, unit: Unit) -> gast.expr:
    if mode != "vjp":
        return expr("1.0")
    return expr("S", S=seed) if unit.program.returns is None else expr(f"S[{k}]", S=seed)


def _kept_value(adjoint: Adjoint, values: gast.expr | None) -> tuple[list[gast.stmt], gast.expr]:
    """The primal's result; arrays are copied, since the reverse sweep may take them back to earlier states."""
    found, names = [], {}
    for name in names_in(values) if values is not None else []:
        if adjoint.unit.types.is_array(name):
            names[name] = adjoint.fresh(f"{name}_value")
            found += quote("V = A.copy()", adjoint.unit.program.tree.body[-1], V=names[name], A=name)
    filled = expr("V", V=values if values is not None else expr("None"))
    return found, substitute(filled, names)


def own_arguments(unit: Unit, at: gast.stmt) -> list[gast.stmt]:
    """Arguments that the primal overwrites are copied: a derivative never changes its arguments.

    Copies would not overlap where the arguments did, so arguments that share memory, one of them written, are an error.
    """
    arrays = [p for p in unit.program.params if unit.types.is_array(p)]
    found: list[gast.stmt] = []
    for k, p in enumerate(arrays):
        for q in arrays[:k]:
            if p in unit.written or q in unit.written:
                told = gast.Constant(f"sct: {q} and {p} share memory, and one of them is written to", None)
                found += quote("if overlap(A, B): raise ValueError(M)", at, A=q, B=p, M=told)
    return found + [s for p in arrays if p in unit.written for s in quote("X = X.copy()", at, X=p)]


def parameter_bars(adjoint: Adjoint, params: list[str], given: frozenset[str] = frozenset()) -> list[gast.stmt]:
    """Adjoints of array parameters, but those that the caller gives."""
    found: list[gast.stmt] = []
    for p in params:
        if p not in given and adjoint.unit.types.is_array(p) and adjoint.active(p):
            found += quote("B = np.zeros_like(X)", B=adjoint.bars.bar(p), X=p)
    return found


def result_bar(adjoint: Adjoint, param: str) -> gast.expr:
    types = adjoint.unit.types
    if types.is_array(param):
        return expr(adjoint.bars.bar(param)) if adjoint.active(param) else expr("np.zeros_like(X)", X=param)
    value = expr(adjoint.bars.bar(param)) if param in adjoint.bars.started else expr("0.0")
    kind = str(types.of(param))
    return value if kind == "float64" else expr(f"np.{kind}(V)", V=value)


def empty_function(name: str, unit: Unit, extra: list[str], defaults: bool = True) -> gast.FunctionDef:
    """An empty function with the primal's parameters and more."""
    params = ", ".join([*unit.program.params, *extra])
    shell = quote(f"def {name}({params}): pass", unit.program.tree)[0]
    if defaults and not extra:
        shell.args.defaults = list(unit.program.tree.args.defaults)
    shell.lineno = unit.program.tree.lineno
    return shell


def joint(unit: Unit, name: str, request: Request, options: Options, library) -> gast.FunctionDef:
    """`h_adjoint(args, bars, seeds) -> adjoints of active scalar arguments`."""
    adjoint = Adjoint(unit, request, options, library)
    given, scalars, seeds = _interface(adjoint, request)
    forward, reverse = adjoint.run({k: expr(s) for k, s in seeds.items()})
    shell = empty_function(name, unit, [*(adjoint.bars.bar(p) for p in given), *seeds.values()], defaults=False)
    outs = [result_bar(adjoint, p) for p in scalars]
    shell.body = [
        *adjoint.sweeps.storage.open_tapes(shell),
        *forward,
        *parameter_bars(adjoint, unit.program.params, frozenset(given)),
        *reverse,
        _returning(outs, unit),
    ]
    return shell


def _interface(adjoint: Adjoint, request: Request) -> tuple[list[str], list[str], dict[int, str]]:
    """Active array parameters, active scalar parameters, and the seeds' names by result."""
    params = [p for p in adjoint.unit.program.params if p in request.active]
    given = [p for p in params if adjoint.unit.types.is_array(p)]
    scalars = [p for p in params if p not in given]
    wish = "seed" if len(request.results) == 1 else "seed_1"
    return given, scalars, {k: adjoint.fresh(wish) for k in sorted(request.results)}


def _returning(outs: list[gast.expr], unit: Unit) -> gast.stmt:
    texts = ", ".join(f"B{k}" for k in range(len(outs)))
    shape = "return" if not outs else f"return {texts}" if len(outs) == 1 else f"return ({texts})"
    return quote(shape, unit.program.tree.body[-1], **{f"B{k}": b for k, b in enumerate(outs)})[0]


def pair(unit: Unit, names: tuple[str, str], request: Request, options: Options, library):
    """`h_forward(args, tapes)`, `h_reverse(args, bars, seeds, tapes)` and the tapes that they use."""
    adjoint = Adjoint(unit, request, options, library, split=True)
    given, scalars, seeds = _interface(adjoint, request)
    forward, reverse = adjoint.run({k: expr(s) for k, s in seeds.items()})
    storage = adjoint.sweeps.storage
    kinds = tuple(kind for kind in ("tape", "ints") if kind in storage.tapes)
    tapes = [n for kind in kinds for n in storage.names(kind)]
    first = empty_function(names[0], unit, tapes, defaults=False)
    first.body = [*forward, _returning([*unit.results, *map(expr, tapes)], unit)]
    second = empty_function(names[1], unit, [*(adjoint.bars.bar(p) for p in given), *seeds.values(), *tapes], defaults=False)
    outs = [*(result_bar(adjoint, p) for p in scalars), *(expr(storage.names(kind)[1]) for kind in kinds)]
    second.body = [*parameter_bars(adjoint, unit.program.params, frozenset(given)), *reverse, _returning(outs, unit)]
    return first, second, kinds
