"""The compiler with one optimisation or analysis switched off, by replacing it from outside: the derivative must stay the same."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from sct import library, optimise, pipeline, prepare
from sct.analyses import activity, overlap
from sct.analyses.together import Late
from sct.optimise.names import names_of
from sct.transform import adjoint

Replacement = tuple[Any, str, Callable]


def _same_body(body, *_, **__):
    return body


def _same_body_and_names(body, names, _):
    return body, names


def _everything_active(unit, varied, useful):
    """Every float and every array root is active where anything is."""
    if not varied or not useful:
        return activity.activity(unit, varied, useful)
    names = {*unit.program.params, *unit.facts.assigned}
    places = frozenset(n for n in names if unit.types.is_float(n)).union(*unit.alias.roots.values())
    groups = [g for g in unit.alias.roots.values() if len(g) > 1]
    return activity.Activity(unit, activity._float_only(unit, places, groups))


PASSES = ("propagate", "gated", "gathered", "sunk", "folded", "hoisted", "totalled", "upwards", "distributed")

OFF: dict[str, tuple[Replacement, ...]] = {
    "optimiser": (
        (library, "optimise", lambda function, unit: function),
        (pipeline, "with_names", lambda function, unit: (function, names_of(function, unit))),
    ),
    "common": ((prepare, "merge_common", lambda unit: False),),
    "activity": ((adjoint, "activity", _everything_active),),
    "overlap": ((overlap.Overlap, "_apart", lambda *_: False),),
    "fusion": ((importlib.import_module("sct.lowering.expand")._Expander, "_can_wait", lambda *_: False),),
    "together": ((adjoint, "together", lambda question, answer, active: (question, answer, Late())),),
    "coalesced": ((optimise, "coalesced", _same_body_and_names),),
    "simplified": ((optimise, "simplified", lambda stmt, names: stmt),),
    **{name: ((optimise, name, _same_body),) for name in PASSES},
}

BEFORE_UNITS = ("common", "fusion")
"""Those that change what derivatives are made from."""


@contextlib.contextmanager
def without(name: str) -> Iterator[None]:
    """The compiler without the optimisation or analysis called `name`."""
    with contextlib.ExitStack() as stack:
        for target, attribute, other in OFF[name]:
            stack.enter_context(mock.patch.object(target, attribute, other))
        yield
