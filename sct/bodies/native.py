"""Functions of `sct.linalg`, which have no body in the language: for each a prototype, its derivative and what it takes.

A prototype is a function in the language that reads what the function reads and returns new values of the same types; it never
runs. Generated code calls the function itself, and a derivative of that code finds the prototype, and with it the rule, again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sct.custom import Rule


@dataclass(frozen=True)
class Native:
    """`name` in `sct.linalg`; `ranks` are the numbers of axes that each parameter may have."""

    name: str
    ranks: tuple[tuple[int, ...], ...]


def declare(prototype: Callable[..., Any], ranks: tuple[tuple[int, ...], ...], rule: Rule) -> None:
    """Let the prototype stand for the function of its name in `sct.linalg`."""
    prototype._sct_native = Native(prototype.__name__, ranks)
    prototype._sct_rule = rule


def native_of(function: Any) -> Native | None:
    return getattr(function, "_sct_native", None)


FOR_ALL = {
    ("solve", (False, True)): "solve_all",
    ("matmul", (False, True)): "matmul_all",
    ("matmul", (True, False)): "all_matmul",
}
"""What takes an array with a further last axis in the place of one argument, the one marked here. Rules are linear in what differs
from direction to direction, and so call no others with it."""
NATIVE = frozenset(name for name, _ in FOR_ALL)
