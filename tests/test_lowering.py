"""Lowering: array statements become element loops that compute what NumPy computes."""

from __future__ import annotations

import copy

import gast
import numba
import numpy as np
import pytest
from numba import typeof

from sct.errors import SctError, UnsupportedSyntax
from sct.frontend import load_program
from sct.ir.build import call_name, store_target, walk
from sct.ir.run import function
from sct.lowering import lower
from sct.types import infer

KEPT = {"zeros", "empty", "zeros_like", "empty_like", "copy"}


def lowered(f, *args):
    """The lowered program of `f`, typed once more."""
    argtypes = tuple(typeof(a) for a in args)
    program = load_program(f)
    result = lower(program, infer(program, argtypes))
    types = infer(result, argtypes)
    assert_final(result, types)
    return result


def assert_final(program, types):
    """Only element accesses, views, aliases, allocations and helper calls are left of arrays."""
    for stmt in walk(program.tree.body):
        target, value = store_target(stmt), getattr(stmt, "value", None)
        if target is not None:
            parts = target.slice.elts if isinstance(target.slice, gast.Tuple) else [target.slice]
            assert len(parts) == types.ndim(target.value.id)
            assert not any(isinstance(p, gast.Slice) for p in parts)
        elif isinstance(stmt, gast.Assign) and isinstance(stmt.targets[0], gast.Name) and types.is_array(stmt.targets[0].id):
            helper = isinstance(value, gast.Call) and call_name(value) in program.helpers
            assert isinstance(value, gast.Name | gast.Subscript | gast.Attribute) or helper or call_name(value) in KEPT


def text(program):
    return gast.unparse(program.tree)


def check(f, *args, compiled=False):
    """The lowered program gives the results of `f` and changes its arguments as `f` does. Returns its text."""
    program = lowered(f, *args)
    runs = [function(program)]
    if compiled:
        runs.append(numba.njit(error_model="numpy")(function(program)))
    expected_args = copy.deepcopy(args)
    with np.errstate(all="ignore"):
        expected = f(*expected_args)
    for run in runs:
        given = copy.deepcopy(args)
        result = run(*given)
        assert (result is None) == (expected is None)
        if expected is not None:
            np.testing.assert_allclose(result, expected, rtol=1e-12)
        for a, b in zip(given, expected_args, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)
    return text(program)


def vector(n=5, start=1.0):
    return start + 0.5 * np.arange(n)


def matrix(n=3, m=4):
    return np.sin(np.arange(float(n * m))).reshape(n, m)


# elementwise expressions


def axpy(a, x, b, z):
    y = a * x + b * z
    return y


def test_an_expression_is_one_loop_without_temporaries():
    shown = check(axpy, 2.0, vector(), 3.0, vector(start=4.0), compiled=True)
    assert shown.count("for ") == 1
    assert shown.count("np.empty") == 1
    assert shown.count("common_length") == 1


def same_array(x):
    return (x * 2.0 + x) / np.sqrt(x) - np.abs(-x) ** 2


def test_no_check_for_shapes_known_to_agree():
    assert "raise" not in check(same_array, vector())


def differences(x):
    d = x[1:] - x[:-1]
    y = np.zeros_like(x)
    y[1:-1] = d[1:] * x[1:-1]
    z = np.zeros(len(x))
    return y + z


def test_slices_that_leave_out_equally_many_need_no_check():
    assert "raise" not in check(differences, vector(7))


def rows(m, v):
    return m * v + m


def test_the_last_axis_is_broadcast():
    check(rows, matrix(), vector(4), compiled=True)


def column_slices(m):
    return m[:, 1] * m[:, 2] - m.T[0]


def test_views_as_operands():
    check(column_slices, matrix())


def reused(x):
    t = x * 2.0
    u = t + 1.0
    return u * t


def test_an_array_used_twice_is_kept():
    assert check(reused, vector()).count("np.empty") == 2


def overwritten_between(x, w):
    t = x * w
    x[0] = 100.0
    return t + 1.0


