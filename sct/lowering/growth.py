"""Arrays that grow keep one name.

    c_1 = reserve(c, n)           ->    c_1 = c                     and `c_1` is `c`
                                        c_1 = reserve(c_1, n)
    z, c_1, k = helper(c, k_1)    ->    c_1 = c
                                        z, c_1, k = helper(c_1, k_1)      where the helper returns its parameter, grown

Legal only where no other name means the array from before: that one may share memory with the larger array or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import gast

from sct.analyses.alias import allocation
from sct.analyses.regions import Region, Regions, innermost_common, regions
from sct.ir.build import bodies, call_name, defined, expr, grown, is_name, is_one_of, names_in, nodes, quote, targets, walk
from sct.lowering.aliases import representatives
from sct.lowering.work import Work

if TYPE_CHECKING:
    from sct.lowering.roots import Roots

REMEDY = "give an array that grows one name, and take parts of it anew afterwards."


@dataclass(frozen=True)
class Growth:
    """One statement that makes `after` from `before`, the same array with room for more."""

    stmt: gast.stmt
    before: str
    after: str


def settle_growth(work: Work, roots: Roots) -> None:
    """Write every growth as one of a single name."""
    found = [growth for stmt in walk(work.body) for growth in _growths(stmt, roots, work)]
    facts = regions(work.program)
    for growth in found:
        _check_others(growth, facts, roots, work)
    for block in _blocks(work.body):
        block[:] = [s for stmt in block for s in _settled(stmt, [g for g in found if g.stmt is stmt])]


def _growths(stmt: gast.stmt, roots: Roots, work: Work) -> list[Growth]:
    value, bound = getattr(stmt, "value", None), targets(stmt)
    if call_name(value) == "reserve" and is_name(value.func):
        return [Growth(stmt, value.args[0].id, bound[0])]
    effects = roots.effects(value)
    pairs = effects.grown if effects is not None else {}
    if pairs and not bound:
        raise work.call(stmt, "the array that the helper returns with room for more is dropped", "bind it: `c = helper(c)`.")
    return [Growth(stmt, value.args[p].id, bound[k]) for k, p in pairs.items()]


def own_results(work: Work) -> None:
    """Arrays that a helper makes and this function enlarges are copied first: the helper's have the size it gave them."""
    growing = {name for s in walk(work.body) for name in grown(s)}
    for block in _blocks(work.body):
        for k in reversed(range(len(block))):
            value = getattr(block[k], "value", None)
            if isinstance(value, gast.Call) and is_one_of(value.func, work.program.helpers):
                block[k + 1 : k + 1] = _copied(block[k], growing & set(defined(block[k])), work)


def _copied(stmt: gast.stmt, names: set[str], work: Work) -> list[gast.stmt]:
    found: list[gast.stmt] = []
    for node in nodes(stmt.targets[0]) if names else ():
        if is_one_of(node, names):
            name, node.id = node.id, work.array(f"{node.id}_made", node.id)
            found += quote("a = np.copy(b)", stmt, a=name, b=node.id)
    return found


def _blocks(block: list[gast.stmt]) -> list[list[gast.stmt]]:
    return [block, *(b for stmt in block for inner in bodies(stmt) for b in _blocks(inner))]


def _settled(stmt: gast.stmt, growths: list[Growth]) -> list[gast.stmt]:
    found: list[gast.stmt] = []
    for growth in growths:
        found += quote("a = b", stmt, a=growth.after, b=growth.before)
        for k, arg in enumerate(stmt.value.args):
            if is_name(arg, growth.before):
                stmt.value.args[k] = expr(growth.after)
    return [*found, stmt]


def _check_others(growth: Growth, facts: Regions, roots: Roots, work: Work) -> None:
    """No name for the array, or for a part of it, is read after the growth."""
    for name in roots.aliases.roots:
        if name == growth.after or not roots.aliases.may(name, growth.before) or facts.kind(name) == "carried":
            continue
        for use in facts.statements():
            if name in _reads(use) and _read_after(name, use, growth.stmt, facts):
                old, moved = work.user_name(name), work.user_name(growth.before)
                raise work.syntax(growth.stmt, f"`{old}` is read after `{moved}` may have moved to make room", REMEDY)
        others = [a for a in growth.stmt.value.args if is_name(a, name)]
        if len(others) > (name == growth.before):
            raise work.syntax(growth.stmt, f"`{work.user_name(name)}` is passed twice to a helper that makes it larger", REMEDY)


def _reads(stmt: gast.stmt) -> list[str]:
    if isinstance(stmt, gast.For):
        return names_in(stmt.iter)
    if isinstance(stmt, gast.If | gast.While):
        return names_in(stmt.test)
    return [n.id for n in nodes(stmt) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)]


