"""Products of arrays as sums over letters, one for each axis: 'ij,jk->ik' is y[i, k] = sum over j of a[i, j] * b[j, k].

This is the notation of `np.einsum`; here `np.dot`, `np.matmul`, `np.inner` and `np.tensordot` are written in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from sct.ir.build import call_name

PRODUCTS = frozenset({"dot", "matmul", "inner", "tensordot", "einsum"})


@dataclass(frozen=True)
class Contraction:
    """The letters of the operands' axes and of the result's; those that the result lacks are summed."""

    inputs: tuple[str, ...]
    output: str

    @property
    def summed(self) -> str:
        return "".join(dict.fromkeys(c for letters in self.inputs for c in letters if c not in self.output))

    def fits(self, ranks: tuple[int, ...]) -> bool:
        """Whether the operands have an axis for each of their letters."""
        return ranks == tuple(map(len, self.inputs))


def is_product(value: gast.AST) -> bool:
    called = isinstance(value, gast.Call) and isinstance(value.func, gast.Attribute)
    return called and call_name(value) in PRODUCTS


def operands(call: gast.Call) -> list[gast.expr]:
    return call.args[1:] if call.func.attr == "einsum" else call.args[:2]


def parse(subscripts: str) -> Contraction | None:
    """What the text says; None if it is not letters, commas and an arrow."""
    left, arrow, output = subscripts.replace(" ", "").partition("->")
    inputs = tuple(left.split(","))
    letters = "".join(inputs)
    if not (letters.isascii() and letters.isalpha()):
        return None
    if not arrow:
        output = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    if not set(output) <= set(letters) or len(set(output)) < len(output):
        return None
    return Contraction(inputs, output)


def contraction(call: gast.Call, ranks: tuple[int, ...]) -> Contraction | None:
    """That of a call of NumPy whose operands have so many axes; None if they do not fit."""
    function = call.func.attr
    if function == "einsum":
        found = parse(call.args[0].value)
        return found if found is not None and found.fits(ranks) else None
    if 0 in ranks:
        return None
    if function == "matmul":
        return _matmul(*ranks)
    if function == "tensordot":
        return _tensordot(ranks, gast.literal_eval(call.args[2]) if len(call.args) > 2 else 2)
    return _summed(ranks, [-1], [-1 if function == "inner" or ranks[1] == 1 else -2])


def _summed(ranks: tuple[int, ...], axes: list[int], others: list[int]) -> Contraction:
    """The product of two operands, summed over axes of one against axes of the other."""
    letters = iter("ijklmnopqrstuvwxyz")
    first = [next(letters) for _ in range(ranks[0])]
    shared = {b % ranks[1]: first[a] for a, b in zip(axes, others, strict=True)}
    second = [shared[k] if k in shared else next(letters) for k in range(ranks[1])]
    output = [c for c in first + second if (first + second).count(c) == 1]
    return Contraction(("".join(first), "".join(second)), "".join(output))


def _matmul(m: int, n: int) -> Contraction:
    """The last two axes are matrices', those before them count the matrices."""
    batch = "nmlpq"[: max(m - 2, n - 2, 0)]
    first = batch[len(batch) - max(m - 2, 0) :] + ("ij" if m > 1 else "j")
    second = batch[len(batch) - max(n - 2, 0) :] + ("jk" if n > 1 else "j")
    return Contraction((first, second), batch + ("i" if m > 1 else "") + ("k" if n > 1 else ""))


def _tensordot(ranks: tuple[int, ...], axes: Any) -> Contraction | None:
    if isinstance(axes, int):
        axes = (list(range(-axes, 0)), list(range(axes)))
    pairs = [[a] if isinstance(a, int) else list(a) for a in axes]
    fits = len(pairs) == 2 and len(pairs[0]) == len(pairs[1])
    if not fits or any(not -n <= a < n for n, side in zip(ranks, pairs, strict=True) for a in side):
        return None
    return _summed(ranks, *pairs)
