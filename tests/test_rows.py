"""Every row of every table has generated tests, at the points of tests/rows.py; a row without a point fails.

Value, dtype, tangent and adjoint against dual numbers and finite differences, the dot-product identity; the second and third
derivatives; float32, ints and bools; memory that is not contiguous; sizes 0 and 1. As plain Python, a sample compiled. With
SCT_TEST_ALL=1 at every point; otherwise at one of some rows, other rows and points for each check.
"""

from __future__ import annotations

import linecache
import os
import re
import zlib
from types import FunctionType

import numba
import numpy as np
import pytest
from numba import typeof

from sct import bodies, pipeline
from sct.backends import cache
from sct.backends.python import load_python
from sct.bodies import page
from sct.errors import SctError
from sct.reference.dual import dual_jvp, dual_vjp
from sct.reference.finite import finite_jvp
from sct.rules.scalar import DISCRETE
from tests import rows
from tests.harness import EXACT, SINGLE, assert_close, dot, plain, size
from tests.rows import ALL, INTS, SCALAR_POINTS, SHAPES

EVERYTHING = bool(os.environ.get("SCT_TEST_ALL"))
FLAGS = eval(f"dict({cache.options(cached=False)})")
BY_ROW = {row: [p for p in ALL if p.row == row] for row in dict.fromkeys(p.row for p in ALL)}


def each_point(check, share, of_scalars=1):
    """One point of every `share`-th row for a check, of every `of_scalars`-th scalar row; all of them if that is asked for."""
    found = ALL if EVERYTHING else [rows.one_of(points, check) for points in BY_ROW.values() if _in_turn(points[0], check, share, of_scalars)]
    return pytest.mark.parametrize("point", found, ids=[p.operation.replace("\n    ", "; ") for p in found])


def _in_turn(point, check, share, of_scalars):
    scalar = point in SCALAR_POINTS or point.row in DISCRETE
    return zlib.crc32(f"{point.row} {check}".encode()) % (of_scalars if scalar else share) == 0


# functions and arguments


def made(text):
    """The function `f` of a text, whose lines `inspect` finds."""
    name = f"<row {zlib.crc32(text.encode()):08x}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space = {"__name__": "row"}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def function(point, beside=()):
    """`f(v, x)` for the operation; `beside` are arguments that it does not use."""
    body = point.operation if "return " in point.operation else f"return {point.operation}"
    return made(f"{rows.IMPORTS}\n\ndef f({', '.join([*point.letters, *beside])}):\n    {body}\n")


def squared(point, result):
    """The sum of the squares of the result: something whose second derivative is not zero."""
    head, _, last = point.operation.rpartition("return ")
    total = "np.sum(({}) ** 2)" if np.ndim(result) else "({}) ** 2"
    return made(f"{rows.IMPORTS}\n\ndef f({', '.join(point.letters)}):\n    {head}return {total.format(last)}\n")


def arguments(point, seed=0, branch=0, n=None):
    """Drawn between the bounds of the row; with `n`, every axis has this length."""
    rng = np.random.default_rng(zlib.crc32(f"{point.operation} {seed}".encode()))
    shapes = SHAPES if n is None else {a: (n,) * len(shape) for a, shape in SHAPES.items()}
    ints = INTS if n is None else INTS | {"i": np.zeros(n, np.int64)}
    drawn = {a: rng.uniform(*bounds, shapes[a]) if shapes[a] else rng.uniform(*bounds) for a, bounds in point.bounds(branch).items()}
    return tuple(drawn.get(a, ints.get(a)) for a in point.letters)


def is_float(x):
    return np.asarray(x).dtype.kind == "f"


def varied(args):
    return tuple(k for k, x in enumerate(args) if is_float(x))


def like(x, value):
    """`value` as the tangent of `x`."""
    if isinstance(x, np.ndarray):
        return np.asarray(value, x.dtype) if is_float(x) else np.zeros(x.shape)
    return type(x)(value) if is_float(x) else 0.0


