"""Run the benchmark: one dictionary with all figures, and the machine and versions they hold for."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sct
from sct.bench.case import Case, Size
from sct.bench.measure import Result, measure
from sct.bench.peers import OTHERS, Peer
from sct.bench.problems import SUITES

BUDGET = {"small": 0.05, "full": 0.4}  # seconds per method and program
PACKAGES = ("numba", "numpy", "autograd", "torch", "jax")


def run(
    sizes: str = "full", against: Sequence[str] = tuple(OTHERS), suites: Mapping[str, Sequence[Case]] = SUITES
) -> dict[str, Any]:
    """Measure every case of `suites` at its small or full sizes; the report is plain data, as JSON has it."""
    peers = [OTHERS[name] for name in against if OTHERS[name].installed]
    work = [(suite, case, size) for suite, cases in suites.items() for case in cases for size in case.sizes(sizes)]
    results = [{"suite": suite, **_measure(case, size, sizes, peers)} for suite, case, size in _progress(work)]
    methods = ["sct", *(peer.name for peer in peers)]
    return {
        "sizes": sizes,
        "date": datetime.date.today().isoformat(),
        "machine": f"{_processor()}, Python {platform.python_version()}",
        "versions": {"sct": sct.__version__} | {name: _version(name) for name in PACKAGES},
        "missing": [name for name in against if not OTHERS[name].installed],
        "methods": methods,
        "small_only": [peer.name for peer in peers if peer.small_only and sizes == "full"],
        "means": means(methods, results),
        "results": results,
    }


def means(methods: Sequence[str], results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The geometric means of each method's ratios over each suite and over all of them, and those of sct over the same rows.

    Jacobians, which cost as many gradients as they have columns or rows, have a mean of their own.
    """
    gradients = [row for row in results if row["kind"] == "gradient"]
    scopes = {suite: [r for r in gradients if r["suite"] == suite] for suite in dict.fromkeys(r["suite"] for r in gradients)}
    scopes |= {"all suites": gradients, "Jacobians": [row for row in results if row["kind"] == "Jacobian"]}
    found = []
    for name in methods:
        for scope, rows in scopes.items():
            both = [row["ratios"] for row in rows if name in row["ratios"] and "sct" in row["ratios"]]
            if both:
                mean, ours = (statistics.geometric_mean(r[method] for r in both) for method in (name, "sct"))
                found.append({"scope": scope, "method": name, "rows": len(both), "mean": mean, "sct": ours})
    return found


def _measure(case: Case, size: Size, sizes: str, peers: list[Peer]) -> dict[str, Any]:
    """One row; methods too slow for a full size are measured at the small one, against the primal there."""
    slow = [peer for peer in peers if peer.small_only and sizes == "full"]
    fast = [peer for peer in peers if peer not in slow]
    result = measure(case, size, fast, BUDGET[sizes])
    row = _row(result) | {"kind": case.kind}
    if slow and size == case.full[0]:
        small = measure(case, case.small, slow, BUDGET["small"])
        names = {peer.name for peer in slow}
        row["at_small_size"] = _row(small)
        row["ratios"] |= {name: ratio for name, ratio in row["at_small_size"]["ratios"].items() if name in names}
        row["notes"] |= {name: note for name, note in small.notes.items() if name in names or note == "wrong"}
    return row


def _row(result: Result) -> dict[str, Any]:
    return {
        "program": result.program,
        "size": result.size,
        "seconds": result.seconds,
        "ratios": {name: result.ratio(name) for name in result.seconds if name != "primal"},
        "notes": result.notes,
        "first_call_seconds": result.first_call,
    }


def is_right(report: dict[str, Any]) -> bool:
    """Whether sct gave every gradient, and every gradient agreed."""
    notes = [row["notes"] for row in report["results"]]
    return not any("sct" in n or "wrong" in n.values() for n in notes)


def _processor() -> str:
    """Its name where the system tells (Linux), else the kind."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    """The version installed of a distribution, None where there is none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _progress(work: Sequence[tuple[str, Case, Size]]) -> Iterable[tuple[str, Case, Size]]:
    try:
        from tqdm import tqdm
    except ImportError:
        yield from work
        return
    with tqdm(work, unit="program", leave=False) as bar:
        for suite, case, size in bar:
            bar.set_description(case.name)
            yield suite, case, size
