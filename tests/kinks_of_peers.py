"""What JAX and PyTorch answer at the points of docs/kinks.md. By hand, where both are installed:

    python tests/kinks_of_peers.py        writes the columns of the page anew, and prints what the page has no line for

A line has points: the arguments, the expression in JAX, and in PyTorch if it is another one. Partials by x, y; by elements in brackets.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "kinks.md"
INF, NAN = math.inf, math.nan
NOT_THERE = "no such function"
V = "np.array([x, y])", "torch.stack([x, y])"


def of_array(call: str, torch: str | None = None) -> tuple[str, str]:
    return call.format(V[0]), (torch or call.replace("np.", "torch.")).format(V[1])


POINTS = {
    "`max(x, y)`, `np.maximum(x, y)`": [((1.0, 1.0), "np.maximum(x, y)")],
    "`min(x, y)`, `np.minimum(x, y)`": [((1.0, 1.0), "np.minimum(x, y)")],
    "`np.max(x)`, `np.min(x)`, `np.ptp(x)`": [((1.0, 1.0), *of_array("np.max({})"))],
    "`np.max(x)`, `np.min(x)`": [((NAN, NAN), *of_array("np.max({})"))],
    "`np.clip(x, a, b)`": [((1.0, 1.0), "np.clip(x, y, 2.0)", "torch.clip(x, y, torch.tensor(2.0))")],
    "relu as `max(0.0, x)`": [((0.0,), "np.maximum(0.0, x)", "torch.maximum(torch.tensor(0.0).double(), x)")],
    "relu as `max(x, 0.0)`": [((0.0,), "np.maximum(x, 0.0)", "torch.maximum(x, torch.tensor(0.0).double())")],
    "relu as `x if x > 0.0 else 0.0`": [((0.0,), "np.where(x > 0.0, x, 0.0)"), ((0.0,), "jax.nn.relu(x)", "torch.relu(x)")],
    "`abs(x)`, `math.fabs(x)`, `np.abs(x)`": [((0.0,), "np.abs(x)"), ((-0.0,), "np.abs(x)")],
    "`math.sqrt(x)`, `x ** 0.5`": [((0.0,), "np.sqrt(x)")],
    "`np.cbrt(x)`": [((0.0,), "np.cbrt(x)", "x ** (1 / 3)")],
    "`math.asin(x)`, `math.acos(x)`": [((1.0,), "np.arcsin(x)"), ((1.0,), "np.arccos(x)")],
    "`math.atanh(x)`": [((1.0,), "np.arctanh(x)"), ((-1.0,), "np.arctanh(x)")],
    "`math.acosh(x)`": [((1.0,), "np.arccosh(x)")],
    "`math.log(x)`": [((0.0,), "np.log(x)")],
    "`x ** y` in x, y = 0": [((0.0,), "x ** 0.0"), ((2.0,), "x ** 0.0")],
    "`x ** y` in x, y = 1": [((0.0,), "x ** 1.0")],
    "`x ** y` in x, 0 < y < 1 or y < 0": [((0.0,), "x ** 0.5"), ((0.0,), "x ** -1.0")],
    "`x ** y` in y": [((2.0,), "0.0 ** x"), ((2.0,), "(-2.0) ** x"), ((0.0,), "0.0 ** x")],
    "`math.hypot(x, y)`, `math.sqrt(x * x + y * y)`": [((0.0, 0.0), "np.hypot(x, y)"), ((0.0, 0.0), "np.sqrt(x * x + y * y)")],
    "`np.linalg.norm(x)`, `np.std(x)`, `math.dist(x, y)`": [
        ((0.0, 0.0), *of_array("np.linalg.norm({})")),
        ((1.0, 1.0), *of_array("np.std({})", "torch.std({}, correction=0)")),
    ],
    "`np.linalg.norm(x, 1)`": [((0.0, 0.0), *of_array("np.linalg.norm({}, 1)"))],
    "`np.linalg.norm(x, np.inf)`": [((0.0, 0.0), *of_array("np.linalg.norm({}, np.inf)")), ((1.0, 1.0), *of_array("np.linalg.norm({}, np.inf)"))],
    "`np.linalg.norm(x, 3)`": [((0.0, 0.0), *of_array("np.linalg.norm({}, 3)"))],
    "`np.prod(x)`": [
        ((0.0, 2.0), *of_array("np.prod({})")),
        ((0.0, 0.0), *of_array("np.prod({})")),
    ],
    "`np.cumprod(x)`": [((0.0, 2.0), *of_array("np.sum(np.cumprod({}))", "torch.sum(torch.cumprod({}, 0))"))],
    "`np.sort(x)`": [((1.0, 1.0), *of_array("np.sort({})[1]", "torch.sort({}).values[1]"))],
    "`np.median(x)`": [
        ((1.0, 2.0), *of_array("np.median({})")),
        ((1.0, 1.0), "np.median(np.array([x, y, 1.0]))", "torch.median(torch.stack([x, y, torch.tensor(1.0).double()]))"),
    ],
    "`math.atan2(y, x)`": [((0.0, 0.0), "np.arctan2(y, x)")],
    "`x / y`": [((0.0, 0.0), "x / y")],
    "`x % y`, `np.fmod(x, y)`": [((6.0, 2.0), "x % y"), ((4.0, 2.0), "np.fmod(x, y)")],
    "`math.copysign(x, y)`": [((0.0, -1.0), "np.copysign(x, y)"), ((-2.0, 0.0), "np.copysign(x, y)")],
    "`math.floor`, `ceil`, `round`, `np.round`, `int(x)`, `x.astype(np.int64)`, `np.sign`, `x // y`": [
        ((2.0,), "np.floor(x)"), ((2.0,), "np.round(x)"), ((0.0,), "np.sign(x)"), ((6.0, 2.0), "x // y"),
    ],
    "`np.where(c, a, b)`": [((-1.0,), "np.where(x > 0.0, np.log(x), 2.0 * x)"), ((0.0,), "np.where(x > 0.0, np.sqrt(x), 0.0)")],
    "`max(x, y)` and `min(x, y)`": [((NAN, 1.0), "np.maximum(x, y)"), ((1.0, NAN), "np.maximum(x, y)")],
    "`np.fmax(x, y)`, `np.fmin(x, y)`": [((1.0, 1.0), "np.fmax(x, y)"), ((NAN, 1.0), "np.fmax(x, y)"), ((NAN, NAN), "np.fmax(x, y)")],
    "`np.sinc(x)`": [((0.0,), "np.sinc(x)")],
    "`np.logaddexp(x, y)`": [((-INF, -INF), "np.logaddexp(x, y)"), ((INF, INF), "np.logaddexp(x, y)")],
    "`np.heaviside(x, y)`": [((0.0, 0.5), "np.heaviside(x, y)")],
    "`special.xlogy(x, y)`": [((0.0, 0.0), "jax.scipy.special.xlogy(x, y)", "torch.special.xlogy(x, y)"), ((0.0, 2.0), "jax.scipy.special.xlogy(x, y)", "torch.special.xlogy(x, y)")],
    "`special.logit(x)`, `special.ndtri(x)`, `special.erfinv(x)`": [((0.0,), "jax.scipy.special.logit(x)", "torch.special.logit(x)"), ((1.0,), "jax.scipy.special.logit(x)", "torch.special.logit(x)"), ((0.0,), "jax.scipy.special.ndtri(x)", "torch.special.ndtri(x)"), ((1.0,), "jax.scipy.special.erfinv(x)", "torch.erfinv(x)")],
    "`special.entr(x)`": [((0.0,), "jax.scipy.special.entr(x)", "torch.special.entr(x)")],
    "`special.i0e(x)`, `special.i1e(x)`": [((0.0,), "jax.scipy.special.i0e(x)", "torch.special.i0e(x)"), ((0.0,), "jax.scipy.special.i1e(x)", "torch.special.i1e(x)")],
    "`special.gammainc(k, x)`": [((0.0,), f"jax.scipy.special.gammainc({k}, x)", f"torch.special.gammainc(torch.tensor({k}).double(), x)") for k in (0.5, 1.0, 2.0)],
    "`np.nan_to_num(x)`": [((NAN,), "np.nan_to_num(x)"), ((INF,), "np.nan_to_num(x)")],
    "`np.modf(x)`, `math.frexp(x)`": [((2.0,), "np.modf(x)[0]", NOT_THERE), ((2.0,), "np.frexp(x)[0]", "torch.frexp(x)[0]")],
    "`np.interp(x, xp, fp)`": [((1.0,), "np.interp(x, np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 7.0]))", NOT_THERE)],
}  # fmt: skip


def by_jax(expression: str, args: tuple[float, ...]) -> list[float]:
    import jax

    jax.config.update("jax_enable_x64", True)
    f = eval(f"lambda {', '.join('xy'[: len(args)])}: {expression}", {"np": jax.numpy, "jax": jax})
    return [float(g) for g in jax.grad(f, tuple(range(len(args))))(*args)]


def by_torch(expression: str, args: tuple[float, ...]) -> list[float]:
    import torch

    names = "xy"[: len(args)]
    given = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in args]
    eval(f"lambda {', '.join(names)}: {expression}", {"torch": torch})(*given).backward()
    return [0.0 if x.grad is None else float(x.grad) for x in given]


def answers(measure, points, which: int) -> str:
    """The partials at each point; those of several points apart, once where they are the same."""
    found = []
    for args, *expressions in points:
        text = expressions[min(which, len(expressions) - 1)]
        text = text.replace("np.", "torch.") if which else text
        try:
            found.append(", ".join(f"{p:.4g}".replace("-0", "0") if p == 0 else f"{p:.4g}" for p in measure(text, args)))
        except (NotImplementedError, RuntimeError, SyntaxError, TypeError) as problem:
            missing = text == NOT_THERE or "not implemented" in str(problem)
            found.append("none" if missing else f"{type(problem).__name__}: {problem}")
    return found[0] if len(set(found)) == 1 else "; ".join(found)


def main() -> None:
    text = PAGE.read_text()
    for cell, points in POINTS.items():
        columns = [answers(by_jax, points, 0), answers(by_torch, points, 1)]
        line = next((each for each in text.splitlines() if each.startswith(f"| {cell} |")), None)
        if line is None:
            print(f"{cell} | {' | '.join(columns)}")
        else:
            parts = re.split(r" \| ", line[2:-2])
            text = text.replace(line, f"| {' | '.join([*parts[:3], *columns, parts[-1]])} |")
    PAGE.write_text(text)


if __name__ == "__main__":
    main()