def random_like(x, seed):
    return like(x, np.random.default_rng(seed).uniform(0.5, 1.5, np.shape(x)))


def numpys(f, args):
    with np.errstate(all="ignore"):
        return f(*args)


# what is checked


def assert_value(found, expected, rtol, what):
    assert_close(found, expected, rtol, what)
    assert_dtype(found, expected, what)


def assert_dtype(found, expected, what):
    """That of NumPy. A float may have another width: Numba knows no float16, and `float32 * 2.0` is float64 to it. No sum is 0, and nothing is of any type."""
    found, expected = np.asarray(found), np.asarray(expected)
    nothing = not found.size or (found.ndim == 0 and not found and not expected)
    assert nothing or found.dtype == expected.dtype or (found.dtype.kind == expected.dtype.kind == "f"), what


def check_first(f, args, rtol=EXACT, finite=True):
    """Value and dtype, tangent, adjoint, and the identity between them."""
    argnums, expected = varied(args), numpys(f, args)
    dots = tuple(random_like(x, k) for k, x in enumerate(args))
    tangent = plain(f, args, argnums, "jvp")
    value, along = tangent(*args, *(dots[k] for k in argnums))
    assert_value(value, expected, rtol, tangent.text)
    assert_close(along, dual_jvp(f, args, dots)[1], 10 * rtol, tangent.text)
    if not is_float(expected):
        return
    assert_dtype(along, expected, tangent.text)
    if finite:
        check_finite(f, args, dots, along)
    seed = random_like(expected, 9)
    adjoint = plain(f, args, argnums, "vjp")
    value, bars = adjoint(*args, seed)
    assert_value(value, expected, rtol, adjoint.text)
    assert_close(bars, dual_vjp(f, args, seed, argnums), rtol, adjoint.text)
    for bar, k in zip(bars, argnums, strict=True):
        assert_dtype(bar, args[k], adjoint.text)
    v = tuple(dots[k] for k in argnums)
    assert abs(dot(v, bars) - dot(seed, along)) <= 10 * rtol * max(size(v, bars), 1e-3), adjoint.text


def check_finite(f, args, dots, along):
    estimate, error = finite_jvp(f, args, tuple(d if is_float(x) else None for x, d in zip(args, dots, strict=True)))
    room = 20.0 * np.asarray(error) + 1e-7 * np.max(np.abs(estimate), initial=1e-3)
    assert np.all(np.abs(along - estimate) <= room), f"{along}, but finite differences {estimate} +- {error}"


def check_value(point, args):
    """Of a function of ints and bools, with an argument beside them that is differentiated."""
    f, args = function(point, ["beside"]), (*args, 1.0)
    expected = numpys(f, args)
    tangent = plain(f, args, (len(args) - 1,), "jvp")
    value, along = tangent(*args, 1.0)
    assert_value(value, expected, EXACT, tangent.text)
    assert not np.any(along), tangent.text


def check(point, args, rtol=EXACT, finite=True):
    rtol = max(rtol, SINGLE) if "float32" in point.operation else rtol
    if varied(args):
        check_first(function(point), args, rtol, finite and "float32" not in point.operation)
    else:
        check_value(point, args)


# the tests


def test_every_row_has_a_point():
    missing = rows.named() - set(BY_ROW)
    assert missing == rows.ONLY_GENERATED, f"write points for {missing - rows.ONLY_GENERATED} in tests/rows.py"
    assert set(BY_ROW) <= rows.named(), "points of what is in no table"


@each_point("first", share=4)
def test_first_order(point):
    check(point, arguments(point))


FORMS = [p for p in SCALAR_POINTS if EVERYTHING or zlib.crc32(p.operation.encode()) % 3 == 0]


@pytest.mark.parametrize("point", FORMS, ids=[p.operation for p in FORMS])
def test_first_order_of_scalar_rows(point):
    """By the other names, in other forms, on every branch."""
    for branch in range(len(point.domains)):
        check(point, arguments(point, branch=branch))


