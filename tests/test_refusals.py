"""Every construct outside the language is refused with file, line, caret and remedy."""

import functools
import math
import os
import textwrap

import numpy as np
import pytest

from sct.errors import SctError, UnsupportedCall, UnsupportedSyntax
from sct.frontend import load_program

GLOBAL_ARRAY = np.zeros(3)
NAMES = {"a": 1}
TEXT = "text"


class Custom(Exception):
    pass


FIRST_LINE = 11
"""Of the function `f` in the file that `load` writes."""


def load(tmp_path, body, head="def f(x, a, n):", extra=""):
    """Load `f` with the given body from a file of its own."""
    prelude = (
        "import math, random\nimport numpy as np\nfrom collections import namedtuple\nfrom numba.typed import List\n"
        "G = np.zeros(3)\nK = 1.0\nTEXT = 'text'\nclass E(Exception): pass\n"
        "PAIR = namedtuple('PAIR', 'x y')\nHIDDEN = eval('lambda v: v * v')\n"
    )
    text = prelude + extra + head + "\n" + textwrap.indent(textwrap.dedent(body), "    ") + "\n"
    path = tmp_path / "refused.py"
    path.write_text(text)
    names = {"__name__": "refused"}
    exec(compile(text, str(path), "exec"), names)
    return load_program(names["f"]), text


