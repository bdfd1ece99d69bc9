# size 3, seed 1, turn 6
import math

import numpy as np


def f(x, y, a, b):
    s = a
    a1 = np.zeros(len(x))
    a = a
    def g2(v3):
        return 0.5
    a = a
    t4 = g2(a)
    for v5 in x:
        a = a
        a = a
        for i6 in range(1):
            a = a
        t4 = a
    return s + x[0] * a + y[-1] + t4
