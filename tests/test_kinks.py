"""The policy of docs/kinks.md, line by line: the derivative at points where there is none, compiled and as plain Python."""

import math
import re
from pathlib import Path
from types import FunctionType

import numba
import numpy as np
import pytest
from numba import typeof

import sct
import sct.special
from sct import pipeline
from sct.backends import cache
from sct.backends.python import load_python

INF, NAN = math.inf, math.nan
FLAGS = eval(f"dict({cache.options(cached=False)})")
RAISES = ZeroDivisionError
"""What plain Python does where compiled code gives inf or nan."""

PAGE = Path(__file__).parent.parent / "docs" / "kinks.md"

# by the first cell of a line of the page: (expression, arguments, partials, what plain Python does if something else)
POINTS = {
    "`max(x, y)`, `np.maximum(x, y)`": [
        ("max(x, y)", (1.0, 1.0), (1, 0)),
        ("max(y, x)", (1.0, 1.0), (0, 1)),
        ("max(x, x)", (1.0,), (1,)),
        ("np.maximum(x, y)", (1.0, 1.0), (1, 0)),
        ("np.maximum(y, x)", (1.0, 1.0), (0, 1)),
        ("max(x, y)", (1.0, 2.0), (0, 1)),
    ],
    "`min(x, y)`, `np.minimum(x, y)`": [
        ("min(x, y)", (1.0, 1.0), (1, 0)),
        ("min(y, x)", (1.0, 1.0), (0, 1)),
        ("min(x, x)", (1.0,), (1,)),
        ("np.minimum(x, y)", (1.0, 1.0), (1, 0)),
        ("np.minimum(y, x)", (1.0, 1.0), (0, 1)),
        ("min(x, y)", (1.0, 2.0), (1, 0)),
    ],
    "`np.max(x)`, `np.min(x)`, `np.ptp(x)`": [
        ("np.max(np.array([x, y]))", (1.0, 1.0), (1, 0)),
        ("np.min(np.array([x, 2.0, y]))", (1.0, 1.0), (1, 0)),
        ("np.ptp(np.array([x, y]))", (1.0, 1.0), (0, 0)),
    ],
    "`np.max(x)`, `np.min(x)`": [
        ("np.max(np.array([2.0, x, y]))", (NAN, NAN), (1, 0)),
        ("np.min(np.array([2.0, y, x]))", (NAN, 1.0), (1, 0)),
    ],
    "`np.clip(x, a, b)`": [
        ("np.clip(x, y, 2.0)", (1.0, 1.0), (1, 0)),
        ("np.clip(x, 0.0, y)", (1.0, 1.0), (1, 0)),
    ],
    "relu as `max(0.0, x)`": [("max(0.0, x)", (0.0,), (0,)), ("np.maximum(0.0, x)", (0.0,), (0,))],
    "relu as `max(x, 0.0)`": [("max(x, 0.0)", (0.0,), (1,)), ("np.maximum(x, 0.0)", (0.0,), (1,))],
    "relu as `x if x > 0.0 else 0.0`": [
        ("x if x > 0.0 else 0.0", (0.0,), (0,)),
        ("x if x >= 0.0 else 0.0", (0.0,), (1,)),
    ],
    "`abs(x)`, `math.fabs(x)`, `np.abs(x)`": [
        ("abs(x)", (0.0,), (0,)),
        ("abs(x)", (-0.0,), (0,)),
        ("math.fabs(x)", (0.0,), (0,)),
        ("np.abs(x)", (0.0,), (0,)),
    ],
    "`math.sqrt(x)`, `x ** 0.5`": [
        ("math.sqrt(x)", (0.0,), (INF,), RAISES),
        ("np.sqrt(x)", (0.0,), (INF,)),
        ("x ** 0.5", (0.0,), (INF,), RAISES),
    ],
    "`np.cbrt(x)`": [("np.cbrt(x)", (0.0,), (INF,))],
    "`math.asin(x)`, `math.acos(x)`": [
        ("math.asin(x)", (1.0,), (INF,), RAISES),
        ("math.acos(x)", (1.0,), (-INF,), RAISES),
        ("np.arcsin(x)", (-1.0,), (INF,)),
        ("np.arccos(x)", (-1.0,), (-INF,)),
    ],
    "`math.atanh(x)`": [("math.atanh(x)", (1.0,), (INF,), RAISES), ("np.arctanh(x)", (-1.0,), (INF,), RAISES)],
    "`math.acosh(x)`": [("math.acosh(x)", (1.0,), (INF,), RAISES), ("np.arccosh(x)", (1.0,), (INF,))],
    "`math.log(x)`": [("math.log(x)", (0.0,), (INF,), RAISES)],
    "`x ** y` in x, y = 0": [
        ("x ** 0", (0.0,), (0,)),
        ("x ** 0.0", (0.0,), (0,)),
        ("x ** y", (0.0, 0.0), (0, 0)),
        ("x ** y", (-2.0, 0.0), (0, 0)),
        ("x ** n", (0.0, 0), (0,)),
        ("x ** n", (-2.0, 0), (0,)),
        ("math.pow(x, n)", (0.0, 0), (0,)),
    ],
    "`x ** y` in x, y = 1": [("x ** y", (0.0, 1.0), (1, 0)), ("x ** n", (0.0, 1), (1,)), ("x ** 1", (0.0,), (1,))],
    "`x ** y` in x, 0 < y < 1 or y < 0": [
        ("x ** y", (0.0, 0.5), (INF, 0), RAISES),
        ("x ** y", (0.0, -1.0), (-INF, 0), RAISES),
    ],
    "`x ** y` in y": [
        ("x ** y", (0.0, 2.0), (0, 0)),
        ("x ** y", (-2.0, 2.0), (-4, 0)),
        ("2.0 ** x", (0.0,), (math.log(2.0),)),
        ("0.0 ** x", (2.0,), (0,)),
    ],
    "`math.hypot(x, y)`, `math.sqrt(x * x + y * y)`": [
        ("math.hypot(x, y)", (0.0, 0.0), (NAN, NAN), RAISES),
        ("np.hypot(x, y)", (0.0, 0.0), (NAN, NAN)),
        ("math.sqrt(x * x + y * y)", (0.0, 0.0), (NAN, NAN), RAISES),
    ],
    "`np.linalg.norm(x)`, `np.std(x)`, `math.dist(x, y)`": [
        ("np.linalg.norm(np.array([x, y]))", (0.0, 0.0), (NAN, NAN)),
        ("np.std(np.array([x, y]))", (1.0, 1.0), (NAN, NAN)),
        ("math.dist(np.array([x, 2.0]), np.array([y, 2.0]))", (1.0, 1.0), (NAN, NAN)),
    ],
    "`np.linalg.norm(x, 1)`": [("np.linalg.norm(np.array([x, y]), 1)", (0.0, 0.0), (0, 0))],
    "`np.linalg.norm(x, np.inf)`": [
        ("np.linalg.norm(np.array([x, y]), np.inf)", (0.0, 0.0), (0, 0)),
        ("np.linalg.norm(np.array([x, y]), np.inf)", (1.0, 1.0), (1, 0)),
        ("np.linalg.norm(np.array([x, y]), np.inf)", (-1.0, 1.0), (-1, 0)),
    ],
    "`np.linalg.norm(x, 3)`": [("np.linalg.norm(np.array([x, y]), 3)", (0.0, 0.0), (NAN, NAN))],
    "`np.prod(x)`": [
        ("np.prod(np.array([x, y, 3.0]))", (0.0, 2.0), (6, 0)),
        ("np.prod(np.array([x, y, 3.0]))", (0.0, 0.0), (0, 0)),
        ("np.prod(np.array([[x, y], [3.0, 1.0]]), axis=0)[0]", (0.0, 2.0), (3, 0)),
        ("np.prod(np.array([x, 0.0]))", (2.0,), (0,)),
    ],
    "`np.cumprod(x)`": [
        ("np.sum(np.cumprod(np.array([x, y])))", (0.0, 2.0), (3, 0)),
        ("np.sum(np.cumprod(np.array([x, y, 5.0])))", (0.0, 0.0), (1, 0)),
        ("np.sum(np.cumprod(np.array([2.0, x, y])))", (0.0, 0.0), (2, 0)),
    ],
    "`np.sort(x)`": [
        ("np.sort(np.array([x, y]))[0]", (1.0, 1.0), (1, 0)),
        ("np.sort(np.array([2.0, x, y]))[1]", (1.0, 1.0), (0, 1)),
        ("np.sort(np.array([-0.0, x, y]))[0]", (0.0, 0.0), (0, 0)),
    ],
    "`np.median(x)`": [
        ("np.median(np.array([x, y]))", (1.0, 2.0), (0.5, 0.5)),
        ("np.median(np.array([x, y]))", (1.0, 1.0), (0.5, 0.5)),
        ("np.median(np.array([x, y, 1.0]))", (1.0, 1.0), (0, 1)),
        ("np.median(np.array([5.0, x, y, 0.0, 1.0]))", (1.0, 1.0), (0, 1)),
    ],
    "`math.atan2(y, x)`": [("math.atan2(y, x)", (0.0, 0.0), (NAN, NAN), RAISES)],
    "`x / y`": [("x / y", (0.0, 0.0), (INF, NAN), RAISES)],
    "`x % y`, `np.fmod(x, y)`": [
        ("x % y", (6.0, 2.0), (1, -3)),
        ("x % y", (-1.0, 2.0), (1, 1)),
        ("np.fmod(x, y)", (4.0, 2.0), (1, -2)),
        ("np.fmod(x, y)", (-5.0, 2.0), (1, 2)),
    ],
    "`math.copysign(x, y)`": [
        ("math.copysign(x, y)", (0.0, -1.0), (-1, 0)),
        ("math.copysign(x, y)", (-2.0, 0.0), (-1, 0)),
        ("math.copysign(x, y)", (-2.0, -0.0), (1, 0)),
        ("math.copysign(x, y)", (-0.0, 1.0), (-1, 0)),
    ],
    "`math.floor`, `ceil`, `round`, `np.round`, `int(x)`, `x.astype(np.int64)`, `np.sign`, `x // y`": [
        (f"{call} * x", (x,), (value,))
        for x, values in ((2.0, (2, 2, 2, 2, 1)), (2.5, (2, 3, 2, 2, 1)))
        for call, value in zip(("math.floor(x)", "math.ceil(x)", "round(x)", "int(x)", "np.sign(x)"), values, strict=True)
    ]
    + [("x // y + x", (6.0, 2.0), (1, 0)), ("x // y + x", (5.0, 2.0), (1, 0))]
    + [("np.round(x, 1) * x", (2.5,), (2.5,)), ("np.array([x]).astype(np.int64)[0] * x", (2.0,), (2,))],
    "`if x > c: ... else: ...`": [
        ("2.0 * x if x > 1.0 else 3.0 * x", (1.0,), (3,)),
        ("2.0 * x if x >= 1.0 else 3.0 * x", (1.0,), (2,)),
    ],
    "`a if c else b`": [
        ("math.sqrt(x) if x > 0.0 else 0.0", (0.0,), (0,)),
        ("math.sqrt(x) if x > 0.0 else 0.0", (-1.0,), (0,)),
        ("math.log(x) if x > 0.0 else 3.0 * x", (0.0,), (3,)),
        ("y / x if x != 0.0 else y", (0.0, 2.0), (0, 1)),
    ],
    "`np.where(c, a, b)`": [
        ("np.where(x > 0.0, x * x, 3.0 * x)", (0.0,), (3,)),
        ("np.where(x > 0.0, x * x, 3.0 * x)", (2.0,), (4,)),
        ("np.where(x > 0.0, np.log(x), 2.0 * x)", (-1.0,), (2,)),
    ],
    "`max(x, y)` and `min(x, y)`": [
        ("max(x, y)", (NAN, 1.0), (1, 0)),
        ("max(x, y)", (1.0, NAN), (1, 0)),
        ("min(x, y)", (NAN, 1.0), (1, 0)),
        ("min(x, y)", (1.0, NAN), (1, 0)),
    ],
    "`np.fmax(x, y)`, `np.fmin(x, y)`": [
        ("np.fmax(x, y)", (1.0, 1.0), (1, 0)),
        ("np.fmin(y, x)", (1.0, 1.0), (0, 1)),
        ("np.fmax(x, y)", (NAN, 1.0), (0, 1)),
        ("np.fmin(x, y)", (1.0, NAN), (1, 0)),
    ],
    "`np.heaviside(x, y)`": [
        ("np.heaviside(x, y)", (0.0, 0.5), (0, 1)),
        ("np.heaviside(x, y)", (2.0, 0.5), (0, 0)),
    ],
    "`np.nan_to_num(x)`": [("np.nan_to_num(x)", (value,), (0,)) for value in (NAN, INF, -INF)],
    "`np.modf(x)`, `math.frexp(x)`": [
        ("np.modf(x)[0] + np.modf(y)[1]", (2.0, 2.0), (1, 0)),
        ("math.frexp(x)[0]", (2.0,), (0.25,)),
    ],
    "`np.logaddexp(x, y)`": [
        ("np.logaddexp(x, y)", (-INF, -INF), (NAN, NAN)),
        ("np.logaddexp(x, y)", (-INF, 1.0), (0, 1)),
    ],
    "`np.sinc(x)`": [("np.sinc(x)", (0.0,), (0,)), ("np.sinc(x)", (1e-9,), (-math.pi**2 / 3.0 * 1e-9,))],
    "`special.xlogy(x, y)`": [
        ("special.xlogy(x, y)", (0.0, 0.0), (-INF, 0)),
        ("special.xlogy(x, y)", (0.0, 2.0), (math.log(2.0), 0)),
    ],
    "`special.entr(x)`": [("special.entr(x)", (0.0,), (INF,))],
    "`special.logit(x)`, `special.ndtri(x)`, `special.erfinv(x)`": [
        ("special.logit(x)", (0.0,), (INF,), RAISES),
        ("special.ndtri(x)", (0.0,), (INF,)),
        ("special.erfinv(x)", (1.0,), (INF,)),
    ],
    "`special.i0e(x)`, `special.i1e(x)`": [("special.i0e(x)", (0.0,), (0,)), ("special.i1e(x)", (0.0,), (0.5,))],
    "`special.gammainc(k, x)`": [(f"special.gammainc({k}, x)", (0.0,), (slope,)) for k, slope in ((0.5, INF), (1.0, 1), (2.0, 0))],
}

