# size 3, seed 3, turn 0
import math

import numpy as np


def f(x, n):
    s = 0.5 * x[n - 1] * x[2]
    x[n - 1] *= 0.8
    return s + x[1] * s + s
