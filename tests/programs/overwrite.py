"""Values that are gone when the reverse sweep wants them: in-place loops, ping-pong buffers, rebinding, overwritten ints."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 6),))
def scan(x):
    """Each element is destroyed by its own update, which the next one reads."""
    for i in range(1, len(x)):
        x[i] = math.sin(x[i]) * x[i - 1] + x[i]
    return x[-1]


@program(lambda r: (vec(r, 5), vec(r, 5), 3))
def tanh_in_place(v, w, n):
    """A time loop of in-place tanh: the result is read at its own store's reverse."""
    for _ in range(n):
        for i in range(len(v)):
            v[i] = math.tanh(v[i] * w[i])
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
    return s


@program(lambda r: (vec(r, 5),))
def overwritten_after_use(x):
    """A nonlinear use first, a store of something unrelated later."""
    s = 0.0
    for i in range(len(x)):
        s += math.sin(x[i]) * x[0]
    for i in range(len(x)):
        x[i] = s * i
    return x[4] * x[2] + s


@program(lambda r: (vec(r, 5),))
def overwritten_twice(x):
    """The same element is destroyed three times in one iteration."""
    for i in range(1, len(x)):
        x[i] = x[i] * x[i]
        x[i] = math.cos(x[i]) + x[i - 1]
        x[i] = x[i] * x[i - 1]
    return x[4] * x[1]


@program(lambda r: (vec(r, 5),))
def overwritten_by_a_constant_first(x):
    """The argument's values are lost before any use: a zero gradient for all but one element."""
    for i in range(1, len(x)):
        x[i] = 0.0
    for i in range(1, len(x)):
        x[i] += math.sin(x[i - 1] + x[0])
    return x[4]


@program(lambda r: (vec(r, 5), 4))
def ping_pong(x, n):
    """Two buffers change roles at the end of every step by a swap of names."""
    a = x.copy()
    b = np.zeros_like(x)
    for _ in range(n):
        for i in range(1, len(x) - 1):
            b[i] = a[i] + 0.1 * (a[i - 1] - 2.0 * a[i] + a[i + 1]) * a[i]
        b[0] = a[0]
        b[-1] = a[-1]
        a, b = b, a
    s = 0.0
    for v in a:
        s += v * v
    return s


@program(lambda r: (vec(r, 4), vec(r, 4), 3))
def ping_pong_arguments(a, b, n):
    """The swapped buffers are the arguments themselves, an odd number of times, and both are read."""
    for _ in range(n):
        for i in range(len(a)):
            b[i] = math.sin(a[i]) * b[i] + a[i - 1]
        a, b = b, a
    return a[0] * b[1] + a[2] * a[3]


@program(lambda r: (vec(r, 4), 3))
def ping_pong_three(x, n):
    """Three buffers rotate, as in a leapfrog scheme for the wave equation."""
    old = x.copy()
    now = x.copy()
    new = np.zeros_like(x)
    for _ in range(n):
        for i in range(1, len(x) - 1):
            new[i] = 2.0 * now[i] - old[i] + 0.2 * (now[i - 1] - 2.0 * now[i] + now[i + 1]) * now[i]
        old, now, new = now, new, old
    return now[1] * now[2] + old[1] * old[2]


@program(lambda r: (vec(r, 4), num(r), 4))
def rebinding(y, h, n):
    """`y = y + h * k`: a fresh array each time round; the old ones are what the partials need."""
    for _ in range(n):
        k = np.sin(y)
        y = y + h * k
    return y[0] * y[1] + y[2] * y[3]


@program(lambda r: (vec(r, 3), num(r), 3))
def rebinding_with_loops(y, h, n):
    """A fresh array each step, filled by a loop that reads the old one, and bound to its name."""
    s = 0.0
    for _ in range(n):
        z = np.empty(3)
        for i in range(3):
            z[i] = y[i] + h * y[i - 1] * y[i]
        y = z
        s += y[0] * y[2]
    return s + y[1]


@program(lambda r: (vec(r, 4), 3))
def rebinding_then_stores(y, n):
    """The rebound array is stored to within the iteration that made it."""
    for _ in range(n):
        y = y * 0.5 + 1.0
        y[0] = y[1] * y[2]
        y[2] *= y[0]
    return y[0] * y[3] + y[2]


@program(lambda r: (vec(r, 5), np.array([3, 1, 4, 0, 2])))
def int_array_overwritten(x, idx):
    """The index array is rewritten while it is in use: inactive data, undone like any other."""
    s = 1.0
    for i in range(len(idx)):
        s = s * x[idx[i]] + 0.5
        idx[i] = (idx[i] * 2 + i) % 5
        s = s + x[idx[i]] * x[idx[i - 1]]
    return s


@program(lambda r: (vec(r, 6),))
def index_changes_later(x):
    """An int index is reassigned after it addressed a load and a store."""
    k = 0
    for i in range(4):
        x[k] = x[k] * x[k + 1] + 0.3
        k = (k + 2) % 5
        x[k] = x[k] * x[i]
        k = (k * i + 1) % 5
    return x[k] * x[0] + x[3] * x[4]


@program(lambda r: (vec(r, 6),))
def cumulative_product(x):
    """A cumulative product in place."""
    for i in range(1, len(x)):
        x[i] *= x[i - 1]
    s = 0.0
    for v in x:
        s += v
    return s


@program(lambda r: (pos(r, 6),))
def cumulative_product_backward(x):
    """The same from the other end, with a quotient: the element read is destroyed in the next iteration."""
    for i in range(len(x) - 2, -1, -1):
        x[i] = x[i] / x[i + 1] + x[i] * x[i]
        x[i + 1] = x[i] * x[i + 1]
    return x[0] * x[1] + x[5]


