"""Many programs: hypothesis draws them, failures shrink and are written as files, refusals are counted by message."""

from __future__ import annotations

import contextlib
import re
import signal
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.fuzz.grammar import programs
from tests.fuzz.oracle import Unfit, Wrong, check
from tests.fuzz.program import FuzzProgram

SECONDS = 60
"""A program whose checks take more of the processor's time counts as a failure."""


SETTINGS = settings(
    max_examples=2, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False, verbosity=Verbosity.quiet, print_blob=False,
)  # fmt: skip
"""Two: the simplest program, and one that the seed chooses. More would be changes of the second."""


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


def campaign(seeds: Iterable[int], tally: Tally) -> Iterator[tuple[int, Tally]]:
    """One program for each seed; after each, the seed and the tally, which holds the failures in their shrunk form."""
    right: set[str] = set()
    for number in seeds:
        last: list[FuzzProgram] = []
        kinds: list[str] = []

        @seed(number)
        @SETTINGS
        @given(programs())
        def each(program: FuzzProgram) -> None:
            last[:] = [program]
            if program.name in right:  # the simplest program comes first for every seed
                return
            try:
                one(program, Tally() if kinds else tally)  # what shrinking tries does not count
                right.add(program.name)
            except Wrong as problem:
                kinds.append(problem.kind)
                if problem.kind == kinds[0]:  # else it is a failure of its own, for another seed
                    raise

        try:
            each()
        except Wrong as problem:
            tally.failures.append((last[0], str(problem)))
        yield number, tally


def one(program: FuzzProgram, tally: Tally) -> None:
    """Check one program and count it."""
    try:
        with warnings.catch_warnings(), time_limit(SECONDS):
            warnings.simplefilter("ignore")
            refused = check(program)
    except Unfit as problem:
        tally.unfit[str(problem)] += 1
        return
    finally:
        program.forget()
    first_order = [problem for what, problem in refused if what != "second order"]
    tally.right += not first_order
    tally.refused += bool(first_order)
    tally.messages.update({_kind(problem) for problem in first_order})
    tally.messages.update({f"second order: {_kind(problem)}" for what, problem in refused if what == "second order"})


def _kind(problem: Exception) -> str:
    """The first line of an error, without the user's names."""
    return re.sub(r"`[^`]*`", "`..`", str(problem).partition("\n")[0])


@contextlib.contextmanager
def time_limit(seconds: int):
    def late(*_):
        raise Wrong(f"the checks take more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def write(program: FuzzProgram, message: str, folder: Path) -> Path:
    """A failing program as a file, what went wrong in comments at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"found_{program.name}.py"
    program.write(path)
    with path.open("a") as file:
        file.write("".join(f"# {line}\n" for line in message.splitlines()))
    return path
