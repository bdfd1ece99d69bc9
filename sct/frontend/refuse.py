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
    "SetComp": ("a set comprehension", _LOOP),
    "DictComp": ("a dict comprehension", _LOOP),
    "JoinedStr": ("an f-string", "print the parts one by one; messages of exceptions may be f-strings"),
    "Import": ("import inside a function", "import at the top of the file"),
    "ImportFrom": ("import inside a function", "import at the top of the file"),
}


def _as_tuple(node: gast.expr) -> gast.expr:
    if not isinstance(node, gast.List | gast.Tuple):
        return node
    return gast.copy_location(gast.Tuple([_as_tuple(e) for e in node.elts], gast.Load()), node)


def _members(node: gast.expr) -> gast.expr:
    return gast.copy_location(gast.Tuple(node.elts, gast.Load()), node) if isinstance(node, gast.List | gast.Set) else node


def refuse(tree: gast.FunctionDef, source: Source) -> None:
    """Raise `UnsupportedSyntax` at the first construct outside the language."""
    if not isinstance(tree, gast.FunctionDef):
        raise UnsupportedSyntax("asynchronous code is not supported", place=source.place(tree), remedy="write `def`")
    visitor = _Refuse(source)
    visitor.parameters(tree.args)
    for statement in tree.body:
        visitor.visit(statement)


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

    def visit_Expr(self, node: gast.Expr) -> None:
        if not isinstance(node.value, gast.Constant):  # a docstring or `...` does nothing
            self.visit(node.value)

    def visit_Compare(self, node: gast.Compare) -> None:
        """What something is looked for in may be written as a list or a set: it is a tuple."""
        links = zip(node.ops, node.comparators, strict=True)
        node.comparators = [_members(operand) if isinstance(op, gast.In | gast.NotIn) else operand for op, operand in links]
        self.generic_visit(node)

    def visit_For(self, node: gast.For) -> None:
        """A list that is written in the head of a loop has no name, and nobody changes it: it is a tuple."""
        node.iter = _as_tuple(node.iter)
        self.generic_visit(node)

    def visit_Assign(self, node: gast.Assign) -> None:
        """So is one that is taken apart at once."""
        if all(isinstance(target, gast.Tuple | gast.List) for target in node.targets):
            node.value = _as_tuple(node.value)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: gast.FunctionDef) -> None:
        for decorator in node.decorator_list:
            self._stop(decorator, "a decorator inside a function", "leave it out: the function is compiled with the one around it")
        self.visit_Lambda(node)

    def visit_Call(self, node: gast.Call) -> None:
        """A list that is written as an argument is never written to by what we accept: it is a tuple, except in print."""
        if getattr(node.func, "id", "") != "print":
            node.args = [_as_tuple(a) for a in node.args]
            for keyword in node.keywords:
                keyword.value = _as_tuple(keyword.value)
        self.generic_visit(node)

    def visit_Subscript(self, node: gast.Subscript) -> None:
        """`None`, `...` and lists have a meaning in subscripts."""
        self.visit(node.value)
        for part in node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]:
            if not (isinstance(part, gast.Constant) and part.value in (None, Ellipsis)):
                (self.generic_visit if isinstance(part, gast.List) else self.visit)(part)

    def visit_Lambda(self, node: gast.FunctionDef | gast.Lambda) -> None:
        self.parameters(node.args)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: gast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_Assert(self, node: gast.Assert) -> None:
        self.visit(node.test)

    def visit_Raise(self, node: gast.Raise) -> None:
        exception = node.exc.func if isinstance(node.exc, gast.Call) else node.exc
        keywords = isinstance(node.exc, gast.Call) and node.exc.keywords
        if keywords or not isinstance(exception, gast.Name | gast.Attribute):
            self._stop(node, "this form of raise", 'write `raise ValueError("message")`')

    def visit_Constant(self, node: gast.Constant) -> None:
        value = node.value
        if isinstance(value, bytes):
            self._stop(node, "a bytes literal", "use numbers, for example an int code per case")
        if isinstance(value, complex):
            self._stop(node, "a complex number", "keep real and imaginary parts in two variables")
        if value is Ellipsis:
            self._stop(node, "`...`", "use it in subscripts only, x[..., 0]")
