"""Array names that always mean the same array become one name.

In-place updates come first: the frontend writes the user's `a += e` as `a_1 = a + e`, marked `augmented`. Where `a` is
an array the update happens in `a`:

    a_1 = a + e    ->    a[:] += e         and `a_1` is `a`
    a_1 = a * e    ->    t = a * e
                         a[:] = t
"""

from __future__ import annotations

import gast

from sct.analyses.regions import Regions, regions
from sct.ir.build import bodies, is_name, nodes, quote, walk
from sct.lowering.subscripts import everything
from sct.lowering.work import Work
from sct.types import Types


def store_augmented(work: Work) -> None:
    renamed: dict[str, str] = {}
    _store_augmented(work.body, work, renamed)
    while any(to in renamed for to in renamed.values()):
        renamed = {name: renamed.get(to, to) for name, to in renamed.items()}
    rename(work.body, renamed)


def _store_augmented(block: list[gast.stmt], work: Work, renamed: dict[str, str]) -> None:
    for k in reversed(range(len(block))):
        stmt = block[k]
        for inner in bodies(stmt):
            _store_augmented(inner, work, renamed)
        if _is_in_place(stmt, work):
            renamed[stmt.targets[0].id] = stmt.value.left.id
            block[k : k + 1] = _in_place(stmt, work)


def _is_in_place(stmt: gast.stmt, work: Work) -> bool:
    if not getattr(stmt, "augmented", False) or not is_name(stmt.targets[0]):
        return False
    if isinstance(stmt.value, gast.Call):
        raise work.syntax(stmt, "`@=` is not supported", "write `a[:] = a @ b`.")
    return is_name(stmt.value.left) and work.types.is_array(stmt.value.left.id)


def _in_place(stmt: gast.Assign, work: Work) -> list[gast.stmt]:
    array, value = stmt.value.left.id, stmt.value.right
    whole = everything(work.types.ndim(array))
    if isinstance(stmt.value.op, gast.Add):
        return quote(f"a[{whole}] += e", stmt, a=array, e=value)
    changed = work.array(stmt.targets[0].id, stmt.targets[0].id)
    stmt.targets[0].id = changed
    stmt.augmented = False
    stored = quote(f"a[{whole}] = t", stmt, a=array, t=changed)
    stored[0].augmented = True
    return [stmt, *stored]


def is_copy(stmt: gast.stmt) -> bool:
    """Whether `stmt` is `a = b`."""
    return isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and is_name(stmt.value)


def representatives(facts: Regions, types: Types, returned: dict[str, str | None] | None = None) -> dict[str, str]:
    """For each array name that always means the same array as another one: that one.

    `returned` has the arguments that helpers return; a helper that is still being looked at (None) may return any.
    """
    returned = returned or {}
    open_ = {name for name, argument in returned.items() if argument is None}
    sources = {name: [argument] for name, argument in returned.items() if argument is not None}
    sources |= {
        name: [s.value.id for s in stmts]
        for name, stmts in facts.assigned.items()
        if types.is_array(name) and all(map(is_copy, stmts)) and not _leaves_arm(name, facts)
    }
    meant: dict[str, str] = {}
    changed = True
    while changed:
        changed = False
        for name in [n for n in sources if n not in meant]:
            origins = {follow(meant, s) for s in sources[name]} - {name} - open_
            if len(origins) == 1:
                meant[name] = origins.pop()
                changed = True
    return {name: follow(meant, name) for name in meant}


def _leaves_arm(name: str, facts: Regions) -> bool:
    """Whether the only arm that falls through binds the name to an array of its own."""
    if name not in facts.merged or len(facts.assigned[name]) > 1:
        return False
    return facts.home_of(facts.assigned[name][0].value.id) not in facts.home_of(name).path()


def follow(meant: dict[str, str], name: str) -> str:
    while name in meant:
        name = meant[name]
    return name


def drop_aliases(work: Work) -> None:
    """Put one name for all that mean the same array; copies of carried variables stay."""
    facts = regions(work.program)
    meant = {a: b for a, b in representatives(facts, work.types).items() if b not in facts.carried}
    rename(work.body, meant)
    drop_self_copies(work.body)


def rename(block: list[gast.stmt], names: dict[str, str]) -> None:
    for stmt in block:
        for node in nodes(stmt):
            if isinstance(node, gast.Name):
                node.id = names.get(node.id, node.id)


def drop_self_copies(block: list[gast.stmt]) -> None:
    """Remove `a = a`; a block that had nothing else becomes `pass`."""
    for stmt in walk(block):
        for inner in bodies(stmt):
            _drop(inner)
    _drop(block)


def _drop(block: list[gast.stmt]) -> None:
    kept = [s for s in block if not (is_copy(s) and s.targets[0].id == s.value.id)]
    if len(kept) < len(block):
        block[:] = kept or quote("pass", block[0])
