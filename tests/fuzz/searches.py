"""Loops that keep what the latest of some iterations gave, a minimum say; some do a little more, and must be left alone."""

from __future__ import annotations

from tests.fuzz import loops
from tests.fuzz.expressions import condition, factor, number
from tests.fuzz.scope import Writer


def search(w: Writer) -> None:
    """The loop, and the names that it keeps."""
    kept, index = w.fresh("best"), w.fresh("i")
    place = w.fresh("at") if w.chance(30) else ""
    w.line(f"{kept} = {w.pick(('-1.0', '10.0', number(w, 1)))}")
    if place:
        w.line(f"{place} = 0")
    text, kind, _ = loops.span(w)
    w.line(f"for {index} in {text}:")
    with w.block(loop="for") as scope:
        scope.ints[index] = kind
        scope.frozen |= {index, *scope.floats}
        value = _value(w)
        if w.chance(15):
            w.statements(1)
        _choice(w, kept, place, index, value)
    w.scope.floats.append(kept)
    if place:
        w.line(f"{kept} += 0.1 * {place}")


def _value(w: Writer) -> str:
    """A value of the iteration: of its own, or the sum of an inner loop."""
    value = w.fresh("t")
    w.line(f"{value} = {number(w, 2)}")
    if w.chance(30):
        inner = w.fresh("i")
        w.line(f"for {inner} in range(2):")
        w.line(f"    {value} += {factor(w, 1)} * (0.2 + {inner})")
    w.scope.floats.append(value)
    return value


def _choice(w: Writer, kept: str, place: str, index: str, value: str) -> None:
    sign, extreme = w.pick((("<", "min"), (">", "max")))
    kind = w.upto(9)
    if not place and kind < 3:
        w.line(f"{kept} = {extreme}({w.pick((f'{kept}, {value}', f'{kept}, {value}', f'{value}, {kept}'))})")
        return
    test = f"{value} {sign} {kept}" if kind < 8 else condition(w)
    if w.chance(15):
        w.line(f"if not {test}:")
        w.line("    pass")
        w.line("else:")
    else:
        w.line(f"if {test}:")
    given = w.pick((value, value, f"{value} * {factor(w, 1)}", number(w, 1), f"0.5 * {kept} + {value}"))
    w.line(f"    {kept} = {given}")
    if place:
        w.line(f"    {place} = {index}")
