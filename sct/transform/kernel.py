"""Raw derivatives of functions that write their results into arguments, for `sct.tangent` and `sct.adjoint`."""

from __future__ import annotations

import gast

from sct.analyses.unit import Unit
from sct.errors import NotDifferentiable, UnsupportedSyntax
from sct.ir.build import expr, is_name, quote
from sct.optimise import optimise
from sct.transform import tangent
from sct.transform.adjoint import Adjoint, empty_function, own_arguments, parameter_bars, result_bar
from sct.transform.calls import Request

KERNELS = ("tangent", "adjoint")


def kernel(unit: Unit, params: tuple[str, ...], mode: str, library) -> gast.FunctionDef:
    """`f_tangent(args, dots)` or `f_adjoint(args, bars)`, which work in place."""
    _check(unit, mode)
    name = f"{unit.program.tree.name}_{mode}"
    return optimise((_tangent if mode == "tangent" else _adjoint)(unit, name, params, library), unit)


def _tangent(unit: Unit, name: str, params: tuple[str, ...], library) -> gast.FunctionDef:
    floats = frozenset(k for k, r in enumerate(unit.results) if is_name(r))
    made = tangent.helper(unit, name, Request(frozenset(params), floats), library)
    made.body[:0] = _apart(unit, made)
    return made


def _adjoint(unit: Unit, name: str, params: tuple[str, ...], library) -> gast.FunctionDef:
    """The adjoints of arrays are updated; those of numbers are given and returned with what is added to them."""
    adjoint = Adjoint(unit, Request(frozenset(params), frozenset()), library.options, library)
    arrays = [p for p in params if unit.types.is_array(p)]
    given = {p: adjoint.bars.bar(p) if p in arrays else adjoint.fresh(f"{p}_bar_given") for p in params}
    forward, reverse = adjoint.run({})
    shell = empty_function(name, unit, list(given.values()))
    sums = [expr("G + V", G=given[p], V=result_bar(adjoint, p)) for p in params if p not in arrays]
    names = ", ".join(f"S{k}" for k in range(len(sums)))
    shell.body = [
        *own_arguments(unit, shell),
        *adjoint.sweeps.storage.open_tapes(shell),
        *forward,
        *parameter_bars(adjoint, unit.program.params, frozenset(arrays)),
        *reverse,
        *quote(f"return {names}" if sums else "return", unit.program.tree.body[-1], **{f"S{k}": s for k, s in enumerate(sums)}),
    ]
    return shell


def _apart(unit: Unit, shell: gast.FunctionDef) -> list[gast.stmt]:
    """Arguments that share memory, one of them written, are an error."""
    return [s for s in own_arguments(unit, shell) if isinstance(s, gast.If)]


def _check(unit: Unit, mode: str) -> None:
    program, place = unit.program, unit.program.source.place(unit.program.tree)
    if any(parameter.shape is not None for parameter in program.parameters):
        message = f"`{program.tree.name}` takes a tuple; sct.{mode} is for numbers and arrays"
        raise UnsupportedSyntax(message, place=place, remedy="pass the parts one by one")
    if mode == "adjoint" and unit.results:
        message = f"`{program.tree.name}` returns a value; sct.adjoint is for functions that write their results into arguments"
        raise NotDifferentiable(message, place=place, remedy="write the result into an array argument, or use sct.vjp")
    if unit.once:
        message = f"`{program.tree.name}` prints or draws random numbers"
        raise NotDifferentiable(message, place=place, remedy="pass the random numbers in as an argument")
