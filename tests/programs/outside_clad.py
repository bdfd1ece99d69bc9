"""The ideas of clad's gradient tests: loops with exits, assignments, calls that write, ints that steer."""

import math

import numpy as np

from .registry import ints, num, pos, program, vec


@program(lambda r: (num(r),))
def clad_power_by_nest(x):
    """Nine multiplications of one scalar by nested loops, the index added now and then."""
    t = 1.0
    for i in range(3):
        for j in range(3):
            t *= x + i * j
    return t


@program(lambda r: (num(r),))
def clad_else_returns(x):
    """The other branch leaves the function: its iteration must not undo the product behind it."""
    s = 1.0
    for i in range(4):
        if i < 2:
            s += x
        else:
            return s
        s *= x
    return s


@program(lambda r: (num(r),))
def clad_both_branches_leave(x):
    """One branch continues and the other returns; nothing behind them ever runs."""
    s = 0.0
    for i in range(4):
        s += x * x
        if i < 2:
            s *= x
            continue
        else:
            return s * s
    return s


@program(lambda r: (num(r),))
def clad_inner_break_outer_return(x):
    """The break belongs to the inner loop, the return to the outer one."""
    s = 0.0
    for i in range(4):
        for j in range(3):
            if j == i + 1:
                break
            s += x * (j + 1)
        if i == 2:
            return s
        s *= s * x
    return s


@program(lambda r: (num(r), ints(r, 3, 5), 7))
def clad_values_return_continue(x, codes, stop):
    """A loop over ints that may return at one value and continues at another."""
    s = x
    for code in codes:
        if code == stop:
            return s
        if code == 0:
            continue
        s = s * x + code
    return s


@program(lambda r: (vec(r, 6), vec(r, 6)))
def clad_two_indices_meet(a, b):
    """A while loop with one index from either end, and another two that cross in the products."""
    i = 0
    j = len(a) - 1
    s = 0.0
    while i < j:
        s += a[i] * b[j] * s + a[j] * a[i]
        a[i], b[j] = b[i] + s, a[j]
        i += 1
        j -= 1
    return s + a[2] * b[5]


@program(lambda r: (num(r), 4))
def clad_body_first(x, n):
    """A loop that tests at its end, so that it runs once also for zero."""
    s = 1.0
    while True:
        s = s * x + math.sin(s)
        n -= 1
        if n <= 0:
            break
    return s


@program(lambda r: (vec(r, 3), vec(r, 3), 1.0 + num(r)))
def clad_gaussian_likelihood(x, mean, sigma):
    """A log density through the density, with a name used for the exponent twice."""
    power = 0.0
    for i in range(len(x)):
        power += _square(x[i] - mean[i])
    power = -power / (2.0 * _square(sigma))
    density = 1.0 / math.sqrt((2.0 * math.pi) ** len(x) * sigma) * math.exp(power)
    return math.log(density)


def _square(x):
    return x * x


@program(lambda r: (0.1, num(r)))
def clad_float_counter(step, y):
    """The loop counts in floats: the number of trips is inactive, the counter itself is not."""
    t = 0.0
    s = y
    while t < 0.45:
        s += s * t * y
        t += step
    return s * t


@program(lambda r: (num(r), num(r)))
def clad_assigned_to_itself(x, y):
    """Names assigned to themselves and to each other until both are the same, then changed apart."""
    t = x
    x = x  # noqa: PLW0127
    y = x * y
    x = y
    y = t
    x, y = x * y, x
    t = t
    return x * y + t


@program(lambda r: (vec(r, 4), num(r)))
def clad_chained_targets(a, x):
    """One value for several targets, of which one is an element whose subscript another has just become."""
    i = a[1] = 2
    b = c = a[i] = x * a[i]
    c *= b
    a[0] = a[i - 1] = a[3] * c
    return a[0] * a[1] * a[2] + b


@program(lambda r: (vec(r, 3), num(r)))
def clad_order_of_operands(a, x):
    """A helper writes to the element that its neighbours in the expression read: from left to right."""
    return a[0] * x + _bump(a, 0, x) * a[0] + _bump(a, 0, a[0]) + a[0]


def _bump(a, i, by):
    a[i] = a[i] * by + 1.0
    return a[i] * by


@program(lambda r: (np.array([3.0, 2.0, 1.5]), 0.4 + 0.1 * num(r)))
def clad_condition_with_a_side_effect(a, factor):
    """The condition of the loop drains the array that the body reads."""
    s = 1.0
    while _drain(a, factor) > 0.6:
        s += a[0] * a[2] * s
    return s * a[1]


def _drain(a, factor):
    total = 0.0
    for i in range(len(a)):
        a[i] *= factor
        total += a[i]
    return total


@program(lambda r: (num(r), num(r)))
def clad_nested_calls_of_one(x, y):
    """A helper of its own results, with its arguments in both orders, and with the same one twice."""
    return _lopsided(_lopsided(x, y), _lopsided(y, x)) + _lopsided(x, x)


def _lopsided(a, b, weight=0.5):
    if a > b:
        return a * a * b
    return a - weight * b * b


@program(lambda r: (num(r), num(r)))
def clad_pair_through_a_loop(x, y):
    """A record of two numbers goes through a helper in each iteration and is read in between."""
    state = (x, 2.0 * x)
    t = 0.0
    for _ in range(3):
        state = _tripled(state[0], state[1], y)
        t += state[0] * state[0] + state[1]
    return t


