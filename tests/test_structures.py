"""The user's door with tuples, named tuples, None, functions, keyword-only and starred arguments: mostly as compiled code."""

import math
import os
import pickle
import subprocess
import sys
import textwrap
from collections import namedtuple
from typing import NamedTuple

import numpy as np
import pytest
from numba import njit, typeof

import sct
from sct import pipeline
from sct.backends import cache
from sct.backends.python import load_python
from sct.errors import GradientMismatch, NotDifferentiable, TypeProblem, UnsupportedSyntax
from sct.reference.dual import dual_gradient, dual_jvp
from sct.reference.finite import finite_jvp, flatten
from sct.reference.tape import tape_gradient
from sct.testing import check_grads
from sct.tree import leaves

Body = namedtuple("Body", ["mass", "position"])
Ydob = namedtuple("Ydob", ["position", "mass"])


class System(NamedTuple):
    body: Body
    steps: int
    weights: tuple = (1.0, None)
    bounded: bool = True


def energy(system, speed):
    s = 0.0
    for _ in range(system.steps):
        s += system.body.mass * speed**2 * system.weights[0] + np.sum(system.body.position**2)
    return s if system.bounded else -s


def system(dtype=np.float64):
    return System(Body(dtype(2.0), np.array([1.0, -3.0], dtype)), 3, (dtype(0.5), None))


@njit
def square(v):
    return v * v


@njit
def cube(v):
    return v * v * v


def applied(f, x, g=math.sin):
    return f(x) * g(x)


def in_python(f, args, argnums, mode="grad"):
    made = pipeline.generate(f, tuple(map(typeof, args)), mode, argnums)
    return load_python(made.text, made.arrays)[made.entry]


# the structure of what comes out


def test_the_gradient_has_the_structure_of_the_argument():
    gradient, speed_bar = sct.grad(energy, (0, 1))(system(), 2.0)
    assert type(gradient) is System and type(gradient.body) is Body
    assert gradient.body.mass == 6.0 and gradient.body.position.tolist() == [6.0, -18.0]
    assert gradient.steps == 0 and gradient.bounded is False and gradient.weights == (24.0, None) and speed_bar == 12.0


def test_value_jvp_and_vjp_have_it_too():
    at = system()
    value, gradient = sct.value_and_grad(energy)(at, 2.0)
    same_value, pullback = sct.vjp(energy, at, 2.0)
    bars = pullback(2.0)
    assert value == same_value == energy(at, 2.0)
    assert bars[0].body.mass == 2.0 * gradient.body.mass and bars[0].weights == (48.0, None) and bars[0].steps == 0
    dots = System(Body(1.0, np.zeros(2)), 0, (0.0, None), False)
    assert sct.jvp(energy, (at, 2.0), (dots, 0.0)) == (value, gradient.body.mass)


def test_float32_stays():
    gradient = sct.grad(energy)(system(np.float32), np.float32(2.0))
    assert gradient.body.position.dtype == np.float32 and gradient.body.position.tolist() == [6.0, -18.0]


def test_tuples_of_length_zero_and_one():
    assert sct.grad(lambda t: t[0] * t[0])((3.0,)) == (6.0,)
    assert sct.grad(lambda t: t[0][0] * t[2])(((3.0,), (), 2.0)) == ((2.0,), (), 3.0)
    with pytest.raises(NotDifferentiable, match="of type Tuple\\(\\), which has no derivative"):
        sct.grad(lambda t, x: x)((), 3.0)


def split(x, y):
    return Body(x * y, (x, (y * y, 1)))


