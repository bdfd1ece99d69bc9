"""Small nasty functions: loops, exits and names."""


import numba
import numpy as np

# helpers


def square_plus(v, offset=1.0, scale=2.0):
    return v * v * scale + offset


def both(v, w):
    if v > w:
        return v, w
    return w, v


def bump(arr, k):
    arr[k] += 1.0
    return arr[k]


def fill(arr, v):
    for k in range(len(arr)):
        arr[k] = v * k


@numba.njit
def jitted(v):
    return v * 3.0


# loops and exits


def plain_sum(x):
    s = 0.0
    for v in x:
        s += v
    return s


def early(a):
    if a > 0.5:
        return a
    if a < -0.5:
        return -a
    return a * a


def nested_early(a, b):
    if a > 0:
        if b > 0:
            return a + b
        a = a * 2
    else:
        if b > 0.3:
            a = b
        else:
            return b - a
    b = b + a
    return a * b


def both_may_leave(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            if x[i] > 1:
                break
            s += x[i]
        else:
            if x[i] < -1:
                continue
            s -= x[i]
        s *= 1.1
    return s


def all_exits(x, a):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.1:
            if x[i] > 2:
                return s
            if x[i] > 1:
                break
            if x[i] > 0.7:
                continue
            s += 1
        elif a > 0:
            if x[i] < -1:
                continue
            s += 2
        s += x[i]
    return s + 100


def nested_return(x, y):
    for i in range(len(x)):
        for j in range(len(y)):
            if x[i] * y[j] > 0.9:
                return i * 10 + j
        x[i] = -x[i]
    return -1


def nested_return_in_guard(x, y, a):
    s = 0.0
    for i in range(len(x)):
        if a > 0:
            for v in y:
                if v > x[i]:
                    return s
                s += v
        else:
            if x[i] > 0:
                break
            s -= 1
        s += 0.5
    return s * 2


def break_inner_continue_outer(x, y):
    s = 0.0
    for i in range(len(x)):
        found = False
        for j in range(len(y)):
            if y[j] > x[i]:
                found = True
                break
        if not found:
            continue
        s += x[i]
    return s


def index_after_loop(x):
    i = -1
    for i in range(len(x)):
        if x[i] > 0.5:
            break
    return i


def index_after_two(x):
    k = 0
    for i in range(len(x)):
        k += i
    for i in range(2):
        k -= i
    return k + i


def index_reassigned(x):
    s = 0.0
    for i in range(len(x)):
        s += i
        i = i * 2
        s += i
    return s


def same_index_nested(n):
    s = 0
    for i in range(n):
        for i in range(3):
            s += i
        s += i * 10
    return s


def zero_trips(a):
    s = a
    for i in range(0):
        s = s * i
    for j in range(3, 0):
        s = s + j
    return s


def range_once(n):
    s = 0
    for i in range(n):
        n = n - 1
        s += n * i
    return s


def steps(x):
    s = 0.0
    for i in range(len(x) - 1, -1, -2):
        if s > 1:
            break
        s += x[i] * (i + 1)
    return s


def steps_names(n):
    lo, hi, st = 2, 3 * n, 3
    s = 0
    for i in range(lo, hi, st):
        if i > 14:
            break
        lo = i
        st = 1
        s += lo
    return s + lo + st


def step_trees(n):
    s = 0
    for i in range(n + 1, 4 * n, n // 2 + 1):
        if i % 5 == 4:
            break
        s += i
    return s


def while_plain(a):
    n = 0
    while abs(a) > 0.01:
        a = a * 0.5
        n += 1
    return n


def while_and(x):
    i = 0
    while i < len(x) and x[i] < 0.5:
        i += 1
    return i


def while_break_continue(x):
    i = 0
    s = 0.0
    while i < len(x):
        i += 1
        if x[i - 1] < 0:
            continue
        s += x[i - 1]
        if s > 1.5:
            break
    return s + i


def while_true(a):
    while True:
        a = a * 0.7 + 0.1
        if a < 0.5:
            return a
        if a > 100:
            raise ValueError("too large")


def while_helper(a):
    n = 0
    while square_plus(a) > 1.5 and n < 20:
        a = a * 0.8
        n += 1
    return n


def while_ternary(a, n):
    k = 0
    while k < (n if a > 0 else 2):
        k += 1
    return k


def while_nested(n):
    s = 0
    while n > 0:
        m = n
        while m > 0:
            if (m + n) % 4 == 0:
                break
            m -= 1
            s += m
        n -= 1
    return s


def dead_code(a):
    for k in range(3):
        a += k
        continue
        a = 100.0
    return a
    a = 5.0


def deep(x):
    for i in range(len(x)):
        for j in range(i):
            for k in range(j):
                if x[k] > x[i]:
                    if x[j] > 0:
                        return x[k] + x[j]
                    break
                x[i] += 0.1
            if x[j] > 1:
                break
    return 0.0


def raising(a, b):
    if a > 0.9:
        raise ValueError("no")
    elif b > 0.5:
        s = a
    else:
        s = b
    assert s < 0.8, "bad"
    return s


def raise_in_loop(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 1.5:
            raise ValueError
        if x[i] < -1.0:
            break
        s += x[i]
    return s


def no_return(x, a):
    if a < 0:
        return
    for i in range(len(x)):
        if x[i] > 1:
            return
        x[i] = a


def maybe_unbound(x):
    for v in x:
        if v > 10:
            y = v
            break
        y = v * 2
    else_value = y
    return else_value


# names


def swap(a, b):
    for k in range(3):
        a, b = b, a + k
    return a - 2 * b


def ping_pong(x, n):
    y = np.zeros_like(x)
    for t in range(n):
        for i in range(len(x)):
            y[i] = x[i] * 0.5 + t
        x, y = y, x
    return x[0] + 3 * y[1]


def rotate(a, b, c):
    for k in range(4):
        a, b, c = c, a, b
    return a + 2 * b + 4 * c


def element_swap(x):
    for i in range(len(x) - 1):
        if x[i] > x[i + 1]:
            x[i], x[i + 1] = x[i + 1], x[i]
    return x[0]


def index_then_store(x):
    i = 0
    i, x[i] = 2, 7.0
    return i


def chained(x):
    a = b = x[0]
    b += 1
    i = x[1] = 2.0
    return a + b + i


def shadows(x):
    sum = 0.0
    len_ = len(x)
    np_ = 1
    max = -1e9
    for np in range(len_):  # noqa: F402
        sum += x[np]
        if x[np] > max:
            max = x[np]
    return sum * max + np_


def temporaries_taken(a, b):
    t = a * b + a / (b + 3)
    t_1 = t * t - t * a
    c = t if t_1 > t else t_1
    c_1 = c + t_1
    return c_1 + (a - b) * (a + b)


def parameter_reassigned(x, a):
    x = x * a
    a = a + 1
    x[0] = a
    return x[0] + x[1]
