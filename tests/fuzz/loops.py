"""Loops: ranges of every kind, over arrays, `while` with a counter, an active condition or a helper that stores."""

from __future__ import annotations

from dataclasses import replace

from tests.fuzz import calls, statements
from tests.fuzz.expressions import CONSTANTS, condition, number
from tests.fuzz.scope import Int, Length, Scope, Writer


def loop(w: Writer) -> None:
    """A `for` loop."""
    if w.scope.vectors and w.chance(15):
        over_array(w)
        return
    index = w.fresh("i")
    text, kind, runs = span(w)
    w.line(f"for {index} in {text}:")
    with w.block(loop="for") as scope:
        scope.ints[index] = kind
        scope.frozen |= frozenset() if w.has("counters") and w.chance(30) else {index}
        first = body(w)
    otherwise(w)
    if runs:
        w.scope.floats += first
        if w.chance(40):
            w.scope.ints[index] = kind
            w.scope.frozen |= {index}


def otherwise(w: Writer) -> None:
    """`else` of a loop, which a `break` leaves out."""
    if w.has("elses") and w.chance(30):
        w.line("else:")
        with w.block():
            w.statements(2)


def body(w: Writer) -> list[str]:
    """The statements of a loop, and the names that its first statement binds."""
    before = len(w.scope.floats)
    if w.chance(30):
        statements.named(w)
    bound = w.scope.floats[before:]
    w.statements(4)
    if w.has("pingpong") and w.chance(40):
        rotate(w)
    return bound


def rotate(w: Writer) -> None:
    """Arrays change places at the end of the body."""
    vectors = w.scope.vectors
    for name in vectors:
        same = [v for v in vectors if vectors[v].same(vectors[name])]
        if len(same) > 1:
            start = w.upto(len(same) - 1)
            taken = [same[(start + k) % len(same)] for k in range(3 if len(same) > 2 and w.chance(25) else 2)]
            w.line(f"{', '.join(taken)} = {', '.join([*taken[1:], taken[0]])}")
            return


def replaced(w: Writer) -> None:
    """A scalar or an element is given a value that depends on nothing."""
    target = statements.place(w)
    if target is not None:
        counted = w.scope.ints and w.chance(30)
        w.line(f"{target} = {f'0.1 * {w.pick(list(w.scope.ints))}' if counted else w.pick(CONSTANTS)}")


INERT = (
    ("", 40, replaced),
    ("branches", 10, statements.branch),
    ("loops", 10, loop),
    ("exits", 6, statements.leave),
    ("counters", 8, statements.counter),
    ("pingpong", 8, rotate),
)
"""What a loop that computes nothing may be made of, as in the rules of the grammar."""


def inert(w: Writer) -> None:
    """A loop that computes nothing: it replaces values by constants, exchanges arrays, counts, ends early."""
    rules, w.rules = w.rules, INERT
    w.pick((loop, while_loop))(w)
    w.rules = rules


def span(w: Writer) -> tuple[str, Int, bool]:
    """A range, the values that its index takes, and whether it surely runs."""
    lengths = [*w.scope.vectors.values(), *(axis for axes in w.scope.matrices.values() for axis in axes)]
    kind = w.upto(15)
    if kind < 4 or not lengths:
        count = 1 + w.upto(2)
        return f"range({count})", Int(0, count - 1), True
    if kind < 10:
        return along(w, w.pick(lengths))
    names = [v for v, k in w.scope.ints.items() if k.low >= 0 and k.high is not None]
    if kind < 14 and names:
        return from_variable(w, w.pick(names))
    low, high, step = w.upto(3) - 1, w.upto(4) - 1, w.pick((1, 2, -1))
    values = range(low, high, step)
    return f"range({low}, {high}, {step})", Int(min(values, default=0), max(values, default=0)), bool(values)


