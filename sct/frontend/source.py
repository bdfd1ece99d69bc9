"""From a function object to its syntax tree, with the line numbers of its file."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import gast

from sct.errors import UnsupportedSyntax
from sct.frontend.build import located
from sct.ir.program import Source

_REMEDY = "define the function with `def` in a file (not with exec or in the plain interpreter)"


def plain(function: Any) -> Callable[..., Any]:
    """The Python function behind a Numba dispatcher."""
    while hasattr(function, "py_func"):
        function = function.py_func
    if not isinstance(function, types.FunctionType):
        kind = type(function).__name__
        raise UnsupportedSyntax(f"cannot differentiate an object of type {kind}", remedy="pass a Python function")
    return function


def read(function: Any) -> tuple[gast.FunctionDef, Source]:
    """The function's tree (a lambda becomes a `def` that returns its body) and its source."""
    compiled = hasattr(function, "py_func")
    function = plain(function)
    lines = _file_lines(function)
    node = _find(function.__code__, "".join(lines))
    shown = tuple(line.rstrip("\n") for line in lines)
    source = Source(function, function.__code__.co_filename, node.lineno, shown, compiled)
    tree = gast.ast_to_gast(node)
    return (_lambda_to_def(tree) if isinstance(tree, gast.Lambda) else tree), source


def _file_lines(function: Callable[..., Any]) -> list[str]:
    try:
        return inspect.findsource(function)[0]
    except (OSError, TypeError) as problem:
        message = f"the source of {function.__qualname__} is not available"
        raise UnsupportedSyntax(message, remedy=_REMEDY) from problem


@lru_cache(maxsize=16)
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _find(code: types.CodeType, text: str) -> ast.AST:
    try:
        module = _parse(text)
    except SyntaxError as problem:
        raise UnsupportedSyntax(f"the file of {code.co_name} cannot be parsed", remedy=_REMEDY) from problem
    if code.co_name == "<lambda>":
        return _find_lambda(code, module)
    for node in ast.walk(module):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name
        if named and min([node.lineno, *(d.lineno for d in node.decorator_list)]) == code.co_firstlineno:
            return node
    message = f"{code.co_name} is not at line {code.co_firstlineno} of {code.co_filename} any more"
    raise UnsupportedSyntax(message, remedy="import the file again after changing it; " + _REMEDY)


def _find_lambda(code: types.CodeType, module: ast.Module) -> ast.Lambda:
    found = [n for n in ast.walk(module) if isinstance(n, ast.Lambda) and n.lineno == code.co_firstlineno]
    if len(found) > 1:
        found = _enclosing(found, code)
    if len(found) != 1:
        message = f"cannot tell which lambda at line {code.co_firstlineno} of {code.co_filename} is meant"
        raise UnsupportedSyntax(message, remedy="write a `def`, or one lambda per line")
    return found[0]


def _enclosing(candidates: list[ast.Lambda], code: types.CodeType) -> list[ast.Lambda]:
    """Those whose body is the smallest around all of the code's instructions (by arguments before Python 3.11)."""
    if not hasattr(code, "co_positions"):
        arguments = list(code.co_varnames[: code.co_argcount])
        return [n for n in candidates if [a.arg for a in n.args.args] == arguments]
    spans = [((a, c), (b, d)) for a, b, c, d in code.co_positions() if None not in (a, b, c, d) and (a, c) != (b, d)]

    def holds(node: ast.Lambda) -> bool:
        start, end = _span(node.body)
        return bool(spans) and all(start <= s and e <= end for s, e in spans)

    around = [n for n in candidates if holds(n)]
    return [n for n in around if not any(m is not n and m in ast.walk(n) for m in around)]


def _span(node: ast.expr) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0)


def _lambda_to_def(node: gast.Lambda) -> gast.FunctionDef:
    result = located(gast.Return(node.body), node.body)
    return located(gast.FunctionDef("function", node.args, [result], [], None, None, []), node)
