"""Types of a core program: Numba's own inference on the program as it stands."""

from __future__ import annotations

import ast
import builtins
import linecache
import math
import re
import warnings
from dataclasses import dataclass
from types import FunctionType

import gast
import numpy as np
from numba import typeof
from numba.core import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaPerformanceWarning
from numba.core.registry import cpu_target

from sct import runtime
from sct.errors import Place, TypeProblem
from sct.frontend import allowed
from sct.frontend.callee import Callee
from sct.ir.build import is_name, nodes
from sct.ir.program import Program, Source
from sct.types.callees import TypedOnly, type_function
from sct.types.stubs import STUBS, stub_module, with_stubs
from sct.types.unbound import UNBOUND, Unbound

UNKNOWN = types.undefined
"""The type of a name that is unbound on every path, or that Numba never met: in a branch it pruned, or after an endless loop."""


@dataclass(frozen=True)
class Types:
    """The type of every variable and constant of a core program, and of its result."""

    names: dict[str, types.Type]
    result: types.Type

    def of(self, name: str) -> types.Type:
        return self.names.get(name, UNKNOWN)

    def met(self, name: str) -> bool:
        """Whether Numba met the name."""
        return name in self.names

    def is_float(self, name: str) -> bool:
        return isinstance(self.of(name), types.Float)

    def is_int(self, name: str) -> bool:
        return isinstance(self.of(name), types.Integer)

    def is_bool(self, name: str) -> bool:
        return isinstance(self.of(name), types.Boolean)

    def is_array(self, name: str) -> bool:
        return isinstance(self.of(name), types.Array)

    def is_tuple(self, name: str) -> bool:
        """Whether a name is a shape as a whole."""
        return isinstance(self.of(name), types.BaseTuple)

    def dtype(self, name: str) -> types.Type:
        """The element type of an array; of anything else the type itself."""
        return getattr(self.of(name), "dtype", self.of(name))

    def ndim(self, name: str) -> int:
        """The dimensions of an array; 0 for anything else."""
        return getattr(self.of(name), "ndim", 0)

    def layout(self, name: str) -> str:
        """`C`, `F` or `A` for an array; empty for anything else."""
        return getattr(self.of(name), "layout", "")


@global_compiler_lock
def infer(program: Program, argtypes: tuple[types.Type, ...]) -> Types:
    """The types of `program`'s names for arguments of `argtypes` (`types.Omitted` for a default that is taken)."""
    function = _with_helpers(program)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumbaPerformanceWarning)
            found, result = type_function(function, argtypes)
    except Exception as error:  # Numba also fails by assertions and the like
        problem = _problem(error, program.source)
    else:
        names = {name: types.unliteral(typeof(value)) for name, value in program.constants.items()}
        return Types(names | _join(found, program.source), types.unliteral(result))
    raise problem from None


def _with_helpers(program: Program) -> FunctionType:
    function = _function(program)
    function.__globals__.update({name: _dispatcher(helper) for name, helper in program.helpers.items()})
    return function


def _dispatcher(callee: Callee) -> TypedOnly:
    """What types the calls of a helper, from its core program; one for each, so that recursion ends."""
    known = callee.sources.memo.setdefault(TypedOnly, {})
    if callee not in known:
        program = callee.load()
        known[callee] = TypedOnly(_function(program))
        known[callee].py_func.__globals__.update({name: _dispatcher(helper) for name, helper in program.helpers.items()})
    return known[callee]


def _function(program: Program) -> FunctionType:
    """The core program as a Python function whose lines are the user's; its globals still lack the helpers."""
    tree = ast.Module([gast.gast_to_ast(with_stubs(program.tree))], [])
    _locate(tree, program.source.first_line)
    space = {"__builtins__": builtins, "__name__": "sct_core", "math": math, "np": np, "UNDEFINED": UNBOUND, **STUBS}
    space |= {name: getattr(runtime, name) for name in runtime.__all__} | program.constants
    if any(is_name(node, "special") for node in nodes(program.tree)):
        space["special"] = stub_module("special", allowed.SPECIAL)
    exec(compile(tree, program.source.file, "exec"), space)
    return space[program.tree.name]