SYNTAX = {
    "yield": "yield x",
    "yield from": "yield from x",
    "try": "try:\n    return a\nexcept ValueError:\n    return 0.0",
    "with": "with a:\n    return 1.0",
    "global": "global K\nK = 2.0\nreturn a",
    "class": "class C:\n    pass\nreturn a",
    "decorated def": "@staticmethod\ndef g(v):\n    return v\nreturn g(a)",
    "def with **": "def g(**v):\n    return a\nreturn g()",
    "nonlocal": "def g():\n    nonlocal a\n    a = 1.0\ng()\nreturn a",
    "lambda with a default": "return (lambda v, w=a: v)(a)",
    "string": "return a + 'abc'",
    "string on one path": "s = 'abc'\nif a > 0:\n    s = 'abd'\nreturn a if s == 'abc' else 1.0",
    "function on one path": "g = math.sin\nif a > 0:\n    g = math.cos\nreturn g(a)",
    "None on one path": "b = None\nif a > 0:\n    b = a\nreturn b",
    "f-string": "s = f'{a}'\nreturn a",
    "dict": "d = {1: a}\nreturn a",
    "set": "d = {1, 2}\nreturn a",
    "generator": "d = (v for v in x)\nreturn a",
    "list that something is looked for in": "d = [a]\nreturn a if a in d else 1.0",
    "helper without source": "return HIDDEN(a)",
    "field of a named tuple replaced": "d = PAIR(a, a)\nd = d._replace(x=n)\nreturn d.x",
    "list in a tuple": "d = [a]\nreturn (d, a)[1]",
    "list of lists": "d = [[a], [a]]\nreturn a",
    "list under two names": "d = [a]\ne = d\ne.append(a)\nreturn d[0]",
    "list that a nested function uses": "d = [a]\ndef g():\n    d.append(a)\ng()\nreturn d[0]",
    "list and something else": "d = [a]\nd = a\nreturn d",
    "list inserted into": "d = [a]\nd.insert(0, a)\nreturn d[0]",
    "slice of a list stored to": "d = [a, a]\nd[0:1] = x\nreturn d[0]",
    "list in an expression": "return a * [a][0]",
    "generator expression": "return a + math.sin(a) * max(v for v in x)",
    "del of an element": "del x[0]\nreturn a",
    "import": "import math\nreturn a",
    "from import": "from math import sin\nreturn a",
    "match of a class": "match n:\n    case int():\n        return a\nreturn 0.0",
    "match of a mapping": "match n:\n    case {1: k}:\n        return a\nreturn 0.0",
    "match of a variable with a tuple": "t = (n, n)\nmatch t:\n    case (1, 2):\n        return a\nreturn 0.0",
    "match of a tuple with a number": "match n, n:\n    case 1:\n        return a\nreturn 0.0",
    "starred pattern": "match n, n:\n    case 1, *k:\n        return a\nreturn 0.0",
    "names in alternatives": "match n, n:\n    case (1, k) | (k, 1):\n        return a\nreturn 0.0",
    "walrus with a tuple": "b = (c := (a, n))\nreturn a",
    "walrus in an update": "a += (a := 2.0)\nreturn a",
    "is": "if a is n:\n    return 1.0\nreturn a",
    "in an array": "if a in x:\n    return 1.0\nreturn a",
    "in a nested tuple": "if n in ((1, 2), 3):\n    return 1.0\nreturn a",
    "in a chain": "if n in (1, 2) < a:\n    return 1.0\nreturn a",
    "complex": "return a * 1j",
    "ellipsis": "return a + ...",
    "None": "return a + None",
    "newaxis": "return a + np.newaxis",
    "starred": "b, *c = x\nreturn b",
    "starred call": "return math.hypot(*x)",
    "two stars": "return math.hypot(**x)",
    "attribute": "return a.real",
    "attribute store": "x.shape = (2, 3)\nreturn a",
    "global array store": "G[0] = a\nreturn a",
    "global string": "return a * TEXT",
    "module as value": "return a + math",
    "function as value": "return math.sin + a",
    "break out of functions": "for g in (math.sin, math.cos):\n    if a > 0:\n        break\nreturn a",
    "undefined": "return a + nowhere",
    "missing member": "return math.nowhere(a)",
    "mixed returns": "if a > 0:\n    return a\nreturn a, a",
    "missing return": "if a > 0:\n    return a",
    "return in loop only": "for i in range(n):\n    return a",
    "value or none": "if a > 0:\n    return\nreturn a",
    "never returns": "raise ValueError('always')",
    "own exception": "if a > 0:\n    raise E('bad')\nreturn a",
    "bare raise": "if a > 0:\n    raise\nreturn a",
    "keyword in raise": "if a > 0:\n    raise OSError(errno=2)\nreturn a",
    "computed exception": "if a > 0:\n    raise (ValueError if n else TypeError)\nreturn a",
    "tuple or scalar": "t = a\nif n:\n    t = (a, n)\nreturn t[0]",
    "tuple index": "t = (a, n)\nreturn t[n]",
    "tuple index outside": "t = (a, n)\nreturn t[2]",
    "tuple arithmetic": "t = (a, n)\nreturn t * a",
    "tuple store": "t = (a, n)\nt[0] = a\nreturn a",
    "tuple as argument": "t = (a, n)\nreturn math.sin(t)",
    "tuple lengths": "b, c, d = (a, n)\nreturn b",
    "loop target": "for x[0] in range(n):\n    pass\nreturn a",
    "unbound": "b = c + a\nc = b\nreturn c",
    "unbound in loop": "for i in range(n):\n    pass\nreturn a + k",
    "zip target": "for x[0] in zip(x, x):\n    a += 1\nreturn a",
    "zip lengths": "for p, q, r in zip(x, x):\n    a += 1\nreturn a",
    "step 0": "for p in enumerate(range(0, n, 0)):\n    a += 1\nreturn a",
    "reversed zip": "for p in reversed(zip(x, x)):\n    a += 1\nreturn a",
    "read after del": "b = a\ndel b\nreturn b",
    "print as a value": "b = print(a)\nreturn a",
    "default": None,
}


