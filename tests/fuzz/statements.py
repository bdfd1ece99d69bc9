"""Statements on scalars and elements, branches, exits, exchanges."""

from __future__ import annotations

from tests.fuzz.expressions import CONSTANTS, atom, condition, element, factor, index_load, integer, number, subscript
from tests.fuzz.scope import Int, Writer


def assignment(w: Writer) -> None:
    """A new value for a scalar or an element."""
    target = place(w)
    if target is None:
        named(w)
        return
    kind = w.upto(13)
    if kind < 5:
        w.line(f"{target} = {number(w, w.upto(2))}")
    elif kind < 8:
        w.line(f"{target} {w.pick(('+=', '-='))} 0.4 * {factor(w, 1)}")
    elif kind < 10:
        w.line(f"{target} *= {w.pick(('0.8', f'math.cos({number(w, 1)})'))}")
    elif kind == 10:
        w.line(f"{target} /= 1.2 + math.sin({number(w, 1)})")
    elif kind == 11:
        w.line(f"{target} **= 2")
        w.line(f"{target} = math.sin({target})")
    elif kind == 12:
        w.line(f"{target} = 0.7 * {target} + 0.3 * math.sin({number(w, 1)})")
    else:
        other = place(w) or target
        w.line(f"{target} = {other} = {number(w, 1)}")


def place(w: Writer) -> str | None:
    """A float variable or an element, to assign to."""
    names = w.scope.assignable
    if names and not (w.scope.vectors and w.chance(60)):
        return w.pick(names)
    return target_element(w) or (w.pick(names) if names else None)


def target_element(w: Writer) -> str | None:
    return element(w, list(w.scope.vectors), list(w.scope.matrices))


def named(w: Writer) -> None:
    """A new float variable, or an int that becomes one."""
    name = w.fresh("t")
    if w.has("promotions") and w.chance(30):
        w.line(f"{name} = {w.upto(2)}")
        if w.chance(50):
            w.line(f"{w.pick(('if', 'if not'))} ({condition(w)}):")
            with w.block():
                w.line(f"{name} {w.pick(('+=', '*=', '='))} {number(w, 1)}")
        else:
            w.line(f"{name} {w.pick(('+=', '*='))} {number(w, 1)}")
    else:
        w.line(f"{name} = {number(w, 2)}")
    w.scope.floats.append(name)


def branch(w: Writer) -> None:
    w.line(f"if {condition(w)}:")
    with w.block():
        w.statements(3)
    if w.chance(20):
        w.line(f"elif {condition(w)}:")
        with w.block():
            w.statements(2)
    if w.chance(50):
        w.line("else:")
        with w.block():
            w.statements(2)


def on_one_path(w: Writer) -> None:
    """A variable bound on one path only, and read where that path was taken."""
    flag, name = w.fresh("c"), w.fresh("t")
    w.line(f"{flag} = {condition(w)}")
    w.line(f"if {flag}:")
    with w.block():
        w.line(f"{name} = {number(w, 1)}")
    w.statements(2)
    w.line(f"if {flag}:")
    with w.block(w.scope.inner(floats=[*w.scope.floats, name])):
        assignment(w)
        w.statements(2)


def flag(w: Writer) -> None:
    if w.scope.bools and w.chance(60):
        name = w.pick(w.scope.bools)
        w.line(f"{name} = {w.pick(('not {0}', '{0} or {1}', '{0} and {1}', '{1}', '{0} != ({1})')).format(name, condition(w, 0))}")
        return
    name = w.fresh("c")
    w.line(f"{name} = {condition(w)}")
    w.scope.bools.append(name)


def leave(w: Writer) -> None:
    """`break`, `continue` or `return`, under a condition."""
    options = ["return"]
    if w.loops:
        options = ["break", "return"] if w.loops[-1] == "while" else ["break", "continue", "return"]
    w.line(f"if {condition(w)}:")
    with w.block():
        if w.chance(40):
            assignment(w)
        how = w.pick(options)
        w.line(results(w) if how == "return" else how)


def results(w: Writer) -> str:
    """A `return` that fits the function."""
    shape = w.result
    if shape in ("float", "pure"):
        return f"return {number(w, 1)}"
    if shape == "none":
        return "return"
    if shape == "two":
        return f"return {number(w, 1)}, {atom(w)}"
    array = w.pick(list(w.scope.vectors))
    return f"return {array}" if shape == "array" else f"return {number(w, 1)}, {array}"


def exchange(w: Writer) -> None:
    """Two elements, two scalars or two arrays change places; a tuple assignment reads everything first."""
    kind, names, vectors = w.upto(3), w.scope.assignable, list(w.scope.vectors)
    if kind == 0 or not names:
        a, b = target_element(w), target_element(w)
        if a is not None:
            w.line(f"{a}, {b} = {b}, {a}")
            return
    if kind == 1 and vectors:
        pairs = [(a, b) for a in vectors for b in vectors if a < b and w.scope.vectors[a].same(w.scope.vectors[b])]
        if pairs:
            a, b = w.pick(pairs)
            w.line(f"{a}, {b} = {b}, {a}")
            return
    a, b = place(w), place(w)
    if a is not None and b is not None:
        w.line(f"{a}, {b} = {number(w, 1)}, {w.pick((a, number(w, 1)))}")


def counter(w: Writer) -> None:
    """A new int variable, or another value for one; or an element of an int array."""
    if w.scope.indices and w.chance(40):
        name = w.pick(list(w.scope.indices))
        length, high = w.scope.indices[name]
        w.line(f"{name}[{subscript(w, length, arrays=False)}] = ({index_load(w)} + {integer(w)}) % {high + 1}")
        return
    names = w.scope.counters
    if names and w.chance(60):
        name = w.pick(names)
        w.line(f"{name} = ({integer(w)}) % {w.scope.ints[name].high + 1}")
        return
    name, high = w.fresh("k"), 1 + w.upto(2)
    w.line(f"{name} = ({integer(w)}) % {high + 1}")
    w.scope.ints[name] = Int(0, high)


def pair(w: Writer) -> None:
    if w.scope.pairs and w.chance(30):
        a, b = w.fresh("t"), w.fresh("t")
        w.line(f"{a}, {b} = {w.pick(w.scope.pairs)}")
        w.scope.floats += [a, b]
        return
    name = w.fresh("p")
    w.line(f"{name} = ({number(w, 1)}, {atom(w)})")
    w.scope.pairs.append(name)


def selection(w: Writer) -> None:
    """The least or largest of several candidates, and what only the winner does."""
    names = w.scope.assignable
    if not names:
        return
    best, tried = w.pick(names), w.fresh("d")
    w.line(f"{tried} = {w.pick(CONSTANTS) if w.chance(40) else number(w, 2)}")
    w.scope.floats.append(tried)
    w.statements(2)
    w.line(f"if {tried} {w.pick('<>')} {best}:")
    with w.block():
        w.line(f"{best} = {tried}{w.pick(('', ' * 0.7', f' + 0.2 * {best}'))}")
        w.statements(2)
