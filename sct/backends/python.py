"""Generated text as plain Python, without Numba."""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Mapping
from typing import Any

import numpy as np


def load_python(text: str, arrays: Mapping[str, np.ndarray] | None = None) -> dict[str, Any]:
    """The namespace after running `text`; `arrays` are the global arrays that it names. Tracebacks show its lines."""
    name = f"<sct {hashlib.sha256(text.encode()).hexdigest()[:16]}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space: dict[str, Any] = {"__name__": name, **(arrays or {})}
    exec(compile(text, name, "exec"), space)
    return space
