"""Times: primal and gradients of one program, interleaved, after every gradient has been compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sct.bench.case import Case, Size
from sct.bench.peers import SCT, Gradients, Peer, Run, compiled
from sct.errors import SctError

SAMPLE = 2e-3  # seconds: a shorter call is repeated within one sample
AGREE = 1e-8  # largest difference between two gradients, relative to the largest entry
DIFFERENCES_AGREE = 1e-5  # the same against central differences along a random direction


@dataclass
class Result:
    """What one program took: seconds per call by method ("primal" among them), and why a method has no time."""

    program: str
    size: str
    seconds: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    first_call: float | None = None  # seconds of sct's first call: generation, compilation or a look into the cache

    @property
    def wrong(self) -> bool:
        return "wrong" in self.notes.values()

    def ratio(self, method: str) -> float | None:
        """Primals that one gradient by `method` costs."""
        return self.seconds[method] / self.seconds["primal"] if method in self.seconds else None


def measure(case: Case, size: Size, peers: list[Peer], budget: float) -> Result:
    """Compare, then time, the gradients of `case` by sct and `peers`; `budget` seconds for each method."""
    result = Result(case.name, case.label(size))
    args = case.at(size)
    primal = compiled(case.function)
    value = primal(*args)
    runs: dict[str, Run] = {"primal": lambda: primal(*args)}
    reference = None
    for peer in [SCT, *peers]:
        began = time.perf_counter()
        try:
            run = peer.prepare(case, args)
            if run is None:
                result.notes[peer.name] = "-"
                continue
            gradients = run()
        except SctError as error:
            result.notes[peer.name] = f"refused: {error.message}"
            continue
        if peer is SCT:
            result.first_call = time.perf_counter() - began
        if reference is None:
            right = _matches_differences(primal, case, args, gradients)
            reference = gradients if right else None
        else:
            right = difference(gradients, reference) <= AGREE
        if right:
            runs[peer.name] = run
        else:
            result.notes[peer.name] = "wrong"
    if primal(*args) != value:
        raise RuntimeError(f"a gradient of {case.name} changed its arguments")
    result.seconds = interleaved(runs, budget)
    return result


def difference(gradients: Gradients, reference: Gradients) -> float:
    """The largest difference of two gradients, relative to the largest entry of the reference."""
    scale = max(float(np.max(np.abs(r))) for r in reference)
    return max(float(np.max(np.abs(np.asarray(g) - r))) for g, r in zip(gradients, reference, strict=True)) / scale


def _matches_differences(primal: Callable, case: Case, args: tuple, gradients: Gradients) -> bool:
    """Whether the slope along one random direction is that of central differences."""
    rng = np.random.default_rng(1)
    directions = {i: rng.normal(size=np.shape(args[i])) for i in case.argnums}
    products = [g * directions[i] for i, g in zip(case.argnums, gradients, strict=True)]

    def moved(step):
        return primal(*(a + step * directions[i] if i in directions else a for i, a in enumerate(args)))

    slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
    size = sum(float(np.sum(np.abs(p))) for p in products)
    return abs(slope - sum(float(np.sum(p)) for p in products)) <= DIFFERENCES_AGREE * size


def interleaved(runs: dict[str, Run], budget: float) -> dict[str, float]:
    """The best seconds per call of each, compiled already, taken in turns so that a busy machine slows all alike."""
    calls, best, spent = {}, {}, dict.fromkeys(runs, 0.0)
    for name, run in runs.items():
        began = time.perf_counter()
        run()
        best[name] = spent[name] = time.perf_counter() - began
        calls[name] = max(1, round(SAMPLE / best[name]))
    while waiting := [name for name in runs if spent[name] < budget]:
        for name in waiting:
            began = time.perf_counter()
            for _ in range(calls[name]):
                runs[name]()
            elapsed = time.perf_counter() - began
            spent[name] += elapsed
            best[name] = min(best[name], elapsed / calls[name])
    return best
