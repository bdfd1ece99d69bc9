"""Higher order: what sct emits is in the language that it accepts, and its derivative is right."""

import importlib.util

import numpy as np
import pytest

import sct
from sct.errors import GradientMismatch
from sct.frontend import load_program
from sct.ir.check import check
from sct.ir.run import run
from sct.reference.dual import dual_jvp, dual_vjp
from tests import harness
from tests.harness import NAMED, PROGRAMS, all_args, assert_close, plain, tolerance

CHECKED = ["horner", "energy", "scan", "trap_read_before_restore", "pair_energy", "newton_sqrt", "conv", "in_place_helper_in_loop"]

CERTAIN = [p for p in PROGRAMS if "refused" not in p.tags]
SAMPLE = [p for p in CERTAIN[:: len(CERTAIN) // 30] if p.theme not in ("recursion", "outside_later", "effects") and "recursi" not in p.name]
REST = [p for p in CERTAIN if p not in SAMPLE]
THIRD = [NAMED[n] for n in ("newton_sqrt", "trap_tape_order", "in_place_helper_in_loop", "growth_of_two", "adi", "table_lookup")]

REFUSED = {"found_array_bound_in_one_arm", "found_three_names_in_two_loops", "return_different_shapes_of_work", "compared"}
"""Their gradients bind an array in one arm of a branch, or in a loop, and read it in another."""

@pytest.mark.parametrize("name", CHECKED)
def test_check_grads_to_second_order(name):
    program = NAMED[name]
    report = sct.check_grads(program.function, program.args(), order=2, argnums=program.argnums)
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


def emitted(made, folder):
    """A generated function, imported from a file of its own."""
    path = folder / f"emitted_{len(list(folder.iterdir()))}.py"
    path.write_text(made.text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    vars(module).update({k: v for k, v in made.entry.__globals__.items() if isinstance(v, np.ndarray)})
    spec.loader.exec_module(module)
    return getattr(module, made.entry.__name__)


def assert_second_derivatives(program, folder):
    """The tangent and the adjoint of the generated gradient, as plain Python, against dual numbers run through it."""
    args, argnums = all_args(program), tuple(program.argnums)
    gradient = emitted(plain(program.python, args, argnums), folder)
    dots, seeds = harness.direction(program, args, 8), harness.direction(program, args, 9)
    assert_derivatives(gradient, args, dots, tuple(seeds[k] for k in argnums), argnums, tolerance(program))


def assert_derivatives(f, args, dots, seed, argnums, rtol):
    tangent = plain(f, args, argnums, "jvp")
    value, along = tangent(*args, *(dots[k] for k in argnums))
    exact_value, exact_along = dual_jvp(f, args, dots)
    assert_close(value, exact_value, rtol, tangent.text)
    assert_close(along, exact_along, 100 * rtol, tangent.text)
    adjoint = plain(f, args, argnums, "vjp")
    _, bars = adjoint(*args, seed)
    assert_close(bars, dual_vjp(f, args, seed, argnums), 100 * rtol, adjoint.text)


@pytest.mark.parametrize("program", SAMPLE, ids=[p.name for p in SAMPLE])
def test_emitted_files_pass_the_frontend_again(program, tmp_path):
    """And their core program is one, with the same meaning."""
    args = all_args(program)
    made = plain(program.python, args, program.argnums)
    core = load_program(emitted(made, tmp_path))
    check(core, "emitted")
    found = run(core, *args)  # its results are flat: a tuple of one is a value
    assert_close(found if isinstance(found, tuple) else (found,), harness.gradient_of(program, args), tolerance(program), made.text)


@pytest.mark.parametrize("program", SAMPLE, ids=[p.name for p in SAMPLE])
def test_second_derivatives(program, tmp_path):
    if program.name in REFUSED:
        with pytest.raises(sct.SctError):
            assert_second_derivatives(program, tmp_path)
    else:
        assert_second_derivatives(program, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("program", REST, ids=[p.name for p in REST])
def test_second_derivatives_of_the_others(program, tmp_path):
    test_second_derivatives(program, tmp_path)


@pytest.mark.parametrize("program", THIRD, ids=[p.name for p in THIRD])
def test_third_derivatives(program, tmp_path):
    """Of the gradient's adjoint, a Hessian times a seed."""
    args, k = all_args(program), program.argnums[0]
    gradient = emitted(plain(program.python, args, k), tmp_path)
    product = emitted(plain(gradient, args, k, "vjp"), tmp_path)
    dots, seed = harness.direction(program, args, 8), harness.direction(program, args, 9)[k]
    dots = (*(d if i == k else 0.0 * d for i, d in enumerate(dots)), 0.0 * seed)
    assert_derivatives(product, (*args, seed), dots, (0.0 * seed, seed), (k,), tolerance(program))


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
