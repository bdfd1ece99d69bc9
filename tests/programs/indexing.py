"""Arrays and masks as subscripts: duplicates, empty ones, aliases, subscripts that change later."""

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 5), np.array([1, 3, 3, -1, 0])))
def gathered_twice(x, i):
    """A load by an array with duplicates and a negative subscript."""
    return np.sum(x[i] * x[i] * x[::-1])


@program(lambda r: (vec(r, 5), np.array([1, 3, 3])))
def gathered_is_a_copy(x, i):
    """A store to what was gathered does not reach the array, nor one to the array what was gathered."""
    b = x[i]
    b[0] = x[2] * 2.0
    x[3] = x[0] * b[1]
    return np.sum(b * b) + np.sum(x * x)


@program(lambda r: (vec(r, 5), np.array([], np.int64)), tags=("beyond_numba",))
def no_subscripts(x, i):
    """Empty arrays as subscripts, in loads, stores and updates."""
    s = np.sum(x[i] ** 2)
    x[i] = 3.0
    x[i] += x[i] * 2.0
    np.add.at(x, i, x[0])
    return s + np.sum(x**2)


@program(lambda r: (vec(r, 5), np.array([1, 1, 4, 1]), vec(r, 4)))
def added_once(x, i, v):
    """`a[i] += v` adds the last of the duplicates alone."""
    x[i] += v * x[0]
    x[i] -= v
    return np.sum(x**3)


@program(lambda r: (vec(r, 5), np.array([1, 1, 4, 1]), vec(r, 4), num(r)), tags=("beyond_numba",))
def added_at_every_subscript(x, i, v, c):
    """np.add.at and np.subtract.at add for each duplicate, an array, a number, an expression of the array itself."""
    np.add.at(x, i, v * x[1])
    np.subtract.at(x, i, c * x[2])
    np.add.at(x, i, x[i] * x[4])
    return np.sum(x**2)


@program(lambda r: (vec(r, 5), np.array([2, 2, 0]), vec(r, 3)))
def last_one_wins(x, i, v):
    """A store with duplicates keeps the last, and nothing flows to the others."""
    x[i] = v * v
    x[i] = x[i] * v[::-1]
    return np.sum(x * x)


@program(lambda r: (vec(r, 5), np.array([4, 3, 2, 1, 0]), np.array([1, 0, 0, 2, 2])))
def permuted_in_place(x, i, j):
    """The right side is complete before the store: it is a view of, or gathered from, the array stored to."""
    x[i] = x
    x[j] = x * x[0]
    x[i] += x[::-1]
    x[j] *= x[1] * x[i]
    return np.sum(x**2 * np.arange(1.0, 6.0))


@program(lambda r: (vec(r, 6), num(r)))
def masked_by_a_number(x, c):
    """A number stored where a mask is true; the mask is that of its moment."""
    m = x > 0.0
    x *= -1.0
    x[m] = c * c
    x[~m] += c
    x[x > 5.0] = 0.0
    return np.sum(x**3)


@program(lambda r: (vec(r, 6), vec(r, 6)))
def masked_by_values(x, y):
    """Loads by masks, and stores of what another mask leaves."""
    m = x > 0.2
    v = np.exp(y[m])
    x[m] = v * x[m]
    x[m] *= y[m]
    x[m] += 1.0
    x[m] -= y[m]
    return np.sum(x**2) + np.sum(v)


@program(lambda r: (pos(r, 4), num(r)))
def nothing_masked(x, c):
    """A mask that is false everywhere, and one that is true everywhere."""
    m = x < 0.0
    s = np.sum(x[m] ** 2)
    x[m] = c
    x[m] *= c
    w = x > 0.0
    x[w] *= c
    return s + np.sum(x[w] * x) + np.sum(np.sin(x[m]))


