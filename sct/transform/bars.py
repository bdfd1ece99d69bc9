"""The adjoint statements of a unit, one group per primal statement, before it is known where their primal values come from.

Scalars get a local adjoint each; the first contribution in reverse order assigns, where it stands in the region that defines
the name, and adds elsewhere, after an initial zero. Array adjoints mirror the primal's memory: each array name has an
adjoint name, bound in the reverse of the region that binds the primal's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gast

from sct.analyses.activity import Activity
from sct.analyses.alias import allocation, view_base
from sct.analyses.progress import progress
from sct.analyses.regions import Region, Regions, head_copies, is_permutation
from sct.analyses.unit import Unit
from sct.errors import NotDifferentiable, UnsupportedCall
from sct.ir.build import Fresh, expr, grown, is_atom, is_name, names_in, quote, same, store_target, substitute, targets, text, walk
from sct.rules.table import is_unknown, partials, scaled


@dataclass(eq=False)
class Bars:
    """Adjoint statements by primal statement.

    `reverse[id(stmt)]` replaces the statement in the reverse sweep, `before[id(stmt)]` are initial zeros that must stand
    before the reverse of a compound statement, `start[id(region)]` binds array adjoints at the start of a region's reverse,
    `end[id(region)]` clears at its end what each iteration overwrites unread.
    """

    unit: Unit
    active: Activity
    fresh: Fresh
    callees: object
    names: dict[str, str] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    reverse: dict[int, list[gast.stmt]] = field(default_factory=dict)
    before: dict[int, list[gast.stmt]] = field(default_factory=dict)
    start: dict[int, list[gast.stmt]] = field(default_factory=dict)
    end: dict[int, list[gast.stmt]] = field(default_factory=dict)

    @property
    def facts(self) -> Regions:
        return self.unit.facts

    def bar(self, name: str) -> str:
        """The adjoint's name: `x_bar` for `x`."""
        if name not in self.names:
            self.names[name] = self.fresh(f"{name}_bar")
        return self.names[name]

    def seed(self, name: str, value: gast.expr, at: gast.stmt) -> None:
        """Start the reverse sweep: the result's adjoint, added to an array's."""
        region, index = self.facts.where(at)
        self.reverse[id(at)] = self.reverse.get(id(at), [])
        self.reverse[id(at)] += self.add(name, value, (region, index), at)

    def build(self) -> None:
        """Fill the groups, walking the program backwards."""
        self._bind_arrays(self.facts.root)
        self._region(self.facts.root)

    def _region(self, region: Region) -> None:
        for index in reversed(range(len(region.block))):
            stmt = region.block[index]
            if isinstance(stmt, gast.For | gast.While):
                self._loop(stmt, (region, index))
            elif isinstance(stmt, gast.If):
                for inner in self.facts.inner[id(stmt)]:
                    self._bind_arrays(inner)
                    self._region(inner)
            else:
                self.reverse[id(stmt)] = self.reverse.get(id(stmt), []) + self._leaf(stmt, (region, index))

    def _loop(self, loop: gast.stmt, site) -> None:
        carried = [c for c, owner in self.facts.carried.items() if owner is loop and self._scalar(c)]
        for name in carried:
            if name not in self.started:
                self.started.add(name)
                self.before.setdefault(id(loop), []).extend(quote("B = 0.0", loop, B=self.bar(name)))
        body = self.facts.inner[id(loop)][0]
        read = head_copies(loop, self.facts)
        self.end[id(body)] = [s for c in carried if c not in read for s in quote("B = 0.0", loop, B=self.bar(c))]
        self._bind_arrays(body)
        self._region(body)

    def _scalar(self, name: str) -> bool:
        return self.active(name) and not self.unit.types.is_array(name)

    def _leaf(self, stmt: gast.stmt, site) -> list[gast.stmt]:
        if self.unit.helper_call(stmt) is not None:
            return self.callees.reverse(self, stmt, site)
        target = store_target(stmt)
        if target is not None:
            return self._store(stmt, target, site)
        if not isinstance(stmt, gast.Assign) or is_permutation(stmt) or grown(stmt):
            return []
        name = stmt.targets[0].id
        if self.unit.types.is_array(name):
            return self._array(name, stmt)
        head = self._head_of(stmt)
        if head is not None and self._scalar(head):
            return self._head_copy(name, head, stmt)
        if not self.active(name) or name not in self.started:
            return []
        return self._scalar_rule(name, stmt.value, stmt, site)

    def _array(self, name: str, stmt: gast.stmt) -> list[gast.stmt]:
        if allocation(stmt.value) == "copy" and self.active(name) and self.active(stmt.value.args[0]):
            copied = "B[:len(A)]" if self.unit.grows(name) else "B"
            return quote(f"A += {copied}", stmt, A=self.bar(stmt.value.args[0].id), B=self.bar(name))
        return []

    def _store(self, stmt: gast.stmt, target: gast.Subscript, site) -> list[gast.stmt]:
        if not self.active(target.value):
            return []
        element = expr("A[I]", A=self.bar(target.value.id), I=target.slice)
        found = self.add(stmt.value, element, site, stmt) if self.active(stmt.value) else []
        if isinstance(stmt, gast.Assign):
            found += quote("E = 0.0", stmt, E=element)
        return found

    def _head_of(self, stmt: gast.stmt) -> str | None:
        """The carried variable, if `stmt` is its copy at the head of its loop's body."""
        if is_name(stmt.value) and stmt.value.id in self.facts.carried:
            loop = self.facts.carried[stmt.value.id]
            if self.facts.where(stmt)[0] is self.facts.inner[id(loop)][0]:
                return stmt.value.id
        return None

    def _head_copy(self, name: str, carried: str, stmt: gast.stmt) -> list[gast.stmt]:
        value = self.bar(name) if name in self.started else expr("0.0")
        return quote("C = V", stmt, C=self.bar(carried), V=value)

    def _scalar_rule(self, name: str, value: gast.expr, stmt: gast.stmt, site) -> list[gast.stmt]:
        bar = expr(self.bar(name))
        if is_name(value):
            return self.add(value, bar, site, stmt) if self.active(value) else []
        if isinstance(value, gast.Subscript):
            return self._load(value, bar, stmt)
        rows = chain_rule(self.unit, name, value, stmt, self.active)
        found: list[gast.stmt] = []
        for operand, contribution in merged(rows, bar):
            if self.active(operand):
                found += self.add(operand, contribution, site, stmt)
        return found

    def _load(self, value: gast.Subscript, bar: gast.expr, stmt: gast.stmt) -> list[gast.stmt]:
        if not (is_name(value.value) and self.active(value.value)):
            return []
        return quote("A[I] += B", stmt, A=self.bar(value.value.id), I=value.slice, B=bar)

    def add(self, operand: gast.expr | str, value: gast.expr, site, at: gast.stmt) -> list[gast.stmt]:
        """Add `value` to the adjoint of `operand`: an assignment where it is the first contribution."""
        name = operand if isinstance(operand, str) else operand.id
        if self.unit.types.is_array(name):
            return quote("A += V", at, A=self.bar(name), V=value)
        home = self.facts.home_of(name)
        region, index = site
        first = name not in self.started
        self.started.add(name)
        if first and home is region:
            return quote("A = V", at, A=self.bar(name), V=value)
        if first:
            holder = home.block[self.facts.at(region, home, index)]
            self.before.setdefault(id(holder), []).extend(quote("A = 0.0", holder, A=self.bar(name)))
        return quote("A += V", at, A=self.bar(name), V=value)

    def _bind_arrays(self, region: Region) -> None:
        """Bind the adjoints of the arrays that `region` binds; those of an arm may be bound already, for a merge."""
        if id(region) in self.start:
            return
        found: list[gast.stmt] = []
        for stmt in region.block:
            if isinstance(stmt, gast.If):
                found += self._merge(stmt)
            if not isinstance(stmt, gast.Assign) or store_target(stmt) is not None or is_permutation(stmt):
                continue
            if isinstance(stmt.targets[0], gast.Tuple) or self.unit.helper_call(stmt) is not None:
                found += self.callees.bind(self, stmt)
                continue
            if grown(stmt):
                continue
            name = stmt.targets[0].id
            if self.unit.types.is_array(name) and self.active(name) and name not in self.facts.merged:
                found += self._bind(name, stmt)
        self.start[id(region)] = found

    def _bind(self, name: str, stmt: gast.stmt) -> list[gast.stmt]:
        value = stmt.value
        if allocation(value) is not None:
            return quote("B = V", stmt, B=self.bar(name), V=zeros_like_allocation(self.unit, name, value))
        if name in self.facts.carried:
            return self._carried_array(name, stmt)
        base = view_base(value)
        mirrored = substitute(value, {base: self.bar(base)})
        return quote("B = V", stmt, B=self.bar(name), V=mirrored)

    def _carried_array(self, name: str, stmt: gast.stmt) -> list[gast.stmt]:
        """Bind name and adjoint to where the loop's exchanges leave them: its permutation, replayed."""
        loop = self.facts.carried[name]
        found = quote("C = S; B = T", stmt, C=name, S=stmt.value, B=self.bar(name), T=self.bar(stmt.value.id))
        group = permutation_of(loop)
        if group is None or name != group.targets[0].elts[-1].id:
            return found
        count = self.fresh("k")
        trips = loop.iter if isinstance(loop, gast.For) else expr("range(N)", N=progress(loop, self.facts))
        turn = quote("for K in R: pass", stmt, K=count, R=trips)[0]
        turn.body = self.exchange(group)
        return [*found, turn]

    def exchange(self, group: gast.Assign, inverse: bool = False) -> list[gast.stmt]:
        """The permutation of names and of their adjoints, or its inverse."""
        left, right = group.targets[0], group.value
        if inverse:
            left, right = right, left
        found = quote("L = R", group, L=left, R=right)
        if self.active(group.targets[0].elts[0]):
            bars = {n.id: self.bar(n.id) for n in left.elts}
            found += quote("L = R", group, L=substitute(left, bars), R=substitute(right, bars))
        return found

    def _merge(self, stmt: gast.If) -> list[gast.stmt]:
        """Array names bound differently in the arms: mirrored under the same condition, with what the arms bind."""
        merged = [n for n, owner in self.facts.merged.items() if owner is stmt and self.unit.types.is_array(n)]
        names = [n for n in merged if self.active(n)]
        if not names:
            return []
        branch = quote("if C: pass\nelse: pass", stmt, C=stmt.test)[0]
        for block, arm in zip(("body", "orelse"), self.facts.inner[id(stmt)], strict=True):
            self._bind_arrays(arm)
            copies = [s for s in getattr(stmt, block) if set(_assigned(s)) & set(names)]
            bound = [b for s in copies for b in quote("B = S", stmt, B=self.bar(s.targets[0].id), S=self.bar(s.value.id))]
            setattr(branch, block, [*self._taken_for(bound, arm), *bound] or getattr(branch, block))
        return [branch]

    def _taken_for(self, bound: list[gast.stmt], arm: Region) -> list[gast.stmt]:
        """What the start of an arm's reverse binds for `bound`: taken out of there."""
        wanted, taken, left = {n for s in bound for n in names_in(s)}, [], []
        for stmt in reversed(self.start[id(arm)]):
            if wanted & {t for s in walk([stmt]) for t in targets(s)}:
                wanted |= set(names_in(stmt))
                taken.insert(0, stmt)
            else:
                left.insert(0, stmt)
        self.start[id(arm)] = left
        return taken


