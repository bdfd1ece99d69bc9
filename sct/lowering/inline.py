"""Helper calls written out in the caller, where a call would hide which arrays share memory.

    def tail(u):                       u = x[1:]
        return u[1:]           ->      s = u[0]
    u = tail(x)
    s = u[0]
"""

from __future__ import annotations

from dataclasses import replace

import gast

from sct.analyses.rerun import Rerun
from sct.analyses.unit import Unit
from sct.errors import UnsupportedCall
from sct.frontend.callee import Callee
from sct.frontend.shapes import Known
from sct.ir.build import Fresh, bodies, clone, is_name, is_one_of, names_in, nodes, quote, substitute, targets, walk
from sct.ir.check import check
from sct.ir.program import Program
from sct.lowering.aliases import store_augmented
from sct.lowering.picked import part_gathers
from sct.lowering.ranks import settle_ranks
from sct.lowering.roots import effects_of
from sct.lowering.work import Work
from sct.rules.table import is_cheap, is_operation
from sct.types import Types


def hidden_views(program: Program, types: Types) -> list[int]:
    """Calls, by their number in the text, that may return part of an argument, or one argument or another.

    A recursive function cannot be written out; its results are looked at later (see `sct.lowering.returned`).
    """
    calls(program)
    work = Work.start(program, types)
    part_gathers(work)
    store_augmented(work)
    return [call.number for call in calls(work.program) if _hides(call, work)]


def _hides(call: gast.Call, work: Work) -> bool:
    helper = work.program.helpers[call.func.id]
    if _is_recursive(helper):
        return False
    if dict(zip(helper.parameters, helper.shapes, strict=True)).get("keepdims") == Known(True):
        return True  # the axes of length 1 are seen here
    effects = effects_of(call, work)
    return any(effects.shared[k] and k not in effects.whole for k in range(effects.count))


def tangled_calls(unit: Unit, entry: bool, in_one: bool) -> list[int]:
    """Calls of helpers that write, with arrays that may share memory, one of them made in each iteration, or call of this one;
    of those whose loops keep snapshots, or may with `in_one`, which one function must put down and take up; and of short ones
    whose exponentials are better saved than done again."""
    found = []
    for stmt in unit.facts.statements():
        call = unit.helper_call(stmt)
        if call is None:
            continue
        if _keeps_snapshots(stmt, unit, in_one) or _is_better_saved(stmt, unit):
            found.append(call.number)
            continue
        if not unit.callee(call).written:
            continue
        names = list(dict.fromkeys(a.id for a in call.args if is_name(a) and unit.types.is_array(a.id)))
        pairs = [(a, b) for k, a in enumerate(names) for b in names[:k] if unit.alias.may(a, b)]
        roots = {r for pair in pairs for name in pair for r in unit.alias.of(name)}
        born = [unit.facts.where(unit.alias.born[r])[0] for r in roots if r in unit.alias.born]
        if any(region.loops() or not entry for region in born):
            found.append(call.number)
    return found


def _keeps_snapshots(stmt: gast.stmt, unit: Unit, in_one: bool) -> bool:
    """Whether a statement calls a helper that is differentiated in two parts, with a loop under `sct.checkpoint`; with `in_one`,
    with any loop, where the user wrote the call and no loop stands around it."""
    callee = unit.callee(stmt.value)
    in_parts = callee.written or any(map(unit.types.is_array, targets(stmt)))
    if not in_parts or callee.recursive or callee.native is not None or callee.rule is not None:
        return False
    statements = [s for each in (callee, *callee.reachable()) for s in each.facts.statements()]
    outermost = in_one and hasattr(stmt.value, "number") and not unit.facts.where(stmt)[0].loops()
    return any(hasattr(s, "budget") or (outermost and isinstance(s, gast.For | gast.While)) for s in statements)


def _is_better_saved(stmt: gast.stmt, unit: Unit) -> bool:
    """Whether a statement calls, in a loop with two sweeps, a helper that only calculates with scalars, not all of it cheaply."""
    callee, loops = unit.callee(stmt.value), unit.facts.where(stmt)[0].loops()
    if callee.rule is not None or callee.native is not None or not loops or Rerun(unit, loops[-1].owner).is_legal:
        return False
    *body, _ = callee.program.tree.body
    plain = all(isinstance(s, gast.Assign) and is_name(s.targets[0]) and is_operation(s.value) for s in body)
    scalars = not any(map(callee.types.is_array, [*callee.program.params, *(t for s in body for t in targets(s))]))
    return plain and scalars and not all(is_cheap(s.value) for s in body)


