"""Rejects what is outside the language, before anything is rewritten."""

from __future__ import annotations

import gast

from sct.errors import UnsupportedSyntax
from sct.ir.program import Source

_LOOP = "use np.empty and a loop, or a tuple"
_REFUSED: dict[str, tuple[str, str]] = {
    "Yield": ("a generator", "fill an array in a loop and return it"),
    "YieldFrom": ("a generator", "fill an array in a loop and return it"),
    "Await": ("asynchronous code", "write an ordinary function"),
    "AsyncFunctionDef": ("asynchronous code", "write an ordinary function"),
    "AsyncFor": ("asynchronous code", "write an ordinary `for`"),
    "AsyncWith": ("asynchronous code", "write an ordinary function"),
    "Try": ("try", "test for the bad case with `if` and raise"),
    "TryStar": ("try", "test for the bad case with `if` and raise"),
    "With": ("with", "open resources outside the function and pass arrays in"),
    "Global": ("global", "pass the value in as an argument and return the new one"),
    "Nonlocal": ("nonlocal", "pass the value in as an argument and return the new one"),
    "ClassDef": ("a class inside a function", "define it at module level"),
    "Dict": ("a dict", "use arrays, or separate variables"),
    "Set": ("a set", "use arrays, or separate variables"),
    "List": ("a list", _LOOP),
    "ListComp": ("a list comprehension", _LOOP),
    "SetComp": ("a set comprehension", _LOOP),
    "DictComp": ("a dict comprehension", _LOOP),
    "GeneratorExp": ("a generator expression", "use a loop"),
    "JoinedStr": ("an f-string", "use a plain string in `raise`, nothing else needs one"),
    "Delete": ("del", "leave it out: names end with the function"),
    "Import": ("import inside a function", "import at the top of the file"),
    "ImportFrom": ("import inside a function", "import at the top of the file"),
    "Match": ("match", "use if and elif"),
    "NamedExpr": ("`:=`", "assign in a statement of its own"),
}
_OPERATORS = {
    "In": ("`in`", "compare with `==` and `or`, or loop"),
    "NotIn": ("`not in`", "compare with `!=` and `and`, or loop"),
}


def refuse(tree: gast.FunctionDef, source: Source) -> None:
    """Raise `UnsupportedSyntax` at the first construct outside the language."""
    if not isinstance(tree, gast.FunctionDef):
        raise UnsupportedSyntax("asynchronous code is not supported", place=source.place(tree), remedy="write `def`")
    visitor = _Refuse(source)
    visitor.parameters(tree.args)
    tree.body = _without_docstring(tree.body)
    for statement in tree.body:
        visitor.visit(statement)


def _without_docstring(body: list[gast.stmt]) -> list[gast.stmt]:
    first = body[0]
    if isinstance(first, gast.Expr) and isinstance(first.value, gast.Constant) and isinstance(first.value.value, str):
        return body[1:] or [gast.copy_location(gast.Pass(), first)]
    return body


class _Refuse(gast.NodeVisitor):
    def __init__(self, source: Source) -> None:
        self._source = source

    def _stop(self, node: gast.AST, what: str, remedy: str) -> None:
        raise UnsupportedSyntax(f"{what} is not supported", place=self._source.place(node), remedy=remedy)

    def parameters(self, args: gast.arguments) -> None:
        if args.kwarg:
            self._stop(args.kwarg, "**kwargs", "name every parameter")

    def visit(self, node: gast.AST) -> None:
        kind = type(node).__name__
        if kind in _REFUSED:
            self._stop(node, *_REFUSED[kind])
        super().visit(node)

    def _loop(self, node: gast.For | gast.While) -> None:
        if node.orelse:
            self._stop(node.orelse[0], "`else` of a loop", "set a bool before `break` and test it after the loop")
        self.generic_visit(node)

    visit_For = visit_While = _loop

    def visit_Compare(self, node: gast.Compare) -> None:
        for op in node.ops:
            if type(op).__name__ in _OPERATORS:
                self._stop(node, *_OPERATORS[type(op).__name__])
        self.generic_visit(node)

    def visit_FunctionDef(self, node: gast.FunctionDef) -> None:
        for decorator in node.decorator_list:
            self._stop(decorator, "a decorator inside a function", "leave it out: the function is compiled with the one around it")
        node.body = _without_docstring(node.body)
        self.visit_Lambda(node)

    def visit_Lambda(self, node: gast.FunctionDef | gast.Lambda) -> None:
        self.parameters(node.args)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: gast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_Assert(self, node: gast.Assert) -> None:
        self.visit(node.test)
        if node.msg is not None and not isinstance(node.msg, gast.Constant):
            self._stop(node.msg, "a computed message", "use a plain string")

    def visit_Raise(self, node: gast.Raise) -> None:
        exception = node.exc
        args = exception.args if isinstance(exception, gast.Call) else []
        named = exception.func if isinstance(exception, gast.Call) else exception
        keywords = isinstance(exception, gast.Call) and exception.keywords
        if node.cause or keywords or not isinstance(named, gast.Name):
            self._stop(node, "this form of raise", 'write `raise ValueError("message")`')
        for arg in args:
            if not isinstance(arg, gast.Constant):
                self._stop(arg, "a computed message", "use a plain string")

    def visit_Constant(self, node: gast.Constant) -> None:
        value = node.value
        if isinstance(value, bytes):
            self._stop(node, "a bytes literal", "use numbers, for example an int code per case")
        if isinstance(value, complex):
            self._stop(node, "a complex number", "keep real and imaginary parts in two variables")
        if value is Ellipsis:
            self._stop(node, "`...`", "write out the slices, x[:, :, 0]")
