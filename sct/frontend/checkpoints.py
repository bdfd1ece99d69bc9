"""`for t in sct.checkpoint(range(n), budget="200MB")`: the loop, with what its snapshots may take as its `budget`.

The mark goes with the statement through all stages (`build.marked`); 0 stands for no budget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend import build
from sct.revolve import checkpoint, in_bytes

if TYPE_CHECKING:
    from sct.frontend.values import Values


def unmarked(node: gast.For, values: Values) -> gast.For:
    """The loop over what `sct.checkpoint` was given, with a mark; any other loop as it is."""
    call = node.iter
    if not isinstance(call, gast.Call) or values.static(call.func) is not checkpoint:
        return node
    given = {"steps": None, "budget": None} | dict(zip(("steps", "budget"), call.args, strict=False))
    given |= {k.arg: k.value for k in call.keywords}
    if len(call.args) > 2 or given.keys() != {"steps", "budget"} or given["steps"] is None:
        raise values.error(UnsupportedSyntax, "this form of sct.checkpoint is not supported", call, _REMEDY)
    loop = build.clone(node)
    loop.iter = given["steps"]
    loop.budget = 0 if given["budget"] is None else _budget(given["budget"], values)
    return loop


def _budget(node: gast.expr, values: Values) -> int:
    value = node.value if isinstance(node, gast.Constant) else values.static(node)
    if value is None:
        return 0
    found = in_bytes(value)
    if found is None:
        raise values.error(UnsupportedSyntax, "this is no budget that is known before the run", node, _REMEDY)
    return found


_REMEDY = 'write `sct.checkpoint(range(n))` or `sct.checkpoint(range(n), budget="200MB")`'
