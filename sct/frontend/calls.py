"""Brings calls into one form: keywords placed, `pow` an operator, `min` and `max` of two, sizes of tuples constant.

max(a, b, c)  ->  max(max(a, b), c)        np.zeros(shape=n)  ->  np.zeros(n)        a @ b  ->  np.matmul(a, b)
"""

from __future__ import annotations

import gast

from sct.errors import UnsupportedCall
from sct.frontend import allowed, build
from sct.frontend.resolve import Resolved
from sct.frontend.structure import Structures
from sct.ir.build import call_name
from sct.ir.once import happens_once


def normalise_calls(resolved: Resolved, structures: Structures) -> None:
    visitor = _Calls(resolved, structures)
    resolved.tree.body = [visitor.visit(statement) for statement in resolved.tree.body]


class _Calls(gast.NodeTransformer):
    def __init__(self, resolved: Resolved, structures: Structures) -> None:
        self._resolved, self._structures = resolved, structures

    def _error(self, node: gast.AST, message: str, remedy: str) -> UnsupportedCall:
        return UnsupportedCall(message, place=self._resolved.source.place(node), remedy=remedy)

    def visit_Raise(self, node: gast.Raise) -> gast.AST:
        return node

    def visit_For(self, node: gast.For) -> gast.AST:
        self._range(node.iter)
        node.body = [self.visit(s) for s in node.body]
        return node

    def _range(self, node: gast.Call) -> None:
        if node.keywords or not 1 <= len(node.args) <= 3:
            raise self._error(node, "this form of range is not supported", "pass one to three arguments")
        node.args = [self.visit(a) for a in node.args]

    def visit_BinOp(self, node: gast.BinOp) -> gast.AST:
        self.generic_visit(node)
        if isinstance(node.op, gast.MatMult):
            return build.located(build.call(build.attribute("np", "matmul"), node.left, node.right), node)
        return node

    def visit_Call(self, node: gast.Call) -> gast.AST:
        if call_name(node) == "len" and node.args and call_name(node.args[0]) == "range":
            self._range(node.args[0])
            return node
        self.generic_visit(node)
        if happens_once(node):
            return node
        if isinstance(node.func, gast.Attribute):
            new = self._numeric(node, node.func.attr)
        elif node.func.id in self._resolved.helpers:
            return node
        else:
            new = self._builtin(node, node.func.id)
        return build.located(new, node)

    def _numeric(self, node: gast.Call, function: str) -> gast.AST:
        if function == "einsum":
            return node
        if function == "arange":
            node = _with_start(node)
        if function in allowed.POSITIONAL:
            node = self._by_position(node, allowed.POSITIONAL[function])
            if function == "clip":
                return _clipped(*node.args)
            if function == "round":
                return self._rounded(node)
            return self._array(node) if function in ("array", "asarray") else node
        if function == "hypot" and node.func.value.id == "math" and node.args and not node.keywords:
            return _nested_hypot(node)
        if is_math_log(node) and len(node.args) == 2 and not node.keywords:
            logs = [build.call(build.clone(node.func), a) for a in node.args]
            return build.binary(logs[0], gast.Div, logs[1])
        if node.keywords or len(node.args) != allowed.arity(function):
            message = f"this form of {function} is not supported"
            remedy = f"call it with {allowed.arity(function)} positional argument(s)"
            if any(k.arg == "out" for k in node.keywords):
                remedy = "make the call a statement of its own"
            raise self._error(node, message, remedy)
        return node

    def _rounded(self, node: gast.Call) -> gast.expr:
        """np.round by its definition: scaled, rounded to an even int, scaled back."""
        digits = build.literal(node.args[1]) if len(node.args) == 2 else 0
        if not isinstance(digits, int) or digits < 0:
            raise self._error(node, "this form of np.round is not supported", "give the digits as a constant from 0 on")
        rint = build.attribute("np", "rint")
        if digits == 0:
            return build.call(rint, node.args[0])
        scale = build.constant(10**digits if digits < 19 else 10.0**digits)  # an int leaves float32 what it is
        scaled = build.binary(node.args[0], gast.Mult, scale)
        return build.binary(build.call(rint, scaled), gast.Div, build.clone(scale))

    def _array(self, node: gast.Call) -> gast.Call:
        """np.array of tuples makes an array; of an array it copies, and np.asarray does not."""
        if self._structures.of(node.args[0]) is not None:
            return gast.Call(build.attribute("np", "array"), node.args, [])
        if node.func.attr == "asarray":
            return node
        return build.call(build.attribute("np", "copy"), *node.args) if len(node.args) == 1 else build.call("astype", *node.args)

    def _by_position(self, node: gast.Call, params: tuple[str, ...]) -> gast.Call:
        placed = dict(zip(params, node.args, strict=False)) | {k.arg: k.value for k in node.keywords}
        unknown = sorted(set(placed) - set(params))
        if unknown or len(node.args) > len(params):
            extra = unknown[0] if unknown else "an argument"
            name = gast.unparse(node.func).strip()
            raise self._error(node, f"{extra} of {name} is not supported", f"call {name}({', '.join(params)})")
        args = [placed[p] for p in params if p in placed]
        if any(p not in placed for p in params if p not in allowed.OPTIONAL):
            raise self._error(node, "an argument is missing", f"pass {', '.join(params)}")
        return gast.Call(node.func, args, [])

    def _builtin(self, node: gast.Call, function: str) -> gast.AST:
        args = node.args
        if node.keywords:
            raise self._error(node, f"keyword arguments of {function} are not supported", "leave them out")
        if function in allowed.ITERATORS:
            raise self._error(node, f"{function} outside of a `for` is not supported", "use it in the head of a loop")
        if function in ("min", "max"):
            return self._nested(node, function)
        binary = dict.fromkeys({"pow", "divmod"} | allowed.RUNTIME_OF_TWO, (2,))
        expected = (binary | {"round": (1, 2)}).get(function, (1,))
        if len(args) not in expected:
            raise self._error(node, f"this form of {function} is not supported", "pass the usual arguments")
        if function == "pow":
            return build.binary(args[0], gast.Pow, args[1])
        if function == "len":
            return self._len(node)
        return node

    def _nested(self, node: gast.Call, function: str) -> gast.AST:
        args = node.args
        structure = self._structures.of(args[0]) if len(args) == 1 else None
        if structure is not None:
            args = [build.subscript(build.clone(args[0]), build.constant(k)) for k in range(len(structure))]
            args = node.args[0].elts if isinstance(node.args[0], gast.Tuple) else args
        if len(args) < 2:
            raise self._error(node, f"{function} of an array is not supported", "compare the elements in a loop")
        result = args[0]
        for other in args[1:]:
            result = build.call(function, result, other)
        return result

    def _len(self, node: gast.Call) -> gast.AST:
        structure = self._structures.of(node.args[0])
        if isinstance(structure, tuple):
            return build.constant(len(structure))
        if isinstance(node.args[0], gast.Attribute) and node.args[0].attr == "shape":
            return gast.Attribute(node.args[0].value, "ndim", gast.Load())
        return node


