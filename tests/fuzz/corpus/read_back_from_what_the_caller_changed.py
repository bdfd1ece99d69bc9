# size 3, seed 4, turn 226
import math

import numpy as np


def h0(a, b):
    r = max(b, b)
    if 1.1 < 0.2:
        t1 = 0.6 * a + 0.4 * 1.1
    else:
        pass
    return (0.7 if -0.3 < 0.3 <= 0.35 else 0.5)


def h1(a, b, c):
    r = 0.5 * 0.7 * (a[(c + c) % len(a)])
    for j in range(1, len(a)):
        a[j] = math.sin(a[j]) * r
    h0(0.6 * r + 0.4 * 0.3, math.log(1.5 + math.sin(a[(c + 1) % len(a)])))
    b[c - 1] = a[(c * 2 + 0) % len(a)] = r
    if r >= -0.4 and r < 0.2:
        t2 = 0.6 * (0.1 * c) / (1.5 + math.sin(-0.4)) - 0.4 * r
    else:
        pass
    return r ** 2 * 0.3


def f(x, y, a, b, k, n):
    np.random.seed(3)
    s = 0.6 * b + 0.4 * 0.5
    x -= 0.5 * x[:] * x[::-1]
    if n > 1:
        if n % 2 == 1:
            y[n - 1] = 0.5 * (s + h1(x, y, 0))
            y[n - 1] /= 1.2 + math.sin(min(x[(int(3.0 * b)) % len(x)], s))
        else:
            y[n - 1] = h0(0.5 * a * s, x[n - 1])
            if 0.1 * n < -0.1:
                a = x[(n // 2) % 3] = (0.3 if 0.3 <= y[(n + 1) % 3] else 0.3)
                if s >= -0.2:
                    y[(n + 3) % len(y)] += 0.4 * (0.5 * np.random.random() * s)
                    a -= 0.4 * (-0.4)
                    b = h0(math.cos(np.random.random()), 0.6 * (y[(1 - n) % len(y)]) - 0.4 * np.random.random())
                k[n - 1] = (k[n - 1] + n + 2) % 3
        x[0] = 0.3 * h1(y, x, 1)
        h0(s, 0.7)
    return s + x[0] * (s / (1.5 + math.cos(x[n - 1]))) + y[-1] + a
