"""`python -m tests.fuzz LO HI`: one program for each seed in LO..HI-1; failures shrink, are written as files and do not end the run."""

from __future__ import annotations

import argparse
import gc
import time
from pathlib import Path

from tests.fuzz.campaign import Tally, campaign, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("low", type=int)
    parser.add_argument("high", type=int)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="start no further seed after this time")
    parser.add_argument("--out", type=Path, default=Path("fuzz_failures"), help="where failing programs are written")
    options = parser.parse_args()
    gc.set_threshold(100_000, 20, 20)
    tally, started, written = Tally(), time.monotonic(), 0
    for number, _ in campaign(range(options.low, options.high), tally):
        for program, message in tally.failures[written:]:
            print(f"seed {number}: {message.partition(chr(10))[0]}: {write(program, message, options.out)}", flush=True)
        written = len(tally.failures)
        if number % 500 == 499:
            print(tally, flush=True)
        if time.monotonic() - started > 60.0 * options.minutes:
            break
    print(tally)
    return bool(tally.failures)


if __name__ == "__main__":
    raise SystemExit(main())
