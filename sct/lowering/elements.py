"""One element of an array expression, as scalar statements."""

from __future__ import annotations

from dataclasses import dataclass, field

import gast
from numba.core import types as nt

from sct.ir.build import call_name, clone, expr, quote
from sct.lowering.picked import is_gather
from sct.lowering.shapes import Keys, Shapes
from sct.lowering.wholes import replace_wholes
from sct.lowering.work import Work

Pending = dict[str, gast.Assign]
"""Array expressions whose loop has not been written yet: the name, and the statement that assigns it."""


@dataclass(eq=False)
class Elements:
    """Writes the statements that compute the elements of array expressions at `indices` of a whole that has axes `keys`;
    loads each array once.
    """

    work: Work
    shapes: Shapes
    pending: Pending
    indices: list[str]
    keys: Keys
    at: gast.stmt
    known: dict[str, str] = field(default_factory=dict)

    def atom(self, node: gast.expr, out: list[gast.stmt]) -> gast.expr:
        """The element of an atom: of an array its element, of a scalar itself."""
        if isinstance(node, gast.Name) and self.work.types.is_array(node.id):
            return gast.Name(self.element(node.id, out), gast.Load(), None, None)
        return clone(node)

    def element(self, array: str, out: list[gast.stmt]) -> str:
        if array not in self.known:
            name = self.work.fresh(f"{array}_{self.indices[-1]}")
            if array in self.pending:
                made = self.pending[array]
                self.compute(name, made.value, made, out)
            else:
                out += quote("t = a[i]", self.at, t=name, a=array, i=subscript(self._indices(array)))
            self.known[array] = name
        return self.known[array]

    def _indices(self, array: str) -> list[str]:
        """The last indices, but for axes that are repeated."""
        keys = self.shapes.of(array)
        whole = zip(self.keys[-len(keys) :], self.indices[-len(keys) :], strict=True)
        return [self.shapes.index(key, *at) for key, at in zip(keys, whole, strict=True)]

    def compute(self, name: str, value: gast.expr, at: gast.stmt, out: list[gast.stmt]) -> None:
        """`name` = the element of the elementwise expression `value`."""
        called = call_name(value)
        if called == "where":
            self._where(name, value, at, out)
        elif called == "clip":
            self._clip(name, value, at, out)
        elif isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.Invert) and self._is_bool(value.operand):
            out += quote("z = not x", at, z=name, x=self.atom(value.operand, out))
        else:
            scalar = replace_wholes(clone(value), self.work.types, lambda n: self.atom(n, out))
            out += quote("z = v", at, z=name, v=scalar.args[0] if is_gather(scalar) else scalar)

    def _clip(self, name: str, value: gast.Call, at: gast.stmt, out: list[gast.stmt]) -> None:
        raised = self.work.fresh(f"{name}_raised")
        x, low, high = (self.atom(a, out) for a in value.args)
        out += quote("t = np.maximum(x, a)", at, t=raised, x=x, a=low)
        out += quote("z = np.minimum(t, b)", at, z=name, t=raised, b=high)

    def _where(self, name: str, value: gast.Call, at: gast.stmt, out: list[gast.stmt]) -> None:
        """A branch, so that the side that is not taken is not computed."""
        test, yes, no = value.args
        (branch,) = quote("if c:\n    pass\nelse:\n    pass", at, c=self._condition(test, at, out))
        branch.body, branch.orelse = self._arm(name, yes, at), self._arm(name, no, at)
        out.append(branch)

    def _condition(self, test: gast.expr, at: gast.stmt, out: list[gast.stmt]) -> gast.expr:
        atom = self.atom(test, out)
        if isinstance(atom, gast.Name) and self._is_bool(test):
            return atom
        name = self.work.fresh("c")
        out += quote("c = x != 0", at, c=name, x=atom)
        return expr(name)

    def _arm(self, name: str, value: gast.expr, at: gast.stmt) -> list[gast.stmt]:
        outside = dict(self.known)
        out: list[gast.stmt] = []
        atom = self.atom(value, out)
        self.known = outside
        return [*out, *quote("z = x", at, z=name, x=atom)]

    def _is_bool(self, node: gast.expr) -> bool:
        return isinstance(node, gast.Name) and isinstance(self.work.types.dtype(node.id), nt.Boolean)


def subscript(indices: list[str]) -> gast.expr:
    """`i` or `i, j` as written between brackets."""
    return expr(indices[0]) if len(indices) == 1 else expr(", ".join(indices))