@each_point("float32", share=8, of_scalars=2)
def test_float32(point):
    if re.search(r"solve\(.*np\.eye", point.operation):
        pytest.skip("two types of floats, which is refused")
    args = tuple(np.float32(x) if is_float(x) else x for x in arguments(point, 1))
    try:
        numpys(function(point), args)
    except TypeError as problem:
        pytest.skip(f"NumPy refuses: {problem}")
    check(point, args, SINGLE, finite=False)
    if varied(args) and not re.search(r"\d\.|\bi\b|np.float64|space\(x|heaviside", point.operation):  # float64 to Numba, as `float32 * 2.0`
        f = function(point)
        value, _ = plain(f, args, varied(args), "jvp")(*args, *(args[k] for k in varied(args)))
        expected = np.asarray(numpys(f, args))
        assert not expected.ndim or expected.dtype != np.float32 or np.asarray(value).dtype == np.float32


EXCEPT = {np.int64: r"\bround\(|around\(|heaviside\(", np.bool_: r"argsort\(|heaviside\(|polyval\(|interp\("}
"""Ints rounded are floats (docs/language.md); an int that np.heaviside hands on is one in plain Python, a float to Numba; the order of
equals is not defined; elements that are bools are ints to Numba, and no numbers to NumPy."""


@each_point("ints", share=8, of_scalars=2)
@pytest.mark.parametrize("of", [np.int64, np.bool_])
def test_ints_and_bools(point, of):
    """The value and its dtype are NumPy's, unless it refuses."""
    if re.search(EXCEPT[of], point.operation):
        pytest.skip("documented")
    args = tuple(as_ints(x, of) if is_float(x) else x for x in arguments(point, 2))
    try:
        numpys(function(point), args)
    except (TypeError, ValueError, ZeroDivisionError) as problem:
        pytest.skip(f"NumPy refuses: {problem}")
    try:
        check_value(point, args)
    except SctError as problem:
        pytest.skip(f"refused: {problem}")


def as_ints(x, of):
    """Different ones, as the order of equals is not defined; or bools."""
    if np.ndim(x) == 0:
        return of(round(2 * x)).item()
    ranks = np.argsort(np.argsort(x, axis=None)).reshape(x.shape)
    return ranks - x.size // 2 if of is np.int64 else x > 0.0


def strided(x):
    wide = np.full([2 * n for n in x.shape], np.nan).astype(x.dtype)
    seen = wide[(slice(1, None, 2),) * x.ndim]
    seen[...] = x
    return seen


def backwards(x):
    return x[(slice(None, None, -1),) * x.ndim].copy()[(slice(None, None, -1),) * x.ndim]


LAYOUTS = (strided, backwards, np.asfortranarray)


@each_point("layout", share=8, of_scalars=2)
def test_not_contiguous(point):
    if point.operation == "np.imag(m)":
        pytest.skip("Numba cannot type it")
    for layout in LAYOUTS if EVERYTHING else LAYOUTS[zlib.crc32(point.row.encode()) % 3 :][:1]:
        args = tuple(layout(x) if isinstance(x, np.ndarray) else x for x in arguments(point, 3))
        check(point, args, finite=False)


ROOTS = {"np.linalg.norm", "np.std", "np.nanstd", "a.std", "math.dist"}
"""Of no element, or of one that does not deviate: the root of 0."""


@each_point("sizes", share=8, of_scalars=2)
@pytest.mark.parametrize("n", [0, 1])
def test_sizes(point, n):
    """Where NumPy has a result, it is that; a result from nothing, nan to NumPy, may be an error."""
    if point.row in ROOTS:
        pytest.skip("a kink")
    args = arguments(point, 4, n=n)
    try:
        expected = numpys(function(point), args)
    except (IndexError, TypeError, ValueError, ZeroDivisionError) as problem:
        pytest.skip(f"NumPy refuses: {problem}")
    try:
        if np.all(np.isfinite(expected)):
            check(point, args, finite=False)
        else:
            dots = [args[k] for k in varied(args)]
            assert_value(plain(function(point), args, varied(args), "jvp")(*args, *dots)[0], expected, EXACT, point.operation)
    except (ValueError, ZeroDivisionError) as problem:
        pytest.skip(f"refused: {problem}")


