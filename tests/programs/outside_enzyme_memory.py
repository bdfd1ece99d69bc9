"""The ideas of Enzyme's integration tests, second part: what is kept, computed again, overwritten, or never written."""

import math

import numpy as np

from .registry import num, pos, program, vec


@program(lambda r: (vec(r, 6), 0.8))
def enzyme_near_the_maximum(a, room):
    """Values near the running maximum are collected; a new maximum empties the collection, which is then read in part."""
    top = -1e9
    kept = np.empty(len(a))
    count = 0
    for i in range(len(a)):
        if a[i] > top:
            count = 0
            top = a[i]
        if a[i] > top - room:
            kept[count] = a[i] * top
            count += 1
    s = 0.0
    for i in range(count):
        s += kept[i]
    return s / count


@program(lambda r: (vec(r, 4),))
def enzyme_inactive_table_renewed(x):
    """A table of constants is filled anew for each element and multiplied with it."""
    table = np.empty(4)
    s = 0.0
    for i in range(len(x)):
        for j in range(4):
            table[j] = i * j * j + 1.0
        for j in range(4):
            s += table[j] * x[i] * x[i - j]
    return s


@program(lambda r: (vec(r, 4), 2.3 + 0.1 * num(r)))
def enzyme_sizes_from_steps(out, dr):
    """Ints cut from two carried floats scale the elements, and the floats go on to the next iteration."""
    dt = 1.5
    estimate = 0.0
    for k in range(len(out)):
        nr = int(dr)
        nt = int(dt)
        out[k] *= nr * nt + dr
        estimate = nr * nt * dr * out[k]
        dr /= 0.8
        dt = dr / 2.0
    return estimate + out[0] * out[1]


def _doubled_segment(a, bounds):
    for i in range(bounds[1] - bounds[0]):
        a[i] *= a[i] + 2.0
    bounds[0] = bounds[1]


@program(lambda r: (vec(r, 4), np.array([2, 4])))
def enzyme_bounds_overwritten(a, bounds):
    """A helper takes its trip count from ints that it overwrites afterwards; the second call has nothing to do."""
    _doubled_segment(a, bounds)
    a[0] = 0.0
    _doubled_segment(a, bounds)
    bounds[0] = 1
    _doubled_segment(a, bounds)
    return a[1] * a[2] + a[3] + a[0] * a[1]


@program(lambda r: (vec(r, 5), np.array([3, -1, 0, -10, 1])))
def enzyme_inclusive_bounds(a, ends):
    """Squares in place up to and with a bound, which may be below zero, again and again."""
    for k in range(len(ends)):
        i = 0
        while i <= ends[k]:
            a[i] *= a[i]
            a[i] += a[k]
            i += 1
    return a[0] + a[1] * a[2] + a[3] * a[4]


@program(lambda r: (0.5 * num(r), 6))
def enzyme_logarithm_series(x, n):
    """A series by powers of ints."""
    s = 0.0
    for i in range(1, n):
        s += x**i / i
    return s


def _factorial(n):
    p = 1.0
    for i in range(2, n + 1):
        p *= i
    return p


@program(lambda r: (num(r), 6))
def enzyme_cosine_series(x, n):
    """A series with signs by parity and factorials by an inactive helper."""
    s = 0.0
    sign = 1.0
    for k in range(n):
        s += sign * x ** (2 * k) / _factorial(2 * k)
        sign = -sign
    return s


@program(lambda r: (pos(r, 4), pos(r, 3)))
def enzyme_many_quotients(a, b):
    """Each element is divided by each of the divisors, and the quotients divide in turn."""
    for i in range(len(a)):
        for j in range(len(b)):
            a[i] /= b[j]
            b[j] = 1.0 + b[j] / (1.0 + a[i])
    return a[0] * a[1] / a[2] / a[3] + b[0]


@program(lambda r: (vec(r, 6), vec(r, 6)))
def enzyme_many_maxima(a, b):
    """Running maxima stored back into the array that the next one reads."""
    for i in range(1, len(a)):
        a[i] = max(a[i], a[i - 1] * b[i])
        b[i] = a[i] if a[i] > b[i] else b[i] * b[i]
    top = a[0]
    for v in a[1:]:
        top = max(top, v)
    return top * b[5] + b[2] * a[3]


