"""Expressions: floats that stay of order one, subscripts inside their arrays, conditions."""

from __future__ import annotations

from tests.fuzz.scope import Length, Writer

CONSTANTS = ("0.5", "0.3", "0.7", "1.1", "-0.4")
DAMPED = ("math.sin({})", "math.tanh({})", "math.cos({})", "math.exp(-abs({}))", "math.atan({})", "math.log(1.5 + math.sin({}))")


def number(w: Writer, depth: int = 2) -> str:
    """A float expression."""
    if depth == 0:
        return atom(w)
    kind = w.upto(13)
    if kind < 3:
        return atom(w)
    if kind < 5:
        return w.pick(DAMPED).format(number(w, depth - 1))
    if kind < 7:
        return f"0.5 * {factor(w, depth - 1)} * {factor(w, depth - 1)}"
    if kind < 9:
        return f"0.6 * {factor(w, depth - 1)} {w.pick('+-')} 0.4 * {factor(w, depth - 1)}"
    if kind == 9:
        return f"{factor(w, depth - 1)} / (1.5 + {w.pick(('math.cos', 'math.sin'))}({number(w, depth - 1)}))"
    if kind == 10:
        return w.pick(("math.sqrt(1.0 + {} ** 2)", "{} ** 2 * 0.3", "abs({})", "-{}")).format(factor(w, 0))
    if kind == 11:
        return f"{w.pick(('min', 'max'))}({number(w, depth - 1)}, {atom(w)})"
    if kind == 12 and w.has("ternaries"):
        return f"({number(w, depth - 1)} if {condition(w, 1)} else {atom(w)})"
    pure = [h for h in w.helpers if h.result == "pure"]
    return f"{w.pick(pure).name}({number(w, depth - 1)}, {atom(w)})" if pure else atom(w)


def factor(w: Writer, depth: int) -> str:
    """A float expression that may stand beside any operator."""
    text = number(w, depth)
    return f"({text})" if any(op in text for op in "+-*/") and not text.startswith("(") else text


def atom(w: Writer) -> str:
    kind, scope = w.upto(19), w.scope
    if kind < 8 and scope.floats:
        return w.pick(scope.floats)
    if kind < 15:
        return load(w) or w.pick(CONSTANTS)
    if kind < 17 and scope.pairs:
        return f"{w.pick(scope.pairs)}[{w.upto(1)}]"
    if kind == 17 and w.has("draws"):
        return w.pick(("np.random.random()", "np.random.normal()", "np.random.uniform(-1.0, 1.0)"))
    if kind < 18 and scope.ints:
        return f"0.1 * {w.pick(list(scope.ints))}"
    return w.pick(CONSTANTS)


def load(w: Writer) -> str | None:
    return element(w, list(w.scope.vectors), list(w.scope.matrices))


def element(w: Writer, vectors: list[str], matrices: list[str]) -> str | None:
    """An element of one of the arrays."""
    if matrices and (not vectors or w.chance(35)):
        name = w.pick(matrices)
        rows, columns = w.scope.matrices[name]
        return f"{name}[{subscript(w, rows)}, {subscript(w, columns)}]"
    if not vectors:
        return None
    name = w.pick(vectors)
    return f"{name}[{subscript(w, w.scope.vectors[name])}]"


def subscript(w: Writer, length: Length, arrays: bool = True) -> str:
    """A subscript of an axis: a constant, an index that fits, or any int, taken modulo the length."""
    choices = [str(k) for k in range(min(length.least, 3))] + ["-1"]
    fits = [(f"{v} {'+' if d > 0 else '-'} {abs(d)}" if d else v) for v, kind in w.scope.ints.items() for d in (0, 0, 0, -1, 1) if kind.fits(length, d)]
    kind = w.upto(19)
    if kind < 4 or not w.scope.ints:
        return w.pick(choices)
    if kind < 12 and fits:
        return w.pick(fits)
    if kind < 14 and arrays and w.scope.indices:
        return f"{index_load(w)} % {modulus(w, length)}"
    return f"({integer(w)}) % {modulus(w, length)}"


def index_load(w: Writer) -> str:
    name = w.pick(list(w.scope.indices))
    return f"{name}[{subscript(w, w.scope.indices[name][0], arrays=False)}]"


def modulus(w: Writer, length: Length) -> str:
    return str(length.size) if length.size is not None and not w.chance(30) else length.text


def integer(w: Writer) -> str:
    """Any int."""
    names, kind = list(w.scope.ints), w.upto(9)
    if not names:
        return str(w.upto(3))
    if kind < 3:
        return f"{w.pick(names)} + {w.upto(3)}"
    if kind < 5:
        return f"{w.pick(names)} * {2 + w.upto(1)} + {w.upto(2)}"
    if kind < 7:
        return f"{w.pick(names)} {w.pick('+-')} {w.pick(names)}"
    if kind == 7:
        return f"{w.pick(names)} // 2"
    if kind == 8 and w.scope.floats:
        return f"int(3.0 * {w.pick(w.scope.floats)})"
    return f"{w.upto(3)} - {w.pick(names)}"


def condition(w: Writer, depth: int = 1) -> str:
    kind, scope = w.upto(11), w.scope
    if kind < 4:
        return f"{atom(w)} {w.pick(('<', '>', '<=', '>='))} {threshold(w)}"
    if kind < 6 and scope.ints:
        return w.pick(("{} % 2 == {}", "{} > {}", "{} != {}", "{} == {}", "{} < {}")).format(w.pick(list(scope.ints)), w.upto(2))
    if kind == 6 and scope.bools:
        return w.pick(scope.bools)
    if kind == 7 and scope.ints and w.has("members"):
        return f"({integer(w)}) {w.pick(('in', 'not in'))} {w.pick(('(0, 2)', '(1, 3, -1)', '(1, len(x))' if not w.inside_helper else '(1, 2)'))}"
    if kind == 7:
        return f"-0.3 < {atom(w)} <= {threshold(w)}"
    if kind == 8 and depth:
        return f"not ({condition(w, 0)})"
    if kind > 8 and depth:
        return f"{condition(w, 0)} {w.pick(('and', 'or'))} {condition(w, 0)}"
    return f"{atom(w)} < {w.pick(('0.2', '0.8', '-0.1'))}"


def threshold(w: Writer) -> str:
    return atom(w) if w.chance(25) else w.pick(("0.1", "-0.2", "0.35"))
