"""The number of threads in compiled code. Numba's own function cannot be cached: it holds the address of a function.

Importing this starts Numba's threads, which makes that function known to the linker.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from sct import runtime

numba.get_num_threads()


@intrinsic
def _threads(typing_context: Any) -> tuple[Any, Any]:
    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        counted = ir.FunctionType(ir.IntType(types.intp.bitwidth), [])
        return builder.call(cgutils.get_or_insert_function(builder.module, counted, "get_num_threads"), [])

    return types.intp(), generate


@overload(runtime.threads)
def _overloaded() -> Any:
    return lambda: _threads()
