# size 3, seed 1, turn 0
import math

import numpy as np


def f(x, y, n):
    for i in range(1):
        for _ in range(2):
            x, y = y, 0.5 * x + 0.15 * y * x
    return x[1] * y[-1] + x[n - 1]
