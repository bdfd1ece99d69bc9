"""The vector functions: their errors over the whole range, that loops of them become vector instructions, and where they are used."""

import math
import os
import re
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
from numba import njit, typeof
from scipy import special

import sct
from sct.backends import cache
from sct.emit.recurrences import overlapping
from sct.vectors import FAMILIES, bits
from sct.vectors.beyond import beyond
from tests import coefficients

mpmath = pytest.importorskip("mpmath")
mp = mpmath.mp

FLAGS = eval(f"dict({cache.options(cached=False)})")
NAMES = frozenset(FAMILIES)
EXACT = {name: getattr(mp, name) for name in FAMILIES if name != "expit"} | {"expit": lambda x: 1 / (1 + mp.exp(-x))}
KNOWN = {name: getattr(np, name, None) or getattr(special, name) for name in FAMILIES}
CASES = pytest.mark.parametrize("name", FAMILIES)
LOOPS = {}


def function_of(name):
    return getattr(import_module(f"sct.vectors.{FAMILIES[name]}"), name)


def loop_of(name):
    """A loop that applies a function, compiled as generated code is: with `reassoc`, which the function must not inherit."""
    if name not in LOOPS:
        function = function_of(name)

        @njit(**FLAGS)
        def loop(x, y):
            for i in range(len(x)):
                y[i] = function(x[i])

        LOOPS[name] = loop
    return LOOPS[name]


def applied(name, values):
    x = np.array(values, float)
    y = np.empty_like(x)
    loop_of(name)(x, y)
    return y


def errors(name, x):
    """In ulp, for values whose exact result is finite."""
    found = []
    with mp.workprec(1300):  # sin(1e308) needs as many
        for value, argument in zip(applied(name, x), x, strict=True):
            exact = EXACT[name](mp.mpf(float(argument)))
            ulp = mp.mpf(2) ** max((mp.frexp(exact)[1] if exact else 0) - 53, -1074)
            found.append(float(abs(mp.mpf(float(value)) - exact) / ulp))
    return np.array(found)


def both(x):
    return np.concatenate([x, -x])


def near(*places):
    """The floats next to some places, where one formula gives way to another."""
    return np.concatenate([np.nextafter(place, [-np.inf, place, np.inf]) for place in places])


RNG = np.random.default_rng(20)
WIDE = both(2.0 ** RNG.uniform(-1074, 1023.9, 300))  # denormal to largest
TURNS = both(RNG.integers(1, 600_000, 150) * (math.pi / 2))  # zeros and extrema as near as floats come
BETWEEN = RNG.integers(-100, 100, 4000) * (math.pi / 2) + RNG.uniform(0.7, 0.87, 4000)  # where the polynomials are worst
LIMITS = both(near(2.0**20, 2.0**20 * math.pi / 2, 1e22, 1e-8, math.pi / 4, 3 * math.pi / 4))
ARGUMENTS = {
    "exp": [RNG.uniform(-745.1, 709.7, 400), RNG.uniform(-1, 1, 300), near(-708.396, -745.1, 709.7, 0.34657, -0.34657)],
    "expm1": [RNG.uniform(-50, 709.7, 300), RNG.uniform(-1.5, 1.5, 4000), near(0.34657, -0.34657, -37.43, -40.0, 44.0), WIDE[np.abs(WIDE) < 700]],
    "expit": [RNG.uniform(-745, 40, 300), RNG.uniform(-8, 8, 6000), WIDE[np.abs(WIDE) < 700]],
    "log": [np.abs(WIDE), RNG.uniform(0.5, 2, 400), 1 + both(10.0 ** RNG.uniform(-16, -1, 200)), near(0.5**0.5, 2**0.5, 1.0, 1e-300)],
    "log1p": [np.abs(WIDE), WIDE[np.abs(WIDE) < 1], RNG.uniform(-1, 2, 400), near(0.5**0.5 - 1, 2**0.5 - 1, 1.0, 2.0**53)],
    "sin": [WIDE, TURNS, LIMITS, BETWEEN, RNG.uniform(-10, 10, 2000), RNG.uniform(-(2**20), 2**20, 300)],
    "cos": [WIDE, TURNS, LIMITS, BETWEEN, RNG.uniform(-10, 10, 2000), RNG.uniform(-(2**20), 2**20, 300)],
    "tanh": [WIDE[np.abs(WIDE) < 1e3], RNG.uniform(-3, 3, 500), both(near(0.625, 20.0, 19.06))],
    "erf": [WIDE[np.abs(WIDE) < 1e3], RNG.uniform(-6.5, 6.5, 500), both(near(1.0, 6.0, 5.9))],
}


