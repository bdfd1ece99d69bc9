"""The examples, in their short forms, on the real data."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import sct

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def load(name):
    pytest.importorskip("matplotlib")
    pytest.importorskip("scipy")
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def digits():
    pytest.importorskip("sklearn")
    return load("digits")


def slopes_agree(value, arguments, gradients, tolerance=1e-6):
    """Central differences along one random direction per argument, against the gradient in it."""
    rng = np.random.default_rng(5)
    for i, gradient in enumerate(gradients):
        direction = rng.normal(size=gradient.shape)
        up, down = ([*arguments[:i], arguments[i] + h * direction, *arguments[i + 1 :]] for h in (1e-6, -1e-6))
        slope = (value(*up) - value(*down)) / 2e-6
        assert abs(slope - np.sum(gradient * direction)) <= tolerance * np.sum(np.abs(gradient * direction))


def test_digits_learns(digits):
    assert digits.main(short=True) >= 0.9


def test_digits_gradient(digits):
    rng = np.random.default_rng(3)
    parameters = digits.initial_parameters(rng, kernels=2)
    images, labels = rng.random((3, 8, 8)), np.array([1, 7, 7])
    value, gradients = sct.value_and_grad(digits.loss, argnums=digits.PARAMETERS)(*parameters, images, labels)
    assert value == pytest.approx(digits.loss(*parameters, images, labels), rel=1e-12)
    slopes_agree(lambda *p: digits.loss(*p, images, labels), parameters, gradients)


def test_orbit_finds_the_state(tmp_path):
    plot = tmp_path / "orbit.png"
    assert load("orbit").main(short=True, output=plot) < 0.05
    assert plot.stat().st_size > 10_000


def test_orbit_gradient():
    orbit = load("orbit")
    observed = np.random.default_rng(4).normal(size=(5, 2))
    gradient = sct.grad(orbit.misfit)(orbit.GUESS, observed, 10, 2e-3)
    slopes_agree(lambda start: orbit.misfit(start, observed, 10, 2e-3), [orbit.GUESS], [gradient])


def test_heat_recovers_the_field(tmp_path):
    plot = tmp_path / "heat.png"
    assert load("heat").main(short=True, output=plot) < 0.4
    assert plot.stat().st_size > 5_000


def test_heat_gradient():
    heat = load("heat")
    k, heated = heat.true_conductivity(5), heat.experiments(5)[:2]
    measured = heat.measure(k, heated, 6, np.random.default_rng(4))
    guess = np.full_like(k, 0.8)
    gradient = sct.grad(heat.objective)(guess, heated, measured, 6)
    slopes_agree(lambda field: heat.objective(field, heated, measured, 6), [guess], [gradient])
