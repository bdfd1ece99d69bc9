"""Nothing falls through: what Numba supports of math, cmath, random and NumPy, all ufuncs and all of math, is known to sct.

Each function has a rule, a body or an inactive entry, or stands in a table of refusals with what to write instead; never in both.
"""

import inspect
import math
import weakref
from types import ModuleType

import numpy as np
import pytest
from numba import typeof
from numba.core.registry import cpu_target
from numba.np import ufunc_db

from sct import bodies, pipeline
from sct.errors import SctError
from sct.frontend import binding, indexing, once, refused

LIBRARIES = ("numpy", "math", "cmath", "random")


def of_numba():
    """All that Numba's typing knows as a global, once its registries are complete."""
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    cpu_target.typing_context.refresh()
    found = [key() if isinstance(key, weakref.ref) else key for key in cpu_target.typing_context._globals]
    return [f for f in found if f is not None and library(f) in LIBRARIES]


def library(function):
    module = getattr(function, "__module__", None) or type(getattr(function, "__self__", None)).__module__
    return module.removeprefix("_").partition(".")[0]


def public(module):
    return [value for name, value in vars(module).items() if not name.startswith("_") and callable(value) and not isinstance(value, ModuleType)]


FOUND = {id(f): f for f in [*of_numba(), *public(math), *ufunc_db.get_ufuncs(), *(f for f in public(np) if isinstance(f, np.ufunc))]}


def is_supported(function):
    special = function in (np.where, np.nonzero) or indexing.form_of(function) or id(function) in once.NAMES
    return bool(special or binding._known(function)[0] or bodies.body_of(function))


def shown(function):
    return f"{getattr(function, '__module__', None) or type(function.__self__).__name__}.{function.__name__}"


def test_the_walk_finds_what_numba_supports():
    functions = set(FOUND.values())
    assert {np.sin, np.sum, np.linalg.svd, np.random.normal, math.erf, np.interp, np.add} <= functions
    assert len(functions) > 300


@pytest.mark.parametrize("function", FOUND.values(), ids=shown)
def test_every_function_is_known(function):
    assert is_supported(function) or refused.remedy(function), "add a rule, a body, an inactive entry, or a refusal in sct/frontend/refused.py"


@pytest.mark.parametrize("name", refused.REFUSED)
def test_what_is_refused_is_not_supported(name):
    function = refused.named(name)
    assert function is None or not is_supported(function), "supported by now: remove it from sct/frontend/refused.py"


def test_remedies_are_no_sentences():
    assert all(remedy.strip(".") == remedy for remedy in refused.REFUSED.values())


CALLS = [name for name in refused.REFUSED if refused.named(name) is not None] + ["cmath.sin", "random.gauss", "np.random.choice", "np.polynomial.polynomial.polyval"]


@pytest.mark.parametrize("name", CALLS)
def test_a_refusal_says_what_to_write(name, tmp_path):
    path = tmp_path / "refused.py"
    path.write_text(f"import cmath\nimport math\nimport random\nimport numpy as np\n\n\ndef f(x):\n    y = {name}(x)\n    return x[0]\n")
    space = {"__name__": "refused"}
    exec(compile(path.read_text(), str(path), "exec"), space)
    with pytest.raises(SctError) as caught:
        pipeline.generate(space["f"], (typeof(np.ones(3)),), "grad", (0,))
    assert caught.value.place is not None
    assert caught.value.remedy == refused.remedy(eval(name, space))


def test_every_body_takes_the_arguments_of_its_function():
    """In their places, under their names: what NumPy gives another meaning fits nowhere."""
    for function, body in bodies.table().items():
        try:
            known = inspect.signature(function).parameters.values()
        except ValueError:
            continue
        own = inspect.signature(body).parameters.values()
        kinds = {p.kind for p in known}
        places = [p.name for p in known if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        placed = [p.name for p in own if p.kind is p.POSITIONAL_OR_KEYWORD]
        fits = placed[: len(places)] == places[: len(placed)] or inspect.Parameter.POSITIONAL_OR_KEYWORD not in kinds
        assert fits, shown(function)
        assert len(placed) <= len(places) or inspect.Parameter.VAR_POSITIONAL in kinds, shown(function)
        named = {p.name for p in own if p.kind is p.KEYWORD_ONLY}
        assert named <= {p.name for p in known} or inspect.Parameter.VAR_KEYWORD in kinds, shown(function)
