"""Jacobians: a tangent or an adjoint in all directions at once, started by unit vectors.

`jacfwd` starts one direction for each element of the arguments, `jacrev` one for each element of the results. What comes out has
for each number or array of the results, and each of the arguments, an array of the shape `result.shape + argument.shape`.
"""

from __future__ import annotations

from dataclasses import dataclass

import gast
from numba import typeof
from numba.core import types

from sct.analyses.unit import Unit
from sct.emit.text import module
from sct.ir.build import Fresh, call_name, clone, expr, is_name, nodes, quote
from sct.optimise import optimise
from sct.optimise.blocks import rebuilt
from sct.transform import tangent
from sct.transform.adjoint import Adjoint, empty_function, own_arguments, parameter_bars, result_bar
from sct.transform.batch import Batch, batched
from sct.transform.calls import Request
from sct.transform.directions import Directions
from sct.types.generated import variable_types


@dataclass(frozen=True)
class Start:
    """A name that is one in each of its places in one direction: `x_dot` for the elements of `x`, of `rank` axes.

    `offset` is the number of directions before its own; `at` the statement that it replaces.
    """

    name: str
    like: gast.expr
    rank: int
    kind: str
    offset: str
    at: gast.stmt | None = None

    def size(self) -> str:
        return " * ".join(self.dims()) or "1"

    def dims(self) -> list[str]:
        return [f"{gast.unparse(self.like).strip()}.shape[{k}]" for k in range(self.rank)]

    def places(self) -> str:
        """Its directions, as a subscript."""
        return f"{self.offset}:{_sum(self.offset, self.size())}" if self.rank else self.offset


def jacobian(unit: Unit, params: tuple[str, ...], mode: str, library) -> gast.FunctionDef:
    """The Jacobian with respect to `params`, flat: for each result, for each parameter."""
    floats = tuple(p for p in params if isinstance(unit.types.dtype(p), types.Float))
    single = optimise((_tangent if mode == "jacfwd" else _adjoint)(unit, floats, library), unit)
    batch, helpers = _batch(unit, single, library)
    *body, _ = batch.body()
    library.functions += helpers
    fresh = Fresh({n.id for s in (single, *body) for n in nodes(s) if isinstance(n, gast.Name)} | library.names)
    starts = _tangent_starts(unit, floats, single) if mode == "jacfwd" else _adjoint_starts(unit, single, body)
    build = _Forward if mode == "jacfwd" else _Reverse
    blocks = build(unit, params, floats, batch, starts, fresh)
    values = blocks.all()
    made = rebuilt(single, name=f"{unit.program.tree.name}_{mode}", args=clone(unit.program.tree.args))
    closing = quote("return (" + "".join(f"B{k}, " for k in range(len(values))) + ")", **{f"B{k}": v for k, v in enumerate(values)})
    made.body = [*_started(body, batch, starts, fresh), *blocks.named, *closing]
    return made


def _tangent(unit: Unit, params: tuple[str, ...], library) -> gast.FunctionDef:
    """In one direction; it returns the tangents alone."""
    made = tangent.entry(unit, params, library)
    made.body[-1].value = made.body[-1].value.elts[1]
    return made


def _adjoint(unit: Unit, params: tuple[str, ...], library) -> gast.FunctionDef:
    """For one seed of each result; it returns the shapes of the results that are arrays, and the adjoints of the parameters."""
    made = Adjoint(unit, Request(frozenset(params), frozenset(range(len(unit.results)))), library.options, library)
    active = [k for k, r in enumerate(unit.results) if made.active(r)]
    names = {k: made.fresh(f"seed_{k}" if len(unit.results) > 1 else "seed") for k in active}
    forward, reverse = made.run({k: expr(names[k]) for k in active})
    arrays = [k for k in active if unit.types.is_array(unit.results[k].id)]
    shell = empty_function(f"{unit.program.tree.name}_vjp", unit, [names[k] for k in active if k not in arrays])
    shell.args.defaults = []
    last = unit.program.tree.body[-1]
    seeds = [quote(f"S = np.full(Y.shape, {float(k)})", last, S=names[k], Y=unit.results[k])[0] for k in arrays]
    shapes = [expr(f"Y.shape[{axis}]", Y=unit.results[k]) for k, axis in _axes(unit)]
    outs = [*shapes, *(result_bar(made, p) for p in params)]
    shell.body = [
        *own_arguments(unit, shell),
        *made.sweeps.storage.open_tapes(shell),
        *forward,
        *seeds,
        *parameter_bars(made, unit.program.params),
        *reverse,
        *quote("return (" + "".join(f"B{k}, " for k in range(len(outs))) + ")", last, **{f"B{k}": b for k, b in enumerate(outs)}),
    ]
    return shell


