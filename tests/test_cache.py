"""Generated files: what their names depend on, and that later processes find them."""

import math
import os
import subprocess
import sys
import textwrap
from types import ModuleType, SimpleNamespace

import numba
import numpy as np
import pytest

from sct.backends import cache, fingerprint
from sct.backends.python import load_python

FLOAT = (numba.float64,)


def key(function, argtypes=FLOAT, **options):
    return cache.key(function, argtypes, options)


def made(text, **values):
    """The function `f` of a module with this text and these globals."""
    module = ModuleType("made")
    vars(module).update(values)
    exec(textwrap.dedent(text), vars(module))
    return module.f


def closure(value):
    return lambda x: x * value


@pytest.mark.parametrize(
    "value",
    [1, 1.0, True, np.float32(1), np.ones(2), np.ones(3), np.ones(2, np.float32), (1, 2.0), (1, 2), "text", None]
    + [np.float64, np.dtype("f4"), np.sin, math.sin, lambda x: x, lambda x: 2 * x],
)
def test_every_value_has_its_own_key(value):
    others = [2, 1.5, np.float64(1), np.zeros(2), (1, 3), "other", np.float32, np.cos, math.cos, lambda x: 3 * x]
    keys = {key(closure(other)) for other in others}
    assert key(closure(value)) == key(closure(value)) and key(closure(value)) not in keys


def test_globals_and_helpers_count_however_far_away():
    text = "def g(x): return x * G\ndef f(x): return [g(y) for y in x][0]"
    assert key(made(text, G=1.0)) == key(made(text, G=1.0, unused=3)) != key(made(text, G=2.0))
    assert key(made(text, G=1.0)) != key(made(text.replace("x * G", "x + G"), G=1.0))
    outside = "def f(x): return library.sub.helper(x)"

    def library(factor):
        sub = SimpleNamespace(helper=closure(factor))
        module, inner = ModuleType("library"), ModuleType("library.sub")
        inner.helper, module.sub = sub.helper, inner
        return module

    assert key(made(outside, library=library(1.0))) == key(made(outside, library=library(1.0)))
    assert key(made(outside, library=library(1.0))) != key(made(outside, library=library(2.0)))


def test_recursion_ends():
    text = "def f(x): return g(x)\ndef g(x): return f(x - 1) * {}"
    assert key(made(text.format(1))) == key(made(text.format(1))) != key(made(text.format(2)))


def test_two_lambdas_on_a_line_differ():
    first, second = (lambda x: x * 2.0), (lambda x: x * 3.0)
    assert key(first) != key(second)


def test_types_options_and_defaults_count():
    def f(x, w=1.0):
        return x * w

    array, fixed = np.ones((4, 4)), np.ones((4, 4))
    fixed.flags.writeable = False
    arguments = [array, fixed, array.T, array[::2, ::2], array.astype(np.float32), 1.0, 1]
    keys = [key(f, (numba.typeof(each),)) for each in arguments]
    keys += [key(f, FLOAT, mode="grad"), key(f, FLOAT, mode="jvp")]
    f.__defaults__ = (2.0,)
    keys += [key(f), key(f, (numba.types.Omitted(1.0),)), key(f, (numba.types.Omitted(2.0),))]
    assert len(set(keys)) == len(keys)


def test_a_dispatcher_counts_as_its_function():
    def f(x):
        return x

    holder = made("def f(x): return g(x)", g=numba.njit(f))
    assert key(holder) == key(made("def f(x): return g(x)", g=numba.njit(f)))


def generated(text, arrays=(), entry="f"):
    return lambda: SimpleNamespace(text=text, entry=entry, arrays=dict(arrays), notes=[], regroup=True)


def test_files_are_written_once_and_read_well(tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    text = "import numpy as np\n\n\ndef g(x):\n    return x * W[1]\n\n\ndef f(x):\n    return g(x) + 1.0\n"
    module = cache.load("<lambda>", "1" * 64, generated(text, {"W": np.array([1.0, 5.0])}))
    assert module._entry(2.0) == 11.0 and cache.text_of(module) == text
    assert module is cache.load("<lambda>", "1" * 64, None)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "lambda_1111111111111111.py",
        "lambda_1111111111111111_W.npy",
    ]
    footer = (tmp_path / "lambda_1111111111111111.py").read_text().removeprefix(text)
    assert 'fastmath={"reassoc", "contract", "nsz", "arcp"}' in footer and 'error_model="numpy"' in footer
    assert load_python(text, {"W": [0.0, 5.0]})["f"](2.0) == 11.0


