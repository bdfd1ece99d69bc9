"""Calls of functions whose derivative the user gave: the text that joins it with the rest.

    def f_adjoint(x, x_bar, seed):                      def f_tangent(x, x_dot):
        value, residual = f_fwd(x)                          value, value_dot = f_rule(x, x_dot)
        x_part = f_bwd(residual, seed)                      return value, value_dot
        x_bar += x_part

The reverse mode of a forward rule is the adjoint of the rule with respect to its tangents: it is linear in them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import gast
from numba.core import types

from sct.analyses.unit import Unit
from sct.backends.python import load_python
from sct.custom import Both, Jvp
from sct.errors import NotDifferentiable
from sct.frontend.load import callee
from sct.frontend.shapes import Group, Known, Shape, describe
from sct.ir.build import Fresh, expr, is_name, quote
from sct.prepare import Units
from sct.transform.calls import Request, call_statement

Parts = tuple[dict[str, str], list[gast.stmt]]
"""The name of the adjoint of each active argument that is a number, and the statements that compute them all."""


def joint(unit: Unit, name: str, request: Request, library) -> gast.FunctionDef:
    """`h_adjoint(args, bars, seeds) -> adjoints of active scalar arguments`, as `sct.transform.adjoint.joint` makes it."""
    _check(unit)
    call = _Call(unit, library)
    arrays = [p for p in unit.program.params if p in request.active and unit.types.is_array(p)]
    scalars = [p for p in unit.program.params if p in request.active and p not in arrays]
    bars = {p: call.fresh(f"{p}_bar") for p in arrays}
    seeds = {k: call.fresh("seed") for k in sorted(request.results)}
    make = call.transposed if isinstance(unit.rule, Jvp) else call.backward
    if isinstance(unit.rule, Both) and request.active == {unit.program.params[1]}:
        make = call.second
    found, body = make(request, {k: expr(seed) for k, seed in seeds.items()}, bars)
    return call.function(name, [*bars.values(), *seeds.values()], body, [found[p] for p in scalars])


def tangent(unit: Unit, name: str, request: Request, library) -> gast.FunctionDef:
    """`h_tangent(args, dots of active arguments) -> results, dots of active results`."""
    _check(unit)
    if not isinstance(unit.rule, Jvp | Both):
        raise _problem(unit, "has a reverse rule, custom_vjp, and no forward one", "use reverse mode, or give it a custom_jvp")
    call = _Call(unit, library)
    dots = {p: call.fresh(f"{p}_dot") for p in unit.program.params if p in request.active}
    values, value_dots, body = call.forward({p: expr(d) for p, d in dots.items()})
    return call.function(name, [*dots.values()], body, [*values, *(value_dots[k] for k in sorted(request.results))])


def value(unit: Unit, name: str, library) -> gast.FunctionDef:
    """The function itself, by its rule, which can be differentiated again."""
    _check(unit)
    call = _Call(unit, library)
    values, _, body = call.forward({}) if isinstance(unit.rule, Jvp) else call.saved()
    return call.function(name, [], body, values)


class _Call:
    """The statements of one function."""

    def __init__(self, unit: Unit, library) -> None:
        self.unit, self.library = unit, library
        self.fresh = Fresh(set(unit.program.params) | library.names)
        self.at = unit.program.tree
        self.params = [expr(p) for p in unit.program.params]
        self.shapes = tuple(p.shape for p in unit.program.parameters)
        self.kinds = [unit.types.of(p) for p in unit.program.params]

    def function(self, name: str, extra: list[str], body: list[gast.stmt], outs: list[str]) -> gast.FunctionDef:
        made = quote(f"def {name}({', '.join([*self.unit.program.params, *extra])}): pass", self.at)[0]
        made.lineno = self.at.lineno
        made.body = [*body, *quote("return" if not outs else "return " + ", ".join(outs), self.at)]
        return made

    def prepared(self, function: Callable[..., Any], shapes: tuple[Shape, ...], kinds: list[types.Type]) -> Unit:
        """A part of the rule, for these arguments."""
        key = ("rule", function, shapes, tuple(kinds))
        if key in self.library.made:
            return self.library.made[key]
        found = callee(function, shapes)
        if len(found.parameters) != len(shapes):
            message = f"has a rule, {function.__name__}, with {len(found.parameters)} parameters in place of {len(shapes)}"
            raise _problem(self.unit, message, "give it the parameters that custom_vjp or custom_jvp asks for")
        made = Units(self.library.units.constants, self.library.units.fresh).prepare(found, tuple(kinds))
        if made.written or made.once:
            raise _problem(self.unit, "has a rule that changes its arguments, prints or draws", "let it compute and return")
        self.library.made[key] = made
        return made

    def pair_of(self, made: Unit, what: str) -> Group:
        result = made.program.result
        if not isinstance(result, Group) or len(result.parts) != 2:
            raise _problem(self.unit, f"has a rule that returns {describe(result)}", f"let it return {what}")
        if _ends(result.parts[0]) != _ends(self.unit.program.result):
            remedy = "let both return numbers and arrays in the same structure"
            raise _problem(self.unit, "has a rule whose result differs from that of the function", remedy)
        return result

    # custom_vjp

    def saved(self) -> tuple[list[str], list[gast.expr], list[gast.stmt]]:
        """The results and the residuals."""
        fwd = self.fwd = self.prepared(self.unit.rule.fwd, self.shapes, self.kinds)
        self.residual = self.pair_of(fwd, "the result and the residuals").parts[1]
        outs = [self.fresh("value") for _ in fwd.results]
        body = [call_statement(self.at, self.library.primal(fwd), self.params, outs)]
        count = len(self.unit.results)
        ends = list(_ends(self.residual))
        kept = [(o, atom) for o, atom, end in zip(outs[count:], fwd.results[count:], ends, strict=True) if not end]
        self.kept = [fwd.argument_type(atom) for _, atom in kept]
        return outs[:count], [expr(o) for o, _ in kept], body

    def backward(self, request: Request, given: dict[int, gast.expr], bars: dict[str, str]) -> Parts:
        seeds = [given[k] if k in given else self.no_seed(r) for k, r in enumerate(self.unit.results)]
        _, residuals, body = self.saved()
        kinds = [_own(self.unit.argument_type(r)) for r in self.unit.results]
        bwd = self.prepared(self.unit.rule.bwd, (self.residual, self.unit.program.result), [*self.kept, *kinds])
        parts = self.parts_of(bwd)
        outs = [self.fresh("part") for _ in bwd.results]
        body.append(call_statement(self.at, self.library.primal(bwd), [*residuals, *seeds], outs))
        found = {}
        for p, position in parts.items():
            if p in request.active and position is not None:
                found[p] = outs[position]
                self.check_part(p, bwd, position)
            else:
                found[p] = "0.0"
            if p in bars and position is not None:
                body += quote("B += P", self.at, B=bars[p], P=outs[position])
        return found, body

    def second(self, _: Request, given: dict[int, gast.expr], bars: dict[str, str]) -> Parts:
        """The adjoint of the second of two arrays, in which the function is linear."""
        kind = _own(self.unit.argument_type(self.unit.results[0]))
        made = self.prepared(self.unit.rule.second, (self.shapes[0], None), [self.kinds[0], kind])
        part = self.fresh("part")
        call = call_statement(self.at, self.library.primal(made), [self.params[0], given[0]], [part])
        return {}, [call, *quote("B += P", self.at, B=bars[self.unit.program.params[1]], P=part)]

    def parts_of(self, bwd: Unit) -> dict[str, int | None]:
        """The position in the results of `bwd` of the adjoint of each parameter; None where it is None."""
        result, own = bwd.program.result, self.unit.program.parameters
        shapes = result.parts if isinstance(result, Group) else ()
        if len(shapes) != len(own):
            message = f"has a bwd that returns {describe(result)} for {len(own)} arguments"
            raise _problem(self.unit, message, "let it return a tuple with an adjoint for each argument")
        found: dict[str, int | None] = {}
        position = 0
        for parameter, shape in zip(own, shapes, strict=True):
            ends = list(_ends(shape))
            if ends != [True] and len(ends) != len(parameter.leaves):
                message = f"has a bwd that returns {describe(shape)} for {parameter.name}"
                raise _problem(self.unit, message, "give each adjoint the structure of its argument")
            for k, leaf in enumerate(parameter.leaves):
                found[leaf] = None if ends == [True] else position + k
            position += len(ends)
        return found

    def check_part(self, param: str, bwd: Unit, position: int) -> None:
        found, wanted = bwd.argument_type(bwd.results[position]), self.unit.types.of(param)
        if getattr(found, "ndim", 0) != getattr(wanted, "ndim", 0):
            raise _problem(self.unit, f"has a bwd that returns {found} for {param}, which is {wanted}", "give it its shape")

    def no_seed(self, result: gast.expr) -> gast.expr:
        if is_name(result) and self.unit.types.is_array(result.id):
            raise _problem(self.unit, "has an array among its results that nothing depends on", "return it from another function")
        return expr("0.0")

    # custom_jvp

    def rule(self) -> Unit:
        kinds = [*self.kinds, *map(_own, self.kinds)]
        made = self.prepared(self.unit.rule.rule, (Group(self.shapes), Group(self.shapes)), kinds)
        result = self.pair_of(made, "the result and its tangent")
        if _ends(result.parts[1]) != _ends(result.parts[0]):
            raise _problem(self.unit, "has a rule whose tangent is not like its result", "give both the same structure")
        return made

    def dots(self, given: dict[str, gast.expr]) -> list[gast.expr]:
        zeros = {p: "np.zeros_like(X)" if self.unit.types.is_array(p) else "0.0 * X" for p in self.unit.program.params}
        zeros |= {p: "0 * X" for p in self.unit.program.params if isinstance(self.unit.types.of(p), types.Integer | types.Boolean)}
        return [given.get(p) or expr(zeros[p], X=p) for p in self.unit.program.params]

    def forward(self, given: dict[str, gast.expr]) -> tuple[list[str], list[str], list[gast.stmt]]:
        made = self.rule()
        count = len(self.unit.results)
        outs = [self.fresh("value") for _ in range(count)] + [self.fresh("value_dot") for _ in range(count)]
        args, body = self.named([*self.params, *self.dots(given)])
        return outs[:count], outs[count:], [*body, call_statement(self.at, self.library.primal(made), args, outs)]

    def transposed(self, request: Request, seeds: dict[int, gast.expr], bars: dict[str, str]) -> Parts:
        made, own = self.rule(), self.unit.program.params
        dots = dict(zip(own, made.program.params[len(own) :], strict=True))
        results = frozenset(len(self.unit.results) + k for k in request.results)
        inner = Request(frozenset(dots[p] for p in own if p in request.active), results)
        outs = {p: self.fresh(f"{p}_part") for p in own if p in request.active and p not in bars}
        args, body = self.named([*self.params, *self.dots({})])
        args += [*map(expr, bars.values()), *(seeds[k] for k in sorted(request.results))]
        body.append(call_statement(self.at, self.library.joint(made, inner), args, list(outs.values())))
        return outs, body

    def named(self, args: list[gast.expr]) -> tuple[list[gast.expr], list[gast.stmt]]:
        """Arguments that are names."""
        found, body = [], []
        for arg in args:
            if not is_name(arg):
                name = self.fresh("zero")
                body += quote("N = V", self.at, N=name, V=arg)
                arg = expr(name)
            found.append(arg)
        return found, body


def _ends(shape: Shape) -> tuple[bool, ...]:
    """For everything in a value that is no tuple, whether it is known before the run."""
    if isinstance(shape, Group):
        return tuple(end for part in shape.parts for end in _ends(part))
    return (isinstance(shape, Known),)


def _own(kind: types.Type) -> types.Type:
    return types.Array(kind.dtype, kind.ndim, "C") if isinstance(kind, types.Array) else kind


def _check(unit: Unit) -> None:
    if unit.written or unit.returned or unit.once:
        message = "changes or returns an argument, prints, or draws random numbers"
        raise _problem(unit, message, "let a function with a derivative of its own compute and return new values")


def _problem(unit: Unit, message: str, remedy: str) -> NotDifferentiable:
    place = unit.program.source.place(unit.program.tree)
    return NotDifferentiable(f"`{unit.program.tree.name}` {message}", place=place, remedy=remedy)


def caller(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that calls one with a rule, so that it is a helper like any other."""
    own, parameters = function.__name__, inspect.signature(function).parameters
    names = ", ".join(parameters)
    text = f"def {own}({names}):\n    return {own}_with_rule({names})\n"
    made = load_python(text, {f"{own}_with_rule": function})[own]
    made.__defaults__ = getattr(function, "py_func", function).__defaults__
    return made
