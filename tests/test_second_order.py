"""Higher order: what sct emits is in the language that it accepts, and its derivative is right."""

import contextlib
import importlib.util
import re

import numpy as np
import pytest

import sct
from sct.errors import GradientMismatch
from sct.frontend import load_program
from sct.ir.check import check
from sct.ir.run import run
from sct.reference.finite import finite_jvp
from tests import harness
from tests.harness import NAMED, PROGRAMS, all_args, assert_close, plain

CHECKED = ["horner", "energy", "scan", "trap_read_before_restore", "pair_energy", "newton_sqrt", "conv", "in_place_helper_in_loop"]

SMOOTH = [p for p in PROGRAMS if not p.tags & {"float32", "may_refuse", "zero", "ties"}]
SAMPLE = SMOOTH[:: len(SMOOTH) // 36]


TAPED = re.compile(r"\b(reserve|push_array|pop_\dd)\(|len\(range\(")


@contextlib.contextmanager
def refused_if_taped(text):
    """Derivatives of a tape that grows are not supported yet: they are refused, never wrong."""
    if TAPED.search(text):
        with pytest.raises(sct.SctError):
            yield
    else:
        yield


@pytest.mark.parametrize("name", CHECKED)
def test_check_grads_to_second_order(name):
    program = NAMED[name]
    args = program.args()
    with refused_if_taped(sct.grad(program.function, argnums=program.argnums).source(*args)):
        report = sct.check_grads(program.function, args, order=2, argnums=program.argnums)
        assert report.ok and any(row.check == "second derivative" for row in report.rows)


def test_check_grads_finds_a_wrong_second_derivative(monkeypatch):
    """The gradient is right, its derivative is not."""
    right = sct.jvp

    def jvp(f, primals, tangents):
        value, along = right(f, primals, tangents)
        return (value, tuple(1.001 * part for part in along)) if isinstance(along, tuple) else (value, along)

    monkeypatch.setattr(sct, "jvp", jvp)
    with pytest.raises(GradientMismatch, match="second derivative"):
        sct.check_grads(NAMED["horner"].function, NAMED["horner"].args(), order=2)


def emitted(program, args, folder):
    """The generated gradient, imported from a file of its own."""
    made = plain(program.python, args, program.argnums)
    path = folder / f"emitted_{program.name}.py"
    path.write_text(made.text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    vars(module).update({k: v for k, v in made.entry.__globals__.items() if isinstance(v, np.ndarray)})
    spec.loader.exec_module(module)
    return getattr(module, made.entry.__name__), made.text


@pytest.mark.parametrize("program", SAMPLE, ids=[p.name for p in SAMPLE])
def test_emitted_files_pass_the_frontend_again(program, tmp_path):
    """And their core program is one, with the same meaning."""
    args = all_args(program)
    gradient, text = emitted(program, args, tmp_path)
    if TAPED.search(text):
        pytest.skip("a tape that grows is not differentiated yet")
    core = load_program(gradient)
    check(core, "emitted")
    found = run(core, *args)  # its results are flat: a tuple of one is a value
    assert_close(found if isinstance(found, tuple) else (found,), harness.gradient_of(program, args), harness.EXACT, text)


@pytest.mark.parametrize("program", SAMPLE, ids=[p.name for p in SAMPLE])
def test_forward_over_reverse(program, tmp_path):
    """The tangent of the generated gradient, as plain Python, against finite differences of the gradient."""
    args = all_args(program)
    gradient, text = emitted(program, args, tmp_path)
    if TAPED.search(text):
        with pytest.raises(sct.SctError):
            plain(gradient, args, program.argnums, "jvp")
        return
    dots = harness.direction(program, args, 8)
    tangent = plain(gradient, args, program.argnums, "jvp")
    value, found = tangent(*args, *(dots[k] for k in program.argnums))
    assert_close(value, harness.gradient_of(program, args), harness.EXACT, tangent.text)
    estimate, error = finite_jvp(gradient, args, dots)
    largest = max(np.max(np.abs(x), initial=0.0) for x in (*estimate, *value))
    for a, b, e in zip(found, estimate, error, strict=True):
        assert np.all(e < 1e-4 * largest), "finite differences do not tell"
        assert np.all(np.abs(a - b) <= 20.0 * e + 1e-7 * largest), (a, b, e, tangent.text)


def cube(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] ** 3 * x[0]
    return s


def test_forward_over_reverse_over_the_public_door():
    x, v = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.3, -0.2])
    gradient = sct.grad(cube)
    value, along = sct.jvp(gradient, (x,), (v,))
    hessian = np.diag(6.0 * x * x[0])
    hessian[0] += 3.0 * x**2
    hessian[:, 0] += 3.0 * x**2
    np.testing.assert_allclose(value, gradient(x), rtol=1e-13)
    np.testing.assert_allclose(along, hessian @ v, rtol=1e-12)


def test_reverse_over_reverse():
    x, v = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.3, -0.2])
    _, pullback = sct.vjp(sct.grad(cube), x)
    _, along = sct.jvp(sct.grad(cube), (x,), (v,))
    np.testing.assert_allclose(pullback(v)[0], along, rtol=1e-12)  # the Hessian is symmetric


def quintic(x):
    return x**5


def test_gradients_of_gradients_of_gradients():
    f = sct.grad(sct.grad(sct.grad(quintic)))
    assert f(1.5) == pytest.approx(60.0 * 1.5**2)