def _assigned(stmt: gast.stmt) -> list[str]:
    return [stmt.targets[0].id] if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) else []


def permutation_of(loop: gast.stmt) -> gast.Assign | None:
    """The exchange of array names that ends the loop's body."""
    last = loop.body[-1]
    return last if is_permutation(last) else None


def chain_rule(unit: Unit, name: str, value: gast.expr, stmt: gast.stmt, active: Activity) -> list[tuple[gast.expr, gast.expr]]:
    """(operand, partial) of `name = value`; an error where the table has no row, or no partial by what varies."""
    if isinstance(value, gast.Constant | gast.Attribute):
        return []
    rows = partials(value, name) if isinstance(value, gast.Call | gast.BinOp | gast.UnaryOp) else None
    if rows is None or not all(is_atom(operand) for operand, _ in rows):
        raise no_rule(unit, value, stmt)
    unknown = next((operand for operand, partial in rows if is_unknown(partial) and active(operand)), None)
    if unknown is not None:
        raise NotDifferentiable(
            f"the derivative of `{text(value)}` by `{text(unknown)}` is not known",
            place=unit.program.source.place(stmt),
            remedy="differentiate by other arguments, or make it a constant: `sct.stop_gradient`",
        )
    return [row for row in rows if not is_unknown(row[1])]


