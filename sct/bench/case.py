"""One program of the benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Size = tuple[int, ...]
Gradients = tuple[Any, ...]


def products(gradients: Gradients, directions: dict[int, np.ndarray], args: tuple[Any, ...]) -> float:
    """The slope of a scalar function along `directions`, which are those of the differentiated arguments by position."""
    return sum(float(np.sum(g * d)) for g, d in zip(gradients, directions.values(), strict=True))


@dataclass(frozen=True)
class Case:
    """A function, the arguments to differentiate, and how to make arguments of a given size.

    Most functions are scalar, and their derivatives are gradients, one for each of `argnums`. `derivative` gives them where
    that is not `sct.value_and_grad`: it takes what the function takes and returns the value and a tuple. `slope` is the
    directional derivative that they mean.
    """

    function: Callable[..., Any]
    argnums: tuple[int, ...]
    arguments: Callable[..., tuple[Any, ...]]
    dimensions: str
    small: Size
    full: tuple[Size, ...]
    derivative: Callable[..., tuple[Any, Gradients]] | None = None
    slope: Callable[[Gradients, dict[int, np.ndarray], tuple[Any, ...]], Any] = products

    @property
    def kind(self) -> str:
        return "gradient" if self.slope is products else "Jacobian"

    @property
    def name(self) -> str:
        return self.function.__name__

    def sizes(self, which: str) -> tuple[Size, ...]:
        """Those that are measured: "small" or "full"."""
        return self.full if which == "full" else (self.small,)

    def at(self, size: Size) -> tuple[Any, ...]:
        return self.arguments(np.random.default_rng(0), *size)

    def label(self, size: Size) -> str:
        return " ".join(f"{letter}{n}" for letter, n in zip(self.dimensions.split(), size, strict=True))
