"""Methods of arrays as functions of NumPy.

x.sum()  ->  np.sum(x)        x.reshape(n, 2)  ->  np.reshape(x, (n, 2))        x.flatten()  ->  flatten(x)

What NumPy has only as a method is a function of `sct.runtime`.
"""

from __future__ import annotations

import gast

from sct.frontend import allowed, build

VARIADIC = {"reshape", "transpose"}
"""Methods that take the elements of a tuple as separate arguments, too."""


def as_function(method: str, array: gast.expr, args: list[gast.expr], keywords: list[gast.keyword]) -> gast.Call:
    if method in VARIADIC and len(args) > 1:
        args = [gast.Tuple(args, gast.Load())]
    function = build.name(method) if method in allowed.RUNTIME else build.attribute("np", method)
    return gast.Call(function, [array, *args], keywords)