def differentiable(point, args):
    return varied(args) and is_float(numpys(function(point), args))


def check_derivatives(f, args, rtol):
    """The tangent and the adjoint of a generated function against dual numbers run through it. Returns the adjoint, and a seed."""
    argnums, dots = varied(args), tuple(random_like(x, 20 + k) for k, x in enumerate(args))
    tangent = plain(f, args, argnums, "jvp")
    value, along = tangent(*args, *(dots[k] for k in argnums))
    exact_value, exact_along = dual_jvp(f, args, dots)
    assert_close(value, exact_value, rtol, tangent.text)
    assert_close(along, exact_along, rtol, tangent.text)
    seed = tuple(random_like(v, 30 + k) for k, v in enumerate(value))
    adjoint = plain(f, args, argnums, "vjp")
    assert_close(adjoint(*args, seed)[1], dual_vjp(f, args, seed, argnums), rtol, adjoint.text)
    return adjoint.entry, seed


@each_point("second", share=8, of_scalars=2)
def test_second_order(point):
    """Forward over reverse and reverse over reverse."""
    args = arguments(point, 5)
    if not differentiable(point, args):
        pytest.skip("no derivative")
    f = squared(point, numpys(function(point), args))
    check_derivatives(plain(f, args, varied(args)).entry, args, 1e3 * EXACT)


@each_point("third", share=24, of_scalars=4)
def test_third_order(point):
    """The tangent of the adjoint of the gradient, of one argument."""
    args = arguments(point, 6)
    if not differentiable(point, args):
        pytest.skip("no derivative")
    f, k = squared(point, numpys(function(point), args)), varied(args)[0]
    gradient = plain(f, args, k).entry
    product = plain(gradient, args, k, "vjp").entry
    seed = random_like(args[k], 40)
    dots = (*(random_like(x, 41 + j) if j == k else like(x, np.zeros(np.shape(x))) for j, x in enumerate(args)), like(seed, np.zeros(np.shape(seed))))
    tangent = plain(product, (*args, seed), (k,), "jvp")
    _, along = tangent(*args, seed, dots[k])
    assert_close(along, dual_jvp(product, (*args, seed), dots)[1], 1e4 * EXACT, tangent.text)


def compiled(f, args, argnums, mode):
    made = pipeline.generate(f, tuple(map(typeof, args)), mode, argnums)
    space = load_python(made.text, made.arrays)
    space |= {name: numba.njit(**FLAGS)(value) for name, value in space.items() if isinstance(value, FunctionType)}
    return space[made.entry]


@each_point("compiled", share=16, of_scalars=24)
def test_compiled(point):
    """The value, its dtype, and the adjoint."""
    args = arguments(point, 7)
    if not differentiable(point, args):
        pytest.skip("no derivative")
    f, argnums = function(point), varied(args)
    expected = numpys(f, args)
    seed = random_like(expected, 50)
    seed = seed.item() if isinstance(seed, np.ndarray) and not seed.ndim else seed  # np.where of numbers has 0 axes, to Numba it is a number
    value, bars = compiled(f, args, argnums, "vjp")(*args, seed)
    rtol = SINGLE if "float32" in point.operation else EXACT
    assert_value(value, expected, rtol, point.operation)
    assert_close(bars, dual_vjp(f, args, seed, argnums), rtol, point.operation)


def test_every_body_says_what_it_is():
    silent = [page.spelled(f) for f, body in bodies.table().items() if not page.mathematics(f, body)]
    assert not silent, "add a line to sct/bodies/page.py, or a docstring"
    assert {name.removeprefix("np.") for name in map(page.spelled, bodies.table())} >= page.MATHEMATICS.keys()
    assert {page.spelled(f).removeprefix("np.") for f in bodies.table()} >= page.INACTIVE
