"""Which names stand for tuples, and of what shape. A structure is a tuple of structures; None is anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend.build import literal
from sct.frontend.shapes import Structure, structure

if TYPE_CHECKING:
    from sct.frontend.resolve import Resolved


class Structures:
    """The tuple variables of one function, found without looking at the order of statements."""

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self.variables: dict[str, Structure] = {name: structure(shape) for name, shape in resolved.params.items()}

    def of(self, node: gast.AST) -> Structure:
        if isinstance(node, gast.Tuple):
            return tuple(self.of(element) for element in node.elts)
        if isinstance(node, gast.Name):
            return self.variables.get(node.id)
        if isinstance(node, gast.IfExp):
            return self.of(node.body) if self.of(node.body) is not None else self.of(node.orelse)
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Name):
            if node.func.id == "divmod":
                return (None, None)
            helper = self._resolved.helpers.get(node.func.id)
            return structure(self._resolved.sources.result(helper)) if helper else None
        if isinstance(node, gast.Subscript):
            return self._element(node)
        return None

    def _element(self, node: gast.Subscript) -> Structure:
        whole, position = self.of(node.value), literal(node.slice)
        if whole is None or not isinstance(position, int) or not -len(whole) <= position < len(whole):
            return None
        return whole[position]

    def learn(self, target: gast.AST, structure: Structure) -> bool:
        """Record what an assignment says of its target; True if that is new."""
        if isinstance(target, gast.Name):
            new = structure is not None and target.id not in self.variables
            if new:
                self.variables[target.id] = structure
            return new
        if isinstance(target, gast.Tuple) and structure is not None and len(structure) == len(target.elts):
            news = [self.learn(t, s) for t, s in zip(target.elts, structure, strict=True)]
            return any(news)
        return False

    def verify(self, target: gast.AST, structure: Structure, node: gast.AST) -> None:
        """A name is a tuple everywhere, of one structure, or nowhere."""
        if isinstance(target, gast.Name) and target.id in self.variables and self.variables[target.id] != structure:
            message = f"{target.id} is a tuple in one place and something else in another"
            raise UnsupportedSyntax(message, place=self._resolved.source.place(node), remedy="use two names")
        if isinstance(target, gast.Tuple) and structure is not None and len(structure) == len(target.elts):
            for inner, part in zip(target.elts, structure, strict=True):
                self.verify(inner, part, node)


def structures(resolved: Resolved) -> Structures:
    found = Structures(resolved)
    nodes = list(gast.walk(resolved.tree))
    pairs = [(t, n) for n in nodes if isinstance(n, gast.Assign) for t in n.targets]
    while any(found.learn(t, found.of(n.value)) for t, n in pairs):
        pass
    for target, node in pairs:
        found.verify(target, found.of(node.value), node)
    for node in nodes:
        if isinstance(node, gast.AugAssign | gast.For):
            found.verify(node.target, None, node)
    for param in resolved.tree.args.args:
        found.verify(param, None, param)
    return found
