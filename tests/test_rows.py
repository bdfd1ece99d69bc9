"""Every row of every table has generated tests, at the points of tests/rows.py; a row without a point fails.

All points: value, dtype, tangent and adjoint against dual numbers and finite differences, and the dot-product identity. One point
of each row, all with SCT_TEST_ALL=1: the second and third derivatives, float32, ints and bools, memory that is not contiguous, sizes
0 and 1. All of that as plain Python; some rows compiled.
"""

from __future__ import annotations

import linecache
import os
import zlib
from types import FunctionType

import numba
import numpy as np
import pytest

from sct.backends.cache import COMPILE
from sct.errors import SctError
from sct.reference.dual import dual_jvp, dual_vjp
from sct.reference.finite import finite_jvp
from tests import rows
from tests.harness import EXACT, SINGLE, assert_close, dot, plain, same, size
from tests.rows import ALL, INTS, SHAPES, Point

EVERYTHING = bool(os.environ.get("SCT_TEST_ALL"))
FLAGS = eval(f"dict({COMPILE})") | {"cache": False}
BY_ROW = {row: [p for p in ALL if p.row == row] for row in dict.fromkeys(p.row for p in ALL)}


def ids(points):
    return [p.operation.replace("\n    ", "; ") for p in points]


def points_of(check, share=1):
    """One point of each row, or of each `share`-th, for a check; all of them if that is asked for."""
    chosen = ALL if EVERYTHING else [rows.one_of(p, check) for row, p in BY_ROW.items() if zlib.crc32(f"{row} {check}".encode()) % share == 0]
    return pytest.mark.parametrize("point", chosen, ids=ids(chosen))


def made(text):
    """The function `f` of a text, which has lines that `inspect` finds."""
    name = f"<row {zlib.crc32(text.encode()):08x}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space = {"__name__": "row"}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def function(point, more=()):
    """`f(v, x)` for the operation; with other arguments beside it, which are not used."""
    body = point.operation if "\n" in point.operation else f"return {point.operation}"
    return made(f"import math\nimport numpy as np\n\n\ndef f({', '.join([*point.letters, *more])}):\n    {body}\n")


def squared(point, result):
    """The sum of the squares of the results: something whose second derivative is not zero."""
    head, _, last = point.operation.rpartition("return ")
    total = "np.sum(({}) ** 2)" if np.ndim(result) else "({}) ** 2"
    return made(f"import math\nimport numpy as np\n\n\ndef f({', '.join(point.letters)}):\n    {head}return {total.format(last)}\n")


def arguments(point, seed=0, branch=0, change=lambda x: x):
    rng = np.random.default_rng(zlib.crc32(f"{point.operation} {seed}".encode()))
    drawn = {a: rng.uniform(*bounds, SHAPES[a]) for a, bounds in point.bounds(branch).items()}
    given = [drawn[a] if a in drawn else INTS[a] for a in point.letters]
    return tuple(change(x if isinstance(x, np.ndarray) and x.ndim else x.item() if isinstance(x, np.ndarray) else x) for x in given)


def varied(args):
    return tuple(k for k, x in enumerate(args) if np.asarray(x).dtype.kind == "f")


def directions(args, seed):
    rng = np.random.default_rng(seed)
    return tuple(_like(x, rng.uniform(-1.0, 1.0, np.shape(x))) for x in args)


def _like(x, value):
    dtype = np.asarray(x).dtype
    value = np.asarray(value, dtype) if dtype.kind == "f" else np.zeros(np.shape(x))
    return value if np.ndim(x) else dtype.type(value) if isinstance(x, np.generic) else float(value)


def seed_for(value, seed):
    return _like(value, np.random.default_rng(seed).uniform(0.5, 1.5, np.shape(value)))


def expected_value(f, args):
    with np.errstate(all="ignore"):
        return f(*args)


def assert_value(found, expected, rtol, what):
    assert_close(found, expected, rtol, what)
    assert np.asarray(found).dtype == np.asarray(expected).dtype, what