def test_results_are_nested_and_named():
    value, dot = sct.jvp(split, (2.0, 3.0), (1.0, 0.0))
    assert value == Body(6.0, (2.0, (9.0, 1))) and dot == Body(3.0, (1.0, (0.0, 0.0))) and type(dot) is Body
    assert sct.vjp(split, 2.0, 3.0)[1](Body(1.0, (1.0, (1.0, 7)))) == (4.0, 8.0)
    with pytest.raises(TypeProblem, match="the seed is not a tuple of 2"):
        sct.vjp(split, 2.0, 3.0)[1](1.0)
    with pytest.raises(NotDifferentiable, match="returns a Body; a gradient needs a float"):
        sct.grad(split)(2.0, 3.0)


def both(one, other):
    one[0] = one[1] * other[0]
    return one[0] * one[1]


def of_pair(pair):
    return both(pair[0], pair[1])


def of_rest(scale, *arrays):
    return scale * both(arrays[0], arrays[1])


def test_arrays_in_tuples_are_left_alone():
    x, y = np.array([1.0, 2.0]), np.array([3.0])
    assert [bar.tolist() for bar in sct.grad(of_pair)((x, y))] == [[0.0, 12.0], [4.0]]
    assert x.tolist() == [1.0, 2.0]


def test_overlap_is_refused_wherever_the_arrays_come_from():
    x = np.array([1.0, 2.0])
    for call in (
        lambda: sct.grad(of_pair)((x, x[1:])),
        lambda: sct.vjp(of_pair, (x, x[1:])),
        lambda: sct.jvp(of_pair, ((x, x),), ((x, x),)),
        lambda: sct.grad(of_rest)(1.0, x, x),
        lambda: sct.grad(lambda p, y: both(p.position, y))(Body(1.0, x), x),
    ):
        with pytest.raises(ValueError, match="share memory, and one of them is written to"):
            call()
    assert x.tolist() == [1.0, 2.0]


# functions, strings, None


def test_functions_as_arguments():
    slope = sct.grad(applied, 1)
    assert slope(square, 2.0, square) == 32.0 and slope(cube, 2.0, square) == slope(square, 2.0, cube) == 80.0
    assert slope(square, 2.0) == pytest.approx(4.0 * math.sin(2.0) + 4.0 * math.cos(2.0))
    assert sct.vjp(applied, square, 2.0, cube)[1](1.0) == (None, 80.0, None)
    assert sct.jvp(applied, (square, 2.0), (None, 1.0))[1] == pytest.approx(slope(square, 2.0))
    assert njit(lambda x: slope(square, x, cube) + slope(square, x))(2.0) == pytest.approx(80.0 + slope(square, 2.0))
    assert sct.grad(slope, 1)(square, 2.0, square) == pytest.approx(48.0)


def test_what_is_no_dispatcher_or_has_no_derivative_is_refused():
    with pytest.raises(TypeProblem, match="a function must be compiled with numba.njit"):
        sct.grad(applied, 1)(lambda v: v, 2.0)
    with pytest.raises(NotDifferentiable, match="leave 0 out of argnums"):
        sct.grad(applied, 0)(square, 2.0)
    with pytest.raises(NotDifferentiable, match="holds a function or a string"):
        sct.grad(lambda p: p[0](p[1]))((square, 2.0))
    with pytest.raises(TypeProblem, match="a string that only the run knows"):
        sct.grad(lambda p: p[0])((2.0, "sin"))
    with pytest.raises(TypeProblem, match="is a list"):
        sct.grad(lambda p: p[0])((2.0, [1.0]))


def plain_square(v):
    return v * v


def many(x, f=plain_square, kind="sin", body=Body(2.0, (3.0, None)), out=None, n=2):
    y = math.sin(x) if kind == "sin" else x
    return f(y) * body.mass * body.position[0] ** n if out is None and body.position[1] is None else out


