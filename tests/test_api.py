"""The user's functions, with hand-written text in place of the compiler's."""

import inspect
import pickle
import sys
import time
from types import ModuleType, SimpleNamespace

import numba
import numpy as np
import pytest

import sct
from sct.errors import NotDifferentiable, TypeProblem, UnsupportedCall, UnsupportedSyntax

BODIES = {
    ("parabola", "grad"): ("x, w=2.0", "2.0 * w * x"),
    ("parabola", "value_and_grad"): ("x, w=2.0", "(w * x * x, 2.0 * w * x)"),
    ("parabola", "jvp"): ("x, w, x_dot, w_dot", "(w * x * x, 2.0 * w * x * x_dot + w_dot * x * x)"),
    ("parabola", "value"): ("x, w=2.0", "(w * x * x, 0.0)"),
    ("parabola", "vjp"): ("x, w, seed", "(w * x * x, (2.0 * w * x * seed, x * x * seed))"),
    ("parabola_grad", "grad"): ("x, w=2.0", "2.0 * w"),
    ("<lambda>", "grad"): ("x", "3.0"),
    ("scaled", "grad"): ("x, n", "1.0 * n"),
    ("scaled", "jvp"): ("x, n, x_dot", "(x * n, x_dot * n)"),
    ("scaled", "value"): ("x, n", "(x * n, x * 0.0)"),
    ("scaled", "vjp"): ("x, n, seed", "(x * n, (seed * n,))"),
    ("total", "grad"): ("x", "x * 0 + 1.0"),
    ("wrong", "grad"): ("x", "x.nothing"),
    ("refused", "grad"): ("x", ""),
}


def parabola(x, w=2.0):
    return w * x * x


def total(x):
    return np.sum(x)


def scaled(x, n):
    return x * n


def wrong(x):
    return x


def refused(x):
    return x


@pytest.fixture(autouse=True)
def compiler(monkeypatch, tmp_path):
    """A compiler that knows the derivatives above; the functions it was asked about are in `asked`."""

    def generate(function, argtypes, mode, argnums, plan="default", parallel=False):
        name = function.__name__
        stub.asked.append((function, argtypes, mode, argnums))
        if name == "refused":
            raise UnsupportedSyntax("not in the language")
        parameters, result = BODIES[name, mode if argnums != () else "value"]
        text = f"import numpy as np\n\n\ndef {name.strip('<>')}_{mode}({parameters}):\n    return {result}\n"
        return SimpleNamespace(text=text, entry=f"{name.strip('<>')}_{mode}", arrays={}, notes=[], regroup=True)

    stub = ModuleType("sct.pipeline")
    stub.generate, stub.asked = generate, []
    monkeypatch.setitem(sys.modules, "sct.pipeline", stub)
    monkeypatch.setattr(sct, "pipeline", stub, raising=False)
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("sct_cache_")]:
        monkeypatch.delitem(sys.modules, name)
    return stub


def test_calls_take_keywords_and_defaults():
    slope = sct.grad(parabola)
    assert slope(3.0) == 12.0
    assert slope(3.0, 1.0) == slope(w=1.0, x=3.0) == slope(3.0, w=1.0) == 6.0
    assert sct.value_and_grad(parabola)(3.0) == (18.0, 12.0)


def test_decorators_with_and_without_arguments():
    @sct.grad
    def parabola(x, w=2.0):
        return w * x * x

    assert parabola(3.0) == 12.0 and parabola.primal(3.0) == 18.0
    assert sct.grad(argnums=[0], plan="store_all")(parabola.primal).request.plan == "store_all"
    assert sct.value_and_grad(argnums=-1)(parabola.primal).request.argnums == 1


def test_a_dispatcher_or_lambda_is_a_function_too():
    assert sct.grad(numba.njit(parabola))(3.0) == 12.0
    assert sct.grad(lambda x: 3.0 * x)(1.0) == 3.0


def test_the_source_is_the_text_without_the_footer(compiler):
    slope = sct.grad(parabola)
    expected = "import numpy as np\n\n\ndef parabola_grad(x, w=2.0):\n    return 2.0 * w * x\n"
    assert slope.source(3.0) == slope.source(x=3.0) == expected
    assert not slope.signatures and len(compiler.asked) == 1


def test_a_derivative_is_called_from_compiled_code():
    slope = sct.grad(parabola)

    @numba.njit
    def as_global(n):
        return sum([slope(1.0 * i) + slope(1.0, w=1.0) for i in range(n)])

    @numba.njit
    def as_argument(function, x):
        return function(x, 1.0)

    assert as_global(3) == 18.0
    assert as_argument(slope, 2.0) == 4.0


def test_a_derivative_is_called_in_prange():
    slope = sct.grad(parabola)

    @numba.njit(parallel=True)
    def slopes(x):
        out = np.empty_like(x)
        for i in numba.prange(len(x)):
            out[i] = slope(x[i])
        return out

    x = np.linspace(0.0, 1.0, 50)
    np.testing.assert_allclose(slopes(x), 4.0 * x)


