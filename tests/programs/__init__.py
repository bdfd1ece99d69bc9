"""Small primal functions, grouped by theme; ``PROGRAMS`` lists them all."""

from . import (
    aliases,
    arrays,
    closures,
    dtypes,
    exits,
    found,
    helpers,
    kernels,
    linear_algebra,
    loops,
    models,
    overwrite,
    scalars,
    traps,
    tuples,
    vectors,
    while_loops,
)
from .registry import PROGRAMS, Program

__all__ = [
    "PROGRAMS",
    "Program",
    "aliases",
    "arrays",
    "closures",
    "dtypes",
    "exits",
    "found",
    "helpers",
    "kernels",
    "linear_algebra",
    "loops",
    "models",
    "overwrite",
    "scalars",
    "traps",
    "tuples",
    "vectors",
    "while_loops",
]
