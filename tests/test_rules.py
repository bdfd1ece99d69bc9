"""Every row of the rule table, and every name that it goes by, has generated tests.

The row's own text is compared with dual numbers, which have formulas of their own, and with finite differences, at random points of
the domain in `DOMAINS`; a row without a domain fails. The generated tangent and adjoint of `f(x, y) = operation` then have to agree
with them and with each other, as plain Python, and compiled for a sample.
"""

import ast
import math
import re

import numba
import numpy as np
import pytest
from numba import typeof

from sct import pipeline, runtime
from sct.backends import cache
from sct.backends.python import load_python
from sct.frontend import allowed
from sct.reference.dual import dual_jvp
from sct.reference.finite import finite_partial
from sct.rules.page import CONSTANTS
from sct.rules.scalar import AS_OPERATOR, CHEAP, DISCRETE, FUNCTIONS, OF_TWO, OPERATORS, SYNONYMS

ROWS = OPERATORS | FUNCTIONS
TRIALS = 5
FLAGS = eval(f"dict({cache.options(cached=False)})")

REAL, POSITIVE, UNIT, APART = (-1.5, 1.5), (0.3, 2.5), (-0.9, 0.9), (1.2, 2.4)
DOMAINS = {
    "x + y": (REAL, REAL), "x - y": (REAL, REAL), "x * y": (REAL, REAL), "x / y": (REAL, POSITIVE), "x ** y": (POSITIVE, REAL),
    "x % y": ((0.1, 0.9), (1.0, 2.0)), "x // y": ((0.1, 0.9), (1.0, 2.0)), "+x": (REAL,), "-x": (REAL,),
    "sin(x)": (REAL,), "cos(x)": (REAL,), "tan(x)": (UNIT,), "asin(x)": (UNIT,), "acos(x)": (UNIT,), "atan(x)": (REAL,),
    "atan2(x, y)": (POSITIVE, POSITIVE), "sinh(x)": (REAL,), "cosh(x)": (REAL,), "tanh(x)": (REAL,), "asinh(x)": (REAL,),
    "acosh(x)": (APART,), "atanh(x)": (UNIT,), "exp(x)": (REAL,), "exp2(x)": (REAL,), "expm1(x)": (REAL,), "log(x)": (POSITIVE,),
    "log2(x)": (POSITIVE,), "log10(x)": (POSITIVE,), "log1p(x)": (UNIT,), "sqrt(x)": (POSITIVE,), "cbrt(x)": (POSITIVE,),
    "square(x)": (REAL,), "reciprocal(x)": (POSITIVE,), "hypot(x, y)": (POSITIVE, REAL), "erf(x)": (REAL,), "erfc(x)": (REAL,),
    "gamma(x)": (POSITIVE,), "lgamma(x)": (POSITIVE,), "digamma(x)": (POSITIVE,), "abs(x)": (POSITIVE,),
    "copysign(x, y)": (POSITIVE, (-2.0, -1.0)), "degrees(x)": (REAL,), "radians(x)": (REAL,), "max(x, y)": ((0.0, 1.0), (1.1, 2.0)),
    "min(x, y)": ((0.0, 1.0), (1.1, 2.0)), "fmax(x, y)": ((0.0, 1.0), (1.1, 2.0)), "fmin(x, y)": ((0.0, 1.0), (1.1, 2.0)), "ldexp(x, k)": (REAL,),
    "logaddexp(x, y)": (REAL, REAL), "logaddexp2(x, y)": (REAL, REAL), "nextafter(x, y)": (REAL, REAL), "conjugate(x)": (REAL,),
    "nan_to_num(x)": (REAL,), "polygamma(k, x)": (POSITIVE,), "sinc(x)": (REAL,), "sinc_derivative(k, x)": (REAL,), "fmod(x, y)": ((4.1, 4.9), (1.3, 1.36)), "where(c, x, y)": (REAL, REAL), "float(x)": (REAL,),
}  # fmt: skip
MORE = {
    "abs(x)": ((-2.0, -1.0),), "copysign(x, y)": ((-2.0, -1.0), POSITIVE), "cbrt(x)": ((-2.0, -1.0),), "max(x, y)": (APART, REAL[:1] + (1.0,)),
    "min(x, y)": (APART, REAL[:1] + (1.0,)), "x % y": ((-0.9, -0.1), (1.0, 2.0)), "fmod(x, y)": ((-4.9, -4.1), (1.3, 1.36)),
    "x / y": (REAL, (-2.5, -0.3)), "atan2(x, y)": (REAL[:1] + (-0.1,), (-2.0, -1.0)), "gamma(x)": ((-0.9, -0.1),), "lgamma(x)": ((-0.9, -0.1),),
    "hypot(x, y)": ((-2.0, -1.0), REAL), "fmax(x, y)": (APART, REAL[:1] + (1.0,)), "fmin(x, y)": (APART, REAL[:1] + (1.0,)),
    "polygamma(k, x)": ((-0.9, -0.1),), "sinc(x)": ((2.0, 4.0),), "sinc_derivative(k, x)": ((3.5, 9.0),),
}  # fmt: skip
"""Other branches of the same functions."""

