"""What the names of a generated function stand for: the user's variable behind each, its dimensions, its type.

Names of the primal are typed by the unit. `s_3_bar` is the adjoint of `s_3`, a version of the user's `s`; `x_old` and
`s_saved` are buffers; other new names are typed by what defines them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import gast

from sct.analyses.unit import Unit
from sct.ir.build import call_name, is_name, nodes, walk
from sct.rules.scalar import DISCRETE

_DERIVED = re.compile(r"(.+)_(bar_part|bar|dot|old|saved|then|value)(_\d+)?$")
_FLAT = frozenset({"bar", "bar_part", "dot", "value", "then"})
_VERSION = re.compile(r"(_\d+(_k)?|(?<=\bt)_k)$")
_ALIKE = frozenset({"zeros_like", "empty_like", "ones_like", "copy", "astype"})
_SHAPED = frozenset({"zeros", "empty", "ones", "full"})
PUSHES = frozenset({"push_1d", "push_2d", "push_3d", "push_4d"})
RESULTS = {"reserve": (1,), "pop_1d": (1, 0), "pop_2d": (2, 0), "pop_3d": (3, 0), "pop_4d": (4, 0)}
RESULTS |= dict.fromkeys(PUSHES, (1, 0))
"""Dimensions of the results of the runtime's functions."""
COPYING = frozenset({*RESULTS, "common_length", "overlap"})


@dataclass(frozen=True)
class Stem:
    """What a name is called after: the user's variable and a suffix. Temporaries are `made` by sct."""

    text: str
    made: bool


@dataclass(frozen=True)
class Fact:
    """About one name: `ndim` is 0 for scalars and None where it is not known, `dtype` is a Numba name or empty.

    `kind` is equal for names that may share a variable; `bar` marks adjoints and tangents.
    """

    stem: Stem
    kind: str
    ndim: int | None = None
    dtype: str = ""
    bar: bool = False


@dataclass(eq=False)
class Names:
    """Facts about every name of a function."""

    unit: Unit
    params: tuple[str, ...]
    defaults: frozenset[str]
    facts: dict[str, Fact]

    def renamed(self, given: dict[str, str], stems: dict[str, Stem]) -> Names:
        """The facts under new names, called after `stems`; a new name may be that of a variable that is gone."""
        facts = {n: f for n, f in self.facts.items() if n not in given}
        facts |= {new: replace(self.facts[n], stem=stems[n]) for n, new in given.items() if n in self.facts}
        return Names(self.unit, self.params, self.defaults, facts)

    def ndim(self, name: str) -> int | None:
        """The dimensions of what a name holds; None where that is not known."""
        return self.facts[name].ndim if name in self.facts else None

    def is_array(self, name: str) -> bool:
        """Whether the name may hold an array."""
        return self.ndim(name) != 0

    def is_bar(self, name: str) -> bool:
        """Whether the name is an adjoint or a tangent, or a part of one."""
        return name in self.facts and self.facts[name].bar

    def stem(self, name: str) -> Stem:
        """What the name is called after."""
        return self.facts[name].stem if name in self.facts else Stem(name, False)

    def kind(self, name: str) -> str:
        """A label that is equal for names that may share a variable."""
        return self.facts[name].kind if name in self.facts else f"unknown {name}"

    def dtype(self, name: str) -> str:
        """Numba's name of the type, of an array's elements; empty where it is not known."""
        return self.facts[name].dtype if name in self.facts else ""

    def is_float(self, node: gast.expr) -> bool:
        """Whether an expression is surely a float scalar."""
        if isinstance(node, gast.Constant):
            return isinstance(node.value, float)
        if isinstance(node, gast.Name):
            return self.dtype(node.id).startswith("float") and self.ndim(node.id) == 0
        if isinstance(node, gast.Subscript):
            return is_name(node.value) and self.dtype(node.value.id).startswith("float") and self.dims(node) == 0
        if isinstance(node, gast.UnaryOp):
            return self.is_float(node.operand)
        if isinstance(node, gast.IfExp):
            return self.is_float(node.body) and self.is_float(node.orelse)
        if isinstance(node, gast.BinOp):
            if self.dims(node.left) != 0 or self.dims(node.right) != 0:
                return False
            return isinstance(node.op, gast.Div) or self.is_float(node.left) or self.is_float(node.right)
        return isinstance(node, gast.Call) and self._float_call(node)

    def _float_call(self, node: gast.Call) -> bool:
        if isinstance(node.func, gast.Attribute) and is_name(node.func.value, "math"):
            return call_name(node) not in DISCRETE
        return is_name(node.func, "float")

    def is_int(self, node: gast.expr) -> bool:
        """Whether an expression is surely an integer scalar."""
        if isinstance(node, gast.Constant):
            return type(node.value) is int
        if isinstance(node, gast.Name):
            return self.dtype(node.id).startswith(("int", "uint")) and self.ndim(node.id) == 0
        if isinstance(node, gast.UnaryOp):
            return isinstance(node.op, gast.USub) and self.is_int(node.operand)
        if isinstance(node, gast.BinOp):
            whole = isinstance(node.op, gast.Add | gast.Sub | gast.Mult | gast.FloorDiv | gast.Mod)
            return whole and self.is_int(node.left) and self.is_int(node.right)
        holder = getattr(node, "value", None)
        is_shape = isinstance(node, gast.Subscript) and isinstance(holder, gast.Attribute) and holder.attr == "shape"
        return is_shape or is_name(getattr(node, "func", None), "len")

    def dims(self, node: gast.expr) -> int | None:
        """The dimensions of an expression's value."""
        if isinstance(node, gast.Name):
            return self.ndim(node.id)
        if isinstance(node, gast.Subscript):
            return self._subscript_dims(node)
        if isinstance(node, gast.Attribute):
            return self.dims(node.value) if node.attr == "T" else 0
        if isinstance(node, gast.Call):
            return self._call_dims(node)
        if isinstance(node, gast.BinOp):
            left, right = self.dims(node.left), self.dims(node.right)
            return None if left is None or right is None else max(left, right)
        if isinstance(node, gast.UnaryOp):
            return self.dims(node.operand)
        return 0

    def _subscript_dims(self, node: gast.Subscript) -> int | None:
        if isinstance(node.value, gast.Attribute):
            return 0
        whole = self.dims(node.value)
        parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
        new = sum(isinstance(p, gast.Constant) and p.value is None for p in parts)
        taken = sum(not isinstance(p, gast.Slice) for p in parts) - new
        return None if whole is None or whole < taken else whole - taken + new

    def _call_dims(self, node: gast.Call) -> int | None:
        called = call_name(node)
        if called in _ALIKE:
            holder = node.func.value
            return self.dims(node.args[0] if is_name(holder, "np") else holder)
        if called == "transpose":
            return self.dims(node.args[0])
        if called in _SHAPED or called == "reshape":
            shape = node.args[called == "reshape"]
            if isinstance(shape, gast.Attribute):
                return self.dims(shape.value)
            return len(shape.elts) if isinstance(shape, gast.Tuple) else 1
        if called in RESULTS:
            return RESULTS[called][0]
        if isinstance(node.func, gast.Attribute):
            return 0 if is_name(node.func.value, "math") or all(self.dims(a) == 0 for a in node.args) else None
        return 0 if all(self.dims(a) == 0 for a in node.args) else None


