"""From a function object to a core program."""

from __future__ import annotations

from sct.frontend.load import load_program

__all__ = ["load_program"]
