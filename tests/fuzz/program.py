"""A generated program: its text, its arguments, and how it is loaded so that `inspect` finds its source."""

from __future__ import annotations

import hashlib
import linecache
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class FuzzProgram:
    """`size` is the length of the vectors, `seed` chooses the numbers, `turn` which of the oracle's extra checks are made."""

    text: str
    size: int
    seed: int
    turn: int = 0

    @property
    def name(self) -> str:
        return hashlib.sha256(f"{self.text}{self.size},{self.seed},{self.turn}".encode()).hexdigest()[:12]

    def load(self) -> Callable:
        """The function `f`."""
        file = f"<fuzz {self.name}>"
        linecache.cache[file] = (len(self.text), None, self.text.splitlines(keepends=True), file)
        space = {"__name__": f"fuzz_{self.name}"}
        exec(compile(self.text, file, "exec"), space)
        return space["f"]

    def forget(self) -> None:
        linecache.cache.pop(f"<fuzz {self.name}>", None)

    def args(self, f: Callable) -> tuple:
        """An argument for every parameter, chosen by its name."""
        rng, n = np.random.default_rng(self.seed), self.size
        made = {
            "x": _signed(rng, n), "y": _signed(rng, n), "a": float(rng.uniform(0.3, 1.3)), "b": float(rng.uniform(-1.3, -0.3)),
            "m": _signed(rng, n, n - 1), "k": rng.integers(0, n, n), "n": int(rng.integers(0, 4)),
        }  # fmt: skip
        return tuple(made[name] for name in f.__code__.co_varnames[: f.__code__.co_argcount])

    def write(self, path: Path) -> None:
        path.write_text(f"# size {self.size}, seed {self.seed}, turn {self.turn}\n{self.text}")

    @classmethod
    def read(cls, path: Path) -> FuzzProgram:
        head, _, text = path.read_text().partition("\n")
        return cls(text, *(int(part.split()[-1]) for part in head.split(",")))


def _signed(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.uniform(0.1, 1.3, shape) * rng.choice([-1.0, 1.0], shape)
