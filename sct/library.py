"""The functions of a generated module, made on demand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import gast

from sct import runtime
from sct.analyses.unit import Unit
from sct.custom import Jvp, Vjp
from sct.ir.build import Fresh
from sct.optimise import optimise
from sct.prepare import Units
from sct.transform import adjoint, custom, tangent
from sct.transform.adjoint import Options
from sct.transform.calls import Pair, Request
from sct.transform.sweeps import Sweeps


@dataclass(eq=False)
class Library:
    """Derivatives of the units, helpers before those that call them, and what the user is to be told of them.

    `bare`: a function that has a rule of the user's stands in the module without it. `sweeps`: those of each unit, by whether
    they are two functions. `obstacles`: why loops of the entry are not split among threads, by line.
    """

    options: Options
    units: Units
    functions: list[gast.FunctionDef] = field(default_factory=list)
    made: dict[tuple, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sweeps: dict[tuple[Unit, bool], Sweeps] = field(default_factory=dict)
    obstacles: dict[int, str] = field(default_factory=dict)
    bare: bool = False

    @property
    def names(self) -> set[str]:
        return self.units.fresh.taken

    def note(self, decided: dict[str, list[str]], unit: Unit) -> None:
        """Say once for each variable that comparisons decide its value."""
        program = unit.program
        for name, arguments in decided.items():
            line = unit.facts.carried[name].lineno
            shown = ", ".join(f"`{program.base.get(a, a)}`" for a in arguments)
            note = (
                f"{program.source.file}, line {line}: only comparisons connect `{program.base.get(name, name)}` with {shown}, "
                "as in a bisection, so this derivative leaves it out. If it is the solution of an equation, "
                "differentiate the equation (implicit function theorem)."
            )
            if note not in self.notes:
                self.notes.append(note)

    def class_name(self, kind: type, taken: set[str]) -> str:
        """The name of a class of the user's in the generated module, where a function uses the names `taken`."""
        found = (name for name, value in self.units.constants.items() if value is kind and name not in taken)
        name = next(found, None) or Fresh(self.units.fresh.taken | taken)(kind.__name__)
        self.units.fresh.taken.add(name)
        self.units.constants[name] = kind
        return name

    def primal(self, unit: Unit) -> str:
        """The name of the helper itself in the generated module; the runtime's are imported."""
        key = (unit, "primal")
        if unit.program.source.function.__module__ == runtime.__name__:
            return unit.program.tree.name
        if unit.native is not None:
            return f"linalg.{unit.native.name}"
        if isinstance(unit.rule, Vjp | Jvp):
            self.bare = True
        if key not in self.made:
            self.made[key] = self.units.function_name(unit.program.tree.name)
            self.functions.append(optimise(tangent.primal(unit, self.made[key], self), unit))
        return self.made[key]

    def value(self, unit: Unit) -> str:
        """A function that gives the helper's results: by its own rule where that can be differentiated again."""
        if not isinstance(unit.rule, Vjp | Jvp) or unit.native is not None:
            return self.primal(unit)
        key = (unit, "value")
        if key not in self.made:
            self.made[key] = self.units.function_name(unit.program.tree.name)
            self.functions.append(custom.value(unit, self.made[key], self))
        return self.made[key]

    def joint(self, unit: Unit, request: Request) -> str:
        key = (unit, "joint", request)
        if key not in self.made:
            self.made[key] = self.units.function_name(f"{unit.program.tree.name}_adjoint")
            if unit.rule is not None:
                self.functions.append(custom.joint(unit, self.made[key], request, self))
                return self.made[key]
            self.functions.append(optimise(adjoint.joint(unit, self.made[key], request, self.options, self), unit))
        return self.made[key]

    def pair(self, unit: Unit, request: Request) -> Pair:
        """One that calls itself is made again until it uses the tapes that its calls are given; if it calls itself to have its
        arguments restored, that one serves for all."""
        key, tapes = (unit, "pair", request), ()
        restoring = replace(request, restored=unit.written)
        while key not in self.made:
            before, name = self._state(), unit.program.tree.name
            names = self.units.function_name(f"{name}_forward"), self.units.function_name(f"{name}_reverse")
            self.made[key] = Pair(*names, tapes)
            forward, reverse, used = adjoint.pair(unit, names, request, self.options, self)
            if unit.recursive and restoring != request and (unit, "pair", restoring) in self.made:
                self._back_to(before)
                self.made[key] = self.pair(unit, restoring)
            elif unit.recursive and used != tapes:
                self._back_to(before)
                tapes = used
            else:
                self.made[key] = Pair(*names, used)
                self.functions += [optimise(forward, unit), optimise(reverse, unit)]
        return self.made[key]

    def _state(self) -> tuple[int, dict[tuple, Any], set[str]]:
        return len(self.functions), dict(self.made), set(self.names)

    def _back_to(self, state: tuple[int, dict[tuple, Any], set[str]]) -> None:
        del self.functions[state[0] :]
        self.made, self.units.fresh.taken = dict(state[1]), set(state[2])

    def tangent(self, unit: Unit, request: Request) -> str:
        key = (unit, "tangent", request)
        if key not in self.made:
            self.made[key] = self.units.function_name(f"{unit.program.tree.name}_tangent")
            if unit.rule is not None:
                self.functions.append(custom.tangent(unit, self.made[key], request, self))
                return self.made[key]
            self.functions.append(optimise(tangent.helper(unit, self.made[key], request, self), unit))
        return self.made[key]
