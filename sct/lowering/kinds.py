"""What is written in place fits the array's type by NumPy's rule "same kind": floats do not go to integers, integers not to bools.

The rule holds for `a += e`, `a[part] += e` and results that go `out=` to an array; plain stores `a[part] = e` convert.
"""

from __future__ import annotations

import gast
import numpy as np
from numba.core import types as nt
from numba.np.numpy_support import as_dtype

from sct.ir.build import is_name, nodes, store_target, walk
from sct.lowering.subscripts import written_parts
from sct.lowering.work import Work


def check_kinds(work: Work) -> None:
    """Raises UnsupportedSyntax where NumPy raises UFuncTypeError."""
    for stmt in walk(work.body):
        array = _written_in_place(stmt, work)
        if array is None:
            continue
        to = work.types.dtype(array)
        division = isinstance(getattr(stmt.value, "op", None), gast.Div) and not isinstance(to, nt.Float)
        if division or not all(_fits(node, to, work) for node in nodes(stmt.value)):
            name, holds = work.user_name(array), "bools" if isinstance(to, nt.Boolean) else "integers"
            message = f"`{name}` holds {holds} and cannot take this result in place"
            raise work.syntax(stmt, message, f"make `{name}` a float array, or convert the result with `astype`.")


def _written_in_place(stmt: gast.stmt, work: Work) -> str | None:
    """The array that the statement updates; elements are converted as in any store."""
    if not (isinstance(stmt, gast.AugAssign) or getattr(stmt, "augmented", False)):
        return None
    target = store_target(stmt)
    if target is not None:
        parts = written_parts(target)
        whole = len(parts) < work.types.ndim(target.value.id) or any(not _is_number(p, work) for p in parts)
        return target.value.id if whole else None
    left = getattr(stmt.value, "left", None)
    return left.id if is_name(left) and work.types.is_array(left.id) else None


def _is_number(part: gast.expr, work: Work) -> bool:
    if is_name(part):
        return not work.types.is_array(part.id)
    return not isinstance(part, gast.Slice)


def _fits(node: gast.AST, to: nt.Type, work: Work) -> bool:
    """Whether an operand can be written to the type; numbers take the array's width."""
    if is_name(node) and work.types.is_array(node.id):
        return np.can_cast(as_dtype(work.types.dtype(node.id)), as_dtype(to), "same_kind")
    if not (is_name(node) or isinstance(node, gast.Constant | gast.Attribute)):
        return True
    return isinstance(to, nt.Float) or (not _is_float(node, work) and (isinstance(to, nt.Integer) or _is_bool(node, work)))


def _is_float(node: gast.AST, work: Work) -> bool:
    if isinstance(node, gast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, gast.Attribute) or isinstance(work.types.dtype(node.id), nt.Float)


def _is_bool(node: gast.AST, work: Work) -> bool:
    if isinstance(node, gast.Constant):
        return isinstance(node.value, bool)
    return isinstance(work.types.dtype(node.id), nt.Boolean)
