"""Arrays that get room for more: what is refused, so that no name for the old place is ever read."""

import numpy as np
import pytest

import sct
from sct.errors import UnsupportedCall, UnsupportedSyntax
from sct.runtime import reserve
from tests.harness import plain


def old_name(x):
    c = x.copy()
    old = c
    c = reserve(c, 9)
    c[0] = x[1]
    return old[0]


def old_view(x):
    c = x.copy()
    part = c[0:2]
    c = reserve(c, 9)
    part[0] = x[1]
    return c[0]


def view_across_iterations(x):
    c = x.copy()
    part = c[0:2]
    s = 0.0
    for k in range(len(x)):
        s += part[0] * x[k]
        c = reserve(c, 5 + k)
    return s


def old_every_time(x):
    c = x.copy()
    s = 0.0
    for k in range(len(x)):
        d = reserve(c, 9 + k)
        d[0] = x[k] * d[0]
        s += d[0]
    return s


def two_names_in_a_loop(x):
    c = x.copy()
    before = c
    s = 0.0
    for k in range(len(x)):
        s += before[0]
        before = c
        c = reserve(c, 5 + k)
        c[0] = x[k]
    return s


def length(x):
    c = x.copy()
    c = reserve(c, 19)
    return x[0] * len(c)


def whole(x):
    c = x.copy()
    c = reserve(c, 19)
    return np.sum(c)


def from_the_end(x):
    c = x.copy()
    c = reserve(c, 19)
    c[-1] = x[0]
    return c[-1]


def one_or_the_other(x):
    c = x.copy()
    d = x * 2.0
    if x[0] > 0.0:
        c = d
    c = reserve(c, 9)
    return c[0]


def argument(x):
    x = reserve(x, 9)
    return x[0]


def enlarged(c):
    c = reserve(c, 9)
    c[0] = 2.0 * c[0]
    return c


def enlarged_in_vain(c):
    c[0] = 2.0
    c = reserve(c, 9)
    return c[0]


def dropped(x):
    c = x.copy()
    enlarged(c)
    return c[0]


def not_returned(x):
    c = x.copy()
    return enlarged_in_vain(c) + c[0]


def both(c, d):
    c = reserve(c, 9)
    c[0] = d[1]
    return c


def passed_twice(x):
    c = x.copy()
    c = both(c, c)
    return c[0]


CASES = {
    old_name: (UnsupportedSyntax, "`old` is read after `c` may have moved"),
    old_view: (UnsupportedSyntax, "`part` is read after `c` may have moved"),
    view_across_iterations: (UnsupportedSyntax, "`part` is read after `c` may have moved"),
    old_every_time: (UnsupportedSyntax, "`c` is read after `c` may have moved"),
    two_names_in_a_loop: (UnsupportedSyntax, "`before` is read after `c` may have moved"),
    length: (UnsupportedSyntax, "the length of `c` is that of its memory"),
    whole: (UnsupportedSyntax, "the length of `c` is that of its memory"),
    from_the_end: (UnsupportedSyntax, "the length of `c` is that of its memory"),
    one_or_the_other: (UnsupportedSyntax, "`c`, which gets room for more, is not always the same array"),
    argument: ((UnsupportedCall, UnsupportedSyntax), "gets room for more"),
    dropped: (UnsupportedCall, "the array that the helper returns with room for more is dropped"),
    not_returned: (UnsupportedSyntax, "the parameter `c` gets room for more and is not returned"),
    passed_twice: (UnsupportedSyntax, "`c` is passed twice"),
}


@pytest.mark.parametrize("function", CASES, ids=[f.__name__ for f in CASES])
def test_what_would_read_the_old_place_is_refused(function):
    kind, message = CASES[function]
    with pytest.raises(kind) as raised:
        plain(function, (np.array([0.5, 1.5, -0.5]),), 0)
    assert message in str(raised.value)
    assert "Instead: " in str(raised.value)


def test_derivatives_call_the_same_growth():
    """The gradient of the helper is enlarged along with what it returns."""
    x = np.array([0.5, 1.5, -0.5])
    np.testing.assert_allclose(plain(grown_and_used, (x,), 0)(x), [2.0, 0.0, 0.0])
    assert sct.grad(grown_and_used)(x)[0] == 2.0


def grown_and_used(x):
    return enlarged(x.copy())[0]