@program(lambda r: (vec(r, 3, 4), num(r)), tags=("beyond_numba",))
def masked_matrix(a, c):
    """A mask of both axes in loads, stores and updates."""
    m = a > 0.1
    v = a[m]
    a[m] = v * v[::-1]
    a[a < -0.5] = c * c
    a[m] -= c
    return np.sum(v) * np.sum(a**2)


@program(lambda r: (vec(r, 4, 3), vec(r, 4), vec(r, 3)))
def masked_rows(a, x, y):
    """A mask along the first axis, along the last one, and with an integer or a slice beside it."""
    m, w = x > 0.0, y > 0.0
    a[m] *= y
    a[:, w] -= x[:, np.newaxis]
    a[m, 1] = x[0]
    a[1:, w] += x[1:, None] * 2.0
    a[m] = y
    return np.sum(a[m] ** 2) + np.sum(np.sin(a[:, w])) + np.sum(a[~m, 2])


@program(lambda r: (vec(r, 2, 3, 2),), tags=("beyond_numba",))
def masked_planes(a):
    """Masks of two and of three axes of an array of three."""
    m = a[:, :, 0] > 0.0
    s = np.sum(a[m] ** 2)
    a[m] = 0.5
    a[a > 0.4] *= 2.0
    a[0, a[0] > 0.7] = a[1, 1, 1]
    return s + np.sum(a**3)


@program(lambda r: (vec(r, 4, 3), np.array([3, 0, 0]), np.array([2, -1]), vec(r, 3)))
def rows_and_columns(a, i, j, v):
    """Rows and columns by arrays, with integers and slices beside them."""
    b = a[i] * v
    b[:, 1:] += a[i, 0][:, np.newaxis]
    c = a[:, j] * a[1, j]
    d = a[1:, j] * 2.0
    e = a[-1, i - 1]
    return np.sum(b**2) + np.sum(c**2) + np.sum(d * d * a[0, 1]) + np.dot(e, v)


@program(lambda r: (vec(r, 4, 3), np.array([3, 0, 0]), np.array([2, -1]), vec(r, 3, 3), num(r)))
def stored_rows_and_columns(a, i, j, m, c):
    """Stores and updates of rows and columns, with duplicates, matrices, rows and numbers."""
    a[i] = m
    a[:, j] -= c * a[:, j]
    a[i, :] += m[0]
    a[1:, j] *= a[0, 0]
    a[i, 1] = m[1] * m[2]
    a[2, j] = c
    return np.sum(a**2)


@program(lambda r: (vec(r, 4, 3), ints(r, 3, 4)))
def labels(a, k):
    """The cross entropy of rows, an element of each row by a label."""
    p = np.exp(a)
    n = np.arange(len(a))
    s = 0.0
    for i in range(len(a)):
        p[i] /= np.sum(p[i])
        s -= np.log(p[i, k[i]])
    p[n, k] -= 1.0
    return s + np.sum(a[n, k]) + np.sum(p * p)


