"""From source to units: functions parsed, typed and lowered, with the helpers that they call."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from sct import runtime
from sct.analyses.native import check_native
from sct.analyses.unit import Unit
from sct.custom import rule_of
from sct.errors import NotDifferentiable, UnsupportedSyntax
from sct.frontend.callee import Callee
from sct.ir.build import Fresh, call_name, is_name, substitute, targets, walk
from sct.ir.check import check
from sct.ir.program import Program
from sct.lowering import lower
from sct.lowering.inline import calls, hidden_views, inline, tangled_calls
from sct.optimise.common import merge_common
from sct.types import Types, infer

Key = tuple[Callee, tuple, tuple[tuple[str, str], ...]]
"""A function, the Numba types of its arguments, and which of these share memory (see `Unit.same`)."""


@dataclass(eq=False)
class Units:
    """The functions of one module, as they are differentiated, and the constants that they name.

    `texts` are their core programs before lowering. With `in_one`, helpers with loops are written out where one function is to
    do both sweeps of these (see `sct.budget`).
    """

    constants: dict[str, Any] = field(default_factory=dict)
    fresh: Fresh = field(default_factory=lambda: Fresh({*runtime.__all__, *dir(builtins)}))
    units: dict[Key, Unit] = field(default_factory=dict)
    texts: dict[Key, Program] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    in_one: bool = False

    def prepare(self, function: Callee, argtypes: tuple) -> Unit:
        """Parse, type and lower a function, and the helpers that it calls."""
        unit = self._unit(function, argtypes, ())
        for key in (keys := list(self.units)):
            self._untangle(key, self.units[key] is unit)
            self._with_alias_patterns(self.units[key])
            keys += list(self.units)[len(keys) :]
        for each in self.units.values():
            _refuse_stored_constants(each)
            if merge_common(each):
                check(each.program, "common")
                each.renew()
        self.variables = {name for each in self.units.values() for name in _variables(each.program)}
        return unit

    def function_name(self, wish: str) -> str:
        """A new name in the module that no variable of a function has."""
        name = Fresh(self.fresh.taken | self.variables)(wish)
        self.fresh.taken.add(name)
        return name

    def _unit(self, *key: Any) -> Unit:
        """The unit for a key; a function that calls itself meets its own, still without callees."""
        function, _, same = key
        if key not in self.units:
            self.texts[key] = self._with_own_constants(function.load())
            unit = self.units[key] = Unit(*self._lowered(key), same=dict(same))
            self._with_callees(unit)
        return self.units[key]

    def _lowered(self, key: Key) -> tuple[Program, Types]:
        """The lowered program and its types, with the helpers written out that hide which arrays share memory."""
        typed = infer(self.texts[key], key[1])
        hiding = hidden_views(self.texts[key], typed)
        while hiding:
            self._write_out(key, hiding, typed)
            typed = infer(self.texts[key], key[1])
            hiding = hidden_views(self.texts[key], typed)
        lowered = lower(self.texts[key], typed, dict(key[2]))
        check(lowered, "lowering")
        return lowered, infer(lowered, key[1])

    def _write_out(self, key: Key, numbers: list[int], types: Types) -> None:
        self._keep_rules(key, numbers)
        self.texts[key] = self._with_own_constants(inline(self.texts[key], numbers, types))

    def _keep_rules(self, key: Key, numbers: list[int]) -> None:
        program = self.texts[key]
        for call in (calls(program)[k] for k in numbers):
            if rule_of(program.helpers[call.func.id].function) is not None:
                raise NotDifferentiable(
                    f"`{call.func.id}`, which has a derivative of its own, returns part of an argument",
                    place=program.source.place(call),
                    remedy="return a copy",
                )

    def _untangle(self, key: Key, entry: bool) -> None:
        """Write out calls with arrays that share memory, until there are none."""
        unit = self.units[key]
        tangled = tangled_calls(unit, entry, self.in_one)
        while tangled:
            self._write_out(key, tangled, infer(self.texts[key], key[1]))
            unit.become(*self._lowered(key))
            self._with_callees(unit)
            tangled = tangled_calls(unit, entry, self.in_one)

    def _with_callees(self, unit: Unit) -> None:
        for call in unit.helper_calls():
            unit.callees[id(call)] = self._callee(unit, call, ())

    def _with_alias_patterns(self, unit: Unit) -> None:
        """Callees for what the arguments share."""
        for call in unit.helper_calls():
            same = _alias_pattern(unit, call)
            if same:
                unit.callees[id(call)] = self._callee(unit, call, same)

    def _callee(self, unit: Unit, call: gast.Call, same: tuple[tuple[str, str], ...]) -> Unit:
        helper = unit.program.helpers[call_name(call)]
        check_native(unit, call, helper.function)
        return self._unit(helper, tuple(unit.argument_type(a) for a in call.args), same)

    def _with_own_constants(self, program: Program) -> Program:
        """Constants under names that mean the same value everywhere in the module."""
        renamed: dict[str, str] = {}
        for name, value in program.constants.items():
            if name not in self.constants:
                self.fresh.taken.add(name)
            elif not _equal(self.constants[name], value):
                renamed[name] = self.fresh(name)
            self.constants[renamed.get(name, name)] = value
        if renamed:
            program.tree = substitute(program.tree, renamed)
            program.constants = {renamed.get(name, name): value for name, value in program.constants.items()}
        return program


def _refuse_stored_constants(unit: Unit) -> None:
    for stmt in unit.facts.statements():
        for name in unit.stores(stmt):
            if stored := sorted(unit.alias.of(name) & unit.program.constants.keys()):
                raise UnsupportedSyntax(
                    f"storing to the global array {stored[0]}",
                    place=unit.program.source.place(stmt),
                    remedy="pass the array in as an argument",
                )


def _variables(program: Program) -> set[str]:
    return {*program.params, *program.base.values(), *(name for stmt in walk(program.tree.body) for name in targets(stmt))}


def _equal(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and not isinstance(a, type) and np.array_equal(a, b))


def _alias_pattern(unit: Unit, call: gast.Call) -> tuple[tuple[str, str], ...]:
    """(parameter, first parameter) for arguments that may share memory, if only through a third one."""
    params = unit.callee(call).program.params
    groups: list[list[tuple[str, str]]] = []
    for p, a in zip(params, call.args, strict=True):
        if is_name(a) and unit.types.is_array(a.id):
            met = [group for group in groups if any(unit.alias.may(a.id, b) for _, b in group)]
            joined = [*(pair for group in met for pair in group), (p, a.id)]
            groups = [*(g for g in groups if g not in met), sorted(joined, key=lambda pair: params.index(pair[0]))]
    return tuple((p, group[0][0]) for group in groups for p, _ in group[1:])
