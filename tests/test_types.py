"""Types of core programs, as Numba infers them."""

import math
import textwrap
from types import ModuleType

import gast
import numpy as np
import pytest
from numba import njit, typeof, types

from sct.errors import TypeProblem
from sct.frontend.allowed import RESERVED
from sct.frontend.load import callee
from sct.ir.program import Program, Source
from sct.types import infer
from sct.types.stubs import STUBS

VECTOR = typeof(np.zeros(3))


def program(text, constants=(), helpers=()):
    lines = textwrap.dedent(text).strip().splitlines()
    tree = gast.parse("\n".join(lines)).body[0]
    called = {name: callee(helper) for name, helper in dict(helpers).items()}
    return Program(tree, Source(None, "/nowhere/user.py", 1, tuple(lines)), dict(constants), called)


def test_the_versions_of_a_name_are_joined():
    found = infer(
        program("""
            def f(x):
                n = len(x)
                c = 0
                for i in range(n):
                    h = c
                    a = x[i]
                    b = h + a
                    c = b
                z = c
                big = z > 1.0
                return z
        """),
        (VECTOR,),
    )
    assert found.is_float("c") and found.is_float("h") and found.is_float("z")
    assert found.is_int("n") and found.is_int("i") and found.is_bool("big")
    assert found.result == types.float64


def test_arrays_tell_their_shape():
    found = infer(
        program(
            """
            def f(m):
                n = m.shape[0]
                t = m.T
                row = m[0]
                o = np.zeros((n, n), dtype=DT)
                return o, n
            """,
            {"DT": np.float32, "TABLE": np.zeros((2, 3), order="F"), "G": 9.81, "N": 3},
        ),
        (typeof(np.zeros((2, 2))),),
    )
    assert [found.layout(name) for name in ("m", "t", "row", "TABLE", "n")] == ["C", "F", "C", "F", ""]
    assert [found.ndim(name) for name in ("m", "row", "o", "TABLE", "G")] == [2, 1, 2, 2, 0]
    assert found.dtype("o") == types.float32 and found.dtype("n") == types.int64
    assert found.is_array("row") and found.is_float("G") and found.is_int("N")
    assert str(found.result) == "Tuple(array(float32, 2d, C), int64)"


def test_an_unbound_start_takes_the_type_of_the_other_paths():
    found = infer(
        program("""
            def f(x):
                n = len(x)
                b = UNDEFINED
                for i in range(n):
                    h = b
                    v = x[i]
                    t = v > 0
                    if t:
                        m = v
                        w = UNDEFINED
                    else:
                        m = h
                        w = m * 2
                    b = m
                r = b
                return r
        """),
        (VECTOR,),
    )
    assert all(found.is_float(name) for name in "bhmrw")


def test_an_unbound_array_that_is_used_before_it_is_known():
    found = infer(
        program("""
            def f(x):
                b = UNDEFINED
                for i in range(3):
                    h = b
                    t = i > 0
                    if t:
                        s = h[1]
                        k = math.sin(s)
                        m = h + k
                    else:
                        m = x
                    b = m
                r = b
                return r
        """),
        (VECTOR,),
    )
    assert found.is_array("h") and found.is_float("s") and found.is_float("k") and found.result == VECTOR


def test_a_pruned_branch_has_no_types():
    found = infer(
        program(
            """
            def f(x, w=None):
                if DEBUG:
                    dead = x + 1.0
                else:
                    pass
                return x
            """,
            {"DEBUG": False},
        ),
        (types.float64, types.Omitted(None)),
    )
    assert not found.is_float("dead") and found.of("dead") is types.undefined
    assert found.of("w") == types.none


def test_a_default_that_is_taken_has_its_type():
    found = infer(program("def f(x, w=2.0):\n    y = x * w\n    return y"), (types.float32, types.Omitted(2.0)))
    assert found.of("w") == types.float64


def inner(x):
    return math.sin(x) + OFFSET


OFFSET = 1.0


def outer(x):
    return inner(x) * 2


@njit
def compiled(x):
    return inner(x)


def fibonacci(n):
    if n < 2:
        return 1.0
    return fibonacci(n - 1) + fibonacci(n - 2)


def even(n):
    if n == 0:
        return True
    return odd(n - 1)


def odd(n):
    if n == 0:
        return False
    return even(n - 1)


def closing_over(function):
    def call(x):
        return function(x)

    return call


def through_module(x):
    return library.inner(x)


library = ModuleType("library")
library.inner = inner


@pytest.mark.parametrize(
    ("helper", "argument", "result"),
    [
        (outer, "x", types.float64),
        (compiled, "x", types.float64),
        (closing_over(outer), "x", types.float64),
        (through_module, "x", types.float64),
        (fibonacci, "n", types.float64),
        (even, "n", types.boolean),
    ],
)
def test_helpers_may_be_plain_python(helper, argument, result):
    text = f"def f(x, n):\n    y = helper({argument})\n    return y"
    assert infer(program(text, helpers={"helper": helper}), (types.float64, types.int64)).of("y") == result
    assert not compiled.signatures  # nothing was compiled for it


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("y = math.sin(x)", "there is no sin(array(float64, 1d, C))"),
        ("y = np.i0(x)", "numpy.i0"),
        ("y = missing(x)", "name 'missing' is not defined"),
        ("y = outer(x)", "there is no sin(array(float64, 1d, C))"),
        ("y = np.sum(x, keepdims=True)", "unexpected keyword argument 'keepdims'"),
    ],
)
def test_errors_name_the_users_line(line, says):
    with pytest.raises(TypeProblem) as caught:
        infer(program(f"def f(x):\n    z = 1.0\n    {line}\n    return y", helpers={"outer": outer}), (VECTOR,))
    assert says in str(caught.value)
    assert caught.value.place.line == 3 and caught.value.place.text.strip() == line
    assert "nopython" not in str(caught.value) and caught.value.__suppress_context__


def test_the_program_is_left_as_it_was():
    subject = program("def f(x):\n    y = UNDEFINED\n    if x:\n        y = x\n    else:\n        pass\n    return x")
    before = gast.dump(subject.tree, include_attributes=True)
    infer(subject, (types.float64,))
    assert gast.dump(subject.tree, include_attributes=True) == before


def test_the_names_of_stubs_are_taken():
    assert set(STUBS) <= RESERVED