def _locate(node: ast.AST, line: int) -> None:
    """Give every node its own line, or its parent's, and no extent: generated nodes have none that is consistent."""
    line = getattr(node, "lineno", None) or line
    if "lineno" in node._attributes:
        node.lineno = node.end_lineno = line
        node.col_offset = node.end_col_offset = 0
    for child in ast.iter_child_nodes(node):
        _locate(child, line)


def _join(found: dict[str, types.Type], source: Source) -> dict[str, types.Type]:
    """One type per name of the program, from those of Numba's versions `x`, `x.1` of it."""
    versions: dict[str, list[types.Type]] = {}
    for version, numba_type in found.items():
        name = version.partition(".")[0]
        if not version.startswith(("$", "arg.")):
            bound = [] if isinstance(numba_type, Unbound) else [types.unliteral(numba_type)]
            versions.setdefault(name, []).extend(bound)
    unify = cpu_target.typing_context.unify_types
    joined = {name: unify(*several) if several else UNKNOWN for name, several in versions.items()}
    for name, numba_type in joined.items():
        if numba_type is None:
            kinds = " and ".join(sorted({str(each) for each in versions[name]}))
            place = _place(source, source.file, source.first_line)
            raise TypeProblem(f"{name} is {kinds} on different paths", place=place, remedy="use two names")
    return joined


def _problem(error: Exception, source: Source) -> TypeProblem:
    """Numba's error in our words: what it says first, and the line it says it about."""
    loc = getattr(error, "loc", None)
    place = _place(source, source.file, source.first_line) if loc is None else _place(source, loc.filename, loc.line)
    if "runaway recursion" in str(error):
        return TypeProblem(
            "Numba cannot tell what this recursive call returns",
            place=place,
            remedy="let each function that takes part in the recursion have a `return` that no recursive call comes before",
        )
    words = _first_words(str(error)) or type(error).__name__
    remedy = next((text for pattern, text in _REMEDIES if pattern.match(words)), _REMEDY)
    return TypeProblem(f"Numba cannot type this: {words}", place=place, remedy=remedy)


_REMEDY = "write what `numba.njit` accepts for arguments of these types"
_REMEDIES = (
    (
        re.compile(r"there is no setitem\(array\(\w+, 1d, \w\), [^,]*int[^,]*, array"),
        "an element of a list or a vector is one number: use an array with one more axis, or a tuple of arrays",
    ),
    (
        re.compile(r"there is no setitem\(readonly array"),
        "pass the array in as an argument: a global array is a constant",
    ),
    (
        re.compile(r"there is no [gs]etitem\(array\([^)]*\), float\d+"),
        "make the subscript an int, `int(k)`, or keep it in an array of ints",
    ),
)


def _place(source: Source, file: str, line: int) -> Place:
    """A line of the user's file, or of one that it calls into."""
    ours = file == source.file and 0 < line <= len(source.lines)
    text = source.lines[line - 1] if ours else linecache.getline(file, line)
    return Place(file, line, len(text) - len(text.lstrip()), text)


_SIGNATURE = re.compile(r">>> (.+)")
_CAUSE = re.compile(r"raised a specific error:\s+\w+: (.+)")
_NOISE = re.compile(r"\x1b\[[0-9;]*m|Failed in \w+ mode pipeline \(step: .*\)|, defined at .*")
_VERSION = re.compile(r"'(\w+)\.\d+'")


def _first_words(message: str) -> str:
    """The part of a Numba message that speaks of the user's program."""
    message = _VERSION.sub(r"'\1'", _NOISE.sub("", message)).strip()
    signature, cause = _SIGNATURE.search(message), _CAUSE.search(message)
    if signature is None:
        return message.partition("\n")[0]
    reason = f" ({cause[1]})" if cause is not None else ""
    return f"there is no {signature[1].strip()}{reason}"