def merged(rows, bar: gast.expr) -> list[tuple[gast.expr, gast.expr]]:
    """(operand, contribution) with equal operands taken together: `x * x` gives one contribution to x."""
    found: list[tuple[gast.expr, gast.expr]] = []
    for operand, partial in rows:
        contribution = scaled(partial, bar)
        for k, (earlier, total) in enumerate(found):
            if same(earlier, operand):
                joined = expr("2.0 * A", A=total) if text(total) == text(contribution) else expr("A + B", A=total, B=contribution)
                found[k] = (operand, joined)
                break
        else:
            found.append((operand, contribution))
    return found


def zeros_like_allocation(unit: Unit, name: str, value: gast.expr) -> gast.expr:
    """Zeros of the shape and dtype of an allocation; of an array that grows, as large as it is then."""
    kind = allocation(value)
    if unit.grows(name) or (kind in ("zeros_like", "empty_like") and unit.grows(value.args[0].id)):
        return expr("np.zeros_like(A)", A=name)
    if kind in ("zeros_like", "empty_like", "copy"):
        return expr("np.zeros_like(A)", A=value.args[0])
    dtype = unit.types.dtype(name)
    shape = value.args[0]
    return expr("np.zeros(S)", S=shape) if str(dtype) == "float64" else expr(f"np.zeros(S, np.{dtype})", S=shape)


def no_rule(unit: Unit, value: gast.expr, stmt: gast.stmt) -> UnsupportedCall:
    return UnsupportedCall(
        f"`{text(value)}` has no derivative rule",
        place=unit.program.source.place(stmt),
        remedy="write it with functions that have one (docs/rules.md)",
    )
