"""Loops run backwards, and how many values a counted loop pushes."""

from __future__ import annotations

import gast

from sct.analyses.linear import range_of
from sct.ir.build import Fresh, expr, quote


def backwards(loop: gast.stmt, body: list[gast.stmt], last: gast.expr | None, fresh: Fresh) -> gast.stmt:
    """The loop's iterations in reverse order around `body`; `last` is the trip count of a `while`, or the last index of a
    `for` that may break."""
    if isinstance(loop, gast.While):
        turn = quote("for K in range(N): pass", loop, K=fresh("k"), N=last)[0]
    else:
        start, stop, step = range_of(loop)
        turn = quote("for I in range(A, B, S): pass", loop, I=loop.target.id, **_reversed_range(start, stop, step, last))[0]
    turn.body = body
    return turn


def _reversed_range(start: gast.expr, stop: gast.expr, step: gast.expr, last: gast.expr | None) -> dict[str, gast.expr]:
    """Start, stop and step (A, B, S) of the range that runs the other way, from `last` if the loop may have broken."""
    pace = step_of(step)
    if pace == 1:
        return {"A": last or expr("B - 1", B=stop), "B": expr("A - 1", A=start), "S": expr("-1")}
    if pace == -1:
        return {"A": last or expr("B + 1", B=stop), "B": expr("A + 1", A=start), "S": expr("1")}
    final = expr("A + (len(range(A, B, S)) - 1) * S", A=start, B=stop, S=step)
    return {"A": last or final, "B": expr("A - S", A=start, S=step), "S": expr("-S", S=step)}


def step_of(node: gast.expr) -> int | None:
    if isinstance(node, gast.UnaryOp) and isinstance(node.operand, gast.Constant):
        return -node.operand.value
    return node.value if isinstance(node, gast.Constant) else None


def trip_count(loop: gast.For) -> gast.expr:
    """The number of iterations; an expression that may be negative where there are none."""
    start, stop, step = range_of(loop)
    form = {1: "B - A", -1: "A - B"}.get(step_of(step), "len(range(A, B, S))")
    return expr(form, A=start, B=stop, S=step)
