"""Functions that make arrays from scalars and arrays, and functions of whole arrays."""

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 4),))
def array_of_scalars(x):
    """Ints, floats and bools unify to floats; a nested literal, its product with another."""
    v = np.array([x[0], 1, x[1] * x[2]])
    r = np.array([[np.cos(x[0]), -np.sin(x[0])], [np.sin(x[0]), np.cos(x[0])]])
    u = r @ np.array((x[1], x[2]))
    v[1] = u[0] * v[2]
    return np.sum(v * v) + u[0] * u[1] * x[3]


@program(lambda r: (vec(r, 6),))
def array_literal_in_a_loop(x):
    """A new array in each iteration, from carried values, copied and overwritten."""
    s = 0.5
    for i in range(3):
        v = np.array([x[i], x[i + 1] * s])
        u = v.copy()
        v[0] = v[1] * u[0] + x[5]
        s += np.sum(v * u)
    return s


@program(lambda r: (vec(r, 6),), tags=["beyond_numba"])
def copy_and_no_copy(x):
    """np.array copies, np.asarray does not."""
    y = np.array(x)
    y[0] = y[1] * y[2]
    z = np.asarray(x)
    z[1] = z[3] * y[0]
    return np.sum(y * x) + z[1]


@program(lambda r: (vec(r, 6),), tags=("float32", "rounded", "beyond_numba"))
def change_of_type(x):
    """float64 to float32 and to ints, which are constants; np.array and np.asarray with a type."""
    y = np.array(x, dtype=np.float32)
    z = x.astype(np.float32)
    k = (x * 3.0).astype(np.int64)
    same = np.asarray(x, dtype=np.float64)
    same[0] = 2.0 * y[0]
    return float(np.sum(y * z)) + k[5] * x[5] + x[0]


@program(lambda r: (vec(r, 3), np.array([2, 0, 1])))
def ints_to_floats(x, k):
    """An int array as floats times active values; a literal of ints as subscripts."""
    f = k.astype(np.float64)
    f[1] = x[0] * x[1]
    p = np.array([1, 0, 2])
    return np.sum(f * x) * x[p[0]] ** p[2]


@program(lambda r: (pos(r, 6), 5))
def ranges_of_ints(x, n):
    """arange with one to three arguments, negative steps, empty; as subscripts and as values."""
    s = np.sum(np.arange(6) * x) + np.sum(np.arange(2, 8) * x * x)
    for k in np.arange(n, -1, -2):
        s += k * x[k]
    for k in np.arange(3, 3):
        s *= x[k]
    return s * np.sum(np.arange(n - 2) * x[: n - 2])


@program(lambda r: (pos(r, 6), num(r)))
def ranges_of_floats(x, a):
    """arange of floats with an active start, with a type; linspace between active ends."""
    s = 0.0
    for v in np.arange(a, a + 1.1, 0.25):
        s += v * v * x[2]
    g = np.linspace(x[0], a, 5)
    h = np.linspace(0.0, 1.0, num=6)
    s += np.sum(np.arange(0.0, 1.5, 0.25) * x) + np.sum(np.arange(6, dtype=np.float64) * x)
    return s + np.sum(g * g) * a + np.sum(h * x)


@program(lambda r: (vec(r, 6),))
def unit_matrices(x):
    """eye with one to three arguments, identity."""
    e = np.eye(6) + np.identity(6) * 2.0
    off = np.eye(2, 3, k=1)
    return np.sum((e @ x) * x) + np.sum(off * x.reshape(2, 3))


@program(lambda r: (vec(r, 5), vec(r, 5)), tags=["beyond_numba"])
def concatenated(x, w):
    """Slices joined to one vector, which is then changed; append of a scalar and of a vector; an empty part."""
    c = np.concatenate((x[:2], w, x[::2], x[5:]))
    c[1] *= c[5]
    d = np.append(np.append(x, w[1]), w[:2] * x[:2])
    return np.sum(c * c * c) + np.sum(d * d) * np.sum(np.hstack([x, w]))


@program(lambda r: (vec(r, 5), vec(r, 5)), tags=["beyond_numba"])
def stacked(x, w):
    """Vectors as rows, matrices below and beside each other."""
    m = np.vstack((x, w))
    n = np.stack([w, x, w])
    m[0] *= n[2]
    o = np.concatenate((m, n))
    p = np.hstack((m, m))
    q = np.stack((x, w), axis=1)
    t = np.concatenate((q, o.T), axis=-1)
    return np.sum(o * o) + p[1, 7] * p[0, 3] + np.sum(t[1:] * t[:-1]) * q[3, 1]


