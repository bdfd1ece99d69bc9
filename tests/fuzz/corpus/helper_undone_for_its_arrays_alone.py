# size 4, seed 2, turn 351
import math

import numpy as np


def h0(a, b, c=0.7):
    r = 0.5 * (-0.4) * 1.1
    for j in range(1, len(a)):
        a[j] += 0.3 * b[1] * b[(j + 2) % len(b)]
    r *= 0.8
    return a


def h1(a, b, c):
    if c <= 0:
        return max(np.random.uniform(-1.0, 1.0), b)
    r = 0.6 * (a[(c + c) % len(a)]) + 0.4 * (a[(c * 3 + 2) % len(a)])
    for j in range(1, len(a)):
        a[j] = math.sin(a[j]) * b
    r = 0.5 * (a[(c + 0) % len(a)] + h1(a[::-1], b, c - 1))
    t1 = (0.6 * 0.5 - 0.4 * b if 0.1 * c < 0.8 and np.random.normal() < 0.2 else b)
    d2 = 0.6 * (0.5 * 0.5 * (a[(c + c) % len(a)])) + 0.4 * (np.random.uniform(-1.0, 1.0)) / (1.5 + math.cos(a[(0 - c) % len(a)]))
    a[c - 1] = -0.4
    if d2 > b:
        b = d2
    return 0.6 * (a[(c * 2 + 0) % len(a)]) + 0.4 * b


def f(x, y, a, b):
    np.random.seed(3)
    s = b
    c3 = np.zeros(len(y), np.bool_)
    a4 = np.concatenate((x, x[:1]))
    a5 = np.zeros(len(y))
    a += 0.3 * np.sum(a5 * y)
    d6 = (y[-1] if s < 0.8 else 0.5)
    a7 = np.zeros(len(a4))
    a8 = np.array([a5[0], a, y[0]])
    if d6 < s:
        s = d6 * 0.7
        a5[-1] += 0.5 * h1(a5, 0.6 * a7[2] - 0.4 * np.random.normal(), 2)
        a = d6
    s += 0.4 * a
    h1(a4, d6, 2)
    a9 = np.empty(len(a8))
    for i10 in range(len(a8)):
        a9[i10] = math.atan(-0.4)
    return s + x[0] * (0.6 * s + 0.4 * 0.5) + y[-1] + s
