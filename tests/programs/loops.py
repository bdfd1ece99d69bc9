"""for loops over range, arrays, enumerate and zip; carried scalars; int accumulators; loop variables."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (vec(r, 5), vec(r, 5)))
def energy(x, w):
    """Nothing need be saved: read-only arrays, a linear sum, a branch that can be decided again."""
    s = 0.0
    for i in range(1, len(x)):
        if x[i] > x[i - 1]:
            s += w[i] * (x[i] - x[i - 1]) ** 2
    return s


@program(lambda r: (vec(r, 6), num(r)))
def horner(c, x):
    """A carried scalar that multiplies: the coefficients run downwards."""
    p = 0.0
    for i in range(len(c) - 1, -1, -1):
        p = p * x + c[i]
    return p


@program(lambda r: (vec(r, 7), 2))
def step_is_an_argument(x, k):
    """The step of the range is a run-time value; its reverse must end on the right index."""
    s = 1.0
    for i in range(0, len(x), k):
        s = s * math.cos(x[i]) + x[i]
    return s


@program(lambda r: (vec(r, 7), -3))
def negative_step_is_an_argument(x, k):
    """A negative run-time step that does not divide the range."""
    s = 1.0
    for i in range(len(x) - 1, 0, k):
        s = s * x[i] + x[i - 1]
    return s


@program(lambda r: (vec(r, 7),))
def uneven_steps(x):
    """Literal steps 3 and -2 over ranges whose length they do not divide."""
    s = 0.5
    for i in range(1, len(x), 3):
        s = s * x[i] + 1.0
    for j in range(5, -1, -2):
        s = s * x[j] - x[j + 1]
    return s


@program(lambda r: (vec(r, 5),))
def for_value_in_array(x):
    """The loop runs over the values of an array, not over indices."""
    s = 0.0
    p = 1.0
    for v in x:
        p = p * v
        s += p * math.sin(v)
    return s


@program(lambda r: (vec(r, 3, 4),))
def for_row_in_matrix(m):
    """Iterating over a matrix gives views of its rows."""
    s = 1.0
    for row in m:
        s = s * row[0] + row[1] * row[-1]
    return s


@program(lambda r: (vec(r, 5), vec(r, 5)))
def enumerate_values(x, y):
    """enumerate, with the default start and with start 1."""
    s = 1.0
    for i, v in enumerate(x):
        s = s * 0.5 + v * v * (i + 1) * y[i]
    for k, v in enumerate(y, 1):
        s = s + v**k
    return s


@program(lambda r: (vec(r, 5), vec(r, 4), vec(r, 6)))
def zip_unequal(x, y, z):
    """zip ends with the shortest of three arrays."""
    s = 0.0
    p = 1.0
    for a, b, c in zip(x, y, z):
        p = p * a + b * c
        s += p
    return s


@program(lambda r: (vec(r, 4), vec(r, 4)))
def enumerate_zip(x, y):
    """enumerate of a zip, with a nested target."""
    s = 1.0
    for i, (a, b) in enumerate(zip(x, y)):
        s = s * math.cos(a) + b * i
    return s


@program(lambda r: (vec(r, 4, 3),))
def nested_rectangular(m):
    """Two nested loops with a carried scalar in each; the residual has two axes."""
    n, k = m.shape
    s = 0.0
    for i in range(n):
        p = 1.0
        for j in range(k):
            p = p * m[i, j] + math.sin(p)
        s += p * p
    return s


@program(lambda r: (vec(r, 5),))
def nested_triangular(x):
    """The inner trip count depends on the outer index: residuals are no rectangle."""
    s = 1.0
    for i in range(len(x)):
        for j in range(i):
            s = math.sin(s * x[j]) + x[i]
    return s


@program(lambda r: (vec(r, 4),))
def nested_triangular_down(x):
    """A triangle run downwards inside and outside, the outer value used after the inner loop."""
    n = len(x)
    s = 1.0
    for i in range(n - 1, -1, -1):
        q = s * x[i]
        for j in range(n - 1, i, -1):
            q = math.sin(q) * x[j]
        s = s + q * s
    return s


@program(lambda r: (vec(r, 5), ints(r, 4, 5)))
def trip_counts_from_an_array(x, k):
    """The inner trip count is loaded from an int array; some are zero."""
    s = 1.0
    for i in range(len(x)):
        p = x[i]
        for _ in range(k[i]):
            p = math.sin(p) * x[i] + s
        s = math.cos(s) * p
    return s


@program(lambda r: (vec(r, 6), 4))
def bounds_change_in_the_body(x, n):
    """The bound's variable is reassigned inside the loop: the trip count was fixed at entry."""
    s = 1.0
    for i in range(n):
        s = s * x[i] + math.sin(s)
        n = n - 1
    return s * x[n]


@program(lambda r: (vec(r, 6), 2, 6))
def start_and_stop_change(x, a, b):
    """Start and stop are reassigned inside and read after the loop."""
    s = 1.0
    for i in range(a, b):
        s = s * x[i] + x[a]
        a = i // 2
        b = b - 1
    return s * x[a] * x[b]


@program(lambda r: (vec(r, 8),))
def loop_variable_reassigned(x):
    """The loop variable is changed in the body: this changes the subscript, not the iteration."""
    s = 1.0
    for i in range(4):
        s = s * x[i] + 1.0
        i = 2 * i + 1
        s = s * x[i]
    return s


