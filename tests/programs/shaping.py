"""NumPy's functions that put elements at other places: rolled, repeated, padded, cut, on diagonals, on grids.

Results are written to and operands overwritten afterwards, since NumPy says which of them are views.
"""

import numpy as np

from tests.programs.registry import ints, num, pos, program, vec

BEYOND = ["beyond_numba"]


def weighed(y):
    """A sum that tells the places apart."""
    v = y.flatten()
    return np.sum(v * v * np.cos(np.arange(1.0, len(v) + 1.0)))


@program(lambda r: (vec(r, 5), vec(r, 3, 4), 2), tags=BEYOND)
def rolled(x, m, n):
    """By more than the length, backwards, by an int of the run, along axes; copies."""
    y = np.roll(x, n)
    y[0] = 3.0 * x[1]
    x[1] = 7.0
    s = weighed(np.roll(m, -5)) + weighed(np.roll(m, (1, n), axis=(0, -1))) + weighed(np.roll(m.T, n, axis=1))
    return s + weighed(y) * x[1] + np.sum(np.roll(x[:0], 1)) + np.roll(m, 1, axis=(0, 1))[0, 0] ** 2


@program(lambda r: (vec(r, 3, 4), vec(r, 2, 3, 4), vec(r, 3)), tags=BEYOND)
def turned(m, t, x):
    """np.flip of all axes and np.rot90 are views: stores through them are seen."""
    f = np.flip(m)
    f[0, 0] = x[0] * x[1]
    q = np.rot90(m)
    q[0, 1] *= x[2]
    s = weighed(np.rot90(m, 2)) + weighed(np.rot90(t, -1, axes=(1, 2))) + weighed(np.flip(t))
    return s + weighed(m) + weighed(np.rollaxis(t, 2)) + weighed(np.flip(x) * f[0, 1])


@program(lambda r: (vec(r, 4), vec(r, 2, 3), 2), tags=BEYOND)
def repeated_and_tiled(x, m, n):
    """Each element, or the whole, several times; along axes; with new axes; zero and one times; copies."""
    y = np.repeat(x, n)
    y[0] *= x[3]
    z = np.tile(x, 1)
    z[1] = 5.0
    x[0] = 2.0
    s = weighed(np.repeat(m, n, axis=-1)) + weighed(m.repeat(2)) + weighed(np.tile(m, (n, 1))) + weighed(np.tile(x, (2, n)))
    return s + weighed(y) + weighed(z) + np.sum(np.repeat(x, 0)) + weighed(np.tile(m.T, (2, 1, 2)))


@program(lambda r: (vec(r, 4), vec(r, 2, 3), np.array([2, 0, 3, 1])), tags=BEYOND)
def repeated_by_counts(x, m, k):
    """Each element as often as its place says, never for some; counts that are overwritten later."""
    y = np.repeat(x, k)
    k[:] = 1
    y[1] *= x[2]
    z = np.repeat(m, [1, 0, 2], axis=1)
    x[0] = y[4]
    return weighed(y) * x[0] + weighed(z * z) + weighed(np.repeat(x, k))


@program(lambda r: (vec(r, 4), vec(r, 2, 3), 1, num(r)), tags=BEYOND)
def padded(x, m, n, a):
    """By constants, the edge, mirrored and periodic, by more than the length; widths per axis and of the run."""
    y = np.pad(x, (n, 2), constant_values=a)
    x[2] = a * x[0]
    s = weighed(np.pad(x, 9, "reflect")) + weighed(np.pad(x, (5, 6), mode="wrap")) + weighed(np.pad(x, 6, "symmetric"))
    s += weighed(np.pad(m, ((1, 0), (n, 2)), "edge")) + weighed(np.pad(m.T, n)) + weighed(np.pad(x[:1], 2, "reflect"))
    return s + weighed(y) + weighed(np.pad(m, ((0, n),), "reflect"))


@program(lambda r: (vec(r, 3), vec(r, 3, 4), vec(r, 2, 3, 3)), tags=BEYOND)
def diagonals(x, m, t):
    """A diagonal is a view, a matrix made of one is not; triangles are copies; diagonals of stacks."""
    d = np.diag(m, 1)
    b = np.diag(x, -1)
    b[1, 0] *= x[2]
    m[0, 1] = x[0] * x[1]
    low = np.tril(t, 1)
    low[0, 0, 0] = m[2, 2]
    s = weighed(d) + weighed(b) + weighed(low) + weighed(np.triu(m, -1)) + weighed(np.diagflat(t[0], 2))
    return s + weighed(np.diagonal(t, 0, 1, 2)) + np.sum(t[0].diagonal() * x) + np.sum(np.diag(m, 7))


@program(lambda r: (vec(r, 3, 4), vec(r, 3)), tags=BEYOND)
def triangles_by_subscripts(m, x):
    """tril_indices and triu_indices as subscripts; np.tri; the diagonal filled."""
    i, j = np.tril_indices(3, -1, 4)
    p, q = np.triu_indices(3, 1, 4)
    s = weighed(m[i, j]) + weighed(m[p, q] * x[p]) + weighed(m * np.tri(3, 4, 1))
    np.fill_diagonal(m, x[0] * x[1])
    return s + weighed(m) + weighed(np.vander(x, 4)) + weighed(np.vander(x, increasing=True))


