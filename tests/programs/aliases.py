"""Views and second names: slices, rows, columns, transposes, stores through any of them."""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda r: (vec(r, 5),))
def second_name(x):
    """`y = x` is the same array: a store through one is a load of the other."""
    y = x
    y[0] = x[1] * x[2]
    x[1] = y[0] * y[3]
    return x[0] * y[1] + x[4]


@program(lambda r: (vec(r, 6),))
def slice_view(x):
    """A slice is stored through, and the base is read."""
    a = x[1:4]
    a[0] = a[1] * x[0]
    x[3] = x[1] * a[2]
    return x[1] * x[2] + a[2] * x[5]


@program(lambda r: (vec(r, 7),))
def overlapping_views(x):
    """Two overlapping slices of one array, stored through alternately."""
    a = x[0:5]
    b = x[2:7]
    for i in range(5):
        a[i] = math.sin(a[i]) * b[i]
        b[i] = b[i] * a[0] + 0.2
    return a[4] * b[0] + x[6] + x[3]


@program(lambda r: (vec(r, 6),))
def negative_slices(x):
    """Slices with negative bounds, open ends and bounds beyond the array (they clamp)."""
    a = x[-3:]
    b = x[:-2]
    c = x[2:100]
    a[0] = b[0] * c[1]
    c[0] *= a[1]
    return a[0] * b[2] + c[3] * b[3]


@program(lambda r: (vec(r, 7),))
def strided_slices(x):
    """Slices with a step, also a negative one."""
    a = x[::2]
    b = x[::-1]
    for i in range(3):
        a[i] = a[i] * b[i] + a[i + 1]
        b[i + 1] = a[i] * b[i]
    return x[0] * x[1] + x[5] * x[6] + a[2]


@program(lambda r: (vec(r, 8),))
def view_of_a_view(x):
    """A slice of a slice of a slice, stored through."""
    a = x[1:]
    b = a[1:6]
    c = b[::2]
    c[0] = c[1] * a[0]
    b[3] = c[0] * x[4]
    a[5] *= b[3]
    return x[2] * x[5] + a[4] + x[6] * x[7]


@program(lambda r: (vec(r, 3, 4),))
def row_views(m):
    """Rows bound in a loop and stored through."""
    for i in range(1, 3):
        row = m[i]
        above = m[i - 1]
        for j in range(4):
            row[j] = row[j] * above[j] + math.sin(above[-j])
    return m[2, 0] * m[2, 3] + m[1, 1]


@program(lambda r: (vec(r, 4, 3),))
def column_views(m):
    """Columns bound in a loop and stored through: strided views."""
    s = 0.0
    for j in range(1, 3):
        c = m[:, j]
        d = m[:, j - 1]
        for i in range(4):
            c[i] *= d[i] + c[i - 1]
        s += c[3] * d[0]
    return s + m[0, 2] * m[3, 1]


@program(lambda r: (vec(r, 3, 4),))
def transpose_view(m):
    """A store through the transpose is a store to the matrix."""
    t = m.T
    for i in range(4):
        t[i, 0] = t[i, 1] * m[2, i]
    m[1, 1] = t[0, 0] * t[3, 2]
    return m[0, 1] * m[1, 1] + t[1, 1] * t[2, 0]


@program(lambda r: (vec(r, 4, 4),))
def block_view(m):
    """A rectangular block, its row and its transposed column, all stored through."""
    b = m[1:3, 1:]
    r = b[0]
    c = b.T[2]
    b[0, 0] = m[0, 0] * b[1, 1]
    r[1] = r[0] * r[2]
    c[1] = c[0] * m[1, 2]
    return m[1, 1] * m[1, 2] + m[2, 3] * b[1, 2]


@program(lambda r: (vec(r, 2, 3, 4),))
def views_in_three_dimensions(c):
    """Matrices, rows and columns of a cube."""
    a = c[1]
    b = c[:, 1]
    d = c[0, :, 2]
    a[1, 2] = d[0] * b[0, 0]
    d[1] = a[1, 2] * a[2, 3]
    b[0, 3] *= c[0, 1, 2]
    return c[1, 1, 2] * c[0, 1, 2] + b[0, 3] * b[1, 1]


@program(lambda r: (vec(r, 6), 2))
def view_bounds_change_later(x, k):
    """The bounds of the view are variables, reassigned after it was made."""
    a = x[k : k + 3]
    k = k - 1
    a[0] = a[1] * x[k]
    b = x[k : k + 2]
    k = 0
    b[0] = b[1] * a[0] * x[k]
    return x[1] * x[2] + a[2]


