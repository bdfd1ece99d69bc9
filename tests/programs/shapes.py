"""Views of views, reshapes, transposes, new axes and `...`; stores through all of them; axes of length 1."""

import numpy as np

from .registry import pos, program, vec


@program(lambda r: (vec(r, 3, 4),))
def store_through_a_flat_view(m):
    """A store through reshape(-1) changes the matrix, which is read before and after."""
    before = m[0, 1]
    v = m.reshape(-1)
    v[1] = v[0] * v[5] * before
    return m[0, 1] * m[1, 1] * before


@program(lambda r: (vec(r, 6),))
def rows_of_a_reshaped_vector(x):
    """A row store and a row update through a reshaped argument; sizes by tuple and by separate arguments."""
    a = x.reshape(2, 3)
    b = np.reshape(x, (3, -1))
    a[1, :] = a[0, :] * a[1, :]
    b[0] += b[2] * b[1]
    return np.sum(a * a) * b[0, 1]


@program(lambda r: (vec(r, 6),))
def transposed_reshape(x):
    """A transposed view of a reshaped view, updated in place."""
    v = np.reshape(x, (3, -1)).T
    v[0, 1] *= v[1, 2]
    v[:, 0] = v[0, :2] * v[1, 1:]
    return x[2] * x[3] * v[1, 1] * x[0]


@program(lambda r: (vec(r, 3, 4),))
def flattened_copies(m):
    """flatten copies, ravel of a transpose copies, ravel of a row does not."""
    f = m.flatten()
    f[0] = f[1] * f[2]
    g = m[1].ravel()
    g[1] = f[0] * g[2]
    return f[0] * m[0, 0] + np.sum(m * m) + f[5]


@program(lambda r: (vec(r, 3, 4),))
def ravel_of_a_transpose(m):
    """Only read: a copy in the order of the transpose."""
    t = m.T.ravel()
    u = np.ravel(m.T[1:3])
    return t[1] * t[2] * t[7] + np.sum(u * u[::-1])


@program(lambda r: (np.asfortranarray(vec(r, 3, 4)),))
def columns_first(m):
    """A matrix stored by columns: its copies and flat copies are by rows."""
    c = m.copy()
    f = m.flatten()
    f[1] *= f[6]
    m[0, 2] = f[1]
    return np.sum(c * c) * f[1] + c.T.ravel()[5] * np.reshape(c, (4, 3))[1, 1] + m[0, 2]


@program(lambda r: (vec(r, 2, 3, 4),), tags=["beyond_numba"])
def axes_exchanged(c):
    """Stores through transpose with axes and through swapaxes with a negative axis."""
    t = np.transpose(c, (2, 0, 1))
    t[1, 0, 2] = t[0, 0, 0] * t[3, 1, 2]
    s = c.swapaxes(0, -1)
    s[0] = s[1] * s[2]
    u = c.transpose(1, 0, 2)
    u[0, 1] += u[1, 0]
    return c[0, 2, 1] * c[1, 2, 3] * t[0, 0, 0] + np.sum(c * c)


@program(lambda r: (vec(r, 2, 3, 4),), tags=["beyond_numba"])
def dots_in_subscripts(c):
    """`...` in loads, stores and updates, alone and between others."""
    c[..., 0] = c[..., 1] * c[0, ..., 2]
    c[1, ...] += c[0]
    c[..., 2, 1:] *= 0.5
    first = c[..., 0]
    first[1, ...] = first[0, ...] * 3.0
    return np.sum(c[..., 0] ** 2) + np.sum(c[...] * c)


@program(lambda r: (vec(r, 6),))
def dots_for_nothing(x):
    """`...` that stands for no axis, in a condition and in a product."""
    if x[..., 0] > -5.0:
        x[..., 1] = x[2, ...] * x[0]
    return x[..., 1] ** 2 * x[3]


@program(lambda r: (vec(r, 6), vec(r, 6)))
def outer_by_new_axes(x, w):
    """All pairs: differences, kernels, sums along each side; the columns of one are stored to."""
    d = x[:, None] - w[np.newaxis, :]
    k = np.exp(-d * d)
    k[:, 0] *= x
    s = 0.0
    for i in range(len(x)):
        for j in range(len(w)):
            s += k[i, j] * w[j]
    return s + np.sum(x[:, None] * w * np.sin(w[None, :] * x[:, np.newaxis]))


