"""The test points of every row of every table: of `sct/rules`, `sct/bodies`, and the functions that sct knows by name.

To add a row, add its points here; of a scalar row, the bounds of its arguments in tests/test_rules.py. A point is an expression, or statements that end in `return`. Its arguments are the names in it:
floats `x`, `y`; arrays `u`, `v`, `w` of one axis, `m`, `n`, `s` (square) of two, `t` of three; `i` subscripts, `k` an int. The
points of a scalar row are made of its bounds: for every name and form in which it can be written.
"""

from __future__ import annotations

import ast
import re
import zlib
from dataclasses import dataclass

import numpy as np

from sct import bodies
from sct.bodies.page import spelled
from sct.frontend import allowed, indexing
from sct.rules.scalar import DISCRETE, FUNCTIONS, OPERATORS
from tests.test_rules import DOMAINS, MORE, spellings

IMPORTS = "import math\n\nimport numpy as np\n"

SHAPES = {"x": (), "y": (), "u": (3,), "v": (4,), "w": (4,), "m": (3, 4), "n": (3, 4), "s": (3, 3), "t": (2, 3, 4)}
INTS = {"i": np.array([2, 0, 2, 1]), "k": 2}

REAL = (-1.5, 1.5)

OPERANDS = {"len": "v", "overlap": "v, w", "logical_and": "x > 0.2, x < 0.9", "logical_or": "x > 0.2, x < 0.9", "logical_not": "x > 0.2"}
OPERANDS |= {"bitwise_and": "k, 3", "bitwise_or": "k, 3", "bitwise_xor": "k, 3", "invert": "k", "left_shift": "k, 1", "right_shift": "k, 1"}
OPERANDS |= {"gcd": "k, 6", "lcm": "k, 6"}
"""Of discrete functions that take no floats."""

AXES = ("v", "m", "v, axis=0", "m, axis=1", "m, axis=-2", "m, axis=None", "t, 1", "t, axis=(0, 2)", "t, axis=(-1, 0)", "m, axis=(1,)")
KEPT = ("v, keepdims=True", "m, keepdims=True", "t, axis=-2, keepdims=True", "t, axis=(0, -1), keepdims=True", "v, axis=0, keepdims=True")
ONE_AXIS = ("v", "m", "v, axis=0", "m, axis=1", "m, axis=-2", "t, axis=1", "t, axis=-3", "t, axis=None")


def called(name: str, *arguments: str) -> list[str]:
    return [f"{name}({each})" for each in arguments]


def reduction(name: str) -> list[str]:
    return called(name, *AXES, *KEPT)


def method(name: str, *arguments: str) -> list[str]:
    """`v.sum()`, `m.sum(axis=1)` from what the function takes."""
    split = [each.partition(", ") for each in arguments]
    return [f"{array}.{name}({rest})" for array, _, rest in split]