def test_dispatch_is_as_fast_as_numbas():
    slope, plain = sct.grad(parabola), numba.njit(parabola)
    slope(3.0), plain(3.0)

    def cost(function):
        start = time.process_time()
        for _ in range(20_000):
            function(3.0)
        return time.process_time() - start

    costs = [(cost(slope), cost(plain)) for _ in range(9)]
    assert min(c for c, _ in costs) < 2 * min(c for _, c in costs)


def test_a_second_object_uses_what_the_first_compiled(compiler):
    assert sct.grad(parabola)(3.0) == sct.grad(parabola)(3.0) == 12.0
    assert len(compiler.asked) == 1


def test_pickles():
    for function in (parabola, lambda x: 3.0 * x):
        slope = sct.grad(function)
        copy = pickle.loads(pickle.dumps(slope))
        assert copy(2.0) == slope(2.0) and copy.request.argnums == 0


def test_the_gradient_of_a_gradient_differentiates_the_generated_text(compiler):
    slope = sct.grad(parabola)
    assert sct.grad(slope)(3.0) == 4.0
    inner, outer = compiler.asked
    assert inner[0] is parabola and outer[0].__name__ == "parabola_grad"
    assert outer[0].__code__.co_filename.endswith(".py")


def test_the_body_of_a_derivative_is_not_taken_for_that_of_the_primal():
    slope = sct.grad(parabola)
    assert inspect.signature(slope) == inspect.signature(parabola)
    with pytest.raises(NotImplementedError):
        slope.py_func(1.0)


def test_literal_arguments_in_compiled_code():
    slope = sct.grad(scaled)
    assert numba.njit(lambda x: slope(x, 2))(1.5) == 2


def test_jvp_and_vjp():
    assert sct.jvp(parabola, (3.0, 2.0), (1.0, 0)) == (18.0, 12.0)
    value, pullback = sct.vjp(parabola, 3.0, 2.0)
    assert value == 18.0 and pullback(1) == (12.0, 9.0) and pullback(2.0) == (24.0, 18.0)


def test_ints_are_constants_of_jvp_and_vjp():
    x = np.array([1.0, 2.0])
    value, along = sct.jvp(scaled, (x, 3), ([1, 0], None))
    assert value.tolist() == [3.0, 6.0] and along.tolist() == [3.0, 0.0]
    value, pullback = sct.vjp(scaled, x, 3)
    x[:] = 0.0
    bar, nothing = pullback(np.array([1, 1]))
    assert bar.tolist() == [3.0, 3.0] and nothing == 0


@pytest.mark.parametrize("argument", [3, True, np.arange(3)])
def test_only_floats_have_derivatives(argument):
    with pytest.raises(NotDifferentiable, match="argument 'x' of parabola"):
        sct.grad(parabola)(argument)


@pytest.mark.parametrize(("argument", "kind"), [([1.0], "a list"), ("a", "a string"), (object(), "an object"), (1j, "a complex number")])
def test_what_numba_does_not_know_is_refused(argument, kind):
    for call in (sct.grad(total), lambda x: sct.vjp(total, x), lambda x: sct.jvp(total, (x,), (x,))):
        with pytest.raises(TypeProblem, match=f"argument 'x' of total is {kind}"):
            call(argument)


@pytest.mark.parametrize("argnums", [2, -3, (0, 5), 1.5, True])
def test_argnums_must_name_an_argument(argnums):
    with pytest.raises(NotDifferentiable, match="parabola has 2 arguments"):
        sct.grad(parabola, argnums)


def test_what_is_no_python_function_is_refused():
    for function in (np.sin, len, SimpleNamespace()):
        with pytest.raises(UnsupportedCall, match="is not a Python function"):
            sct.grad(function)
    with pytest.raises(UnsupportedSyntax, match=r"takes \*\*xs"):
        sct.grad(lambda **xs: xs[0])


def test_tangents_must_fit():
    with pytest.raises(TypeProblem, match="2 primals but 1"):
        sct.jvp(parabola, (1.0, 2.0), (1.0,))
    with pytest.raises(TypeProblem, match="shape"):
        sct.jvp(scaled, (np.ones(3), 2), (np.ones(2), 0))
    with pytest.raises(TypeProblem, match="the seed has shape"):
        sct.vjp(scaled, np.ones(3), 2)[1](1.0)
    with pytest.raises(NotDifferentiable, match="no argument of parabola is a float"):
        sct.jvp(parabola, (1, 2), (1, 1))


def test_our_errors_come_through_numba():
    with pytest.raises(UnsupportedSyntax, match="not in the language"):
        sct.grad(refused)(1.0)
    slope = sct.grad(refused)
    with pytest.raises(UnsupportedSyntax, match="not in the language"):
        numba.njit(lambda x: slope(x))(1.0)


def test_text_that_does_not_compile_is_reported_as_our_fault():
    with pytest.raises(TypeProblem, match="a fault of sct"):
        sct.grad(wrong)(1.0)
