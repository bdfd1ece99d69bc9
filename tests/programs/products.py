"""Products of arrays of any number of axes, as functions, methods and with `np.einsum`."""

import numpy as np

from tests.programs.registry import ints, program, vec

BEYOND = ["beyond_numba"]


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 2, 4, 3), vec(r, 4)), tags=BEYOND)
def products_of_stacks(t, u, x):
    """Stacks of matrices with stacks, matrices and vectors, from either side; operands overwritten afterwards."""
    p = t @ u
    q = t @ u[0]
    v = t @ x
    w = x[:3] @ t
    s = np.matmul(t[0], u)
    t[0, 1] = x
    u[1] *= 2.0
    return np.sum(p * p[::-1]) + np.sum(q[0] * s[1]) + np.sum(v**2) * w[1, 2] + np.sum(t[0] @ u[0])


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 4, 3), vec(r, 4)), tags=BEYOND)
def dot_and_inner_of_stacks(t, m, x):
    """np.dot pairs the last axis with the last but one; np.inner the last ones; with a number both multiply."""
    d = np.dot(t, m)[:, 0] * np.dot(m, t)[:3, :, 1].T
    i = np.inner(t, m.T)[1] + t.dot(x)[0, 1] * np.inner(x, x)
    return np.sum(d * d) + np.sum(i * i) + np.sum(np.dot(x[0], m) * np.inner(2.0, m)) + np.dot(x[1], x[2])


@program(lambda r: (vec(r, 3, 3), vec(r, 3), vec(r, 4, 3)), tags=BEYOND)
def einsum_of_one_to_three(m, x, a):
    """Products of two and three arrays, the same array twice, traces, sums, implicit output, expressions as operands."""
    y = np.einsum("ij,jk,k->i", a, m, x * x)
    s = np.einsum("ij,ij", a, a) * np.einsum("ii", m) + np.einsum("i,i->", x, np.sin(x)) + np.einsum("ij->j", m)[1]
    z = np.einsum("ji,i->j", a, x) + np.einsum("kj , j", a, x)
    o = np.einsum("i,j->ji", x * 2.0, x)
    return np.sum(y * z) + s * np.einsum("iij,j->", np.reshape(np.outer(m, x), (3, 3, 3)), x) + o[0, 1] * o[2, 2]


@program(lambda r: (vec(r, 3, 3), vec(r, 3)), tags=BEYOND)
def einsum_of_views(m, x):
    """A transposition is a view: stores are seen through it. Strided and transposed operands."""
    v = np.einsum("ij->ji", m)
    v[0, 2] = x[1] * x[2]
    y = np.einsum("ij,kj->ik", m.T, v[::-1])
    m[1, 1] = x[0]
    return np.sum(y * m) + v[1, 1] * np.einsum("i,i", x[::-1], m[:, 0]) + np.sum(np.einsum("ij->ij", m) ** 2)


@program(lambda r: (vec(r, 2, 3, 4), vec(r, 4, 3), vec(r, 3)), tags=BEYOND)
def tensor_products(t, m, x):
    """Numbers of axes and pairs of them, in any order; none at all."""
    y = np.tensordot(t, m, axes=1)
    z = np.tensordot(t, m, axes=((1, 2), (1, 0)))
    w = np.tensordot(m, t, axes=([-1], [1]))
    return np.sum(y**2) * z[0] + np.sum(w[1, 1] * m[0, 1]) + np.sum(np.tensordot(x, m, 0)[0] ** 2) + np.tensordot(t[0].T, m)


@program(lambda r: (vec(r, 4, 3), vec(r, 3), vec(r, 2, 2)), tags=BEYOND)
def outer_products_and_blocks(m, x, a):
    """Kronecker products of matrices and vectors, cross products of rows, chains of matrices."""
    k = np.kron(a, m)[3, 4] * np.kron(x, a)[1, 2] + np.sum(np.kron(a, x) ** 2) + np.kron(x, x)[5]
    c = np.sum(np.cross(m, x) ** 2) + np.sum(np.cross(x, m)[1]) + np.sum(np.cross(m, m * m)[:, 0]) + np.cross(m[0], x)[2]
    y = np.linalg.multi_dot([m.T, m, np.outer(x, x)])
    m[0] = 1.0
    return k * c + np.sum(y * y) + np.vdot(m[:2], m[2:])


@program(lambda r: (vec(r, 5), vec(r, 3)), tags=BEYOND)
def convolutions(x, v):
    """Every mode, the longer one first and second; with itself; the result is written to, an operand overwritten."""
    c = np.convolve(x, v)
    c[0] = v[1] * c[1]
    s = np.convolve(v, x, "same") * np.correlate(x, v, mode="same") * np.correlate(v, x, "same")
    w = np.convolve(v, x, "valid") * np.correlate(x, v) + np.correlate(v, x, "valid")
    x[1] = 2.0
    return np.sum(c**2) + np.sum(s) + np.sum(w**2) + np.sum(np.convolve(x, x)) + np.correlate(x, x, "full")[6]


@program(lambda r: (vec(r, 4), ints(r, 3, 3, 4), ints(r, 3, 4)), tags=BEYOND)
def products_of_ints(x, k, n):
    """Ints stay ints, which are subscripts; an int operand beside a float one."""
    p = k @ n
    q = np.einsum("ij,j->i", k, n)
    c = np.convolve(n, n[:2])
    return x[p[0] % 4] * np.sum(k @ x) + x[q[1] % 4] ** 2 * x[c[2] % 4] + np.sum(np.tensordot(k, x, 1) ** 2) + np.dot(n, n) // 2


@program(lambda r: (vec(r, 3, 4).astype(np.float32), vec(r, 4).astype(np.float32)), tags=["beyond_numba", "float32"])
def products_of_float32(m, x):
    """float32 stays float32."""
    y = m @ x
    z = np.einsum("ij,ij->j", m, m)
    return float(np.sum(y * y)) + float(np.dot(z, x)) + float(np.inner(m, m)[0, 1])


@program(lambda r: (vec(r, 3), 0), tags=BEYOND)
def products_of_nothing(x, n):
    """Axes of length 0 and 1."""
    e = np.zeros((n, 3))
    y = e @ x
    z = np.einsum("ij,ik->jk", e, e)
    return np.sum(y) + np.sum(z) + np.sum(x[:1] @ x[:1].reshape((1, 1))) * np.convolve(x[:1], x[1:2])[0] + np.sum(np.kron(e, e))
