"""Element loads and stores: subscripts of every form, gather, scatter, local arrays."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 5),))
def literal_subscripts(x):
    """Literal subscripts from both ends, read and stored."""
    x[0] = x[1] * x[-1]
    x[-2] = x[0] * x[2]
    x[2] += x[-2] * x[0]
    return x[2] * x[3] + x[-5]


@program(lambda r: (vec(r, 6), 2))
def computed_subscripts(x, k):
    """Subscripts with products, quotients, remainders and calls."""
    n = len(x)
    s = 1.0
    for i in range(n):
        s = s * x[(i * k + 1) % n] + x[n - 1 - i] * x[i // k] * x[min(i + 2, n - 1)] * x[-i - 1]
    return s


@program(lambda r: (vec(r, 5), ints(r, 5, 7)))
def gather(x, idx):
    """Reads through an index array: the adjoint is a scatter with repeats."""
    s = 0.0
    for i in range(len(idx)):
        s += math.sin(x[idx[i]] * (i + 1))
    return s


@program(lambda r: (vec(r, 4), vec(r, 7), ints(r, 4, 7)))
def scatter_add(h, x, idx):
    """A histogram-like `h[idx[i]] += ...` into an argument, then a nonlinear use."""
    for i in range(len(x)):
        h[idx[i]] += x[i] * x[i]
    s = 0.0
    for j in range(len(h)):
        s += h[j] ** 2
    return s


@program(lambda r: (vec(r, 4), vec(r, 7), ints(r, 4, 7)))
def scatter_store(h, x, idx):
    """Stores through an index array with repeats: only the last one counts, earlier adjoints are zeroed."""
    for i in range(len(x)):
        h[idx[i]] = x[i] * h[idx[i]]
    return h[0] * h[1] + h[2] * h[3]


@program(lambda r: (vec(r, 5), vec(r, 5), ints(r, 5, 5)))
def scatter_read_modify(x, y, idx):
    """The store's target is computed, and what is stored reads another element of the same array."""
    for i in range(len(x)):
        k = idx[i]
        x[k] = math.sin(x[k]) + x[i] * y[k]
    s = 0.0
    for v in x:
        s += v * v
    return s


@program(lambda r: (ints(r, 4, 6) + r.uniform(0.2, 0.8, 6), vec(r, 4), vec(r, 6)))
def subscript_from_a_float(x, h, w):
    """`int(x[i])` is a subscript: a step in x, while x is differentiated elsewhere."""
    s = 0.0
    for i in range(len(x)):
        k = int(x[i])
        h[k] += w[i] * x[i]
        s += h[k] * h[k]
    return s


@program(lambda r: (pos(r, 5) * 0.9, vec(r, 6)))
def table_interpolation(x, t):
    """floor gives the cell and the weight of a linear interpolation."""
    s = 1.0
    for v in x:
        u = v * 3.0
        k = int(math.floor(u))
        f = u - k
        s = s * ((1.0 - f) * t[k] + f * t[k + 1])
    return s


@program(lambda r: (vec(r, 3, 4),))
def matrix_element_stores(m):
    """Two-dimensional loads and stores, with negative subscripts."""
    n, k = m.shape
    for i in range(1, n):
        for j in range(1, k):
            m[i, j] = m[i, j] * m[i - 1, j - 1] + math.sin(m[i, -1])
    return m[-1, -1] * m[n - 1, 1] + m[1, 2]


@program(lambda r: (vec(r, 3, 4),))
def matrix_double_subscript(m):
    """`m[i][j]` is a load from a view, and `m[i][j] = v` a store through one."""
    s = 0.0
    for i in range(3):
        m[i][1] = m[i][0] * m[i][2]
        for j in range(4):
            s += m[i][j] * m[i][j] * (i + j)
    return s


@program(lambda r: (vec(r, 2, 3, 4),))
def three_dimensional(c):
    """Three subscripts, summed in another order than stored."""
    s = 1.0
    for k in range(4):
        for i in range(2):
            for j in range(3):
                c[i, j, k] = c[i, j, k - 1] * c[i - 1, j, k]
                s = s * 0.5 + c[i, j, k]
    return s


@program(lambda r: (vec(r, 5),))
def augmented_stores(x):
    """All augmented stores to elements; *= and /= need the old element."""
    for i in range(1, len(x)):
        x[i] += x[i - 1] * x[i - 1]
        x[i] *= x[i - 1]
        x[i] -= 0.5 * x[0]
        x[i] /= 2.0 + x[i] * x[i]
    return x[4] * x[2] + x[1]


@program(lambda r: (pos(r, 5),))
def augmented_stores_rare(x):
    """**=, and an augmented store whose value reads its own target twice."""
    for i in range(len(x)):
        x[i] **= 2
        x[i] += x[i] * x[i]
        x[i] -= x[i] * 0.5
    x[0] **= x[1]
    return x[0] * x[2] + x[3] * x[4]


@program(lambda r: (vec(r, 5), vec(r, 5)))
def conditional_store(x, y):
    """A store in one arm only: undo and zeroing happen only where it ran."""
    for i in range(len(x)):
        if y[i] > 0.0:
            x[i] = y[i] * x[i - 1]
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i] * y[i]
    return s