def along(w: Writer, length: Length) -> tuple[str, Int, bool]:
    """A range along an axis, forwards or backwards, all of it or not."""
    n, within = length.text, frozenset({length.text})
    top = length.size - 1 if length.size is not None else None
    some, more = length.least > 0, length.least > 1
    return w.pick(
        (
            (f"range({n})", Int(0, top, within), some),
            (f"range(1, {n})", Int(1, top, within), more),
            (f"range({n} - 1, -1, -1)", Int(0, top, within), some),
            (f"range({n} - 1, 0, -1)", Int(1, top, within), more),
            (f"range(0, {n}, 2)", Int(0, top, within), some),
            (f"range({n} - 2, -1, -2)", Int(0, top, within), more),
            (f"range({n} - 1)", Int(0, top, within), more),
        )
    )


def from_variable(w: Writer, name: str) -> tuple[str, Int, bool]:
    """A range whose bound is an int variable, which the body may change."""
    kind = w.scope.ints[name]
    return w.pick(
        (
            (f"range({name})", Int(0, max(kind.high - 1, 0), kind.within), kind.low > 0),
            (f"range({name} + 1)", Int(0, kind.high, kind.within), True),
            (f"range({name}, 3)", Int(kind.low, max(kind.high, 2)), kind.high < 3),
            (f"range({name}, -1, -1)", Int(0, kind.high, kind.within), True),
            (f"range({name} - 1, 0, -1)", Int(0, kind.high, kind.within), False),
            (f"range(0, 3, {name} + 1)", Int(0, 2), True),
        )
    )


def over_array(w: Writer) -> None:
    """A loop over the elements of one array or two."""
    name, item, scope = w.pick(list(w.scope.vectors)), w.fresh("v"), w.scope.inner()
    length = scope.vectors[name]
    kind = w.upto(2)
    scope.floats.append(item)
    if kind == 0:
        w.line(f"for {item} in {w.pick((name, f'reversed({name})'))}:" if w.has("elses") else f"for {item} in {name}:")
    elif kind == 1:
        index = w.fresh("i")
        w.line(f"for {index}, {item} in enumerate({name}):")
        scope.ints[index] = Int(0, length.size - 1 if length.size is not None else None, frozenset({length.text}))
        scope.frozen |= {index}
    else:
        other, second = w.pick(list(w.scope.vectors)), w.fresh("v")
        w.line(f"for {item}, {second} in zip({name}, {other}):")
        scope.floats.append(second)
    with w.block(scope, "for"):
        body(w)


def while_loop(w: Writer) -> None:
    kind = w.upto(4)
    if kind == 4 and not w.inside_helper:
        contraction(w)
        return
    count, limit = w.fresh("w"), 1 + w.upto(3)
    w.line(f"{count} = 0")
    w.line(f"while {test(w, f'{count} < {limit}')}:")
    inner = _counted(w.scope, count, limit)
    if w.chance(50):
        inner.ints[count] = replace(inner.ints[count], low=1)
        with w.block(inner, "for"):
            w.line(f"{count} += 1")
            body(w)
    else:
        with w.block(inner, "while"):
            body(w)
            w.line(f"{count} += 1")
    otherwise(w)
    w.scope.ints[count] = Int(0, limit)
    w.scope.frozen |= {count}


def _counted(scope: Scope, count: str, limit: int) -> Scope:
    inner = scope.inner(frozen=scope.frozen | {count})
    inner.ints[count] = Int(0, limit)
    return inner


def test(w: Writer, counted: str) -> str:
    """The counter's condition, alone or with one on active values, which may call a helper that stores."""
    kind = w.upto(5)
    if kind < 2:
        return counted
    if kind == 5 and w.has("calls"):
        called = calls.called(w, "float")
        if called is not None:
            return f"{counted} and {called} < 0.6"
    return f"{counted} and ({condition(w)})"


def contraction(w: Writer) -> None:
    """A `while` on a value that shrinks until it is small."""
    name = w.fresh("e")
    w.line(f"{name} = 0.5 + abs({number(w, 1)})")
    w.scope.floats.append(name)
    w.line(f"while {name} > 0.3:" if w.chance(60) else "while True:")
    forever = w.lines[-1].endswith("True:")
    with w.block(loop="while") as scope:
        scope.frozen |= {name}
        w.line(f"{name} = 0.5 * {name} + 0.02 * math.sin({number(w, 1)})")
        if forever:
            w.line(f"if {name} < 0.4:")
            w.line("    break")
        body(w)