def test_a_write_in_between_stops_fusion():
    check(overwritten_between, vector(), vector())


def overwritten_in_a_loop_between(x, w):
    t = x * w
    v = x[1:]
    for i in range(len(v)):
        v[i] = 7.0
    return t + 1.0


def test_a_write_through_a_view_stops_fusion():
    check(overwritten_in_a_loop_between, vector(), vector())


def chosen(x, y):
    return np.where(x > 1.5, np.log(x - 1.5), y)


def test_where_branches_and_computes_one_side_only():
    shown = check(chosen, vector(), vector(), compiled=True)
    branch = shown.index("if ", shown.index("for "))
    assert shown.index("np.log") > branch


def compared(x, y):
    return np.where((x > y) == (x > 2.0), x, y)


def test_comparisons_of_arrays():
    check(compared, vector(), vector()[::-1].copy())


def mask(x):
    c = x > 2.0
    n = 0
    for i in range(len(c)):
        if c[i]:
            n += 1
    return n


def test_a_bool_array():
    check(mask, vector())


def integers(i, j):
    return (i * j + 7) // 2 % 3


def test_integer_arrays():
    check(integers, np.arange(5), np.arange(5)[::-1].copy(), compiled=True)


def test_narrow_integers_and_float32_keep_their_type():
    i = np.arange(5, dtype=np.int32)
    assert "np.int32" in check(integers, i, i)
    x = vector().astype(np.float32)
    run = numba.njit(function(lowered(axpy, np.float32(2), x, np.float32(3), x)))
    assert run(np.float32(2), x, np.float32(3), x).dtype == np.float32


def scalar_where(x, a):
    b = np.where(a > 0.0, a, -a)
    return b * x[0]


def test_where_of_scalars():
    check(scalar_where, vector(), -2.0)


# shapes


@pytest.mark.parametrize("n", [0, 4])
def test_lengths_that_differ_are_refused_at_run_time(n):
    program = lowered(axpy, 2.0, vector(), 3.0, vector())
    with pytest.raises(ValueError, match="do not fit each other"):
        function(program)(2.0, vector(), 3.0, vector(n))


def stored(x, y):
    x[:] = y


def test_a_store_of_another_length_is_refused_at_run_time():
    with pytest.raises(ValueError, match="do not fit each other"):
        function(lowered(stored, vector(), vector()))(vector(), vector(2))


# stores


def slices(a, e):
    a[1:4] = e[:3] * 2.0
    a[:] = a * a
    a[5:100] = 3.0
    a[1:] += a[:-1]
    a += a[::-1]
    a[2:] *= a[:-2]
    a[::2] -= 1.0
    a[:-1] = a[1:]
    return a[0]


def test_slice_stores_have_numpys_meaning():
    check(slices, vector(8), vector(8), compiled=True)


def in_two_dimensions(m, v, i):
    m[i] = v
    m[:, 0] = 0.0
    m[-1, 1:] = v[1:]
    m[1:, :] += m[:-1, :]
    m += m.T
    m[:, :] = m * 2.0
    m[0] = m[1]
    m[1, :] *= 3.0
    return m[0, 0]


def test_stores_to_rows_columns_and_blocks():
    check(in_two_dimensions, matrix(4, 4), vector(4), 1, compiled=True)


def through_views(a):
    v = a[2:6]
    w = a[3:7]
    v += w
    v *= 2.0
    w[:] = v
    w -= v[::-1]
    return np.sum(a)


def test_views_that_overlap():
    check(through_views, vector(8))


def direct(x, y):
    y[:] = x * 2.0
    y[1:] = x[:-1]
    y -= x
    y *= y


def test_different_arrays_need_no_temporary():
    shown = check(direct, vector(), vector())
    assert "np.copy" not in shown and "np.empty" not in shown


def augmented_in_a_loop(x, y, n):
    for i in range(n):
        if i > 1:
            y += x * i
        else:
            y *= 2.0
    return y


