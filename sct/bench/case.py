"""One program of the benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Size = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A scalar function, the arguments to differentiate, and how to make arguments of a given size."""

    function: Callable[..., float]
    argnums: tuple[int, ...]
    arguments: Callable[..., tuple[Any, ...]]
    dimensions: str
    small: Size
    full: Size

    @property
    def name(self) -> str:
        return self.function.__name__

    def at(self, size: Size) -> tuple[Any, ...]:
        return self.arguments(np.random.default_rng(0), *size)

    def label(self, size: Size) -> str:
        return " ".join(f"{letter}{n}" for letter, n in zip(self.dimensions.split(), size, strict=True))
