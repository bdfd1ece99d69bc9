"""`np.einsum` with constant subscripts: what makes a new array stays a call, what NumPy gives as a view becomes that view.

np.einsum("ij->ji", m)    np.transpose(m, (1, 0))            np.einsum("ii->i", m)    np.diagonal(m)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from sct.errors import SctError
from sct.frontend import build
from sct.ir.contraction import Contraction, parse

Stop = Callable[[str, str], SctError]


def einsum(subscripts: str | None, given: list[gast.expr], stop: Stop) -> tuple[Any, list[gast.expr]]:
    """The function to call, and its arguments."""
    if not isinstance(subscripts, str):
        raise stop("the subscripts of np.einsum must be a constant string", 'write np.einsum("ij,jk->ik", a, b)')
    found = parse(subscripts)
    if found is None:
        raise stop(f"the subscripts {subscripts!r} are not supported", "write a letter for each axis, commas and one `->`")
    if len(found.inputs) != len(given):
        raise stop(f"the subscripts {subscripts!r} are for {len(found.inputs)} arrays", "pass as many")
    if len(given) == 1 and not found.summed:
        return _view(found, given[0], stop)
    return np.einsum, [build.constant(f"{','.join(found.inputs)}->{found.output}"), *given]


def _view(found: Contraction, array: gast.expr, stop: Stop) -> tuple[Any, list[gast.expr]]:
    (letters,) = found.inputs
    if len(letters) == len(found.output):
        order = gast.Tuple([build.constant(letters.index(c)) for c in found.output], gast.Load())
        return np.transpose, [array, order]
    if len(letters) == 2:
        return np.diagonal, [array]
    raise stop("np.einsum gives a view of diagonals here", "use np.diagonal with its axes")
