"""Generated modules on disk: written once under a content hash, imported from there by every later process."""

from __future__ import annotations

import ast
import functools
import importlib.util
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from sct.backends.fingerprint import key
from sct.backends.passes import FASTMATH
from sct.errors import DiscreteWarning
from sct.vectors import FAMILIES

__all__ = ["key", "load", "options", "text_of"]


def options(flags: Iterable[str] = FASTMATH, cached: bool = True) -> str:
    """How generated functions are compiled: the arguments of `njit`."""
    listed = ", ".join(f'"{flag}"' for flag in flags)
    return f'{"cache=True, " if cached else ""}error_model="numpy", fastmath={f"{{{listed}}}" if listed else False}'


FOOTER = (
    "\n\n\n# Added by sct: compile the functions above when this file is imported. Without it they are plain Python.\n"
)

FROZEN = 10**6
"""Bytes up to which Numba stores a global array in its own cache; it refuses to cache functions with larger ones."""


class Generated(Protocol):
    """What the compiler hands over: text, the name of the function to call, the global arrays the text names, warnings, and
    whether sums may be regrouped."""

    text: str
    entry: str
    arrays: dict[str, np.ndarray]
    notes: list[str]
    regroup: bool


def load(name: str, key: str, make: Callable[[], Generated], fastmath: tuple[str, ...] | None = None) -> ModuleType:
    """The module for `key`: from this process, else from disk, else from `make()`, which is written to disk, to be compiled with
    the flags `fastmath`, or with those that suit it."""
    stem = f"{re.sub(r'[^0-9A-Za-z_]', '', name)}_{key[:16]}"
    module = sys.modules.get(f"sct_cache_{stem}")
    if module is not None and _is_current(module):
        return module
    path = folder() / f"{stem}.py"
    return _import(path if path.exists() else _write(path, make(), fastmath))


def folder() -> Path:
    """Where generated files are kept: `SCT_CACHE_DIR`, or `sct` in the user's cache folder."""
    chosen = os.environ.get("SCT_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(base) / "sct"


def text_of(module: ModuleType) -> str:
    """The generated text of a module, as it was before the footer."""
    return Path(module.__file__ or "").read_text(encoding="utf-8").partition(FOOTER)[0] + "\n"


def _import(path: Path) -> ModuleType:
    name = f"sct_cache_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        for note in module._notes:
            warnings.warn(note, DiscreteWarning, stacklevel=2)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _is_current(module: ModuleType) -> bool:
    """Whether the classes that a module imported are still those of their modules; a notebook may define them anew."""
    classes = [value for value in vars(module).values() if isinstance(value, type)]
    return all(getattr(sys.modules.get(c.__module__), c.__name__, None) is c for c in classes)


def _write(path: Path, generated: Generated, fastmath: tuple[str, ...] | None) -> Path:
    """Write the module, with its arrays next to it; into a temporary folder if `path` cannot be written."""
    files: dict[str, Callable[[Any], object]] = {
        f"{path.stem}_{name}.npy": functools.partial(_save, array) for name, array in generated.arrays.items()
    }
    module = generated.text.rstrip("\n") + FOOTER + _footer(generated, path.stem, fastmath)
    files[path.name] = lambda file: file.write(module.encode())  # last: whoever sees it finds the arrays
    try:
        return _write_all(path.parent, files)
    except OSError:
        return _write_all(Path(_temporary().name), files)


def _write_all(parent: Path, files: dict[str, Callable[[Any], object]]) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for name, write in files.items():
        with tempfile.NamedTemporaryFile(dir=parent, prefix=".writing_", delete=False) as file:
            write(file)
        os.replace(file.name, parent / name)
    return parent / name


def _save(array: np.ndarray, file: Any) -> None:
    np.save(file, array, allow_pickle=False)


@functools.cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="sct_")


def _footer(generated: Generated, stem: str, fastmath: tuple[str, ...] | None) -> str:
    """The lines that load the arrays and compile every function of the file."""
    from sct.emit.recurrences import overlapping  # a warm start never needs the compiler
    from sct.emit.subscripts import proved

    functions = [node for node in ast.parse(generated.text).body if isinstance(node, ast.FunctionDef)]
    parallel = {node.name for node in functions if _uses_prange(node)}
    lines = ["from numba import njit", "", "from sct.backends.passes import Passes", ""]
    if re.search(r"^from scipy import special$", generated.text, re.M):
        lines.insert(1, "import sct.special as _  # teaches Numba these functions")
    if generated.arrays:
        lines[:0] = ["from pathlib import Path", ""]
    for name in generated.arrays:
        lines.append(f'{name} = np.load(Path(__file__).with_name("{stem}_{name}.npy"))')
    large = any(array.nbytes > FROZEN for array in generated.arrays.values())
    suitable = FASTMATH if generated.regroup else FASTMATH[1:]
    chosen = options(suitable if fastmath is None else fastmath, cached=not (large or _is_recursive(functions)))
    vectors, inlined = ([], []) if fastmath == () else overlapping(generated.text, frozenset(FAMILIES))
    lines.append(f"_natural = {_set(proved(generated.text))}")
    lines.append(f"_vectors = {_set(vectors)}")
    lines.append(f"_compile = njit({chosen}, pipeline_class=Passes)")
    if parallel:
        lines.insert(1, "import sct.backends.threads as _  # tells Numba how many there are")
        lines.append(f"_compile_parallel = njit({chosen}, parallel=True)")
    if inlined:
        lines.append(f"_compile_inlined = njit({chosen}, pipeline_class=Passes, forceinline=True)")
    for node in functions:
        suffix = "_parallel" if node.name in parallel else "_inlined" if node.name in inlined else ""
        lines.append(f"{node.name} = _compile{suffix}({node.name})")
    lines += [f"_entry = {generated.entry}", f"_once = {any(map(_happens_once, functions))}", f"_notes = {generated.notes}", ""]
    return "\n".join(lines)


def _set(places: list[tuple[int, str]]) -> str:
    return f"{{{', '.join(map(str, places))}}}"


def _uses_prange(function: ast.FunctionDef) -> bool:
    return any("prange" in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in ast.walk(function))


def _is_recursive(functions: list[ast.FunctionDef]) -> bool:
    """Whether some functions call each other in a circle; Numba 0.68 crashes in such functions from its cache."""
    names = {f.name: {node.id for node in ast.walk(f) if isinstance(node, ast.Name)} for f in functions}
    while leaves := [name for name, used in names.items() if used.isdisjoint(names)]:
        for name in leaves:
            del names[name]
    return bool(names)


def _happens_once(function: ast.FunctionDef) -> bool:
    """Whether running the function twice is not as good as once: it prints or draws random numbers."""
    called = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(name == "print" or name.startswith("np.random.") for name in called)