@program(lambda r: (r.permutation(6) + 0.3 * vec(r, 6), vec(r, 6)))
def insertion_sort(x, w):
    """Sorting in place by shifting: comparisons of loads, stores under a while loop."""
    for i in range(1, len(x)):
        v = x[i]
        j = i - 1
        while j >= 0 and x[j] > v:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = v
    s = 0.0
    for i in range(len(x)):
        s += w[i] * x[i] * x[i]
    return s


@program(lambda r: (r.permutation(5) + 0.3 * vec(r, 5), vec(r, 5)))
def bubble_sort_with_flag(x, w):
    """Swaps under a flag that ends the loop when nothing moved."""
    moved = True
    while moved:
        moved = False
        for i in range(len(x) - 1):
            if x[i] > x[i + 1]:
                t = x[i]
                x[i] = x[i + 1]
                x[i + 1] = t
                moved = True
    return x[0] * w[0] + x[1] * x[2] * w[1] + x[3] ** 2 * w[2] + x[4] * w[3] * w[4]


@program(lambda r: (vec(r, 5), vec(r, 3)))
def convolution_in_place(x, w):
    """A filter whose output overwrites its input, so that it is recursive."""
    for i in range(2, len(x)):
        x[i] = w[0] * x[i] + w[1] * x[i - 1] + w[2] * x[i - 2] * x[i]
    return x[4] * x[3]


@program(lambda r: (vec(r, 4), vec(r, 4), 3))
def buffer_reused(x, y, n):
    """One buffer serves every outer iteration: wholly overwritten before it is read."""
    t = np.empty(4)
    s = 1.0
    for k in range(n):
        for i in range(4):
            t[i] = math.sin(x[i] * s) + y[k]
        for i in range(1, 4):
            t[i] = t[i] * t[i - 1]
        s = s * 0.5 + t[3]
    return s


@program(lambda r: (vec(r, 4), vec(r, 4), 3))
def buffer_reused_not_covered(x, y, n):
    """As before, but one element survives from the iteration before."""
    t = np.zeros(4)
    s = 1.0
    for k in range(n):
        for i in range(1, 4):
            t[i] = math.sin(x[i] * s) + t[i - 1] * y[k]
        t[0] = t[3] * x[0]
        s = s * 0.5 + t[2]
    return s + t[0]


@program(lambda r: (vec(r, 4), ints(r, 4, 6)))
def accumulate_and_read(x, idx):
    """`+=` to elements that are also read nonlinearly in the same loop."""
    s = 1.0
    for i in range(len(idx)):
        x[idx[i]] += 0.5 * x[i % 4]
        s = s * math.sin(x[idx[i]])
    return s + x[0] * x[1] * x[2] * x[3]


@program(lambda r: (vec(r, 5),))
def scalar_kept_while_element_changes(x):
    """A loaded value is used after its element was overwritten twice."""
    s = 0.0
    for i in range(1, len(x)):
        v = x[i]
        u = x[i - 1]
        x[i] = math.sin(u * u)
        x[i - 1] = v * x[i]
        x[i] = x[i] + u
        s += v * u * x[i]
    return s * x[3]


@program(lambda r: (vec(r, 4), num(r)))
def overwritten_inside_a_branch(x, y):
    """What one arm destroys the condition of the next iteration reads."""
    s = 0.0
    for i in range(3):
        if x[i] > 0.0:
            x[i + 1] = x[i + 1] * x[i] * y
        else:
            y = y * x[i]
            x[i] = -x[i + 1]
        s += x[i] * x[i + 1]
    return s * y


@program(lambda r: (vec(r, 4, 4),))
def matrix_row_recurrence(m):
    """Rows overwritten by the rows above them, in place, with a triangular inner loop."""
    for i in range(1, 4):
        for j in range(i):
            m[i, j] = m[i, j] * m[i - 1, j] + m[j, i]
            m[j, i] = m[i, j] * m[j, j]
    s = 0.0
    for i in range(4):
        s += m[i, i - 1] * m[i, i]
    return s


def _put_where_it_points(a, b, c):
    r = b[c - 1]
    for j in range(1, len(a)):
        a[j] = 0.5 * a[j] * a[j - 1] + 0.2
    b[int(3.0 * r) % len(b)] = r
    k = int(5.0 * r) % len(b)
    b[k] = r
    return 0.5 * c


@program(lambda rng: (vec(rng, 3),))
def stored_where_the_value_points(x):
    """The value could be read back from where it is stored, were the place not made from the value."""
    s = _put_where_it_points(x, x, 2)
    t = x.copy()
    return s + x[1] * x[2] + _put_where_it_points(t, x, 1) * t[1] + x[0]


@program(lambda rng: (vec(rng, 4), 3))
def plus_makes_a_copy(x, n):
    """`+x` of an array is a new one; of an element it is the element."""
    y = +x
    y[0] = 5.0
    s = x[0] * x[1] + y[1] * x[2]
    for i in range(+n):
        s = +s * x[i]
        z = +x[1:]
        z[0] = s
        s += z[0] * z[1]
    return s + np.sum(+(x * y))


def _leaves_it_there(a, b, c):
    r = 0.7 * a[0]
    for j in range(1, len(a)):
        a[j] = math.sin(a[j]) * r
    b[c] = r
    a[0] = r
    return r**3


@program(lambda rng: (vec(rng, 3), vec(rng, 3)))
def what_a_helper_stored_is_overwritten(x, y):
    """The helper could read a value back from an array that it only writes to, had the caller left that alone."""
    s = _leaves_it_there(x, y, 2)
    y[2] = 0.5 * s + y[0]
    x[1] *= 1.1
    for i in range(2):
        s += _leaves_it_there(x, y, i) * y[2]
        y[i] = x[2] * s
    return s + y[2] * x[1] + y[0] * y[1]