@program(lambda r: (vec(r, 6),))
def loop_variable_after_the_loop(x):
    """The loop variable and a scalar set in the loop are read after it."""
    s = 1.0
    for i in range(1, len(x) - 1):
        t = x[i] * x[i - 1]
        s = s * math.sin(t)
    return s * x[i] * t + x[i + 1]


@program(lambda r: (vec(r, 6),))
def loop_variable_used_twice(x):
    """Two loops share the loop variable's name, and the second nests a third that reuses it."""
    s = 1.0
    for i in range(3):
        s = s * x[i]
    for i in range(3, 5):
        s = s + x[i] * x[i + 1]
        for i in range(2):
            s = s * math.cos(x[i])
    return s * x[i]


@program(lambda r: (num(r), num(r), 6))
def fibonacci_swap(a, b, n):
    """A carried pair rotates: `a, b = b, a + b` with a factor."""
    for _ in range(n):
        a, b = b, 0.5 * a * b + math.sin(a)
    return a * b


@program(lambda r: (vec(r, 6),))
def several_carried_scalars(x):
    """Running mean and variance (Welford): four scalars carried together, one of them an int."""
    n = 0
    mean = 0.0
    m2 = 0.0
    last = 0.0
    for v in x:
        n += 1
        d = v - mean
        mean += d / n
        m2 += d * (v - mean)
        last = d * last + m2
    return m2 / (n - 1) + mean * last


@program(lambda r: (vec(r, 5),))
def int_becomes_float(x):
    """`p = 1` and `s = 0` are ints before the loop and floats from its first iteration on."""
    p = 1
    s = 0
    for i in range(len(x)):
        p *= x[i]
        s += p * p
    return s * p


@program(lambda r: (vec(r, 6),))
def maximum_with_index(x):
    """A maximum with the index that attains it; both are used afterwards."""
    best = x[0]
    k = 0
    for i in range(1, len(x)):
        if x[i] > best:
            best = x[i]
            k = i
    return best * best + x[k] * x[k - 1] * (k + 1)


@program(lambda r: (vec(r, 6), vec(r, 6)))
def boolean_flag_carried(x, y):
    """A bool toggles from one iteration to the next and chooses the formula."""
    flag = False
    s = 1.0
    for i in range(len(x)):
        if flag:
            s = s * x[i]
        else:
            s = s + y[i] * s
        flag = not flag and x[i] > -1.0
    return s


@program(lambda r: (vec(r, 4), num(r)))
def variables_live_across_loops(x, y):
    """Scalars set before the first loop are last read after the third; one is overwritten in the second."""
    a = math.sin(y)
    b = a * y
    for i in range(len(x)):
        y = y * x[i]
    c = y * b
    for i in range(len(x)):
        b = b * x[i] + y
    for i in range(len(x)):
        c = c * b + a * x[i]
    return a * b * c


@program(lambda r: (vec(r, 5), pos(r, 5)))
def sum_and_product_of_branches(x, w):
    """A carried scalar is reassigned in one arm, accumulated in the other, and read in the condition's body."""
    s = 0.0
    p = 1.0
    for i in range(len(x)):
        if x[i] > 0.0:
            p = p * x[i]
            s = s + p
        elif i % 2 == 0:
            s += w[i] * p
        else:
            s = s * w[i]
    return s * p


@program(lambda r: (vec(r, 5), num(r)))
def last_value_carried(x, y):
    """The previous iteration's value is carried under another name (a delay line of two)."""
    before = 0.0
    now = y
    s = 0.0
    for i in range(len(x)):
        after = x[i] * now - 0.5 * before * before
        before = now
        now = after
        s += after * before
    return s


@program(lambda r: (num(r), vec(r, 3)))
def three_deep(x, c):
    """Three nested loops, the innermost triangular in both others."""
    s = x
    for i in range(3):
        for j in range(i + 1):
            t = s * c[j]
            for k in range(j, i + 1):
                t = math.sin(t + c[k]) * x
            s = s * 0.5 + t
    return s


@program(lambda r: (vec(r, 5), 0, 5), tags=("zero_trip",))
def zero_trip_inner(x, lo, hi):
    """An inner loop that never runs, and one that runs only in the first iterations."""
    s = 1.0
    for i in range(len(x)):
        for j in range(hi, lo):
            s = s * 100.0 * x[j]
        for j in range(i, 2):
            s = s * x[j] + x[i]
    return s * x[0]


@program(lambda r: (np.zeros(0), num(r)), argnums=(1,), tags=("zero_trip",))
def zero_trip_over_empty_array(x, y):
    """No element at all: loops over values, indices and pairs do not run."""
    s = y
    for v in x:
        s = s * v
    for i in range(len(x)):
        s = s * x[i]
    for i, v in enumerate(x):
        s += v * i
    return s * y


@program(lambda r: (vec(r, 4), 3))
def repeated_square_and_sum(x, n):
    """A loop whose body is a loop and nothing else, around one carried scalar."""
    s = 0.3
    for _ in range(n):
        for v in x:
            s = s * s * 0.5 + v
    return s


@program(lambda r: (vec(r, 6), vec(r, 6)))
def loop_over_a_slice(x, w):
    """The loop runs over the values of slices with a step and a negative bound."""
    s = 1.0
    for v in x[1:-1]:
        s = s * v + 0.5
    for v, u in zip(x[::2], w[3:]):
        s = s * u + v
    return s