def _axes(unit: Unit) -> list[tuple[int, int]]:
    """(result, axis) of the results that are arrays."""
    arrays = [(k, r.id) for k, r in enumerate(unit.results) if is_name(r) and unit.types.is_array(r.id)]
    return [(k, axis) for k, name in arrays for axis in range(unit.types.ndim(name))]


def _batch(unit: Unit, single: gast.FunctionDef, library) -> tuple[Batch, list[gast.FunctionDef]]:
    functions = [*library.functions, single]
    names = [f.name for f in functions]
    text, arrays = module(functions, library.units.constants, "")
    argtypes = [_argument_type(unit, a.id) for a in single.args.args[: len(unit.program.params)]]
    own = len(argtypes)
    extra = [a.id for a in single.args.args[own:]]
    argtypes += [_start_type(unit, name, argtypes) for name in extra]
    kinds = variable_types(text, arrays, names, tuple(argtypes))
    constants = {name: typeof(v) for name, v in library.units.constants.items() if not isinstance(v, type)}
    kinds = {name: constants | found for name, found in kinds.items()}
    directions = Directions(dict(zip(names, functions, strict=True)), kinds)
    seeds = [s.targets[0].id for s in single.body if _seed_of(s) is not None]
    return batched(directions, directions.of(single.name, {*extra, *seeds}), library.units.fresh, unit.program.source.place)


def _argument_type(unit: Unit, name: str) -> types.Type:
    kind = unit.types.of(name)
    return types.unliteral(typeof(kind.value)) if isinstance(kind, types.Omitted) else kind


def _start_type(unit: Unit, name: str, argtypes: list[types.Type]) -> types.Type:
    """A seed is a number; a tangent is what its argument is."""
    of = {f"{p}_dot": kind for p, kind in zip(unit.program.params, argtypes, strict=False)}
    kind = of.get(name, types.float64)
    return types.Array(kind.dtype, kind.ndim, "C") if isinstance(kind, types.Array) else kind


def _seed_of(stmt: gast.stmt) -> int | None:
    """The number of the result whose seed a statement stands for."""
    value = getattr(stmt, "value", None)
    return int(value.args[1].value) if isinstance(stmt, gast.Assign) and call_name(value) == "full" else None


def _tangent_starts(unit: Unit, params: tuple[str, ...], single: gast.FunctionDef) -> list[Start]:
    found: list[Start] = []
    extra = [a.id for a in single.args.args[len(unit.program.params) :]]
    for p, name in zip(params, extra, strict=True):
        found.append(Start(name, expr(p), unit.types.ndim(p), str(unit.types.dtype(p)), _after(found)))
    return found


def _adjoint_starts(unit: Unit, single: gast.FunctionDef, body: list[gast.stmt]) -> list[Start]:
    found: list[Start] = []
    for a in single.args.args[len(unit.program.params) :]:
        found.append(Start(a.id, expr(a.id), 0, "float64", _after(found)))
    for stmt in body:
        k = _seed_of(stmt)
        if k is not None:
            like, kind = stmt.value.args[0].value, str(unit.types.dtype(unit.results[k].id))
            found.append(Start(stmt.targets[0].id, like, unit.types.ndim(unit.results[k].id), kind, _after(found), stmt))
    return found


def _after(starts: list[Start]) -> str:
    return _sum(starts[-1].offset, starts[-1].size()) if starts else "0"


def _sum(a: str, b: str) -> str:
    if a.isdigit() and b.isdigit():
        return str(int(a) + int(b))
    return b if a == "0" else f"{a} + {b}"


def _started(body: list[gast.stmt], batch: Batch, starts: list[Start], fresh: Fresh) -> list[gast.stmt]:
    """The sweeps, with the number of directions and the starts before what needs them."""
    placed = [start.at for start in starts if start.at is not None]
    at = min((k for k, s in enumerate(body) if any(s is p for p in placed)), default=0)
    head = [*quote(f"C = {_after(starts)}", C=batch.count), *(s for start in starts for s in _unit_vectors(start, batch, fresh))]
    rest = [s for s in body[at:] if all(s is not p for p in placed)]
    return [*body[:at], *head, *batch.opening, *rest]