def _read_after(name: str, use: gast.stmt, growth: gast.stmt, facts: Regions) -> bool:
    """Whether `use` may read a value that `name` got before `growth`, after it."""
    home, region = facts.home_of(name), facts.where(growth)[0]
    if home not in region.path() or _index(growth, home, facts) <= _defined_at(name, facts):
        return False
    common = innermost_common(region, facts.where(use)[0])
    if use is not growth and _index(use, common, facts) > _index(growth, common, facts):
        return True
    return any(loop is not home and home in loop.path() for loop in common.loops())


def _index(stmt: gast.stmt, region: Region, facts: Regions) -> int:
    inner, index = facts.where(stmt)
    return facts.at(inner, region, index)


def _defined_at(name: str, facts: Regions) -> int:
    if facts.kind(name) in ("param", "global"):
        return -1
    return facts.where(facts.definition(name))[1]


def returned_growth(work: Work) -> dict[int, int]:
    """Position of a result -> position of the parameter that it is, with more room."""
    facts = regions(work.program)
    meant = representatives(facts, work.types)
    growing = {meant.get(n, n) for s in walk(work.body) for n in grown(s)}
    places = {p: k for k, p in enumerate(work.program.params) if p in growing}
    results = {k: meant.get(r.id, r.id) for k, r in enumerate(_results(work)) if is_name(r)}
    return {k: places[name] for k, name in results.items() if name in places}


def _results(work: Work) -> list[gast.expr]:
    value = work.body[-1].value
    return list(value.elts) if isinstance(value, gast.Tuple) else [value]


def check_growing(work: Work, roots: Roots) -> None:
    """After lowering: an array that grows has one home, and nothing asks for its length."""
    growing = {name for s in walk(work.body) for name in grown(s)}
    facts = regions(work.program)
    grows = {name for name in roots.aliases.roots for other in growing if roots.aliases.may(name, other)}
    for name in sorted(growing):
        _check_home(name, facts, work)
    endless = {name for name in grows if not _is_part(name, facts)}
    for stmt in facts.statements():
        for name in _measured(stmt, endless):
            message = f"the length of `{work.user_name(name)}` is that of its memory, since it gets room for more"
            raise work.syntax(stmt, message, "keep the number of elements in a variable of its own.")
        for name in targets(stmt):
            _check_binding(name, stmt, grows, facts, work)


def _check_home(name: str, facts: Regions, work: Work) -> None:
    if facts.kind(name) == "param":
        if not any(is_name(r, name) for r in _results(work)):
            message = f"the parameter `{work.user_name(name)}` gets room for more and is not returned"
            raise work.syntax(work.program.tree, message, "return it, and bind it in the caller; or copy it first.")
        return
    stmt = facts.definition(name) if facts.kind(name) == "once" else None
    if not isinstance(getattr(stmt, "value", None), gast.Call):
        where = stmt if stmt is not None else work.program.tree
        message = f"`{work.user_name(name)}`, which gets room for more, is not always the same array"
        raise work.syntax(where, message, "let one name grow, and allocate it once.")


def _check_binding(name: str, stmt: gast.stmt, grows: set[str], facts: Regions, work: Work) -> None:
    """Other names for an array that grows are slices taken where they are used."""
    if name not in grows or name in grown(stmt) or allocation(stmt.value):
        return
    fresh = isinstance(stmt.value, gast.Call) and not set(names_in(stmt.value)) & grows
    if not fresh and not (facts.kind(name) == "once" and isinstance(stmt.value, gast.Subscript)):
        raise work.syntax(stmt, f"`{work.user_name(name)}` may be an array that gets room for more", REMEDY)


def _is_part(name: str, facts: Regions) -> bool:
    """Whether a name is a slice with both bounds, or a slice of one: its length does not depend on the memory behind it."""
    value = facts.definition(name).value if facts.kind(name) == "once" and isinstance(facts.definition(name), gast.Assign) else None
    if not (isinstance(value, gast.Subscript) and isinstance(value.slice, gast.Slice)):
        return False
    return not _from_end(value.slice) or (is_name(value.value) and _is_part(value.value.id, facts))


def _measured(stmt: gast.stmt, grows: set[str]) -> list[str]:
    """Growing arrays whose length, shape or last elements a statement names."""
    if bodies(stmt):
        stmt = gast.Expr(stmt.iter if isinstance(stmt, gast.For) else stmt.test)
    found = []
    for node in nodes(stmt):
        if call_name(node) in ("len", "copy") or (isinstance(node, gast.Attribute) and node.attr != "dtype"):
            found += [n for n in names_in(node) if n in grows]
        elif isinstance(node, gast.Subscript) and is_name(node.value) and node.value.id in grows and _from_end(node.slice):
            found.append(node.value.id)
    return found


def _from_end(index: gast.expr) -> bool:
    """Whether a subscript counts from the end of the first axis."""
    first = index.elts[0] if isinstance(index, gast.Tuple) else index
    if isinstance(first, gast.Slice):
        open_end = first.upper is None or first.step is not None
        return open_end or any(_negative(b) for b in (first.lower, first.upper) if b is not None)
    return _negative(first)


def _negative(node: gast.expr) -> bool:
    return isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub)