def names_of(function: gast.FunctionDef, unit: Unit) -> Names:
    """The facts about the names of a function as the transforms made it."""
    args = function.args
    params = tuple(a.id for a in args.args)
    found = Names(unit, params, frozenset(params[len(params) - len(args.defaults) :]), {})
    every = list(dict.fromkeys(n.id for n in nodes(function) if isinstance(n, gast.Name)))
    for name in every:
        fact = _fact(name, found)
        if fact is not None:
            found.facts[name] = fact
    for _ in range(3):
        for stmt in walk(function.body):
            _define(stmt, found)
    return found


def behind_of(name: str, unit: Unit) -> tuple[str, str] | None:
    """(`x`, `bar`) for the adjoint `x_bar` of a primal name, and so on."""
    found = _DERIVED.fullmatch(name)
    if found is None or name in unit.types.names or found[1] not in unit.types.names:
        return None
    return found[1], found[2]


def stem_of(name: str, unit: Unit) -> Stem:
    """What a name of the transforms' output is called after."""
    behind = behind_of(name, unit)
    if behind is not None:
        inner = stem_of(behind[0], unit)
        return Stem(f"{inner.text}_{behind[1]}", inner.made or behind[1] == "bar_part")
    if name in unit.program.params or name in unit.program.base:
        base = unit.program.base.get(name, name)
        return Stem("k", True) if base == "_" else Stem(base, False)
    return Stem(_VERSION.sub("", name) or name, True)


def _fact(name: str, names: Names) -> Fact | None:
    """What is known of a name before looking at its definition."""
    types, stem = names.unit.types, stem_of(name, names.unit)
    if name in types.names:
        return Fact(stem, str(types.of(name)), types.ndim(name), str(types.dtype(name)))
    behind = behind_of(name, names.unit)
    if behind is not None and behind[1] in _FLAT:
        dims, dtype = types.ndim(behind[0]), str(types.dtype(behind[0]))
        return Fact(stem, f"{behind[1]} {dims} {dtype}", dims, dtype, behind[1] in ("bar", "bar_part", "dot"))
    if name in names.params:
        dims = _parameter_dims(name, names.unit)
        return Fact(Stem(name, False), f"parameter {dims}", dims)
    return None


def _parameter_dims(name: str, unit: Unit) -> int | None:
    """Tapes are arrays, their heights are not; a seed is what the results are."""
    if name.startswith(("tape", "ints")) and "top" not in name:
        return 1
    if "top" in name:
        return 0
    scalar = all(not (is_name(r) and unit.types.is_array(r.id)) for r in unit.results)
    return 0 if scalar and unit.program.returns is None else None


def _define(stmt: gast.stmt, names: Names) -> None:
    if isinstance(stmt, gast.For):
        _learn(stmt.target.id, 0, names, "int64")
    if not isinstance(stmt, gast.Assign):
        return
    target = stmt.targets[0]
    if is_name(target):
        _learn(target.id, names.dims(stmt.value), names, _dtype(stmt.value, names))
    elif isinstance(target, gast.Tuple):
        known = RESULTS.get(call_name(stmt.value))
        for k, element in enumerate(target.elts):
            if known is not None:
                _learn(element.id, known[k], names)
            elif isinstance(stmt.value, gast.Tuple):
                _learn(element.id, names.dims(stmt.value.elts[k]), names)


def _dtype(value: gast.expr, names: Names) -> str:
    if names.is_int(value):
        return "int64"
    plain = call_name(value) in _SHAPED and len(value.args) == 1
    return "float64" if plain or names.is_float(value) else ""


def _learn(name: str, dims: int | None, names: Names, dtype: str = "") -> None:
    if name not in names.facts:
        if dims is not None:
            names.facts[name] = Fact(stem_of(name, names.unit), f"made {dims} {dtype}", dims, dtype)
    elif names.facts[name].kind.startswith("made") and dtype != names.facts[name].dtype:
        names.facts[name] = Fact(names.facts[name].stem, f"made {dims}", dims)
