"""A pass of Numba's pipeline: subscripts that are certain not to be negative are unsigned, and need no test for wrapping around."""

from __future__ import annotations

from typing import Any

from numba.core import ir, types
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.typing import signature


@register_pass(mutates_CFG=False, analysis_only=False)
class UnsignedSubscripts(FunctionPass):
    """Casts the subscripts that `_natural` of the module names, as pairs of a line and an array."""

    _name = "sct_unsigned_subscripts"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        places = state.func_id.func.__globals__["_natural"]
        for block in state.func_ir.blocks.values():
            _Block(state, block, places).run()
        return True


class _Block:
    def __init__(self, state: Any, block: ir.Block, places: frozenset[tuple[int, str]]) -> None:
        self.state, self.block, self.places = state, block, places
        self.tuples: dict[str, list[ir.Var]] = {}
        self.made: list[ir.Stmt] = []

    def run(self) -> None:
        for stmt in self.block.body:
            value = getattr(stmt, "value", None)
            if isinstance(stmt, ir.Assign) and isinstance(value, ir.Expr) and value.op == "build_tuple":
                self.tuples[stmt.target.name] = value.items
            if isinstance(stmt, ir.Assign) and isinstance(value, ir.Expr) and value.op == "getitem":
                self._load(stmt)
            elif isinstance(stmt, ir.SetItem):
                self._store(stmt)
            self.made.append(stmt)
        self.block.body[:] = self.made

    def _load(self, stmt: ir.Assign) -> None:
        load, kinds = stmt.value, self.state.calltypes
        index = self._unsigned(load.value, load.index, stmt.loc)
        if index is not None:
            kind = kinds.pop(load)
            stmt.value = ir.Expr.getitem(load.value, index, load.loc)
            kinds[stmt.value] = signature(kind.return_type, kind.args[0], self._kind(index))

    def _store(self, stmt: ir.SetItem) -> None:
        index = self._unsigned(stmt.target, stmt.index, stmt.loc)
        if index is not None:
            kind = self.state.calltypes.pop(stmt)
            stmt.index = index
            self.state.calltypes[stmt] = signature(kind.return_type, kind.args[0], self._kind(index), kind.args[2])

    def _unsigned(self, array: ir.Var, index: ir.Var, loc: ir.Loc) -> ir.Var | None:
        """The subscript as unsigned integers; None where it is to stay."""
        if (loc.line, array.unversioned_name) not in self.places or not isinstance(self._kind(array), types.Array):
            return None
        if isinstance(self._kind(index), types.Integer):
            return self._cast(index, loc)
        items = self.tuples.get(index.name)
        if items is None or not all(isinstance(self._kind(item), types.Integer) for item in items):
            return None
        items = [self._cast(item, loc) for item in items]
        return self._assign(ir.Expr.build_tuple(items, loc), types.Tuple.from_types([*map(self._kind, items)]), loc)

    def _cast(self, index: ir.Var, loc: ir.Loc) -> ir.Var:
        kind = self._kind(index)
        return index if not kind.signed else self._assign(ir.Expr.cast(index, loc), types.uint64, loc)

    def _assign(self, value: ir.Expr, kind: types.Type, loc: ir.Loc) -> ir.Var:
        new = self.block.scope.redefine("$unsigned", loc)
        self.state.typemap[new.name] = kind
        self.made.append(ir.Assign(value, new, loc))
        return new

    def _kind(self, name: ir.Var) -> types.Type:
        return self.state.typemap[name.name]
