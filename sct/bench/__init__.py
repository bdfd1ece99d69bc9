"""What a gradient costs, in runs of the plain Numba primal: `python -m sct bench`.

`problems` holds the primals as plain loops or arrays, `with_arrays` the same mathematics for autograd, PyTorch and JAX, `by_hand`
adjoints by a person, `peers` the methods that are compared, `measure` the clock, `report` the figures and `table` their form on
paper. `gradbench` is a tool for the GradBench project.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # everything is measured on one thread; NumPy reads this when it is imported
