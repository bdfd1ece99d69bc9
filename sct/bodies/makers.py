"""New arrays."""

from __future__ import annotations

import numpy as np


def linspace(start, stop, num=50):
    y = np.empty(num)
    for k in range(num):
        y[k] = start + (stop - start) * (k / max(num - 1, 1))
    return y


def eye(N, M=-1, k=0):
    y = np.zeros((N, N if M < 0 else M))
    for i in range(N):
        if 0 <= i + k < y.shape[1]:
            y[i, i + k] = 1.0
    return y


def identity(n):
    return eye(n)