@program(lambda r: (vec(r, 7),))
def moving_window(x):
    """The window moves with the loop: each iteration mirrors another view."""
    s = 0.0
    for i in range(1, 5):
        w = x[i : i + 3]
        w[1] = w[0] * w[2] + math.sin(w[1])
        s += w[0] * w[1]
    return s


@program(lambda r: (vec(r, 5), vec(r, 5)))
def view_kept_past_the_loop(x, y):
    """A view bound inside a loop is stored through after it."""
    s = 1.0
    for i in range(3):
        a = x[i:]
        s = s * a[0] + a[1]
    a[1] = s * y[0]
    return x[3] * x[2] * s + y[1] * x[4]


@program(lambda r: (vec(r, 4), vec(r, 4), True))
def conditional_second_name(x, y, flag):
    """A name for one of two arrays, read only: each must get the adjoint of its own."""
    a = x if flag else y
    b = y if flag else x
    s = 0.0
    for i in range(4):
        s += a[i] * a[i] * b[i]
    return s


@program(lambda r: (vec(r, 4), vec(r, 4), num(r)))
def conditional_second_name_stored(x, y, z):
    """A name for one of two arrays, stored through: mirrored under the recorded condition, or refused."""
    a = x if z > 0.1 else y
    a[0] = z * a[1] * y[0]
    z = -z
    return x[0] * x[1] + y[0] * y[1] * z


@program(lambda r: (vec(r, 4), vec(r, 4), 3))
def view_in_one_arm(x, y, k):
    """A view exists in one arm of a branch only."""
    s = 0.0
    for i in range(4):
        if i < k:
            a = x[i:]
            a[0] = a[0] * y[i]
            s += a[-1] * a[0]
        else:
            b = y[:i]
            b[-1] *= b[0]
    return s + y[2] * x[1]


@program(lambda r: (vec(r, 5),))
def slice_stores(x):
    """Whole slices are stored: from a copy, from a constant, from another array."""
    y = x.copy()
    y[1:4] = x[2:5]
    y[0:2] = 0.5
    x[2:] = y[:3]
    y[:] = x
    return y[0] * y[1] + y[2] * x[3] + x[4] * y[4]


@program(lambda r: (vec(r, 3, 4), vec(r, 4)))
def row_and_column_stores(m, v):
    """Whole rows and columns are stored at once."""
    m[0] = v
    m[1, :] = m[2] * v
    m[:, 3] = m[:, 0]
    m[:, 1] *= 2.0
    s = 0.0
    for i in range(3):
        for j in range(4):
            s += m[i, j] ** 2 * (i + 1)
    return s


@program(lambda r: (vec(r, 4),))
def local_array_with_views(x):
    """Two halves of one local buffer have names of their own."""
    n = len(x)
    work = np.zeros(2 * n)
    lo = work[:n]
    hi = work[n:]
    for i in range(n):
        lo[i] = x[i] * x[i]
        hi[i] = lo[i] * lo[i - 1]
    s = 1.0
    for i in range(2 * n):
        s = s * 0.9 + work[i]
    return s


@program(lambda r: (vec(r, 4, 3), num(r)))
def names_of_rows_swapped(m, h):
    """Row views change roles in a loop: an old and a new row."""
    old = m[0]
    new = m[1]
    for _ in range(3):
        for j in range(3):
            new[j] = old[j] * h + new[j] * old[j - 1]
        old, new = new, old
    return m[0, 0] * m[1, 1] + old[2] * new[2]


@program(lambda r: (vec(r, 2, 5), 4))
def two_rows_by_parity(u, n):
    """Two time levels in one array, chosen by `k % 2`."""
    for k in range(n):
        new = u[(k + 1) % 2]
        old = u[k % 2]
        for i in range(1, 4):
            new[i] = old[i] + 0.2 * (old[i - 1] - old[i + 1]) * old[i]
    return u[0, 2] * u[1, 2] + u[0, 1]


@program(lambda r: (pos(r, 5),))
def alias_under_a_loop_name(x):
    """The array that `for v in y` runs over is stored to, under its first name, while the loop runs."""
    y = x
    s = 1.0
    k = 0
    for v in y:
        s = s * v
        k += 1
        if k < 5:
            x[k] = x[k] * s + v
    return s


@program(lambda r: (vec(r, 5),))
def copy_is_no_view(x):
    """`.copy()` of a slice ends the aliasing."""
    a = x[1:4].copy()
    a[0] = a[1] * x[1]
    x[2] = a[0] * x[0]
    return a[1] * x[2] + x[1] * a[2]
