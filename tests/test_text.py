"""Long lines are written over several: what they say stays the same."""

import ast
import random
import textwrap

import pytest

from sct.emit.text import WIDTH, _folded


@pytest.mark.parametrize("ending", ["b)", "b),)", "(b, c))"])
def test_long_lists_are_folded(ending):
    """Also one that ends in a comma already, and with a comment."""
    code = f"    x = call({', '.join(f'argument_{k}' for k in range(20))}, ({ending}" if ending == "b),)" else ""
    code = code or f"    x = call({', '.join(f'argument_{k}' for k in range(20))}, {ending}"
    lines = _folded(f"{code}  # line 7")
    assert len(lines) > 2
    assert lines[0] == "    x = call(  # line 7"
    assert all(len(line) <= WIDTH for line in lines)
    assert _meaning("\n".join(lines)) == _meaning(code)


def test_what_a_bracket_at_the_end_holds_stays_what_it_was():
    """No tuple is made of a sum whose only commas are those of subscripts and calls in it."""
    code = f"    y[i, j] = {' + '.join(f'a[{k}, j] * b[i]' for k in range(6))} + (c[i, j] * d[i] + max(a[i, j], b[i]))"
    assert _meaning("\n".join(_folded(code))) == _meaning(code)


@pytest.mark.parametrize("seed", range(200))
def test_random_long_lines(seed):
    choose = random.Random(seed)
    code = f"    {choose.choice(['x', 'x[i, j]', 'x, y'])} = {_expression(choose, 5)}"
    assert _meaning("\n".join(_folded(code))) == _meaning(code)


def _expression(choose: random.Random, depth: int) -> str:
    if depth == 0:
        return choose.choice(["alpha", "x[i, j]", "1.0", "len(w)", "w[i]", "x[(i, j)]"])
    parts = [_expression(choose, choose.randrange(depth)) for _ in range(choose.randrange(1, 4))]
    return choose.choice(["f({})", "({})", "({},)", "w[{}]", "-({})"]).format(choose.choice([", ", " + "]).join(parts))


def _meaning(code: str) -> str:
    return ast.dump(ast.parse(textwrap.dedent(code)))
