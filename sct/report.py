"""What a derivative keeps for its reverse sweep, as text: per value and array, and per loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gast
import numpy as np

from sct.analyses.question import FORWARDED, RECOMPUTED, SAVED, STILL
from sct.ir.build import is_name, names_in, store_target, substitute, text
from sct.pipeline import Derived
from sct.transform.storage import Buffer, Tape
from sct.transform.sweeps import Sweeps

_LONGEST, _DEPTH = 60, 6


def report(made: Derived, mode: str, args: tuple[Any, ...], parallel: bool) -> str:
    """The report on a derivative for a call with `args`, whose lengths tell how many bytes are saved."""
    unit = made.unit
    found = [f"{mode} of `{unit.program.tree.name}`, {unit.program.source.file}"]
    for (each, split), sweeps in made.library.sweeps.items():
        values = _lengths(sweeps, args) if each is unit else {}
        if each is not unit:
            how = "forward and backward apart, saved on tapes" if split else "forward and backward in one call"
            found.append(f"`{each.program.tree.name}`, called: {how}")
        loops = _loops(sweeps, made, parallel) if each is unit else ()
        lines = [*_names(sweeps, values), *_overwritten(sweeps, values), *_handed(sweeps), *loops]
        found += [f"  line {line:4d}  {what}" for line, what in sorted(lines, key=lambda pair: pair[0])]
        found += [] if lines else ["  nothing is needed from the forward sweep"]
        buffers = [p for p in (*sweeps.places.values(), *sweeps.olds.values()) if isinstance(p, Buffer)]
        found += [f"  saved per iteration in all: {_total(buffers, values)}"] if buffers and each is unit else []
    return "\n".join(found if made.library.sweeps else [*found, "  no reverse sweep, nothing is kept"])


def _names(sweeps: Sweeps, values: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    told = {STILL: "still there", RECOMPUTED: "made again"}
    for name, source in sweeps.plan.source.items():
        stmt = sweeps.facts.definition(name) if sweeps.facts.kind(name) in ("once", "merge") else sweeps.facts.carried[name]
        if source == SAVED:
            how = _saved(sweeps, sweeps.places[name], values)
        elif source == FORWARDED:
            how = f"read back from {_shown(sweeps, sweeps.plan.forwarded[name])}"
        else:
            how = told[source]
        yield stmt.lineno, f"{_called(sweeps, name, stmt)}: {how}"


def _overwritten(sweeps: Sweeps, values: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for stmt in sweeps.facts.statements():
        target = store_target(stmt)
        if id(stmt) in sweeps.olds and target is not None:
            how = _saved(sweeps, sweeps.olds[id(stmt)], values)
            yield stmt.lineno, f"{_shown(sweeps, target)} before it is overwritten: {how}"


def _handed(sweeps: Sweeps) -> Iterator[tuple[int, str]]:
    """Arrays whose contents a helper's reverse reads."""
    at = {id(s): s.lineno for s in sweeps.facts.statements()}
    for (stmt, array), source in sweeps.plan.content.items():
        how = "a copy on the tape for each call" if source == SAVED else "still there"
        yield at[stmt], f"the contents of {_user_name(sweeps, array)} for the helper: {how}"


def _loops(sweeps: Sweeps, made: Derived, parallel: bool) -> Iterator[tuple[int, str]]:
    for stmt in sweeps.facts.root.block:
        if not isinstance(stmt, gast.For | gast.While):
            continue
        if stmt in sweeps.late:
            told = "forward and backward together, iteration by iteration"
        elif hasattr(stmt, "budget"):
            told = f"snapshots {f'within {stmt.budget:,} bytes' if stmt.budget else 'of some states'}, and steps run again"
        else:
            told = "forward and backward in two sweeps"
        yield stmt.lineno, f"loop: {told}{_threads(made.library.obstacles.get(stmt.lineno), parallel)}"


def _threads(obstacle: str | None, parallel: bool) -> str:
    """Whether a loop is split, and why not; nothing of one that is not there any more."""
    if obstacle is None:
        return ""
    told = "split among threads" if parallel else "one thread without `parallel=True`"
    return f"; one thread: {obstacle}" if obstacle else f"; {told}"


def _saved(sweeps: Sweeps, place: Buffer | Tape, values: Mapping[str, Any]) -> str:
    """Where a value is saved, and how many bytes that takes."""
    if isinstance(place, Tape):
        return "saved on a tape"
    size = _size(place, values)
    told = f"saved per iteration, {place.itemsize} byte{'s' if place.itemsize > 1 else ''} x {_shown(sweeps, place.shape)}"
    return told if size is None else f"{told} = {size:,} bytes"


def _size(place: Buffer, values: Mapping[str, Any]) -> int | None:
    """The bytes of a buffer; None where only the run knows its lengths."""
    try:
        return place.itemsize * int(np.prod(eval(text(place.shape), {"np": np, **values})))
    except Exception:
        return None


def _total(buffers: list[Buffer], values: Mapping[str, Any]) -> str:
    sizes = [_size(place, values) for place in buffers]
    unknown = sizes.count(None)
    return f"{sum(filter(None, sizes)):,} bytes" + (f", and {unknown} whose lengths only the run knows" if unknown else "")


def _lengths(sweeps: Sweeps, args: tuple[Any, ...]) -> dict[str, Any]:
    """The arguments, and what the function's own block makes of their lengths before it looks at data."""
    program = sweeps.question.unit.program
    if len(program.params) != len(args):
        return {}
    values: dict[str, Any] = dict(zip(program.params, args, strict=True))
    for stmt in sweeps.facts.root.block:
        if isinstance(stmt, gast.Assign) and is_name(stmt.targets[0]) and sweeps.question.unit.helper_call(stmt) is None:
            try:
                values[stmt.targets[0].id] = eval(text(stmt.value), {"np": np}, values)
            except Exception:  # it is made from something that a loop makes
                continue
    return values


def _called(sweeps: Sweeps, name: str, stmt: gast.stmt) -> str:
    """A value as the user knows it: the variable's name, or the text of what was calculated."""
    base = sweeps.question.unit.program.base
    if name in base:
        return f"`{base[name]}`"
    return _shown(sweeps, stmt.value) if isinstance(stmt, gast.Assign) else f"what {_shown(sweeps, stmt.test)} chooses"


def _user_name(sweeps: Sweeps, name: str) -> str:
    return f"`{sweeps.question.unit.program.base.get(name, name)}`"


def _shown(sweeps: Sweeps, node: gast.AST) -> str:
    """An expression with temporaries written out and the user's names."""
    base = sweeps.question.unit.program.base
    for _ in range(_DEPTH):
        temporaries = {n: _made(sweeps, n) for n in names_in(node) if n not in base}
        node = substitute(node, {n: value for n, value in temporaries.items() if value is not None})
    shown = text(substitute(node, {n: base[n] for n in names_in(node) if n in base}))
    return f"`{shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + '...'}`"


def _made(sweeps: Sweeps, name: str) -> gast.expr | None:
    """What a temporary is made from."""
    stmt = sweeps.facts.definition(name) if sweeps.facts.kind(name) == "once" else None
    made = isinstance(stmt, gast.Assign) and is_name(stmt.targets[0])
    return stmt.value if made and sweeps.question.unit.helper_call(stmt) is None else None
