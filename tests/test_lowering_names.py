"""Lowering: array names that loops and branches rebind; refusals; the functions that generated code calls."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from test_lowering import check, function, lowered, vector

import sct
from sct import runtime
from sct.errors import UnsupportedCall, UnsupportedSyntax

# names of arrays


def ping_pong(a, b, n):
    for _ in range(n):
        for i in range(1, len(a) - 1):
            b[i] = 0.5 * (a[i - 1] + a[i + 1])
        a, b = b, a
    return a[1]


def test_names_that_change_places():
    for n in range(4):
        shown = check(ping_pong, vector(6) ** 2, vector(6), n)
    assert "np.copy" not in shown


def rotation(a, b, c, n):
    for i in range(n):
        a[i] += b[i] * 2.0 + c[0]
        a, b, c = b, c, a
    return a[0] + 2.0 * b[1] + 3.0 * c[2]


def test_three_names_that_change_places():
    check(rotation, vector(), vector(5, 2.0), vector(5, 3.0), 4, compiled=True)


def swap_until(a, b, limit):
    n = 0
    while True:
        b[:] = a * 0.5
        if b[0] < limit:
            break
        a, b = b, a
        n += 1
    return a[0] + n


@pytest.mark.parametrize("limit", [0.1, 100.0])
def test_names_that_change_places_in_a_loop_that_breaks(limit):
    check(swap_until, vector(), vector(5, 2.0), limit)


def swap_while(a, b, limit):
    last = a[0]
    while last > limit:
        b[:] = a * 0.5
        last = b[0]
        a, b = b, a
    return a[1] - b[0]


def test_names_that_change_places_in_a_while_loop():
    check(swap_while, vector(), vector(), 0.1)


def euler(y, h, n):
    for _ in range(n):
        k = np.sin(y)
        y = y + h * k
    return y


def test_a_fresh_array_each_time_round():
    for n in (0, 3):
        shown = check(euler, vector(), 0.1, n)
    assert shown.count("np.copy") == 1 and "np.empty" not in shown


def euler_from_zero(n, h):
    y = np.zeros(n)
    y[0] = 1.0
    for _ in range(n):
        y = y + h
        y[0] = 0.0
    y[1] = 5.0
    return y


def test_a_local_start_is_used_itself():
    assert "np.copy" not in check(euler_from_zero, 4, 0.5)


def fibonacci(x, n):
    before = x
    now = x * 2.0
    for _ in range(n):
        before, now = now, now + before
    return now - before


def test_a_fresh_array_and_the_one_before():
    check(fibonacci, vector(), 5)


def nested(x, n):
    y = x
    for i in range(n):
        for _ in range(i):
            y = y * 1.5
        y = y + x
    return y


def test_fresh_arrays_in_nested_loops():
    check(nested, vector(), 4)


def refreshed_in_a_branch(x, n):
    y = x
    for i in range(n):
        if i % 2 == 0:
            y = y + 1.0
        if y[0] > 2.5:
            break
    return y


def test_a_fresh_array_on_some_paths():
    check(refreshed_in_a_branch, vector(), 9)


def newton(x, tol):
    r = x * x - 2.0
    while np.sum(r * r) > tol:
        x = x - r / (2.0 * x)
        r = x * x - 2.0
    return x


def test_fresh_arrays_in_a_while_loop():
    check(newton, vector(), 1e-8, compiled=True)


def grows(x, n):
    y = x[:2]
    for _ in range(n):
        y = x[1:] * 1.0
    return y


def test_an_array_that_changes_its_shape_is_refused_at_run_time():
    with pytest.raises(ValueError, match="rebinds y to an array of another shape"):
        function(lowered(grows, vector(), 2))(vector(), 2)


def written_while_shared(y, n):
    for _ in range(n):
        y[0] = 0.0
        y = y + 1.0
    return y


def written_afterwards(x, n):
    y = x
    for _ in range(n):
        y = y + 1.0
    y[0] = 0.0
    return y


@pytest.mark.parametrize("f", [written_while_shared, written_afterwards])
@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_carried_array_that_is_shared_and_written(f, n):
    check(f, vector(), n)


def in_one_arm(x, flag):
    if flag:
        y = x
    else:
        y = x * 2.0
    return np.sum(y)


def test_a_merge_of_arrays_stays():
    check(in_one_arm, vector(), True)


def unbound(x, n):
    for i in range(n):
        y = x * i
    return y


def test_an_array_that_may_be_unbound():
    check(unbound, vector(), 3)


def test_an_unbound_array_raises_as_in_python():
    with pytest.raises(UnboundLocalError, match="y is read before it is assigned"):
        sct.vjp(unbound, vector(), 0)


def rebound_to_a_part_of_itself(x, n):
    for i in range(n):
        y = x * i
        z = y[1:]
    return y[0] * z[0]


def test_parts_that_outlive_their_array_are_refused():
    with pytest.raises(UnsupportedSyntax, match="`y` outlives this block"):
        lowered(rebound_to_a_part_of_itself, vector(), 3)


def unbound_scalars(x, n):
    for i in range(n):
        a = x[i] * 2.0
        k = i
        big = a > 1.0
    if big:
        return a + k
    return a - k


def test_scalars_that_may_be_unbound_start_with_a_value_of_their_type():
    check(unbound_scalars, vector(), 3)


def fill(a, v):
    a[:] = v


def with_helper(x):
    t = x * 2.0
    fill(t, 3.0)
    u = x + 1.0
    fill(x, 1.0)
    return t + u


def test_helpers_may_write_to_their_arrays():
    check(with_helper, vector())



def jacobi(a, b, n):
    for _ in range(n):
        b[1:-1] = 0.5 * (a[:-2] + a[2:])
        a, b = b, a
    return a


def test_arrays_that_change_places_are_known_to_be_apart():
    shown = check(jacobi, vector() ** 2, vector(), 3)
    assert "np.empty" not in shown and "np.copy" not in shown


def pruned(x):
    s = 0.0
    if s > 0.0:
        t = x[1:]
        x[1:] = t * 2.0
    return np.sum(x)


def test_a_branch_that_numba_prunes_is_dropped():
    assert "if" not in check(pruned, vector())


def rate(y, w):
    out = np.empty_like(y)
    s = y[0]
    s += 1.0
    for i in range(len(y)):
        out[i] = np.sin(y[i]) * w[i] + s
    return out


def runge_kutta(y, w, h, n):
    for _ in range(n):
        k1 = rate(y, w)
        k2 = rate(y + 0.5 * h * k1, w)
        y = y + h * k2
    return y


def test_what_helpers_write_and_return_is_looked_up():
    shown = check(runge_kutta, vector(), vector(), 0.1, 3)
    assert shown.count("np.copy") == 1 and shown.count("np.empty") == 1


def halved(a, b):
    a *= 0.5
    return b, a[1:]


def through_a_helper(x, y):
    t = x * y
    p, q = halved(x, y)
    q[:] = p[:-1]
    return t + x


def test_a_helper_that_writes_and_shares():
    check(through_a_helper, vector(), vector())


# refusals


def wrong_function(x):
    return np.polyfit(x, x, 1)


def test_other_functions_of_arrays_are_refused():
    with pytest.raises(UnsupportedCall):
        lowered(wrong_function, vector())


# runtime


def test_reserve():
    for reserve in (runtime.reserve, numba.njit(lambda t, n: runtime.reserve(t, n))):
        tape = np.arange(3, dtype=np.float32)
        assert reserve(tape, 3) is tape or reserve is not runtime.reserve
        grown = reserve(tape, 4)
        assert len(grown) == 6 and grown.dtype == np.float32
        assert list(grown[:3]) == [0.0, 1.0, 2.0]
        assert len(reserve(tape, 100)) == 100


def test_overlap():
    a, m = np.zeros(10), np.zeros((4, 4))
    compiled = numba.njit(lambda x, y: runtime.overlap(x, y))
    for overlap in (runtime.overlap, compiled):
        assert overlap(a[:5], a[4:])
        assert not overlap(a[:5], a[5:])
        assert overlap(a[::-1], a[:1])
        assert not overlap(a[4::-1], a[5:])
        assert overlap(m[1], m.T)
        assert not overlap(m[:2], m[2:])
        assert not overlap(a, m)
        assert not overlap(a[:0], a)
