"""The ratios of a report as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def plot(report: dict[str, Any], file: Path) -> None:
    """One row of points per program, a colour per method: primals that a value and gradient costs, on a logarithmic axis."""
    from matplotlib.figure import Figure

    rows = list(reversed(report["results"]))
    figure = Figure(figsize=(8.0, 1.0 + 0.3 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for method in report["methods"]:
        points = [(row["ratios"][method], k) for k, row in enumerate(rows) if method in row["ratios"]]
        if points:
            axes.scatter(*zip(*points, strict=True), label=method, s=30, zorder=4 if method == "sct" else 3)
    axes.axvline(1.0, color="grey", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [f"{row['program']} {row['size']}" for row in rows])
    axes.set_ylim(-1.0, len(rows))
    axes.set_xlabel("value and gradient, in primals")
    axes.grid(axis="x", which="both", alpha=0.3)
    axes.legend()
    figure.savefig(file)
