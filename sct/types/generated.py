"""Types of generated functions: Numba's inference on the text of their module."""

from __future__ import annotations

from types import FunctionType

from numba.core import sigutils, types, typing
from numba.core.compiler_lock import global_compiler_lock

from sct.backends.python import load_python
from sct.types.callees import TypedOnly, find_types

Kinds = dict[str, types.Type]
"""Types of the variables of a function."""


class _Recorded(TypedOnly):
    """Remembers the types of its variables."""

    def __init__(self, function: FunctionType) -> None:
        super().__init__(function)
        self.kinds: Kinds = {}

    def compile(self, sig: object) -> None:
        argtypes, _ = sigutils.normalize_signature(sig)
        if argtypes not in self.known:
            with self._compiling_counter:
                found, result = find_types(self.py_func, argtypes)
            self.kinds |= {version.split(".")[0]: kind for version, kind in found.items()}
            self.known[argtypes] = typing.signature(result, *argtypes)


@global_compiler_lock
def variable_types(text: str, arrays: dict, names: list[str], argtypes: tuple[types.Type, ...]) -> dict[str, Kinds]:
    """The types of the variables of the functions `names` of a module; the last is called with `argtypes`."""
    space = load_python(text, arrays)
    if "special" in space:
        import sct.special  # noqa: F401
    found = {name: _Recorded(space[name]) for name in names}
    space |= found
    found[names[-1]].compile(argtypes)
    return {name: function.kinds for name, function in found.items()}