def test_defaults_of_every_kind():
    expected = 2.0 * 9.0 * 2.0 * math.sin(0.5) * math.cos(0.5)
    slope = sct.grad(many)
    assert slope(0.5) == pytest.approx(expected) and slope(0.5, n=1) == pytest.approx(expected / 3.0)
    assert sct.vjp(many, 0.5)[1](1.0) == pytest.approx((expected,))
    assert sct.jvp(many, (0.5,), (1.0,))[1] == pytest.approx(expected)
    assert sct.grad(slope)(0.5) == pytest.approx(36.0 * math.cos(1.0))
    assert slope(0.5, body=Body(1.0, (3.0, None))) == pytest.approx(expected / 2.0)
    assert njit(lambda x: slope(x))(0.5) == pytest.approx(expected)


@pytest.mark.parametrize(("default", "kind"), [({}, "an object"), ([1.0], "a list"), ((1.0, {}), "an object")])
def test_defaults_that_no_program_can_have(default, kind):
    def f(x, options=default):
        return x

    for call in (sct.grad(f), lambda x: sct.jvp(f, (x,), (1.0,))):
        with pytest.raises(TypeProblem, match=f"argument 'options' of f is {kind}"):
            call(2.0)


# lists of parameters


def scaled(x, *, by, shift=0.5):
    return x * by + shift


def product(x, *others):
    for other in others:
        x = x * other
    return x


def test_keyword_only():
    slopes = sct.grad(scaled, (0, 1))
    assert slopes(2.0, by=3.0) == (3.0, 2.0) and str(slopes.__signature__) == "(x, *, by, shift=0.5)"
    assert njit(lambda x: slopes(x, by=3.0, shift=1.0))(2.0) == (3.0, 2.0)
    assert "def scaled_grad(x, by, shift=0.5):" in slopes.source(2.0, by=3.0)


def test_starred():
    slopes = sct.grad(product, (0, 1))
    assert slopes(2.0, 3.0, 4.0) == (12.0, (8.0, 6.0)) and sct.grad(product)(2.0) == 1.0
    assert njit(lambda x: slopes(x, 3.0))(2.0) == (3.0, (2.0,))
    assert sct.vjp(product, 2.0, 3.0, 4.0)[1](1.0) == (12.0, 8.0, 6.0) and sct.vjp(product, 2.0)[1](1.0) == (1.0,)
    assert sct.jvp(product, (2.0, 3.0, 4.0), (0.0, 1.0, 1.0)) == (24.0, 14.0)


def test_names_that_are_taken():
    def shadow(Body):
        return Body.mass * Body.position

    def leaf(body, body_mass):
        return body.mass * body_mass * body.position

    assert in_python(shadow, (Body(2.0, 3.0),), 0)(Body(2.0, 3.0)) == Body(3.0, 2.0)
    assert in_python(leaf, (Body(2.0, 3.0), 5.0), (0, 1))(Body(2.0, 3.0), 5.0) == (Body(15.0, 10.0), 6.0)


def test_calls_from_compiled_code_with_named_tuples():
    gradient = sct.grad(energy)

    @njit
    def step(mass, position):
        s = System(Body(mass, position), 1, (1.0, None), True)
        return gradient(s, 2.0).body

    assert step(2.0, np.ones(2)).position.tolist() == [2.0, 2.0]


# what is kept


def test_every_shape_has_its_own_key():
    def key(*args):
        return cache.key(energy, tuple(map(typeof, args)), {})

    keys = [key(Body(1.0, 2.0)), key(Ydob(1.0, 2.0)), key((1.0, 2.0)), key(Body(1.0, (2.0,))), key(Body(1.0, ((2.0,),)))]
    keys += [key(square), key(cube), key((square,)), key(None), key((None,)), key(()), key(1.0, 2.0)]
    assert len(set(keys)) == len(keys)
    fields = [namedtuple("Pair", names, defaults=d) for names, d in (("a b", ()), ("b a", ()), ("a b", (1.0,)), ("a b", (2.0,)))]
    assert len({key(kind(1.0, 2.0)) for kind in fields}) == 4


