"""Elements that a loop over a whole axis only adds to are added up in a variable first, which compilers keep in a register.

    for k in range(b.shape[1]):                         t = 0.0
        a_bar[i, j] += b[j, k] * c_bar[i, k]    ->      for k in range(b.shape[1]):
                                                            t += b[j, k] * c_bar[i, k]
                                                        a_bar[i, j] += t

In such a loop, one that a statement on whole arrays became, the element is there even if the axis is empty.
"""

from __future__ import annotations

import gast

from sct.ir.build import Fresh, bodies, nodes, quote, store_target
from sct.optimise.blocks import in_blocks, rebuilt
from sct.optimise.effects import Effects
from sct.optimise.iterations import Iterations
from sct.optimise.names import Fact, Stem


def totalled(body: list[gast.stmt], effects: Effects) -> list[gast.stmt]:
    """The body with such sums in variables."""
    fresh = Fresh({n.id for s in body for n in nodes(s) if isinstance(n, gast.Name)})

    def change(block: list[gast.stmt], _: int) -> list[gast.stmt]:
        return [made for stmt in block for made in _with_totals(stmt, effects, fresh)]

    return in_blocks(body, change)


def _with_totals(loop: gast.stmt, effects: Effects, fresh: Fresh) -> list[gast.stmt]:
    if not isinstance(loop, gast.For) or not getattr(loop, "apart", False) or any(map(bodies, loop.body)):
        return [loop]
    before, inside, after = [], [], []
    for stmt in loop.body:
        target = store_target(stmt)
        if target is None or not _is_total(stmt, loop, effects):
            inside.append(stmt)
            continue
        name = fresh("t")
        effects.names.facts[name] = Fact(Stem("t", True), "made 0 float64", 0, "float64")
        before += quote("T = 0.0", stmt, T=name)
        inside += quote("T += V" if isinstance(stmt.op, gast.Add) else "T -= V", stmt, T=name, V=stmt.value)
        after += quote("A += T", stmt, A=target, T=name)
    return [*before, rebuilt(loop, body=inside), *after] if after else [loop]


def _is_total(stmt: gast.stmt, loop: gast.For, effects: Effects) -> bool:
    """Whether a statement adds to one and the same element of an array of floats, which the loop does not read."""
    target = store_target(stmt)
    content = effects.content(target.value.id)
    moving = effects.reads(target.slice) & effects.changes(loop)
    floats = effects.names.dtype(target.value.id).startswith("float")
    return floats and not moving and Iterations(effects, loop).add_to(content)
