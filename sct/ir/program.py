"""A core program with what its text refers to."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import gast

from sct.errors import Place

if TYPE_CHECKING:
    from sct.frontend.callee import Callee


@dataclass(frozen=True)
class Source:
    """The user's function as text: `lines` are the lines of the whole file, `first_line` the 1-based line of the `def`.
    `compiled`: the user calls it as a Numba dispatcher, so that it means what Numba makes of it."""

    function: Callable[..., Any]
    file: str
    first_line: int
    lines: tuple[str, ...]
    compiled: bool = False

    def place(self, node: gast.AST) -> Place:
        """Where `node` stands in the user's file; its `lineno` is that of the file."""
        line = getattr(node, "lineno", self.first_line)
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(self.file, line, getattr(node, "col_offset", 0), text)


@dataclass(frozen=True)
class Parameter:
    """A parameter of the user's: its shape (see `sct.frontend.shapes`) and its numbers and arrays, the program's parameters."""

    name: str
    shape: Any
    leaves: tuple[str, ...]
    default: gast.expr | None


@dataclass
class Program:
    """One function in the core language (see `sct.ir.grammar`).

    `constants` maps global names in the tree to values: numbers, dtypes, arrays and exception classes. `helpers` maps names of
    called functions to their `sct.frontend.callee.Callee`. `parameters` are the user's, and `result` is the shape of what the
    user's function returns. `base` maps each name that is a version of a user's variable to that variable (`s_2` -> `s`);
    temporaries are absent. `returns` is the number of values returned, None for a single value, 0 for none.
    """

    tree: gast.FunctionDef
    source: Source
    constants: dict[str, Any] = field(default_factory=dict)
    helpers: dict[str, Callee] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    returns: int | None = None
    parameters: tuple[Parameter, ...] = ()
    result: Any = None

    @property
    def params(self) -> list[str]:
        return [a.id for a in self.tree.args.args]

    def copy(self) -> Program:
        """The same with a tree and tables of its own."""
        tables = {name: dict(getattr(self, name)) for name in ("constants", "helpers", "base")}
        return replace(self, tree=copy.deepcopy(self.tree), **tables)