WITHIN = {"exp": 1.0, "expm1": 1.2, "expit": 1.5, "log": 1.0, "log1p": 1.0, "sin": 1.0, "cos": 1.0, "tanh": 1.4, "erf": 1.2}


@CASES
def test_errors_are_as_documented(name):
    x = np.concatenate(ARGUMENTS[name])
    found = errors(name, x)
    assert found.max() < WITHIN[name], (x[found.argmax()], found.max())
    assert found.max() > 0.5  # or it measures nothing


@CASES
def test_special_values_are_those_of_numpy(name):
    x = np.array([math.inf, -math.inf, math.nan, 0.0, -0.0, 5e-324, -5e-324, 1.0, -1.0, -1.5, 1e308, -1e308, 709.9, -746.0])
    with np.errstate(all="ignore"):
        found, known = applied(name, x), KNOWN[name](x)
    np.testing.assert_allclose(found, known, rtol=5e-16)
    numbers = ~np.isnan(known)
    np.testing.assert_array_equal(np.signbit(found)[numbers], np.signbit(known)[numbers])
    np.testing.assert_array_equal(np.isinf(found), np.isinf(known))
    np.testing.assert_array_equal(found == 0.0, known == 0.0)


@CASES
def test_ranges_and_thresholds(name):
    """Bounded functions keep their bounds; the first float that overflows or vanishes is NumPy's."""
    if name in ("sin", "cos", "tanh", "erf", "expit"):
        assert np.abs(applied(name, np.linspace(-40.0, 40.0, 100_001))).max() <= 1.0
    if name in ("exp", "expm1"):
        x = np.concatenate([np.nextafter(709.782712893384, [0, 709.782712893384, 1e3]), [709.7827128933841, 709.79]])
        with np.errstate(over="ignore"):
            np.testing.assert_array_equal(np.isinf(applied(name, x)), np.isinf(KNOWN[name](x)))
    if name == "exp":
        x = np.linspace(-745.14, -745.12, 2001)
        np.testing.assert_array_equal(applied(name, x) == 0.0, np.exp(x) == 0.0)


@CASES
def test_flags_of_the_caller_do_not_matter(name):
    """Not even those that forbid nan and inf, and regroup everything."""
    function = function_of(name)

    @njit(fastmath=True)
    def loop(x, y):
        for i in range(len(x)):
            y[i] = function(x[i])

    x = np.linspace(0.1, 700.0, 999)
    y = np.empty_like(x)
    loop(x, y)
    np.testing.assert_array_equal(y, applied(name, x))


def test_large_arguments_in_every_lane():
    """Loops of every length, so with and without vectors, one argument of which goes to the C library."""
    for n in range(1, 20):
        for k in range(n):
            x = RNG.uniform(-9.0, 9.0, n)
            x[k] = 1e22
            np.testing.assert_allclose(applied("sin", x), np.sin(x), rtol=1e-15)
            np.testing.assert_allclose(applied("cos", x), np.cos(x), rtol=1e-15)
    x = RNG.uniform(1e7, 1e300, 64)
    np.testing.assert_allclose(applied("sin", x), np.sin(x), rtol=1e-15)


def code(dispatcher):
    """LLVM's text of a function's only specialisation."""
    (found,) = dispatcher.inspect_llvm().values()
    return found


def is_vectorised(loop):
    """Whether a loop has multiplications of vectors and calls no function of the C library, not even for each of a vector."""
    loop(np.ones(3), np.ones(3))
    body = re.search(r"^vector\.body.*?^\S*:", code(loop), re.M | re.S)
    calls = r"call [^@]*@(llvm\.)?(exp|log|sin|cos|tanh|erf)"
    return body is not None and bool(re.search(r"fmul.* <\d+ x double>", body[0])) and not re.search(calls, body[0])


@CASES
def test_loops_become_vector_instructions(name):
    assert is_vectorised(loop_of(name))


