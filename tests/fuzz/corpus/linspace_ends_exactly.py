# size 4, seed 2, turn 0
import math

import numpy as np


def f(x, y, a, b, m, k, n):
    np.random.seed(3)
    s = 0.5
    c1 = m[(n + 0) % 4, (n + 0) % 3] < 0.1
    if c1:
        t2 = 0.1 * n
    best3 = -1.0
    for i4 in range(len(x)):
        t5 = 0.5 * (0.1 * n) * (m[0, (n + 0) % m.shape[1]] if m[0, (n // 2) % 3] < 0.2 and x[0] < 0.2 else a)
        best3 = min(best3, t5)
    if c1:
        x[(n * 2 + 0) % 4] = 0.5 * x[0] * a
        x[k[n] % 4] += 0.4 * (y[(n + n) % 4]) / (1.5 + math.sin(best3))
        c6 = np.zeros(len(y), np.bool_)
    k7 = np.argmin(x[:])
    m[(int(3.0 * best3)) % 4, k[0] % 3] = 0.7 * m[(int(3.0 * best3)) % 4, k[0] % 3] + 0.3 * math.sin(math.exp(-abs(s)))
    y[n] = b
    a8 = np.linspace(b, 0.1 * n, 3)
    c9 = np.zeros(len(x), np.bool_)
    p10 = (m[k7 - 1, k[(n - n) % len(k)] % m.shape[1]], s)
    if p10[0] < 0.2:
        a11 = np.zeros(len(y), np.int64)
        s -= 0.4 * (0.5 * best3 * (m[k7, n - 1]))
    total12 = 0.0
    for i15 in range(m.shape[1] - 1, 0, -1):
        t16 = p10[0]
        t17 = m[k[(n * 3 + 0) % len(k)] % 4, (k7 - i15) % 3]
        t16 = 0.7 * t16 + 0.3 * math.sin(0.7)
        t16 = abs((-0.4))
        total12 += (-0.4) / (1.5 + math.cos(0.7))
    return total12 + s + x[0] * (s if a8[k7 - 1] < 0.2 else p10[0]) + y[-1] + best3
