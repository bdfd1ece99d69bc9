"""docs/rules.md: the rule tables as mathematics, in Markdown.

"x / y": ("1 / y", "-z / y")   ->   | `x / y` | $\\frac{1}{y}$ | $-\\frac{z}{y}$ |
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Set

from sct import bodies
from sct.bodies import page as written
from sct.frontend import allowed, indexing, refused
from sct.rules.scalar import AS_OPERATOR, CHEAP, DISCRETE, FUNCTIONS, OPERATORS, SYNONYMS
from sct.rules.special import AS_ROW, SAME_AS_NUMPY, SPECIAL, UNKNOWN

CONSTANTS = {
    0.6931471805599453: r"\ln 2",
    1.4426950408889634: r"\log_{2} e",
    0.4342944819032518: r"\log_{10} e",
    1.1283791670955126: r"\frac{2}{\sqrt{\pi}}",
    57.29577951308232: r"\frac{180}{\pi}",
    0.017453292519943295: r"\frac{\pi}{180}",
    0.5: r"\frac{1}{2}",
    3.141592653589793: r"\pi",
    2.302585092994046: r"\ln 10",
    0.886226925452758: r"\frac{\sqrt{\pi}}{2}",
    0.3989422804014327: r"\frac{1}{\sqrt{2 \pi}}",
    2.5066282746310002: r"\sqrt{2 \pi}",
}
"""How a float of the table is written; the tests compare both."""

_FUNCTIONS = {name: rf"\{name}" for name in ("sin", "cos", "sinh", "cosh", "exp")} | {"log": r"\ln"}
_FUNCTIONS |= {"digamma": r"\psi"}
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_COMPARED = {ast.Eq: "=", ast.NotEq: r"\neq", ast.Gt: ">", ast.Lt: "<"}
_INTRODUCTION = """\
# The rules

Generated from `sct/rules/scalar.py`, `sct/rules/special.py` and `sct/bodies` by `sct/rules/page.py`; the tests compare them.

A row is an operation and its partial derivative by each argument. From it come the tangent, the adjoint and what must
be kept for the reverse sweep: the names that occur in the partials of the active arguments. $z$ is the result, and so
`exp(x)` needs its result again and not its argument. A zero means that nothing is computed at all. What the rules say
where a function has no derivative is listed in [Kinks](kinks.md).
"""

_BODIES = """\
Reductions, orders, products and views are Python functions in `sct/bodies`, which are differentiated like the user's own: they
have no rules. `axis`, `keepdims` and the like are constants in the call; `axis` is an int, a tuple of them or None. Those that give
ints or bools are inactive.
"""


def page() -> str:
    """The text of docs/rules.md."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_counts(),
            "## Operators\n",
            *_table(OPERATORS, {pattern: _called(pattern) for pattern in OPERATORS}),
            "\n## Functions\n",
            "Of `math` and of NumPy, as far as they have the function. `digamma` and `polygamma`, the derivatives of `lgamma`,",
            "and `sinc_derivative`, those of sin(x) / x, come from `sct.runtime` and occur in generated text only.\n",
            *_table(FUNCTIONS, {pattern: _synonyms(pattern) for pattern in FUNCTIONS}),
            "\n## Functions of scipy.special\n",
            "On numbers and on arrays. Compiled code calls SciPy's own functions, but for those that are short formulas. A",
            "derivative by the order `k` of a function is not known: it must not depend on what is differentiated.\n",
            *_table(SPECIAL, {pattern: [] for pattern in SPECIAL}),
            "",
            _listed("Those that `math` and NumPy also have, or that are their derivatives", {*AS_ROW, *SAME_AS_NUMPY}),
            "## Discrete functions\n",
            _listed("Their derivative is zero wherever they have one: comparisons, `and`, `or`, `not`", DISCRETE),
            "## Recomputed rather than saved\n",
            _listed("They cost less than a load from memory: arithmetic, the discrete functions", CHEAP - DISCRETE),
            "## Functions written in the language\n",
            _BODIES,
            *written.table(),
            "\n## Functions that become loops, views or subscripts\n",
            _listed("The compiler writes these calls out: `@`", _lowered()),
            *_refusals(),
        ]
    )


def _counts() -> list[str]:
    """How many entries the tables have."""
    called = len(AS_OPERATOR) + len(SYNONYMS)
    inactive = len(DISCRETE) + len(written.INACTIVE)
    rows = [
        ("rules of scalar operations", len(OPERATORS) + len(FUNCTIONS)),
        ("rules of `scipy.special`", len(SPECIAL)),
        ("other names for them", called),
        ("inactive entries, whose derivative is zero", inactive),
        ("functions written in the language", len(bodies.table())),
        ("functions that become loops, views or subscripts", len(_lowered())),
        ("refused functions, with what to write instead", len(refused.REFUSED)),
    ]
    return ["| what | how many |", "|---|---|", *(f"| {what} | {count} |" for what, count in rows), ""]


def _lowered() -> frozenset[str]:
    """Functions of NumPy that neither have a rule nor a body for every form of a call."""
    return frozenset(allowed.POSITIONAL) | {f.__name__ for f in indexing.FORMS} | {"nonzero", "add.at", "subtract.at"}


def _refusals() -> list[str]:
    """What to write instead, and the functions for which that holds."""
    tables = refused.REFUSED | {f"{name}.*": remedy for name, remedy in refused.MODULES.items()}
    found = ["## Refused functions\n", "From `sct/frontend/refused.py`; they raise an error that says the same.\n"]
    found += ["| functions | instead |", "|---|---|"]
    for remedy in dict.fromkeys(tables.values()):
        named = ", ".join(f"`{name}`" for name, text in tables.items() if text == remedy)
        found.append(f"| {named} | {remedy} |")
    return [*found, ""]


