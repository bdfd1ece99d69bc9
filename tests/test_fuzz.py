"""Random programs, those that failed once, and the fuzzer itself: it must find what is wrong, and mutations of the compiler must be found."""

import itertools
import os
from pathlib import Path

import pytest

from sct.rules import scalar, table
from tests import mutations
from tests.fuzz import oracle
from tests.fuzz.campaign import Tally, campaign, one, write
from tests.fuzz.oracle import EXTRAS, Wrong, check
from tests.fuzz.program import FuzzProgram

FIRST = int(os.environ.get("SCT_FUZZ_SEED", "0"))
BATCH = 60
REFUSED = 0.15
"""More than this share of refusals would say that the programs are not in the supported language any more."""

CORPUS = sorted((Path(__file__).parent / "fuzz" / "corpus").glob("*.py"))


def run_batch(first: int, count: int) -> Tally:
    tally = Tally()
    for _ in campaign(range(first, first + count), tally):
        pass
    return tally


def assert_right(tally: Tally) -> None:
    assert not tally.failures, "\n\n".join(f"{program.text}\n{message}" for program, message in tally.failures)
    assert tally.refused <= REFUSED * tally.count, str(tally)
    assert not [why for why in tally.unfit if why.startswith("in plain Python")], str(tally)


@pytest.mark.parametrize("batch", range(5))
def test_random_programs(batch):
    assert_right(run_batch(FIRST + batch * BATCH, BATCH))


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(20))
def test_many_random_programs(batch):
    assert_right(run_batch(FIRST + 100_000 + batch * 100, 100))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_programs_that_failed_once(path):
    check(FuzzProgram.read(path), [name for name in EXTRAS if name != "compiled"])


RECURRENCE = """import math


def f(x, a):
    for i in range(1, len(x)):
        x[i] = math.sin(x[i]) * x[i - 1]
    return x[-1] * a
"""


def test_what_is_right_passes():
    assert check(FuzzProgram(RECURRENCE, 3, 1), EXTRAS) == []


def test_a_wrong_rule_is_found(monkeypatch):
    monkeypatch.setitem(scalar.FUNCTIONS, "sin(x)", ("-cos(x)",))
    table._rows.cache_clear()
    try:
        with pytest.raises(Wrong, match="default: gradient"):
            check(FuzzProgram(RECURRENCE, 3, 1))
    finally:
        monkeypatch.undo()
        table._rows.cache_clear()


def test_an_error_of_the_compiler_is_found_and_shrinks(monkeypatch, tmp_path):
    """A failure is reported with the simplest program that has it, which can be read back."""

    def fails(case):
        if "while" in case.program.text:
            raise KeyError("while")

    monkeypatch.setitem(oracle.ALWAYS, "stages", fails)
    for check_of in ("default", "store_all", "tangent"):
        monkeypatch.setitem(oracle.ALWAYS, check_of, lambda case: None)
    monkeypatch.setattr(oracle, "of_turn", lambda turn: [])
    tally = Tally()
    for _ in campaign(itertools.count(FIRST), tally):
        if tally.failures:
            break
    program, message = tally.failures[0]
    assert "KeyError: 'while'" in message and program.text.count("\n") <= 20
    assert FuzzProgram.read(write(program, message, tmp_path)).text.startswith(program.text)


def test_a_refusal_is_counted_by_its_message():
    tally = Tally()
    one(FuzzProgram("def f(x):\n    with x:\n        pass\n    return x[0]\n", 3, 1), tally)
    assert (tally.right, tally.refused) == (0, 0) and sum(tally.unfit.values()) == 1
    one(FuzzProgram("def f(x):\n    s = 0.0\n    return s if s is not x else x[0]\n", 3, 1), tally)
    assert tally.refused == 1 and sum(tally.messages.values()) == 1


@pytest.mark.parametrize("mutation", mutations.MUTATIONS, ids=lambda m: m.name)
def test_every_mutation_can_be_made(mutation):
    path = mutations.ROOT / "sct" / mutation.file
    compile(mutations.broken(path.read_text(), mutation), str(path), "exec")


@pytest.mark.parametrize("name", ["no zero after a store", "a partial with the wrong sign"])
def test_a_mutation_is_found(name):
    assert mutations.found_by(next(m for m in mutations.MUTATIONS if m.name == name)) is not None
