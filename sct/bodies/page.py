"""The functions written in the language, as a table of docs/rules.md: their signatures, and what they are as mathematics."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from sct import bodies

INACTIVE = frozenset(
    {
        "any",
        "all",
        "argmax",
        "argmin",
        "argsort",
        "nanargmax",
        "nanargmin",
        "digitize",
        "isclose",
        "allclose",
        "array_equal",
        "count_nonzero",
        "flatnonzero",
        "searchsorted",
        "logical_and.reduce",
        "logical_or.reduce",
    }
)
"""Those that give ints or bools, and so have no derivative."""

MATHEMATICS = {
    "sum": r"$\sum_i a_i$",
    "math.fsum": r"$\sum_i a_i$, a float",
    "mean": r"$\mu = \frac{1}{n} \sum_i a_i$",
    "prod": r"$\prod_i a_i$",
    "math.prod": r"$\prod_i a_i$",
    "var": r"$\frac{1}{n - \mathrm{ddof}} \sum_i (a_i - \mu)^2$",
    "std": r"$\sqrt{\frac{1}{n - \mathrm{ddof}} \sum_i (a_i - \mu)^2}$",
    "cumsum": r"$y_k = \sum_{i \le k} a_i$",
    "cumprod": r"$y_k = \prod_{i \le k} a_i$",
    "add.reduce": "`sum`",
    "multiply.reduce": "`prod`",
    "maximum.reduce": "`max`",
    "minimum.reduce": "`min`",
    "logical_and.reduce": "`all`",
    "logical_or.reduce": "`any`",
    "add.accumulate": "`cumsum`",
    "multiply.accumulate": "`cumprod`",
    "maximum.accumulate": r"$y_k = \max_{i \le k} a_i$",
    "minimum.accumulate": r"$y_k = \min_{i \le k} a_i$",
    "add.outer": r"$a_i + b_j$",
    "subtract.outer": r"$a_i - b_j$",
    "multiply.outer": r"$a_i b_j$",
    "divide.outer": r"$a_i / b_j$",
    "diff": r"$y_k = a_{k + 1} - a_k$, $n$ times",
    "linalg.norm": r"$(\sum_i \lvert x_i \rvert^p)^{1 / p}$, $\max_i \lvert x_i \rvert$, or of matrices their largest sums",
    "max": r"$a_j$ with $j$ the first of the largest",
    "amax": r"$a_j$ with $j$ the first of the largest",
    "min": r"$a_j$ with $j$ the first of the smallest",
    "amin": r"$a_j$ with $j$ the first of the smallest",
    "ptp": r"$\max_i a_i - \min_i a_i$",
    "median": r"$\frac{1}{2} (a_j + a_k)$, $j$ and $k$ in the middle of the order",
    "argmax": r"the first $j$ with $a_j = \max_i a_i$",
    "argmin": r"the first $j$ with $a_j = \min_i a_i$",
    "any": r"$\exists i: a_i \neq 0$",
    "all": r"$\forall i: a_i \neq 0$",
    "count_nonzero": r"$\lvert \{ i : a_i \neq 0 \} \rvert$",
    "flatnonzero": r"$\{ i : a_i \neq 0 \}$ in order",
    "sort": r"$y_k = a_{\pi(k)}$ with $y_1 \le y_2 \le \dots$",
    "argsort": r"$\pi$, the order of `sort`",
    "searchsorted": r"$\lvert \{ i : a_i < v \} \rvert$",
    "take_along_axis": r"$y_k = a_{i_k}$ along the axis",
    "trace": r"$\sum_i a_{ii}$",
    "math.dist": r"$\sqrt{\sum_i (p_i - q_i)^2}$",
    "outer": r"$y_{ij} = a_i b_j$",
    "vdot": r"$\sum_i a_i b_i$",
    "cross": r"$y = a \times b$",
    "kron": r"$y_{i n + j} = a_i b_j$",
    "linspace": r"$y_k = a + (b - a) \frac{k}{n - 1}$",
    "eye": r"$y_{ij} = 1$ where $j = i + k$, else $0$",
    "identity": r"$y_{ij} = 1$ where $j = i$, else $0$",
    "expand_dims": "a view with axes of length 1 more",
    "squeeze": "a view with axes of length 1 less",
    "flip": r"$y_k = a_{n - 1 - k}$ along each axis",
    "flipud": r"$y_{ij} = a_{n - 1 - i, j}$",
    "fliplr": r"$y_{ij} = a_{i, n - 1 - j}$",
    "rot90": r"$y_{ij} = a_{j, n - 1 - i}$",
    "append": r"$(a_1, \dots, a_m, v_1, \dots, v_n)$",
    "average": r"$\frac{\sum_i w_i a_i}{\sum_i w_i}$",
    "array_equal": r"$\forall i: a_i = b_i$",
    "isclose": r"$\lvert a_i - b_i \rvert \le \mathrm{atol} + \mathrm{rtol} \lvert b_i \rvert$",
    "allclose": r"$\forall i:$ as `isclose`",
    "math.isclose": r"$\lvert a - b \rvert \le \max(r \max(\lvert a \rvert, \lvert b \rvert), t)$",
    "atleast_1d": "a view with one axis where there is none",
    "atleast_2d": "a view with axes of length 1 before the others, two at least",
    "atleast_3d": "a view with axes of length 1 around the others, three at least",
    "array_split": "views of parts whose lengths differ by 1 at most",
    "split": "views of equal parts, or of those between places",
    "hsplit": "`split` along the second axis",
    "vsplit": "`split` along the first axis",
    "dsplit": "`split` along the third axis",
    "bincount": r"$y_k = \sum_{i: x_i = k} w_i$",
    "corrcoef": r"$\frac{c_{ij}}{\sqrt{c_{ii} c_{jj}}}$, $c$ of `cov`",
    "correlate": r"$y_k = \sum_i a_{i + k} v_i$",
    "diagflat": r"$y_{i, i + k} = v_i$, else $0$",
    "diagonal": r"a view, $y_i = a_{i, i + k}$",
    "fill_diagonal": r"$a_{ii} := v$",
    "divmod": r"$\lfloor x / y \rfloor$ and $x - y \lfloor x / y \rfloor$",
    "modf": r"$x - n$ and $n$, the integer next to $x$ towards $0$",
    "math.modf": r"$x - n$ and $n$, the integer next to $x$ towards $0$",
    "math.frexp": r"$x / 2^e$ and $e$ with $\frac{1}{2} \le \lvert x / 2^e \rvert < 1$",
    "heaviside": r"$0$ where $x < 0$, $1$ where $x > 0$, else $y$",
    "real": "the array itself",
    "ediff1d": r"$y_k = a_{k + 1} - a_k$ of all elements in a row",
    "geomspace": r"$y_k = a (b / a)^{k / (n - 1)}$",
    "logspace": r"$y_k = c^{a + (b - a) k / (n - 1)}$",
    "linalg.solve": r"$y = A^{-1} b$",
    "linalg.inv": r"$A^{-1}$",
    "linalg.det": r"$\det A$",
    "linalg.slogdet": r"$\operatorname{sign} \det A$ and $\ln \lvert \det A \rvert$",
    "linalg.cholesky": r"$L$ with $L L^T = A$",
    "linalg.eigh": r"$\lambda$ and $V$ with $A V = V \operatorname{diag} \lambda$",
    "linalg.eigvalsh": r"$\lambda$ of `eigh`",
    "linalg.svd": r"$U$, $\sigma$ and $V^T$ with $U \operatorname{diag}(\sigma) V^T = A$",
    "linalg.svdvals": r"$\sigma$ of `svd`",
    "linalg.qr": r"$Q$ and $R$ with $Q R = A$",
    "linalg.lstsq": r"$x$ with the smallest $\lVert A x - b \rVert$",
    "linalg.pinv": r"$A^+$",
    "linalg.cond": r"$\sigma_1 / \sigma_n$, or $\lVert A \rVert \lVert A^{-1} \rVert$",
    "linalg.matrix_rank": r"$\lvert \{ i : \sigma_i > t \} \rvert$",
    "linalg.matmul": r"$y_{ij} = \sum_k a_{ik} b_{kj}$",
    "linalg.multi_dot": r"$A B C \cdots$",
    "nansum": "`sum` without nans",
    "nanprod": "`prod` without nans",
    "nanmean": "`mean` without nans",
    "nanvar": "`var` without nans",
    "nanstd": "`std` without nans",
    "nanmax": "`max` without nans",
    "nanmin": "`min` without nans",
    "nanmedian": "`median` without nans",
    "nanargmax": "`argmax` without nans",
    "nanargmin": "`argmin` without nans",
    "nancumsum": "`cumsum` with $0$ for nans",
    "nancumprod": "`cumprod` with $1$ for nans",
    "pad": r"$y_{k + m} = a_k$, and around it what `mode` says",
    "percentile": r"`quantile` of $q / 100$",
    "polyval": r"$\sum_i p_i x^{n - 1 - i}$",
    "repeat": r"$y_k = a_{\lfloor k / n \rfloor}$",
    "roll": r"$y_k = a_{(k - s) \bmod n}$",
    "rollaxis": "a view with one axis moved",
    "row_stack": "`vstack`",
    "size": "the number of elements, or the length of an axis",
    "tile": r"$y_k = a_{k \bmod n}$",
    "trapezoid": r"$\sum_i \frac{1}{2} (y_i + y_{i + 1}) (x_{i + 1} - x_i)$",
    "tri": r"$y_{ij} = 1$ where $j \le i + k$, else $0$",
    "triu": r"$a_{ij}$ where $j \ge i + k$, else $0$",
    "tril_indices": r"the $i$ and $j$ with $j \le i + k$",
    "triu_indices": r"the $i$ and $j$ with $j \ge i + k$",
}
"""What has no docstring that says it."""


def table() -> list[str]:
    """Lines of Markdown, by name; methods of the same name are the same function."""
    rows = sorted(
        (spelled(function), function, body) for function, body in bodies.table().items()
    )
    lines = ["| function | arguments | value |", "|---|---|---|"]
    return lines + [f"| `{name}` | `{signature(body)}` | {mathematics(function, body)} |" for name, function, body in rows]


def spelled(function: Callable[..., Any]) -> str:
    """How a program names a function: np.var, np.linalg.norm, math.dist, sum, np.add.reduce."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"np.{owner.__name__}.{function.__name__}"
    module = function.__module__.replace("numpy", "np").removeprefix("builtins")
    return f"{module}.{function.__name__}".removeprefix(".")


def signature(body: Callable[..., Any]) -> str:
    parameters = [p.replace(annotation=p.empty) for p in inspect.signature(body).parameters.values()]
    return str(inspect.Signature(parameters))[1:-1]


def mathematics(function: Callable[..., Any], body: Callable[..., Any]) -> str:
    """One line: of the table, or the first of the docstring."""
    return MATHEMATICS.get(spelled(function).removeprefix("np.")) or (inspect.getdoc(body) or "").partition("\n")[0]
