"""Facts about functions that call each other in a circle: a fact that depends on itself is the least one that holds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from typing import Any
from weakref import WeakKeyDictionary


class Least:
    """`least(key)` is `step(key)`, which may ask for any key, its own too: that one starts as `bottom` and is worked out again
    until it stays the same. What rests on a key that is still open is not kept."""

    def __init__(self, step: Callable[[Any], Any], bottom: Any, known: MutableMapping | None = None) -> None:
        self.step, self.bottom = step, bottom
        self.known: MutableMapping[Hashable, Any] = {} if known is None else known
        self._open: dict[Hashable, Any] = {}
        self._asked: set[Hashable] = set()

    def __call__(self, key: Any) -> Any:
        if key in self.known:
            return self.known[key]
        if key in self._open:
            self._asked.add(key)
            return self._open[key]
        outer, self._asked = self._asked, set()
        self._open[key] = self.bottom
        try:
            found = self._settled(key)
            if self._asked <= {key}:
                self.known[key] = found
            return found
        finally:
            del self._open[key]
            self._asked = outer | (self._asked - {key})

    def _settled(self, key: Any) -> Any:
        while True:
            found = self.step(key)
            if key not in self._asked or found == self._open[key]:
                return found
            self._open[key] = found


class least_set:
    """A property that is the least frozenset for which it holds."""

    def __init__(self, step: Callable[[Any], frozenset]) -> None:
        self._least = Least(step, frozenset(), WeakKeyDictionary())
        self.__doc__ = step.__doc__

    def __get__(self, owner: Any, _: type) -> Any:
        return self if owner is None else self._least(owner)