POINTS = {
    # reductions
    "np.sum": reduction("np.sum"),
    "np.mean": reduction("np.mean"),
    "np.prod": reduction("np.prod"),
    "np.var": [*reduction("np.var"), *called("np.var", "v, ddof=1", "m, axis=1, ddof=1", "t, axis=(0, 1), ddof=2, keepdims=True")],
    "np.std": [*reduction("np.std"), *called("np.std", "v, ddof=1", "m, axis=-1, ddof=1", "t, axis=(0, 1), ddof=2, keepdims=True")],
    "np.max": reduction("np.max"),
    "np.min": reduction("np.min"),
    "np.amax": called("np.amax", "v", "m, axis=1"),
    "np.amin": called("np.amin", "v", "m, axis=-1, keepdims=True"),
    "np.ptp": reduction("np.ptp"),
    "np.median": reduction("np.median"),
    "np.any": [f"np.any({each.replace(each[0], f'{each[0]} > 0.8', 1)})" for each in AXES + KEPT] + ["np.any(m)"],
    "np.all": [f"np.all({each.replace(each[0], f'{each[0]} > -0.8', 1)})" for each in AXES + KEPT] + ["np.all(m)"],
    "np.count_nonzero": [f"np.count_nonzero({each.replace(each[0], f'{each[0]} > 0.3', 1)})" for each in AXES + KEPT],
    "np.argmax": called("np.argmax", *ONE_AXIS, "m, axis=0, keepdims=True"),
    "np.argmin": called("np.argmin", *ONE_AXIS, "m, axis=-1, keepdims=True"),
    "np.cumsum": called("np.cumsum", *ONE_AXIS),
    "np.cumprod": called("np.cumprod", *ONE_AXIS),
    "np.add.reduce": called("np.add.reduce", "v", "m", "t, axis=(0, 2)", "m, 1", "m, axis=None", "m, keepdims=True"),
    "np.multiply.reduce": called("np.multiply.reduce", "v", "m", "m, 1"),
    "np.maximum.reduce": called("np.maximum.reduce", "v", "m", "m, axis=1, keepdims=True"),
    "np.minimum.reduce": called("np.minimum.reduce", "v", "m", "m, -1"),
    "np.logical_and.reduce": called("np.logical_and.reduce", "v > -0.8", "m > -0.8, axis=1"),
    "np.logical_or.reduce": called("np.logical_or.reduce", "v > 0.8", "m > 0.8"),
    "np.add.accumulate": called("np.add.accumulate", "v", "m", "m, 1"),
    "np.multiply.accumulate": called("np.multiply.accumulate", "v", "m", "m, axis=1"),
    "np.maximum.accumulate": called("np.maximum.accumulate", "v", "m", "m, axis=1"),
    "np.minimum.accumulate": called("np.minimum.accumulate", "v", "m, -1"),
    "np.add.outer": called("np.add.outer", "v, u", "m, u"),
    "np.subtract.outer": called("np.subtract.outer", "v, u", "u, m"),
    "np.multiply.outer": called("np.multiply.outer", "v, u", "m, u"),
    "np.divide.outer": called("np.divide.outer", "v, u + 3.0", "m, 2.0 + u * u"),
    "np.linalg.norm": called("np.linalg.norm", "v", "m", "t", "v, 2", "v, 1", "m, axis=1", "m, 2, 0", "m, axis=-1, keepdims=True", "m, 'fro'"),
    "sum": called("sum", "v", "i"),
    "math.fsum": called("math.fsum", "v"),
    "math.prod": called("math.prod", "v", "i"),
    "math.dist": called("math.dist", "v, w"),
    "max": called("max", "v"),
    "min": called("min", "v"),
    # orders
    "np.sort": called("np.sort", *ONE_AXIS),
    "np.argsort": called("np.argsort", *ONE_AXIS),
    "np.searchsorted": called("np.searchsorted", "np.sort(v), x"),
    "np.diff": called("np.diff", "v", "m", "v, 2", "m, n=2", "m, axis=0", "t, axis=1", "t, 2, -1", "v, 0"),
    # products
    "np.dot": called("np.dot", "v, w", "m, v", "u, m", "s, m") + ["s @ m", "m @ v", "v @ w"],
    "np.outer": called("np.outer", "v, u", "m, u"),
    "np.vdot": called("np.vdot", "v, w", "m, n"),
    "np.cross": called("np.cross", "u, s[0]"),
    "np.kron": called("np.kron", "v, u"),
    "np.trace": called("np.trace", "s", "m"),
    # views
    "np.reshape": called("np.reshape", "m, (4, 3)", "m, 12", "m, (2, -1, 2)", "m, -1"),
    "np.ravel": called("np.ravel", "v", "m", "t"),
    "np.transpose": called("np.transpose", "m", "t", "t, (1, 2, 0)"),
    "np.swapaxes": called("np.swapaxes", "t, 0, 2", "m, -1, 0"),
    "np.moveaxis": called("np.moveaxis", "t, 0, -1", "t, 2, 0", "t, (0, 1), (-1, 0)"),
    "np.expand_dims": called("np.expand_dims", "v, 0", "v, axis=-1", "m, 1", "m, axis=(0, 2)"),
    "np.squeeze": called("np.squeeze", "m[:1], 0", "m[:, :1], axis=-1", "t[:1, :, :1], axis=(0, 2)"),
    "np.flip": called("np.flip", "v, 0", "m, axis=1", "m, -2", "t, axis=(0, -1)"),
    "np.flipud": called("np.flipud", "v", "m"),
    "np.fliplr": called("np.fliplr", "m", "t"),
    "np.rot90": called("np.rot90", "m"),
    "np.ascontiguousarray": called("np.ascontiguousarray", "m.T"),
    "np.asarray": called("np.asarray", "m"),
    # elements
    "np.clip": called("np.clip", "m, -0.5, 0.5", "m, None, 0.5", "m, -0.5, None", "m, v, 1.2", "x, -0.5, 0.5"),
    "np.round": called("np.round", "m", "m, 1", "x", "x, 2"),
    "np.take": called("np.take", "v, i", "m, i, axis=1", "t, i[1:], axis=-2", "v, k", "m, i"),
    "np.compress": called("np.compress", "i != 0, v", "i > 0, m, axis=1"),
    "np.extract": called("np.extract", "m > 0.0, m"),
    "np.take_along_axis": called(
        "np.take_along_axis", "v, i, 0", "m, np.argsort(m, axis=1), axis=1", "m, np.argsort(m, axis=0), 0", "m, np.argsort(m, axis=-1), axis=-1"
    ),
    "np.nonzero": ["v[np.nonzero(v > 0.0)]", "np.nonzero(v > 0.0)[0]", "a, b = np.nonzero(m > 0.0)\n    return m[a, b]"],
    "np.flatnonzero": called("np.flatnonzero", "v > 0.0", "m > 0.0"),
    # new arrays
    "np.copy": called("np.copy", "m"),
    "np.array": called("np.array", "[x, y, x * y]", "((x, y), (y, 1.0))", "v", "[v, w]", "(m, n[:, ::-1], m)"),
    "np.concatenate": called("np.concatenate", "(v, u, v)", "(m, s), axis=1", "(m, n)", "(t, t), axis=-1"),
    "np.stack": called("np.stack", "(v, w)", "(v, w), axis=1", "(m, n), axis=-1", "(m, n), 1"),
    "np.hstack": called("np.hstack", "(v, u)", "(m, s)"),
    "np.vstack": called("np.vstack", "(v, w)", "(m, n)"),
    "np.append": called("np.append", "v, x", "v, u"),
    "np.arange": called("np.arange", "k", "k, 7", "7, k, -2", "0.0, 1.0, 0.25") + ["np.arange(4) * x", "np.arange(4.0) * x"],
    "np.linspace": called("np.linspace", "x, y, 5", "x, y, num=1", "0.0, y") + ["np.linspace(0, 1, 3) * x"],
    "np.eye": ["np.eye(3) * x", "np.eye(2, 4) * v", "np.eye(3, k=1) * s", "np.eye(3, 3, -1) * s"],
    "np.identity": ["np.identity(3) * s"],
    "np.zeros": ["np.zeros(4) + v", "np.zeros((3, 4)) + m", "np.zeros(4, np.int64) + i"],
    "np.ones": ["np.ones(4) * v", "np.ones((3, 4)) * m", "np.ones(4, dtype=np.int64) * i"],
    "np.empty": ["a = np.empty(4)\n    a[:] = v\n    return a"],
    "np.full": ["np.full(3, x)", "np.full((2, 3), x)", "np.full(2, 3) * x", "np.full(4, k) * v"],
    "np.zeros_like": ["np.zeros_like(m) + m", "np.zeros_like(i) + i"],
    "np.ones_like": ["np.ones_like(m) * m", "np.ones_like(i) * v"],
    "np.empty_like": ["a = np.empty_like(m)\n    a[:] = m\n    return a"],
    "np.full_like": ["np.full_like(m, x) * m", "np.full_like(i, 2) * v"],
    # shapes and places
    "np.atleast_1d": called("np.atleast_1d", "v", "x"),
    "np.atleast_2d": called("np.atleast_2d", "v", "m"),
    "np.atleast_3d": called("np.atleast_3d", "v", "m"),
    "np.broadcast_to": called("np.broadcast_to", "v, (3, 4)", "m, (2, 3, 4)"),
    "np.roll": called("np.roll", "v, 1", "m, k", "m, -1, 0", "t, 2, axis=-1", "m, (1, 2), (0, 1)"),
    "np.rollaxis": called("np.rollaxis", "t, 2", "t, 1, 0"),
    "np.repeat": called("np.repeat", "v, 2", "m, k", "m, 2, 1", "m, 3, axis=0", "v, i", "m, [1, 2, 0], axis=0"),
    "np.tile": called("np.tile", "v, 2", "v, (2, 1)", "m, (1, 2)"),
    "np.pad": called("np.pad", "v, 1", "v, (1, 2), 'edge'", "m, 1, 'reflect'", "m, ((1, 0), (0, 2)), mode='wrap'", "v, 2, constant_values=x"),
    "np.diag": called("np.diag", "v", "s", "v, 1", "m, -1"),
    "np.diagonal": called("np.diagonal", "s", "m, 1", "t"),
    "np.diagflat": called("np.diagflat", "v", "m, 1"),
    "np.fill_diagonal": ["np.fill_diagonal(s, x)\n    return s"],
    "np.tri": ["np.tri(3) * s", "np.tri(3, 4, 1) * m"],
    "np.tril": called("np.tril", "s", "m, -1"),
    "np.triu": called("np.triu", "s", "m, 1"),
    "np.tril_indices": ["a, b = np.tril_indices(3)\n    return s[a, b]"],
    "np.triu_indices": ["a, b = np.triu_indices(3, 1)\n    return s[a, b]"],
    "np.vander": called("np.vander", "v", "v, 3"),
    "np.split": ["a, b = np.split(v, 2)\n    return a * b", "a, b = np.split(m, 2, axis=1)\n    return a * b"],
    "np.array_split": ["a, b, c = np.array_split(v, 3)\n    return a[0] * b[0] * c[0]"],
    "np.hsplit": ["a, b = np.hsplit(m, 2)\n    return a * b"],
    "np.vsplit": ["a, b, c = np.vsplit(m, 3)\n    return a * b * c"],
    "np.dsplit": ["a, b = np.dsplit(t, 2)\n    return a * b"],
    "np.column_stack": called("np.column_stack", "(v, w)", "(m, u)"),
    "np.row_stack": called("np.row_stack", "(v, w)") if hasattr(np, "row_stack") else [],
    "np.dstack": called("np.dstack", "(m, n)"),
    "np.insert": called("np.insert", "v, 1, x"),
    "np.delete": called("np.delete", "v, 1"),
    "np.meshgrid": ["a, b = np.meshgrid(v, u)\n    return a * b", "a, b = np.meshgrid(v, u, indexing='ij')\n    return a * b"],
    "np.ediff1d": called("np.ediff1d", "v"),
    "np.shape": ["np.shape(m)[1] * m"],
    "np.size": ["np.size(m) * m", "np.size(m, 1) * m"],
    "np.ndim": ["np.ndim(m) * m"],
    # sums over letters
    "np.matmul": called("np.matmul", "m, v", "s, m", "t, v", "t, t[0].T"),
    "np.inner": called("np.inner", "v, w", "m, n"),
    "np.tensordot": called("np.tensordot", "m, n", "m, v, 1", "t, m, axes=((2,), (1,))"),
    "np.convolve": called("np.convolve", "v, u", "v, u, 'same'", "v, u, mode='valid'"),
    "np.correlate": called("np.correlate", "v, u", "v, u, 'full'"),
    # grids and statistics
    "np.interp": called("np.interp", "x, np.sort(v), w", "u, np.sort(v), w"),
    "np.logspace": called("np.logspace", "x, y, 5"),
    "np.geomspace": called("np.geomspace", "x * x + 0.1, y * y + 0.1, 4"),
    "np.trapezoid": called("np.trapezoid", "v", "v, w", "m, dx=x, axis=0"),
    "np.gradient": called("np.gradient", "v", "v, x", "m, axis=0", "v, w"),
    "np.polyval": called("np.polyval", "v, x", "u, v"),
    "np.digitize": called("np.digitize", "v, np.sort(w)"),
    "np.quantile": called("np.quantile", "v, 0.3", "m, 0.6, axis=1", "m, [0.2, 0.7], axis=1", "m, [0.2, 0.7]"),
    "np.percentile": called("np.percentile", "v, 30.0", "m, 60.0, axis=0, keepdims=True"),
    "np.average": called("np.average", "m", "v, weights=w * w + 0.1", "m, axis=1, weights=v * v + 0.1"),
    "np.cov": called("np.cov", "m", "v, w"),
    "np.corrcoef": called("np.corrcoef", "m"),
    "np.bincount": ["np.bincount(i, weights=v)", "np.bincount(i) * u"],
    "np.histogram": ["a, b = np.histogram(v, 3)\n    return a * b[1:]"],
    "np.unique": called("np.unique", "v"),
    **{f"np.{name}": called(f"np.{name}", "v", "m, axis=1", "m, axis=-1, keepdims=True") for name in ("nansum", "nanprod", "nanmean", "nanvar")},
    **{f"np.{name}": called(f"np.{name}", "v", "m, axis=0") for name in ("nanstd", "nanmax", "nanmin", "nanmedian", "nanargmax", "nanargmin")},
    **{f"np.{name}": called(f"np.{name}", "v", "m, axis=0") for name in ("nancumsum", "nancumprod")},
    # elements and comparisons
    "np.heaviside": called("np.heaviside", "v, x", "x, y"),
    "np.real": called("np.real", "m"),
    "np.modf": ["a, b = np.modf(3.0 * v)\n    return a * b", "a, b = np.modf(3.0 * x)\n    return a * b"],
    "np.divmod": ["a, b = np.divmod(v, w)\n    return a * b"],
    "math.modf": ["a, b = math.modf(3.0 * x)\n    return a * b"],
    "math.frexp": ["a, b = math.frexp(x)\n    return a * b"],
    "math.isclose": called("math.isclose", "x, y", "x, x"),
    "np.isclose": called("np.isclose", "v, w"),
    "np.allclose": called("np.allclose", "v, v"),
    "np.array_equal": called("np.array_equal", "v, w"),
    # linear algebra
    "np.linalg.solve": called("np.linalg.solve", "s + 4.0 * np.eye(3), u", "s + 4.0 * np.eye(3), m"),
    "np.linalg.inv": called("np.linalg.inv", "s + 4.0 * np.eye(3)"),
    "np.linalg.det": called("np.linalg.det", "s"),
    "np.linalg.slogdet": ["np.linalg.slogdet(s)[1]"],
    "np.linalg.cholesky": called("np.linalg.cholesky", "s @ s.T + 2.0 * np.eye(3)"),
    "np.linalg.eigh": ["np.linalg.eigh(s)[0]"],
    "np.linalg.eigvalsh": called("np.linalg.eigvalsh", "s", "s, 'U'"),
    "np.linalg.svd": ["np.linalg.svd(m, compute_uv=False)", "np.linalg.svd(m, full_matrices=False)[1]"],
    "np.linalg.svdvals": called("np.linalg.svdvals", "m") if hasattr(np.linalg, "svdvals") else [],
    "np.linalg.qr": ["q, r = np.linalg.qr(m.T)\n    return q @ r * q"],
    "np.linalg.lstsq": ["np.linalg.lstsq(m.T, v, rcond=None)[0]"],
    "np.linalg.pinv": called("np.linalg.pinv", "m"),
    "np.linalg.matrix_power": called("np.linalg.matrix_power", "s, 3", "s + 4.0 * np.eye(3), -2"),
    "np.linalg.matmul": called("np.linalg.matmul", "s, m") if hasattr(np.linalg, "matmul") else [],
    "np.linalg.multi_dot": called("np.linalg.multi_dot", "(s, m, v)"),
    "np.linalg.cond": called("np.linalg.cond", "s"),
    "np.linalg.matrix_rank": called("np.linalg.matrix_rank", "s"),
    # methods
    "a.diagonal": ["s.diagonal()", "m.diagonal(1)"],
    "a.repeat": ["v.repeat(2)", "m.repeat(2, axis=1)"],
    "a.searchsorted": ["np.sort(v).searchsorted(x)"],
    **{f"a.{name}": method(name, *AXES, *KEPT) for name in ("max", "min", "sum", "mean", "prod", "var", "std")},
    **{f"a.{name}": method(name, *ONE_AXIS) for name in ("cumsum", "cumprod", "argmax", "argmin", "argsort")},
    "a.any": ["(m > 0.8).any()", "(m > 0.8).any(axis=1)", "(t > 0.8).any(axis=(0, 2), keepdims=True)"],
    "a.all": ["(m > -0.8).all()", "(m > -0.8).all(axis=1)", "(t > -0.8).all(axis=(0, 2), keepdims=True)"],
    "a.trace": ["s.trace()", "m.trace()"],
    "a.squeeze": ["m[:1].squeeze(0)", "t[:1, :, :1].squeeze(axis=(0, 2))"],
    "a.round": ["m.round()", "m.round(1)"],
    "a.dot": ["m.dot(v)", "v.dot(w)"],
    "a.copy": ["m.copy()"],
    "a.clip": ["m.clip(-0.5, 0.5)"],
    "a.flatten": ["m.flatten()", "v.flatten()"],
    "a.astype": ["m.astype(np.float32)", "m.astype(np.int64)", "i.astype(np.float64) * v"],
    "a.reshape": ["m.reshape(4, 3)", "m.reshape((2, -1))", "m.reshape(-1)"],
    "a.ravel": ["m.ravel()"],
    "a.transpose": ["m.transpose()", "t.transpose(1, 2, 0)", "t.transpose((2, 0, 1))"],
    "a.swapaxes": ["t.swapaxes(0, 2)"],
    "a.take": ["v.take(i)", "m.take(i, axis=1)"],
    "a.compress": ["v.compress(i > 0)"],
    "a.nonzero": ["v[(v > 0.0).nonzero()[0]]"],
}


