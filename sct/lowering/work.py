"""What the lowering passes share: the tree that they change, its types, new names, and the refusals."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import gast
from numba.core import types as nt

from sct.errors import SctError, UnsupportedCall, UnsupportedSyntax
from sct.ir.build import Fresh, clone, names_in
from sct.ir.program import Program
from sct.types import Types


@dataclass(eq=False)
class Work:
    """A program whose tree the passes own and change in place. `types` also knows the array names that they make; `same` is the
    alias pattern of the parameters."""

    program: Program
    types: Types
    fresh: Fresh
    same: Mapping[str, str]

    @classmethod
    def start(cls, program: Program, types: Types, same: Mapping[str, str] = MappingProxyType({})) -> Work:
        taken = {*names_in(program.tree), *program.constants, *program.helpers, *dir(builtins), program.tree.name}
        names = {name: _scalar(kind) for name, kind in types.names.items()}
        return cls(_copy(program), replace(types, names=names), Fresh(taken), same)

    def copy(self) -> Work:
        return Work(_copy(self.program), self.types, Fresh(self.fresh.taken), self.same)

    @property
    def body(self) -> list[gast.stmt]:
        return self.program.tree.body

    def version(self, name: str) -> str:
        """A new name for another value of the user's variable, or of the temporary, behind `name`."""
        made = self.fresh(re.sub(r"(_\d+)+$", "", name))
        if name in self.program.base:
            self.program.base[made] = self.program.base[name]
        return made

    def like(self, wish: str, name: str) -> str:
        """A new name of the type of another."""
        made = self.fresh(wish)
        self.types = replace(self.types, names=self.types.names | {made: self.types.of(name)})
        return made

    def array(self, wish: str, like: str, ndim: int | None = None) -> str:
        """A new name for an array with the elements of `like`."""
        name = self.fresh(wish)
        known = self.types.of(like)
        made = known if ndim is None else nt.Array(known.dtype, ndim, "A")
        self.types = replace(self.types, names=self.types.names | {name: made})
        return name

    def syntax(self, node: gast.AST, message: str, remedy: str) -> SctError:
        return UnsupportedSyntax(message, place=self.program.source.place(node), remedy=remedy)

    def call(self, node: gast.AST, message: str, remedy: str) -> SctError:
        return UnsupportedCall(message, place=self.program.source.place(node), remedy=remedy)

    def user_name(self, name: str) -> str:
        """The user's variable that `name` is a version of."""
        return self.program.base.get(name, name)


def _copy(program: Program) -> Program:
    return replace(program, tree=clone(program.tree), base=dict(program.base))


def _scalar(kind: nt.Type) -> nt.Type:
    """Numba's `np.where` of scalars is an array without axes; here it is a scalar."""
    return kind.dtype if isinstance(kind, nt.Array) and kind.ndim == 0 else kind
