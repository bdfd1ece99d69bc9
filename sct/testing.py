"""`check_grads`: are the derivatives of a program right?

Four witnesses are compared. The adjoint and the tangent are what sct generated. The dual numbers
(`sct.reference.dual`) interpret the unmodified primal and are exact up to rounding. Finite differences
(`sct.reference.finite`) know nothing but the primal's values, and bring an estimate of their own error, which is the
tolerance they are compared with.

Results are contracted with a random seed w, so that every derivative in the table is one number: the adjoint's is
(J'w)[i], the tangent's <w, J e_i>. An argument that is a tuple is checked leaf by leaf. Large arguments are sampled;
the dot-product identity <Jv, w> = <v, J'w> with a random direction v then covers the entries that were not.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

import sct
from sct.backends.values import copied, zero
from sct.errors import GradientMismatch, NotDifferentiable
from sct.reference.dual import dual_jvp, dual_partials
from sct.reference.finite import finite_jvp, finite_partial, flatten
from sct.reference.number import is_float
from sct.tree import Path, at, each, leaves, spelled

Entry = tuple[Path, tuple[int, ...]]
CHECKED_ENTRIES = 16
TRUST_IN_ERROR_ESTIMATE = 20.0
TOLERANCES = {np.dtype(np.float64): (1e-7, 1e-12), np.dtype(np.float32): (1e-3, 1e-5)}


@dataclass(frozen=True)
class Seen:
    """One derivative as its witnesses see it; `exact` is None where the dual numbers have nothing to say."""

    index: tuple[int, ...]
    derivative: float
    exact: float | None
    finite: float
    finite_error: float

    @property
    def reference(self) -> float:
        """What the derivative is measured against."""
        return self.finite if self.exact is None else self.exact

    @property
    def asks_finite(self) -> bool:
        """Whether finite differences have something to say: not at kinks, nor where the derivative is not finite."""
        return bool(np.isfinite(self.finite_error)) and (self.exact is None or bool(np.isfinite(self.exact)))

    @property
    def deviation(self) -> float:
        """The distance between the derivative and its reference."""
        return _distance(self.derivative, self.reference)

    def excess(self, rtol: float, atol: float) -> float:
        """How far the witnesses are apart, in units of what is tolerated: above 1 they disagree."""
        tolerance = atol + (rtol * abs(self.reference) if np.isfinite(self.reference) else 0.0)
        exactly = 0.0 if self.exact is None else _distance(self.derivative, self.exact) / tolerance
        if not self.asks_finite:
            return exactly
        allowed = tolerance + TRUST_IN_ERROR_ESTIMATE * self.finite_error
        return max(exactly, _distance(self.derivative, self.finite) / allowed)


@dataclass(frozen=True)
class Row:
    """A check of one argument, or of one leaf of a tuple: the entry where the witnesses differ most."""

    check: str
    argument: str
    worst: Seen
    ok: bool

    def cells(self) -> tuple[str, ...]:
        """The row as the columns of the printed table."""
        seen = self.worst
        where = str(list(seen.index)) if seen.index else ""
        numbers = (_shown(x) for x in (seen.derivative, seen.exact, seen.finite if seen.asks_finite else None))
        return self.check, self.argument, where, *numbers, f"{seen.deviation:.1e}", "ok" if self.ok else "WRONG"


@dataclass
class Report:
    """The outcome of `check_grads`, one row per check and argument."""

    function: str
    rows: list[Row] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all checks passed."""
        return all(row.ok for row in self.rows)

    def __str__(self) -> str:
        header = ("check", "argument", "index", "sct", "reference", "finite", "error", "verdict")
        lines = [header, *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join([f"check_grads({self.function})", *(line.rstrip() for line in text)])

    def raise_if_wrong(self) -> None:
        """Raise GradientMismatch for the first check that failed."""
        wrong = next((row for row in self.rows if not row.ok), None)
        if wrong is not None:
            where = f" at index {wrong.worst.index}" if wrong.worst.index else ""
            message = f"the {wrong.check} of {self.function} is wrong for argument '{wrong.argument}'{where}: "
            message += f"{wrong.worst.derivative!r}, but the reference gives {wrong.worst.reference!r}"
            raise GradientMismatch(f"{message} (finite differences: {wrong.worst.finite!r})\n{self}")


@dataclass(frozen=True)
class _Case:
    """What is checked: a function at its arguments, a random seed `w` and a random direction `v`."""

    f: Callable
    args: tuple
    argnums: tuple[int, ...]
    w: object
    v: tuple
    entries: tuple[Entry, ...]
    rtol: float
    atol: float

    @property
    def name(self) -> str:
        return getattr(self.f, "__name__", "f")

    def fresh_args(self) -> tuple:
        """Copies, so that a derivative that wrongly writes to its arguments does not disturb the next check."""
        return each(copied, self.args)

    @property
    def paths(self) -> list[Path]:
        """Where the floats and arrays that are checked stand in the arguments."""
        return _floats(self.args, self.argnums)

    def argument(self, path: Path) -> str:
        """A leaf as the user would write it: the parameter's name, then fields and positions."""
        parameters = list(inspect.signature(getattr(self.f, "py_func", self.f)).parameters.values())
        last = parameters[min(path[0], len(parameters) - 1)]
        rest = last.kind is last.VAR_POSITIONAL
        name = f"{last.name}[{path[0] - len(parameters) + 1}]" if rest else last.name
        return spelled(name, self.args[path[0]], path[1:])

    def row(self, check: str, argument: str, seen: list[Seen], scale: float) -> Row:
        """The worst of `seen`; `scale` is the size of the derivatives or of what was summed to give them."""
        excesses = [s.excess(self.rtol, self.atol * (scale or 1.0)) for s in seen]
        worst = int(np.argmax(excesses))
        return Row(check, argument, seen[worst], bool(excesses[worst] <= 1.0))


def check_grads(
    f: Callable,
    args: Sequence,
    order: int = 1,
    modes: Sequence[str] = ("fwd", "rev"),
    argnums: int | Sequence[int] | None = None,
    seed: int = 0,
    rtol: float | None = None,
    atol: float | None = None,
) -> Report:
    """Compare the derivatives of `f` at `args` with dual numbers, finite differences and each other.

    `argnums` are the arguments to check, all that are floats or hold some if None. `order=2` also checks the derivative of the
    gradient. `rtol` is relative to a derivative, `atol` to the largest one of the argument; both follow from the
    precision of the arguments if None. Raises GradientMismatch if anything disagrees.
    """
    case = _case(f, tuple(args), argnums, seed, (rtol, atol))
    report = Report(case.name)
    report.rows += _first_order(case, modes)
    if order >= 2 and report.ok:
        report.rows += _second_order(case)
    report.raise_if_wrong()
    return report


def _case(f, args: tuple, argnums, seed: int, tolerances) -> _Case:
    floats = tuple(k for k in range(len(args)) if _floats(args, (k,)))
    wanted = floats if argnums is None else (argnums,) if isinstance(argnums, int) else tuple(argnums)
    name = getattr(f, "__name__", "f")
    if not wanted or not set(wanted) <= set(floats):
        raise NotDifferentiable(f"{name}: only floats, arrays of floats and tuples that hold some can be checked")
    rng = np.random.default_rng(seed)
    value = f(*each(copied, args))
    if not any(is_float(leaf) for _, leaf in leaves(value)):
        raise NotDifferentiable(f"{name} does not return a float, an array of floats or a tuple that holds one")
    w = each(lambda x: _like(x, rng.uniform(0.5, 1.5, np.shape(x))), value)
    v = tuple(each(lambda x, k=k: _like(x, rng.uniform(-1.0, 1.0, np.shape(x)) * (k in wanted)), x) for k, x in enumerate(args))
    entries = tuple((path, index) for path in _floats(args, wanted) for index in _sample(np.shape(at(args, path)), rng))
    types = (np.asarray(at(args, path)).dtype for path in _floats(args, floats))
    precision = min(types, key=lambda dtype: dtype.itemsize)
    rtol, atol = (d if t is None else t for t, d in zip(tolerances, TOLERANCES[precision], strict=True))
    return _Case(f, args, wanted, w, v, entries, rtol, atol)


def _first_order(case: _Case, modes: Sequence[str]) -> list[Row]:
    """Every sampled entry in every mode, then a random direction through all entries at once."""
    finite = [finite_partial(_weighted(case), case.args, *entry) for entry in case.entries]
    rows, along_v = [], {}
    if "rev" in modes:
        bars = sct.vjp(case.f, *case.fresh_args())[1](case.w)
        adjoint = [float(np.asarray(at(bars, path))[index]) for path, index in case.entries]
        exact = dual_partials(case.f, case.args, case.w, case.entries)
        rows += _compare_entries(case, "adjoint", adjoint, exact, finite)
        along_v["<v, J'w>"] = np.concatenate([flatten(at(bars, p)) * flatten(at(case.v, p)) for p in case.paths])
    if "fwd" in modes:
        units = [_unit(case, *entry) for entry in case.entries]
        tangent = [_dot(case.w, sct.jvp(case.f, case.fresh_args(), unit)[1]) for unit in units]
        exact = np.array([_dot(case.w, dual_jvp(case.f, case.args, unit)[1]) for unit in units])
        rows += _compare_entries(case, "tangent", tangent, exact, finite)
        along_v["<Jv, w>"] = flatten(case.w) * flatten(sct.jvp(case.f, case.fresh_args(), case.v)[1])
    return rows + _compare_identity(case, along_v)


def _compare_entries(case: _Case, check: str, derivatives, exact, finite) -> list[Row]:
    rows = []
    for path in case.paths:
        mine = [i for i, (place, _) in enumerate(case.entries) if place == path]
        seen = [Seen(case.entries[i][1], derivatives[i], float(exact[i]), *finite[i]) for i in mine]
        if seen:
            rows.append(case.row(check, case.argument(path), seen, _largest(exact[mine])))
    return rows


def _compare_identity(case: _Case, along_v: dict[str, np.ndarray]) -> list[Row]:
    """<Jv, w> and <v, J'w>, given by their summands, against the dual numbers, and so against each other."""
    exact = _dot(case.w, dual_jvp(case.f, case.args, case.v)[1])
    finite = finite_jvp(_weighted(case), case.args, case.v)
    names = ", ".join(case.argument((k,)) for k in case.argnums)
    rows = []
    for check, summands in along_v.items():
        seen = Seen((), float(np.sum(summands)), exact, *finite)
        rows.append(case.row(check, names, [seen], _largest(summands) * summands.size))
    return rows


def _second_order(case: _Case) -> list[Row]:
    """The derivative of the gradient along v, against finite differences of the gradient."""
    if isinstance(case.w, tuple) or np.ndim(case.w):
        raise NotDifferentiable(f"check_grads(order=2) needs a function with a scalar result, {case.name} has not")
    gradient = sct.grad(case.f, case.argnums)
    dots = sct.jvp(gradient, case.fresh_args(), case.v)[1]
    finite, errors = finite_jvp(gradient, case.args, case.v)
    rows = []
    for path in case.paths:
        place = (case.argnums.index(path[0]), *path[1:])  # the gradient has the chosen arguments only
        dot, *checks = (at(tree, place) for tree in (dots, finite, errors))
        entries = zip(np.ndindex(np.shape(dot)), flatten(dot), *map(flatten, checks), strict=True)
        seen = [Seen(index, float(d), None, float(e), float(u)) for index, d, e, u in entries]
        if seen:
            rows.append(case.row("second derivative", case.argument(path), seen, _largest(flatten(checks[0]))))
    return rows


def _weighted(case: _Case) -> Callable:
    """<w, f>. A dispatcher that may not compile for float64 is run as the Python function it was made from."""
    f = case.f if getattr(case.f, "_can_compile", True) else case.f.py_func
    return lambda *args: _dot(case.w, f(*args))


def _unit(case: _Case, path: Path, index: tuple[int, ...]) -> tuple:
    """The direction that moves one entry of one leaf of the arguments."""
    dots = each(lambda x: np.zeros(np.shape(x)), case.args)
    at(dots, path)[index] = 1.0
    return each(_like, case.args, dots)


def _like(x, value):
    """`value` in the precision of `x`, and a Python float where that is one; zero or None where `x` is no float."""
    if not is_float(x):
        return zero(x)
    return np.asarray(value, dtype=x.dtype) if isinstance(x, np.ndarray) else type(x)(value)


def _floats(args: tuple, argnums: Iterable[int]) -> list[Path]:
    """Where floats and arrays of floats stand in some of the arguments."""
    return [(k, *path) for k in argnums for path, leaf in leaves(args[k]) if is_float(leaf)]


def _sample(shape: tuple[int, ...], rng: np.random.Generator) -> list[tuple[int, ...]]:
    size = int(np.prod(shape))
    flat = range(size) if size <= CHECKED_ENTRIES else np.sort(rng.choice(size, CHECKED_ENTRIES, replace=False))
    return [tuple(int(i) for i in np.unravel_index(k, shape)) for k in flat]


def _dot(a, b) -> float:
    return float(flatten(a) @ flatten(b))


def _largest(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(np.max(finite, initial=0.0))


def _distance(a: float, b: float) -> float:
    """|a - b|, where NaN equals NaN only and an infinity itself only."""
    if np.isnan(a) or np.isnan(b):
        return 0.0 if np.isnan(a) and np.isnan(b) else np.inf
    return 0.0 if a == b else abs(a - b)


def _shown(x: float | None) -> str:
    return "-" if x is None else f"{x:.9g}"
