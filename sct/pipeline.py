"""The whole compiler on one screen: source -> core program -> types -> lowering -> adjoint or tangent -> optimised text."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np
from numba.core import types as numba_types

from sct.analyses.cancellation import cancels
from sct.analyses.recursion import calling
from sct.analyses.unit import Unit
from sct.budget import Within
from sct.custom import BARE, rule_of
from sct.emit.text import module
from sct.errors import NotDifferentiable, UnsupportedCall
from sct.frontend.callee import Callee
from sct.frontend.load import callee
from sct.frontend.shapes import Group, describe, leaf_types, of_type
from sct.frontend.source import plain
from sct.ir.build import nodes
from sct.library import Library
from sct.optimise import with_names
from sct.optimise.parallel import in_parallel, obstacles
from sct.prepare import Units
from sct.transform import adjoint, tangent
from sct.transform.adjoint import Options
from sct.transform.custom import caller
from sct.transform.jacobian import jacobian
from sct.transform.kernel import KERNELS, kernel
from sct.transform.signature import JACOBIANS, WITH_AUX, chosen, is_flat, present


@dataclass(frozen=True)
class Generated:
    """Text of a module, the name of its entry function, the arrays that it loads, what to warn of, and whether its sums may be
    regrouped."""

    text: str
    entry: str
    arrays: dict[str, np.ndarray]
    notes: list[str]
    regroup: bool


def generate(
    function: Any, argtypes: tuple, mode: str, argnums: tuple[int, ...] | int, plan: str = "default", parallel: bool = False
) -> Generated:
    """The derivative of `function` for Numba argument types.

    `mode` is grad, value_and_grad, the same `_with_aux`, vjp, jvp, jacfwd, jacrev, tangent or adjoint; `plan` is `default`,
    `store_all` (the oracle), `rerun:LINE,LINE` to run the iterations of the loops at these lines of the user's file again in the
    reverse sweep, or `checkpoint:BYTES` to keep snapshots of so many bytes instead of something for each step of a loop. With
    `parallel`, loops that run forward and backward together are split among threads.
    """
    made = derived(function, argtypes, mode, argnums, plan, parallel)
    library, units = made.library, made.library.units
    text, arrays = module(_called(library.functions), units.constants, _title(mode, made.unit, library))
    return Generated(text, library.functions[-1].name, arrays, library.notes, not any(map(cancels, units.units.values())))


@dataclass(frozen=True)
class Derived:
    """The unit of a function, and the functions of its derivative, the last of which the user calls."""

    unit: Unit
    library: Library


def derived(function: Any, argtypes: tuple, mode: str, argnums: tuple[int, ...] | int, plan: str, parallel: bool) -> Derived:
    """The functions that `generate` writes as text."""
    single = isinstance(argnums, int)
    numbers = (argnums,) if single else tuple(argnums)
    budget = int(plan.removeprefix("checkpoint:")) if plan.startswith("checkpoint:") else None
    units = Units(in_one=budget is not None)
    wanted, leaves = target(caller(function) if rule_of(function) is not None else function, argtypes)
    unit = units.prepare(wanted, leaves)
    _check(unit, mode)
    called = calling(unit, wanted) if unit.recursive else unit

    def made() -> Library:
        library = Library(_options(plan, parallel), units)
        library.functions.append(_entry(called, numbers, mode, single, library))
        return library

    return Derived(unit, made() if budget is None else Within(budget, units, made).library())


def _entry(unit: Unit, numbers: tuple[int, ...], mode: str, single: bool, library: Library) -> gast.FunctionDef:
    """The derivative that the user calls, with the arguments and results of the primal's structure."""
    if mode in KERNELS:
        return kernel(unit, chosen(unit.program, numbers), mode, library)
    params, flat = chosen(unit.program, numbers), is_flat(unit.program)
    if mode == "jacrev" and isinstance(unit.types.result, numba_types.Float) and unit.program.result is None:
        return _entry(unit, numbers, "grad", single, library)
    if mode in JACOBIANS:
        entry = jacobian(unit, params, mode, library)
        present(entry, unit.program, numbers, mode, single, library.class_name)
        return entry
    if mode == "jvp":
        entry = tangent.entry(unit, params, library)
    else:
        entry = adjoint.entry(unit, params, mode, library.options, library, single and flat)
    entry, names = with_names(entry, unit)
    library.obstacles = obstacles(entry, names, library.units.function_name)
    if library.options.parallel and mode != "jvp":
        entry, parts = in_parallel(entry, names, library.units.function_name)
        library.functions += parts
    if not flat:
        present(entry, unit.program, numbers, mode, single, library.class_name)
    return entry


