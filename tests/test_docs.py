"""The documentation tells the truth: every Python block runs, and what a page shows is what comes out.

A fence below `<!-- output -->` holds what the Python block before it prints. In docs/language.md every function is an example:
supported ones are compared with dual numbers, refused ones with the error in the comment below them.
`SCT_UPDATE_DOCS=1 pytest tests/test_docs.py` writes outputs, errors and docs/rules.md anew.
"""

import ast
import contextlib
import copy
import io
import os
import re
from pathlib import Path

import numpy as np
import pytest
from numba import typeof

import sct
from sct import pipeline
from sct.backends.python import load_python
from sct.reference.dual import dual_gradient
from sct.rules.page import page

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
UPDATE = bool(os.environ.get("SCT_UPDATE_DOCS"))

PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
SHOWN = re.compile(r"(?:^```python\n(.*?)^```$)|(?:^<!-- output -->\n\n?```\w*\n(.*?)^```$)", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CALLED_WITH = re.compile(r"^# called with (.*)$", re.M)
ERROR = re.compile(r"^# (\w+: .*(?:\n#   Instead: .*)?)$", re.M)


def write(path, text):
    path.write_text(text)
    return path


# pages that are read from top to bottom as one script


SCRIPTS = [ROOT / "README.md", *(DOCS / f"{name}.md" for name in ("how-it-works", "modes", "linalg"))]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_page_runs_and_prints_what_it_shows(path, tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path / "cache"))
    text, space, printed = path.read_text(), {"__name__": "page"}, ""
    pieces, end, count = [], 0, 0
    for found in SHOWN.finditer(text):
        if found[1] is not None:
            count += 1
            file = write(tmp_path / ("example.py" if path.stem == "README" else f"example_{count}.py"), found[1])
            with contextlib.redirect_stdout(io.StringIO()) as stream:
                exec(compile(found[1], str(file), "exec"), space)
            printed = stream.getvalue().replace(f"{tmp_path}{os.sep}", "").strip() + "\n"
        else:
            pieces += [text[end : found.start(2)], printed]
            end = found.end(2)
            assert UPDATE or found[2] == printed
    assert pieces, "the page shows no output"
    if UPDATE:
        path.write_text("".join([*pieces, text[end:]]))


# docs/language.md

MADE = {
    "x": lambda: np.array([0.3, 0.8, 1.2, 0.5, 0.9, 1.7]),
    "w": lambda: np.array([1.1, 0.4, -0.7, 0.6, 1.3, 0.2]),
    "m": lambda: np.cos(np.arange(24.0)).reshape(4, 6),
    "y": lambda: 0.75,
    "z": lambda: 1.5,
    "n": lambda: 3,
    "k": lambda: np.array([2, 0, 1, 3]),
}


def examples(text):
    """(name, block, source of the function and what follows it) of the functions in Python blocks that nobody else calls."""
    for block in PYTHON.findall(text):
        tree = ast.parse(block)
        functions = [s for s in tree.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)]
        called = {
            n.func.id
            for f in functions for n in ast.walk(f)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id != f.name
        }
        starts = [f.lineno for f in functions] + [len(block.splitlines()) + 1]
        for function, after in zip(functions, starts[1:], strict=True):
            if function.name not in called:
                lines = block.splitlines()[function.lineno - 1 : after - 1]
                yield pytest.param(function.name, block, "\n".join(lines), id=function.name)


LANGUAGE = (DOCS / "language.md").read_text()
SUPPORTED, _, REFUSED = LANGUAGE.partition("\n## Refused\n")


def load(name, block, tmp_path):
    file = write(tmp_path / "example.py", f"import math\nfrom collections import namedtuple\nfrom enum import IntEnum\n\nimport numba\nimport numpy as np\n\n\n{block}")
    space = {"__name__": "example"}
    exec(compile(file.read_text(), str(file), "exec"), space)
    return space[name]


def arguments(function):
    code = getattr(function, "py_func", function).__code__
    return {name: MADE[name]() for name in code.co_varnames[: code.co_argcount] if name in MADE}


def floats(args):
    return tuple(k for k, x in enumerate(args) if isinstance(x, float) or getattr(x, "dtype", None) == np.float64)


@pytest.mark.parametrize(("name", "block", "source"), list(examples(SUPPORTED)))
def test_what_is_supported(name, block, source, tmp_path):
    function = load(name, block, tmp_path)
    args = tuple(arguments(function).values())
    made = pipeline.generate(function, tuple(map(typeof, args)), "grad", floats(args))
    gradients = load_python(made.text, made.arrays)[made.entry](*copy.deepcopy(args))
    for found, exact in zip(gradients, dual_gradient(function, args, floats(args)), strict=True):
        np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("name", "block", "source"), list(examples(REFUSED)))
def test_what_is_refused(name, block, source, tmp_path, monkeypatch):
    monkeypatch.setenv("SCT_CACHE_DIR", str(tmp_path))
    told = ERROR.search(source)
    assert told, f"{name} does not say how it is refused"
    with pytest.raises(Exception) as caught:
        function = load(name, block, tmp_path)
        given = arguments(function)
        called = CALLED_WITH.search(source)
        names = getattr(function, "py_func", function).__globals__ | {"__name__": "__main__"} | given
        args = eval(called[1], names) if called else tuple(given.values())
        sct.grad(function)(*args)
    error = caught.value
    lines = [f"{type(error).__name__}: {str(error).splitlines()[0]}"]
    if isinstance(error, sct.SctError) and error.remedy:
        lines.append(f"#   Instead: {error.remedy}")
    if UPDATE:
        path = DOCS / "language.md"
        path.write_text(path.read_text().replace(source, source.replace(told[1], "\n".join(lines))))
    else:
        assert told[1] == "\n".join(lines)


# docs/rules.md, links, and what index.md lists


def test_the_page_of_rules_is_generated():
    path = DOCS / "rules.md"
    if UPDATE:
        path.write_text(page())
    assert path.read_text() == page()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for target in LINK.findall(path.read_text()):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(), re.M)
            assert anchor in {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings}, target


def test_the_index_lists_every_page():
    listed = set(LINK.findall((DOCS / "index.md").read_text()))
    assert {p.name for p in DOCS.glob("*.md")} - {"index.md"} <= listed
