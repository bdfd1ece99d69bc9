"""What published code is full of: shapes put together, lists and tuples as vectors, sorted values, defaults of NumPy's types."""

import numpy as np

from tests.programs.registry import program

TABLE = np.array([0.5, -1.5])


@program(lambda rng: (rng.standard_normal((2, 3)), 0.7))
def shapes_put_together(x, s):
    """The shape of an array and a tuple, on both sides, as the shape of a new one."""
    y = np.zeros((2,) + x.shape + (2,))
    y[1, ..., 0] = x * s
    r = np.full(np.asarray(x[0]).shape + (2, 2), s)
    r[..., 1, 0] = x[0, 1]
    return np.sum(y * y) + r[0, 1, 0] * r[1, 0, 1]


@program(lambda rng: (rng.standard_normal(3),))
def lists_as_vectors(x):
    """A list and a starred tuple as arguments of np.cross."""
    pair = (x, x[::-1])
    return np.sum(np.cross([0, x[0], 1], x) * np.cross(*pair)) + np.cross(*pair)[0]


@program(lambda rng: (rng.standard_normal(7),))
def sorted_values(x):
    """np.sort gathers; the order stays when the array is overwritten."""
    order = np.argsort(x)
    y = np.sort(x)
    x[:] = x * y
    return x[order[0]] * y[1] + y[-1] * y[3]


@program(lambda rng: (rng.standard_normal(7), rng.standard_normal((2, 3))), tags=["beyond_numba"])
def sorted_in_place(x, m):
    """Parts of an array in order, more than once; rows; along an axis."""
    for k in range(2):
        x[k:6].sort()
        x[0] = x[6] * x[k + 1]
    x[::2].sort()
    m.sort(axis=0)
    m[1, :2] *= x[1]
    m.sort()
    return x[0] * x[1] * x[2] + x[3] * x[4] + m[0, 1] * m[1, 2]


@program(lambda rng: (rng.standard_normal(2), rng.standard_normal(3)))
def products_of_vectors(a, b):
    """np.kron, partly overwritten."""
    w = np.kron(a, b)[:5]
    w[0] = w[-1] = 1.0
    return np.sum(w * w) * a[0] + w[1] * b[2]


def _scaled(x, by=np.float64(1.5), table=TABLE, count=np.int64(2)):
    return x * by * table[count - 1]


@program(lambda rng: (0.7,))
def defaults_of_numpy(x):
    """Defaults that are NumPy scalars and arrays."""
    return _scaled(x) * _scaled(x, 2.0 * x)