def test_prange_is_compiled_parallel(tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    text = "from numba import prange\n\n\ndef f(x):\n    for i in prange(len(x)):\n        x[i] += 1.0\n    return x\n"
    module = cache.load("f", "2" * 64, generated(text))
    assert module._entry.targetoptions["parallel"] is True


@pytest.mark.filterwarnings("error")
def test_large_global_arrays_are_not_for_numbas_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    module = cache.load(
        "f", "4" * 64, generated("import numpy as np\n\n\ndef f(x):\n    return W[7] * x\n", {"W": np.ones(200_000)})
    )
    assert module._entry(2.0) == 2.0


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path / "file" / "below"))
    module = cache.load("f", "3" * 64, generated("def f(x):\n    return x\n"))
    assert module._entry(2.0) == 2.0 and not module.__file__.startswith(str(tmp_path))


def test_plain_tracebacks_show_the_generated_line():
    with pytest.raises(ZeroDivisionError) as caught:
        load_python("def f(x):\n    return 1 / x  # line 3\n")["f"](0)
    assert str(caught.traceback[-1].statement).strip() == "return 1 / x  # line 3"


USER = """
import sys, time, types
calls = []
def generate(function, argtypes, mode, argnums, plan="default", parallel=False):
    calls.append(function)
    helper = function.__globals__["helpers"]
    text = f"def f_grad(x):\\n    return {helper.factor(1.0)} * {helper.G}\\n"
    return types.SimpleNamespace(text=text, entry="f_grad", arrays={}, notes=[], regroup=True)
stub = types.ModuleType("sct.pipeline")
stub.generate = generate
import sct
import sct.backends.fingerprint
sct.backends.fingerprint.versions = lambda: "fixed, though sct may be edited while this runs"
sys.modules["sct.pipeline"] = sct.pipeline = stub
import helpers
def f(x):
    return helpers.factor(x) * helpers.G
slope = sct.grad(f)
start = time.process_time()
value = slope(3.0)
spent = time.process_time() - start
print(value, len(calls), spent)
"""


def run(folder):
    """Run the user's program in a new process: the gradient, how often text was generated, seconds of the first call."""
    paths = os.pathsep.join([str(folder), os.getcwd()])
    environment = {**os.environ, "SCT_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": paths}
    command = [sys.executable, "-B", str(folder / "user.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    value, calls, spent = done.stdout.split()
    return float(value), int(calls), float(spent)


def test_later_processes_find_the_file_unless_something_changed(tmp_path):
    helpers = "G = {}\ndef factor(x): return {} * x\n"
    (tmp_path / "user.py").write_text(USER)
    (tmp_path / "helpers.py").write_text(helpers.format(2.0, 3.0))
    assert run(tmp_path)[:2] == (6.0, 1)
    value, calls, spent = run(tmp_path)
    assert (value, calls) == (6.0, 0) and spent < 1.0
    assert list((tmp_path / "cache" / "__pycache__").glob("*.nbi"))
    (tmp_path / "helpers.py").write_text(helpers.format(2.5, 3.0))
    assert run(tmp_path)[:2] == (7.5, 1)
    (tmp_path / "helpers.py").write_text(helpers.format(2.5, 4.0))
    assert run(tmp_path)[:2] == (10.0, 1)
    (tmp_path / "helpers.py").write_text(helpers.format(2.0, 3.0))
    assert run(tmp_path)[:2] == (6.0, 0)


def test_the_version_is_that_of_every_file(monkeypatch):
    known = fingerprint.versions()
    assert known == fingerprint.versions() and len(known) == 64
    fingerprint.versions.cache_clear()
    monkeypatch.setattr(np, "__version__", "0.0")
    assert fingerprint.versions() != known
    fingerprint.versions.cache_clear()


def test_importing_sct_is_light():
    code = "import sys, sct; print([m for m in ('numba', 'numpy', 'gast') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
