"""What is known of a value before the program runs: the value itself, that it is a tuple, or (None) nothing.

A number or an array has the shape None: only the run knows it. `None`, strings, functions and types are `Known`: no code
computes them, and tests on them are decided while the program is read. A `Group` is a tuple whose parts have shapes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Union

from numba.core import types as nt

Shape = Union[None, "Known", "Group", "Clash", "Stale"]
Structure = Any  # None or tuple[Structure, ...]: a shape without its constants


@dataclass(frozen=True, eq=False)
class Known:
    """A value that is fixed: compared as itself where that is meaningful, by identity otherwise."""

    value: Any

    def _key(self) -> Any:
        kind = type(self.value)
        return (kind, self.value) if kind in COMPARED or hasattr(kind, "_sct_static") else id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


COMPARED = (str, bytes, type(None), bool, int, tuple)


@dataclass(frozen=True)
class Group:
    """A tuple; `kind` is the class of a named tuple, the nested function of a closure, or None."""

    parts: tuple[Shape, ...]
    kind: Any = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the parts: of a named tuple or of captured variables; else their numbers."""
        names = getattr(self.kind, "_fields", ()) or getattr(self.kind, "captured", ())
        return tuple(names) or tuple(str(k) for k in range(len(self.parts)))


@dataclass(frozen=True)
class Clash:
    """A variable that is one thing on one path and another on a second one; an error where it is read."""

    one: Shape
    other: Shape


@dataclass(frozen=True)
class Stale:
    """A function that a call handed back, with what it captured; `name`, one of those variables, has been assigned since."""

    function: Shape
    name: str


def join(one: Shape, other: Shape) -> Shape:
    """The shape of a value that comes from either of two paths."""
    if one == other:
        return one
    for shape in (one, other):
        if isinstance(shape, Clash | Stale):
            return shape
    groups = isinstance(one, Group) and isinstance(other, Group) and one.kind == other.kind
    if groups and len(one.parts) == len(other.parts):
        return Group(tuple(map(join, one.parts, other.parts)), one.kind)
    return Clash(one, other)


def describe(shape: Shape) -> str:
    """The shape in a user's words."""
    if isinstance(shape, Group):
        article = "a" if isinstance(shape.kind, type) else "the function"
        return f"a tuple of {len(shape.parts)}" if shape.kind is None else f"{article} {shape.kind.__name__}"
    if not isinstance(shape, Known):
        return "a number or an array"
    if shape.value is None or isinstance(shape.value, str):
        return repr(shape.value)
    name = getattr(shape.value, "__name__", None)
    return f"the function {name}" if name else f"a {type(shape.value).__name__}"


def structure(shape: Shape) -> Structure:
    return tuple(map(structure, shape.parts)) if isinstance(shape, Group) else None


def leaves(shape: Shape, name: str) -> Iterator[str]:
    """Names for the numbers and arrays in a value that is called `name`: `p`, or `p_mass` and `p_1` for its parts."""
    if isinstance(shape, Group):
        for field, part in zip(shape.fields, shape.parts, strict=True):
            yield from leaves(part, f"{name}_{field}")
    elif shape is None:
        yield name


def of_value(value: Any) -> Shape:
    """The shape of a Python value."""
    if isinstance(value, tuple):
        return Group(tuple(map(of_value, value)), type(value) if hasattr(value, "_fields") else None)
    return Known(value) if value is None or isinstance(value, str) or callable(value) else None


def of_type(argtype: nt.Type) -> Shape:
    """The shape of an argument of a Numba type."""
    if isinstance(argtype, nt.Omitted):
        return of_value(argtype.value)
    if isinstance(argtype, nt.BaseTuple):
        return Group(tuple(map(of_type, argtype.types)), getattr(argtype, "instance_class", None))
    if isinstance(argtype, nt.NoneType):
        return Known(None)
    return Known(argtype.dispatcher) if isinstance(argtype, nt.Dispatcher) else None


def leaf_types(argtype: nt.Type) -> list[nt.Type]:
    """The Numba types of the numbers and arrays in an argument."""
    if isinstance(argtype, nt.BaseTuple):
        return [leaf for part in argtype.types for leaf in leaf_types(part)]
    if isinstance(argtype, nt.Omitted) and isinstance(argtype.value, tuple):
        return [leaf for part in argtype.value for leaf in leaf_types(nt.Omitted(part))]
    return [argtype] if of_type(argtype) is None else []
