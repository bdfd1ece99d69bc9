"""Passes of Numba that take time in proportion to the square of a function's length, done in proportion to it.

They do what Numba's passes do, by Numba's own functions, but only where there is something to do.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from numba.core import ir, ssa, types
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.compiler_machinery import register_pass
from numba.core.ir_utils import build_definitions
from numba.core.typed_passes import NopythonRewrites
from numba.core.untyped_passes import InlineClosureLikes, ReconstructSSA
from numba.np.ufunc.array_exprs import _is_ufunc

Blocks = dict[int, ir.Block]

CLOSURES = frozenset({"make_function", "build_list"})
"""How expressions begin that Numba writes out: functions in functions, and comprehensions, which need not have one."""


@register_pass(mutates_CFG=True, analysis_only=False)
class WithoutClosures(InlineClosureLikes):
    """Numba's pass for functions with closures and lists; to others it would do nothing."""

    _name = "sct_without_closures"

    def run_pass(self, state: Any) -> bool:
        blocks = state.func_ir.blocks.values()
        ops = {getattr(stmt.value, "op", None) for block in blocks for stmt in block.find_insts(ir.Assign)}
        return not ops.isdisjoint(CLOSURES) and super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class OneAssignment(ReconstructSSA):
    """Static single assignment, variable by variable as Numba does it, in the blocks that name the variable.

    Which variables live on is not found out, as it is in Numba's pass: the pass that removes phis does so before anything asks.
    """

    _name = "sct_one_assignment"

    def run_pass(self, state: Any) -> bool:
        state.func_ir.blocks = reconstructed(state.func_ir.blocks)
        self._patch_locals(state)
        state.func_ir._definitions = build_definitions(state.func_ir.blocks)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class WithoutArrayExpressions(NopythonRewrites):
    """Numba's pass for functions with operators and ufuncs of arrays, lists, and fields of records; to others it would do
    nothing."""

    _name = "sct_without_array_expressions"

    def run_pass(self, state: Any) -> bool:
        found = any(_is_rewritten(stmt, state.typemap) for block in state.func_ir.blocks.values() for stmt in block.body)
        return found and super().run_pass(state)


def _is_rewritten(stmt: ir.Stmt, kinds: dict[str, types.Type]) -> bool:
    """Whether a statement makes an array by an operator or a ufunc, or a list that may become one, or names a field."""
    value = getattr(stmt, "value", None)
    op = getattr(value, "op", None)
    if isinstance(stmt, ir.SetItem) or op == "getitem":
        index = stmt.index if isinstance(stmt, ir.SetItem) else value.index
        return isinstance(kinds.get(index.name), types.StringLiteral)
    if op == "call":
        called = kinds.get(value.func.name)
        return isinstance(called, types.Function) and _is_ufunc(called.typing_key) and _is_array(stmt, kinds)
    return op == "build_list" or (op in ("unary", "binop") and _is_array(stmt, kinds))


def _is_array(stmt: ir.Assign, kinds: dict[str, types.Type]) -> bool:
    return isinstance(kinds.get(stmt.target.name), types.Array)


def reconstructed(blocks: Blocks) -> Blocks:
    """What `numba.core.ssa._run_ssa` makes of blocks."""
    cfg, places = compute_cfg_from_blocks(blocks), _places(blocks)
    frontiers, uses = ssa._iterated_domfronts(cfg), ssa._FixSSAVars(ssa._CacheListVars())
    changed, scope = dict(blocks), ssa._get_scope(blocks)
    for name in ssa._find_defs_violators(blocks, cfg):
        states: dict[str, Any] = {"scope": scope, "varname": name, "defmap": defaultdict(list), "phimap": defaultdict(list)}
        named = {label: changed[label] for label in places[name]}
        named = ssa._run_block_rewrite(named, states, ssa._FreshVarHandler())
        states |= {"cfg": cfg, "phi_locations": ssa._compute_phi_locations(frontiers, states["defmap"])}
        changed |= ssa._run_block_rewrite(named, states, uses)
        for label, phis in states["phimap"].items():
            changed[label].body = phis + changed[label].body
    return changed


def _places(blocks: Blocks) -> dict[str, list[int]]:
    """The labels of the blocks that name each variable, in order."""
    found: dict[str, dict[int, None]] = {}
    for label, block in blocks.items():
        for stmt in block.body:
            for variable in stmt.list_vars():
                found.setdefault(variable.name, {})[label] = None
    return {name: list(labels) for name, labels in found.items()}