def _title(mode: str, unit: Unit, library: Library) -> str:
    title = f"{mode} of `{unit.program.tree.name}`, generated by sct from {unit.program.source.file}."
    notes = [*library.notes, BARE] if library.bare else library.notes
    return "\n".join([title, "", *notes, ""]) if notes else title


def target(function: Any, argtypes: tuple) -> tuple[Callee, tuple]:
    """A function for the shapes of its arguments, and the Numba types of the numbers and arrays in them."""
    argtypes = (*argtypes, *_omitted(function, len(argtypes)))
    leaves = tuple(leaf for argtype in argtypes for leaf in leaf_types(argtype))
    return callee(function, tuple(map(of_type, argtypes))), leaves


def _omitted(function: Any, given: int) -> list[numba_types.Type]:
    """The types of arguments that are left to their defaults."""
    parameters = list(inspect.signature(plain(function)).parameters.values())
    return [numba_types.Omitted(p.default) for p in parameters[given:]]


def _called(functions: list[gast.FunctionDef]) -> list[gast.FunctionDef]:
    """Those that the last one needs: others were called where nothing asked for what comes out."""
    named = {f.name: {n.id for n in nodes(f) if isinstance(n, gast.Name)} for f in functions}
    found, todo = set(), {functions[-1].name}
    while todo:
        found |= todo
        todo = set().union(*(named[name] for name in todo)) & named.keys() - found
    return [f for f in functions if f.name in found]


def _options(plan: str, parallel: bool) -> Options:
    lines = plan.removeprefix("rerun:").split(",") if plan.startswith("rerun:") else []
    return Options(plan == "store_all", frozenset(map(int, lines)), parallel)


def _check(unit: Unit, mode: str) -> None:
    """Refuse what has no derivative of this kind."""
    _check_parameters(unit)
    if mode in ("grad", "value_and_grad"):
        _check_scalar(unit)
    elif mode in WITH_AUX:
        _check_aux(unit)
    elif isinstance(unit.types.result, numba_types.NoneType) and mode not in KERNELS:
        raise NotDifferentiable(
            f"`{unit.program.tree.name}` returns nothing",
            place=unit.program.source.place(unit.program.tree),
            remedy="return the array that it writes to",
        )
    if mode in ("vjp", "jacrev") and unit.once and not isinstance(unit.types.result, numba_types.Float):
        raise NotDifferentiable(
            f"`{unit.program.tree.name}` prints or draws random numbers and returns {unit.types.result}, no float scalar",
            place=unit.program.source.place(unit.program.tree.body[-1]),
            remedy="pass the random numbers in as an argument, print from the caller, or use sct.jvp or sct.jacfwd",
        )


def _check_parameters(unit: Unit) -> None:
    for name in unit.program.params:
        if unit.grows(name):
            raise UnsupportedCall(
                f"the argument `{name}` gets room for more",
                place=unit.program.source.place(unit.program.tree),
                remedy=f"copy it first: `{name} = {name}.copy()`",
            )


def _check_scalar(unit: Unit) -> None:
    if not isinstance(unit.types.result, numba_types.Float) or unit.program.result is not None:
        found = describe(unit.program.result) if unit.program.result is not None else unit.types.result
        raise NotDifferentiable(
            f"`{unit.program.tree.name}` returns {found}; a gradient needs a float scalar",
            place=unit.program.source.place(unit.program.tree.body[-1]),
            remedy="return one float, or use sct.vjp or sct.jvp for other results",
        )


def _check_aux(unit: Unit) -> None:
    result, types = unit.program.result, unit.types
    pair = isinstance(result, Group) and len(result.parts) == 2 and result.parts[0] is None
    if not pair or not isinstance(types.of(getattr(unit.results[0], "id", "")), numba_types.Float):
        found = describe(result) if result is not None else types.result
        raise NotDifferentiable(
            f"`{unit.program.tree.name}` returns {found}; with has_aux=True it returns a float scalar and something else",
            place=unit.program.source.place(unit.program.tree.body[-1]),
            remedy="write `return value, aux`",
        )
