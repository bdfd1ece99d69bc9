"""The text of a generated module: statements with a comment that names the primal line of each group."""

from __future__ import annotations

import re

import gast
import numpy as np

from sct import runtime
from sct.ir.build import names_in, text

WIDTH = 120
LITERAL = 16
"""Arrays of at most this many elements are written out; larger ones are loaded from a file beside the module."""


def module(functions: list[gast.FunctionDef], constants: dict[str, object], title: str) -> tuple[str, dict[str, np.ndarray]]:
    """The module's text, and the arrays that it loads by name."""
    body = "\n\n\n".join(function(f) for f in functions)
    used = {n for f in functions for n in names_in(f)}
    arrays: dict[str, np.ndarray] = {}
    lines = [_constant(name, value, arrays) for name, value in constants.items() if name in used]
    head = [f'"""{title}"""', "", *_imports(body + "\n".join(lines), used)]
    return "\n".join([*head, *(["", *lines] if lines else [])]) + "\n\n\n" + body + "\n", arrays


def _imports(body: str, used: set[str]) -> list[str]:
    found = [line for module, line in (("math", "import math"), ("np", "import numpy as np")) if re.search(rf"\b{module}\.", body)]
    runtime = sorted(used & RUNTIME)
    return found + ([f"\nfrom sct.runtime import {', '.join(runtime)}"] if runtime else [])


RUNTIME = set(runtime.__all__)


def _constant(name: str, value: object, arrays: dict[str, np.ndarray]) -> str:
    if isinstance(value, np.ndarray):
        if value.size > LITERAL:
            arrays[name] = value
            return f"# {name}: an array of shape {value.shape}, kept beside this file"
        return f"{name} = np.array({value.tolist()}, np.{value.dtype})"
    if isinstance(value, float) and value != value:
        return f"{name} = math.nan"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f"{name} = {'-' if value < 0 else ''}math.inf"
    if isinstance(value, np.generic):
        return f"{name} = np.{value.dtype}({value.item()!r})"
    if isinstance(value, type):
        return f"{name} = np.{np.dtype(value).name}"
    return f"{name} = {value!r}"


def function(node: gast.FunctionDef) -> str:
    """The text of a function definition."""
    lines = [f"def {node.name}({text(node.args)}):", *_Lines(node.lineno).block(node.body, 1)]
    return "\n".join(lines)


class _Lines:
    """Prints blocks, remembering the primal line named last."""

    def __init__(self, line: int) -> None:
        self.line = line

    def block(self, block: list[gast.stmt], depth: int) -> list[str]:
        return [line for stmt in block for line in self.statement(stmt, depth)] or ["    " * depth + "pass"]

    def statement(self, stmt: gast.stmt, depth: int) -> list[str]:
        if isinstance(stmt, gast.If):
            return self._branch(stmt, depth, "if")
        if isinstance(stmt, gast.For):
            head = self._head(f"for {text(stmt.target)} in {text(stmt.iter)}:", stmt, depth)
            return [head, *self.block(stmt.body, depth + 1)]
        if isinstance(stmt, gast.While):
            return [self._head(f"while {text(stmt.test)}:", stmt, depth), *self.block(stmt.body, depth + 1)]
        return [self._head(_unparenthesised(text(stmt)), stmt, depth)]

    def _branch(self, stmt: gast.If, depth: int, word: str) -> list[str]:
        found = [self._head(f"{word} {text(stmt.test)}:", stmt, depth), *self.block(stmt.body, depth + 1)]
        if len(stmt.orelse) == 1 and isinstance(stmt.orelse[0], gast.If):
            return found + self._branch(stmt.orelse[0], depth, "elif")
        if stmt.orelse:
            found += ["    " * depth + "else:", *self.block(stmt.orelse, depth + 1)]
        return found

    def _head(self, code: str, stmt: gast.stmt, depth: int) -> str:
        line = getattr(stmt, "lineno", 0)
        code = "    " * depth + code
        if not line or line == self.line or isinstance(stmt, gast.Break | gast.Pass):
            return code
        self.line = line
        return f"{code}  # line {line}"


def _unparenthesised(code: str) -> str:
    """`a, b = b, a` rather than `(a, b) = (b, a)`."""
    code = re.sub(r"^\(([^()]*)\) = ", r"\1 = ", code)
    code = re.sub(r"^([\w, ]+,[\w, ]+) = \(([\w, ]+)\)$", r"\1 = \2", code)
    return re.sub(r"^return \(([^()]*,[^()]*[^,()])\)$", r"return \1", code)
