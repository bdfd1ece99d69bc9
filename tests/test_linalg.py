"""np.linalg: second derivatives, Jacobians, triangles, what is degenerate and what does not fit."""

import sys

import numpy as np
import pytest
from numba import njit

import sct
from sct.errors import SctError, TypeProblem, UnsupportedCall
from sct.reference.dual import dual_vjp
from tests.harness import NAMED, plain
from tests.test_second_order import assert_second_derivatives

TWICE = [
    "linalg_solve_columns",
    "linalg_solve_in_a_loop",
    "linalg_log_determinant",
    "linalg_gaussian",
    "linalg_matrix_function",
    "linalg_svd_tall",
    "linalg_qr",
    "linalg_least_squares",
    "linalg_powers",
]


@pytest.mark.parametrize("name", TWICE)
def test_second_derivatives(name, tmp_path):
    """The tangent and the adjoint of the gradient, against dual numbers run through it."""
    assert_second_derivatives(NAMED[name], tmp_path)


def solution(a, b):
    return np.linalg.solve(a, b)


def factors(a, b):
    w, v = np.linalg.eigh(a)
    q, r = np.linalg.qr(b)
    return w, v * v, r, np.linalg.cholesky(a) @ q


RNG = np.random.default_rng(3)
B, V = RNG.normal(size=(3, 2)), RNG.normal(size=3)
A = np.diag([2.0, 4.0, 7.0]) + 0.1 * RNG.normal(size=(3, 3))


@pytest.mark.parametrize("mode", ["jacfwd", "jacrev"])
@pytest.mark.parametrize(("f", "args"), [(solution, (A, V)), (solution, (A, B)), (factors, (A, B))])
def test_jacobians(f, args, mode):
    """All directions at once; of each element of the results, by dual numbers."""
    found = plain(f, args, (0, 1), mode)(*args)
    results = f(*args)
    rows = found if isinstance(results, tuple) else (found,)
    for k, y in enumerate(results if isinstance(results, tuple) else (results,)):
        for index in np.ndindex(y.shape):
            seeds = [np.zeros(np.shape(r)) for r in (results if isinstance(results, tuple) else (results,))]
            seeds[k][index] = 1.0
            expected = dual_vjp(f, args, tuple(seeds) if isinstance(results, tuple) else seeds[0], (0, 1))
            for block, bar in zip(rows[k], expected, strict=True):
                np.testing.assert_allclose(block[index], bar, rtol=1e-9, atol=1e-11)


def of_factor(a):
    return np.sum(np.linalg.cholesky(a) ** 3)


def of_values(a):
    return np.sum(np.linalg.eigvalsh(a) ** 3)


def of_vectors(a):
    w, v = np.linalg.eigh(a)
    return w[0] * v[0, 0]


@pytest.mark.parametrize("f", [of_factor, of_values, of_vectors])
def test_the_upper_triangle_is_not_read(f):
    gradient = plain(f, (A,), 0)(A)
    np.testing.assert_array_equal(np.triu(gradient, 1), np.zeros((3, 3)))
    np.testing.assert_array_equal(gradient, plain(f, (A,), 0)(np.tril(A)))


def test_eigenvalues_that_are_equal():
    """A function of the values alone is fine; vectors have no derivative."""
    np.testing.assert_allclose(plain(of_values, (A,), 0)(np.eye(3)), 3.0 * np.eye(3), atol=1e-14)
    assert not np.all(np.isfinite(plain(of_vectors, (A,), 0)(np.eye(3))))


def determined(a):
    return np.linalg.det(a)


@pytest.mark.parametrize("f", [of_factor, determined])
def test_singular_matrices_are_errors(f):
    with pytest.raises(np.linalg.LinAlgError):
        plain(f, (A,), 0)(np.zeros((2, 2)))


def all_vectors(a):
    return np.linalg.svd(a)[1][0]


def test_additional_vectors_are_refused_at_run():
    with pytest.raises(ValueError, match="full_matrices=False"):
        plain(all_vectors, (B,), 0)(B)


@njit
def compiled(a, b):
    x = np.linalg.solve(a.T, b)
    return np.sum(x * x) + np.linalg.cholesky(a.T)[1, 0]


def test_compiled_for_any_order():
    gradient = sct.grad(compiled, argnums=(0, 1))
    expected = plain(compiled, (A, V), (0, 1))(A, V)
    for a in (A, np.asfortranarray(A), np.repeat(A, 2, axis=1)[:, ::2]):
        for found, exact in zip(gradient(a, V), expected, strict=True):
            np.testing.assert_allclose(found, exact, rtol=1e-12)


def named_as_the_module(a):
    linalg = 2.0 * a
    inv = np.linalg.inv(linalg)
    return inv[0, 0]


def test_a_variable_called_linalg():
    inverse = np.linalg.inv(A)
    np.testing.assert_allclose(plain(named_as_the_module, (A,), 0)(A), -0.5 * np.outer(inverse[0], inverse[:, 0]))


STACK, WHOLE = np.zeros((2, 3, 3)), np.eye(3, dtype=np.int64)


def inverted(a):
    return np.linalg.inv(a)


def of_any(a):
    return np.linalg.eig(a)[0]


def upper(a):
    return np.linalg.cholesky(a, upper=True)


def raw(a):
    return np.linalg.qr(a, mode="raw")[0]


REFUSED = [
    (inverted, STACK, TypeProblem, "loop over the matrices of a stack"),
    (inverted, WHOLE, TypeProblem, "convert them"),
    (of_any, A, UnsupportedCall, "complex eigenvalues"),
    (upper, A, UnsupportedCall, "leave out the options"),
    (raw, A, UnsupportedCall, "choose among 'reduced', 'r'"),
]


@pytest.mark.parametrize(("f", "a", "kind", "remedy"), REFUSED)
def test_what_is_refused(f, a, kind, remedy):
    with pytest.raises(SctError, match=remedy) as caught:
        plain(f, (a,), 0, "jvp")
    assert type(caught.value) is kind and caught.value.place.file == __file__


def test_without_scipy(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(UnsupportedCall, match="pip install scipy"):
        plain(of_factor, (A,), 0)
