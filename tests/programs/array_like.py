"""Lists and tuples where NumPy takes an array."""

import numpy as np

from .registry import pos, program, vec


@program(lambda r: (vec(r, 3),), tags=("beyond_numba",))
def lists_as_arguments(x):
    """Reductions, products, sequences of arrays, conditions, weights and subscripts."""
    s = np.max([x[0], x[1] * x[2]]) + np.dot([1.0, 2.0, 3.0], x) + np.linalg.norm((x[0], x[1] + 3.0))
    s += np.sum([x[0], x[1]]) + np.mean((x[0], x[1])) + np.prod([x[0], x[1]]) + np.max([1, 2, 3]) * x[0]
    s += np.concatenate(([x[0]], x, [1.0, x[2]])) @ np.arange(6.0) + np.where([True, False, True], x, 0.0).sum()
    s += np.outer([1.0, 2.0], x).sum() + np.polyval([1.0, 2.0, x[0]], x[1]) + np.sum(np.diag([x[0], 1.0]) @ np.diag((x[1], x[2])))
    return s + np.average(x, weights=[1.0, 2.0, 1.0]) + np.take(x, [0, 0]).sum() + np.maximum([1.0, 0.5, 0.2], x).sum()


@program(lambda r: (vec(r, 3),), tags=("beyond_numba",))
def lists_as_subscripts(x):
    """Elements are picked and stored as by arrays of ints and bools: the right side is complete first."""
    m = np.outer(x, x + 1.0)
    m[[0, 1]] = m[[1, 0]]
    m[:, [2, 0]] *= x[0]
    x[[0, 2]] += x[1]
    x[[1, 0]] = x[[0, 1]] * x[[2, 2]]
    return np.sum(m * m * x) + m[[0, 1], [1, 2]].sum() + x[[True, False, True]].sum()


@program(lambda r: (pos(r, 2),), tags=("beyond_numba",))
def constant_matrix_of_lists(x):
    """A list for a helper of ours that asks for its number of axes."""
    w, q = np.linalg.eigh(np.outer(x, x) + np.diag([1.0, 2.0]))
    return np.sum(w * np.abs(q[0])) + np.max([x[0], x[1]])


@program(lambda r: (vec(r, 3), vec(r, 2, 3)), tags=("beyond_numba",))
def arrays_of_arrays(x, m):
    """Arrays in a list are rows of a new one, which is no view of them; views and matrices too; arguments of reductions."""
    rows = np.array([x, x[::-1], m[0]])
    x[1] = 3.0 * rows[0, 1]
    rows[2, 0] *= x[1]
    layers = np.array((m, m * x))
    s = np.sum(np.mean([x, rows[1]], axis=0) ** 2) + np.max([x, m[1]])
    return s + np.sum((rows @ x) ** 2) + np.sum(layers[1] * layers[0, ::-1]) + np.sum(np.sum([m, m * m], axis=0) ** 2)


@program(lambda r: (vec(r, 3), pos(r, 2, 3)), tags=("beyond_numba",))
def methods_of_ufuncs(x, m):
    """Reduced and accumulated along the first axis unless another is named; all pairs."""
    s = np.add.reduce(m) @ x + np.multiply.reduce(x) + np.sum(np.maximum.reduce(m, axis=1) ** 2) + np.minimum.reduce(x)
    y = np.maximum.accumulate(x)
    y[0] *= x[2]
    p = np.multiply.outer(x, m)
    return s + np.sum(y * y) + np.sum(p[1] * p[2]) + np.sum(np.add.accumulate(m) ** 2) + np.sum(np.subtract.outer(x, x) ** 2)