CASES = [
    pytest.param(*point[:3], point[3] if len(point) > 3 else None, id=f"{point[0]} at {', '.join(map(str, point[1]))}")
    for points in POINTS.values()
    for point in points
]


def function(expression, args, folder):
    """`f(x, y)` or `f(x, n)`, as the arguments are floats or ints."""
    names = [name if isinstance(a, float) else "n" for name, a in zip("xy", args, strict=False)]
    path = folder / "kink.py"
    text = f"import math\nimport numpy as np\nfrom scipy import special\n\n\ndef f({', '.join(names)}):\n    return {expression}\n"
    path.write_text(text)
    space = {"__name__": "kink"}
    exec(compile(text, str(path), "exec"), space)
    return space["f"], tuple(k for k, a in enumerate(args) if isinstance(a, float))


def plain(f, args, argnums):
    made = pipeline.generate(f, tuple(map(typeof, args)), "grad", argnums)
    with np.errstate(all="ignore"):
        return load_python(made.text, made.arrays)[made.entry](*args)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))


@pytest.mark.parametrize(("expression", "args", "partials", "otherwise"), CASES)
def test_plain_python(expression, args, partials, otherwise, tmp_path):
    f, argnums = function(expression, args, tmp_path)
    if otherwise is not None:
        with pytest.raises(otherwise):
            plain(f, args, argnums)
    else:
        np.testing.assert_allclose(plain(f, args, argnums), partials, rtol=1e-15)


