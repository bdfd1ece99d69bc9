"""Loops that only add up: each iteration by itself, or nearly so. Compilers run these forward and backward together."""

from __future__ import annotations

from tests.fuzz import loops
from tests.fuzz.expressions import condition, factor, number, subscript
from tests.fuzz.scope import Length, Writer


def summed(w: Writer) -> str:
    """A loop that adds to a variable, or to an array; what the result of the function is to have added."""
    total, made, buffer = w.fresh("total"), w.fresh("z"), w.fresh("q")
    size = 2 + w.upto(1)
    w.line(f"{total} = {w.pick(('0.0', number(w, 1)))}")
    into = w.scope.vectors and w.chance(40)
    length = w.pick(list(w.scope.vectors.values())) if into else Length("", 0, 0)
    if into:
        w.line(f"{made} = np.zeros({length.text})")
    filled = w.chance(40)
    if filled:
        w.line(f"{buffer} = np.{w.pick(('empty', 'zeros'))}({size})")
    index = w.fresh("i")
    text, kind, _ = loops.span(w)
    w.line(f"for {index} in {text}:")
    with w.block(loop="for") as scope:
        scope.ints[index] = kind
        scope.frozen |= {index, *scope.floats}
        _own_values(w, f"{buffer}" if filled else "", size)
        if into:
            w.line(f"{made}[{subscript(w, length)}] {w.pick(('+=', '+=', '-=', '='))} {number(w, 2)}")
        _added(w, total)
    if w.chance(25):
        w.statements(2)
    return w.pick((f"0.5 * np.sum({made})", f"np.sum({made}) + {total}", f"np.sum({made} * {made}) - {total}")) if into else total


def _own_values(w: Writer, buffer: str, size: int) -> None:
    """Values of the iteration, made of anything; what follows changes nothing else, mostly."""
    scope = w.scope
    for _ in range(1 + w.upto(1)):
        name = w.fresh("t")
        w.line(f"{name} = {number(w, 2)}")
        scope.floats.append(name)
    if buffer:
        inner = w.fresh("i")
        w.line(f"for {inner} in range({size}):")
        w.line(f"    {buffer}[{inner}] = {factor(w, 1)} * (0.3 + 0.2 * {inner})")
        if w.chance(30):
            w.line(f"{buffer}[{w.upto(size - 1)}] *= {number(w, 1)}")
    if w.chance(80):
        scope.vectors, scope.matrices, scope.indices, scope.masks = {}, {}, {}, {}
    if buffer:
        scope.vectors[buffer] = Length.known(buffer, size)
    w.statements(3)


def _added(w: Writer, total: str) -> None:
    """The sum goes on; rarely it is more than a sum."""
    kind = w.upto(11)
    if kind < 5:
        w.line(f"{total} += {number(w, 2)}")
    elif kind < 7:
        w.line(f"if {condition(w)}:")
        w.line(f"    {total} {w.pick(('+=', '-='))} {number(w, 1)}")
    elif kind < 9:
        inner = w.fresh("i")
        w.line(f"for {inner} in range({w.pick(('2', *w.scope.ints))}):")
        w.line(f"    {total} = {total} + 0.1 * {inner} * {factor(w, 1)}")
    elif kind == 9:
        w.line(f"{total} = {number(w, 1)} - {total}")
    elif kind == 10:
        w.line(f"if {condition(w)}:")
        w.line(f"    {total} = {number(w, 1)}")
    else:
        w.line(f"{total} += 0.3 * math.sin({total})")
