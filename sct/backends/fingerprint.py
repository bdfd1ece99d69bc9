"""What a generated file depends on, as one hash that needs no type inference."""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba
import numpy as np
from numba.core import types

import sct
from sct.types.reach import in_library, references

PLAIN = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis), slice, np.dtype, np.ufunc)


def key(function: Any, argtypes: tuple[Any, ...], options: Mapping[str, Any]) -> str:
    """The hash of all that decides a derivative: the function's code, what it reaches, types, options, versions."""
    fingerprint = _Fingerprint()
    fingerprint.add(versions())
    for each in argtypes:
        fingerprint.argtype(each)
    fingerprint.value(dict(options))
    fingerprint.value(function)
    return fingerprint.digest()


@functools.cache
def versions() -> str:
    """One hash for sct's own text and the versions of what it stands on."""
    root = Path(sct.__file__).parent
    digest = hashlib.sha256(repr((sys.version, numba.__version__, np.__version__)).encode())
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@functools.cache
def _unrepeatable() -> str:
    """A mark for values that cannot be hashed by content: their keys are valid in this process alone."""
    return f"{os.getpid()} {uuid.uuid4()}"


class _Fingerprint:
    """Collects parts into a hash; a function is entered once, so recursion ends."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._seen: dict[Any, int] = {}

    def digest(self) -> str:
        return self._hash.hexdigest()

    def add(self, *parts: str | bytes) -> None:
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            self._hash.update(f"{len(data)}:".encode())
            self._hash.update(data)

    def argtype(self, argtype: Any) -> None:
        """Add a Numba type; a function by its text, a named tuple by its class."""
        if isinstance(argtype, types.Dispatcher):
            self.value(argtype.dispatcher)
        elif isinstance(argtype, types.BaseTuple):
            self.value(getattr(argtype, "instance_class", tuple))
            self.add(type(argtype).__name__, str(len(argtype)))
            for part in argtype.types:
                self.argtype(part)
        elif isinstance(argtype, types.Omitted):
            self.add("omitted")
            self.value(argtype.value)
        else:
            self.add(str(argtype))

    def value(self, value: Any) -> None:
        """Add anything a function can refer to."""
        kind = type(value)
        self.add(f"{kind.__module__}.{kind.__qualname__}")
        if hasattr(kind, "_sct_identity"):
            self.value(value._sct_identity)
        elif isinstance(getattr(value, "py_func", value), FunctionType):
            self.function(getattr(value, "py_func", value))
        elif isinstance(value, (np.ndarray, np.generic)):
            self.array(np.asarray(value))
        elif isinstance(value, (tuple, list)):
            self.add(str(len(value)))
            for each in value:
                self.value(each)
        elif isinstance(value, (dict, set, frozenset)):
            self.unordered(value)
        elif isinstance(value, ModuleType):
            self.add(value.__name__)
        elif isinstance(value, PLAIN):
            self.add(repr(value))
        else:
            self.named(value)

    def function(self, function: FunctionType) -> None:
        """Add a function's source, its code (two lambdas may share a line), defaults and all it refers to."""
        self.add(function.__module__ or "", function.__qualname__)
        if in_library(function) or function in self._seen:
            self.add(str(self._seen.get(function, "library")))
            return
        self._seen[function] = len(self._seen)
        self.add(_source(function))
        self.code(function.__code__)
        self.value(function.__defaults__)
        self.value(getattr(function, "_sct_rule", None))
        for path, value in references(function):
            self.add(path)
            self.value(value)

    def code(self, code: CodeType) -> None:
        names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, list(code.co_lines()))
        self.add(code.co_code, repr(names))
        for const in code.co_consts:
            if isinstance(const, CodeType):
                self.code(const)
            else:
                self.value(const)

    def array(self, array: np.ndarray) -> None:
        self.add(repr(array.dtype), repr(array.shape), repr(array.flags.fnc))
        self.add(_unrepeatable() if array.dtype.hasobject else array.tobytes())

    def unordered(self, value: dict[Any, Any] | set[Any] | frozenset[Any]) -> None:
        items = value.items() if isinstance(value, dict) else value
        for item in sorted(items, key=repr):
            self.value(item)

    def named(self, value: Any) -> None:
        """Add a class or builtin by its name, a named tuple by its fields too, anything else by its identity in this process."""
        if isinstance(value, type) and hasattr(value, "_fields"):
            self.value((value._fields, value._field_defaults))
        name = getattr(value, "__qualname__", None)
        self.add(f"{value.__module__}.{name}" if isinstance(name, str) else f"{id(value)} {_unrepeatable()}")


def _source(function: FunctionType) -> str:
    try:
        return "".join(inspect.getsourcelines(function.__code__)[0])
    except (OSError, TypeError):
        return ""
