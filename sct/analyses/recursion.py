"""A recursive entry function is differentiated as a helper of a function that only calls it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from sct.analyses.unit import Unit
from sct.ir.build import clone, quote
from sct.types import Types


def calling(unit: Unit, function: Hashable) -> Unit:
    """`def f(x): z = f(x); return z` for the unit of a recursive `function`, with the defaults of its parameters."""
    program, names = unit.program, [f"z_{k}" for k in range(len(unit.results))]
    while set(names) & set(program.params):
        names = [f"{name}_k" for name in names]
    result = unit.types.result
    kinds = list(result) if program.returns else [result] * len(names)
    tree = clone(program.tree)
    bound = "".join(f"{name}, " for name in names) if program.returns else "".join(names)
    call = f"HELPER({', '.join(program.params)})"
    tree.body = quote(f"({bound}) = {call}; return ({bound})" if bound else f"{call}; return", tree, HELPER=tree.name)
    types = Types({p: unit.types.of(p) for p in program.params} | dict(zip(names, kinds, strict=True)), result)
    entry = Unit(replace(program, tree=tree, constants={}, helpers={tree.name: function}, base={}), types)
    entry.callees[id(entry.helper_call(tree.body[0]))] = unit
    return entry
