"""Values in tuples: changed leaf by leaf, and found by their path, which is a position for each tuple on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import getitem
from typing import Any

Path = tuple[int, ...]


def each(function: Callable[..., Any], value: Any, *others: Any) -> Any:
    """Apply `function` to a value, or to every leaf of a tuple and those at its place in `others`; named tuples stay such."""
    if not isinstance(value, tuple):
        return function(value, *others)
    return like(value, [each(function, *parts) for parts in zip(value, *others, strict=True)])


def like(value: tuple[Any, ...], parts: list[Any]) -> tuple[Any, ...]:
    """A tuple of these parts, named as `value` is."""
    return getattr(value, "_make", tuple)(parts)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf with its path."""
    if not isinstance(value, tuple):
        yield path, value
        return
    for k, part in enumerate(value):
        yield from leaves(part, (*path, k))


def at(value: Any, path: Path) -> Any:
    """What stands at a path."""
    return reduce(getitem, path, value)


def spelled(name: str, value: Any, path: Path) -> str:
    """A path as it is written in Python: `p.mass` or `p[1][0]` for the value `p`."""
    for k in path:
        fields = getattr(value, "_fields", None)
        name, value = f"{name}.{fields[k]}" if fields else f"{name}[{k}]", value[k]
    return name
