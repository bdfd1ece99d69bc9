"""What the names of a generated function stand for: the user's variable behind each, its dimensions, its type.

Names of the primal are typed by the unit. `s_3_bar` is the adjoint of `s_3`, a version of the user's `s`; `x_old` and `s_saved` are
buffers; other new names are typed by what defines them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import gast

from sct.analyses.unit import Unit
from sct.ir.build import call_name, is_name, walk
from sct.rules.scalar import DISCRETE

_DERIVED = re.compile(r"(.+)_(bar_part|bar|dot|old|saved|then|value)(_\d+)?$")
_FLAT = frozenset({"bar", "dot", "value", "then"})
_VERSION = re.compile(r"_\d+$")
_ALIKE = frozenset({"zeros_like", "empty_like", "ones_like", "copy", "astype"})
_SHAPED = frozenset({"zeros", "empty", "ones", "full"})
RESULTS = {"reserve": (1,), "push_array": (1, 0), "pop_1d": (1, 0), "pop_2d": (2, 0), "pop_3d": (3, 0)}
"""Dimensions of the results of the runtime's functions."""
COPYING = frozenset({"push_array", "pop_1d", "pop_2d", "pop_3d", "reserve", "overlap"})


@dataclass(frozen=True)
class Stem:
    """What a name is called after: the user's variable and a suffix. Temporaries and helper variables are `made` by sct."""

    text: str
    made: bool