@dataclass(frozen=True)
class Point:
    """An operation on arguments of the letters in it, drawn from `domains` in the order of these; of the row `row`."""

    row: str
    operation: str
    domains: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def letters(self) -> list[str]:
        """The names of the arguments, those that the statements assign left out."""
        tree = ast.parse(self.operation.replace("\n    ", "\n"))
        names = [n for n in ast.walk(tree) if isinstance(n, ast.Name)]
        bound = {n.id for n in names if isinstance(n.ctx, ast.Store)}
        return [a for a in [*SHAPES, *INTS] if a in {n.id for n in names} - bound]

    def bounds(self, branch: int = 0) -> dict[str, tuple[float, float]]:
        floats = [a for a in self.letters if a in SHAPES]
        domain = self.domains[branch] if self.domains else (REAL,) * len(floats)
        return dict(zip(floats, domain, strict=True))


def on_arrays(operation: str) -> list[str]:
    """The forms of an operation that act elementwise: on arrays of one shape, and of several."""
    if operation.startswith(("math.", "max(", "min(", "float(", "np.float")):
        return []
    forms = [("m", "n"), ("m", "v"), ("v", "m"), ("x", "v"), ("v", "y")] if re.search(r"\by\b", operation) else [("m", "")]
    return [re.sub(r"\bx\b", x, re.sub(r"\by\b", y, operation)) for x, y in forms]


