"""`check_grads` accepts right derivatives and names argument and index of wrong ones. The derivatives are fakes made
from the references, so these tests do not depend on the compiler."""

import math

import numpy as np
import pytest
from numba import njit

import sct
from sct.errors import GradientMismatch, NotDifferentiable
from sct.reference.dual import dual_jvp, dual_vjp
from sct.testing import check_grads


def fake_jvp(f, primals, tangents):
    if hasattr(f, "of"):
        return None, f.along(primals, tangents)
    return dual_jvp(f, primals, tangents)


def fake_vjp(f, *primals):
    floats = tuple(k for k, x in enumerate(primals) if np.asarray(x).dtype.kind == "f")

    def pullback(seed):
        bars = dict(zip(floats, dual_vjp(f, primals, seed, floats), strict=True))
        return tuple(bars.get(k) for k in range(len(primals)))

    return None, pullback


@pytest.fixture(autouse=True)
def right_derivatives(monkeypatch):
    monkeypatch.setattr(sct, "jvp", fake_jvp, raising=False)
    monkeypatch.setattr(sct, "vjp", fake_vjp, raising=False)


def spoil_adjoint(monkeypatch, spoil):
    """Make `sct.vjp` wrong: `spoil(bars)` changes the adjoints in place."""

    def vjp(f, *primals):
        value, pullback = fake_vjp(f, *primals)

        def spoiled(seed):
            bars = list(pullback(seed))
            spoil(bars)
            return tuple(bars)

        return value, spoiled

    monkeypatch.setattr(sct, "vjp", vjp, raising=False)


def energy(x, n, w):
    total = 0.0
    for i in range(n, len(x)):
        total += w[i] * math.sin(x[i] - x[i - 1]) ** 2
    return total


def smooth(x, k):
    x[1:] += k * np.sin(x[:-1])
    return x


X = np.array([0.3, -0.7, 1.1, 0.4])
W = np.array([1.0, 2.0, -1.5, 0.5])


def test_right_derivatives_pass_and_the_report_is_a_table():
    report = check_grads(energy, (X, 1, W))
    assert report.ok
    lines = str(report).splitlines()
    assert lines[0] == "check_grads(energy)"
    assert lines[1].split() == ["check", "argument", "index", "sct", "reference", "finite", "error", "verdict"]
    assert [row.check for row in report.rows] == ["adjoint"] * 2 + ["tangent"] * 2 + ["<v, J'w>", "<Jv, w>"]
    assert {row.argument for row in report.rows} == {"x", "w", "x, w"}


def test_dispatchers_array_results_and_float32():
    assert check_grads(njit(energy), (X, 1, W)).ok
    assert check_grads(smooth, (X, 0.5)).ok
    assert check_grads(energy, (X.astype(np.float32), 1, W.astype(np.float32))).ok


def test_the_arguments_are_left_alone():
    x = X.copy()
    check_grads(smooth, (x, 0.5))
    assert np.array_equal(x, X)


def test_tuple_results():
    assert check_grads(lambda x, k: (x * k, k**2), (X, 0.5)).ok


def test_a_wrong_adjoint_is_named(monkeypatch):
    def spoil(bars):
        bars[2][3] *= 1.0001

    spoil_adjoint(monkeypatch, spoil)
    with pytest.raises(GradientMismatch, match=r"adjoint of energy is wrong for argument 'w' at index \(3,\)"):
        check_grads(energy, (X, 1, W))
    assert check_grads(energy, (X, 1, W), argnums=0).ok
    assert check_grads(energy, (X, 1, W), modes=("fwd",)).ok


def test_a_wrong_small_entry_beside_large_ones_is_found(monkeypatch):
    def spoil(bars):
        bars[0][1] *= 2.0

    spoil_adjoint(monkeypatch, spoil)
    with pytest.raises(GradientMismatch, match=r"'x' at index \(1,\)"):
        check_grads(lambda x: 1e6 * x[0] + x[1], (np.ones(2),))


