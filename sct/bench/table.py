"""A report as text, or as a table in a Markdown page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sct.bench.report import means

BEGIN, END = "<!-- benchmark -->", "<!-- end of benchmark -->"


def text(report: dict[str, Any]) -> str:
    """The ratios in columns, one program and size per line."""
    rows = _rows(report)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_aligned(cell, w, i) for i, (cell, w) in enumerate(zip(row, widths, strict=True))) for row in rows]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join([*lines, "", *notes(report)])


def write_markdown(report: dict[str, Any], page: Path) -> None:
    """Replace what stands between the two markers of `page`; ValueError where it has none."""
    old = page.read_text()
    if BEGIN not in old or END not in old:
        raise ValueError(f"{page} has no lines {BEGIN} and {END}")
    before, rest = old.split(BEGIN, 1)
    page.write_text(f"{before}{BEGIN}\n\n{markdown(report)}\n\n{END}{rest.split(END, 1)[1]}")


def markdown(report: dict[str, Any]) -> str:
    """The ratios as a table, and below it what they mean."""
    head, *rows = _rows(report)
    rule = [":--" if i < 3 else "--:" for i in range(len(head))]
    lines = ["| " + " | ".join(row) + " |" for row in (head, rule, *rows)]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes(report))])


def _rows(report: dict[str, Any]) -> list[tuple[str, ...]]:
    titles = [name + "*" * (name in report["small_only"]) for name in report["methods"]]
    rows = [("suite", "program", "size", "primal ms", "regrouped", *titles, "sct / hand")]
    for r in report["results"]:
        ratios = [_cell(r["ratios"].get(name), r["notes"].get(name, "")) for name in ("regrouped", *report["methods"])]
        by_hand = _cell(_to_hand(r), "")
        rows.append((r["suite"], r["program"], r["size"], f"{1e3 * r['seconds']['primal']:.3g}", *ratios, by_hand))
    return rows


def _to_hand(row: dict[str, Any]) -> float | None:
    ratios = row["ratios"]
    return ratios["sct"] / ratios["hand"] if "sct" in ratios and "hand" in ratios else None


def _cell(ratio: float | None, note: str) -> str:
    return note.split(":")[0] if ratio is None else f"{ratio:.3g}" if ratio < 1000 else f"{ratio:.0f}"


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < 3 else cell.rjust(width)


def notes(report: dict[str, Any]) -> Iterable[str]:
    """The means, what the columns are, what is left out, and the machine; a sentence each."""
    for m in means(report["methods"], report["results"]):
        beside = "" if m["method"] == "sct" else f" (sct over the same: {m['sct']:.2f})"
        yield f"Geometric mean of {m['method']} over {m['rows']} rows of {m['scope']}: {m['mean']:.2f}{beside}."
    yield "Value and gradient, in runs of the plain `numba.njit` primal: medians of interleaved samples, gradients compared before."
    yield "regrouped: the primal with the flags of the generated code. hand: an adjoint written by a person, with those flags."
    if report["small_only"]:
        yield f"* measured at the small size, against the primal there: {', '.join(report['small_only'])}."
    if report["missing"]:
        yield f"Left out, not installed: {', '.join(report['missing'])}."
    behind = [f"{r['program']} {r['size']} ({', '.join(names)})" for r in report["results"] if (names := _faster(r, report))]
    yield f"Rows where another method is faster than sct: {', '.join(behind) or 'none'}."
    for row in report["results"]:
        for name, note in row["notes"].items():
            if note.startswith(("refused", "wrong")):
                yield f"{row['program']} {row['size']}, {name}: {note}"
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items() if version)
    yield f"{report['date']}, {report['machine']}; {versions}."


def _faster(row: dict[str, Any], report: dict[str, Any]) -> list[str]:
    ratios = row["ratios"]
    return [name for name in report["methods"] if name != "sct" and ratios.get(name, math.inf) < ratios.get("sct", math.inf)]
