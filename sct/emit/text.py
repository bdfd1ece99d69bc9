"""The text of a generated module: statements with a comment that names the primal line of each group."""

from __future__ import annotations

import itertools
import math
import re
import textwrap

import gast
import numpy as np

from sct import runtime
from sct.ir.build import names_in, text

WIDTH = 120
LITERAL = 16
"""Arrays of at most this many finite elements are written out; larger ones, empty ones, and those with NaN or infinities are
loaded from a file beside the module."""


def module(
    functions: list[gast.FunctionDef], constants: dict[str, object], title: str
) -> tuple[str, dict[str, np.ndarray]]:
    """The module's text, and the arrays that it loads by name."""
    body = "\n\n\n".join(function(f) for f in functions)
    used = {n for f in functions for n in names_in(f)}
    arrays: dict[str, np.ndarray] = {}
    exceptions = {name: value for name, value in constants.items() if name in used and _is_exception(value)}
    lines = [_constant(name, value, arrays) for name, value in constants.items() if name in used - exceptions.keys()]
    imports = [*_imports(body + "\n".join(lines), used), *(_import(name, value) for name, value in exceptions.items())]
    head = [part for part in (f'"""{title}"""', "\n".join(imports), "\n".join(lines)) if part]
    return "\n\n".join(head) + "\n\n\n" + body + "\n", arrays


def _imports(body: str, used: set[str]) -> list[str]:
    """One group each for the standard library, NumPy and sct."""
    known = (("math", "import math\n"), ("np", "import numpy as np"), ("special", "from scipy import special"))
    groups = ["\n".join(line for module, line in known if re.search(rf"\b{module}\.", body)).strip()]
    functions = sorted(used & RUNTIME)
    ours = ["from sct import linalg"] if re.search(r"\blinalg\.", body) else []
    if functions:
        ours.append(f"from sct.runtime import {', '.join(functions)}")
    groups += ["\n".join(ours)] if ours else []
    return "\n\n".join(filter(None, groups)).splitlines()


RUNTIME = set(runtime.__all__)


def _is_exception(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _import(name: str, value: type) -> str:
    """The import of one of the user's own exceptions."""
    renamed = "" if name == value.__qualname__ else f" as {name}"
    return f"from {value.__module__} import {value.__qualname__}{renamed}"


def _constant(name: str, value: object, arrays: dict[str, np.ndarray]) -> str:
    if isinstance(value, np.ndarray):
        if 0 < value.size <= LITERAL and np.isfinite(value).all():
            return f"{name} = np.array({value.tolist()}, {_dtype(value.dtype)})"
        arrays[name] = value
        return f"# {name}: an array of shape {value.shape}, kept beside this file"
    if isinstance(value, np.generic):
        return f"{name} = {_dtype(value.dtype)}({_number(value.item())})"
    if isinstance(value, type) and hasattr(value, "_fields"):
        alias = "" if value.__name__ == name else f" as {name}"
        return f"from {value.__module__} import {value.__name__}{alias}"
    if isinstance(value, type):
        return f"{name} = {_dtype(value)}"
    return f"{name} = {_number(value)}"


def _number(value: object) -> str:
    if not isinstance(value, float) or math.isfinite(value):
        return repr(value)
    return "math.nan" if math.isnan(value) else "math.inf" if value > 0 else "-math.inf"


def _dtype(dtype: np.dtype | type) -> str:
    """A type of numbers under the name that this NumPy gives it: `np.bool_` before NumPy 2, `np.bool` since."""
    return f"np.{np.dtype(dtype).type.__name__}"


def function(node: gast.FunctionDef) -> str:
    """The text of a function definition."""
    lines = [*_folded(f"def {node.name}({text(node.args)}):"), *_Lines(node.lineno).block(node.body, 1)]
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
        return _folded(self._head(_statement(stmt), stmt, depth))

    def _branch(self, stmt: gast.If, depth: int, word: str) -> list[str]:
        found = [self._head(f"{word} {text(stmt.test)}:", stmt, depth), *self.block(stmt.body, depth + 1)]
        if len(stmt.orelse) == 1 and isinstance(stmt.orelse[0], gast.If):
            return found + self._branch(stmt.orelse[0], depth, "elif")
        if stmt.orelse:
            found += ["    " * depth + "else:", *self.block(stmt.orelse, depth + 1)]
        return found

    def _head(self, code: str, stmt: gast.stmt, depth: int) -> str:
        line = getattr(stmt, "lineno", 0)
        code = "    " * depth + _spaced(code)
        if not line or line == self.line or isinstance(stmt, gast.Break | gast.Pass):
            return code
        self.line = line
        return f"{code}  # line {line}"


def _folded(line: str) -> list[str]:
    """A line, or several where it is a long list of parameters or arguments."""
    code, _, comment = line.partition("  # ")
    opening, closing = code.find("("), code.rfind(")")
    if len(code) <= WIDTH or opening < 0 or "\"" in code or "'" in code or not _is_list(code[opening : closing + 1]):
        return [line]
    indent = " " * (len(code) - len(code.lstrip()))
    room = WIDTH - len(indent) - 4
    listed = code[opening + 1 : closing].removesuffix(",") + ","
    inner = textwrap.wrap(listed, room, break_long_words=False, break_on_hyphens=False)
    return [
        code[: opening + 1] + (f"  # {comment}" if comment else ""),
        *(f"{indent}    {part}" for part in inner),
        indent + code[closing:],
    ]


def _is_list(code: str) -> bool:
    """Whether the first bracket is closed by the last one, and commas between them separate what it holds (`(x[i, j])`: none)."""
    depths = list(itertools.accumulate((c in "([{") - (c in ")]}") for c in code))
    return 0 not in depths[:-1] and any(c == "," and depth == 1 for c, depth in zip(code, depths, strict=True))


def _statement(stmt: gast.stmt) -> str:
    """`a, b = b, a` and `return a, b` without brackets; says which arguments are copied because they are written to."""
    code = text(stmt)
    if isinstance(stmt, gast.Return) and isinstance(stmt.value, gast.Tuple) and len(stmt.value.elts) > 1:
        return f"return {text(stmt.value)[1:-1]}"
    if isinstance(stmt, gast.Raise | gast.Expr):
        return _quoted(code)
    copied = re.fullmatch(r"(\w+) = (\w+)\.copy\(\)", code)
    if copied and copied[1] == copied[2]:
        return f"{code}  # overwritten below"
    code = re.sub(r"^\(([^()]*)\) = ", r"\1 = ", code)
    return re.sub(r"^([\w, ]+,[\w, ]+) = \(([\w, ]+)\)$", r"\1 = \2", code)


def _quoted(code: str) -> str:
    """Strings in double quotes, where they have none."""
    return code if '"' in code else re.sub(r"'([^'\"\\]*)'", r'"\1"', code)


_POWER = re.compile(r"(?<![\w.)\]])([\w.]+) \*\* (-?[\w.]+)(?![\w.(\[])")


def _spaced(code: str) -> str:
    """`x**2`, as formatters write powers of simple operands."""
    return _POWER.sub(r"\1**\2", code)