def calls(program: Program) -> list[gast.Call]:
    """The helper calls of a program, numbered in the order of the text."""
    values = [getattr(s, "value", None) for s in walk(program.tree.body)]
    found = [v for v in values if isinstance(v, gast.Call) and is_one_of(v.func, program.helpers)]
    for number, call in enumerate(found):
        call.number = number
    return found


def inline(program: Program, chosen: list[int], types: Types) -> Program:
    """The program with the calls of these numbers written out, `types` being those of its names."""
    tree = clone(program.tree)
    found = replace(
        program,
        tree=tree,
        constants=dict(program.constants),
        helpers=dict(program.helpers),
        base=dict(program.base),
    )
    every = calls(found)
    wanted = {id(every[k]) for k in chosen}
    taken = {*names_in(tree), *found.constants, *found.helpers, *program.params, tree.name}
    _block(tree.body, wanted, found, types, Fresh(taken))
    check(found, "inline")
    return found


def _block(block: list[gast.stmt], wanted: set[int], program: Program, types: Types, fresh: Fresh) -> None:
    for k in reversed(range(len(block))):
        for inner in bodies(block[k]):
            _block(inner, wanted, program, types, fresh)
        if id(getattr(block[k], "value", None)) in wanted:
            block[k : k + 1] = _written_out(block[k], program, types, fresh) or quote("pass", block[k])


def _written_out(stmt: gast.stmt, program: Program, types: Types, fresh: Fresh) -> list[gast.stmt]:
    call = stmt.value
    helper = program.helpers[call.func.id].load()
    if _is_recursive(program.helpers[call.func.id]):
        raise UnsupportedCall(
            f"`{call.func.id}` calls itself, and arrays that it is given share memory",
            place=program.source.place(stmt),
            remedy="pass it arrays of their own, or write it as a loop",
        )
    ranks = [types.ndim(a.id) if is_name(a) else 0 for a in call.args]
    settle_ranks(helper.tree.body, dict(zip(helper.params, ranks, strict=True)))
    names, given = _global_names(helper, program, fresh), []
    for param, atom in zip(helper.params, call.args, strict=True):
        names[param] = atom.id if is_name(atom) else fresh(param)
        given += [] if is_name(atom) else quote("p = a", stmt, p=names[param], a=atom)
    for name in dict.fromkeys(n for s in walk(helper.tree.body) for n in targets(s)):
        names[name] = fresh(name)
        program.base |= {names[name]: helper.base[name]} if name in helper.base else {}
    if helper.source.compiled:
        program.source = replace(program.source, compiled=True)
    *body, last = [substitute(s, names) for s in helper.tree.body]
    values = last.value.elts if isinstance(last.value, gast.Tuple) else [last.value]
    results = [s for t, v in zip(targets(stmt), values, strict=False) for s in quote("t = v", stmt, t=t, v=v)]
    return [*given, *(_at(s, stmt) for s in body), *results]


def _global_names(helper: Program, program: Program, fresh: Fresh) -> dict[str, str]:
    """Names in the caller for what the helper's global names mean."""
    names: dict[str, str] = {}
    for own, theirs in ((program.constants, helper.constants), (program.helpers, helper.helpers)):
        for name, value in theirs.items():
            if own.get(name) is not value:
                names[name] = fresh(name)
            own[names.get(name, name)] = value
    return names


def _is_recursive(function: Callee) -> bool:
    seen, todo = set(), [function]
    while todo:
        called = set(todo.pop().load().helpers.values())
        if function in called:
            return True
        todo += called - seen
        seen |= called
    return False


def _at(stmt: gast.stmt, call: gast.stmt) -> gast.stmt:
    """The statement, as if it stood where the call does."""
    for node in nodes(stmt):
        if isinstance(node, gast.stmt | gast.expr):
            node.lineno, node.col_offset = call.lineno, call.col_offset
    return stmt
