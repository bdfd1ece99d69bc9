# size 3, seed 1, turn 0
import math

import numpy as np


def f(x, y, a, b, m):
    s = a
    x[1:] = np.where(m[0] > 0.2, m[0], a)
    c = m[1] + y[:-1] < m[0] * b
    if np.any(c):
        s = s * x[1]
    return s + x[1] * a + y[-1] + np.sum(np.where(c, m[2], b))
