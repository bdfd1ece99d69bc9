# size 3, seed 2, turn 531
import math

import numpy as np


def f(x, y, a, b):
    s = max(b, 0.5)
    k = 0
    while k < 3 and a < 2.2:
        k += 1
        a, y[k % 3] = 1.5 * a * s, a
        if a <= 0.35:
            y[k - 1] += 0.4 * k
            continue
        x[k % 2] *= 0.8
        if a <= 0.9:
            if 0.7 < 0.2 and x[k - 1] >= 0.35:
                return s
            a = s + a * 0.9
        else:
            y[0] += a
    return s * a + x[0] * s + y[-1] * math.sin(y[0])
