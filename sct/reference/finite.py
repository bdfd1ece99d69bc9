"""Central finite differences, extrapolated to step zero, with an estimate of their error.

The central difference D(h) = (f(x + h) - f(x - h)) / 2h has an error that is a series in h**2. Halving h again and
again and combining the results as Richardson did removes one power of h**2 per column of a triangular table. Rounding,
which grows as h shrinks, ends the gain; Ridders (*Advances in Engineering Software* 4, 1982, pages 75-76) keeps the
entry that agrees best with its two neighbours, and takes that disagreement as the estimate of the error.

Steps that fail (a domain error, a NaN) are passed over. At a kink the central difference converges to the mean of the
two slopes; the one-sided differences give it away, and the error estimate then says that nothing was learnt.

Compared with the dual numbers and the tape: nothing is assumed about `f`, which may be compiled, so this is the
independent witness; but it is inexact, and needs some thirty runs per direction.
"""

from __future__ import annotations

import numpy as np

from sct.reference.number import is_float
from sct.tree import Path, at, each, leaves

ROWS = 14
FIRST_STEP = 0.0625
KINK = 1e-3


def finite_jvp(f, args, dots):
    """The derivative of `f` at `args` in the direction `dots`, and the estimate of its error, shaped like the result.

    `f` takes and gives floats, arrays and tuples of them. `dots` may hold None for an argument that does not move. Every call
    gets its own copies.
    """
    dots = tuple(each(lambda _: None, x) if dot is None else dot for x, dot in zip(args, dots, strict=True))
    point = each(lambda x: np.asarray(x, dtype=np.float64) if is_float(x) else x, tuple(args))
    moving = [(x, at(dots, path)) for path, x in leaves(point) if is_float(x) and np.any(at(dots, path))]
    largest = max([np.max(np.abs(dot)) for _, dot in moving], default=1.0)
    step = FIRST_STEP * _scale([x for x, _ in moving]) / largest

    def along(h: float) -> np.ndarray:
        return _run(f, each(lambda x, dot: _copy(x + h * np.asarray(dot) if is_float(x) and np.any(dot) else x), point, dots))

    structure = f(*each(_copy, point))
    derivative, error = extrapolate(along, flatten(structure), step)
    return unflatten(derivative, structure), unflatten(error, structure)


def finite_gradient(f, args, argnums=0):
    """The gradient of a scalar function, component by component, and the errors; tuples of both if `argnums` is one."""
    wanted = argnums if isinstance(argnums, tuple) else (argnums,)
    pairs = [_partials(f, args, k) for k in wanted]
    gradients, errors = tuple(g for g, _ in pairs), tuple(e for _, e in pairs)
    return (gradients, errors) if isinstance(argnums, tuple) else (gradients[0], errors[0])


def finite_partial(f, args, path: Path, index: tuple[int, ...]):
    """The derivative of `f` in one element of the number or array at `path` in the arguments, and its error."""
    dots = each(lambda x: np.zeros(np.shape(x)) if is_float(x) else None, tuple(args))
    at(dots, path)[index] = 1.0
    return finite_jvp(f, args, dots)


def _partials(f, args, argnum: int):
    shape = np.shape(args[argnum])
    gradient, error = np.zeros(shape), np.zeros(shape)
    for index in np.ndindex(shape):
        gradient[index], error[index] = finite_partial(f, args, (argnum,), index)
    return (gradient, error) if shape else (float(gradient), float(error))


def extrapolate(along, centre: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """The derivative of `along(h)` at h = 0 by Ridders' table, and its error. `centre` is `along(0)`."""
    best, error = np.full(centre.shape, np.nan), np.full(centre.shape, np.inf)
    previous, jumps = [], []
    for row in range(ROWS):
        h = step / 2.0**row
        ahead, behind = along(h), along(-h)
        if ahead.shape != centre.shape or behind.shape != centre.shape:
            previous = []
            continue
        jumps.append((ahead - 2.0 * centre + behind) / h)
        column = [(ahead - behind) / (2.0 * h)]
        for k, entry in enumerate(previous):
            column.append(column[k] + (column[k] - entry) / (4.0 ** (k + 1) - 1.0))
            disagreement = np.maximum(np.abs(column[k + 1] - column[k]), np.abs(column[k + 1] - entry))
            better = disagreement < error
            best, error = np.where(better, column[k + 1], best), np.where(better, disagreement, error)
        previous = column
    rounding = np.finfo(np.float64).eps * np.abs(centre) / step
    return best, np.maximum(error, np.maximum(rounding, _kink(jumps, best)))


def _kink(jumps: list[np.ndarray], slope: np.ndarray) -> np.ndarray:
    """How much the slope jumps at the point. Where `f` is smooth the jump over a step shrinks with the step."""
    if len(jumps) < 2:
        return np.full(slope.shape, np.inf)
    size = np.abs(2.0 * jumps[-1] - jumps[-2])
    return np.where(size > KINK * np.abs(slope), size, 0.0)


def _run(f, args) -> np.ndarray:
    try:
        with np.errstate(all="ignore"):
            return flatten(f(*args))
    except (ArithmeticError, ValueError):
        return np.full(1, np.nan)


def _scale(points: list[np.ndarray]) -> float:
    """The size of what moves; 1 if it is zero."""
    sizes = np.concatenate([np.abs(x).ravel() for x in points]) if points else np.ones(1)
    return float(np.mean(sizes)) or 1.0


def _copy(x):
    if isinstance(x, np.ndarray):
        return x.copy() if x.ndim else float(x)
    return float(x) if isinstance(x, np.floating) else x


def flatten(result) -> np.ndarray:
    """All numbers of a result in one vector."""
    if isinstance(result, tuple):
        return np.concatenate([np.empty(0), *map(flatten, result)])
    return np.empty(0) if result is None or callable(result) else np.asarray(result, dtype=np.float64).ravel()


def unflatten(vector: np.ndarray, structure):
    """The inverse of `flatten`, for the structure of that result."""
    numbers = iter(vector)

    def part(leaf):
        found = np.array([next(numbers) for _ in range(flatten(leaf).size)])
        return found.reshape(np.shape(leaf)) if np.ndim(leaf) else float(found[0]) if found.size else None

    return each(part, structure)
