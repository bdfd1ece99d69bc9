"""Which expressions are surely ints, as far as the text of a function tells: for the elements of a list."""

from __future__ import annotations

import gast

from sct.frontend import scope

_INT_CALLS = {"len", "int", "range"}
_INT_OPERATORS = gast.Add | gast.Sub | gast.Mult | gast.FloorDiv | gast.Mod


class Ints:
    """`lists` are the names of lists."""

    def __init__(self, tree: gast.FunctionDef, lists: list[str]) -> None:
        self._lists = set(lists)
        self._nodes = list(scope.own_nodes(tree))
        self._params = {p.id for p in scope.parameters(tree)}
        self._asked: set[str] = set()

    def all_ints(self, name: str) -> bool:
        """Whether all elements that a list is given are ints."""
        if name in self._asked:
            return True
        self._asked.add(name)
        try:
            given = self._given(name)
            return bool(given) and all(map(self.is_int, given))
        finally:
            self._asked.discard(name)

    def _given(self, name: str) -> list[gast.expr]:
        found: list[gast.expr] = []
        for node in self._nodes:
            if isinstance(node, gast.Assign | gast.AugAssign) and _names(_target(node), name):
                found += _elements(node.value)
            elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and _names(node.func.value, name):
                found += node.args if node.func.attr == "append" else [e for a in node.args for e in _elements(a)]
            elif isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Subscript):
                found += [node.value] if _names(node.targets[0].value, name) else []
        return found

    def is_int(self, node: gast.expr) -> bool:
        if isinstance(node, gast.Constant):
            return isinstance(node.value, int)
        if isinstance(node, gast.UnaryOp):
            return self.is_int(node.operand)
        if isinstance(node, gast.BinOp):
            return isinstance(node.op, _INT_OPERATORS) and self.is_int(node.left) and self.is_int(node.right)
        if isinstance(node, gast.Call):
            popped = isinstance(node.func, gast.Attribute) and node.func.attr == "pop" and self._is_list(node.func.value)
            return self.all_ints(node.func.value.id) if popped else getattr(node.func, "id", "") in _INT_CALLS
        if isinstance(node, gast.Subscript) and self._is_list(node.value):
            return not isinstance(node.slice, gast.Slice) and self.all_ints(node.value.id)
        return isinstance(node, gast.Name) and self._is_int_name(node.id)

    def _is_list(self, node: gast.expr) -> bool:
        return isinstance(node, gast.Name) and node.id in self._lists

    def _is_int_name(self, name: str) -> bool:
        """Whether all that is assigned to a variable is an int; one that is being asked about may be."""
        if name in self._asked:
            return True
        self._asked.add(name)
        try:
            values = [v for node in self._nodes for v in _values(node, name)]
            return name not in self._params and bool(values) and all(v is not None and self.is_int(v) for v in values)
        finally:
            self._asked.discard(name)


def _target(node: gast.Assign | gast.AugAssign) -> gast.AST:
    return node.targets[0] if isinstance(node, gast.Assign) else node.target


def _names(node: gast.AST, name: str) -> bool:
    return isinstance(node, gast.Name) and node.id == name


def _elements(node: gast.expr) -> list[gast.expr]:
    """The elements of what makes a list; of anything else the expression itself."""
    if isinstance(node, gast.BinOp):
        node = node.left
    if isinstance(node, gast.List | gast.Tuple):
        return list(node.elts)
    if isinstance(node, gast.ListComp):
        return [node.elt]
    if isinstance(node, gast.Call) and _names(node.func, "list"):
        return list(node.args)
    return [node]


def _values(node: gast.AST, name: str) -> list[gast.expr | None]:
    """What a statement assigns to a name; None for what the text does not tell."""
    if isinstance(node, gast.Assign):
        if any(_names(t, name) for t in node.targets):
            return [node.value]
        inside = any(_names(n, name) for t in node.targets if isinstance(t, gast.Tuple) for n in gast.walk(t))
        return [None] if inside else []
    if isinstance(node, gast.AugAssign) and _names(node.target, name):
        return [node.value]
    if isinstance(node, gast.For | gast.comprehension) and any(_names(n, name) for n in gast.walk(node.target)):
        return [node.iter if _names(node.target, name) else None]
    return []
