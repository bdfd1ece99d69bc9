"""One compiled function for arrays of the same shape and for those that are broadcast; every mode, and second derivatives."""

import numpy as np
import pytest

import sct
from tests.programs import broadcasting

SHAPES = [((2, 3), (2, 3)), ((2, 3), (1, 3)), ((2, 1), (1, 3)), ((1, 1), (2, 3)), ((0, 3), (1, 3)), ((2, 3), (2, 3))]


def product(a, b):
    return np.sum(np.exp(a) * b * b + a)


def joined(a, b):
    t = a * b
    return t * t + b


def values(*shapes):
    rng = np.random.default_rng(3)
    return [rng.uniform(0.5, 1.5, shape) for shape in shapes]


def moved(f, args, dots, h=1e-6):
    ahead, behind = ([x + s * h * v for x, v in zip(args, dots, strict=True)] for s in (1, -1))
    return (f(*ahead) - f(*behind)) / (2.0 * h)


def test_one_compile_serves_all_shapes():
    gradient = sct.grad(product, argnums=(0, 1))
    for shapes in SHAPES:
        args, dots = values(*shapes), values(*shapes)
        bars = gradient(*args)
        assert [bar.shape for bar in bars] == list(shapes)
        along = sum(np.sum(bar * dot) for bar, dot in zip(bars, dots, strict=True))
        assert along == pytest.approx(moved(product, args, dots), rel=1e-6, abs=1e-8)
    assert len(gradient.overloads) == 1


def test_shapes_that_do_not_fit_are_refused_by_the_same_function():
    gradient = sct.grad(product, argnums=(0, 1))
    for shapes in [((2, 3), (3, 3)), ((2, 3), (0, 3)), ((2, 3), (2, 2))]:
        with pytest.raises(ValueError, match="do not fit"):
            gradient(*values(*shapes))


def test_jacobians():
    forward, reverse = sct.jacfwd(joined, (0, 1)), sct.jacrev(joined, (0, 1))
    for shapes in SHAPES[:4]:
        args, dots = values(*shapes), values(*shapes)
        for ahead, back, dot in zip(forward(*args), reverse(*args), dots, strict=True):
            np.testing.assert_allclose(ahead, back, rtol=1e-12)
            assert ahead.shape[2:] == dot.shape
        along = sum(np.tensordot(part, dot, dot.ndim) for part, dot in zip(forward(*args), dots, strict=True))
        np.testing.assert_allclose(along, moved(joined, args, dots), rtol=1e-6)


def test_second_order():
    hessian = sct.hessian(product, (0, 1))
    for shapes in SHAPES[:4]:
        args, dots = values(*shapes), values(*shapes)
        (aa, ab), (ba, bb) = hessian(*args)
        np.testing.assert_allclose(ab.reshape(args[0].size, -1), ba.reshape(args[1].size, -1).T, rtol=1e-10)
        along = sct.hvp(product, tuple(args), tuple(dots))
        np.testing.assert_allclose(along[1], np.tensordot(ba, dots[0], 2) + np.tensordot(bb, dots[1], 2), rtol=1e-10)
        change = moved(lambda a, b: sct.grad(product)(a, b), args, dots)
        np.testing.assert_allclose(along[0], change, rtol=1e-5)


def test_arguments_that_the_function_writes_to():
    gradient = sct.grad(broadcasting.broadcast_stores, argnums=(0, 1))
    for shapes in (((2, 3), (2, 3)), ((2, 3), (1, 3)), ((2, 3), (2, 1))):
        args, dots = values(*shapes), values(*shapes)
        along = sum(np.sum(bar * dot) for bar, dot in zip(gradient(*args), dots, strict=True))
        assert along == pytest.approx(moved(broadcasting.broadcast_stores, args, dots), rel=1e-6)
    with pytest.raises(ValueError, match="do not fit"):
        gradient(*values((1, 3), (2, 3)))