@dataclass(eq=False)
class Names:
    """Facts about every name of `function`. `ndim` is 0 for scalars and None where it is not known."""

    function: gast.FunctionDef
    unit: Unit
    ndim: dict[str, int | None] = field(default_factory=dict)
    params: tuple[str, ...] = ()
    defaults: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        args = self.function.args
        self.params = tuple(a.id for a in args.args)
        self.defaults = frozenset(self.params[len(self.params) - len(args.defaults) :])
        self._derived = {n: _DERIVED.fullmatch(n) for n in self._all()}
        for name in self._derived:
            known = self._known(name)
            if known is not None:
                self.ndim[name] = known
        for _ in range(3):
            for stmt in walk(self.function.body):
                self._define(stmt)

    def _all(self) -> list[str]:
        return list(dict.fromkeys(n.id for n in gast.walk(self.function) if isinstance(n, gast.Name)))

    def primal(self, name: str) -> bool:
        """Whether the name is one of the primal program."""
        return name in self.unit.types.names

    def behind(self, name: str) -> tuple[str, str] | None:
        """(`x`, `bar`) for the adjoint `x_bar` of a primal name, and so on."""
        found = self._derived.get(name)
        if found is None or self.primal(name) or not self.primal(found[1]):
            return None
        return found[1], found[2]

    def is_bar(self, name: str) -> bool:
        """Whether the name is an adjoint or a tangent, or a part of one."""
        behind = self.behind(name)
        return behind is not None and behind[1] in ("bar", "dot", "bar_part")

    def stem(self, name: str) -> Stem:
        """What the name is called after."""
        behind = self.behind(name)
        if behind is not None:
            inner = self.stem(behind[0])
            return Stem(f"{inner.text}_{behind[1]}", inner.made or behind[1] == "bar_part")
        if name in self.unit.program.params or name in self.unit.program.base:
            return Stem(self.unit.program.base.get(name, name), False)
        return Stem(_VERSION.sub("", name) or name, True)

    def kind(self, name: str) -> str:
        """A label that is equal for names that may share a variable."""
        if self.primal(name):
            return str(self.unit.types.of(name))
        dims = self.ndim.get(name)
        return f"{'float' if self.is_bar(name) else 'made'} {dims}"

    def is_array(self, name: str) -> bool:
        """Whether the name may hold an array."""
        return self.ndim.get(name) != 0

    def is_float(self, node: gast.expr) -> bool:
        """Whether an expression is surely a float scalar."""
        if isinstance(node, gast.Constant):
            return isinstance(node.value, float)
        if isinstance(node, gast.Name):
            if self.primal(node.id):
                return self.unit.types.is_float(node.id)
            return self.is_bar(node.id) and self.ndim.get(node.id) == 0
        if isinstance(node, gast.Subscript):
            return is_name(node.value) and self._float_elements(node.value.id) and self.dims(node) == 0
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

    def _float_elements(self, name: str) -> bool:
        if self.primal(name):
            return str(self.unit.types.dtype(name)).startswith("float")
        return self.is_bar(name)

    def is_int(self, node: gast.expr) -> bool:
        """Whether an expression is surely an integer scalar."""
        if isinstance(node, gast.Constant):
            return type(node.value) is int
        if isinstance(node, gast.Name):
            return self.unit.types.is_int(node.id)
        if isinstance(node, gast.UnaryOp):
            return isinstance(node.op, gast.USub) and self.is_int(node.operand)
        if isinstance(node, gast.BinOp):
            whole = isinstance(node.op, gast.Add | gast.Sub | gast.Mult | gast.FloorDiv | gast.Mod)
            return whole and self.is_int(node.left) and self.is_int(node.right)
        shape = isinstance(node, gast.Subscript) and isinstance(node.value, gast.Attribute) and node.value.attr == "shape"
        return shape or is_name(getattr(node, "func", None), "len")

    def dims(self, node: gast.expr) -> int | None:
        """The dimensions of an expression's value."""
        if isinstance(node, gast.Name):
            return self.ndim.get(node.id)
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
        taken = sum(not isinstance(p, gast.Slice) for p in parts)
        return None if whole is None or whole < taken else whole - taken

    def _call_dims(self, node: gast.Call) -> int | None:
        called = call_name(node)
        if called in _ALIKE:
            holder = node.func.value
            return self.dims(node.args[0] if is_name(holder, "np") else holder)
        if called in _SHAPED:
            shape = node.args[0]
            if isinstance(shape, gast.Attribute):
                return self.dims(shape.value)
            return len(shape.elts) if isinstance(shape, gast.Tuple) else 1
        if called in RESULTS:
            return RESULTS[called][0]
        if isinstance(node.func, gast.Attribute):
            return 0 if is_name(node.func.value, "math") or all(self.dims(a) == 0 for a in node.args) else None
        return 0 if all(self.dims(a) == 0 for a in node.args) else None

    def _known(self, name: str) -> int | None:
        if self.primal(name):
            return self.unit.types.ndim(name)
        behind = self.behind(name)
        if behind is not None and behind[1] in _FLAT:
            return self.unit.types.ndim(behind[0])
        if behind is not None and behind[1] == "bar_part":
            return 0
        if name in self.params:
            return self._parameter(name)
        return None

    def _parameter(self, name: str) -> int | None:
        """Tapes are arrays, their heights are not; a seed is what the results are."""
        if name.startswith(("tape", "ints")) and "top" not in name:
            return 1
        if "top" in name:
            return 0
        scalar = all(not (is_name(r) and self.unit.types.is_array(r.id)) for r in self.unit.results)
        return 0 if scalar and self.unit.program.returns is None else None

    def _define(self, stmt: gast.stmt) -> None:
        if isinstance(stmt, gast.For) and not self.primal(stmt.target.id):
            self.ndim[stmt.target.id] = 0
        if not isinstance(stmt, gast.Assign):
            return
        target = stmt.targets[0]
        if is_name(target):
            self._learn(target.id, self.dims(stmt.value))
        elif isinstance(target, gast.Tuple):
            known = RESULTS.get(call_name(stmt.value))
            for k, element in enumerate(target.elts):
                if known is not None:
                    self._learn(element.id, known[k])
                elif isinstance(stmt.value, gast.Tuple):
                    self._learn(element.id, self.dims(stmt.value.elts[k]))

    def _learn(self, name: str, dims: int | None) -> None:
        if name not in self.ndim and dims is not None:
            self.ndim[name] = dims