def test_a_branch_to_the_c_library_would_be_seen():
    @bits.vector
    def branching(x):
        return math.sin(x) if abs(x) > 2.0 else x * x

    for function in (branching, math.exp):

        @njit(**FLAGS)
        def loop(x, y):
            for i in range(len(x)):
                y[i] = function(x[i]) * x[i]

        assert not is_vectorised(loop)


@pytest.mark.parametrize("name", coefficients.TABLES)
def test_the_coefficients_are_those_derived(name):
    (module,) = {m for m in map(import_module, {f"sct.vectors.{family}" for family in FAMILIES.values()}) if name in vars(m)}
    assert getattr(module, name) == coefficients.derived(name)


# where generated code uses them


FREE = {
    "for i in range(n):\n    y[i] = math.sin(x[i])": {(2, "sin")},
    "for i in range(1, n):\n    y[i] = math.sin(x[i]) * y[i - 1]": {(2, "sin")},
    "for i in range(1, n):\n    t = math.exp(x[i])\n    x[i] += t * x[i - 1]": {(2, "exp")},
    "s = 0.0\nfor i in range(n):\n    s += np.log(x[i])\n    y[i] = math.log(s)": {(3, "log")},
    "for i in range(n):\n    t = math.exp(x[i])\n    t = math.log(t)\n    y[i] = t": {(2, "exp"), (3, "log")},
    "for i in range(n):\n    if x[i] > 0.0:\n        t = x[i]\n    else:\n        t = -x[i]\n    y[i] = math.log(t)": {(6, "log")},
    "for i in range(n):\n    for j in range(n):\n        y[j] = math.exp(x[i])": {(3, "exp")},
    "for i in range(n):\n    y[i] = small(x[i])": {(1, "erf")},
}
LATE = {
    "no loop": "y[0] = math.sin(x[0])",
    "while": "while n > 0:\n    y[n] = math.sin(x[n])\n    n -= 1",
    "not innermost": "for i in range(n):\n    t = math.exp(x[i])\n    for j in range(n):\n        y[j] = t",
    "a name": "s = 0.0\nfor i in range(n):\n    s = math.exp(x[i] - s)",
    "a sum": "s = 0.0\nfor i in range(n):\n    s += x[i]\n    y[i] = math.exp(s)",
    "a neighbour": "for i in range(1, n):\n    y[i] = math.exp(y[i - 1])",
    "an element that stays": "for i in range(n):\n    y[0] = math.exp(y[0] * x[i])",
    "computed from the one before": "for i in range(1, n):\n    t = 2.0 * y[i - 1]\n    y[i] = x[i] * math.exp(t)",
    "stored before it is read": "for i in range(1, n):\n    y[i] = y[i - 1]\n    x[i] = math.exp(y[i])",
    "chosen": "for i in range(n):\n    if s > x[i]:\n        t = 1.0\n    else:\n        t = 2.0\n    s = math.exp(t)",
    "in one arm": "for i in range(n):\n    if x[i] > 0.0:\n        t = x[i]\n    y[i] = math.exp(t)",
    "through a helper": "s = 0.0\nfor i in range(n):\n    s = small(s)",
    "two calls on a line": "for i in range(n):\n    s = math.exp(s) + math.exp(x[i])",
    "two callers": "for i in range(n):\n    y[i] = small(x[i])\n    s = small(s)",
    "another function": "for i in range(n):\n    y[i] = math.gamma(x[i])",
}
HELPER = "def small(x): return math.erf(x)\ndef f(x, y, s, n):\n"


def found_in(body):
    """What is found in a function with this body, whose lines are counted from 1."""
    places, inlined = overlapping(HELPER + "\n".join(f"    {line}" for line in body.splitlines()), NAMES)
    return {(line - 2 if line > 2 else line, name) for line, name in places}, inlined


@pytest.mark.parametrize("body", FREE)
def test_calls_that_overlap(body):
    assert found_in(body) == (FREE[body], ["small"] if "small" in body else [])


@pytest.mark.parametrize("body", LATE.values(), ids=LATE)
def test_calls_that_wait(body):
    assert found_in(body) == (set(), [])


