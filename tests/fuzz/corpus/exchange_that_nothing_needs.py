# size 3, seed 1, turn 1
import math

import numpy as np


def f(x, y, a, b):
    s = a
    w1 = 0
    while w1 < 1:
        a = a
        x[0], x[0] = x[0], x[0]
        x, y = y, x
        w1 += 1
    return s + x[0] * a + y[-1] + a