def test_equal_fields_of_two_classes():
    first = sct.grad(lambda b: b.mass * b.mass * b.position)
    assert first(Body(2.0, 3.0)) == Body(12.0, 4.0) and type(first(Body(2.0, 3.0))) is Body
    assert first(Ydob(3.0, 2.0)) == Ydob(4.0, 12.0) and type(first(Ydob(3.0, 2.0))) is Ydob


def test_a_local_class_is_refused_where_the_derivative_holds_it():
    Local = namedtuple("Local", ["a", "b"])

    def through(x, p):
        q = Local(p.b, x)
        return q.a * q.b

    assert sct.grad(through)(2.0, Local(1.0, 3.0)) == 3.0
    with pytest.raises(UnsupportedSyntax, match="a Local, which its file cannot import") as caught:
        sct.grad(through, 1)(2.0, Local(1.0, 3.0))
    assert "define the class at the top of a module" in str(caught.value)


def test_a_class_that_is_defined_again(monkeypatch):
    slope = sct.jvp(lambda x: Body(x, x), (1.0,), (1.0,))[1]
    assert type(slope) is Body
    monkeypatch.setitem(globals(), "Body", namedtuple("Body", ["mass", "position"]))
    assert type(sct.jvp(lambda x: Body(x, x), (1.0,), (1.0,))[1]) is Body is not type(slope)


def test_pickles():
    for d, args in ((sct.grad(energy), (system(), 2.0)), (sct.grad(applied, 1), (square, 2.0))):
        assert str(pickle.loads(pickle.dumps(d))(*args)) == str(d(*args))


SCRIPT = """
from collections import namedtuple
import sct, sct.backends.fingerprint, shapes
sct.backends.fingerprint.versions = lambda: "fixed"
Here = namedtuple("Here", {fields})
def f(p, q):
    return p.a * p.b ** 2 * q.a
from sct import pipeline
made, inner = [], pipeline.generate
pipeline.generate = lambda *args, **kwargs: made.append(1) or inner(*args, **kwargs)
p, q = sct.grad(f, (0, 1))(Here(2.0, 3.0), shapes.There(5.0, 7.0))
assert type(p) is Here and type(q) is shapes.There
print(len(made), p.a, p.b, q.a, q.b)
"""