def check_first(f, args, rtol=EXACT, finite=True):
    """Value and dtype, tangent, adjoint, and the identity between them."""
    argnums, expected = varied(args), expected_value(f, args)
    dots = directions(args, 1)
    tangent = plain(f, args, argnums, "jvp")
    value, along = tangent(*args, *(dots[k] for k in argnums))
    assert_value(value, expected, rtol, tangent.text)
    exact = dual_jvp(f, args, dots)[1]
    assert_close(along, exact, 10 * rtol, tangent.text)
    if np.asarray(expected).dtype.kind != "f":
        return
    assert np.asarray(along).dtype == np.asarray(expected).dtype, tangent.text
    if finite:
        check_finite(f, args, dots, along)
    seed = seed_for(expected, 2)
    adjoint = plain(f, args, argnums, "vjp")
    value, bars = adjoint(*args, seed)
    assert_value(value, expected, rtol, adjoint.text)
    assert_close(bars, dual_vjp(f, args, seed, argnums), rtol, adjoint.text)
    assert [np.asarray(b).dtype for b in bars] == [np.asarray(args[k]).dtype for k in argnums], adjoint.text
    v = tuple(dots[k] for k in argnums)
    assert abs(dot(v, bars) - dot(seed, along)) <= 10 * rtol * max(size(v, bars), 1e-3), adjoint.text


def check_finite(f, args, dots, along):
    estimate, error = finite_jvp(f, args, tuple(d if np.asarray(x).dtype.kind == "f" else None for x, d in zip(args, dots, strict=True)))
    room = 20.0 * np.asarray(error) + 1e-7 * np.max(np.abs(estimate), initial=1e-3)
    assert np.all(np.abs(along - estimate) <= room), f"{along}, but finite differences {estimate} +- {error}"


@pytest.mark.parametrize("point", ALL, ids=ids(ALL))
def test_first_order(point):
    f = function(point)
    for branch in range(len(point.domains) or 1):
        args = arguments(point, branch=branch)
        if varied(args):
            check_first(f, args)
        else:
            check_value(point, args)


def check_value(point, args):
    """Of a function of ints and bools alone, with an argument beside them that is differentiated."""
    f = function(point, ["beside"])
    expected = expected_value(f, (*args, 1.0))
    tangent = plain(f, (*args, 1.0), (len(args),), "jvp")
    value, along = tangent(*args, 1.0, 1.0)
    assert_value(value, expected, EXACT, tangent.text)
    assert not np.any(along), tangent.text


def gradient(f, args):
    found = plain(f, args, varied(args))
    return made_entry(found), found


def made_entry(found):
    """A generated function that can be differentiated again."""
    linecache.checkcache()
    return found.entry


def check_derivatives(f, args, rtol):
    """The tangent and the adjoint of a generated function against dual numbers run through it."""
    argnums, dots = varied(args), directions(args, 3)
    tangent = plain(f, args, argnums, "jvp")
    value, along = tangent(*args, *(dots[k] for k in argnums))
    exact_value, exact_along = dual_jvp(f, args, dots)
    assert_close(value, exact_value, rtol, tangent.text)
    assert_close(along, exact_along, rtol, tangent.text)
    seed = tuple(seed_for(v, 4) for v in value)
    adjoint = plain(f, args, argnums, "vjp")
    _, bars = adjoint(*args, seed)
    assert_close(bars, dual_vjp(f, args, seed, argnums), rtol, adjoint.text)
    return adjoint, seed


def differentiable(point, args):
    expected = expected_value(function(point), args)
    return varied(args) and np.asarray(expected).dtype.kind == "f"


@points_of("second")
def test_second_order(point):
    """Forward over reverse and reverse over reverse; the third derivative is that of the latter."""
    args = arguments(point, 5)
    if not differentiable(point, args):
        pytest.skip("no derivative")
    f = squared(point, expected_value(function(point), args))
    check_derivatives(plain(f, args, varied(args)).entry, args, 100 * EXACT)
