"""New arrays."""

from __future__ import annotations

import numpy as np

from sct.bodies.option import Option


def linspace(start, stop, num=50, endpoint: Option = True):
    y = np.empty(num)
    steps = max(num - 1, 1) if endpoint else num
    for k in range(num):
        y[k] = start + (stop - start) * (k / steps)
    if endpoint and num > 1:
        y[num - 1] = stop  # to the last bit
    return y


def logspace(start, stop, num=50, endpoint: Option = True, base=10.0):
    return base ** linspace(start, stop, num, endpoint)


def geomspace(start, stop, num=50, endpoint: Option = True):
    return start * (stop / start) ** linspace(0.0, 1.0, num, endpoint)


def eye(N, M=-1, k=0):
    y = np.zeros((N, N if M < 0 else M))
    for i in range(N):
        if 0 <= i + k < y.shape[1]:
            y[i, i + k] = 1.0
    return y


def identity(n):
    return eye(n)
