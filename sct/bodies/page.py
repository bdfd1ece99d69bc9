"""The functions written in the language, as a table of docs/rules.md: their signatures, and what they are as mathematics."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sct import bodies

INACTIVE = frozenset({"any", "all", "argmax", "argmin", "argsort", "count_nonzero", "flatnonzero", "searchsorted"})
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
}
"""What has no docstring that says it."""


def table() -> list[str]:
    """Lines of Markdown, by name; methods of the same name are the same function."""
    rows = sorted((spelled(function), function, body) for function, body in bodies.table().items())
    lines = ["| function | arguments | value |", "|---|---|---|"]
    return lines + [f"| `{name}` | `{signature(body)}` | {mathematics(function, body)} |" for name, function, body in rows]


def spelled(function: Callable[..., Any]) -> str:
    """How a program names a function: np.var, np.linalg.norm, math.dist, sum."""
    module = function.__module__.replace("numpy", "np").removeprefix("builtins")
    return f"{module}.{function.__name__}".removeprefix(".")


def signature(body: Callable[..., Any]) -> str:
    parameters = [p.replace(annotation=p.empty) for p in inspect.signature(body).parameters.values()]
    return str(inspect.Signature(parameters))[1:-1]


def mathematics(function: Callable[..., Any], body: Callable[..., Any]) -> str:
    """One line: of the table, or the first of the docstring."""
    return MATHEMATICS.get(spelled(function).removeprefix("np.")) or (inspect.getdoc(body) or "").partition("\n")[0]
