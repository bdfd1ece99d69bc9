"""Constants and copies replace the names that hold them, and the first addition to a zero becomes an assignment.

    s_bar = 1.0                                   a_bar = 0.0
    w_bar[i] += d ** 2 * s_bar                    a_bar += e
    ->  w_bar[i] += d ** 2 * 1.0                  ->  a_bar = e
"""

from __future__ import annotations

import gast

from sct.ir.build import is_name, is_one_of, nodes, targets, walk
from sct.optimise.blocks import put, rebuilt, with_expressions
from sct.optimise.names import Names

Known = dict[str, gast.expr]


def propagate(body: list[gast.stmt], names: Names, copies: bool = True) -> list[gast.stmt]:
    """The statements with what is known of names on every path put in their place; without `copies`, constants only."""
    return _Pass(names, copies).block(body, {})[0]


class _Pass:
    def __init__(self, names: Names, copies: bool) -> None:
        self.names, self.copies = names, copies

    def block(self, block: list[gast.stmt], known: Known) -> tuple[list[gast.stmt], Known | None]:
        """The block's statements, and what is known after it; None where it does not fall through."""
        found = []
        for stmt in block:
            made, known = self._statement(stmt, known)
            found.append(made)
            if known is None:
                break
        return found, known

    def _statement(self, stmt: gast.stmt, known: Known) -> tuple[gast.stmt, Known | None]:
        if isinstance(stmt, gast.If):
            return self._branch(stmt, known)
        if isinstance(stmt, gast.For | gast.While):
            return self._loop(stmt, known)
        if isinstance(stmt, gast.Break | gast.Raise | gast.Return):
            return with_expressions(stmt, lambda e: _filled(e, known)), None
        made = with_expressions(stmt, lambda e: _filled(e, known))
        if isinstance(made, gast.AugAssign) and self._is_first(made, known):
            made = _assignment(made)
        known = _without(known, targets(made))
        atom = self._atom(made)
        if atom is not None:
            known[made.targets[0].id] = atom
        return made, known

    def _is_first(self, stmt: gast.AugAssign, known: Known) -> bool:
        """Whether an adjoint that is still zero is added to."""
        if not is_name(stmt.target) or not isinstance(stmt.op, gast.Add) or not self.names.is_bar(stmt.target.id):
            return False
        now = known.get(stmt.target.id)
        return isinstance(now, gast.Constant) and now.value == 0.0

    def _atom(self, stmt: gast.stmt) -> gast.expr | None:
        """What a statement makes known of its target."""
        if not isinstance(stmt, gast.Assign) or not is_name(stmt.targets[0]):
            return None
        name, value = stmt.targets[0].id, stmt.value
        stem = self.names.stem(name)
        if isinstance(value, gast.Constant) and isinstance(value.value, float):
            return value if stem.made or self.names.is_bar(name) else None
        if not self.copies or not isinstance(value, gast.Name) or value.id == name:
            return None
        alike = self.names.stem(value.id) == stem
        return value if alike or stem.made or self.names.is_bar(name) else None

    def _branch(self, stmt: gast.If, known: Known) -> tuple[gast.stmt, Known | None]:
        test = _filled(stmt.test, known)
        body, yes = self.block(stmt.body, dict(known))
        orelse, no = self.block(stmt.orelse, dict(known))
        after = no if yes is None else yes if no is None else _common(yes, no)
        return rebuilt(stmt, test=test, body=body, orelse=orelse), after

    def _loop(self, stmt: gast.stmt, known: Known) -> tuple[gast.stmt, Known]:
        head = _without(known, [n for s in walk([stmt]) for n in targets(s)])
        fields = {"body": self.block(stmt.body, dict(head))[0]}
        if isinstance(stmt, gast.While):
            fields["test"] = _filled(stmt.test, head)
        else:
            fields["iter"] = _filled(stmt.iter, known)
        return rebuilt(stmt, **fields), head


def _filled(node: gast.expr, known: Known) -> gast.expr:
    read = {n.id for n in nodes(node) if isinstance(n, gast.Name)}
    atoms = {name: known[name] for name in sorted(read) if name in known}
    return put(node, atoms) if atoms else node


def _without(known: Known, gone: list[str]) -> Known:
    return {n: v for n, v in known.items() if n not in gone and not is_one_of(v, gone)} if gone else known


def _common(a: Known, b: Known) -> Known:
    return {n: v for n, v in a.items() if n in b and _atom_text(v) == _atom_text(b[n])}


def _atom_text(node: gast.expr) -> str:
    return node.id if isinstance(node, gast.Name) else repr(node.value)


def _assignment(stmt: gast.AugAssign) -> gast.Assign:
    made = gast.Assign([stmt.target], stmt.value, None)
    made.lineno, made.col_offset = getattr(stmt, "lineno", 0), getattr(stmt, "col_offset", 0)
    return made