NEW_FUNCTIONS = {name: getattr(runtime, name) for name in ("digamma", "polygamma", "sinc_derivative")}
ONLY_GENERATED = {"digamma(x)", "polygamma(k, x)", "sinc_derivative(k, x)"}
"""They occur in generated text only."""
FIXED = {"c": "x > 0.2", "k": "2"}
"""What stands for the operands that are no floats."""
NUMPYS = ("square", "reciprocal", "sign", "cbrt", "exp2", "where", "isfinite", "logaddexp", "logaddexp2", "fmax", "fmin", "conjugate", "nan_to_num", "sinc")
NAMES = {**vars(math), **{n: getattr(np, n) for n in NUMPYS}, "np": np, **NEW_FUNCTIONS}
NOT_TYPED_BY_NUMBA = {"math.fmod", "math.cbrt", "math.exp2"}
"""Refused with a TypeProblem; their np forms are not."""


def parameters(row):
    return [name for name in ("x", "y") if name in {n.id for n in ast.walk(ast.parse(row)) if isinstance(n, ast.Name)}]


def fixed(row):
    """The row with its conditions and orders filled in."""
    for name, value in FIXED.items():
        row = re.sub(rf"\b{name}\b", value, row)
    return row


def spellings(row):
    """The row's operation by every name: math.asin(x), np.arcsin(x), np.asin(x)."""
    if row in OPERATORS:
        names = [name for name, operator in AS_OPERATOR.items() if operator == row]
        inside = ", ".join(parameters(row))
        found = [row]
    else:
        name, _, inside = row[:-1].partition("(")
        inside = fixed(inside)
        names = [name, *(synonym for synonym, same in SYNONYMS.items() if same == name)]
        found = [f"{name}({inside})"] if name in allowed.BUILTINS else []
    found += [f"math.{n}({inside})" for n in names if n in allowed.MATH and f"math.{n}" not in NOT_TYPED_BY_NUMBA]
    found += [f"np.{n}({inside})" for n in names if n in allowed.NUMPY_SCALAR | allowed.CASTS]
    return found


SPELLED = [pytest.param(row, operation, id=operation) for row in ROWS for operation in spellings(row)]
SAMPLE = ["x ** y", "x % y", "math.atan2(x, y)", "np.tanh(x)", "math.gamma(x)", "np.cbrt(x)", "max(x, y)", "np.fmod(x, y)", "np.where(x > 0.2, x, y)"]


def points(row, rng):
    """Random arguments of a row, some on each of its branches."""
    domains = [DOMAINS[row], *([MORE[row]] if row in MORE else [])]
    return [tuple(float(rng.uniform(*bounds)) for bounds in domain) for domain in domains for _ in range(TRIALS)]


def function(operation, row, folder):
    path = folder / "rule.py"
    text = f"import math\nimport numpy as np\nfrom sct.runtime import digamma, polygamma, sinc_derivative\n\n\ndef f({', '.join(parameters(row))}):\n    return {operation}\n"
    path.write_text(text)
    space = {"__name__": "rule"}
    exec(compile(text, str(path), "exec"), space)
    return space["f"]


def entry(f, count, mode, argtype=1.0):
    made = pipeline.generate(f, (typeof(argtype),) * count, mode, tuple(range(count)))
    return load_python(made.text, made.arrays)[made.entry]


@pytest.fixture
def rng(request):
    return np.random.default_rng(sum(map(ord, request.node.name)))


def test_every_row_has_a_domain():
    assert set(DOMAINS) == set(ROWS)
    assert set(MORE) <= set(ROWS)


def test_every_row_can_be_written():
    unreachable = {row for row in ROWS if not spellings(row)}
    assert unreachable == ONLY_GENERATED


def test_every_synonym_names_a_row():
    names = {row.partition("(")[0] for row in FUNCTIONS}
    assert set(SYNONYMS.values()) <= names
    assert OF_TWO <= DISCRETE
    assert set(AS_OPERATOR.values()) <= set(OPERATORS)
    assert names.isdisjoint(DISCRETE)
    assert CHEAP <= names | DISCRETE


def reference(row, args, k):
    """The partial by the k-th argument from dual numbers, and from finite differences with their error."""
    names = parameters(row)
    space = dict(NAMES) | {"copysign": np.copysign, "fmod": np.fmod}
    f = eval(f"lambda {', '.join(names)}: {fixed(row)}", space)
    unit = tuple(float(j == k) for j in range(len(args)))
    return dual_jvp(f, args, unit)[1], *finite_partial(f, args, (k,), ()), f(*args)


@pytest.mark.parametrize("row", ROWS)
def test_partials(row, rng):
    for args in points(row, rng):
        values = dict(zip(parameters(row), args, strict=True))
        partials = [p for name, p in zip(row[:-1].partition("(")[2].split(", "), ROWS[row], strict=True) if name not in FIXED] if "(" in row else ROWS[row]
        for k, partial in enumerate(partials):
            exact, finite, error, z = reference(row, args, k)
            names = NAMES | values | {"z": z, "c": values["x"] > 0.2, "k": 2}
            found = 0.0 if partial is None else eval(partial, names)
            assert found == pytest.approx(exact, rel=1e-13, abs=1e-13)
            assert abs(found - finite) <= 20.0 * error + 1e-7 * abs(found)