def test_an_update_in_place_keeps_the_array():
    shown = check(augmented_in_a_loop, vector(), vector(), 4)
    assert "np.copy" not in shown and "np.empty" not in shown


def integer_in_place(i, x):
    i += x
    return i[0]


def integer_divided(i, x):
    i /= 2
    return i[0] * x[0]


def integer_part(i, x):
    i[1:] *= x[1:]
    return i[1]


def integer_part_less_a_number(i, x):
    i[1:] -= 1.5
    return i[1] * x[0]


def integer_mask(i, x):
    i[x > 0.0] += x[0]
    return i[1]


def integer_at_subscripts(i, x):
    i[i] += x
    return i[1]


def integer_out(i, x):
    np.exp(x, out=i)
    return i[0]


def integer_copyto(i, x):
    np.copyto(i, x)
    return i[0]


IN_PLACE = (
    integer_in_place, integer_divided, integer_part, integer_part_less_a_number, integer_mask, integer_at_subscripts, integer_out, integer_copyto,
)  # fmt: skip


@pytest.mark.parametrize("function", IN_PLACE, ids=lambda f: f.__name__)
def test_a_float_result_does_not_fit_in_place(function):
    """NumPy, which all of these make raise an error, is asked too."""
    with pytest.raises(TypeError, match="same_kind"):
        function(np.arange(3), vector(3))
    with pytest.raises(UnsupportedSyntax, match="`i` holds integers"):
        lowered(function, np.arange(3), vector(3))


def fits_in_place(i, b, x):
    i[0] *= 2.5
    i[...] = x
    i[1:] *= 3
    i += b
    b[:] *= True
    np.copyto(i[:1], b[:1])
    x[1:] *= i[1:]
    return x


def test_what_fits_in_place_or_is_converted_by_a_store():
    check(fits_in_place, np.arange(3), np.array([True, False, True]), vector(3))


# reductions and products


def sums(x, m, w):
    return np.sum(x * w) + np.sum(m) + x.sum() + np.sum(m * m)


def test_sums_have_no_temporaries():
    assert "np.empty" not in check(sums, vector(4), matrix(), vector(4))


def integer_sum(i):
    return np.sum(i * i)


def test_a_sum_of_integers_is_an_integer():
    assert "total" not in check(integer_sum, np.arange(5))


def products(x, y, m, n):
    a = x @ y
    b = m @ x
    c = y @ m.T
    d = m @ n
    e = np.dot(x * 2.0, y + 1.0)
    return a + e + np.sum(b) + np.sum(c) + d[0, 1]


def test_products():
    check(products, vector(4), vector(4, 2.0), matrix(), matrix(4, 2), compiled=True)


def test_inner_lengths_are_checked():
    program = lowered(products, vector(4), vector(4), matrix(), matrix(4, 2))
    with pytest.raises(ValueError, match="do not fit each other"):
        function(program)(vector(4), vector(4), matrix(), matrix(5, 2))


def sums_along_axes(m):
    return np.sum(m, 0)[0] * np.sum(m * m, axis=-1)[1]


def test_sums_along_axes():
    check(sums_along_axes, matrix(), compiled=True)


def a_third_axis(m):
    return np.sum(m, 2)[0]


def test_a_sum_along_an_axis_that_is_not_there_is_refused():
    with pytest.raises(SctError):
        lowered(a_third_axis, matrix())


# allocations


def allocations(x, n):
    a = np.ones(n)
    b = np.full((n, 2), 3.5)
    c = np.full_like(x, 2.0)
    d = np.ones_like(x)
    e = np.zeros(n, np.int64)
    f = np.full(n, 7)
    g = np.zeros_like(x, dtype=np.float64)
    h = np.zeros(x.shape)
    return np.sum(a) + np.sum(b) + np.sum(c * d) + np.sum(e + f) + np.sum(g) + np.sum(h)


def test_allocations():
    check(allocations, vector(), 5, compiled=True)