def _discrete(name: str) -> list[str]:
    inside = OPERANDS.get(name) or ("x, y" if allowed.arity(name) == 2 else "x")
    found = [f"{name}({inside})"] * (name in allowed.BUILTINS)
    found += [f"math.{name}({inside})"] * (name in allowed.MATH)
    found += [f"np.{name}({inside})"] * (name in allowed.NUMPY_SCALAR | allowed.CASTS)
    return found + [re.sub(r"\bx\b", "m", each) for each in found if each.startswith("np.") and name not in allowed.CASTS]


def _scalar_points() -> list[Point]:
    found = []
    for row, bounds in DOMAINS.items():
        domains = [bounds, *([MORE[row]] if row in MORE else [])]
        for operation in spellings(row):
            for form in [operation, *on_arrays(operation)]:
                places = [at.start() for name in SHAPES if (at := re.search(rf"\b{name}\b", form))]
                swapped = len(places) == 2 and places[0] > places[1]
                found.append(Point(row, form, tuple(d[::-1] if swapped else d for d in domains)))
    return found


ROWS = OPERATORS | FUNCTIONS
ONLY_GENERATED = {row for row in ROWS if not spellings(row)} | {"overlap", "common_length", "exponent"}
"""Rows that the user cannot write: they occur in generated text."""

SCALAR_POINTS = _scalar_points()
ALL = [
    *SCALAR_POINTS,
    *(Point(name, operation) for name in sorted(DISCRETE) for operation in _discrete(name)),
    *(Point(row, operation) for row, operations in POINTS.items() for operation in operations),
]


def named() -> set[str]:
    """Every row of every table, as the registry calls it."""
    found = {spelled(f) for f in bodies.table()} | {"max", "min"} | {spelled(f) for f in indexing.FORMS} | {"np.nonzero"}
    found |= {f"np.{name}" for name in allowed.POSITIONAL}
    methods = allowed.METHODS | bodies.METHODS | set(indexing.METHODS)
    return found | {f"a.{name}" for name in methods if hasattr(np.ndarray, name)} | set(ROWS) | DISCRETE


def one_of(points: list[Point], check: str) -> Point:
    """The same one every time, and another for another check."""
    return points[zlib.crc32(f"{check} {points[0].row}".encode()) % len(points)]
