"""A helper's result that is one of its arguments goes by the argument's name, so that no copy of it is ever taken.

    b = relax(a); b[0] = v    ->    b = relax(a); a[0] = v
"""

from __future__ import annotations

import gast

from sct.analyses.unit import Unit
from sct.errors import UnsupportedCall
from sct.ir.build import targets


def put_arguments(unit: Unit) -> bool:
    """Replace such results in the unit's tree, all but where they are bound; whether there were any."""
    names: dict[str, str] = {}
    for stmt in unit.facts.statements():
        call = unit.helper_call(stmt)
        for k, name in enumerate(targets(stmt) if call is not None else []):
            argument = unit.argument_behind(call, k)
            if argument is not None:
                names[name] = names.get(argument, argument)
    if names:
        _Put(names, unit).visit(unit.program.tree)
    return bool(names)


def view_returned(unit: Unit, stmt: gast.stmt) -> UnsupportedCall:
    """The refusal of a result that shares memory with an argument, but is not the argument."""
    return UnsupportedCall(
        "a helper that returns a view of its argument",
        place=unit.program.source.place(stmt),
        remedy="take the view in the caller, or return a copy",
    )


class _Put(gast.NodeTransformer):
    def __init__(self, names: dict[str, str], unit: Unit) -> None:
        self.names, self.unit = names, unit

    def visit_Assign(self, node: gast.Assign) -> gast.Assign:
        if self.unit.helper_call(node) is None:
            return self.generic_visit(node)
        node.value = self.visit(node.value)
        return node

    def visit_Name(self, node: gast.Name) -> gast.Name:
        node.id = self.names.get(node.id, node.id)
        return node
