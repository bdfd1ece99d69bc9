# size 3, seed 1, turn 6
import math

import numpy as np


def h0(a, b):
    r = b
    for j in range(len(a)):
        a[j] = math.sin(a[j]) * b
    b = b
    return


def h1(a, b):
    r = a
    a = a
    return 0.5


def f(x, y, a, b):
    s = h1(a, a)
    s += 0.4 * a
    return s + x[0] * a + y[-1] + a
