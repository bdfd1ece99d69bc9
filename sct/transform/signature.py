"""The user's own argument list and results around a derivative of numbers and arrays.

    def f_grad(x, p_mass, p_k): ...                    def f_grad(x, p):
        return x_bar, p_mass_bar, p_k_bar      ->          p_mass, p_k = p
                                                           ...
                                                           return x_bar, Params(p_mass_bar, p_k_bar)
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import gast

from sct.errors import NotDifferentiable, UnsupportedSyntax
from sct.frontend.callee import Nested
from sct.frontend.shapes import Group, Known, Shape, describe
from sct.ir.build import clone, expr, names_in, quote
from sct.ir.program import Parameter, Program

Classes = Callable[[type], str]
JACOBIANS = ("jacfwd", "jacrev")
WITH_AUX = ("grad_with_aux", "value_and_grad_with_aux")


def is_flat(program: Program) -> bool:
    """Whether the program's own parameters and results are already the user's."""
    result = program.result
    parts = result.parts if isinstance(result, Group) else (None, None)
    plain = len(parts) > 1 and not any(parts) and getattr(result, "kind", None) is None
    return plain and all(parameter.shape is None for parameter in program.parameters)


def chosen(program: Program, argnums: tuple[int, ...]) -> tuple[str, ...]:
    """The program's parameters for arguments that are differentiated."""
    for k in argnums:
        parameter = program.parameters[k]
        if any(known.value is not None for known in _known(parameter.shape)):
            place = program.source.place(program.tree)
            message = f"argument {parameter.name} holds a function or a string, which has no derivative"
            raise NotDifferentiable(message, place=place, remedy=f"leave {k} out of argnums")
    return tuple(leaf for k in argnums for leaf in program.parameters[k].leaves)


def _known(shape: Shape) -> Iterator[Known]:
    if isinstance(shape, Group):
        for part in shape.parts:
            yield from _known(part)
    elif isinstance(shape, Known):
        yield shape


def present(
    entry: gast.FunctionDef,
    program: Program,
    argnums: tuple[int, ...],
    mode: str,
    single: bool,
    class_name: Callable[[type, set[str]], str],
) -> None:
    """Give `entry` the user's parameters and results; `class_name` gives one to a class that is not yet taken here."""
    _check_result(program)
    taken, own = set(names_in(entry)), program.parameters
    extra = [a.id for a in entry.args.args[len(program.params) :]]
    outer, head = [], []
    spare = _free("_", {*taken, *(parameter.name for parameter in own)})
    for parameter in own:
        outer.append(parameter.name if parameter.shape is None else _free(parameter.name, taken))
        head += _unpack(outer[-1], parameter.leaves, parameter.shape, spare)
    if mode == "jvp":
        rest = iter(extra)
        for k in argnums:
            of = tuple(next(rest) for _ in own[k].leaves)
            outer.append(of[0] if own[k].shape is None else _free(f"{outer[k]}_dot", taken))
            head += _unpack(outer[-1], of, own[k].shape, spare)
    elif mode == "vjp":
        seed, made = _seed(extra[0], program.result, taken, spare)
        outer.append(seed)
        head += made
    entry.args.args = [gast.Name(name, gast.Param(), None, None) for name in outer]
    entry.args.defaults = [] if extra else _trailing(own)
    for stmt in head:
        stmt.lineno = entry.lineno
    entry.body[:0] = head


    def classes(kind: type) -> str:
        _check_importable(kind, program)
        return class_name(kind, taken)

    _returned(entry.body[-1], program, argnums, mode, single, classes)


def _check_result(program: Program) -> None:
    found = next((end for end in _ends(program.result) if isinstance(end, Known) and end.value is not None), None)
    if found is not None:
        message = f"the result of {program.tree.name} holds {describe(found)}, which a derivative cannot give back"
        place = program.source.place(program.tree)
        raise NotDifferentiable(message, place=place, remedy="return numbers, arrays and tuples of those")


def _check_importable(kind: type, program: Program) -> None:
    if getattr(sys.modules.get(kind.__module__), kind.__name__, None) is not kind:
        message = f"the derivative holds a {kind.__name__}, which its file cannot import from {kind.__module__}"
        remedy = "define the class at the top of a module, under its own name"
        raise UnsupportedSyntax(message, place=program.source.place(program.tree), remedy=remedy)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _trailing(own: tuple[Parameter, ...]) -> list[gast.expr]:
    found: list[gast.expr] = []
    for parameter in own:
        found = [] if parameter.default is None else [*found, parameter.default]
    return found


