"""Binomial checkpoints: which states of a loop are kept for its reverse sweep. Plain Python that Numba and sct read, too.

Griewank and Walther, Algorithm 799: revolve, ACM TOMS 26 (2000). With s snapshots and no step run more than r times before its
reverse, at most C(s + r, s) steps can be reversed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

try:
    from numba.extending import register_jitable
except ImportError:  # generated files run without Numba, too

    def register_jitable(function):
        return function


@register_jitable
def checkpoint(steps: Iterable[Any], budget: int | str | None = None) -> Iterable[Any]:
    """`steps`, in the head of a time loop whose gradient is to take little memory: `for t in sct.checkpoint(range(n), "200MB")`.

    The reverse sweep keeps some of the states in between, snapshots, and gets to the others by running steps again. A snapshot
    holds the arrays that the loop reads and writes to, and the scalars that it carries. `budget` is the memory for all of them
    together, in bytes or as "64KB", "200MB" (10**6 bytes) or "1GB"; there is always one. Without a budget there are
    4 * (1 + floor(log2(n))) snapshots of n steps, never more than n. Beside the snapshots the reverse sweep needs what it needs
    for a single step. With s snapshots no step runs more than r + 1 times before the run that its reverse needs, where
    C(s + r, s) >= n.

    Everywhere else, in Python, in `@njit` code and in forward mode, the loop runs as it is. The reverse sweep of a loop that
    breaks, that stands in another loop, prints, draws random numbers or lets an array grow raises `UnsupportedSyntax`, as does a
    budget that is not known before the run.
    """
    return steps


UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}


def in_bytes(budget: Any) -> int | None:
    """The bytes that a budget means; None where it is none."""
    if isinstance(budget, int) and not isinstance(budget, bool) and budget > 0:
        return budget
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMG]?B)", budget) if isinstance(budget, str) else None
    return max(int(float(found[1]) * UNITS[found[2]]), 1) if found else None


@register_jitable
def snapshots_for(steps):
    """How many states are kept of a loop of so many steps: 4 for each binary digit."""
    room = 4
    left = steps
    while left > 1:
        room += 4
        left //= 2
    return max(min(steps, room), 1)


@register_jitable
def snapshots_within(steps, state, budget):
    """How many states of so many bytes are kept of a loop."""
    return max(min(steps, budget // state), 1)


@register_jitable
def next_snapshot(start, end, free):
    """The step before which the next state is kept, so that the steps from `start` to `end` are reversed with the fewest runs;
    `end` if there is none. The state at `start` is kept, `free` more can be."""
    steps = end - start
    if free == 0 or steps < 2:
        return end
    kept = free + 1
    runs = 1
    last_but_one = 0
    last = 1
    reach = kept + 1
    while reach < steps:
        runs += 1
        last_but_one = last
        last = reach
        reach = reach * (kept + runs) // runs
    return start + max(last_but_one, steps - (reach - last), 1)
