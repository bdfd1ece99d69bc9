"""The programs: none changes its arguments, so that each can be repeated."""

from sct.bench.problems.arrays import ARRAYS
from sct.bench.problems.gradbench import GRADBENCH
from sct.bench.problems.matrices import MATRICES
from sct.bench.problems.slices import SLICES
from sct.bench.problems.stencils import STENCILS
from sct.bench.problems.sums import SUMS

SUITES = {"gradbench": GRADBENCH, "loops": (*SUMS, *MATRICES, *STENCILS), "arrays": (*ARRAYS, *SLICES)}
CASES = tuple(case for suite in SUITES.values() for case in suite)