def _unit_vectors(start: Start, batch: Batch, fresh: Fresh) -> list[gast.stmt]:
    kind = "" if start.kind == "float64" else f", np.{start.kind}"
    found = quote(f"N = np.zeros(({', '.join([*start.dims(), 'C'])}){kind})".replace("(C)", "C"), N=start.name, C=batch.count)
    indices = [fresh("k") for _ in range(start.rank)]
    place = ""
    for index, dim in zip(indices, start.dims(), strict=True):
        place = index if not place else f"({place}) * {dim} + {index}" if "+" in place else f"{place} * {dim} + {index}"
    place = _sum(start.offset, place) if place else start.offset
    stmt = quote(f"N[{', '.join([*indices, place])}] = 1.0", N=start.name)[0]
    for index, dim in reversed(list(zip(indices, start.dims(), strict=True))):
        loop = quote(f"for K in range({dim}): pass", K=index)[0]
        loop.body = [stmt]
        stmt = loop
    return [*found, stmt]


@dataclass(eq=False)
class _Blocks:
    """The parts of the Jacobian, cut out of what the sweeps return; `named` are statements that they need."""

    unit: Unit
    params: tuple[str, ...]
    floats: tuple[str, ...]
    batch: Batch
    starts: list[Start]
    fresh: Fresh

    def __post_init__(self) -> None:
        self.named: list[gast.stmt] = []
        self.names: dict[int, str] = {}
        self.given: set[str] = set()

    def all(self) -> list[gast.expr]:
        return [self.block(k, p) for k in range(len(self.unit.results)) for p in self.params]

    def start_of(self, name: str) -> Start | None:
        return next((s for s in self.starts if s.name == name), None)

    def name(self, value: gast.expr) -> str:
        """The name of a value, a new one for an expression; the same for every block that is cut out of it."""
        if is_name(value):
            return value.id
        if id(value) not in self.names:
            self.names[id(value)] = self.fresh("result")
            self.named += quote("N = V", N=self.names[id(value)], V=value)
        return self.names[id(value)]

    def differs(self, value: gast.expr) -> bool:
        return self.batch.differing.differs(value)

    def zeros(self, dims: list[str]) -> gast.expr:
        return expr(f"np.zeros(({''.join(f'{d}, ' for d in dims)}))") if dims else expr("0.0")

    def param_dims(self, param: str) -> list[str]:
        return [f"{param}.shape[{k}]" for k in range(self.unit.types.ndim(param))]

    def cut(self, name: str, rank: int, start: Start, shape: list[str]) -> gast.expr:
        """The part of an array of `rank` axes for the directions of a start, as an array of `shape`."""
        whole = len(self.starts) == 1 and start.rank > 0
        part = name if whole else f"{name}[{', '.join([':'] * rank + [start.places()])}]"
        if not shape:
            return expr(part)
        again, self.given = name in self.given, self.given | {name}
        if len(shape) == 1 or (whole and again):
            part += ".copy()"
        if len(shape) == 1 or (whole and start.rank == 1):
            return expr(part)
        return expr(f"np.reshape(np.ascontiguousarray({part}), ({', '.join(shape)}))")


@dataclass(eq=False)
class _Forward(_Blocks):
    def block(self, k: int, param: str) -> gast.expr:
        value = self.batch.values[k]
        result = self.unit.results[k]
        rank = self.unit.types.ndim(result.id) if is_name(result) else 0
        name = self.name(value)
        own = [f"{name}.shape[{axis}]" for axis in range(rank)]
        shape = [*own, *self.param_dims(param)]
        if param not in self.floats or not self.differs(value):
            return self.zeros(shape)
        start = self.starts[self.floats.index(param)]
        return self.cut(name, rank, start, shape)


class _Reverse(_Blocks):
    def block(self, k: int, param: str) -> gast.expr:
        axes = _axes(self.unit)
        own = [gast.unparse(v).strip() for (j, _), v in zip(axes, self.batch.values[: len(axes)], strict=True) if j == k]
        shape = [*own, *self.param_dims(param)]
        start = self.start(k)
        value = self.batch.values[len(axes) + self.floats.index(param)] if param in self.floats else None
        if start is None or value is None or not self.differs(value):
            return self.zeros(shape)
        rank = self.unit.types.ndim(param)
        name = self.name(value)
        if start.rank == 0 or rank == 0:
            return self.cut(name, rank, start, shape)
        turned = self.fresh("turned")
        part = name if len(self.starts) == 1 else f"{name}[{', '.join([':'] * rank + [start.places()])}]"
        order = ", ".join(map(str, [rank, *range(rank)]))
        self.named += quote(f"T = np.transpose({part}, ({order}))", T=turned)
        return expr(f"np.reshape(np.ascontiguousarray({turned}), ({', '.join(shape)}))")

    def start(self, k: int) -> Start | None:
        result = self.unit.results[k]
        if is_name(result) and self.unit.types.is_array(result.id):
            return next((s for s in self.starts if s.at is not None and _seed_of(s.at) == k), None)
        return self.start_of(f"seed_{k}" if len(self.unit.results) > 1 else "seed")
