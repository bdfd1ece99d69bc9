"""How the directed tests of traps check a gradient."""


import numpy as np

import sct
from sct.reference.dual import dual_gradient
from tests.harness import EXACT, REGROUPED, assert_close, call_twice, plain

PLANS = ["default", "store_all"]


def check(f, *args, argnums=None, compiled=False):
    """The gradient as plain Python under both plans, and compiled, against dual numbers; the default plan's text."""
    argnums = tuple(k for k, a in enumerate(args) if np.asarray(a).dtype.kind == "f") if argnums is None else argnums
    expected = dual_gradient(f, args, argnums)
    texts = []
    for plan in PLANS:
        gradient = plain(f, args, argnums, "grad", plan)
        assert_close(call_twice(gradient, *args), expected, EXACT, gradient.text)
        texts.append(gradient.text)
    if compiled:
        assert_close(call_twice(sct.grad(f, argnums), *args, rtol=REGROUPED), expected, 1e-9, texts[0])
    return texts[0]