@program(lambda r: (vec(r, 5), num(r)))
def inactive_store_into_active(x, y):
    """Storing a constant must zero the element's adjoint."""
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y
        x[i] = 2.0
        if i > 1:
            x[i - 2] = y * x[i - 1]
    return s * x[0] + x[4] * y + x[1]


@program(lambda r: (vec(r, 5),))
def local_zeros(x):
    """A local array filled in a loop and used in the next one."""
    n = len(x)
    t = np.zeros(n)
    for i in range(n):
        t[i] = x[i] * x[i]
    s = 0.0
    for i in range(n):
        s += t[i] * t[n - 1 - i]
    return s


@program(lambda r: (vec(r, 5),))
def local_empty_prefix_sums(x):
    """np.empty with n + 1 elements, filled by a recurrence."""
    n = x.shape[0]
    c = np.empty(n + 1)
    c[0] = 0.0
    for i in range(n):
        c[i + 1] = c[i] * 0.5 + math.sin(x[i])
    return c[n] * c[n // 2]


@program(lambda r: (vec(r, 4),))
def local_ones_and_zeros_like(x):
    """np.ones, np.zeros_like and np.ones_like: constants that become active."""
    p = np.ones(len(x))
    q = np.zeros_like(x)
    u = np.ones_like(x)
    for i in range(1, len(x)):
        p[i] = p[i - 1] * x[i]
        q[i] += p[i] * x[i - 1]
        u[i] *= q[i] + u[i - 1]
    return p[-1] + q[-1] * q[1] + u[-1] * p[2]


@program(lambda r: (vec(r, 4),))
def local_copy(x):
    """A copy is overwritten, the original is read afterwards, then the other way round."""
    y = x.copy()
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i]
    x[0] = y[3] * y[0]
    return x[0] * x[1] + y[2] * y[0]


@program(lambda r: (vec(r, 3), vec(r, 4)))
def local_matrix(x, y):
    """A two-dimensional local array, stored to with stride and read transposed."""
    n = len(x)
    k = y.size
    a = np.zeros((n, k))
    for i in range(n):
        for j in range(k):
            a[i, j] = math.sin(x[i] * y[j])
    s = 0.0
    for j in range(k):
        for i in range(n):
            s += a[i, j] * a[i - 1, j]
    return s


@program(lambda r: (vec(r, 4),))
def allocated_inside_a_loop(x):
    """A fresh array in each iteration, not read after it."""
    n = len(x)
    s = 1.0
    for i in range(n):
        t = np.zeros(n)
        for j in range(n):
            t[j] = x[i] * x[j] + s
        s = math.sin(t[i] * t[n - 1 - i])
    return s


@program(lambda r: (vec(r, 4),))
def allocated_with_changing_size(x):
    """The size of the fresh array depends on the iteration."""
    s = 1.0
    for i in range(1, len(x)):
        t = np.empty(i + 1)
        for j in range(i + 1):
            t[j] = x[j] * s
        for j in range(1, i + 1):
            t[j] *= t[j - 1]
        s = s * 0.5 + t[i]
    return s


@program(lambda r: (vec(r, 5),))
def element_swap(x):
    """Elements swapped through a tuple, in a loop: a reversal in place, then a weighted sum."""
    n = len(x)
    s = x[0] * x[1]
    for i in range(n // 2):
        x[i], x[n - 1 - i] = x[n - 1 - i], x[i]
    for i in range(n):
        s += x[i] ** (i + 1)
    return s


@program(lambda r: (vec(r, 5), np.array([4, 2, 0, 1, 3])))
def permutation_both_sides(x, p):
    """A permutation read on one side and stored through on the other."""
    y = np.empty(5)
    for i in range(5):
        y[p[i]] = x[i] * x[p[i]]
    return y[0] * y[1] + y[2] * y[3] * y[4]


@program(lambda r: (pos(r, 4), 0), tags=("zero_trip",))
def empty_local_array(x, n):
    """A local array without elements: allocation, loops and mirror of size zero."""
    t = np.zeros(n)
    s = x[0] * x[3]
    for i in range(n):
        t[i] = x[i]
        s += t[i]
    return s * s


@program(lambda r: (vec(r, 4, 3), ints(r, 4, 5), ints(r, 3, 5)))
def two_index_arrays(m, rows, cols):
    """Both subscripts are gathered, in an augmented store that depends on the matrix."""
    for k in range(len(rows)):
        m[rows[k], cols[k]] += m[cols[k], rows[k] % 3] * m[rows[k], cols[k]]
    s = 0.0
    for i in range(4):
        for j in range(3):
            s += m[i, j] * m[i, j] * (1 + j)
    return s


@program(lambda r: (vec(r, 5), vec(r, 5)))
def sizes_as_values(x, y):
    """len, size and shape enter the arithmetic: constants of the call."""
    return x[0] * y[x.size - 1] / len(x) + x[-1] ** 2 * y.shape[0] + y[len(y) // 2] * x[1]
