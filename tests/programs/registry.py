"""The corpus of primal functions: how one is registered, and makers of random arguments.

A program is a function as a Numba user would write it, with a maker of arguments. Tests differentiate every program in several ways
and compare; the one-line docstring of each says what it is meant to break.

Tags: ``njit`` decorated by the user; ``float32`` has float32 arguments; ``overlap`` an array statement whose operands overlap, where
plain Numba disagrees with NumPy; ``zero`` the derivative is zero in every argument; ``refused`` it is refused, still;
``ties`` conditions decided by the last bit (the value does not depend on them); ``zero_trip`` a loop that does not run for these arguments;
``beyond_numba`` Numba, or our way to compile a primal with its helpers, does not, or not with the values that NumPy gives;
``rough`` the arguments lie on a kink or at infinity, where finite differences mean nothing;
``rounded`` the value is rounded to float32 on the way, so that finite differences of it mean nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np

Maker = Callable[[np.random.Generator], tuple[Any, ...]]
TAGS = frozenset({"njit", "float32", "overlap", "zero", "refused", "ties", "zero_trip", "rounded", "rough", "beyond_numba"})
PROGRAMS: list["Program"] = []


@dataclass(frozen=True)
class Program:
    """One primal: ``argnums`` are its float arguments, ``rtol`` a tolerance of its own where the default is too strict."""

    name: str
    function: Callable[..., float]
    make_args: Maker
    argnums: tuple[int, ...]
    tags: frozenset[str] = field(default_factory=frozenset)
    rtol: float | None = None

    def args(self, seed: int = 0) -> tuple[Any, ...]:
        """Fresh arguments, the same for the same seed."""
        return self.make_args(np.random.default_rng(seed))

    @property
    def python(self) -> FunctionType:
        """The plain Python function, also where the program is a Numba dispatcher."""
        return getattr(self.function, "py_func", self.function)

    @property
    def theme(self) -> str:
        """The name of the module the program stands in."""
        return self.python.__module__.rpartition(".")[2]


def is_float(value: Any) -> bool:
    """Is this argument one to differentiate with respect to?"""
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f"
    return isinstance(value, float | np.floating)


def program(
    args: Maker,
    *,
    argnums: tuple[int, ...] | None = None,
    tags: Iterable[str] = (),
    rtol: float | None = None,
    name: str | None = None,
):
    """Register the decorated function; ``argnums`` defaults to all float arguments, ``name`` to the function's."""

    def register(function):
        sample = args(np.random.default_rng(0))
        floats = tuple(k for k, value in enumerate(sample) if is_float(value))
        chosen = floats if argnums is None else argnums
        found = Program(name or function.__name__, function, args, chosen, frozenset(tags), rtol)
        if not found.tags <= TAGS:
            raise ValueError(f"{found.name}: unknown tags {sorted(found.tags - TAGS)}")
        if any(other.name == found.name for other in PROGRAMS):
            raise ValueError(f"two programs are called {found.name}")
        PROGRAMS.append(found)
        return function

    return register


def vec(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Values of either sign, none nearer to zero than 0.1 (a kink at zero, a comparison with it, stay out of reach)."""
    return rng.uniform(0.1, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def pos(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Values in 0.5 .. 1.5."""
    return rng.uniform(0.5, 1.5, shape)


def num(rng: np.random.Generator) -> float:
    """A number in 0.5 .. 1.5."""
    return float(rng.uniform(0.5, 1.5))


def ints(rng: np.random.Generator, high: int, *shape: int) -> np.ndarray:
    """Integers in 0 .. high - 1; repeats are likely."""
    return rng.integers(0, high, shape)


def spd(rng: np.random.Generator, n: int) -> np.ndarray:
    """A symmetric positive definite matrix, well conditioned, so that no pivot is near zero."""
    a = rng.normal(size=(n, n))
    return a @ a.T / n + np.eye(n)


def dominant(rng: np.random.Generator, n: int) -> np.ndarray:
    """A diagonally dominant matrix, for elimination without pivoting."""
    return rng.uniform(-1.0, 1.0, (n, n)) + n * np.eye(n)