CALLS = {
    "bound method": "return a * random.random()",
    "class": "d = E(a)\nreturn a",
    "class of a container": "d = dict()\nreturn a",
    "typed list": "d = List()\nreturn a",
    "print to a file": "print(a, file=n)\nreturn a",
    "shuffle": "np.random.shuffle(x)\nreturn a",
    "draw with an unknown argument": "return np.random.normal(width=a)",
    "reversed as value": "r = reversed(x)\nreturn a",
    "sum": "return sum(x, start=a)",
    "sorted": "return sorted(x)[0]",
    "np function": "return np.polyfit(x, x, 1)[0]",
    "np submodule": "return np.linalg.tensorinv(x)",
    "method": "return x.byteswap()[0]",
    "option": "return x.max(initial=0.0)",
    "argument called": "return a(x)",
    "axis": "return np.sum(x, axis=n)[0]",
    "out": "np.sin(x, x, where=x > 0.0)\nreturn a",
    "keyword": "return a * np.sin(x, out=x)[0]",
    "max with keyword": "return max(a, n, default=a)",
    "pow with modulus": "return pow(n, 2, 3)",
    "order": "return np.zeros(n, order=0)[0]",
    "range as value": "r = range(n)\nreturn a",
    "enumerate as value": "r = enumerate(x)\nreturn a",
}


def expect(problem, kind, tmp_path):
    assert type(problem) is kind
    assert problem.remedy
    assert problem.place.file == str(tmp_path / "refused.py")
    shown = str(problem)
    assert f'File "{tmp_path / "refused.py"}", line {problem.place.line}' in shown
    assert "^" in shown
    assert "Instead: " in shown


@pytest.mark.parametrize("name", [n for n, body in SYNTAX.items() if body])
def test_syntax_is_refused(name, tmp_path):
    with pytest.raises(SctError) as caught:
        load(tmp_path, SYNTAX[name])
    expect(caught.value, UnsupportedSyntax, tmp_path)
    assert caught.value.place.line >= FIRST_LINE
    assert caught.value.place.text.strip()


@pytest.mark.parametrize("name", CALLS)
def test_call_is_refused(name, tmp_path):
    with pytest.raises(SctError) as caught:
        load(tmp_path, CALLS[name])
    expect(caught.value, UnsupportedCall, tmp_path)


@pytest.mark.parametrize("call", ["h(a)", "h(a, 1, 2, 3)", "h(a, c=1)", "h(a, b=1, a=2)"])
def test_helper_call_that_does_not_fit_is_refused(call, tmp_path):
    with pytest.raises(UnsupportedCall, match="does not fit") as caught:
        load(tmp_path, f"return {call}", extra="def h(a, b):\n    return a * b\n")
    expect(caught.value, UnsupportedCall, tmp_path)


@pytest.mark.parametrize(
    "head", ["def f(**x):", "async def f(x):"]
)
def test_parameters_are_refused(head, tmp_path):
    with pytest.raises(UnsupportedSyntax) as caught:
        load(tmp_path, "return x", head=head)
    expect(caught.value, UnsupportedSyntax, tmp_path)


def test_place_is_that_of_the_construct(tmp_path):
    with pytest.raises(UnsupportedCall) as caught:
        load(tmp_path, "b = a * 2\nreturn b + np.polyfit(x, x, 1)[0]")
    place = caught.value.place
    assert place.text == "    return b + np.polyfit(x, x, 1)[0]"
    assert place.line == FIRST_LINE + 2
    assert place.text[place.column :].startswith("np.polyfit")


def test_source_not_available():
    names = {}
    exec("def f(x):\n    return x", names)
    with pytest.raises(UnsupportedSyntax, match="not available") as caught:
        load_program(names["f"])
    assert caught.value.remedy


@pytest.mark.parametrize("thing", [math.sin, np.sin, 3, functools.partial(max, 1), Custom, os])
def test_not_a_function(thing):
    with pytest.raises(UnsupportedSyntax, match="cannot differentiate an object of type") as caught:
        load_program(thing)
    assert caught.value.remedy


def test_lambdas_that_look_the_same_are_told_apart():
    f, g = (lambda v: v + 1.0), (lambda v: v + 2.0)
    from sct.ir.run import run

    assert run(load_program(f), 1.0) == 2.0
    assert run(load_program(g), 1.0) == 3.0