@program(lambda r: (vec(r, 4),))
def filled(x):
    """fill and full with active values, one dimension and two."""
    y = np.empty(4)
    y.fill(x[0])
    y[1] = 3.0
    z = np.full(3, x[1])
    z2 = np.full((2, 3), x[2])
    z2[1] = z
    z2.fill(x[0] * z2[1, 0])
    return np.sum(y * y) + np.sum(z) * z[0] + np.sum(z2 * x[3])


@program(lambda r: (vec(r, 6), vec(r, 6)))
def vector_geometry(x, w):
    """Cross product, norm, outer product, vdot."""
    n = np.cross(x[:3], w[:3])
    o = np.outer(x, w)
    return np.sum(n * x[3:]) * np.linalg.norm(x) + np.sum(o * o) * np.vdot(x, w)


@program(lambda r: (vec(r, 6), vec(r, 6)))
def largest_and_smallest(x, w):
    """max, min, mean and prod by function and method, of vectors and of expressions."""
    s = np.mean(x) * np.prod(w) + x.mean() * np.max(x * w) * w.min()
    x[2] = np.amax(w) * x.max()
    return s + np.min(x) * x.max() * w.prod() + np.ptp(w)


@program(lambda r: (vec(r, 3, 4),))
def moments_of_a_matrix(m):
    """Reductions over all elements of a matrix, of its transpose and of a part."""
    s = np.std(m) + np.var(m[1:]) * m.T.max() + np.trace(m)
    return s + np.linalg.norm(m) * np.mean(m[:, 1:3]) * m[0].sum() + m[:, 2].std()


@program(lambda r: (np.array([0.5, 1.25, 1.25, -2.0]),), tags=("ties", "rough"))
def ties_of_the_largest(x):
    """Among equals the first has the derivative."""
    return np.max(x) * x[0] + np.min(np.array([x[0], x[1] - 0.75]))


@program(lambda r: (vec(r, 6),))
def running_sums(x):
    """cumsum and cumprod of a vector, of a matrix, differences, the built-in sum."""
    c = np.cumsum(x)
    c[2] *= c[1]
    p = np.cumprod(x[:3])
    return np.sum(c * c) + sum(x) * p[2] + np.sum(np.diff(x) ** 2) * np.diff(x.reshape(3, 2))[1, 0] + x.reshape(2, 3).cumsum()[4]


@program(lambda r: (np.sort(pos(r, 6)), vec(r, 6)))
def positions(x, w):
    """argmax, argmin, any, all, count_nonzero, searchsorted choose what is computed."""
    i = np.argmax(w)
    j = w.argmin()
    s = 0.0
    if np.any(w > 0.2) and not (x < 0.0).any():
        s += x[i] * w[j]
    if np.all(x > 0.0):
        s += x[0] * w[i]
    k = np.searchsorted(x, 0.8)
    w[k % 6] = s * x[k % 6]
    return s + w[k % 6] * np.count_nonzero(w > 0.0)


@program(lambda r: (vec(r, 6), num(r)), tags=["beyond_numba"])
def clipped(x, y):
    """np.clip of arrays and scalars, with active bounds, with one bound."""
    c = np.clip(x, -0.4, y)
    return np.sum(c * c) + np.clip(y, 0.7, 1.1) * y + np.sum(x.clip(0.1, None))


@program(lambda r: (vec(r, 5), ints(r, 5, 3)))
def tuples_as_arrays(x, k):
    """A tuple variable as an array, elements chosen by computed subscripts."""
    p = (x[0], x[1] * x[2], 2.0)
    v = np.array(p)
    v[k[0] % 3] = x[3]
    return np.sum(v * v) * x[k[1]]


def _shaped_like(b, c):
    s = b.shape
    y = np.zeros(s)
    y += np.reshape(c, b.shape) * b
    b[0, 0] = 2.0 * c[0]
    return y


def _squares(b):
    y = np.empty(b.shape)
    for i in range(b.shape[0]):
        for j in range(b.shape[1]):
            y[i, j] = b[i, j] ** 2
    return y


@program(lambda r: (vec(r, 3, 2),))
def shapes_in_helpers(m):
    """Whole shapes, named or not, are read again where the arrays are made a second time."""
    k = _shaped_like(m, np.ravel(m * m))
    return np.sum(_squares(m) ** 2) + np.sum(k * m)