@pytest.mark.parametrize(("row", "operation"), SPELLED)
def test_tangent_and_adjoint(row, operation, rng, tmp_path):
    f = function(operation, row, tmp_path)
    count = len(parameters(row))
    tangent, adjoint = entry(f, count, "jvp"), entry(f, count, "vjp")
    check(row, f, tangent, adjoint, rng, 1e-6 if "float32" in operation else 1e-13)


@pytest.mark.parametrize(("row", "operation"), [p for p in SPELLED if p.id in SAMPLE])
def test_compiled(row, operation, rng, tmp_path):
    f = function(operation, row, tmp_path)
    count = len(parameters(row))
    tangent, adjoint = (numba.njit(**FLAGS)(entry(f, count, mode)) for mode in ("jvp", "vjp"))
    check(row, f, tangent, adjoint, rng, 1e-13)


def test_the_sample_is_of_the_table():
    assert set(SAMPLE) <= {p.id for p in SPELLED}


def check(row, f, tangent, adjoint, rng, rtol):
    """The dot-product identity, <w, J v> = <J'w, v>, for every unit vector v and for a random one; values and partials."""
    for args in points(row, rng):
        seed = float(rng.uniform(0.5, 1.5))
        value, bars = adjoint(*args, seed)
        assert value == pytest.approx(f(*args), rel=rtol)
        exact = [reference(row, args, k)[0] for k in range(len(args))]
        assert bars == pytest.approx([seed * e for e in exact], rel=rtol, abs=rtol)
        for dots in [*np.eye(len(args)), rng.uniform(-1.0, 1.0, len(args))]:
            value, along = tangent(*args, *map(float, dots))
            assert value == pytest.approx(f(*args), rel=rtol)
            assert seed * along == pytest.approx(np.dot(bars, dots), rel=rtol, abs=rtol)


ON_ARRAYS = [p for p in SPELLED if p.id.startswith("np.") and not p.id.startswith("np.float") or p.values[0] in OPERATORS and p.id in OPERATORS]


@pytest.mark.parametrize(("row", "operation"), ON_ARRAYS)
def test_float32_arrays_keep_their_precision(row, operation, rng, tmp_path):
    f = function(operation, row, tmp_path)
    names = parameters(row)
    given = [np.array(column, np.float32) for column in zip(*points(row, rng)[:TRIALS], strict=True)]
    value, bars = entry(f, len(names), "vjp", given[0])(*given, np.ones(TRIALS, np.float32))
    assert value.dtype == np.float32
    assert [bar.dtype for bar in bars] == [np.float32] * len(names)
    value, along = entry(f, len(names), "jvp", given[0])(*given, *given)
    assert value.dtype == along.dtype == np.float32
    np.testing.assert_allclose(along, sum(bar * dot for bar, dot in zip(bars, given, strict=True)), rtol=1e-5, atol=1e-5)


OPERANDS = dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor"), "x > 0.2, x > 2.0") | {"invert": "x > 0.2"}
OPERANDS |= dict.fromkeys(("gcd", "lcm", "left_shift", "right_shift"), "int(9 * x), 2")


@pytest.mark.parametrize("name", sorted(DISCRETE))
def test_discrete_functions_have_no_derivative(name, tmp_path):
    spelled = [f"math.{name}"] * (name in allowed.MATH) + [f"np.{name}"] * (name in allowed.NUMPY_SCALAR | allowed.CASTS)
    spelled += [name] * (name in allowed.PURE_BUILTINS)
    for call in spelled:
        operation = f"{call}({OPERANDS.get(name, 'x, x' if name in OF_TWO else 'x')})"
        f = function(f"{operation} * x", "-x", tmp_path)
        assert entry(f, 1, "grad")(1.3) == (f(1.3) / 1.3,)


def test_the_constants_of_the_page_are_those_of_the_table():
    written = {
        r"\ln 2": math.log(2.0), r"\log_{2} e": math.log2(math.e), r"\log_{10} e": math.log10(math.e), r"\frac{2}{\sqrt{\pi}}": 2.0 / math.sqrt(math.pi),
        r"\frac{180}{\pi}": 180.0 / math.pi, r"\frac{\pi}{180}": math.pi / 180.0, r"\frac{1}{2}": 0.5,
        r"\pi": math.pi, r"\ln 10": math.log(10.0), r"\frac{\sqrt{\pi}}{2}": math.sqrt(math.pi) / 2.0,
        r"\frac{1}{\sqrt{2 \pi}}": 1.0 / math.sqrt(2.0 * math.pi), r"\sqrt{2 \pi}": math.sqrt(2.0 * math.pi),
    }  # fmt: skip
    for value, shown in CONSTANTS.items():
        assert value == pytest.approx(written[shown], rel=4e-16)
