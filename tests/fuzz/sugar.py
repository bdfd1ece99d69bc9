"""The rest of the language: `match`, `:=`, functions inside functions, asserts, and arrays made in other ways."""

from __future__ import annotations

from tests.fuzz.arrays import sliced
from tests.fuzz.expressions import atom, condition, integer, number, subscript, threshold
from tests.fuzz.scope import Int, Length, Writer


def matched(w: Writer) -> None:
    """A `match` on an int, one on two, or one that binds a name."""
    two = w.chance(30)
    w.line(f"match ({integer(w)}) % 3, {w.upto(1)}:" if two else f"match ({integer(w)}) % 4:")
    with w.block():
        for _ in range(1 + w.upto(1)):
            pattern = w.pick(("0", "1 | 2", "3"))
            guard = f" if {condition(w, 0)}" if w.chance(30) else ""
            w.line(f"case {f'{pattern}, _' if two else pattern}{guard}:")
            with w.block():
                w.statements(2)
        if two or w.chance(40):
            w.line("case _:")
            with w.block():
                w.statements(2)
        else:
            name = w.fresh("k")
            w.line(f"case {name}:")
            with w.block(w.scope.inner(ints={**w.scope.ints, name: Int(0, 3)}, frozen=w.scope.frozen | {name})):
                w.statements(2)


def walrus(w: Writer) -> None:
    """A name bound in the middle of an expression or a condition, and read further right."""
    name = w.fresh("t")
    if w.chance(50):
        w.line(f"if ({name} := {number(w, 1)}) {w.pick('<>')} {threshold(w)}:")
        w.scope.floats.append(name)
        with w.block():
            w.statements(2)
        return
    other = w.fresh("t")
    w.line(f"{other} = 0.5 * ({name} := {number(w, 1)}) + 0.3 * {name} * {atom(w)}")
    w.scope.floats += [name, other]


def closure(w: Writer) -> None:
    """A function that sees the variables around it as they are when it is called, and calls of it."""
    if w.inside_helper:
        return
    name, value = w.fresh("g"), w.fresh("v")
    with_value = w.scope.inner(floats=[*w.scope.floats, value, value])
    outer, w.scope = w.scope, with_value
    body = number(w, 2)
    w.scope = outer
    if w.chance(40):
        w.line(f"{name} = lambda {value}: {body}")
    else:
        w.line(f"def {name}({value}):")
        w.line(f"    return {body}")
    w.statements(2)
    result = w.fresh("t")
    w.line(f"{result} = {name}({atom(w)})")
    w.scope.floats.append(result)


def asserted(w: Writer) -> None:
    if w.scope.floats:
        w.line(f'assert -1e9 < {w.pick(w.scope.floats)} < 1e9, "bounded"')


def made(w: Writer) -> None:
    """An array from scalars or from other arrays."""
    vectors, name, kind = w.scope.vectors, w.fresh("a"), w.upto(4)
    if kind == 0 or not vectors:
        w.line(f"{name} = np.array([{atom(w)}, {atom(w)}, {atom(w)}])")
        vectors[name] = Length.known(name, 3)
        return
    a = w.pick(list(vectors))
    if kind == 1:
        w.line(f"{name} = np.linspace({atom(w)}, {atom(w)}, 3)")
        vectors[name] = Length.known(name, 3)
    elif kind == 2:
        w.line(f"{name} = np.cumsum({a}) * 0.5")
        vectors[name] = vectors[a]
    elif kind == 3 and vectors[a].size is not None:
        w.line(f"{name} = np.concatenate(({a}, {a}[:1]))")
        vectors[name] = Length.known(name, vectors[a].size + 1)
    else:
        b = w.pick(list(vectors))
        w.line(f"{name} = {a}[:, None] * {b}")
        w.scope.matrices[name] = (vectors[a], vectors[b])


def reduced(w: Writer) -> None:
    """A function of all elements of an array, into a scalar; or the place of the largest."""
    found = sliced(w)
    if found is None or found[1].least < 1:
        return
    a, length = found
    kind = w.upto(8)
    if kind == 8:
        name = w.fresh("k")
        w.line(f"{name} = np.{w.pick(('argmax', 'argmin'))}({a})")
        w.scope.ints[name] = Int(0, length.size - 1 if length.size is not None else None, frozenset({length.text}))
        w.scope.frozen |= {name}
        return
    name = w.fresh("t")
    forms = ("np.max({})", "np.min({})", "np.mean({})", "np.prod({})", "sum({})", "np.linalg.norm({} + 2.0)", "np.var({})", "{}.sum()")
    w.line(f"{name} = 0.5 * {forms[kind].format(a)}")
    w.scope.floats.append(name)


def mask(w: Writer) -> None:
    """An array of bools: made, stored to, read in a condition."""
    if not w.scope.masks or w.chance(30):
        if not w.scope.vectors:
            return
        name = w.fresh("c")
        length = w.scope.vectors[w.pick(list(w.scope.vectors))]
        w.line(f"{name} = np.zeros({length.text}, np.bool_)")
        w.scope.masks[name] = length
        return
    name = w.pick(list(w.scope.masks))
    w.line(f"{name}[{subscript(w, w.scope.masks[name])}] = {condition(w)}")
    w.line(f"if {name}[{subscript(w, w.scope.masks[name])}]:")
    with w.block():
        w.statements(2)
