"""Results that go to an array that exists: stores to all of it, before the statement that they stand in.

np.add(a, b, out=c)      c[...] = np.add(a, b)           s = np.sum(np.exp(x, x))      x[...] = np.exp(x); s = np.sum(x)
np.copyto(c, a)          c[...] = a
"""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from sct.errors import UnsupportedCall
from sct.frontend import build
from sct.frontend.binding import Binding
from sct.frontend.values import ABSENT

PLACES = {id(np.dot): 2, id(np.clip): 3}
"""Functions, apart from ufuncs, that take the array after so many other arguments."""

FIRST = {gast.BinOp: "left", gast.Compare: "left", gast.UnaryOp: "operand", gast.Subscript: "value", gast.Attribute: "value"}
"""The part of an expression that is computed first."""


class Out(Binding):
    """Calls are found where they are the first thing that a statement computes."""

    def written_first(self, node: gast.stmt) -> list[gast.stmt]:
        """The stores before a statement, which is left with the arrays in place of the calls."""
        made: list[gast.stmt] = []
        if isinstance(node, gast.Expr | gast.Assign | gast.Return) and node.value is not None:
            node.value = self._without_out(node.value, made)
        return [build.located(s, node) for s in made]

    def _without_out(self, node: gast.expr, made: list[gast.stmt]) -> gast.expr:
        if type(node) in FIRST:
            setattr(node, FIRST[type(node)], self._without_out(getattr(node, FIRST[type(node)]), made))
        if not isinstance(node, gast.Call):
            return node
        function = self.static(node.func)
        if function is ABSENT and isinstance(node.func, gast.Attribute):
            node.func.value = self._without_out(node.func.value, made)
        elif node.args:
            node.args[0] = self._without_out(node.args[0], made)
        if function is np.copyto and len(node.args) == 2 and not node.keywords:
            target, node = node.args
        else:
            target = self._target_of(node, function)
        if target is None:
            return node
        whole = gast.Subscript(build.clone(target), build.constant(...), gast.Store())
        stored = gast.Assign([whole], node, None)
        stored.augmented = True
        made.append(stored)
        return target

    def _target_of(self, node: gast.Call, function: Any) -> gast.expr | None:
        """The array that a call is told to write to; it is taken out of the arguments."""
        method = function is ABSENT and isinstance(node.func, gast.Attribute)
        if not method and (getattr(function, "__module__", None) or type(function).__module__).split(".")[0] != "numpy":
            return None
        count = function.nin if isinstance(function, np.ufunc) else PLACES.get(id(function), len(node.args))
        given = [*node.args[count:], *(k.value for k in node.keywords if k.arg == "out")]
        if len(given) != 1:
            return None
        if any(k.arg == "where" for k in node.keywords):
            message = "`where=` leaves some elements of the result as they are; it is not supported"
            remedy = "write `c[...] = np.where(m, f(a), c)`"
            raise self.error(UnsupportedCall, message, node, remedy)
        node.args, node.keywords = node.args[:count], [k for k in node.keywords if k.arg != "out"]
        (target,) = given[0].elts if isinstance(given[0], gast.Tuple) and len(given[0].elts) == 1 else given
        if isinstance(target, gast.Constant) and target.value is None:
            return None
        if any(isinstance(n, gast.Call) for n in gast.walk(target)):
            raise self.error(UnsupportedCall, "the array to write to is computed", node, "give it a name first")
        return target
