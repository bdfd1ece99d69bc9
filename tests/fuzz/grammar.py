"""Programs: a module of source text with helpers and a function `f`, and arguments for it."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz import arrays, calls, loops, searches, statements, sugar, sums
from tests.fuzz.expressions import atom, factor, number
from tests.fuzz.program import FuzzProgram
from tests.fuzz.scope import Int, Length, Writer

RULES = (
    ("", 30, statements.assignment),
    ("", 5, statements.named),
    ("branches", 12, statements.branch),
    ("loops", 16, loops.loop),
    ("whiles", 10, loops.while_loop),
    ("inert", 6, loops.inert),
    ("exits", 6, statements.leave),
    ("exchanges", 6, statements.exchange),
    ("counters", 8, statements.counter),
    ("views", 7, arrays.view),
    ("buffers", 6, arrays.buffer),
    ("wholes", 9, arrays.whole),
    ("aliases", 4, arrays.alias),
    ("calls", 14, calls.call),
    ("pairs", 3, statements.pair),
    ("flags", 4, statements.flag),
    ("selections", 5, statements.selection),
    ("paths", 3, statements.on_one_path),
    ("matching", 4, sugar.matched),
    ("walrus", 3, sugar.walrus),
    ("closures", 3, sugar.closure),
    ("asserts", 1, sugar.asserted),
    ("makers", 4, sugar.made),
    ("reductions", 5, sugar.reduced),
    ("masks", 4, sugar.mask),
    ("searches", 7, searches.search),
)
"""What a program may be made of: the feature that a rule belongs to, how often it is chosen, and the rule."""

FEATURES = (*dict.fromkeys(feature for feature, _, _ in RULES if feature), "ternaries", "promotions", "pingpong", "matrices", "members", "elses", "draws", "recursion", "keywords", "sums")

TURNS = 1000

HEADER = ["import math", "", "import numpy as np", "", ""]


@st.composite
def programs(draw) -> FuzzProgram:
    """A program in the supported language, small enough to be read."""
    w = Writer(draw, lines=list(HEADER), rules=RULES)
    turn = w.upto(TURNS - 1)
    w.features = frozenset(name for name in FEATURES if w.chance(45))
    size = 3 + w.upto(1)
    if w.has("calls"):
        for _ in range(1 + w.upto(2)):
            w.one(lambda: calls.helper(w))
    function(w, size)
    return FuzzProgram("\n".join(w.lines) + "\n", size, 1 + w.upto(3), turn)


def function(w: Writer, size: int) -> None:
    """The function itself: its parameters, what starts every program, a block, and the result."""
    w.result = w.pick(("float", "float", "float", "float", "float", "float", "array", "both"))
    params = ["x", "y", "a", "b"] + ["m"] * w.has("matrices") + ["k", "n"] * w.has("counters")
    w.line(f"def f({', '.join(params)}):")
    w.indent, w.scope = 1, w.scope.inner(floats=["a", "b"])
    w.scope.vectors.update(x=Length.known("x", size), y=Length.known("y", size))
    if w.has("matrices"):
        w.scope.matrices["m"] = (Length("m.shape[0]", size, size), Length("m.shape[1]", size - 1, size - 1))
    if w.has("counters"):
        w.scope.indices["k"] = (Length.known("k", size), size - 1)
        w.scope.ints["n"] = Int(0, 3)
    if w.has("draws"):
        w.result = "float"
        w.line("np.random.seed(3)")
    w.line(f"s = {number(w, 1)}")
    w.scope.floats.append("s")
    w.budget = 5 + w.upto(25 if w.chance(15) else 10)
    w.statements(8, 90)
    totals = [sums.summed(w) for _ in range(1 + w.upto(1))] if w.has("sums") and w.result == "float" else []
    finish(w, totals)


def finish(w: Writer, totals: list[str]) -> None:
    if w.result == "float":
        w.line(f"return {' + '.join([*totals, 's'])} + x[{w.upto(1)}] * {factor(w, 1)} + y[-1] + {atom(w)}")
    else:
        w.line(statements.results(w))