@program(lambda r: (vec(r, 3, 4), vec(r, 3)))
def scaled_rows(m, x):
    """Rows times a column vector, in an expression, in place, and as the source of a store."""
    s = np.sum(np.exp(x[:, None]) * m)
    m *= x[:, None]
    m[:, 1:3] = x[:, None]
    m[1:] += x[1:, None] * m[:2]
    return s + np.sum(m * m)


@program(lambda r: (vec(r, 5),))
def allocated_with_length_one(x):
    """Local arrays with axes of length 1 repeat along them; a vector of one element, too."""
    y = np.zeros((1, len(x)))
    y[0] = x * x
    one = np.empty(1)
    one[0] = x[2]
    z = y * x[:, None] + one
    z += one * x
    return np.sum(z * z)


@program(lambda r: (vec(r, 6),), tags=["beyond_numba"])
def store_through_a_new_axis(x):
    """Whole-array updates through x[None, :] and x[...]; the same elements are on both sides."""
    x[None, :] *= 2.0
    x[...] *= x
    x[:, None][1:4] = x[:3, None] * x[3:, None]
    return np.sum(x * x)


@program(lambda r: (vec(r, 7),), tags=["overlap"])
def reversed_views(x):
    """Views of reversed views, overlapping stores through them: the right side is complete first."""
    x[::-1][1:3] = x[1:3] * x[::-1][2:4]
    r = x[::-1]
    v = r[::2].copy()
    r[1:] += r[:-1]
    r[::-2][1] = r[4:1:-1][0] * v[0]
    return np.sum(v * r[:4]) + x[2] * x[4]


@program(lambda r: (vec(r, 3, 4),))
def view_in_each_iteration(m):
    """Each iteration reshapes another row and stores to it."""
    s = 0.0
    for i in range(3):
        v = m[i].reshape(2, 2)
        v[1] = v[0] * v[1] + s
        s += v[1, 0] * m[i, 3]
    return s * m[2, 1]


@program(lambda r: (vec(r, 2, 3, 4),))
def view_of_a_view_of_a_view(c):
    """A block, its flat form, every second element backwards: a store reaches the block."""
    flat = c[1].reshape(-1)
    back = flat[::-1][::2]
    back[2] = back[1] * flat[0]
    back[3:] *= back[:3]
    return np.sum(c[1] * c[1]) * c[0, 0, 0]


@program(lambda r: (vec(r, 6),))
def argument_rebound_to_its_reshape(x):
    """The parameter's name becomes a view of the parameter."""
    x = x.reshape((2, 3))
    x[0] = x[1] * x[0]
    x = x.T
    return x[1, 0] * x[2, 1]


@program(lambda r: (vec(r, 4), 0))
def reshaped_in_a_loop_that_does_not_run(x, n):
    """A view made in a zero-trip loop."""
    s = x[0] * x[1]
    for _ in range(n):
        v = x.reshape(2, 2)
        v[0, 0] = s
        s = v[0, 0] * v[1, 1]
    return s * x[0]


@program(lambda r: (vec(r, 6), pos(r)))
def rebound_and_reshaped(x, y):
    """A loop rebinds a vector; each time its reshape is stored to."""
    for _ in range(3):
        x = x * y
        v = x.reshape(2, 3)
        v[0] = v[1] * x[:3]
    return np.sum(x)


def halve_rows(m):
    for i in range(m.shape[0]):
        m[i] *= 0.5


@program(lambda r: (vec(r, 6),))
def helper_given_a_reshape(x):
    """A helper that writes gets a reshape and a transpose of one vector, the vector is read before and after."""
    before = x[1]
    halve_rows(x.reshape(2, 3))
    halve_rows(x.reshape(3, 2).T[:1])
    return np.sum(x * x) * before


@program(lambda r: (np.asfortranarray(vec(r, 3, 4)),), tags=["beyond_numba"])
def updated_in_place_then_reshaped(m):
    """The order in memory is that of the array updated in place, not of the sum; the same for a part of a matrix."""
    part = m[:, 1:3]
    part *= m[:, :2]
    m += 0.5
    m *= m
    return part.flatten()[3] * m.T.flatten()[2] + np.sum(m.flatten() * (m * m).ravel())


@program(lambda r: (vec(r, 2, 3, 4),))
def copies_of_transposed_arrays(c):
    """Copies of arrays in any order are in rows: a reshape of one is a view of it."""
    t = np.transpose(c, (1, 0, 2)).copy()
    v = t.reshape(3, 8)
    v[1] = v[0] * v[2]
    w = np.copy(c[:, :, 1:])
    u = w.reshape(-1)
    u[::2] *= u[1::2]
    return np.sum(t * t) + w[1, 2, 0] * t[1, 1, 2]
