"""Generated text that looks at every subscript which was proved not to be negative, before it is used."""

import ast

from sct.backends.python import load_python
from sct.emit.subscripts import proved


def watched(text, arrays=None, places=None):
    """The namespace after running the text; `places` are pairs of a line and an array, by default those that are proved."""
    tree = _Watched(set(proved(text)) if places is None else places).visit(ast.parse(text))
    return load_python(ast.unparse(ast.fix_missing_locations(tree)), {**(arrays or {}), "seen": _seen})


class _Watched(ast.NodeTransformer):
    def __init__(self, places):
        self.places = places

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and (node.lineno, node.value.id) in self.places and not _is_constant(node.slice):
            node.slice = ast.Call(ast.Name("seen", ast.Load()), [node.slice], [])
        return node


def _is_constant(index):
    """Whether Numba knows the subscript itself: all of it is constants, or slices."""
    return not any(isinstance(node, ast.Name) for node in ast.walk(index)) or any(isinstance(node, ast.Slice) for node in ast.walk(index))


def _seen(index):
    assert all(k >= 0 for k in (index if isinstance(index, tuple) else (index,))), f"a subscript is negative: {index}"
    return index
