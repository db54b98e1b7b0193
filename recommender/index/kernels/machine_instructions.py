"""Single machine instructions that numba has no name for, written as LLVM code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["acquire", "lowest_bit", "prefetch", "release"]

_instruction: Callable[[Any], Any] = intrinsic
_BYTE, _I32, _I64 = ir.IntType(8), ir.IntType(32), ir.IntType(64)


@_instruction
def lowest_bit(typing_context, bits):  # type: ignore[no-untyped-def]
    """Return the position of the lowest set bit; 64 if no bit is set."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), code


@_instruction
def prefetch(typing_context, address):  # type: ignore[no-untyped-def]
    """Prefetch the cache line at an address."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        name = "llvm.prefetch.p0"
        function = builder.module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), _I32, _I32, _I32])
            function = ir.Function(builder.module, kind, name)
        read, keep, data = (ir.Constant(_I32, value) for value in (0, 3, 1))
        builder.call(function, [builder.inttoptr(arguments[0], _BYTE.as_pointer()), read, keep, data])
        return context.get_dummy_value()

    return types.void(types.int64), code


@_instruction
def acquire(typing_context, address):  # type: ignore[no-untyped-def]
    """Set the byte at an address to 1 and return its former value; 0 means that the lock was free."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], _BYTE.as_pointer())
        former = builder.atomic_rmw("xchg", pointer, ir.Constant(_BYTE, 1), "acquire")
        return builder.zext(former, _I64)

    return types.int64(types.int64), code


@_instruction
def release(typing_context, address):  # type: ignore[no-untyped-def]
    """Set the byte at an address to 0, after all earlier writes."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], _BYTE.as_pointer())
        builder.store_atomic(ir.Constant(_BYTE, 0), pointer, "release", 1)
        return context.get_dummy_value()

    return types.void(types.int64), code
