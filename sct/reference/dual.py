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

from sct.reference.number import Number, array_of, constant, is_float, paired, unmoved, values
from sct.reference.shims import rebuild
from sct.tree import Path, each, leaves


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

    `dots` has one entry per argument, of the same structure; the entries of what is not a float are ignored.
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
    """The derivative of <seed, f> in each entry (path, index) of the arguments, from one run with all directions."""
    directions = {entry: k for k, entry in enumerate(entries)}
    moved = iter([_in_directions(leaf, path, directions) for path, leaf in leaves(args)])
    inputs = each(lambda _: next(moved), args)
    partials = np.zeros(len(directions))
    with np.errstate(all="ignore"):
        for number, weight in paired(rebuild(f)(*inputs), seed):
            for k, t in number.tangent.items():
                partials[k] += weight * t
    return partials


def dual_vjp(f, args, seed, argnums):
    """The derivative of <seed, f> in the arguments `argnums`, in their structure; zero for what is not a float."""
    chosen = [args[k] for k in argnums]
    moving = [((k, *path), leaf) for k in argnums for path, leaf in leaves(args[k]) if is_float(leaf)]
    entries = [(path, index) for path, leaf in moving for index in np.ndindex(np.shape(leaf))]
    partials = iter(dual_partials(f, tuple(args), seed, entries))

    def bar(leaf):
        if not is_float(leaf):
            return unmoved(leaf)
        found = np.array([next(partials) for _ in range(np.size(leaf))])
        return found.reshape(np.shape(leaf)) if np.ndim(leaf) else float(found[0])

    return each(bar, tuple(chosen))


def dual_gradient(f, args, argnums=0):
    """The gradient of a scalar function; a tuple of gradients if `argnums` is one."""
    gradients = dual_vjp(f, args, 1.0, argnums if isinstance(argnums, tuple) else (argnums,))
    return gradients if isinstance(argnums, tuple) else gradients[0]


def _with_tangent(x, dot):
    """A copy of an argument that moves in direction `dot`."""
    if isinstance(x, tuple) and isinstance(dot, tuple):
        return each(_with_tangent, x, dot)
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        dot = np.broadcast_to(dot, x.shape)
        return array_of([Dual(v, {0: np.float64(t)}) for v, t in zip(x.flat, dot.flat, strict=True)], x.shape)
    if isinstance(x, (float, np.floating)):
        return Dual(x, {0: np.float64(dot)})
    return constant(x)


def _in_directions(x, path: Path, directions: dict[tuple, int]):
    """A copy of a number or array, the chosen entries of which move, each in a direction of its own."""
    if path not in {p for p, _ in directions}:
        return constant(x)

    def moved(index, v) -> Number:
        k = directions.get((path, index))
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
    if isinstance(x, tuple):
        return each(lambda v: _component(v, direction), x)
    if isinstance(x, list):
        return [_component(v, direction) for v in x]
    return None if x is None else 0.0
