"""Reverse mode by a tape: every operation of an ordinary run is recorded, and the record is swept backwards.

The forward run appends one entry per operation: the partials and the places on the tape of its operands. The reverse
sweep starts from a seed at the result and hands each entry's adjoint on to the operands, adj[operand] += partial *
adj[entry]. One run and one sweep give the gradient in any number of inputs, at a small constant times the cost of the
program, but with memory that grows with the number of operations executed (Griewank and Walther, *Evaluating
Derivatives*, 2nd ed. 2008, sections 3.2 and 4.1; the idea is Linnainmaa's, 1970, and Speelpenning's, 1980).

This is what a source-to-source compiler competes with: no tape entry per operation, no interpretation, and only the
values that the reverse sweep needs are kept. The formulas and the interpretation are those of the dual numbers.
"""

from __future__ import annotations

import numpy as np

from sct.reference.number import Number, array_of, constant, is_float, paired, unmoved, values
from sct.reference.shims import rebuild
from sct.tree import each

Tape = list[tuple[tuple[float, int], ...]]


class Recorded(Number):
    """A value and its place on the tape."""

    __slots__ = ("place", "tape")

    def __init__(self, value, tape: Tape, terms: tuple[tuple[float, int], ...] = ()) -> None:
        super().__init__(value)
        self.tape, self.place = tape, len(tape)
        tape.append(terms)

    @staticmethod
    def combine(value, terms) -> Recorded:
        """Record the operation: its partials and where its operands are."""
        return Recorded(value, terms[0][1].tape, tuple((partial, operand.place) for partial, operand in terms))


def tape_vjp(f, args, seed, argnums):
    """The value of `f(*args)`, and the derivative of <seed, f> in the arguments `argnums`."""
    tape: Tape = []
    inputs = [each(lambda x: _recorded(x, tape), x) if k in argnums else constant(x) for k, x in enumerate(args)]
    places = [each(_places, inputs[k]) for k in argnums]
    with np.errstate(all="ignore"):
        result = rebuild(f)(*inputs)
        adjoints = _reverse_sweep(tape, _seeds(result, seed))

    def bar(x, place):
        return adjoints[place] if np.ndim(x) else float(adjoints[place]) if is_float(x) else unmoved(x)

    return values(result), tuple(each(bar, args[k], place) for k, place in zip(argnums, places, strict=True))


def tape_value_and_grad(f, args, argnums=0):
    """The value and the gradient of a scalar function; a tuple of gradients if `argnums` is one."""
    value, gradients = tape_vjp(f, args, 1.0, argnums if isinstance(argnums, tuple) else (argnums,))
    return value, gradients if isinstance(argnums, tuple) else gradients[0]


def tape_gradient(f, args, argnums=0):
    """The gradient of a scalar function; a tuple of gradients if `argnums` is one."""
    return tape_value_and_grad(f, args, argnums)[1]


def _reverse_sweep(tape: Tape, seeds: list[tuple[int, float]]) -> np.ndarray:
    adjoints = np.zeros(len(tape))
    reached = np.zeros(len(tape), dtype=bool)  # an entry without influence hands nothing on: inf * 0 is not 0
    for place, seed in seeds:
        adjoints[place] += seed
        reached[place] = True
    for place in range(len(tape) - 1, -1, -1):
        if reached[place]:
            for partial, operand in tape[place]:
                adjoints[operand] += partial * adjoints[place]
                reached[operand] = True
    return adjoints


def _recorded(x, tape: Tape):
    if not is_float(x):
        return constant(x)
    if np.ndim(x) == 0:
        return Recorded(x, tape)
    return array_of([Recorded(v, tape) for v in x.flat], x.shape)


def _places(x):
    """Where on the tape the elements of an argument are; it may be overwritten later."""
    if isinstance(x, np.ndarray):
        return np.array([getattr(v, "place", 0) for v in x.flat], dtype=int).reshape(x.shape)
    return getattr(x, "place", 0)


def _seeds(result, seed) -> list[tuple[int, float]]:
    return [(number.place, weight) for number, weight in paired(result, seed)]
