"""The few arguments that a vector function leaves to the C library.

A branch to a call would keep LLVM from vectorising a loop. So the test is in a function of its own, and LLVM is told which
functions do the same with 2, 4 and 8 numbers at once (the attribute "vector-function-abi-variant"). Those test all of them
together, and call the C library for each only where one is large.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LIMIT = 2.0**20
_BITS = "0x4130000000000000"

LANES = (2, 4, 8)

_SCALAR = """
declare double @llvm.fabs.f64(double)
declare double @llvm.{name}.f64(double)

define weak_odr double @{symbol}(double %x, double %y) {pure} "vector-function-abi-variant"="{variants}" {{
  %size = call double @llvm.fabs.f64(double %x)
  %far = fcmp ogt double %size, {limit}
  br i1 %far, label %call, label %done
call:
  %exact = call double @llvm.{name}.f64(double %x)
  ret double %exact
done:
  ret double %y
}}
"""

_VECTOR = """
declare <{n} x double> @llvm.fabs.v{n}f64(<{n} x double>)

define weak_odr <{n} x double> @{symbol}_{n}(<{n} x double> %x, <{n} x double> %y0) {pure} {{
  %size = call <{n} x double> @llvm.fabs.v{n}f64(<{n} x double> %x)
  %far = fcmp ogt <{n} x double> %size, <{limits}>
  %lanes = bitcast <{n} x i1> %far to i{n}
  %any = icmp ne i{n} %lanes, 0
  br i1 %any, label %call, label %done
call:{each}
  ret <{n} x double> %y{n}
done:
  ret <{n} x double> %y0
}}
"""

_LANE = """
  %x.{k} = extractelement <{n} x double> %x, i32 {k}
  %y.{k} = extractelement <{n} x double> %y0, i32 {k}
  %z.{k} = call double @{symbol}(double %x.{k}, double %y.{k})
  %y{next} = insertelement <{n} x double> %y{k}, double %z.{k}, i32 {k}"""


def _text(name: str, symbol: str) -> str:
    """The LLVM functions that test for large arguments of the function `name` of the C library."""
    pure = "noinline nounwind willreturn readnone"
    variants = ",".join(f"_ZGV_LLVM_N{n}vv_{symbol}({symbol}_{n})" for n in LANES)
    parts = [_SCALAR.format(name=name, symbol=symbol, pure=pure, variants=variants, limit=_BITS)]
    for n in LANES:
        each = "".join(_LANE.format(n=n, k=k, next=k + 1, symbol=symbol) for k in range(n))
        limits = ", ".join([f"double {_BITS}"] * n)
        parts.append(_VECTOR.format(n=n, symbol=symbol, pure=pure, limits=limits, each=each))
    return "".join(parts)


def beyond(name: str) -> Any:
    """A compiled function of x and y: y for |x| up to LIMIT and nan, else `name` of the C library, "sin" or "cos", of x."""
    symbol = f"sct_{name}_beyond"

    @intrinsic
    def chosen(typing_context: Any, x: types.Type, y: types.Type) -> tuple[Any, Any]:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
            library = context.codegen().create_library(symbol)
            library.add_llvm_module(llvm.parse_assembly(_text(name, symbol)))
            library.finalize()
            context.active_code_library.add_linking_library(library)
            double = ir.DoubleType()
            kind = ir.FunctionType(double, [double, double])
            return builder.call(cgutils.get_or_insert_function(builder.module, kind, symbol), args)

        return types.float64(types.float64, types.float64), generate

    return chosen
