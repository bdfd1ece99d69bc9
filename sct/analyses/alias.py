"""Which arrays a name may refer to. A root is where an array comes from: a parameter, a global, an allocation, a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import gast

from sct.analyses.regions import Regions, is_permutation
from sct.ir.build import call_name, grown, is_name, store_target, targets
from sct.types import Types

ALLOCATIONS = frozenset({"zeros", "empty", "zeros_like", "empty_like", "copy"})

VIEWS = frozenset({"reshape", "ravel", "transpose", "swapaxes", "moveaxis", "ascontiguousarray", "asarray", "broadcast_to"})
"""Functions of NumPy whose result may share memory with their first argument; after lowering it does."""

Roots = frozenset[str]


@dataclass(eq=False)
class Aliases:
    """`roots` of every array name, and the statement that allocates each local root."""

    roots: dict[str, Roots] = field(default_factory=dict)
    born: dict[str, gast.stmt] = field(default_factory=dict)

    def of(self, name: str) -> Roots:
        return self.roots.get(name, frozenset())

    def may(self, a: str, b: str) -> bool:
        return bool(self.of(a) & self.of(b))


def allocation(node: gast.AST) -> str | None:
    """`zeros` for `np.zeros(..)`, and so on for the allocations of the core language."""
    name = call_name(node)
    return name if name in ALLOCATIONS and isinstance(node.func, gast.Attribute) else None


def viewed(node: gast.AST) -> gast.expr | None:
    """What an expression is a view of, or an attribute or element of; None for names and for what is new."""
    if call_name(node) in VIEWS and isinstance(node.func, gast.Attribute):
        return node.args[0]
    return node.value if isinstance(node, gast.Subscript | gast.Attribute) else None


def view_base(node: gast.AST) -> str | None:
    """The array that an array-valued expression shares memory with."""
    base = viewed(node) or node
    return base.id if is_name(base) else None


def aliases(facts: Regions, types: Types, same: Mapping[str, str], result_roots=None) -> Aliases:
    """Points-to sets by fixpoint, insensitive to flow.

    `same` maps parameters that share memory with another parameter to that one (the alias pattern of a call);
    `result_roots(call)` gives, per result, the arguments that it may share memory with.
    """
    found = Aliases()
    for name in [*facts.program.params, *facts.program.constants]:
        if types.is_array(name):
            found.roots[name] = frozenset({same.get(name, name)})
    changed = True
    while changed:
        changed = False
        for stmt in facts.statements():
            for name, roots in _bound(stmt, types, found, result_roots):
                if not roots <= found.of(name):
                    found.roots[name] = found.of(name) | roots
                    changed = True
    return found


def _bound(stmt: gast.stmt, types: Types, found: Aliases, result_roots):
    if not isinstance(stmt, gast.Assign) or store_target(stmt) is not None:
        return
    target, value = stmt.targets[0], stmt.value
    if is_permutation(stmt):
        for to, source in zip(target.elts, value.elts, strict=True):
            yield to.id, found.of(source.id)
        return
    for k, name in enumerate(targets(stmt)):
        if not types.is_array(name) or name in grown(stmt):
            continue
        base = view_base(value)
        if base is not None:
            yield name, found.of(base)
            continue
        shared = [] if allocation(value) or result_roots is None else result_roots(value)[k]
        if shared:
            yield name, frozenset().union(*(found.of(a) for a in shared))
        else:
            found.born[name] = stmt
            yield name, frozenset({name})
