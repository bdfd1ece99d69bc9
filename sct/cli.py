"""The command line: `sct` and `python -m sct`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import sct
from sct.bench import report, table
from sct.bench.peers import OTHERS
from sct.bench.plot import plot
from sct.bench.problems import SUITES


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 where all went well."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.command == "bench":
        return bench(options)
    if options.command == "version":
        print(sct.__version__)
        return 0
    parser.print_help()
    return 0


def bench(options: argparse.Namespace) -> int:
    """Print what gradients cost; 1 if one of them is wrong or missing."""
    chosen = SUITES if options.suite is None else {options.suite: SUITES[options.suite]}
    measured = report.run(options.sizes, options.against, chosen)
    print(table.text(measured))
    if options.plot is not None:
        plot(measured, options.plot)
    if options.markdown is not None:
        table.write_markdown(measured, options.markdown)
    if options.json is not None:
        options.json.write_text(json.dumps(measured, indent=2) + "\n")
    return 0 if report.is_right(measured) else 1


def _methods(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in OTHERS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(OTHERS)}")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sct", description="Gradients of Python and Numba code, as source.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    command = commands.add_parser("bench", help="measure gradients against their primals and other tools")
    command.add_argument("--sizes", choices=("small", "full"), default="full", help="default: %(default)s")
    command.add_argument(
        "--against", type=_methods, default=list(OTHERS), metavar="LIST",
        help=f"comma-separated, of {', '.join(OTHERS)} (default: all); what is not installed is left out",
    )  # fmt: skip
    command.add_argument("--suite", choices=tuple(SUITES), help="default: all")
    command.add_argument("--plot", type=Path, metavar="FILE", help="also draw the ratios, as PNG, SVG or PDF (needs matplotlib)")
    command.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table between the markers of this page")
    command.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    commands.add_parser("version", help="print the version")
    return parser
