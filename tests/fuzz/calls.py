"""Helper functions of a program, and calls of them."""

from __future__ import annotations

from tests.fuzz import arrays, statements
from tests.fuzz.expressions import atom, number
from tests.fuzz.scope import Helper, Int, Length, Scope, Writer

LOCAL = frozenset(
    {"branches", "loops", "whiles", "exits", "exchanges", "counters", "aliases", "ternaries", "flags", "selections", "calls", "views", "buffers", "wholes",
     "matching", "walrus", "members", "elses", "draws", "recursion", "keywords", "masks", "reductions"})
"""What helpers may be made of."""


def helper(w: Writer) -> None:
    """One more function, written before those that may call it."""
    result = w.pick(("none", "float", "pure", "two", "array", "same"))
    shapes = (("vector", "float"), ("vector", "vector", "float"), ("vector", "vector", "int"))
    again = result in ("float", "none") and w.has("recursion") and w.chance(60)
    params = ("float", "float") if result == "pure" else ("vector", "float", "depth") if again else w.pick(shapes)
    made = Helper(f"h{len(w.helpers)}", params, result)
    inner = Writer(w.draw, w.features & LOCAL, list(w.helpers), w.lines, rules=w.rules, result=result, made=w.made, inside_helper=True)
    inner.budget, names = 1 + w.upto(3), []
    for k, kind in enumerate(params):
        name = "abcd"[k]
        names.append(name)
        if kind == "vector":
            inner.scope.vectors[name] = Length(f"len({name})", None, 2)
        elif kind in ("int", "depth"):
            inner.scope.ints[name] = Int(0, 2)
            inner.scope.frozen |= {name}
        else:
            inner.scope.floats.append(name)
    default = "=0.7" if params[-1] == "float" and w.has("keywords") else ""
    inner.line(f"def {made.name}({', '.join(names)}{default}):")
    body(inner, result, made.name if again else "")
    inner.line("")
    inner.line("")
    w.made = inner.made
    w.helpers.append(made)


def body(w: Writer, result: str, recursive: str) -> None:
    w.indent = 1
    if recursive:
        w.line("if c <= 0:")
        w.line(f"    {statements.results(w)}")
    if result == "pure":
        w.features -= {"buffers", "views", "wholes", "aliases", "calls"}
    w.features -= {"exits"} if result in ("array", "same") else set()
    if result in ("array", "same"):
        w.result = "none"
    w.line(f"r = {number(w, 1)}")
    w.scope.floats.append("r")
    if result != "pure":
        stores(w)
        wholes(w)
    if recursive:
        call_itself(w, recursive, result)
    w.statements(4)
    if result == "array":
        w.line("z = np.zeros(len(a))")
        w.line("for j in range(len(a)):")
        w.line(f"    z[j] = a[j] * {atom(w)} + r")
        w.line("return z")
    elif result == "same":
        w.line("return a")
    else:
        w.line(statements.results(w))


def call_itself(w: Writer, name: str, result: str) -> None:
    """One step further down, on the same array or on it backwards."""
    text = f"{name}({w.pick(('a', 'a[::-1]'))}, {atom(w)}, c - 1)"
    w.line(f"r = 0.5 * ({atom(w)} + {text})" if result == "float" else text)


def stores(w: Writer) -> None:
    """A loop that stores into the first array."""
    other = w.pick(list(w.scope.vectors))
    with_index: Scope = w.scope.inner(ints={**w.scope.ints, "j": Int(0, None, frozenset({"len(a)"}))}, frozen=w.scope.frozen | {"j"})
    w.line(f"for j in range({w.pick(('len(a)', '1, len(a)', 'len(a) - 1, 0, -1'))}):")
    with w.block(with_index):
        form = w.pick(("a[j] = math.sin(a[j]) * {s}", "a[j] = 0.5 * a[j] * a[j - 1] + {s}", "a[j] += 0.3 * {o}[1] * {s}", "a[-j] = 0.6 * a[j] + math.tanh({o}[j % 2])"))
        w.line(form.format(o=other, s=atom(w)))


def wholes(w: Writer) -> None:
    """A store of one array, as a whole, into another one: calls may give parts of the same array for both."""
    if "b" in w.scope.vectors and w.chance(40):
        a, b = w.pick(("ab", "ba"))
        w.line("q = min(len(a), len(b))")
        form = w.pick(("{a}[:q] += 0.3 * {b}[:q]", "{a}[:q] = 0.5 * {a}[:q] + 0.4 * {b}[:q]", "{a}[1:q] *= {b}[:q - 1]", "{a}[:q] = np.sin({b}[:q][::-1]) * {s}", "{a}[:q][::-1] -= 0.4 * {b}[:q]"))
        w.line(form.format(a=a, b=b, s=atom(w)))


def called(w: Writer, result: str) -> str | None:
    """A call of a helper with that result."""
    found = [h for h in w.helpers if h.result == result]
    if not found:
        return None
    made, given = w.pick(found), []
    for kind in made.params:
        value = argument(w, kind)
        if value is None:
            return None
        given.append(value)
    if made.params[-1] == "float" and w.has("keywords") and w.chance(50):
        given[-1:] = [f"{'abcd'[len(given) - 1]}={given[-1]}"] if w.chance(60) else []
    return f"{made.name}({', '.join(given)})"


def argument(w: Writer, kind: str) -> str | None:
    if kind == "float":
        return number(w, 1)
    if kind == "depth":
        return str(w.upto(3))
    if kind == "int":
        names = [v for v, k in w.scope.ints.items() if k.low >= 0 and k.high is not None and k.high <= 2]
        return w.pick(names) if names and w.chance(70) else str(w.upto(2))
    if w.has("views") and w.chance(40):
        found = arrays.sliced(w)
        if found is not None and found[1].least >= 2:
            return found[0]
    names = [v for v, length in w.scope.vectors.items() if length.least >= 2]
    return w.pick(names) if names else None


def call(w: Writer) -> None:
    """A call as a statement of its own, or as what is assigned."""
    kinds = [h.result for h in w.helpers]
    if not kinds:
        statements.assignment(w)
        return
    result = w.pick(kinds)
    text = called(w, result)
    if text is None:
        return
    if result == "none":
        w.line(text)
    elif result in ("float", "pure"):
        target = statements.place(w)
        form = w.pick(("{t} = {c}", "{t} += 0.5 * {c}", "{t} = {s} * {c}", "{t} = 0.5 * ({s} + {c})", "{c}"))
        w.line(form.format(t=target or "_", c=text, s=atom(w)))
    elif result == "two":
        a, b = (w.fresh("t"), w.fresh("t")) if w.chance(60) else (statements.place(w) or "_", w.fresh("t"))
        w.line(f"{a}, {b} = {text}")
        w.scope.floats += [name for name in (a, b) if name[0] == "t" and name not in w.scope.floats and "[" not in name]
    else:
        array_result(w, text)


def array_result(w: Writer, text: str) -> None:
    """The result has the length of the first argument."""
    first = text[text.index("(") + 1 :].split(",")[0]
    length = w.scope.vectors.get(first)
    if length is None:
        w.line(text)
        return
    name = w.fresh("a")
    w.line(f"{name} = {text}")
    w.scope.vectors[name] = length
