"""Functions of `scipy.special`: values, dtypes, and derivatives to third order; each row of its table has points, or fails.

Most as plain Python, against dual numbers and finite differences; the values compiled, against SciPy's.
"""

import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba import typeof
from scipy import special

import sct
import sct.special
from sct import pipeline
from sct.backends.python import load_python
from sct.errors import NotDifferentiable, UnsupportedCall
from sct.reference.dual import dual_jvp
from sct.reference.finite import finite_partial
from sct.rules.special import ARITY, AS_ROW, SAME_AS_NUMPY, SPECIAL

REAL, POSITIVE, UNIT, NEGATIVE = (-1.5, 1.5), (0.3, 2.5), (0.1, 0.9), (-2.0, -0.3)
DOMAINS = {
    "expit(x)": (REAL,), "logit(x)": (UNIT,), "log_expit(x)": (REAL,), "xlogy(x, y)": (REAL, POSITIVE), "xlog1py(x, y)": (REAL, UNIT),
    "entr(x)": (POSITIVE,), "rel_entr(x, y)": (POSITIVE, POSITIVE), "kl_div(x, y)": (POSITIVE, POSITIVE), "exp10(x)": (REAL,), "erfcx(x)": (REAL,),
    "erfinv(x)": (UNIT,), "erfcinv(x)": (UNIT,), "ndtr(x)": (REAL,), "log_ndtr(x)": (REAL,), "ndtri(x)": (UNIT,), "betaln(x, y)": (POSITIVE, POSITIVE),
    "beta(x, y)": (POSITIVE, POSITIVE), "gammainc(k, x)": (POSITIVE,), "gammaincc(k, x)": (POSITIVE,), "j0(x)": (REAL,), "j1(x)": (REAL,),
    "jv(k, x)": (REAL,), "y0(x)": (POSITIVE,), "y1(x)": (POSITIVE,), "yv(k, x)": (POSITIVE,), "i0(x)": (REAL,), "i1(x)": (REAL,), "iv(k, x)": (REAL,),
    "i0e(x)": (POSITIVE,), "i1e(x)": (POSITIVE,), "ive(k, x)": (POSITIVE,), "k0(x)": (POSITIVE,), "k1(x)": (POSITIVE,), "kv(k, x)": (POSITIVE,),
    "erf(x)": (REAL,), "erfc(x)": (REAL,), "gamma(x)": (POSITIVE,), "gammaln(x)": (POSITIVE,), "loggamma(x)": (POSITIVE,), "digamma(x)": (POSITIVE,),
    "psi(x)": (POSITIVE,), "polygamma(k, x)": (POSITIVE,),
}  # fmt: skip
MORE = {
    "erfinv(x)": ((-0.9, -0.1),), "erfcinv(x)": ((1.1, 1.9),), "i0e(x)": (NEGATIVE,), "i1e(x)": (NEGATIVE,), "ive(k, x)": (NEGATIVE,),
    "gamma(x)": ((-0.9, -0.1),), "gammaln(x)": ((-0.9, -0.1),), "digamma(x)": ((-0.9, -0.1),), "logit(x)": ((0.01, 0.1),),
}  # fmt: skip
"""Other branches of the same functions."""
AT_ZERO = ["expit", "log_expit", "j0", "j1", "jv", "i0", "i1", "iv", "erf", "ndtr", "log_ndtr", "erfinv", "erfcx", "exp10"]
"""Functions that are smooth at 0, where formulas like j1(x) / x are not."""
TRIALS = 3
ROWS = list(DOMAINS)


def arguments(row, rng):
    for domain in (DOMAINS[row], *([MORE[row]] if row in MORE else [])):
        for _ in range(TRIALS):
            yield tuple(float(rng.uniform(*bounds)) for bounds in domain)


