"""Run the benchmark and show it: a table of ratios, or JSON."""

from __future__ import annotations

import importlib.metadata
import math
import platform
from collections.abc import Iterable, Sequence
from typing import Any

import sct
from sct.bench.case import Case
from sct.bench.measure import Result, measure
from sct.bench.peers import HAND, OTHERS, Peer
from sct.bench.programs import CASES

BUDGET = {"small": 0.05, "full": 0.4}  # seconds per method and program
PACKAGES = ("numba", "numpy", "autograd", "torch")


def run(
    sizes: str = "full", against: Sequence[str] = tuple(OTHERS), cases: Sequence[Case] = CASES
) -> dict[str, Any]:
    """Measure every case; the results with the machine and versions they hold for."""
    peers = [OTHERS[name] for name in against if OTHERS[name].installed]
    results = [_measure_case(case, sizes, [HAND, *peers]) for case in _progress(cases)]
    return {
        "sizes": sizes,
        "machine": f"{platform.processor() or platform.machine()}, Python {platform.python_version()}",
        "versions": {"sct": sct.__version__} | {name: _version(name) for name in PACKAGES},
        "missing": [name for name in against if not OTHERS[name].installed],
        "methods": ["sct", "hand", *(peer.name for peer in peers)],
        "small_only": [peer.name for peer in peers if peer.small_only and sizes == "full"],
        "results": results,
    }


def _measure_case(case: Case, sizes: str, peers: list[Peer]) -> dict[str, Any]:
    """One row; methods too slow for the full size are measured at the small one, against the primal there."""
    slow = [peer for peer in peers if peer.small_only and sizes == "full"]
    fast = [peer for peer in peers if peer not in slow]
    result = measure(case, getattr(case, sizes), fast, BUDGET[sizes])
    row = _row(result)
    if slow:
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


def table(report: dict[str, Any]) -> str:
    """The ratios as text, one program per line."""
    slow = report["small_only"]
    methods = report["methods"]
    titles = [name + "*" * (name in slow) for name in methods]
    rows = [("program", "size", "primal ms", *titles)]
    for r in report["results"]:
        ratios = (_cell(r["ratios"].get(name), r["notes"].get(name, "")) for name in methods)
        rows.append((r["program"], r["size"], f"{1e3 * r['seconds']['primal']:.3g}", *ratios))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(_aligned(cell, w, i) for i, (cell, w) in enumerate(zip(row, widths, strict=True))) for row in rows
    ]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join([*lines, "", *_notes(report)])


def _cell(ratio: float | None, note: str) -> str:
    return note.split(":")[0] if ratio is None else f"{ratio:.3g}" if ratio < 1000 else f"{ratio:.0f}"


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < 2 else cell.rjust(width)


def _notes(report: dict[str, Any]) -> Iterable[str]:
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items() if version)
    yield "Value and gradient, in runs of the plain Numba primal of the same size (best of interleaved repeats, one"
    yield "thread, gradients compared beforehand). hand: an adjoint written by a person, where there is one."
    if report["small_only"]:
        yield f"* measured at the small size, against the primal there: {', '.join(report['small_only'])}."
    if report["missing"]:
        yield f"Left out, not installed: {', '.join(report['missing'])}."
    for name, count, mean in means(report):
        yield f"Geometric mean of {name} over {count} programs: {mean:.2f}."
    for row in report["results"]:
        for name, note in row["notes"].items():
            if note.startswith(("refused", "wrong")):
                yield f"{row['program']}, {name}: {note}"
    yield f"{report['machine']}; {versions}"


def means(report: dict[str, Any]) -> Iterable[tuple[str, int, float]]:
    """(method, programs, geometric mean of its ratios)."""
    for name in report["methods"]:
        ratios = [row["ratios"][name] for row in report["results"] if name in row["ratios"]]
        if ratios:
            yield name, len(ratios), math.exp(sum(map(math.log, ratios)) / len(ratios))


def _version(package: str) -> str | None:
    """The version installed of a distribution, None where there is none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _progress(cases: Sequence[Case]) -> Iterable[Case]:
    try:
        from tqdm import tqdm
    except ImportError:
        return cases
    return tqdm(cases, unit="program", leave=False)