def _unpack(name: str, leaves: tuple[str, ...], shape: Shape, spare: str) -> list[gast.stmt]:
    """`(a, b), c = name`, where `spare` takes what is known."""
    if not isinstance(shape, Group) or not leaves:
        return []
    return quote(f"{_targets(shape, iter(leaves), spare)} = {name}")


def _targets(shape: Shape, leaves: Iterator[str], spare: str) -> str:
    if isinstance(shape, Group):
        return f"({''.join(f'{_targets(part, leaves, spare)}, ' for part in shape.parts)})"
    return spare if isinstance(shape, Known) else next(leaves)


def _seed(name: str, result: Shape, taken: set[str], spare: str) -> tuple[str, list[gast.stmt]]:
    """The seed has the structure of the result; inside it is one value, or a flat tuple with 0 for what is known."""
    if not isinstance(result, Group):
        return name, []
    ends = list(_ends(result))
    single = len(ends) == 1
    parts = ["0" if isinstance(end, Known) else name if single else _free(f"{name}_{k}", taken) for k, end in enumerate(ends)]
    given = _free(f"{name}s", taken)
    made = _unpack(given, tuple(part for part in parts if part != "0"), result, spare)
    return given, made if single else made + quote(f"{name} = ({', '.join(parts)})")


def _ends(shape: Shape) -> Iterator[Shape]:
    """What is not a tuple; a function with what it captured is one thing."""
    if isinstance(shape, Group) and isinstance(shape.kind, Nested):
        yield Known(shape.kind)
    elif isinstance(shape, Group):
        for part in shape.parts:
            yield from _ends(part)
    else:
        yield shape


def _returned(
    last: gast.Return, program: Program, argnums: tuple[int, ...], mode: str, single: bool, classes: Classes
) -> None:
    result = program.result
    if mode == "jvp":
        value, dots = last.value.elts
        last.value = expr("(V, D)", V=_result(value, result, classes), D=_result(dots, result, classes))
        return
    if mode in JACOBIANS:
        last.value = _jacobian(result, iter(last.value.elts), program, argnums, single, classes)
        return
    bars = iter(last.value.elts if mode == "grad" else last.value.elts[1].elts)
    grouped = [_grouped(program.parameters[k].shape, bars, classes) for k in argnums]
    found = grouped[0] if single else gast.Tuple(grouped, gast.Load())
    if mode == "grad_with_aux":
        found = expr("(B, A)", A=_result(last.value.elts[0], result, classes).elts[1], B=found)
    elif mode != "grad":
        found = expr("(V, B)", V=_result(last.value.elts[0], result, classes), B=found)
    last.value = found


def _jacobian(
    result: Shape, blocks: Iterator[gast.expr], program: Program, argnums: tuple[int, ...], single: bool, classes: Classes
) -> gast.expr:
    """The structure of the result, and in the place of each number or array that of the arguments."""
    if isinstance(result, Group):
        parts = [_jacobian(part, blocks, program, argnums, single, classes) for part in result.parts]
        if result.kind is None:
            return gast.Tuple(parts, gast.Load())
        call = expr("F()", F=classes(result.kind))
        call.args = parts
        return call
    grouped = [_grouped(program.parameters[k].shape, blocks, classes) for k in argnums]
    if isinstance(result, Known):
        return expr("None")
    return grouped[0] if single else gast.Tuple(grouped, gast.Load())


def _result(value: gast.expr, shape: Shape, classes: Classes) -> gast.expr:
    if not isinstance(shape, Group):
        return value
    return _grouped(shape, iter(value.elts if isinstance(value, gast.Tuple) else [value]), classes, spare=True)


def _grouped(shape: Shape, leaves: Iterator[gast.expr], classes: Classes, spare: bool = False) -> gast.expr:
    """Leaves in the structure of a value; `spare` ones stand where it holds something known."""
    if not isinstance(shape, Group):
        if isinstance(shape, Known):
            if spare:
                next(leaves)
            return expr("None")
        return clone(next(leaves))
    parts = [_grouped(part, leaves, classes, spare) for part in shape.parts]
    if shape.kind is None:
        return gast.Tuple(parts, gast.Load())
    call = expr("F()", F=classes(shape.kind))
    call.args = parts
    return call
