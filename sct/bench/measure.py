"""Times: primal and derivatives of one program, interleaved, after every derivative has been compared."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sct.bench.case import Case, Gradients, Size
from sct.bench.peers import SCT, Peer, Run, compiled
from sct.errors import SctError

SAMPLE = 2e-3  # seconds: a shorter call is repeated within one sample
ROUNDS = 3  # the fewest samples of a method,
PATIENCE = 3.0  # unless it has taken so many seconds
DIFFERENCES_AGREE = 1e-5  # sct against central differences along a random direction, relative to the sum of all terms


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
        """Primals that one value and gradient by `method` costs."""
        return self.seconds[method] / self.seconds["primal"] if method in self.seconds else None


def measure(case: Case, size: Size, peers: list[Peer], budget: float) -> Result:
    """Compare, then time, the derivatives of `case` by sct and `peers`; `budget` seconds for each method."""
    args = case.at(size)
    result, runs = compare(case, size, args, peers)
    regrouped = compiled(case.function, as_generated=True)
    regrouped(*args)
    result.seconds = interleaved(runs | {"regrouped": lambda: regrouped(*args)}, budget)
    return result


def compare(case: Case, size: Size, args: tuple[Any, ...], peers: list[Peer]) -> tuple[Result, dict[str, Run]]:
    """A result without times, and the calls of the methods whose derivatives are right, the primal's among them."""
    result = Result(case.name, case.label(size))
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
            right = matches_differences(primal, case, args, gradients)
            reference = gradients if right else None
        else:
            right = difference(gradients, reference) <= peer.agrees
        if right:
            runs[peer.name] = run
        else:
            result.notes[peer.name] = "wrong"
    if np.any(_flat(primal(*args)) != _flat(value)):
        raise RuntimeError(f"a gradient of {case.name} changed its arguments")
    return result, runs


def difference(gradients: Gradients, reference: Gradients) -> float:
    """The largest difference of two gradients, relative to the largest entry of the reference."""
    scale = max(float(np.max(np.abs(r))) for r in reference)
    return max(float(np.max(np.abs(np.asarray(g) - r))) for g, r in zip(gradients, reference, strict=True)) / scale


def matches_differences(primal: Callable, case: Case, args: tuple, gradients: Gradients) -> bool:
    """Whether the slope along one random direction is that of central differences."""
    rng = np.random.default_rng(1)
    directions = {i: rng.normal(size=np.shape(args[i])) for i in case.argnums}

    def moved(step):
        return _flat(primal(*(a + step * directions[i] if i in directions else a for i, a in enumerate(args))))

    slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
    found = _flat(case.slope(gradients, directions, args))
    terms = case.slope(
        tuple(np.abs(g) for g in gradients), {i: np.abs(d) for i, d in directions.items()}, args
    )  # fmt: skip
    return float(np.max(np.abs(slope - found))) <= DIFFERENCES_AGREE * float(np.max(_flat(terms)))


def _flat(value: Any) -> np.ndarray:
    """A number, an array or a tuple of arrays as one vector."""
    return np.concatenate([np.ravel(v) for v in value]) if isinstance(value, tuple) else np.ravel(value)


def interleaved(runs: dict[str, Run], budget: float) -> dict[str, float]:
    """The median seconds per call of each, compiled already, taken in turns so that a busy machine slows all alike."""
    samples: dict[str, list[float]] = {name: [] for name in runs}
    calls, spent = dict.fromkeys(runs, 1), dict.fromkeys(runs, 0.0)
    while waiting := [name for name in runs if spent[name] < budget or (len(samples[name]) < ROUNDS and spent[name] < PATIENCE)]:
        for name in waiting:
            began = time.perf_counter()
            for _ in range(calls[name]):
                runs[name]()
            elapsed = time.perf_counter() - began
            spent[name] += elapsed
            samples[name].append(elapsed / calls[name])
            if len(samples[name]) == 1 and elapsed < 0.5 * SAMPLE:  # too short for the clock: that one does not count
                calls[name] = math.ceil(calls[name] * SAMPLE / elapsed)
                samples[name].clear()
    return {name: statistics.median(times) for name, times in samples.items()}
