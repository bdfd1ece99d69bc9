"""Array statements become loops. Expressions that are used once are written into the loop of what uses them.

    t = a * x                      y = np.empty(len(x))
    y = t + b             ->       for k in range(len(x)):
                                       x_k = x[k]
                                       t_k = a * x_k
                                       y_k = t_k + b
                                       y[k] = y_k
"""

from __future__ import annotations

import gast
import numpy as np
from numba.core import types as nt

from sct.analyses.alias import view_base
from sct.ir.build import bodies, call_name, is_name, is_one_of, names_in, store_target, targets, text, walk
from sct.ir.contraction import is_product
from sct.lowering.elementwise import Arrays
from sct.lowering.fill import NEW, allocation
from sct.lowering.gather import gather, scatter
from sct.lowering.join import JOINED, joined, literal_array
from sct.lowering.picked import is_gather, is_picking, is_pointwise, rank
from sct.lowering.products import is_inner, product
from sct.lowering.ranges import arange
from sct.lowering.reductions import REDUCTIONS, reduction
from sct.lowering.roots import Roots, roots_of
from sct.lowering.shapes import Shapes
from sct.lowering.stores import store
from sct.lowering.subscripts import axes
from sct.lowering.wholes import whole_reads, wholes
from sct.lowering.work import Work

SAFE_TO_FUSE = (nt.float64, nt.float32, nt.int64, nt.boolean)
"""Element types whose scalars Numba computes with as it does with arrays; it widens narrower integers."""


LOWERINGS = (
    (is_product, product),
    (lambda value: call_name(value) in REDUCTIONS, reduction),
    (lambda value: call_name(value) in NEW, allocation),
    (lambda value: call_name(value) == "array", literal_array),
    (lambda value: call_name(value) in JOINED, joined),
    (lambda value: call_name(value) == "arange", arange),
)
"""What to do with the right sides that are not elementwise."""


def expand(work: Work) -> None:
    used: dict[str, int] = {}
    for stmt in walk(work.body):
        for name in set(_names_of(stmt)):
            used[name] = used.get(name, 0) + 1
    shapes = Shapes(work)
    work.body[:] = _Expander(work, roots_of(work), used).block(work.body, shapes)


def _names_of(stmt: gast.stmt) -> list[str]:
    """Names in a statement itself, without what is in its blocks and what it binds."""
    bound = targets(stmt)
    if isinstance(stmt, gast.If | gast.While):
        return names_in(stmt.test)
    if isinstance(stmt, gast.For):
        return names_in(stmt.iter)
    if isinstance(stmt, gast.Assign) and bound:
        return names_in(stmt.value)
    return names_in(stmt)


