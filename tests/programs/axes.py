"""NumPy's functions along axes: sums, products, extremes, orders, and views with other axes."""

import numpy as np

from tests.programs.registry import program, vec

BEYOND = ["beyond_numba"]


@program(lambda r: (vec(r, 2, 3), vec(r, 3)), tags=BEYOND)
def sums_along_axes(m, x):
    """Sums over each axis, over both, by function and method; one of an expression, one of a bool array."""
    m[1] *= x
    s = np.sum(m * m, axis=0)
    t = np.sum(m, axis=1)
    m[0, 0] = 7.0
    count = (m > -9.0).sum(axis=0)
    return np.sum(s * s * count) + t[0] * t[1] + np.sum(m, axis=(0, 1)) + m.sum(axis=-1)[1] ** 2 + np.sum(x, axis=0)


@program(lambda r: (vec(r, 3, 4),), tags=BEYOND)
def softmax_of_rows(m):
    """The axis that is kept has length 1 and is repeated."""
    e = np.exp(m - m.max(axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return np.sum(p[:, 0] * p[:, 1]) + p[2, 3]


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 3)), tags=BEYOND)
def moments_along_axes(m, x):
    """Mean, variance, deviation and product over one axis, over two, and over all."""
    c = m.mean(axis=1, keepdims=True)
    v = np.var(m, axis=1, ddof=1)
    d = m.std(axis=(0, 2))
    return np.sum((m - c) ** 2 * v[:, np.newaxis]) + np.sum(np.prod(m, axis=(0, 2)) * x) + np.sum(d * x) + np.std(m) * np.var(m, ddof=1)


@program(lambda r: (vec(r, 2, 3, 4),), tags=BEYOND)
def extremes_along_axes(m):
    """The largest, smallest, and their places, which are subscripts."""
    low = np.amin(m, axis=(0, 2))
    i = np.argmax(m, axis=1)
    total = np.sum(np.max(m, axis=1) ** 2) + low[0] * low[2] + m.max(axis=-1, keepdims=True)[0, 1, 0] ** 2
    return total + np.ptp(m, axis=0)[1, 2] * m[0, i[0, 1], 1] + np.argmin(m, axis=2)[0, 0] * m[1, 1, 1]


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 5)), tags=BEYOND)
def orders_along_axes(m, x):
    """Sorted, cumulative and differenced along any axis; medians of odd and even counts."""
    s = np.sort(m, axis=1)[:, 0] * np.argsort(m, axis=0)[1, 1]
    c = np.cumsum(m, axis=1)[:, 2] * np.cumprod(m, axis=0)[1, 2]
    d = np.sum(np.diff(m, axis=1) ** 2) + np.sum(np.diff(x, n=2) ** 3)
    return np.sum(s) + np.sum(c) + d + np.median(x) ** 2 + np.sum(np.median(m, axis=2) ** 2)


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 3)), tags=BEYOND)
def norms_along_axes(m, x):
    """Euclidean norms and sums of absolute values; a norm that is kept as an axis."""
    n = np.linalg.norm(m, axis=2, keepdims=True)
    return np.sum(np.linalg.norm(m, axis=1) ** 3) + np.linalg.norm(x) * np.linalg.norm(x, ord=1) + np.sum(n * m)


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 3)), tags=BEYOND)
def axes_come_and_go(m, x):
    """A view with an axis more, one less, and stores through it; flipped views; axes moved in pairs."""
    v = np.expand_dims(m, 1)
    w = np.squeeze(v, 1)
    w[0, 1] = x[0]
    p = np.moveaxis(m, (0, 2), (2, 0))
    p[1, 2, 0] *= x[1]
    flat = np.flip(m, 1)[:, 0] * np.flipud(m)[0, 0]
    return np.sum(flat) + np.fliplr(m)[0, 0, 1] ** 2 + np.sum(v**2) + np.squeeze(m[:1], axis=0)[1, 2] * p[1, 1, 1]


@program(lambda r: (vec(r, 2, 3, 4),), tags=BEYOND)
def parts_of_shapes(m):
    """Arrays made with a part of a shape, turned around, or put together."""
    t = np.zeros(m.shape[1:])
    t += m[0] * m[1]
    u = np.ones(m.shape[::-1]) * np.moveaxis(m, 0, 2).T.T[0, 0, 0]
    z = np.zeros(m.shape[:1] + m.shape[2:])
    z += m[:, 1] * u[2, 1, 0]
    return np.sum(t * t) + np.sum(z * np.reshape(m[:, 0].T, z.shape))


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 3)), tags=BEYOND)
def norms_of_every_order(m, x):
    """Of vectors, of matrices and of stacks of them; some with the axes kept."""
    v = np.linalg.norm(x, np.inf) * np.linalg.norm(x, -np.inf) + np.linalg.norm(x, 3) * np.linalg.norm(x, 0)
    w = np.linalg.norm(m[0], 1) * np.linalg.norm(m[0], -1) + np.linalg.norm(m[1], np.inf) * np.linalg.norm(m[:, 1], -np.inf)
    k = np.linalg.norm(m, 1, axis=(0, 2), keepdims=True)
    return v + w + np.sum(k * m) + np.sum(np.linalg.norm(m, 2.5, 1)) + np.linalg.norm(m, -np.inf, (2, 1))[1]


@program(lambda r: (vec(r, 3, 4),), tags=BEYOND)
def counted_bools(m):
    """Sums and products of bools are ints, along axes and one after the other."""
    big = m > 0.1
    c = np.cumsum(big, axis=1)
    p = np.prod(big, axis=0) + np.prod(m > -9.0, axis=0)
    k = np.cumprod(m[0] > -9.0)
    return m[c[0, 3] % 3, 1] * m[1, 1] + np.sum(p * m) + m[k[1], 2] * c[1, 3]