def _table(rows: dict[str, tuple], names: dict[str, list[str]]) -> list[str]:
    found = ["| operation | by $x$ | by $y$ | also written |", "|---|---|---|---|"]
    for pattern, partials in rows.items():
        by = dict(zip(re.findall(r"\b[a-z]\b", pattern), partials, strict=True))
        cells = [_partial(by[name]) if name in by else "" for name in "xy"]
        found.append(f"| `{pattern}` | {' | '.join(cells)} | {', '.join(f'`{n}`' for n in names[pattern])} |")
    return found


def _called(pattern: str) -> list[str]:
    return sorted(name for name, operator in AS_OPERATOR.items() if operator == pattern)


def _synonyms(pattern: str) -> list[str]:
    return sorted(name for name, same in SYNONYMS.items() if same == pattern.partition("(")[0])


def _listed(first: str, names: Set[str]) -> str:
    return textwrap.fill(", ".join([first, *(f"`{name}`" for name in sorted(names))]) + ".", 119) + "\n"


def _partial(partial: str | None) -> str:
    """A cell: one formula, or two with their condition in words."""
    if partial is None:
        return "0"
    if partial == UNKNOWN:
        return "not known"
    node = ast.parse(partial, mode="eval").body
    if isinstance(node, ast.IfExp):
        return f"${mathematics(node.body)}$ if ${mathematics(node.test)}$, else ${mathematics(node.orelse)}$"
    return f"${mathematics(node)}$"


def mathematics(node: ast.expr) -> str:
    """An expression of the table in LaTeX."""
    return _latex(node)[0]


def _latex(node: ast.expr) -> tuple[str, int]:
    """The formula, and how tightly it binds."""
    if isinstance(node, ast.Constant):
        return CONSTANTS.get(node.value) or f"{node.value:g}", _ATOM
    if isinstance(node, ast.Name):
        return node.id, _ATOM
    if isinstance(node, ast.UnaryOp):
        return "-" + _within(node.operand, _PRODUCT), _SIGN
    if isinstance(node, ast.BoolOp):
        return r" \text{ or } ".join(map(mathematics, node.values)), _SUM
    if isinstance(node, ast.Compare):
        return f"{mathematics(node.left)} {_COMPARED[type(node.ops[0])]} {mathematics(node.comparators[0])}", _SUM
    if isinstance(node, ast.Call):
        return _call(node), _POWER
    return _binary(node)


def _within(node: ast.expr, binding: int) -> str:
    """A formula, in brackets where it binds less tightly than it must."""
    shown, own = _latex(node)
    return shown if own >= binding else f"({shown})"


def _call(node: ast.Call) -> str:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    inside = [mathematics(a) for a in node.args]
    if name == "sqrt":
        return rf"\sqrt{{{inside[0]}}}"
    if name == "trunc":
        return rf"\operatorname{{trunc}}({inside[0]})"
    if name == "exp":
        return f"e^{{{inside[0]}}}"
    escaped = name.replace("_", r"\_")
    shown = _FUNCTIONS.get(name, rf"\operatorname{{{escaped}}}")
    bare = name in _FUNCTIONS and "psi" not in shown and isinstance(node.args[0], ast.Name)
    return f"{shown} {inside[0]}" if bare else f"{shown}({', '.join(inside)})"


def _binary(node: ast.BinOp) -> tuple[str, int]:
    left, right = node.left, node.right
    if isinstance(node.op, ast.Pow):
        return f"{_within(left, _ATOM)}^{{{mathematics(right)}}}", _POWER
    if isinstance(node.op, ast.FloorDiv):
        return rf"\lfloor {mathematics(left)} / {mathematics(right)} \rfloor", _ATOM
    if isinstance(node.op, ast.Div):
        return _fraction(left, right)
    if isinstance(node.op, ast.Mult):
        if isinstance(left, ast.UnaryOp):
            return "-" + mathematics(ast.BinOp(left.operand, ast.Mult(), right)), _SIGN
        if isinstance(left, ast.Constant) and CONSTANTS.get(left.value, "").startswith(r"\ln"):
            left, right = right, left
        if isinstance(left, ast.Name) and isinstance(right, ast.Name) and left.id == right.id:
            return f"{left.id}^{{2}}", _POWER
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult) and _same(left.right, right):
            return f"{_within(left.left, _PRODUCT)} {mathematics(right)}^{{2}}", _PRODUCT
        return f"{_within(left, _PRODUCT)} {_within(right, _PRODUCT)}", _PRODUCT
    sign = "+" if isinstance(node.op, ast.Add) else "-"
    return f"{_within(left, _SUM)} {sign} {_within(right, _PRODUCT)}", _SUM


def _fraction(left: ast.expr, right: ast.expr) -> tuple[str, int]:
    if isinstance(left, ast.UnaryOp) or (isinstance(left, ast.Constant) and left.value < 0):
        return "-" + _fraction(getattr(left, "operand", left), right)[0], _SIGN
    if isinstance(left, ast.Constant) and left.value == 0.5:
        return rf"\frac{{1}}{{2 {_within(right, _PRODUCT)}}}", _POWER
    return rf"\frac{{{mathematics(left)}}}{{{mathematics(right)}}}", _POWER


def _same(a: ast.expr, b: ast.expr) -> bool:
    return isinstance(a, ast.Name) and isinstance(b, ast.Name) and a.id == b.id