def test_a_nan_is_found(monkeypatch):
    def spoil(bars):
        bars[0][2] = np.nan

    spoil_adjoint(monkeypatch, spoil)
    with pytest.raises(GradientMismatch, match=r"'x' at index \(2,\)"):
        check_grads(energy, (X, 1, W))


def test_nan_on_both_sides_is_agreement():
    assert check_grads(lambda x: math.sqrt(x * x), (0.0,)).ok


def test_infinite_derivative_agrees():
    assert check_grads(lambda x, y: math.sqrt(x) + y, (0.0, 1.0)).ok


def test_an_error_outside_the_sample_is_found_by_the_dot_product(monkeypatch):
    x = np.linspace(0.0, 1.0, 1000)

    def spoil(bars):
        bars[0] += 1e-3 * (np.arange(1000) == 7)

    spoil_adjoint(monkeypatch, spoil)
    with pytest.raises(GradientMismatch, match="<v, J'w>"):
        check_grads(lambda x: np.sum(x * x), (x,))


def test_a_wrong_tangent_is_named(monkeypatch):
    def jvp(f, primals, tangents):
        value, dot = fake_jvp(f, primals, tangents)
        return value, dot + tangents[2][1]

    monkeypatch.setattr(sct, "jvp", jvp, raising=False)
    with pytest.raises(GradientMismatch, match=r"tangent of energy is wrong for argument 'w' at index \(1,\)"):
        check_grads(energy, (X, 1, W))


def test_finite_differences_accuse_what_the_dual_numbers_miss(monkeypatch):
    monkeypatch.setattr("sct.testing.dual_partials", lambda *_: np.array([4.1]))
    spoil_adjoint(monkeypatch, lambda bars: bars.__setitem__(0, 4.1))
    with pytest.raises(GradientMismatch, match=r"finite differences: 4\.5478"):
        check_grads(lambda x: x * x, (2.0,), modes=("rev",))


@pytest.mark.parametrize("f", [abs, lambda x: max(x, 0.0)])
def test_kinks_follow_the_policy_not_the_finite_differences(f):
    assert check_grads(lambda x: f(x), (0.0,)).ok


def test_ints_are_refused():
    with pytest.raises(NotDifferentiable):
        check_grads(lambda n: 2.0 * n, (3,))
    with pytest.raises(NotDifferentiable):
        check_grads(energy, (X, 1, W), argnums=1)
    with pytest.raises(NotDifferentiable):
        check_grads(lambda x: int(x), (3.0,))


class FakeGradient:
    """The gradient of sum(x**3 * k) and its directional derivative, which may be made wrong."""

    of = "cubes"

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x, k):
        return 3.0 * k * x**2, np.sum(x**3)

    def along(self, primals, tangents):
        (x, k), (x_dot, k_dot) = primals, tangents
        return 6.0 * k * x * x_dot * self.factor + 3.0 * x**2 * k_dot, np.sum(3.0 * x**2 * x_dot)


def cubes(x, k):
    return np.sum(x**3) * k


def test_order_two(monkeypatch):
    monkeypatch.setattr(sct, "grad", lambda f, argnums: FakeGradient(1.0), raising=False)
    report = check_grads(cubes, (X, 0.5), order=2)
    assert [row.argument for row in report.rows if row.check == "second derivative"] == ["x", "k"]
    wrong = FakeGradient(np.array([1.0, 1.0, 1.01, 1.0]))
    monkeypatch.setattr(sct, "grad", lambda f, argnums: wrong, raising=False)
    with pytest.raises(GradientMismatch, match=r"second derivative of cubes is wrong for argument 'x' at index \(2,\)"):
        check_grads(cubes, (X, 0.5), order=2)


def test_order_two_needs_a_scalar():
    with pytest.raises(NotDifferentiable):
        check_grads(smooth, (X, 0.5), order=2)