class _Expander:
    def __init__(self, work: Work, roots: Roots, used: dict[str, int]) -> None:
        self.work, self.roots, self.used = work, roots, used
        self.views: dict[str, str] = {}

    def block(self, block: list[gast.stmt], shapes: Shapes) -> list[gast.stmt]:
        arrays = Arrays(self.work, self.roots, shapes, self.views)
        for k, stmt in enumerate(block):
            if self._can_wait(block, k, arrays):
                arrays.pending[stmt.targets[0].id] = stmt
                continue
            written = [name for s in walk([stmt]) for name in self.roots.written_by(s)]
            for lowered in self._inside(stmt, shapes) if bodies(stmt) else self._statement(stmt, arrays):
                shapes.learn(lowered)
                arrays.learn(lowered)
                arrays.out.append(lowered)
            arrays.forget(written)
        return arrays.out

    def _inside(self, stmt: gast.stmt, shapes: Shapes) -> list[gast.stmt]:
        if isinstance(stmt, gast.If):
            arms = [shapes.inner(), shapes.inner()]
            merged = set(_bound(stmt.body)) & set(_bound(stmt.orelse))
            stmt.body, stmt.orelse = self.block(stmt.body, arms[0]), self.block(stmt.orelse, arms[1])
            shapes.leave_if(arms, [n for n in merged if self.work.types.is_array(n)])
        else:
            shapes.enter_loop(stmt)
            stmt.body = self.block(stmt.body, shapes.inner())
        return [stmt]

    def _can_wait(self, block: list[gast.stmt], k: int, arrays: Arrays) -> bool:
        """Whether the loop of an elementwise statement can be left to the statement that uses its result."""
        stmt = block[k]
        if not self._is_elementwise(stmt):
            return False
        name = stmt.targets[0].id
        user = next((j for j in range(k + 1, len(block)) if name in _names_of(block[j])), None)
        if self.used.get(name) != 1 or user is None or self.work.types.dtype(name) not in SAFE_TO_FUSE:
            return False
        written = [w for s in walk(block[k + 1 : user]) for w in self.roots.written_by(s)]
        leaves = arrays.leaves(stmt.value)
        changed = any(self.roots.may_overlap(read, w) for read in leaves + arrays.picked(stmt.value) for w in written)
        repeated = leaves and arrays.repeated(leaves)
        return self._takes_elements(block[user], name) and not changed and not repeated

    def _takes_elements(self, stmt: gast.stmt, name: str) -> bool:
        """Whether the statement reads each element of `name` once and nothing else of it."""
        value, types = getattr(stmt, "value", None), self.work.types
        if value is None or names_in(stmt).count(name) != whole_reads(value, types).count(name):
            return False
        target = store_target(stmt)
        if target is not None:
            count = rank(target, types) if is_picking(target, types) else len(axes(target, self.work).result)
            return is_name(value, name) and count == types.ndim(name)
        if is_product(value):
            return is_inner(value, types)
        if self._is_elementwise(stmt):
            return types.ndim(stmt.targets[0].id) == types.ndim(name)
        return isinstance(stmt, gast.Assign) and call_name(value) in REDUCTIONS

    def _is_elementwise(self, stmt: gast.stmt) -> bool:
        target, value = getattr(stmt, "targets", [None])[0], getattr(stmt, "value", None)
        if not (is_name(target) and self.work.types.is_array(target.id)):
            return False
        if is_gather(value):
            return is_pointwise(value.args[0], self.work.types)
        if isinstance(value, gast.Call):
            return not is_one_of(value.func, self.work.program.helpers) and is_elementwise(value)
        return isinstance(value, gast.BinOp | gast.UnaryOp | gast.Compare) and not is_product(value)

    def _statement(self, stmt: gast.stmt, arrays: Arrays) -> list[gast.stmt]:
        target = store_target(stmt)
        if target is not None:
            if is_picking(target, self.work.types):
                return scatter(stmt, arrays)
            return [stmt] if axes(target, self.work).is_element else store(stmt, arrays)
        value = getattr(stmt, "value", None)
        if not isinstance(stmt, gast.Assign | gast.Expr) or isinstance(value, gast.Tuple):
            return [stmt]
        if call_name(value) == "where" and not wholes(value, self.work.types):
            return arrays.scalar(stmt)
        if self._is_kept(stmt, value):
            return [stmt]
        if isinstance(stmt, gast.Assign):
            if is_gather(value) and not self._is_elementwise(stmt):
                return gather(stmt, arrays)
            for applies, lower in LOWERINGS:
                if applies(value):
                    return lower(stmt, arrays)
        if self._is_elementwise(stmt) and arrays.leaves(value):
            return arrays.elementwise(stmt)
        raise self._refusal(stmt, value)

    def _is_kept(self, stmt: gast.stmt, value: gast.expr) -> bool:
        """Scalars, views, names and helper calls stay as they are."""
        types = self.work.types
        if isinstance(value, gast.Subscript) and is_name(value.value) and types.is_array(value.value.id):
            return True
        if isinstance(value, gast.Call) and is_one_of(value.func, self.work.program.helpers):
            return True
        if view_base(value) is not None or isinstance(value, gast.Attribute) or call_name(value) in ("overlap", "reserve"):
            return True
        if call_name(value) in NEW or is_product(value):
            return False
        makes_array = isinstance(stmt, gast.Assign) and any(map(types.is_array, targets(stmt)))
        return not makes_array and not wholes(value, types)

    def _refusal(self, stmt: gast.stmt, value: gast.expr) -> Exception:
        remedy = "write it as a loop over the elements."
        if isinstance(value, gast.Call):
            return self.work.call(value, f"`{text(value.func)}` on arrays is not supported yet", remedy)
        return self.work.syntax(stmt, "this use of a whole array is not supported yet", remedy)


NO_UFUNCS = frozenset({"angle", "imag", "isneginf", "isposinf", "nan_to_num", "sinc"})
"""NumPy's other functions of single elements."""


def is_elementwise(call: gast.Call) -> bool:
    """Whether the call is of a function that works on each element by itself."""
    name = call_name(call)
    if call.keywords:
        return False
    if isinstance(call.func, gast.Name):
        return name == "abs"
    if is_name(call.func.value, "special") or name in NO_UFUNCS:
        return True
    found = getattr(np, name, None)
    plain = isinstance(found, np.ufunc) and found.signature is None and len(call.args) == found.nin
    return plain or (name in ("where", "clip") and len(call.args) == 3)


def _bound(block: list[gast.stmt]) -> list[str]:
    return [t for s in block for t in targets(s)]
