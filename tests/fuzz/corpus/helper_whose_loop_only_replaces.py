# size 3, seed 2, turn 218
import math

import numpy as np


def h0(a, b):
    r = 0.6 * (np.random.uniform(-1.0, 1.0)) + 0.4 * b
    for j in range(1, len(a)):
        a[j] = 0.5 * a[j] * a[j - 1] + b
    w1 = 0
    while w1 < 4 and (b < 0.35):
        a2 = np.zeros(len(a))
        r = 0.3 * np.sum(a2 * a2)
        w1 += 1
    return r


def h1(a, b, c):
    r = b[0]
    for j in range(len(a) - 1, 0, -1):
        a[j] = 0.5 * a[j] * a[j - 1] + r
    b[::-1] -= np.sin(b[::-1])
    match (0) % 4:
        case 3:
            pass
        case k3:
            pass
    z = np.zeros(len(a))
    for j in range(len(a)):
        z[j] = a[j] * c + r
    return z


def h2(a, b, c):
    r = math.sin(b[-1])
    for j in range(len(a)):
        a[j] += 0.3 * a[1] * c
    b[-1] -= 0.4 * a[1]
    b[1] = min(abs(a[1]), 0.3)
    return abs(r), c


def f(x, y, a, b):
    np.random.seed(3)
    s = y[2]
    a4 = h1(y, y[::2], x[0])
    x[1], t5 = h2(y, x, a)
    y[1] += 0.5 * h0(y, 0.5 * x[0] * t5)
    u6 = a4[:]
    a7 = h1(a4, y[::2], y[0])
    w8 = 0
    while w8 < 4 and h0(y, 0.5) < 0.6:
        a9 = y[::-1] / (2.0 + a7 ** 2)
        w8 += 1
    assert -1e9 < b < 1e9, "bounded"
    a10 = np.zeros_like(a7)
    return s + x[1] * (b if -0.3 < np.random.uniform(-1.0, 1.0) <= 0.1 else a10[(w8 // 2) % len(y)]) + y[-1] + a7[(w8 + 2) % 3]
