"""`python -m tests.fuzz LO HI`: for each seed in LO..HI-1 a hundred programs; failures are written to a folder and do not end the run."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.fuzz.campaign import Tally, campaign, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("low", type=int)
    parser.add_argument("high", type=int)
    parser.add_argument("--each", type=int, default=100, help="programs per seed")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="start no further seed after this time")
    parser.add_argument("--out", type=Path, default=Path("fuzz_failures"), help="where failing programs are written")
    options = parser.parse_args()
    tally, started = Tally(), time.monotonic()
    for first in range(options.low, options.high):
        if time.monotonic() - started > 60.0 * options.minutes:
            break
        problem = campaign(first, options.each, tally)
        if problem is not None:
            print(f"seed {first}: {str(problem).partition(chr(10))[0]}", flush=True)
            write(tally, options.out)
        if (first - options.low) % 10 == 9:
            print(tally, flush=True)
    print(tally)
    return bool(tally.failures)


if __name__ == "__main__":
    raise SystemExit(main())
