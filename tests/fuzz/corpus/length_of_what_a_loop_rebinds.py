# size 3, seed 1, turn 0
import numpy as np


def f(x, y, a, b, m):
    for i in range(2):
        for j in range(2):
            u = np.ones(len(x))
            u[j] = a * x[1]
            u, x = x, u
        x[1] = x[0] * x[2] + u[i]
    w = 0
    while w < 2:
        n = y.shape[0]
        y = np.full(n, b * y[w])
        w += 1
    x[0] = a
    y[1] += b
    return x[0] * x[1] + y[0] * y[1]