def _with_start(node: gast.Call) -> gast.Call:
    """`np.arange(n)` as `np.arange(0, n, 1)`."""
    given = {k.arg for k in node.keywords}
    args = [build.constant(0), *node.args] if len(node.args) == 1 and not given & {"start", "stop"} else list(node.args)
    keywords = node.keywords if len(args) > 2 or "step" in given else [*node.keywords, gast.keyword("step", build.constant(1))]
    return gast.Call(node.func, args, keywords)


def _clipped(x: gast.expr, low: gast.expr, high: gast.expr) -> gast.expr:
    """`np.clip(x, low, high)` by its definition; a bound may be None."""
    for bound, function in ((low, "maximum"), (high, "minimum")):
        if not (isinstance(bound, gast.Constant) and bound.value is None):
            x = build.call(build.attribute("np", function), x, bound)
    return x


def _nested_hypot(node: gast.Call) -> gast.expr:
    """`math.hypot(a, b, c)` as `math.hypot(math.hypot(a, b), c)`."""
    result = node.args[0] if len(node.args) > 1 else build.call(build.attribute("math", "fabs"), node.args[0])
    for other in node.args[1:]:
        result = build.call(build.clone(node.func), result, other)
    return result


def is_math_log(node: gast.Call) -> bool:
    """`math.log`, which takes a base; `np.log` would take an output array there."""
    return node.func.value.id == "math" and node.func.attr == "log"
