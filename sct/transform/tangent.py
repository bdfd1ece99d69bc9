"""Tangent functions of a unit: every statement is followed by its derivative along the arguments' tangents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import gast

from sct.analyses.activity import Activity, activity
from sct.analyses.alias import allocation, view_base
from sct.analyses.decided import decided
from sct.analyses.regions import is_permutation
from sct.analyses.unit import Unit
from sct.custom import Stop
from sct.ir.build import Fresh, clone, expr, grown, is_name, names_in, nodes, quote, store_target, substitute
from sct.rules.table import scaled
from sct.transform.adjoint import own_arguments
from sct.transform.bars import chain_rule, zeros_like_allocation
from sct.transform.calls import Request, call_statement


@dataclass(eq=False)
class Tangent:
    """The tangent statements of one unit; `dot(name)` names the tangent of `name`."""

    unit: Unit
    active: Activity
    library: object
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken = {n.id for n in nodes(self.unit.program.tree) if isinstance(n, gast.Name)}
        self.fresh = Fresh(taken | self.library.names)

    def dot(self, name: str) -> str:
        if name not in self.names:
            self.names[name] = self.fresh(f"{name}_dot")
        return self.names[name]

    def value(self, atom: gast.expr) -> gast.expr:
        """The tangent of an atom."""
        return expr(self.dot(atom.id)) if self.active(atom) else expr("0.0")

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [s for stmt in block for s in self.statement(stmt)]

    def statement(self, stmt: gast.stmt) -> list[gast.stmt]:
        if isinstance(stmt, gast.If | gast.For | gast.While):
            copy = clone(stmt)
            copy.body = self.block(stmt.body)
            if isinstance(stmt, gast.If):
                copy.orelse = self.block(stmt.orelse)
            return [copy]
        if self.unit.helper_call(stmt) is not None:
            return self._call(stmt)
        if store_target(stmt) is not None:
            return self._store(stmt, store_target(stmt))
        if not isinstance(stmt, gast.Assign):
            return [clone(stmt)]
        if grown(stmt):
            return [clone(stmt), *self._growth(stmt)]
        if is_permutation(stmt):
            return [clone(stmt), *self._permutation(stmt)]
        name = stmt.targets[0].id
        if not self.active(name):
            return [clone(stmt)]
        return [clone(stmt), *quote("D = V", stmt, D=self.dot(name), V=self._derivative(name, stmt.value, stmt))]

    def _growth(self, stmt: gast.Assign) -> list[gast.stmt]:
        (name,) = grown(stmt)
        return [substitute(clone(stmt), {name: self.dot(name)})] if self.active(name) else []

    def _permutation(self, stmt: gast.Assign) -> list[gast.stmt]:
        if not self.active(stmt.targets[0].elts[0]):
            return []
        dots = {n: self.dot(n) for n in names_in(stmt)}
        return [substitute(clone(stmt), dots)]

    def _store(self, stmt: gast.stmt, target: gast.Subscript) -> list[gast.stmt]:
        if not self.active(target.value):
            return [clone(stmt)]
        element = expr("D[I]", D=self.dot(target.value.id), I=target.slice)
        if isinstance(stmt, gast.AugAssign):
            made = quote("E += V", stmt, E=element, V=self.value(stmt.value)) if self.active(stmt.value) else []
        else:
            made = quote("E = V", stmt, E=element, V=self.value(stmt.value))
        return [*made, clone(stmt)]

    def _derivative(self, name: str, value: gast.expr, stmt: gast.stmt) -> gast.expr:
        """The tangent of a right-hand side: for arrays the same view or allocation, for scalars the chain rule."""
        kind = allocation(value)
        if kind == "copy" and self.active(value.args[0]):
            return expr("np.copy(D)", D=self.dot(value.args[0].id))
        if kind is not None:
            return zeros_like_allocation(self.unit, name, value)
        if is_name(value):
            return self.value(value)
        base = view_base(value)
        if base is not None:
            return substitute(value, {base: self.dot(base)}) if self.active(base) else expr("0.0")
        rows = chain_rule(self.unit, name, value, stmt, self.active)
        terms = [scaled(partial, self.value(operand)) for operand, partial in rows if self.active(operand)]
        total = terms[0] if terms else expr("0.0")
        for term in terms[1:]:
            total = expr("A + B", A=total, B=term)
        return total

    def _call(self, stmt: gast.stmt) -> list[gast.stmt]:
        call, callee = self.unit.helper_call(stmt), self.unit.callee(self.unit.helper_call(stmt))
        results = names_in(stmt.targets[0]) if isinstance(stmt, gast.Assign) else []
        bound = list(zip(callee.program.params, call.args, strict=True))
        request = Request(
            frozenset(p for p, a in bound if self.active(a)),
            frozenset(k for k, r in enumerate(results) if self.active(r)),
        )
        if not request.active or isinstance(callee.rule, Stop):
            return [call_statement(stmt, self.library.primal(callee), call.args, results), *self._zero(results, stmt)]
        dots = [expr(self.dot(a.id)) for p, a in bound if p in request.active]
        outs = [*results, *(self.dot(r) for r in results if self.active(r))]
        return [call_statement(stmt, self.library.tangent(callee, request), [*call.args, *dots], outs)]

    def _zero(self, results: list[str], stmt: gast.stmt) -> list[gast.stmt]:
        found = []
        for name in results:
            if self.active(name):
                zero = "np.zeros_like(X)" if self.unit.types.is_array(name) else "0.0"
                found += quote(f"D = {zero}", stmt, D=self.dot(name), X=name)
        return found


def _useful(unit: Unit) -> set[str]:
    return {a.id for a in unit.results if is_name(a)} | set(unit.written)


def _tangent(unit: Unit, varied: Sequence[str], library) -> Tangent:
    library.note(decided(unit, set(varied), _useful(unit)), unit)
    return Tangent(unit, activity(unit, set(varied), _useful(unit)), library)


def entry(unit: Unit, varied: tuple[str, ...], library) -> gast.FunctionDef:
    """`f_jvp(args, dots) -> (value, value_dot)` for the parameters that vary."""
    tangent = _tangent(unit, varied, library)
    dots = [tangent.dot(p) for p in varied]
    shell = _function(f"{unit.program.tree.name}_jvp", unit, dots)
    written = [tangent.dot(p) for p in varied if p in unit.written]
    copies = own_arguments(unit, shell) + [s for p in written for s in quote("X = X.copy()", shell, X=p)]
    *body, last = unit.program.tree.body
    shell.body = [*copies, *_inactive_dots(tangent, varied), *tangent.block(body), _returned(tangent, last)]
    return shell


def _returned(tangent: Tangent, last: gast.stmt) -> gast.stmt:
    def dot(atom: gast.expr) -> gast.expr:
        if tangent.active(atom):
            return expr(tangent.dot(atom.id))
        is_array = is_name(atom) and tangent.unit.types.is_array(atom.id)
        return expr("np.zeros_like(X)", X=atom) if is_array else expr("0.0")

    if last.value is None:
        return quote("return (None, None)", last)[0]
    dots = clone(last.value)
    if isinstance(dots, gast.Tuple):
        dots.elts = [dot(e) for e in last.value.elts]
    else:
        dots = dot(last.value)
    return quote("return (V, D)", last, V=last.value, D=dots)[0]


def _inactive_dots(tangent: Tangent, varied: list[str]) -> list[gast.stmt]:
    """Tangents of array parameters that are not differentiated but may become active by stores."""
    unit = tangent.unit
    names = [p for p in unit.program.params if p not in varied and unit.types.is_array(p) and tangent.active(p)]
    return [s for p in names for s in quote("D = np.zeros_like(X)", D=tangent.dot(p), X=p)]


def helper(unit: Unit, name: str, request: Request, library) -> gast.FunctionDef:
    """`h_tangent(args, dots of active arguments) -> results, dots of active results`."""
    varied = [p for p in unit.program.params if p in request.active]
    tangent = _tangent(unit, varied, library)
    shell = _function(name, unit, [tangent.dot(p) for p in varied])
    *body, last = unit.program.tree.body
    dots = [_dot_result(tangent, unit.results[k]) for k in sorted(request.results)]
    outs = [*unit.results, *dots]
    texts = ", ".join(f"R{k}" for k in range(len(outs)))
    shape = "return" if not outs else f"return {texts}" if len(outs) == 1 else f"return ({texts})"
    closing = quote(shape, last, **{f"R{k}": out for k, out in enumerate(outs)})[0]
    shell.body = [*_inactive_dots(tangent, varied), *tangent.block(body), closing]
    return shell


def _dot_result(tangent: Tangent, atom: gast.expr) -> gast.expr:
    if not tangent.active(atom) and is_name(atom) and tangent.unit.types.is_array(atom.id):
        return expr("np.zeros_like(X)", X=atom)
    return tangent.value(atom)


def primal(unit: Unit, name: str, library) -> gast.FunctionDef:
    """The helper itself."""
    nothing = Activity(unit, frozenset())
    shell = _function(name, unit, [])
    shell.body = Tangent(unit, nothing, library).block(unit.program.tree.body)
    return shell


def _function(name: str, unit: Unit, extra: list[str]) -> gast.FunctionDef:
    return quote(f"def {name}({', '.join([*unit.program.params, *extra])}): pass", unit.program.tree)[0]
