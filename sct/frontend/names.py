"""Fresh, deterministic names that never collide with the user's."""

from __future__ import annotations

from collections.abc import Iterable


class Names:
    """Hands out `base`, `base_1`, `base_2`, ... skipping what is taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._count: dict[str, int] = {}
        self._stem: dict[str, str] = {}

    def reserve(self, name: str) -> None:
        self._taken.add(name)

    def fresh(self, base: str) -> str:
        """A new name; one based on an earlier fresh name `t_1` counts on from `t`."""
        base = self._stem.get(base, base)
        name, count = base, self._count.get(base, 0)
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._count[base] = count
        self._taken.add(name)
        self._stem[name] = base
        return name
