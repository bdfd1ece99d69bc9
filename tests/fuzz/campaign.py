"""Many programs: hypothesis draws them, failures shrink and are written as files, refusals are counted by message."""

from __future__ import annotations

import contextlib
import re
import signal
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, assume, given, seed, settings

from tests.fuzz.grammar import programs
from tests.fuzz.oracle import Unfit, Wrong, check
from tests.fuzz.program import FuzzProgram

SECONDS = 120
"""A program whose checks take longer counts as a failure."""


@dataclass
class Tally:
    """What became of the programs of a campaign."""

    right: int = 0
    refused: int = 0
    unfit: Counter = field(default_factory=Counter)
    messages: Counter = field(default_factory=Counter)
    failures: list[tuple[FuzzProgram, str]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def count(self) -> int:
        return self.right + self.refused

    def __str__(self) -> str:
        minutes = max((time.monotonic() - self.started) / 60.0, 1e-9)
        lines = [
            f"{self.count} programs in {minutes:.1f} min ({self.count / minutes:.0f} a minute): {self.right} right in every way, "
            f"{self.refused} refused in some, {len(self.failures)} failures; besides {sum(self.unfit.values())} that tell nothing"
        ]
        lines += [f"  refused {n:5d}  {message}" for message, n in self.messages.most_common()]
        lines += [f"  unfit   {n:5d}  {message}" for message, n in self.unfit.most_common()]
        return "\n".join(lines)


def campaign(first: int, count: int, tally: Tally, shrink: bool = True) -> Exception | None:
    """Check `count` programs drawn from the seed `first`. The failure found, if any, after shrinking; it ends the campaign."""
    last: list[FuzzProgram] = []
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]

    @seed(first)
    @settings(
        max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=phases,
        report_multiple_bugs=False, verbosity=Verbosity.quiet, print_blob=False,
    )  # fmt: skip
    @given(programs())
    def each(program: FuzzProgram) -> None:
        last[:] = [program]
        one(program, tally)

    try:
        each()
    except Wrong as problem:
        tally.failures.append((last[0], str(problem)))
        return problem
    return None


def one(program: FuzzProgram, tally: Tally) -> None:
    """Check one program and count it."""
    try:
        with warnings.catch_warnings(), time_limit(SECONDS):
            warnings.simplefilter("ignore")
            refused = check(program)
    except Unfit as problem:
        tally.unfit[str(problem)] += 1
        assume(False)
    finally:
        program.forget()
    tally.right += not refused
    tally.refused += bool(refused)
    tally.messages.update({_kind(problem) for problem in refused})


def _kind(problem: Exception) -> str:
    """The first line of an error, without the user's names."""
    return re.sub(r"`[^`]*`", "`..`", str(problem).partition("\n")[0])


@contextlib.contextmanager
def time_limit(seconds: int):
    def late(*_):
        raise Wrong(f"the checks take more than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def write(tally: Tally, folder: Path) -> None:
    """The failing programs as files, what went wrong in a comment at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    for program, message in tally.failures:
        path = folder / f"found_{program.name}.py"
        program.write(path)
        with path.open("a") as file:
            file.write("".join(f"# {line}\n" for line in message.splitlines()))
