"""Views, second names, local buffers and statements on whole arrays."""

from __future__ import annotations

from tests.fuzz.expressions import atom, condition, number, subscript
from tests.fuzz.scope import Int, Length, Writer


def sliced(w: Writer) -> tuple[str, Length] | None:
    """A view of an array as text, and its length."""
    matrices, vectors = list(w.scope.matrices), list(w.scope.vectors)
    if matrices and (w.chance(50) or not vectors):
        name = w.pick(matrices)
        rows, columns = w.scope.matrices[name]
        row, column = f"{name}[{subscript(w, rows)}]", f"{name}[:, {subscript(w, columns)}]"
        return w.pick(((row, columns), (column, rows), (f"{name}.T[{subscript(w, columns)}]", rows), (f"{row}[::-1]", columns)))
    if not vectors:
        return None
    name = w.pick(vectors)
    return part(w, name, w.scope.vectors[name])


def part(w: Writer, name: str, length: Length) -> tuple[str, Length]:
    """A slice of a vector. Where the length is not known, the slice has the text of its own length."""
    if length.size is None:
        reverse = f"{name}[::-1]"
        return reverse, Length(length.text, None, length.least)
    n, forms = length.size, ["[::-1]", "[:]"]
    if n > 1:
        forms += ["[1:]", "[:-1]", "[::2]", "[-2:]", "[1::-1]"]
    if n > 2:
        forms += [f"[1:{n - 1}]", "[::-2]", "[2:]"]
    starts = [v for v, kind in w.scope.ints.items() if kind.low >= 0 and kind.high is not None and kind.high + 2 <= n]
    if starts and w.chance(40):
        start = w.pick(starts)
        return f"{name}[{start}:{start} + 2]", Length("2", 2, 2)
    form = w.pick(forms)
    size = len(range(n)[_slice(form)])
    return name + form, Length(str(size), size, size)


def _slice(form: str) -> slice:
    return slice(*(int(part) if part else None for part in form[1:-1].split(":")))


def view(w: Writer) -> None:
    """A name for a view: of a vector, a row, a column, or a transposed matrix."""
    matrices = list(w.scope.matrices)
    if matrices and w.chance(20):
        source, name = w.pick(matrices), w.fresh("m")
        rows, columns = w.scope.matrices[source]
        w.line(f"{name} = {source}.T")
        w.scope.matrices[name] = (columns, rows)
        return
    found = sliced(w)
    if found is None:
        return
    name = w.fresh("u")
    w.line(f"{name} = {found[0]}")
    length = found[1]
    w.scope.vectors[name] = length if length.size is None else Length.known(name, length.size)


def alias(w: Writer) -> None:
    """A second name for a vector, which may be one of two."""
    vectors = w.scope.vectors
    if not vectors:
        return
    source, name = w.pick(list(vectors)), w.fresh("u")
    same = [v for v in vectors if vectors[v].same(vectors[source])]
    chosen = f"{source} if {condition(w)} else {w.pick(same)}" if len(same) > 1 and w.chance(40) else source
    w.line(f"{name} = {chosen}")
    vectors[name] = vectors[source]


def buffer(w: Writer) -> None:
    """An array of the function's own: floats, a matrix, or ints to index with."""
    kind, vectors, name = w.upto(8), w.scope.vectors, w.fresh("a")
    length = vectors[w.pick(list(vectors))] if vectors else Length("3", 3, 3)
    if kind < 2:
        w.line(f"{name} = np.zeros({length.text})")
    elif kind == 2:
        w.line(f"{name} = np.full({length.text}, {atom(w)})")
    elif kind < 5 and vectors:
        source = w.pick(list(vectors))
        length = vectors[source]
        w.line(f"{name} = {w.pick((f'{source}.copy()', f'+{source}', f'np.zeros_like({source})', f'np.ones_like({source})'))}")
    elif kind == 6 and w.has("matrices"):
        w.line(f"{name} = np.{w.pick(('zeros', 'ones'))}(({length.text}, 2))")
        w.scope.matrices[name] = (length, Length("2", 2, 2))
        return
    elif kind == 7 and w.has("counters"):
        w.line(f"{name} = np.zeros({length.text}, np.int64)")
        w.scope.indices[name] = (length, 2)
        return
    else:
        filled(w, name, length)
    vectors[name] = length


def filled(w: Writer, name: str, length: Length) -> None:
    """`np.empty`, every element of which is stored to first."""
    index = w.fresh("i")
    w.line(f"{name} = np.empty({length.text})")
    w.line(f"for {index} in range({length.text}):")
    with w.block() as scope:
        scope.ints[index] = Int(0, length.size - 1 if length.size is not None else None, frozenset({length.text}))
        scope.frozen |= {index}
        w.line(f"{name}[{index}] = {number(w, 1)}")


def whole(w: Writer) -> None:
    """A statement on a whole array or a slice."""
    kind, vectors = w.upto(7), w.scope.vectors
    if kind < 2 or not vectors:
        reduction(w)
    elif kind == 2:
        source, name = w.pick(list(vectors)), w.fresh("a")
        w.line(f"{name} = {elementwise(w, vectors[source], fresh=True)}")
        vectors[name] = vectors[source]
    elif kind == 3 and not w.inside_helper:
        name = w.pick(list(vectors))
        w.line(f"{name} = 0.5 * {name} + 0.3 * {elementwise(w, vectors[name])}")
    elif kind < 6:
        found = sliced(w)
        if found is not None and (":" in found[0] or found[0].count("[") == 1):
            w.line(f"{found[0]} {w.pick(('=', '+=', '*=', '-='))} {elementwise(w, found[1])}")
    else:
        name = w.pick(list(vectors))
        w.line(f"{name}{w.pick(('[:] = ', ' += ', ' *= ', ' -= '))}{elementwise(w, vectors[name])}")


def elementwise(w: Writer, length: Length, fresh: bool = False) -> str:
    """An expression of that length; a new array where `fresh`."""
    operands = [v for v, other in w.scope.vectors.items() if other.same(length)]
    for _ in range(2):
        found = sliced(w)
        if found is not None and found[1].same(length):
            operands.append(found[0])
    if not operands:
        return atom(w)
    a, b = w.pick(operands), w.pick(operands)
    forms = ["np.sin({a})", "0.5 * {a} * {b}", "0.6 * {a} + 0.3 * {b}", "{a} * {s}", "np.tanh({a} - {b})", "np.where({a} > 0.2, {a}, {s})", "{a} / (2.0 + {b} ** 2)"]
    return w.pick(forms if fresh else [*forms, "{a}", "{s}"]).format(a=a, b=b, s=atom(w))


def reduction(w: Writer) -> None:
    """A sum or a product of vectors, into a scalar."""
    vectors, names = w.scope.vectors, w.scope.assignable
    if not names:
        return
    target = w.pick(names)
    if w.scope.matrices and w.chance(30):
        w.line(f"{target} += 0.2 * np.sum({w.pick(list(w.scope.matrices))})")
    elif vectors:
        a = w.pick(list(vectors))
        b = w.pick([v for v in vectors if vectors[v].same(vectors[a])])
        w.line(f"{target} {w.pick(('+=', '='))} 0.3 * {w.pick((f'np.sum({a})', f'np.dot({a}, {b})', f'({a} @ {b})', f'np.sum({a} * {b})'))}")