def every(x, w):
    """All the functions, one of them in a helper, in a loop that can be vectorised."""
    s = 0.0
    for i in range(len(x)):
        s += math.sin(x[i]) * math.cos(w * x[i]) + np.tanh(x[i]) * math.exp(-w * x[i]) + helper(w * x[i])
        s += math.log(1.5 + x[i] * x[i]) * math.log1p(x[i] * x[i]) + math.expm1(w * x[i]) * special.expit(x[i])
    return s


def helper(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def recurrence(x, w):
    s = w
    for i in range(len(x)):
        s = math.exp(-s * s) + x[i]
    return s


def replaced(derivative, *args):
    """How many calls the pass replaced in the entry of a derivative, and LLVM's text of it."""
    entry = derivative.request.module(tuple(map(typeof, args)))._entry
    (made,) = entry.overloads.values()
    return sum(name.startswith("$vector") for name in made.type_annotation.typemap), made.library


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """So that functions are compiled here: Numba shows no code of those from its cache."""
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("sct_cache_")]:
        monkeypatch.delitem(sys.modules, name)


X = np.random.default_rng(4).normal(size=203)


def test_a_gradient_uses_them(empty_cache):
    quick, plain = sct.value_and_grad(every, argnums=(0, 1)), sct.value_and_grad(every, argnums=(0, 1), fastmath=False)
    (value, gradients), (known, exact) = quick(X, 0.7), plain(X, 0.7)
    np.testing.assert_allclose(value, known, rtol=1e-14)
    np.testing.assert_allclose(gradients[0], exact[0], rtol=2e-13, atol=1e-14)
    np.testing.assert_allclose(gradients[1], exact[1], rtol=1e-13)
    count, library = replaced(quick, X, 0.7)
    assert count >= 10 and "vector.body" in library.get_llvm_str()
    assert not re.search(r"call [^@]*@(llvm\.)?(exp|log|tanh|erf)", library.get_llvm_str())
    assert replaced(plain, X, 0.7)[0] == 0


def test_a_recurrence_does_not(empty_cache):
    gradient = sct.grad(recurrence)
    gradient(X, 0.7)
    assert replaced(gradient, X, 0.7)[0] == 0


def test_single_precision_does_not(empty_cache):
    def total(x):
        s = np.float32(0.0)
        for i in range(len(x)):
            s += math.exp(x[i])
        return s

    gradient = sct.grad(total)
    x = X.astype(np.float32)
    np.testing.assert_allclose(gradient(x), np.exp(x), rtol=1e-6)
    assert gradient(x).dtype == np.float32 and replaced(gradient, x)[0] == 0


USER = """
import math, sys
import numpy as np
import sct

def f(x):
    s = 0.0
    for i in range(len(x)):
        s += math.sin(x[i]) * math.exp(x[i])
    return s

def g(x):
    s = 0.0
    for i in range(len(x)):
        s += math.cos(x[i]) * math.log(2.0 + x[i]) * math.erf(x[i])
    return s

x = np.linspace(-1.0, 1.0, 37)
first = sct.grad(f)(x)
from sct.vectors.exponential import exp
cached = not exp.overloads
second = sct.grad(g)(x) if "new" in sys.argv else x
print(cached, first.tobytes().hex(), second.tobytes().hex())
"""


def test_another_process_finds_the_code(tmp_path):
    """It compiles no vector function for what it finds, and what it then compiles beside it has the same bits as without."""
    (tmp_path / "user.py").write_text(USER)

    def run(folder, *options):
        environment = {**os.environ, "SCT_CACHE_DIR": str(tmp_path / folder), "PYTHONPATH": os.getcwd()}
        command = [sys.executable, "-B", str(tmp_path / "user.py"), *options]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    fresh, found, both = run("a"), run("a", "new"), run("b", "new")
    assert [fresh[0], found[0], both[0]] == ["False", "True", "False"]
    assert fresh[1] == found[1] == both[1] and found[2] == both[2]


def test_two_calls_of_what_is_left_to_the_c_library():
    """In one function: other versions of Python repeat a statement where two branches meet."""
    far = beyond("sin")

    @njit
    def twice(x, y):
        return far(x, 0.25) + far(y, 0.5)

    assert twice(1.0, 2.0) == 0.75
    assert twice(2.0**21, 2.0) == math.sin(2.0**21) + 0.5
