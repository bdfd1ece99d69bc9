"""What a Python function refers to: the globals, closure cells and module attributes its code names."""

from __future__ import annotations

import contextlib
import inspect
import os
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

LIBRARIES = frozenset({"builtins", "llvmlite", "numba", "numpy", "sct"})
WRITTEN_BY_USERS = ("sct.bench", "sct.bodies")
"""Modules of sct whose functions count as the user's."""
STANDARD_LIBRARY = os.path.dirname(os.__file__)


def names(code: CodeType) -> set[str]:
    """Every global or attribute named in `code` and in the functions nested in it."""
    found = set(code.co_names)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            found |= names(const)
    return found


def cells(function: FunctionType) -> dict[str, Any]:
    """The filled closure cells of `function`, by name."""
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # still empty
            found[name] = cell.cell_contents
    return found


def globals_of(function: FunctionType) -> dict[str, Any]:
    """The module globals that `function` names (builtins are not among them)."""
    space = function.__globals__
    return {name: space[name] for name in sorted(names(function.__code__)) if name in space}


def references(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """All that `function` refers to, with a dotted path; user modules are opened at the attributes it may name."""
    wanted = sorted(names(function.__code__))
    pending = [*globals_of(function).items(), *cells(function).items()]
    opened: set[int] = set()
    while pending:
        path, value = pending.pop(0)
        yield path, value
        if isinstance(value, ModuleType) and not in_library(value) and id(value) not in opened:
            opened.add(id(value))
            pending += [(f"{path}.{name}", vars(value)[name]) for name in wanted if name in vars(value)]


def in_library(value: Any) -> bool:
    """Whether a module, function or class belongs to Python, NumPy, Numba or sct itself."""
    module = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None)
    if not isinstance(module, str) or module.startswith(WRITTEN_BY_USERS):
        return False
    top = module.partition(".")[0]
    return top in LIBRARIES or (top in sys.stdlib_module_names and not _shadowed(top))


def _shadowed(name: str) -> bool:
    """Whether a user's file has the name of a module of the standard library."""
    file = getattr(sys.modules.get(name), "__file__", None)
    return file is not None and not file.startswith(STANDARD_LIBRARY)