@program(lambda r: (vec(r, 6), vec(r, 3, 4)), tags=BEYOND)
def cut(x, m):
    """Parts are views: stores are seen in both; parts that are not alike; at given places; along another axis."""
    p, q, s = np.split(x, 3)
    p[1] = s[0] * m[0, 0]
    x[4] = 2.0 * q[1]
    parts = np.array_split(x, 4)
    left, right = np.hsplit(m, 2)
    left[1, 1] = p[0] * right[2, 1]
    upper, middle, lower = np.vsplit(m, 3)
    a, b, c = np.split(x, (1, 4))
    return weighed(p * s) + weighed(parts[0]) + parts[3][0] ** 2 + weighed(m) + weighed(upper * lower) + weighed(b) * a[0] * c[1]


@program(lambda r: (vec(r, 3), vec(r, 3, 2), vec(r, 2)), tags=BEYOND)
def put_side_by_side(x, m, y):
    """Columns, layers, stacks along the last axis, an axis for append; all of them copies; one element out or in."""
    c = np.column_stack((x, m, x * x))
    c[0, 0] = 3.0
    x[1] = m[0, 1] * y[0]
    d = np.dstack((m, m * m))
    s = weighed(c) + weighed(d) + weighed(np.stack((m, m), axis=-1)) + weighed(np.append(m, m[:1], axis=0))
    s += weighed(np.delete(x, 1)) + weighed(np.delete(m, -1, axis=0)) + weighed(np.insert(x, 2, y[1]))
    return s + weighed(np.dstack((x, x))) + weighed(np.ediff1d(m, to_end=x, to_begin=y[0]))


@program(lambda r: (vec(r, 3), vec(r, 2), vec(r, 2)), tags=BEYOND)
def grids(x, y, z):
    """Grids in both orders, which are copies; arrays repeated along new axes; one axis at least."""
    p, q = np.meshgrid(x, y)
    u, v, w = np.meshgrid(x, y, z, indexing="ij")
    b = np.broadcast_to(y, (3, 2)) * x[:, np.newaxis]
    one = np.atleast_2d(x)
    p[0, 0] = 2.0
    x[0] = y[1] * z[0]
    s = weighed(p * q) + weighed(u * v * w) + weighed(b) + weighed(np.atleast_1d(x[1] * x[2])) + weighed(np.atleast_3d(x))
    return s + weighed(one) + weighed(np.meshgrid(x, y, z)[2])


@program(lambda r: (np.sort(pos(r, 5)), vec(r, 5), pos(r, 4)), tags=BEYOND)
def interpolated(xp, fp, x):
    """Between points, outside of them, of a number and of an array; slopes in all three; places in sorted vectors."""
    y = np.interp(x, xp, fp) * np.interp(0.3 * x, xp, fp, left=x[0], right=fp[1] * 2.0)
    k = np.searchsorted(xp, x)
    n = np.digitize(x, xp, right=True) + xp.searchsorted(x[1], side="right")
    fp[2] = np.interp(0.5 * (xp[0] + xp[3]), xp, fp)
    return weighed(y) + np.sum(k * x) + np.sum(n * fp[:4]) + fp[2] ** 2 + np.digitize(x[0], xp[::-1]) * x[0]


@program(lambda r: (vec(r, 5), np.sort(pos(r, 5)), vec(r, 3, 5), num(r)), tags=BEYOND)
def slopes_and_areas(f, x, m, h):
    """Trapezoids and differences over equal and other spacings, along axes; polynomials."""
    s = np.trapezoid(f) + np.trapezoid(f, x) * np.trapezoid(f, dx=h) + weighed(np.trapezoid(m, x)) + weighed(np.trapezoid(m, axis=0))
    g = np.gradient(f, h) * np.gradient(f, x) * np.gradient(f)
    s += weighed(g) + weighed(np.gradient(m, x, axis=1)) + weighed(np.gradient(m, 0.5, axis=0, edge_order=2))
    return s + np.polyval(f, h) + weighed(np.polyval(f[:3], x))


@program(lambda r: (vec(r, 2, 3, 4), num(r), num(r)), tags=BEYOND)
def taken_along_axes(t, a, b):
    """Elements along each of three axes; ranges in equal steps and equal ratios."""
    s = weighed(np.take_along_axis(t, np.argsort(t, axis=1), axis=1)) + weighed(np.take_along_axis(t, np.argsort(t, axis=2)[:, :, 1:], axis=-1))
    s += weighed(np.linspace(a, b, 4, endpoint=False)) + weighed(np.logspace(a, b, 3)) + weighed(np.geomspace(a, 3.0 * b, 4))
    return s + weighed(np.logspace(0.0, 1.0, 3, base=a))


@program(lambda r: (ints(r, 9, 5), vec(r, 12)), tags=BEYOND)
def shapes_of_ints(k, x):
    """Ints and bools keep their types: they are subscripts and masks."""
    n = np.roll(k, 2)
    s = np.sum(x[np.repeat(n, 2)]) + np.sum(x[np.pad(k, 1, "edge")]) + np.sum(x[np.tile(k, 2)] ** 2) + x[np.diag(np.diag(k))[0]]
    m = np.flip(k > 3)
    return s + np.sum(x[:5][np.roll(m, 1)]) + np.sum(x[np.unique(k)]) + np.sum(x[:9] * np.bincount(k, minlength=9)[:9])
