"""Calls that change an array and stand alone are stores:

x.fill(v)          x[...] = v
x.sort()           x[...] = np.sort(x)
np.add.at(a, i, v) a[i] += v, at every subscript
"""

from __future__ import annotations

import gast
import numpy as np

from sct.errors import UnsupportedCall
from sct.frontend import build, indexing
from sct.frontend.out import Out
from sct.frontend.values import ABSENT


class InPlace(Out):
    def as_store(self, node: gast.Expr) -> gast.Assign | gast.AugAssign | None:
        """The store that a statement is; None of any other."""
        call = node.value
        if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Attribute):
            return None
        store = {"fill": self._fill, "sort": self._sort, "at": self._at}.get(call.func.attr)
        if store is None or (call.func.attr != "at" and self.static(call.func.value) is not ABSENT):
            return None
        return build.located(store(call), node)

    def _fill(self, call: gast.Call) -> gast.Assign:
        if len(call.args) != 1 or call.keywords:
            raise self.error(UnsupportedCall, "this form of fill is not supported", call, "write x.fill(v)")
        return gast.Assign([_whole(call)], call.args[0], None)

    def _sort(self, call: gast.Call) -> gast.Assign:
        array = call.func.value
        if any(isinstance(n, gast.Call) for n in gast.walk(array)):
            raise self.error(UnsupportedCall, "the array to sort is computed", call, "give it a name first")
        if call.args[1:] or any(k.arg != "axis" for k in call.keywords):
            raise self.error(UnsupportedCall, "this form of sort is not supported", call, "write x.sort() or x.sort(axis=0)")
        ordered = gast.Call(gast.Constant(np.sort, None), [array, *call.args], call.keywords)
        return gast.Assign([_whole(call)], ordered, None)

    def _at(self, call: gast.Call) -> gast.AugAssign:
        op = indexing.UPDATES.get(id(self.static(call.func.value)))
        if op is None or len(call.args) != 3 or call.keywords:
            shown = gast.unparse(call.func).strip()
            raise self.error(UnsupportedCall, f"this call of {shown} is not supported", call, "loop over the subscripts")
        array, index, value = call.args
        update = gast.AugAssign(gast.Subscript(array, index, gast.Store()), op(), value)
        update.each = True
        return update


def _whole(call: gast.Call) -> gast.Subscript:
    """All of the array that a method belongs to."""
    return gast.Subscript(build.clone(call.func.value), build.constant(...), gast.Store())
