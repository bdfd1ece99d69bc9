"""Is the compiler broken on purpose found by its own tests? `python -m tests.mutations [NAME ...]`.

Each mutation changes one text in a copy of the package: a restore is dropped, a sign swapped, a zeroing forgotten. Then tests that run
derivatives as plain Python stop at the first that fails. Exits with an error if a mutation survives.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

SELECTION = ["tests/test_together.py", "tests/test_parallel.py", "tests/test_totals.py", "tests/test_elements.py", "tests/test_adjacent.py", "tests/test_programs.py", "tests/test_lowering.py", "tests/test_second_order.py", "tests/test_fuzz.py", "-k", "not compiled and not mutation"]
"""From the general to the special: most mutations do not get past the first file."""


@dataclass(frozen=True)
class Mutation:
    """The text `old`, which occurs once in `sct/{file}`, becomes `new`."""

    name: str
    file: str
    old: str
    new: str


MUTATIONS = (
    Mutation("a partial with the wrong sign", "rules/scalar.py", '"cos(x)": ("-sin(x)",)', '"cos(x)": ("sin(x)",)'),
    Mutation("x * x counted once", "transform/bars.py", 'expr("2.0 * A", A=total)', 'expr("1.0 * A", A=total)'),
    Mutation("no zero after a store", "transform/bars.py", 'found += quote("E = 0.0", stmt, E=element)', "pass"),
    Mutation("an element's adjoint assigned, not added", "transform/bars.py", 'quote("A[I] += B", stmt', 'quote("A[I] = B", stmt'),
    Mutation(
        "a scalar's adjoint assigned, not added", "transform/bars.py",
        '.extend(quote("A = 0.0", holder, A=self.bar(name)))\n        return quote("A += V"', '.extend(quote("A = 0.0", holder, A=self.bar(name)))\n        return quote("A = V"',
    ),  # fmt: skip
    Mutation("no adjoint for a carried scalar", "transform/bars.py", 'return quote("C = V", stmt, C=self.bar(carried), V=value)', "return []"),
    Mutation("a carried adjoint kept after its last use", "transform/bars.py", "for c in carried if c not in read for s in", "for c in () for s in"),
    Mutation("arrays not exchanged back", "transform/sweeps.py", "self.bars.exchange(group, inverse=True)", "self.bars.exchange(group)"),
    Mutation("a store not undone", "transform/sweeps.py", "if id(stmt) in self.olds:\n                place, target", "if False:\n                place, target"),
    Mutation("an iteration too many", "transform/ranges.py", '"B": expr("A - 1", A=start), "S": expr("-1")', '"B": expr("A - 2", A=start), "S": expr("-1")'),
    Mutation("the first iteration left out", "transform/ranges.py", '"B": expr("A - 1", A=start), "S": expr("-1")', '"B": expr("A", A=start), "S": expr("-1")'),
    Mutation("the last iteration of any step", "transform/ranges.py", "(len(range(A, B, S)) - 1) * S", "len(range(A, B, S)) * S"),
    Mutation("the tape read in the wrong order", "transform/sweeps.py", "for name in reversed(self._pushed(region)):", "for name in self._pushed(region):"),
    Mutation("arguments not copied", "transform/adjoint.py", 'for s in quote("X = X.copy()", at, X=p)]', 'for s in quote("pass", at)]'),
    Mutation("the result not copied", "transform/adjoint.py", 'quote("V = A.copy()"', 'quote("V = A"'),
    Mutation("a view taken for an array of its own", "analyses/alias.py", "yield name, found.of(base)", "yield name, frozenset({name})"),
    Mutation("a value taken for still there", "analyses/plan.py", "if self.question.stays(home) and not self.question.store_all and not self._moves(name):", "if True:"),
    Mutation("stores of later iterations forgotten", "analyses/clean.py", "if self.overlap.later_iteration(load", "if False and self.overlap.later_iteration(load"),
    Mutation("stores of the same iteration forgotten", "analyses/clean.py", "if written > read and self.overlap", "if False and self.overlap"),
    Mutation("subscripts that wrap around taken as they stand", "analyses/overlap.py", "or not self.linear.at_least(a, 0) or not self.linear.at_least(b, 0)", ""),
    Mutation("the step of a loop ignored", "analyses/overlap.py", '"later": step * k}', '"later": k}'),
    Mutation("loops that only replace not counted", "transform/adjoint.py", "return bool(self.bars.end.get(id(inner))) or", "return False and"),
    Mutation("what flows through a helper inactive", "analyses/activity.py", "yield sources, _places(unit, [*_results(stmt), *unit.stores(stmt)])", "yield sources, _places(unit, _results(stmt))"),
    Mutation("arguments of a helper taken for arrays apart", "lowering/roots.py", "aliases(facts, work.types, work.same, shared)", "aliases(facts, work.types, {}, shared)"),
    Mutation("loads merged across a store", "optimise/common.py", "_forget(unit, unit.stores(stmt), available)", "pass"),
    Mutation("loads merged across a loop that stores", "optimise/common.py", "_forget(unit, _stored(unit, stmt), available)\n            for inner", "for inner"),
    Mutation("what lasts moved behind a gate", "optimise/gate.py", "if linear.used and not (lasting - self._can_start_at_zero(branch, stmt, linear)):", "if linear.used:"),
    Mutation("an addition moved past what changes it", "optimise/sink.py", "if made is None or not all(self._lets_pass(s, use) for s in block[branch + 1 : at]):", "if made is None:"),
    Mutation("additions gathered across one that may be to the same element", "optimise/gather.py", "if not _is_addition(first):\n", "if False:\n"),
    Mutation("additions gathered across a reader", "optimise/gather.py", "return not (reads | changes) & here", "return not changes & here"),
    Mutation("a loop turned that reads what an earlier iteration left", "optimise/upwards.py", "if not iterations.add_to(bit) and not iterations.keep_to_their_own(bit):", "if False:"),
    Mutation("a loop taken for a sum that is reset", "analyses/independent.py", "return all(_adds(s, totals) or totals.isdisjoint(_names_used(s)) for s in inside)", "return True"),
    Mutation("stores to elements of other iterations forgotten", "analyses/independent.py", "return sums and _stores_apart(rerun, clean)", "return sums"),
    Mutation("a loop put off though its results are needed", "analyses/together.py", "        answer.source[n] == RECOMPUTED and not _made_from(n, statements, unit) for n in missed", "        True for n in missed"),
    Mutation("a kept value made from the old one", "lowering/latest.py", "if not changing.isdisjoint(_read(taken, *values.values())) or not _repeat", "if not _repeat"),
    Mutation("a loop with stores searched first", "lowering/latest.py", " and store_target(s) is None for s in", " for s in"),
    Mutation("elements stored to before they are read apart", "optimise/distribute.py", "if effect.reads & self._stored() and not (", "if False and not ("),
    Mutation("recurrences taken apart", "optimise/distribute.py", "return not reads & self._stored() and iterations.add_to(effect.stores)", "return True"),
    Mutation("an element in a variable that the loop moves over", "optimise/elements.py", "return any(is_name(moving, loop.target.id) and self._outside(fixed, *bounds) for fixed, moving in pairs)", "return True"),
    Mutation("the first updates of neighbours left out", "optimise/adjacent.py", "if k < most:", "if False:"),
    Mutation("threads for iterations that read what others store", "optimise/iterations.py", "all(len(other) > k and same(other[k], part) for other in axes)", "True"),
    Mutation("parts of a loop that share what they add to", "optimise/parallel.py", "        self.copies.append(name)\n        return", "        return"),
    Mutation("overlapping slices not read first", "lowering/stores.py", "if not _disturbs(written, value.id, arrays):", "if True:"),
    Mutation("a tangent store that keeps the old tangent", "transform/tangent.py", 'made = quote("E = V", stmt, E=element, V=self.value(stmt.value))', 'made = quote("E += V", stmt, E=element, V=self.value(stmt.value))'),
)


NOTHING = Mutation("nothing", "pipeline.py", "def generate(", "def generate(")


def found_by(mutation: Mutation) -> str | None:
    """The test that finds the mutation, or None."""
    with tempfile.TemporaryDirectory(prefix="sct_mutation_") as folder:
        copy = Path(folder)
        for part in ("sct", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        path = copy / "sct" / mutation.file
        path.write_text(broken(path.read_text(), mutation))
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=no", "-rfE", *SELECTION]
        environment = os.environ | {"PYTHONPATH": folder, "SCT_CACHE_DIR": str(copy / "cache")}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"the tests did not run: {done.stdout}{done.stderr}")
    return found.group(1)


def broken(text: str, mutation: Mutation) -> str:
    if text.count(mutation.old) != 1:
        raise ValueError(f"{mutation.name}: {mutation.file} has its text {text.count(mutation.old)} times")
    return text.replace(mutation.old, mutation.new)


def main(names: list[str]) -> int:
    chosen = [m for m in MUTATIONS if not names or m.name in names]
    survived = 0
    if (found := found_by(NOTHING)) is not None:
        print(f"{found} fails as it is")
        return 2
    for mutation in chosen:
        started = time.monotonic()
        found = found_by(mutation)
        survived += found is None
        print(f"{'SURVIVED' if found is None else 'caught':8} {time.monotonic() - started:4.0f} s  {mutation.name}: {found or mutation.file}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} mutations caught")
    return bool(survived)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
