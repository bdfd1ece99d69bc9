"""Which axes are known to have the same length.

Each axis has a key, a text; axes with the same key have the same length. Keys are read off the program:
`np.zeros(len(x))`, `x + 1.0` and `x` share theirs, and a slice such as `x[1:-1]` has that of `x[2:]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import gast

from sct.analyses.regions import is_permutation
from sct.ir.build import is_name, literal, loads, nodes, targets, text, walk
from sct.lowering.subscripts import axes, is_full
from sct.lowering.work import Work

Keys = tuple[str, ...]
LONGEST = 200
"""Characters of a key: products of products would double it with each assignment."""

_KNOWN = gast.BinOp | gast.Call | gast.Subscript | gast.Constant


@dataclass(eq=False)
class Shapes:
    """`arrays`: keys of the axes; `scalars`: what integers are; `same`: keys found equal by checks so far."""

    work: Work
    arrays: dict[str, Keys] = field(default_factory=dict)
    scalars: dict[str, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)

    def inner(self) -> Shapes:
        """What holds at the start of a block inside this one."""
        return Shapes(self.work, dict(self.arrays), dict(self.scalars), dict(self.same))

    def of(self, name: str) -> Keys:
        if name not in self.arrays:
            self.arrays[name] = tuple(f"{name}.shape[{k}]" for k in range(self.work.types.ndim(name)))
        return self.arrays[name]

    def equal(self, a: str, b: str) -> bool:
        return self._find(a) == self._find(b)

    def is_one(self, key: str) -> bool:
        """Whether an axis is known to have length 1."""
        return self.equal(key, "1")

    def unite(self, a: str, b: str) -> None:
        if not self.equal(a, b):
            self.same[self._find(b)] = self._find(a)

    def _find(self, key: str) -> str:
        while key in self.same:
            key = self.same[key]
        return key

    def enter_loop(self, loop: gast.stmt) -> None:
        """Arrays that change places keep their shapes only where these are all the same."""
        names = [t for s in walk(loop.body) if is_permutation(s) for t in targets(s)]
        if len({tuple(map(self._find, self.of(n))) for n in names}) > 1:
            for name in names:
                del self.arrays[name]

    def leave_if(self, arms: list[Shapes], merged: list[str]) -> None:
        for name in merged:
            found = {arm.of(name) for arm in arms}
            if len(found) == 1:
                self.arrays[name] = found.pop()

    def learn(self, stmt: gast.stmt) -> None:
        """Note what an assignment says about the shape or the value of its name."""
        if not (isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])):
            return
        name, value = stmt.targets[0].id, stmt.value
        if self.work.types.is_array(name):
            keys = self._array(value)
            if keys is not None:
                self.arrays[name] = keys
        elif self.work.types.is_int(name) and isinstance(value, _KNOWN) and not _is_load(value):
            found = self.canonical(value)
            if len(found) <= LONGEST:
                self.scalars[name] = found

    def _array(self, value: gast.expr) -> Keys | None:
        if is_name(value):
            return self.of(value.id)
        if isinstance(value, gast.Attribute) and value.attr == "T":
            return self.of(value.value.id)[::-1]
        if isinstance(value, gast.Subscript):
            found = axes(value, self.work)
            whole = self.of(found.array)
            return tuple("1" if k is None else self._sliced(whole[k], found.parts[k]) for k in found.result)
        if isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute) and value.args:
            return self._made(value)
        return None

    def _made(self, call: gast.Call) -> Keys | None:
        if call.func.attr in {"zeros_like", "empty_like", "copy"}:
            return self.of(call.args[0].id)
        if call.func.attr in {"zeros", "empty"}:
            return self.shape_keys(call.args[0])
        if call.func.attr == "reshape":
            return self._reshaped(call)
        if call.func.attr == "transpose":
            keys = self.of(call.args[0].id)
            return tuple(keys[axis.value] for axis in call.args[1].elts)
        return None

    def _reshaped(self, call: gast.Call) -> Keys | None:
        """The keys of the new shape; a length of -1 is known only where it is the only one."""
        array, shape = call.args
        keys = self.shape_keys(shape)
        if keys is None or "-1" not in keys:
            return keys
        if len(keys) == 1:
            return self.of(array.id) if self.work.types.ndim(array.id) == 1 else (f"{array.id}.size",)
        target = text(call)
        return tuple(f"{target}.shape[{k}]" if key == "-1" else key for k, key in enumerate(keys))

    def shape_keys(self, shape: gast.expr) -> Keys | None:
        """The keys of an array allocated with `shape`."""
        if isinstance(shape, gast.Attribute) and shape.attr == "shape":
            return self.of(shape.value.id)
        if isinstance(shape, gast.Tuple):
            return tuple(map(self.canonical, shape.elts))
        return None if is_name(shape) and not _is_integer(shape.id, self.work) else (self.canonical(shape),)

    def _sliced(self, key: str, part: gast.Slice) -> str:
        if is_full(part) or text(part) == "::-1":
            return key
        cut = _cut(part)
        if cut is not None:
            base, before = _without_cut(self._find(key))
            return f"{base} less {before + cut}" if before + cut else key
        bounds = ("" if p is None else self.canonical(p) for p in (part.lower, part.upper, part.step))
        return f"{key}[{':'.join(bounds)}]"

    def canonical(self, tree: gast.expr) -> str:
        """The value of an integer expression, as a text that is the same for the same value."""
        if is_name(tree):
            return self.scalars.get(tree.id, tree.id)
        if isinstance(tree, gast.BinOp):
            return f"({self.canonical(tree.left)} {type(tree.op).__name__} {self.canonical(tree.right)})"
        if isinstance(tree, gast.Call) and is_name(tree.func, "len") and is_name(tree.args[0]):
            return self.of(tree.args[0].id)[0]
        if isinstance(tree, gast.Subscript) and isinstance(tree.value, gast.Attribute):
            axis = tree.slice.value if isinstance(tree.slice, gast.Constant) else None
            return self.of(tree.value.value.id)[axis] if axis is not None else text(tree)
        return text(tree)


def _is_load(value: gast.expr) -> bool:
    """A value that the same text may not give twice."""
    calls = [n for n in nodes(value) if isinstance(n, gast.Call) and not is_name(n.func, "len")]
    return bool(calls or loads(value))


def _is_integer(name: str, work: Work) -> bool:
    return work.types.is_int(name)


def _cut(part: gast.Slice) -> int | None:
    """How many elements `a[2:]`, `a[:-1]` or `a[2:-1]` leave out, if there are that many; None for other slices."""
    first = 0 if part.lower is None else literal(part.lower)
    last = 0 if part.upper is None else literal(part.upper)
    if part.step is not None or first is None or last is None:
        return None
    return first - last if first >= 0 and (part.upper is None or last < 0) else None


def _without_cut(key: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.*) less (\d+)", key)
    return (found[1], int(found[2])) if found else (key, 0)