@program(lambda r: (1.0 + num(r),))
def enzyme_inverse_root(x):
    """The inverse square root by steps from a guess made of the exponent, an int."""
    exponent = int(math.floor(math.log2(x)))
    y = 2.0 ** (-exponent / 2.0)
    for _ in range(4):
        y *= 1.5 - 0.5 * x * y * y
    return y * x


@program(lambda r: (vec(r, 3), False))
def enzyme_guarded_scratch(v, wanted):
    """A scratch vector is filled, and a radius computed, only under a flag; what is read does not depend on it."""
    unit = np.zeros(3)
    radius = 0.0
    if wanted:
        for i in range(3):
            unit[i] = v[i]
            radius += unit[i] * unit[i]
        radius = math.sqrt(radius)
        if radius > 0.0:
            for i in range(3):
                unit[i] /= radius
    return v[0] * v[1] + v[2] + unit[0] * radius


@program(lambda r: (vec(r, 3), True))
def enzyme_guarded_scratch_filled(v, wanted):
    """The same with the flag set and memory that nothing else has written."""
    unit = np.empty(3)
    radius = 0.0
    if wanted:
        unit[:] = v
        for i in range(3):
            radius += v[i] * v[i]
        radius = math.sqrt(radius)
        if radius > 0.0:
            for i in range(2):
                unit[i] /= radius
    return v[0] * v[1] + (unit[0] * unit[1] if wanted else 0.0)


@program(lambda r: (vec(r, 3),))
def enzyme_read_written_read(x):
    """One element read, written, read again, through two names and a helper in between."""
    v = x[0]
    x[0] = v * v * x[1]
    w = x[0]
    _half(x, 0)
    x[0] += w * x[0]
    return x[0] * v + w * x[2]


def _half(x, i):
    x[i] = 0.5 * x[i] * x[i + 1]


@program(lambda r: (vec(r, 3, 3), vec(r, 3, 3)))
def enzyme_squared_difference_of_matrices(w, m):
    """A sum of squares of a difference of products, by three loops with a row kept in a local vector."""
    total = 0.0
    for i in range(3):
        row = np.zeros(3)
        for k in range(3):
            for j in range(3):
                row[j] += w[i, k] * m[k, j]
        for j in range(3):
            d = row[j] - w[i, j]
            total += d * d
            w[i, j] = d
    return total * w[2, 2]


@program(lambda r: (vec(r, 5), num(r)))
def enzyme_buffer_that_grows(x, y):
    """A buffer of fixed room in which a used part grows, is emptied when it is full, and grows again."""
    room = np.empty(3)
    used = 0
    s = y
    for v in x:
        if used == len(room):
            for k in range(used):
                s += room[k] * room[k - 1]
            used = 0
        room[used] = v * s
        used += 1
    return s * room[0] + used * s


@program(lambda r: (vec(r, 4), vec(r, 4)))
def enzyme_triple_nest(a, b):
    """Three loops each of which starts where the one around it stands, with stores in the middle one."""
    s = 1.0
    for i in range(len(a)):
        for j in range(i, len(b)):
            for k in range(j, i - 1, -1):
                s += 0.1 * a[k] * b[j] * s
            b[j] = b[j] * a[i] + 0.1 * s
        a[i] = s
    return s + b[3] * a[0]


@program(lambda r: (np.array([2, 0, 3, -1]), vec(r, 4), num(r)))
def enzyme_linked_list(link, value, x):
    """A list through links of ints: a node is unlinked on the first walk, the second goes past it."""
    node = 1
    s = x
    previous = -1
    while node >= 0:
        s += value[node] * s
        if previous >= 0 and node == 2:
            link[previous] = link[node]
        else:
            previous = node
        node = link[node]
    node = 1
    while node >= 0:
        value[node] *= s
        s = s * 0.5 + value[node]
        node = link[node]
    return s * value[2]
