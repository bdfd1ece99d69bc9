"""Branches on the number of axes of an argument, decided where a helper is written out for arrays that are known.

    if a.ndim == 1:
        y = np.sum(a)                     y = np.sum(a, ...)         (a with two axes)
    else:                          ->
        y = ...
"""

from __future__ import annotations

import gast

from sct.ir.build import ORDERS, bodies, is_name, targets, walk


def settle_ranks(body: list[gast.stmt], ranks: dict[str, int]) -> None:
    """Put the arm that runs for each branch on `a.ndim`, `ranks` being the axes of the parameters."""
    bound = [t for s in walk(body) for t in targets(s)]
    once = {n for n in bound if bound.count(n) == 1}
    _settle(body, ranks, once, {})


def _settle(block: list[gast.stmt], ranks: dict[str, int], once: set[str], known: dict[str, int]) -> None:
    k = 0
    while k < len(block):
        stmt = block[k]
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and stmt.targets[0].id in once:
            value = _value(stmt.value, ranks, known)
            if value is not None:
                known[stmt.targets[0].id] = value
                stmt.value = gast.copy_location(gast.Constant(value, None), stmt.value)
        taken = known.get(stmt.test.id) if isinstance(stmt, gast.If) and is_name(stmt.test) else None
        if taken is not None:
            block[k : k + 1] = (stmt.body if taken else stmt.orelse) or [gast.copy_location(gast.Pass(), stmt)]
            continue
        for inner in bodies(stmt):
            _settle(inner, ranks, once, known)
        k += 1


def _value(node: gast.expr, ranks: dict[str, int], known: dict[str, int]) -> int | None:
    """What an expression of numbers of axes and constants is."""
    if isinstance(node, gast.Constant):
        return node.value if isinstance(node.value, int) else None
    if isinstance(node, gast.Name):
        return known.get(node.id)
    if isinstance(node, gast.Attribute) and node.attr == "ndim" and is_name(node.value):
        return ranks.get(node.value.id)
    if isinstance(node, gast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in ORDERS:
        a, b = (_value(n, ranks, known) for n in (node.left, node.comparators[0]))
        return None if a is None or b is None else ORDERS[type(node.ops[0])](a, b)
    return None
