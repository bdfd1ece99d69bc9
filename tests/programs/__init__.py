"""The corpus of primal programs; every module in this folder is imported, and its programs are registered."""

from importlib import import_module
from pkgutil import iter_modules

from .registry import PROGRAMS, Program

for _module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["PROGRAMS", "Program"]