def test_a_second_process_uses_the_file(tmp_path):
    def run(here, there):
        (tmp_path / "main.py").write_text(SCRIPT.format(fields=here))
        (tmp_path / "shapes.py").write_text(f"from collections import namedtuple\nThere = namedtuple('There', {there})\n")
        paths = os.pathsep.join([str(tmp_path), os.getcwd()])
        environment = {**os.environ, "SCT_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": paths}
        command = [sys.executable, "-B", str(tmp_path / "main.py")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert run(["a", "b"], ["a", "b"]) == ["1", "45.0", "60.0", "18.0", "0.0"]
    assert run(["a", "b"], ["a", "b"]) == ["0", "45.0", "60.0", "18.0", "0.0"]
    assert run(["b", "a"], ["a", "b"]) == ["1", "20.0", "60.0", "12.0", "0.0"]
    assert run(["a", "b"], ["b", "a"])[0] == "1"


def test_the_source_reads_well():
    expected = '''
    def energy_grad(system, speed):
        (system_body_mass, system_body_position), system_steps, (system_weights_0, __), system_bounded = system
    '''
    assert textwrap.dedent(expected).strip() in sct.grad(energy).source(system(), 2.0)


# the checks


def test_check_grads_goes_through_tuples():
    report = check_grads(energy, (system(), 2.0), order=2)
    names = ["system.body.mass", "system.body.position", "system.weights[0]", "speed"]
    assert [row.argument for row in report.rows if row.check == "adjoint"] == names
    assert [row.argument for row in report.rows if row.check == "second derivative"] == names
    assert check_grads(split, (2.0, 3.0)).ok and check_grads(of_pair, ((np.array([1.0, 2.0]), np.array([3.0])),)).ok
    assert check_grads(applied, (square, 2.0, cube)).ok
    assert [row.argument for row in check_grads(product, (2.0, 3.0)).rows][:2] == ["x", "others[0]"]


def test_check_grads_names_the_leaf(monkeypatch):
    def vjp(f, *args):
        def pullback(seed):
            bars = right(f, *args)[1](seed)
            bars[0].body.position[1] += 1.0
            return bars

        return None, pullback

    right = sct.vjp
    monkeypatch.setattr(sct, "vjp", vjp)
    with pytest.raises(GradientMismatch, match=r"wrong for argument 'system.body.position' at index \(1,\)"):
        check_grads(energy, (system(), 2.0))


def test_the_references_agree_on_structures():
    args = (system(), 2.0)
    exact, taped = (str(method(energy, args, (0, 1))) for method in (dual_gradient, tape_gradient))
    assert exact == taped == "(System(body=Body(mass=6.0, position=array([  6., -18.])), steps=0.0, weights=(24.0, None), bounded=0.0), 12.0)"
    dots = (System(Body(1.0, np.array([0.0, 1.0])), 0, (0.5, None), False), 1.0)
    assert finite_jvp(energy, args, dots)[0] == pytest.approx(dual_jvp(energy, args, dots)[1]) == 12.0
    value, dot = dual_jvp(split, (2.0, 3.0), (1.0, 0.0))
    assert value == Body(6.0, (2.0, (9.0, 1))) and dot == Body(3.0, (1.0, (0.0, 0.0)))
    assert dual_gradient(applied, (square, 2.0, cube), 1) == tape_gradient(applied, (square, 2.0, cube), 1) == 80.0


def named_and_rebound(s, y):
    s.position[0] = s.mass * y
    s = Body(s.position[0] * s.position[1], s.position)
    s.position[1] = s.mass
    return s.mass * s.position[1] * s.position[0]


def written_in_a_loop(t, n):
    a, (b, c) = t
    for i in range(n):
        c[i] = c[i] * a
        a = a + b * c[i]
    return a * c[0]


def parameter_changes_kind(p, _):
    p = (p[1] * _, p[0])
    p = p[0] * p[1]
    return p * p


@pytest.mark.parametrize("plan", ["default", "store_all"])
@pytest.mark.parametrize(
    ("function", "args", "argnums"),
    [
        (named_and_rebound, (Body(1.2, np.array([0.3, -0.7])), 0.5), (0, 1)),
        (written_in_a_loop, ((1.2, (0.7, np.array([1.3, -0.7]))), 2), (0,)),
        (parameter_changes_kind, ((2.0, 3.0, None), 0.5), (0, 1)),
    ],
)
def test_gradients_in_python(function, args, argnums, plan):
    made = pipeline.generate(function, tuple(map(typeof, args)), "grad", argnums, plan)
    found = load_python(made.text, made.arrays)[made.entry](*args)
    exact = dual_gradient(function, args, argnums)
    assert [path for path, _ in leaves(found)] == [path for path, _ in leaves(exact)]
    assert flatten(found) == pytest.approx(flatten(exact), rel=1e-12)


def test_none_in_results_and_a_parameter_called_underscore():
    def partly(p, _):
        return (p[0] * _, None), p[1] * _

    args, dots = ((2.0, 3.0, None), 5.0), ((1.0, 0.0, None), 1.0)
    assert in_python(partly, args, (0, 1), "jvp")(*args, *dots) == (((10.0, None), 15.0), ((7.0, None), 3.0))
    assert in_python(partly, args, (0, 1), "vjp")(*args, ((1.0, None), 2.0))[1] == ((5.0, 10.0, None), 8.0)


@pytest.mark.parametrize("result", [lambda x: (x, "sin"), lambda x: (x, lambda v: v * x), lambda x: (x, math.sin)])
def test_results_that_no_derivative_can_have(result):
    with pytest.raises(NotDifferentiable, match="a derivative cannot give back"):
        sct.jvp(result, (2.0,), (1.0,))
