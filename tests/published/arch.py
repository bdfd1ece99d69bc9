"""arch: the variance recursions that write into an output array."""

from __future__ import annotations

import numpy as np
from arch.covariance.kernel import _cov_jit
from arch.univariate import recursions_python as recursions

from tests.published.check import Catalogue

CASES = Catalogue()
N = 7
RESIDS = np.array([0.3, -0.8, 1.1, -0.2, 0.6, -1.3, 0.4])
BOUNDS = np.column_stack([np.full(N, 1e-3), np.full(N, 50.0)])
TIGHT = np.column_stack([np.full(N, 0.35), np.full(N, 0.9)])  # both sides of the bounds are met
BACKCAST = 0.7

CASES.add(recursions.bounds_check, 0.2, np.array([0.35, 0.9]))
CASES.add(recursions.bounds_check, 1.7, np.array([0.35, 0.9]))

for bounds in (BOUNDS, TIGHT):
    CASES.add(
        recursions.garch_recursion,
        np.array([0.1, 0.15, 0.05, 0.2, 0.5, 0.1]),
        np.abs(RESIDS) ** 2,
        np.sign(RESIDS),
        np.zeros(N),
        2,
        1,
        2,
        N,
        BACKCAST,
        bounds,
        fixed=(2,),
    )
    CASES.add(
        recursions.egarch_recursion,
        np.array([0.02, 0.15, 0.05, 0.8]),
        RESIDS,
        np.zeros(N),
        1,
        1,
        1,
        N,
        BACKCAST,
        bounds,
        np.zeros(N),
        np.zeros(N),
        np.zeros(N),
    )
    CASES.add(
        recursions.aparch_recursion,
        np.array([0.1, 0.15, 0.2, 0.6, 1.4]),
        RESIDS,
        np.abs(RESIDS),
        np.zeros(N),
        np.zeros(N),
        1,
        1,
        1,
        N,
        BACKCAST,
        bounds,
    )
    CASES.add(
        recursions.midas_recursion,
        np.array([0.1, 0.3, 0.2]),
        np.array([0.5, 0.3, 0.2]),
        RESIDS,
        np.zeros(N),
        N,
        BACKCAST,
        bounds,
    )
CASES.add(recursions.arch_recursion, np.array([0.2, 0.3, 0.1]), RESIDS, np.zeros(N), 2, N, BACKCAST, BOUNDS)
CASES.add(
    recursions.harch_recursion,
    np.array([0.1, 0.2, 0.1]),
    RESIDS,
    np.zeros(N),
    np.array([1, 3], np.int32),
    N,
    BACKCAST,
    BOUNDS,
)
CASES.add(recursions.harch_core, 4, np.array([0.1, 0.2, 0.1]), RESIDS, np.zeros(N), np.array([1, 3], np.int32), BACKCAST, BOUNDS)
CASES.add(
    recursions.garch_core,
    3,
    np.array([0.1, 0.15, 0.05, 0.6]),
    RESIDS,
    np.array([0.4, 0.6, 0.5, 0.0, 0.0, 0.0, 0.0]),
    BACKCAST,
    BOUNDS,
    1,
    1,
    1,
    1.7,
)
CASES.add(recursions.figarch_weights, np.array([0.2, 0.4, 0.3]), 1, 1, 6)
CASES.add(recursions.figarch_recursion, np.array([0.1, 0.2, 0.4, 0.3]), RESIDS**2, np.zeros(N), 1, 1, N, 5, BACKCAST, BOUNDS)
CASES.add(_cov_jit, 5, 2, 3, np.array([1.0, 0.6, 0.3]), np.array([[0.3, 1.0], [-0.5, 0.2], [0.8, -0.7], [0.1, 0.4], [-0.6, 0.9]]))