@program(lambda r: (vec(r, 3, 4), np.array([0, 2, 2, 0]), np.array([3, 1, 1, -4]), vec(r, 4)), tags=("beyond_numba",))
def pairs(a, i, j, v):
    """Pairs of subscripts: loads, stores, updates that add once and at every pair."""
    s = np.sum(a[i, j] * v)
    a[i, j] += v
    np.add.at(a, (i, j), v * v)
    np.add.at(a, (1, j), v[0])
    a[i, j] = a[j // 2, i] * v
    return s * np.sum(a**2)


@program(lambda r: (vec(r, 3, 4), np.array([0, 2]), np.array([3, 1, 1])))
def outer_subscripts(a, i, j):
    """Subscripts that broadcast with each other: a block of the matrix."""
    b = a[i[:, np.newaxis], j]
    a[i[:, None], j[None, :]] *= b
    return np.sum(b**2) + np.sum(a**2)


@program(lambda r: (vec(r, 5), np.array([[0, 4], [4, 4], [2, -5]]), vec(r, 3, 2)), tags=("beyond_numba",))
def subscripts_of_two_axes(x, i, m):
    """A matrix of subscripts of a vector, gathered and scattered; neighbours in a mesh."""
    t = x[i] * m
    x[i] = t
    x[i] += m[0]
    np.add.at(x, i, m * t)
    return np.sum(t**2) + np.sum(x**2)


@program(lambda r: (vec(r, 2, 3, 4), np.array([1, 0, 1]), np.array([3, 0, 0])))
def apart(a, i, j):
    """Subscripts with a slice between them come first in the result, an integer counted in."""
    b = a[i, :, j]
    c = a[1, :, j]
    d = a[:, i, 1]
    a[0, :, j] = b
    a[i, 1:, j] += d[0, 0]
    return np.sum(b[:, 0] * b[:, 2]) + np.sum(c[1] * a[:, 1, 2][0]) + np.sum(d[1] ** 2) + np.sum(a**2)


@program(lambda r: (vec(r, 6), ints(r, 6, 4)))
def subscripts_overwritten(x, i):
    """The subscripts change in a loop after their use; the reverse sweep needs those of each moment."""
    j = i.copy()
    s = 0.0
    for k in range(3):
        x[j] += x[j] * x[i]
        s += np.sum(x[j] ** 2)
        j[:] = (j + k + 1) % 6
        j[0] = j[1]
    return s


@program(lambda r: (vec(r, 6),))
def mask_overwritten(x):
    """A mask changes after its use, in a loop and by masks."""
    m = x > 0.0
    s = 0.0
    for k in range(3):
        x[m] *= 1.5 + x[m]
        s += np.sum(x[m])
        m[k] = not m[k]
        m[x > 3.0] = False
    return s + np.sum(x)


@program(lambda r: (vec(r, 6),))
def mask_overwritten_between(x):
    """A mask changes between two uses in one block: directly, through a view, in a loop."""
    m = x > 0.0
    s = np.sum(x[m] ** 2)
    m[0] = not m[0]
    s += np.sum(x[m] ** 2) * x[1]
    for k in range(2):
        m[1:][k::2] = k == 1
    s += np.sum(x[m] ** 3)
    w = m[2:]
    w[:] = True
    x[m] *= x[m]
    m[m] = x[m] > 0.5
    return s + np.sum(np.sin(x[m])) + np.sum(x)


@program(lambda r: (vec(r, 6), np.array([2, 0, 2, 5])))
def gathered_while_it_changes(x, i):
    """What is gathered is that of its moment, though it is used later, or in a store to where it comes from."""
    t = x[i] * x[i + -1]
    x[0] = 2.0
    x[2:] += t
    u = x[i]
    j = i - 1
    v = x[j]
    i[0] = 3
    x[1:5] = u * v + x[i]
    x[:4] += x[i]
    return np.sum(x**2) + np.dot(u, x[:4])


@program(lambda r: (vec(r, 6), num(r)))
def clipped_steps(x, h):
    """A projected gradient iteration: masks of active values in a loop."""
    for _ in range(4):
        g = 2.0 * x - h
        x = x - 0.3 * g * x
        x[x < 0.1] = 0.1
        x[x > 0.9] *= 0.5
    return np.sum(x * x)


@program(lambda r: (vec(r, 5), pos(r, 5) * 4.0))
def subscripts_from_floats(x, p):
    """Subscripts computed from active values count as constants."""
    i = np.floor(p).astype(np.int64) % 5
    w = p - np.floor(p)
    return np.sum(x[i] * (1.0 - w) + x[(i + 1) % 5] * w)


@program(lambda r: (vec(r, 6), np.array([0, 2, 2, 5], np.int32)))
def narrow_subscripts(x, i):
    """int32 subscripts, through a view of them and through a view of the array."""
    y = x[::-1]
    y[i[1:]] *= x[i[:3]]
    x[1:][i[:3]] = y[i[::-1][:3]]
    return np.sum(x * x * y)


@program(lambda r: (vec(r, 4, 5), np.array([1, 3, 3])))
def through_views(a, i):
    """Views of the array that is stored to: a row, a transposed, a reshaped one."""
    row = a[1]
    row[i] = row[i] * a[0, i]
    t = a.T
    t[i, 2] += row[i]
    a.ravel()[i] *= a[3, 0]
    return np.sum(a**2) + np.sum(t[i] ** 2)


def spread(out, i, v):
    np.add.at(out, i, v)
    out[i] *= out[0]
    return out[i]


@program(lambda r: (vec(r, 6), np.array([1, 0, 1]), vec(r, 3)), tags=("beyond_numba",))
def helper_with_views(x, i, v):
    """A helper gathers and scatters in views of one array; what it returns is a copy."""
    t = spread(x[:3], i, v)
    u = spread(x[2:], i, t * v)
    t[0] = x[3] * u[1]
    return np.sum(t * u) + np.sum(x**2)


def pick(a, i):
    return a[i]


@program(lambda r: (vec(r, 6), np.array([1, 0, 1])))
def helper_picks(x, i):
    """One helper for a number, an array and a mask as the subscript."""
    b = pick(x, i)
    b[0] *= pick(x, 2)
    c = pick(x, x > 0.0)
    x[0] = b[0] * b[1]
    return np.sum(b**2) + np.sum(c**2) + x[0]


@program(lambda r: (vec(r, 3, 4), np.array([2, 0, 1, 1]), num(r)), tags=("beyond_numba",))
def taken(a, i, c):
    """np.take along axes and of all elements, np.compress, np.extract."""
    s = np.sum(np.take(a, i, axis=0) ** 2) + np.sum(np.take(a, i, axis=1) * c) + np.sum(np.take(a, i + 4))
    s += np.sum(a.take(i, axis=-1)) * np.sum(np.take(a, 1, axis=1) ** 2)
    x = a[:, 1] * c
    return s + np.sum(np.compress(x > 0.0, a, axis=0) ** 2) + np.sum(np.extract(a > 0.0, a) ** 3)


@program(lambda r: (vec(r, 3, 2), np.array([[1, 0], [0, 0], [1, 1]]), np.array([[2, 0]]), vec(r, 3)))
def taken_along(a, i, j, x):
    """np.take_along_axis along each axis, and of a vector; sorted by np.argsort."""
    b = np.take_along_axis(a, i, axis=1)
    c = np.take_along_axis(a, j, axis=0)
    d = np.take_along_axis(x, np.argsort(x), axis=0)
    d += np.sum(np.take_along_axis(a, i[::-1], -1) * b) * np.take_along_axis(a, j[0], axis=None)[0]
    return np.sum(b**2) + np.sum(c**3) + np.sum(d * np.arange(1.0, 4.0)) + np.sum(x[np.argsort(-x)] * b[:, 0])


@program(lambda r: (vec(r, 3, 4), vec(r, 6)))
def where_nonzero(a, x):
    """np.where and np.nonzero of one argument: unpacked, one element of them, as subscripts."""
    i, j = np.nonzero(a > 0.0)
    (k,) = np.where(x > 0.0)
    s = np.sum(a[i, j] ** 2) + np.sum(x[k] * len(k))
    x[np.where(x < 0.0)] *= x[0]
    s += np.sum(np.sin(a[np.where(a < 0.0)]))
    for p in np.flatnonzero(x > 0.1):
        s += x[p] ** 3
    return s + np.sum(a[1:, np.where(a > 0.2)[1]]) + np.sum(x[(x > 0.3).nonzero()[0]] ** 2)


@program(lambda r: (vec(r, 6), vec(r, 3, 4), np.array([0, 1, 1])), tags=("beyond_numba",))
def compared(x, a, i):
    """Comparisons, where and reductions of what was gathered."""
    c = x[i] > a[0, i]
    y = np.where(c, x[i] ** 2, a[0, i])
    s = 0.0
    if np.sum(x[i]) > 0.0 or x[i][0] > 0.5:
        s = np.sum(x[x > 0.0]) * np.mean(a[a > 0.0])
    return s + np.sum(y) + np.max(x[i]) * np.dot(a[:, 0], x[i])


@program(lambda r: (vec(r, 5), np.array([[0, 1], [1, 2], [3, 4], [4, 0]]), pos(r, 4)), tags=("beyond_numba",))
def springs(x, edges, k):
    """The energy and the forces of springs, gathered from their ends and scattered back."""
    d = x[edges[:, 1]] - x[edges[:, 0]]
    f = np.zeros(len(x))
    np.add.at(f, edges[:, 0], k * d)
    np.subtract.at(f, edges[:, 1], k * d)
    return 0.5 * np.sum(k * d**2) + np.sum(f**3)


@program(lambda r: (vec(r, 7), ints(r, 3, 7)), tags=("beyond_numba",))
def grouped_means(x, g):
    """Means of groups, counted with np.add.at on integers, taken away from the elements."""
    total, count = np.zeros(3), np.zeros(3, np.int64)
    np.add.at(total, g, x)
    np.add.at(count, g, 1)
    count[count == 0] = 1
    mean = total / count
    return np.sum((x - mean[g]) ** 2 * x)


@program(lambda r: (vec(r, 6).astype(np.float32), np.array([1, 1, 3]), vec(r, 3)), tags=("float32", "beyond_numba"))
def gathered_float32(x, i, v):
    """float32 stays float32 in what is gathered and in updates by float64."""
    x[i] += v
    x[x > 0.5] *= np.float32(0.5)
    np.add.at(x, i, v)
    return np.sum(x[i] * x[i]) + np.sum(x)


@program(lambda r: (vec(r, 6), np.array([3, 1, 0, 2, 5, 4])))
def rebound_in_a_loop(x, i):
    """`x = x[i]` in a loop, with a use before and after; and in one arm of a branch."""
    s = 0.0
    for k in range(3):
        s += x[0] * x[k]
        x = x[i] * 1.5
    if s > 0.0:
        y = x[i]
    else:
        y = x * 2.0
    return s + np.sum(y**2)


@program(lambda r: (vec(r, 6), np.array([3, 1, 0])))
def picked_in_the_heads_of_loops(x, i):
    """Loops over what masks leave, some of which do not run, and while a function of what was gathered is large."""
    s = 0.0
    for v in x[x > 9.0]:
        s += v * v
    for v in x[i]:
        s += v * x[2]
    while np.sum(x[i] * x[i]) > 0.5:
        x[i] *= 0.7
    while x[i[0]] > 9.0:
        x[i] = 0.0
    return s + x[0] * x[1]


@program(lambda r: (vec(r, 3, 3), vec(r, 3)), tags=["beyond_numba"])
def parts_compared_at_loaded_subscripts(m, x):
    """Rows and picked elements are compared whose subscripts are elements of other arrays."""
    k = np.array([1, 2, 0])
    i = np.array([0, 2, 1])
    c = m[k[k[2]], k[2] :] > x[k[0]]
    d = (m[k[0], i] < m[:, k[1]]) | ~(x[i[k[2] :]] > 0.5)
    y = np.where(m[k[1] % 3] > x[k[k[1]]], m[k[1] % 3], 2.0 * x[0])
    y[c[k[0] - 1 :]] += 1.5
    for j in range(3):
        b = m[k[j]] > x[k[j - 1]]
        y[j] += np.sum(x[b]) * m[k[k[j]], k[j]]
    m[k[0]][d] = x[d] * y[d]
    return np.sum(m * m) + np.sum(y)
