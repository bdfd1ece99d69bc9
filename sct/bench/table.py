"""A report as text, or as tables in a Markdown page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- benchmark -->", "<!-- end of benchmark -->"
Rows = list[tuple[str, ...]]


def text(report: dict[str, Any]) -> str:
    """The ratios in columns, one program and size per line, then their means and what they mean."""
    return "\n".join([*_columns(_rows(report), 3), "", *_columns(_means(report), 1), "", *notes(report)])


def _columns(rows: Rows, left: int) -> list[str]:
    """Aligned, the first `left` columns to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = [[c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))] for row in rows]
    padded.insert(1, ["-" * w for w in widths])
    return ["  ".join(row) for row in padded]


def write_markdown(report: dict[str, Any], page: Path) -> None:
    """Replace what stands between the two markers of `page`; ValueError where it has none."""
    old = page.read_text()
    if BEGIN not in old or END not in old:
        raise ValueError(f"{page} has no lines {BEGIN} and {END}")
    before, rest = old.split(BEGIN, 1)
    page.write_text(f"{before}{BEGIN}\n\n{markdown(report)}\n\n{END}{rest.split(END, 1)[1]}")


def markdown(report: dict[str, Any]) -> str:
    """As `text`, with the notes as a list."""
    tables = *_table(_rows(report), 3), "", *_table(_means(report), 1)
    return "\n".join([*tables, "", *(f"- {note}" for note in notes(report))])


def _table(rows: Rows, left: int) -> list[str]:
    rule = tuple(":--" if i < left else "--:" for i in range(len(rows[0])))
    return ["| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:])]


def _rows(report: dict[str, Any]) -> Rows:
    titles = [name + "*" * (name in report["small_only"]) for name in report["methods"]]
    rows = [("suite", "program", "size", "primal ms", "regrouped", *titles, "sct / hand")]
    for r in report["results"]:
        ratios = [_cell(r["ratios"].get(name), r["notes"].get(name, "")) for name in ("regrouped", *report["methods"])]
        by_hand = _cell(_to_hand(r), "")
        rows.append((r["suite"], r["program"], r["size"], f"{1e3 * r['seconds']['primal']:.3g}", *ratios, by_hand))
    return rows


def _means(report: dict[str, Any]) -> Rows:
    """A line for each method: its mean, that of sct over the same rows, and how many they are."""
    scopes = list(dict.fromkeys(m["scope"] for m in report["means"]))
    found = {(m["method"], m["scope"]): m for m in report["means"]}
    lines = [(name, *(_mean(found.get((name, scope))) for scope in scopes)) for name in report["methods"]]
    return [("geometric mean (sct, rows)", *scopes), *lines]


def _mean(m: dict[str, Any] | None) -> str:
    if m is None:
        return "-"
    return f"{m['mean']:.2f} ({m['rows']})" if m["method"] == "sct" else f"{_cell(m['mean'], '')} ({m['sct']:.2f}, {m['rows']})"


def _to_hand(row: dict[str, Any]) -> float | None:
    ratios = row["ratios"]
    return ratios["sct"] / ratios["hand"] if "sct" in ratios and "hand" in ratios else None


def _cell(ratio: float | None, note: str) -> str:
    return note.split(":")[0] if ratio is None else f"{ratio:.3g}" if ratio < 1000 else f"{ratio:.0f}"


def notes(report: dict[str, Any]) -> Iterable[str]:
    """What the columns are, where sct is not first, what is left out, and the machine; a sentence each."""
    yield "Value and gradient, in runs of the plain `numba.njit` primal: medians of interleaved samples, gradients compared before."
    yield "regrouped: the primal with the flags of the generated code. hand: an adjoint written by a person, with those flags."
    yield "Means: in brackets that of sct over the rows that the method has. Programs with a Jacobian have a column of their own."
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