def function(row, folder, power=1):
    """`f(x, y)` as a function of a file, which sct reads."""
    names = ", ".join(name for name in "xy" if name in row.partition("(")[2])
    path = folder / f"row_{len(list(folder.iterdir()))}.py"
    path.write_text(f"from scipy import special\n\n\ndef f({names}):\n    return special.{row.replace('(k', '(2')} ** {power}\n")
    return loaded(path, "f")


def loaded(path, name):
    space = {"__name__": path.stem}
    exec(compile(path.read_text(), str(path), "exec"), space)
    return space[name]


def plain(f, args, mode="grad", argnums=None):
    made = pipeline.generate(f, tuple(map(typeof, args)), mode, tuple(range(len(args))) if argnums is None else argnums)
    return made, load_python(made.text, made.arrays)[made.entry]


def emitted(f, args, folder, mode="grad", argnums=0):
    """A generated function, read from a file of its own."""
    made, _ = plain(f, args, mode, argnums)
    path = folder / f"made_{len(list(folder.iterdir()))}.py"
    path.write_text(made.text)
    return loaded(path, made.entry)


@pytest.fixture
def rng(request):
    return np.random.default_rng(sum(map(ord, request.node.name)))


def test_every_row_has_points():
    assert {row.partition("(")[0] for row in ROWS} == set(ARITY)
    assert set(SPECIAL) <= set(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_first_order(row, rng, tmp_path):
    f = function(row, tmp_path)
    for args in arguments(row, rng):
        gradient, tangent = plain(f, args)[1](*args), plain(f, args, "jvp")[1]
        for k, found in enumerate(gradient):
            unit = tuple(float(j == k) for j in range(len(args)))
            assert found == pytest.approx(dual_jvp(f, args, unit)[1], rel=1e-12, abs=1e-14)
            estimate, error = finite_partial(f, args, (k,), ())
            assert abs(found - estimate) <= 20.0 * error + 1e-7 * abs(found)
            assert tangent(*args, *unit) == pytest.approx((f(*args), found), rel=1e-14)


@pytest.mark.parametrize("row", ROWS)
def test_second_and_third_order(row, rng, tmp_path):
    """Each against dual numbers run through the generated function of the order below, and against finite differences."""
    f = function(row, tmp_path)
    for args in list(arguments(row, rng))[:: TRIALS - 1]:
        first = emitted(f, args, tmp_path)
        second = emitted(first, args, tmp_path)
        third = plain(second, args)[1]
        for below, bars in ((first, second(*args)), (second, third(*args)[0])):
            unit = (1.0,) + (0.0,) * (len(args) - 1)
            assert bars == pytest.approx(dual_jvp(below, args, unit)[1], rel=1e-10, abs=1e-12)
            estimate, error = finite_partial(below, args, (0,), ())
            assert abs(bars - estimate) <= 20.0 * error + 1e-6 * abs(bars)


@pytest.mark.parametrize("name", AT_ZERO)
def test_derivatives_at_zero_to_third_order(name, tmp_path):
    row = next(row for row in ROWS if row.startswith(f"{name}("))
    f = function(row, tmp_path)
    for _ in range(3):
        derivative = emitted(f, (0.0,), tmp_path)
        estimate, error = finite_partial(f, (0.0,), (0,), ())
        assert abs(derivative(0.0) - estimate) <= 20.0 * error + 1e-7
        f = derivative


@pytest.mark.parametrize("row", ROWS)
def test_compiled_values_are_those_of_scipy(row, rng):
    names = ", ".join(name for name in "kxy" if name in row.partition("(")[2])
    compiled = numba.njit(error_model="numpy")(eval(f"lambda {names}: special.{row}", {"special": special}))
    function = getattr(special, row.partition("(")[0])
    ends = [(x,) * (names.count(",") + 1) for x in (0.0, 1.0, -1.0, np.inf, -np.inf, np.nan) if not names.startswith("k")]
    orders = (2.0,) if names.startswith("k") and "gammainc" in row else (2,) if names.startswith("k") else ()
    for args in [*((*orders, *args) for args in arguments(row, rng)), *ends]:
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(compiled(*args), function(*args), rtol=1e-13)


@pytest.mark.parametrize("row", ROWS)
def test_float32_arrays_stay_float32(row, rng, tmp_path):
    f = function(row, tmp_path)
    args = tuple(np.array(column, np.float32) for column in zip(*[a for a, _ in zip(arguments(row, rng), range(TRIALS), strict=False)], strict=True))
    made, adjoint = plain(f, args, "vjp")
    value, bars = adjoint(*args, np.ones(TRIALS, np.float32))
    assert value.dtype == np.float32
    assert [bar.dtype for bar in bars] == [np.float32] * len(args)
    np.testing.assert_allclose(value, f(*(a.astype(float) for a in args)), rtol=1e-4)


def test_names_of_scipy_that_numpy_has():
    assert all(getattr(special, name)(0.3) == pytest.approx(getattr(np, name)(0.3), rel=1e-15) for name in SAME_AS_NUMPY)
    assert all(hasattr(special, name) for name in AS_ROW)


# orders, refusals, processes


def of_order(k, x):
    return special.jv(k, x) + special.gammainc(k, x)


def test_an_order_that_varies_is_refused():
    with pytest.raises(NotDifferentiable, match=r"derivative of `special.\w+\(k, x\)` by `k` is not known"):
        sct.grad(of_order, (0, 1))(2.5, 0.7)
    assert plain(of_order, (2.5, 0.7), argnums=(1,))[1](2.5, 0.7)[0] > 0.0


def held(k, x):
    return special.jv(sct.stop_gradient(k), x)


def test_an_order_that_is_held_fixed():
    assert plain(held, (2.5, 0.7))[1](2.5, 0.7) == pytest.approx((0.0, special.jvp(2.5, 0.7)))


def unknown(x):
    return special.logsumexp(x) + special.spence(x[0])


def test_what_has_no_rule_is_refused():
    with pytest.raises(UnsupportedCall, match="special.logsumexp has no derivative rule"):
        sct.grad(unknown)(np.ones(3))


def special_is_a_variable(x):
    special = x * 2.0
    y0 = special * x
    return y0 * scipy_special.expit(y0) + special


scipy_special = special


def test_variables_may_have_these_names():
    x, z = 0.4, special.expit(0.32)
    assert plain(special_is_a_variable, (x,))[1](x)[0] == pytest.approx(4 * x * z + 2 * x * x * 4 * x * z * (1 - z) + 2.0)


SCRIPT = """
import sys
import numpy as np
import sct


def energy(x):
    return np.sum(np.exp(-x) * np.sinc(x)) + np.tanh(x[0])


sct.grad(energy)(np.ones(3))
assert "sct.special" not in sys.modules and "scipy.special" not in sys.modules, "SciPy is imported"
"""

CACHED = """
from scipy import special
import sct


def f(x):
    return special.jv(2, special.erfinv(x))


z = special.erfinv(0.3)
slope = special.jvp(2, z) * 0.886226925452758 * 2.718281828459045 ** z**2
assert abs(sct.grad(f)(0.3) - slope) < 1e-14
"""


def run(text, tmp_path, name):
    path = tmp_path / name
    path.write_text(text)
    root = Path(__file__).parent.parent
    env = {"SCT_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(root), "PATH": "", "HOME": str(tmp_path)}
    return subprocess.run([sys.executable, str(path)], capture_output=True, text=True, env=env)


def test_programs_without_special_functions_do_not_import_scipy_special(tmp_path):
    done = run(SCRIPT, tmp_path, "without.py")
    assert done.returncode == 0, done.stderr


def test_compiled_code_comes_from_the_cache_in_another_process(tmp_path):
    written = []
    for _ in range(2):
        done = run(CACHED, tmp_path, "cached.py")
        assert done.returncode == 0, done.stderr
        written.append({(file, file.stat().st_mtime_ns) for file in (tmp_path / "cache").rglob("*.nbc")})
    assert written[0] == written[1] != set()
