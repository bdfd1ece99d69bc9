"""How much of published code sct differentiates: `python -m tests.published.run [part of a name ...]`."""

from __future__ import annotations

import sys
from collections import Counter

from tests.published import arch, hapsira, quantecon
from tests.published.check import judge

CASES = [*hapsira.CASES, *quantecon.CASES, *arch.CASES]


def main(wanted: list[str]) -> None:
    """Print a line for each case and the counts."""
    counts: Counter[str] = Counter()
    for case in CASES:
        if not wanted or any(part in case.name for part in wanted):
            verdict = judge(case)
            counts[verdict.word] += 1
            print(f"{case.name:62} {verdict.word:8} {'' if case.keeps(verdict) else verdict.detail}", flush=True)
    print(", ".join(f"{number} {word}" for word, number in counts.most_common()))


if __name__ == "__main__":
    main(sys.argv[1:])