def _tripled(a, b, y):
    return 3.0 * a * y, math.sin(b) + a


@program(lambda r: (num(r), num(r), 1))
def clad_falling_through(x, y, start):
    """A switch whose cases fall into the next, one of which stops it, written as ifs."""
    s = 0.0
    case = start
    if case == 0:
        s += x
        case = 1
    if case == 1:
        s += x * y
        case = 2
    if case == 2:
        s *= s + y
        if s > 100.0:
            return s
        case = 3
    if case == 3:
        s = s * x
    elif case == 4:
        s = 0.0
    return s


@program(lambda r: (num(r), 6))
def clad_bits(x, n):
    """Ints changed by bit operators choose weights and subscripts of what is active."""
    table = np.zeros(4)
    code = n
    for i in range(5):
        code ^= i + 1
        code <<= 1
        code |= i & 1
        table[code & 3] += x * (code % 7)
        table[(code >> 1) & 3] *= x + 0.1 * (i | 2)
        code %= 61
    return table[0] + table[1] * table[3] + table[2] + table[code & 3] ** 2


@program(lambda r: (3.0 * num(r), num(r)))
def clad_through_an_int(x, y):
    """A value is cut to an int on the way: that way carries no derivative, the others do."""
    whole = int(x * y)
    part = x * y - whole
    return 2.0 * part * y + float(whole) * x + part**whole


@program(lambda r: (num(r), num(r)))
def clad_linear_then_not(x, y):
    """Sums and scalings need no old values until a square asks for one that has been overwritten."""
    a = x
    for _ in range(3):
        a = a + 2.0 * y
        x = x - a
        y *= 0.5
    b = a
    a = 3.0
    x *= b
    y = y + x * a
    a = y * y
    return a * b + x


@program(lambda r: (num(r), num(r)))
def clad_local_matrix_in_a_loop(x, y):
    """A small matrix on the stack, made anew in each iteration and squared by hand."""
    s = 1.0
    for i in range(3):
        m = np.empty((2, 2))
        m[0][0] = x
        m[0][1] = y * s
        m[1][0] = i
        m[1][1] = x * y
        s = m[0][0] * m[0][1] + m[1][0] * m[1][1] + s
    return s


@program(lambda r: (num(r), num(r), num(r)))
def clad_many_returns(x, y, z):
    """A tree of ifs with a return in most of its leaves, and work on the way to them."""
    if x > 2.0:
        return x
    t = x * y
    if t > 0.5:
        t *= z
        if z > 1.0:
            t += x
            if y < 0.7:
                return t * t
        elif y > 1.2:
            return t * x + y
        t -= y
    else:
        return t * t * t
    return t * z


@program(lambda r: (vec(r, 6), 2))
def clad_index_moved_by_the_body(a, skip):
    """The body moves the index further than the loop does."""
    i = 0
    s = 1.0
    while i < len(a):
        if a[i] < 0.0:
            i += skip
            s *= 1.5
            continue
        s += a[i] * s
        a[i] = s
        i += 1
    return s * a[0] + a[3]


@program(lambda r: (num(r), num(r)))
def clad_ternaries_of_assignments(x, y):
    """Conditional expressions inside each other, on values that the same line uses."""
    a = (x * x if x > y else y * y) if x * y > 0.6 else x - y
    b = a * (x if a > 1.0 else y) + (a if y > 0.9 and x > 0.2 else x * x)
    return b * b if not b > 9.0 else b / a


@program(lambda r: (vec(r, 4),))
def clad_rosenbrock(x):
    """The banana function over neighbours."""
    s = 0.0
    for i in range(len(x) - 1):
        s += (x[i] - 1.0) * (x[i] - 1.0) + 100.0 * (x[i + 1] - x[i] * x[i]) ** 2
    return s


@program(lambda r: (np.array([0.1, 0.2, -3.0]) + 0.1 * vec(r, 3), pos(r, 2), np.array([[0.0, 0.0, 1.0], [0.3, 0.2, 2.5]])))
def clad_ray_tracer(eye, radii, centers):
    """A ray meets spheres: the nearest hit by a helper with early returns, then the cosine at the surface."""
    nearest = 1e20
    hit = -1
    d = np.zeros(3)
    d[0] = 0.05
    d[1] = 0.1
    d[2] = math.sqrt(1.0 - d[0] * d[0] - d[1] * d[1])
    for k in range(len(radii)):
        t = _meeting(eye, d, centers[k], radii[k])
        if 0.0 < t < nearest:
            nearest = t
            hit = k
    if hit < 0:
        return 0.0
    shade = 0.0
    for i in range(3):
        shade -= d[i] * (eye[i] + nearest * d[i] - centers[hit, i]) / radii[hit]
    return shade * nearest


def _meeting(eye, d, center, radius):
    b = 0.0
    c = -radius * radius
    for i in range(3):
        o = center[i] - eye[i]
        b += o * d[i]
        c += o * o
    det = b * b - c
    if det < 0.0:
        return 0.0
    det = math.sqrt(det)
    if b - det > 1e-4:
        return b - det
    return b + det


@program(lambda r: (vec(r, 6), num(r)))
def clad_pointer_set_anew(a, x):
    """A pointer is set into the array anew in each iteration and stored through."""
    s = x
    for k in range(4):
        q = a[k + 1 :]
        q[0] = q[0] * s + x
        s += q[0] * a[0] + q[len(q) - 1]
    return s * a[4]
