"""Which names are a function's own and which it captures, by Python's rules, without entering the functions nested in it."""

from __future__ import annotations

from collections.abc import Iterator

import gast

_FUNCTIONS = gast.FunctionDef | gast.Lambda


def own_nodes(tree: gast.AST) -> Iterator[gast.AST]:
    """The nodes of a function that are executed in its own frame; nested functions are met but not entered."""
    pending = list(_body(tree))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, _FUNCTIONS):
            pending += [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        else:
            pending += list(gast.iter_child_nodes(node))


def _body(tree: gast.FunctionDef | gast.Lambda) -> list[gast.AST]:
    return [tree.body] if isinstance(tree, gast.Lambda) else list(tree.body)


def parameters(tree: gast.FunctionDef | gast.Lambda) -> list[gast.Name]:
    """All parameters in the order in which a signature lists them."""
    args = tree.args
    extra = [a for a in (args.vararg, args.kwarg) if a is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *extra]


def local_names(tree: gast.FunctionDef | gast.Lambda) -> set[str]:
    """Names that the function binds: parameters, targets, nested functions."""
    found = {a.id for a in parameters(tree)}
    for node in own_nodes(tree):
        if isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load):
            found.add(node.id)
        elif isinstance(node, gast.FunctionDef):
            found.add(node.name)
    return found


def free_names(tree: gast.FunctionDef | gast.Lambda) -> list[str]:
    """Names that the function, or one nested in it, reads from outside, in the order of the text."""
    local, found = local_names(tree), dict[str, None]()
    for node in own_nodes(tree):
        inner = free_names(node) if isinstance(node, _FUNCTIONS) else []
        inner += [node.id] if isinstance(node, gast.Name) else []
        found.update((name, None) for name in inner if name not in local)
    return sorted(found)
