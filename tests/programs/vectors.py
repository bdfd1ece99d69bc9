"""Whole-array expressions in their plain forms: same shapes or scalars, np.sum, np.dot, @, slices."""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda r: (vec(r, 4), vec(r, 4), num(r)))
def elementwise(x, y, a):
    """Arithmetic of arrays and scalars, summed."""
    z = a * x + y * y / 2.0 - x * y
    return np.sum(z * z - a / (1.0 + y * y))


@program(lambda r: (pos(r, 4), vec(r, 4)))
def elementwise_functions(x, y):
    """np functions of whole arrays; results can serve the partials."""
    return np.sum(np.exp(-x) * np.sin(y) + np.sqrt(x) * np.tanh(y) - np.log(x) * np.cos(x * y))


@program(lambda r: (pos(r, 4), vec(r, 4)))
def elementwise_powers(x, y):
    """Powers, negation, abs, maximum and minimum of whole arrays."""
    return np.sum(x**2 + y**3 - x**0.5 + x**y + np.abs(y) * x + np.maximum(x, y) * np.minimum(-x, 2.0 * y))


@program(lambda r: (vec(r, 4), vec(r, 4)))
def dot_products(x, y):
    """np.dot and @ of vectors, of the same vector twice, and of one computed."""
    return np.dot(x, y) * (x @ x) + np.dot(x * y, np.sin(x))


@program(lambda r: (vec(r, 3, 4), vec(r, 4), vec(r, 3)))
def matrix_vector(a, x, y):
    """Matrix times vector, transposed matrix times vector."""
    u = a @ x
    v = np.dot(a.T, y * u)
    return np.dot(v, x) + np.sum(u * u)


@program(lambda r: (vec(r, 3, 4), vec(r, 4, 2)))
def matrix_matrix(a, b):
    """Matrix products, one with a transposed operand."""
    c = a @ b
    d = np.dot(c.T, c)
    return np.sum(d * d) + c[0, 1]


@program(lambda r: (vec(r, 3, 4), num(r)))
def matrix_elementwise(m, a):
    """Two-dimensional expressions and a sum over all."""
    z = np.sin(m) * a + m * m
    return np.sum(z * z) - np.sum(m)


@program(lambda r: (vec(r, 6),))
def shifted_slices(a):
    """Products of shifted slices of one array."""
    d = a[1:] * a[:-1]
    return np.sum(d * d) + np.sum(a[2:] * a[1:-1] * a[:-2])


@program(lambda r: (vec(r, 6), num(r)))
def slice_update_from_the_same_array(u, c):
    """A diffusion step by slices; the right-hand side is complete before the store."""
    for _ in range(3):
        u[1:-1] = u[1:-1] + 0.2 * c * (u[2:] - 2.0 * u[1:-1] + u[:-2]) * u[1:-1]
    return u[2] * u[3] + u[1]


@program(lambda r: (vec(r, 6),), tags=("overlap",))
def overlapping_augmented(a):
    """`a[1:] *= a[:-1]` and `+=`: NumPy reads the old elements, plain Numba the new ones."""
    a[1:] *= a[:-1]
    a[1:] += a[:-1]
    return np.sum(a * a)


@program(lambda r: (vec(r, 5),), tags=("overlap",))
def overlapping_reversed(a):
    """`a += a[::-1]` with a nonlinear use before and after."""
    s = a[0] * a[4]
    a += a[::-1] * s
    a *= a[::-1]
    return np.sum(a) + s


@program(lambda r: (vec(r, 6),))
def overlapping_plain_store(a):
    """`a[1:] = a[:-1]` moves everything by one, down and up; Numba agrees with NumPy here."""
    a[1:] = a[:-1]
    a[2] = a[3] * a[4]
    a[:-2] = a[2:]
    return a[0] * a[1] + a[4] * a[5]


@program(lambda r: (vec(r, 4), vec(r, 4), num(r)))
def whole_array_augmented(x, y, f):
    """`x += y`, `x *= f`, `x -= x * y`, `x /= ...` in place, seen through a second name."""
    z = x
    x += y * y
    x *= f
    z -= x * y
    x /= 2.0 + y * y
    return np.dot(x, z)


@program(lambda r: (vec(r, 4), vec(r, 4)))
def augmented_argument_or_fresh(x, y):
    """`x = x + y` makes an array, `x += y` does not: the old one has another name."""
    z = x
    x = x + y
    x *= y
    z[0] = x[1]
    z += x * z
    return np.sum(z * x)


@program(lambda r: (vec(r, 3, 4), vec(r, 4)))
def rows_in_expressions(m, v):
    """Rows and columns as operands and as targets of whole-array statements."""
    for i in range(3):
        m[i] = m[i] * v + m[i - 1]
        m[i, 1:] *= 2.0
    m[:, 0] += m[:, 1] * m[:, 2]
    return np.dot(m[0], m[1]) + np.sum(m[:, 0]) * m[2, 3]


@program(lambda r: (vec(r, 4), vec(r, 4)))
def vectors_in_branches(x, y):
    """Whole-array temporaries made in the arms of a branch and joined."""
    for i in range(3):
        if x[i] > 0.0:
            d = x * y
        else:
            d = np.sin(x)
        y = y + 0.5 * d
    return np.dot(y, d)


@program(lambda r: (vec(r, 4), pos(r, 4)))
def scalar_reused_from_a_sum(x, w):
    """A weighted mean and a variance: sums that enter later expressions as scalars."""
    total = np.sum(w)
    mean = np.sum(w * x) / total
    d = x - mean
    return np.sum(w * d * d) / total * math.sqrt(total)


@program(lambda r: (vec(r, 4), vec(r, 4, 4), 3))
def power_iteration(v, a, n):
    """A vector is rebound in each step by a product and a normalisation."""
    for _ in range(n):
        v = a @ v
        v = v / math.sqrt(np.dot(v, v))
    return v @ (a @ v)


@program(lambda r: (vec(r, 3), num(r), 3))
def runge_kutta_vector(y, h, n):
    """The classical Runge-Kutta method with arrays as stages."""
    for _ in range(n):
        k1 = np.sin(y)
        k2 = np.sin(y + 0.5 * h * k1)
        k3 = np.sin(y + 0.5 * h * k2)
        k4 = np.sin(y + h * k3)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return np.sum(y * y)


@program(lambda r: (np.zeros(0), num(r)), argnums=(1,), tags=("zero_trip",))
def empty_vectors(x, a):
    """Sums and products of arrays without elements."""
    return np.sum(x * a) + np.dot(x, x) + a * a


@program(lambda r: (vec(r, 5), num(r)))
def slices_of_fresh_arrays(x, a):
    """Slices of a temporary are stored from expressions of a second one, and negated."""
    t = np.zeros(5)
    t[1:] = x[:-1] * a
    t[0] = x[4]
    u = -t
    t[:2] = u[3:] * x[:2]
    t[2:] -= x[2:] * u[:3]
    return np.sum(t * u * x)
