"""float32 arrays, integer arithmetic, bools, mixtures of types."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


def vec32(rng, *shape):
    return vec(rng, *shape).astype(np.float32)


@program(lambda r: (vec32(r, 5), vec32(r, 5)), tags=("float32",))
def float32_dot(x, y):
    """A dot product of float32 arrays, accumulated in single precision by Python, in double by Numba."""
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
    return s


@program(lambda r: (vec32(r, 5),), tags=("float32",))
def float32_in_place(x):
    """float32 elements overwritten: the old ones are kept as float32."""
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1] + x[i]
    return float(x[4] * x[3])


@program(lambda r: (vec32(r, 4), vec(r, 4)), tags=("float32",))
def float32_and_float64(x, y):
    """A float32 and a float64 argument: each partial has its argument's type."""
    s = 0.0
    for i in range(len(x)):
        y[i] = y[i] * x[i]
        s += math.sin(y[i]) * x[i - 1]
    return s


@program(lambda r: (vec32(r, 4),), tags=("float32",))
def float32_local(x):
    """A local float32 array (zeros_like), views of it and an augmented store."""
    t = np.zeros_like(x)
    u = t[1:]
    for i in range(3):
        t[i] += x[i] * x[i + 1]
        u[i] += t[i]
    s = 0.0
    for v in t:
        s += v * v
    return s


@program(lambda r: (vec32(r, 4), vec32(r, 4)), tags=("float32",))
def float32_vectors(x, y):
    """Whole-array float32 expressions; a float64 accumulator at the end."""
    z = x * y + x
    s = 0.0
    for v in z:
        s += v * v
    return s


@program(lambda r: (vec(r, 4),), tags=("float32", "rounded"))
def state_kept_in_float32(x):
    """Double code that keeps its state in a float32 array."""
    t = np.zeros(4, dtype=np.float32)
    s = 0.0
    for i in range(4):
        t[i] = x[i] * 0.5 + t[i - 1]
        s += t[i] * x[i]
    return s


@program(lambda r: (vec(r, 6), 17))
def integer_arithmetic(x, k):
    """//, %, **, negation and min of ints give subscripts and factors."""
    s = 1.0
    for i in range(len(x)):
        a = (k * i + 5) // 3
        b = -a % 6
        c = 2 ** (i % 3) - a // -4
        s = s * x[b] * 0.3 + c * x[a % 6] + abs(b - 3) * x[max(b - i, 0)]
    return s


@program(lambda r: (vec(r, 5), 23))
def bit_pattern_of_an_int(x, code):
    """The bits of an int choose the factors; the int is destroyed."""
    s = 1.0
    i = 0
    while code > 0:
        if code % 2 == 1:
            s = s * x[i] + 0.2
        code //= 2
        i += 1
    return s


@program(lambda r: (num(r), 11))
def power_by_squaring(x, n):
    """Fast exponentiation: both carried floats and the int are overwritten."""
    p = 1.0
    b = x
    while n > 0:
        if n % 2 == 1:
            p = p * b
        b = b * b
        n = n // 2
    return p + b


@program(lambda r: (vec(r, 5),))
def int_division_gives_float(x):
    """int / int is a float, int // int is not, int * float is a float."""
    n = len(x)
    s = 0
    for i in range(n):
        s = s + (i / n) * x[i] ** (i // 2 + 1) + (i // 2) * x[i]
    return s * s


@program(lambda r: (vec(r, 5), np.array([True, False, True, True, False])))
def bool_array(x, mask):
    """A bool array is a condition and, as an int, a factor; it is overwritten too."""
    s = 0.0
    for i in range(len(x)):
        if mask[i]:
            s += x[i] * x[i]
        mask[i] = not mask[i - 1]
    for i in range(len(x)):
        if mask[i] and x[i] > -5.0:
            s = s * 0.5 + x[i] * x[i - 1]
    return s


@program(lambda r: (vec(r, 5), ints(r, 9, 5)))
def local_int_arrays(x, k):
    """Counting sort of keys in local int arrays, then a walk in their order."""
    n = len(k)
    count = np.zeros(10, dtype=np.int64)
    order = np.empty(n, np.int64)
    for i in range(n):
        count[k[i] + 1] += 1
    for j in range(1, 10):
        count[j] += count[j - 1]
    for i in range(n):
        order[count[k[i]]] = i
        count[k[i]] += 1
    s = 1.0
    for i in range(n):
        s = math.sin(s) * x[order[i]] + x[order[i - 1]]
    return s


@program(lambda r: (pos(r, 5),))
def counting_with_floats(x):
    """A float counter, an int made from a float and a float made from an int."""
    c = 0.0
    s = 0.0
    for v in x:
        c += 1.0
        k = int(c) % 3
        s += float(k + 1) * v**k + c * v
    return s / c


@program(lambda r: (vec(r, 4), ints(r, 5, 4)))
def int_array_arithmetic(x, k):
    """Elements of an int array are factors and exponents; the array is updated in place."""
    s = 0.0
    for i in range(4):
        s += k[i] * x[i] * x[i] ** (k[i] % 3)
        k[i] += k[i - 1] * 2
        s = s * 0.5 + k[i] * x[i - 1]
    return s


@program(lambda r: (vec(r, 6),))
def float_assigned_from_an_int(x):
    """A float variable is reset to an int in one branch and to a loaded float in another."""
    s = 1.5
    t = 0.0
    for i in range(len(x)):
        if i % 3 == 0:
            s = 1
        else:
            s = s * x[i]
        t += s * x[i]
    return t


@program(lambda r: (vec32(r, 4), np.float32(0.75)), tags=("float32",))
def float32_scalar_argument(x, a):
    """A float32 scalar argument."""
    s = 0.0
    for v in x:
        s += a * v * v
    return s


@program(lambda r: (vec(r, 4).astype(np.float32), ints(r, 4, 4).astype(np.int32)), tags=("float32",))
def int32_subscripts(x, idx):
    """int32 subscripts into float32 data, with an accumulating store."""
    for i in range(len(idx)):
        x[idx[i]] += x[i] * x[i]
    return float(x[0] * x[1] + x[2] * x[3])


@program(lambda r: (pos(r, 5), num(r)))
def logic_of_masks(x, y):
    """Sums and products of arrays of bools are bools, fused, in place and of slices; those of their elements are ints."""
    high, low = x > 0.6, x < 1.2
    both = high * low
    either = high + low + both
    low += high
    high[1:] *= low[:-1]
    s = both[0] * 1 + both[1]
    return y * (np.sum(either) + 2.0 * np.sum(both + high) + s) * x[0] + np.sum(x[low * high])
