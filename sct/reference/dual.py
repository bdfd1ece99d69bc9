"""Forward mode by dual numbers: every float carries its value and its tangent through an ordinary run of the program.

A dual number is x + x' e with e * e = 0, and so f(x + x' e) = f(x) + f'(x) x' e: overloading the arithmetic computes
the derivative along with the value, exactly up to rounding (Griewank and Walther, *Evaluating Derivatives*, 2nd ed.
2008, chapter 3; the idea is Clifford's, 1873, and Wengert's, 1964).

The tangent of a `Dual` holds one component per direction, so that one run gives a whole gradient. It is a dictionary
from direction to component in which absent means "does not depend on it". That is not only sparse but also exact where
a dense vector of zeros is not: the partial of sqrt at 0 is infinite, and inf * 0 would spoil the other directions.

Compared with its neighbours: finite differences (`finite`) need no knowledge of the operations but are inexact; the
tape (`tape`) costs one run for all the inputs of one result, where this costs one component per input.
"""

from __future__ import annotations

import numpy as np

from sct.reference.number import Number, array_of, constant, paired, values
from sct.reference.shims import rebuild


class Dual(Number):
    """A value and its tangent: a dictionary from direction to component."""

    __slots__ = ("tangent",)

    def __init__(self, value, tangent: dict[int, float]) -> None:
        super().__init__(value)
        self.tangent = tangent

    @staticmethod
    def combine(value, terms) -> Dual:
        """The chain rule: partials times the tangents of the operands, summed."""
        (partial, operand), *others = terms
        tangent = {k: partial * t for k, t in operand.tangent.items()}
        for partial, operand in others:
            for k, t in operand.tangent.items():
                tangent[k] = tangent.get(k, 0.0) + partial * t
        return Dual(value, tangent)


def dual_jvp(f, args, dots):
    """The value of `f(*args)` and its derivative in the direction `dots`, with the structure of the value.

    `dots` has one entry per argument, of the same shape; the entries of arguments that are not floats are ignored.
    """
    with np.errstate(all="ignore"):
        result = rebuild(f)(*map(_with_tangent, args, dots))
    return values(result), _component(result, 0)


def dual_inplace(f, args, dots):
    """For a function that writes to its arguments: the final arguments and their tangents. `args` stay as they are."""
    duals = tuple(map(_with_tangent, args, dots))
    with np.errstate(all="ignore"):
        rebuild(f)(*duals)
    return values(duals), _component(duals, 0)


def dual_partials(f, args, seed, entries) -> np.ndarray:
    """The derivative of <seed, f> in each entry (argnum, index) of the arguments, from one run with all directions."""
    directions = {entry: k for k, entry in enumerate(entries)}
    inputs = [_in_directions(x, argnum, directions) for argnum, x in enumerate(args)]
    partials = np.zeros(len(directions))
    with np.errstate(all="ignore"):
        for number, weight in paired(rebuild(f)(*inputs), seed):
            for k, t in number.tangent.items():
                partials[k] += weight * t
    return partials


def dual_vjp(f, args, seed, argnums):
    """The derivative of <seed, f> in the arguments `argnums`, as a tuple of floats and arrays."""
    entries = [(k, index) for k in argnums for index in np.ndindex(np.shape(args[k]))]
    parts = np.split(dual_partials(f, args, seed, entries), np.cumsum([np.size(args[k]) for k in argnums])[:-1])
    return tuple(
        p.reshape(np.shape(args[k])) if np.ndim(args[k]) else float(p[0]) for p, k in zip(parts, argnums, strict=True)
    )


def dual_gradient(f, args, argnums=0):
    """The gradient of a scalar function; a tuple of gradients if `argnums` is one."""
    gradients = dual_vjp(f, args, 1.0, argnums if isinstance(argnums, tuple) else (argnums,))
    return gradients if isinstance(argnums, tuple) else gradients[0]


def _with_tangent(x, dot):
    """A copy of an argument that moves in direction `dot`."""
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        dot = np.broadcast_to(dot, x.shape)
        return array_of([Dual(v, {0: np.float64(t)}) for v, t in zip(x.flat, dot.flat, strict=True)], x.shape)
    if isinstance(x, (float, np.floating)):
        return Dual(x, {0: np.float64(dot)})
    return type(x)(map(_with_tangent, x, dot)) if type(x) in (tuple, list) else constant(x)


def _in_directions(x, argnum: int, directions: dict[tuple, int]):
    """A copy of an argument, the chosen entries of which move, each in a direction of its own."""
    if argnum not in {k for k, _ in directions}:
        return constant(x)

    def moved(index, v) -> Number:
        k = directions.get((argnum, index))
        return Number(v) if k is None else Dual(v, {k: np.float64(1.0)})

    if np.ndim(x) == 0:
        return moved((), x)
    return array_of([moved(index, v) for index, v in np.ndenumerate(x)], x.shape)


def _component(x, direction: int):
    """The tangent of a result in one direction, with the structure of the result."""
    if isinstance(x, Dual):
        return float(x.tangent.get(direction, 0.0))
    if isinstance(x, np.ndarray):
        return np.array([_component(v, direction) for v in x.flat], dtype=np.float64).reshape(x.shape)
    if type(x) in (tuple, list):
        return type(x)(_component(v, direction) for v in x)
    return None if x is None else 0.0
