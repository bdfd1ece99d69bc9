"""Elementary functions of float64 without branches and calls, so that LLVM turns loops around them into vector instructions.

The pass `sct.backends.vectors` puts them where generated code calls the functions of `math`, NumPy or SciPy of the same name in
loops (`sct.emit.recurrences` says where). They differ from the exact value by less than 2 ulp, denormal numbers included,
and give inf, nan and signed zeros where NumPy does. There is no `pow`: where the exponent is a small integer Numba multiplies.

The polynomials agree with their functions at Chebyshev nodes; `tests/coefficients.py` derives them. Products and sums may be
fused; but no function here may be compiled with `reassoc`, which would undo the reductions of the argument. LLVM keeps the flags
of each instruction, so they hold also inside a caller that has others.
"""

from __future__ import annotations

FAMILIES = {
    "exp": "exponential",
    "expm1": "exponential",
    "expit": "exponential",
    "log": "logarithm",
    "log1p": "logarithm",
    "sin": "trigonometric",
    "cos": "trigonometric",
    "tanh": "hyperbolic",
    "erf": "error",
}
"""The functions that there are, and the module of each, which compiles nothing before it is called."""