@pytest.mark.parametrize(("expression", "args", "partials", "otherwise"), CASES)
def test_compiled(expression, args, partials, otherwise, tmp_path):
    f, argnums = function(expression, args, tmp_path)
    np.testing.assert_allclose(compiled(f, args, argnums), partials, rtol=1e-15)


def compiled(f, args, argnums):
    """The generated function under sct's own flags, but not written to its cache."""
    made = pipeline.generate(f, tuple(map(typeof, args)), "grad", argnums)
    space = load_python(made.text, made.arrays)
    space |= {name: numba.njit(**FLAGS)(value) for name, value in space.items() if isinstance(value, FunctionType)}
    return space[made.entry](*args)


def test_every_line_of_the_page_is_tested():
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert [re.split(r" \| ", line[2:])[0] for line in lines[1:]] == list(POINTS)


@pytest.mark.parametrize("side", ["np.sqrt(x)", "np.log(x)", "np.sin(x) / x"])
def test_where_does_not_let_a_nan_in_from_the_other_side(side, tmp_path):
    f, argnums = function(f"np.where(x > 0.0, {side}, 2.0 * x)", (0.0,), tmp_path)
    assert compiled(f, (0.0,), argnums) == (2.0,)


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_where_on_arrays_keeps_a_nan_out(value):
    def roots(x):
        return np.sum(np.where(x > 0.0, np.sqrt(x), 2.0 * x))

    np.testing.assert_array_equal(plain(roots, (np.array([1.0, value, 4.0]),), 0), [0.5, 2.0, 0.25])


def test_a_ternary_on_array_elements_keeps_a_nan_out():
    def roots(x):
        s = 0.0
        for v in x:
            s += math.sqrt(v) if v > 0.0 else 2.0 * v
        return s

    np.testing.assert_array_equal(plain(roots, (np.array([1.0, 0.0, 4.0]),), 0), [0.5, 2.0, 0.25])


def quotient(x, y, n):
    return x / y + x * (7 // n) + x * (7 % n)


def negative_power(x, n):
    return x**n


def test_compiled_derivatives_divide_as_numpy_does():
    value, (x_bar, y_bar) = sct.value_and_grad(quotient, (0, 1))(1.0, 0.0, 0)
    assert (value, x_bar, y_bar) == (INF, INF, -INF)


def test_a_negative_int_exponent_of_zero_raises_as_the_primal_does():
    for call in (numba.njit(error_model="numpy")(negative_power), sct.grad(negative_power)):
        with pytest.raises(ZeroDivisionError):
            call(0.0, -1)
