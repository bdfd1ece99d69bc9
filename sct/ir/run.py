"""A core program as text, and run as the plain Python that it is."""

from __future__ import annotations

import math
from typing import Any

import gast
import numpy as np

from sct.ir.program import Program


def text(program: Program) -> str:
    """The program's source below a header that says where it comes from."""
    source = program.source
    return f"# {source.file}, line {source.first_line}\n{gast.unparse(program.tree).strip()}\n"


def run(program: Program, *args: Any) -> Any:
    """The program's value for `args`, which it may change in place."""
    names = {"math": math, "np": np, "UNDEFINED": None, **program.constants, **program.helpers}
    exec(compile(text(program), f"<core {program.tree.name}>", "exec"), names)
    return names[program.tree.name](*args)
