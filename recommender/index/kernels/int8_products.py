"""Inner products of 8-bit codes in the widest vector instructions of the processor.

numba compiles loops over scalars; the vector instructions used here are written as LLVM code. One side of a product
is unsigned (128 added), the other signed, as VPDPBUSD of AVX-512 VNNI takes them. On a processor without it, the same
sums are made of 16-bit products. Sums are exact integers, so the result is the same on every processor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["COLUMNS", "ROWS", "STEP", "Tile", "dot", "tile"]

ROWS = 12
"""Rows of a tile. With two vectors of columns it has 24 sums, as many as fit in registers beside the operands."""
COLUMNS = 32
STEP = 4
"""Dimensions that one instruction adds up."""

_instruction: Callable[[Any], Any] = intrinsic
_I16, _I32, _I64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)
_LANES = 16
_INTS = ir.VectorType(_I32, _LANES)
_BYTES = ir.VectorType(ir.IntType(8), 4 * _LANES)
_SHORTS = ir.VectorType(_I16, 2 * _LANES)
_N = COLUMNS // _LANES


def _constant(value: int) -> ir.Constant:
    return ir.Constant(_I64, value)


def _pointer(builder: Any, address: Any, kind: ir.Type) -> Any:
    return builder.inttoptr(address, kind.as_pointer())


def _load(builder: Any, pointer: Any, index: Any, align: int = 1) -> Any:
    value = builder.load(builder.gep(pointer, [index]))
    value.align = align
    return value


def _spread(builder: Any, value: Any) -> Any:
    """Return a vector with the same 32 bits in every lane."""
    one = builder.insert_element(ir.Constant(_INTS, ir.Undefined), value, ir.Constant(_I32, 0))
    return builder.shuffle_vector(one, one, ir.Constant(_INTS, None))


def _add_products(context: Any, builder: Any, sums: Any, unsigned: Any, signed: Any) -> Any:
    """Add the four products of its bytes to each lane."""
    if "+avx512vnni" in context.codegen().magic_tuple()[2]:
        name = "llvm.x86.avx512.vpdpbusd.512"
        function = builder.module.globals.get(name)
        if function is None:
            function = ir.Function(builder.module, ir.FunctionType(_INTS, [_INTS, _BYTES, _BYTES]), name)
        return builder.call(
            function, [sums, builder.bitcast(unsigned, _BYTES), builder.bitcast(signed, _BYTES)]
        )
    eight = ir.Constant(_SHORTS, [8] * (2 * _LANES))
    u, s = builder.bitcast(unsigned, _SHORTS), builder.bitcast(signed, _SHORTS)
    for half in range(2):
        if half:
            high, low = builder.ashr(s, eight), builder.lshr(u, eight)
        else:
            high = builder.ashr(builder.shl(s, eight), eight)
            low = builder.lshr(builder.shl(u, eight), eight)
        sums = builder.add(sums, _pairs(builder, low, high))
    return sums


def _pairs(builder: Any, a: Any, b: Any) -> Any:
    """Add neighbouring pairs of 16-bit products, in a form that LLVM compiles to PMADDWD and its equivalents."""
    wide = ir.VectorType(_I32, 2 * _LANES)
    products = builder.mul(builder.sext(a, wide), builder.sext(b, wide))
    halves = [
        builder.shuffle_vector(products, products, ir.Constant(_INTS, list(range(start, 2 * _LANES, 2))))
        for start in (0, 1)
    ]
    return builder.add(*halves)


class Tile(NamedTuple):
    """Addresses of the arrays of a tile, and its number of steps; all int64."""

    rows: int  # signed bytes, (steps, 12, 4)
    columns: int  # unsigned bytes, (steps, 32, 4)
    steps: int  # dimensions over 4
    biases: int  # int32 (12,), -128 times the sum of each row's codes
    row_bars: int  # int32 (12,)
    column_bars: int  # int32 (32,)
    products: int  # int32 (12, 32), written
    masks: int  # 12 * 32 bits, written: set where a product reaches the bar of its row or column


@_instruction
def tile(typing_context, arrays):  # type: ignore[no-untyped-def]
    """Compute the products of 12 rows with 32 columns for a `Tile`; return 0 if no product reaches a bar."""
    signature = types.int64(arrays)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        fields = Tile(*(builder.extract_value(arguments[0], place) for place in range(len(Tile._fields))))
        ints = _pointer(builder, fields.rows, _I32)
        vectors = _pointer(builder, fields.columns, _INTS)
        first = _pointer(builder, fields.biases, _I32)
        begins = [_spread(builder, _load(builder, first, _constant(row))) for row in range(ROWS)]
        entry, loop, end = builder.block, builder.append_basic_block(), builder.append_basic_block()
        builder.branch(loop)
        builder.position_at_end(loop)
        step = builder.phi(_I64)
        step.add_incoming(_constant(0), entry)
        sums = [builder.phi(_INTS) for _ in range(ROWS * _N)]
        for place, each in enumerate(sums):
            each.add_incoming(begins[place // _N], entry)
        at = builder.mul(step, _constant(_N))
        u = [_load(builder, vectors, builder.add(at, _constant(j)), align=64) for j in range(_N)]
        at = builder.mul(step, _constant(ROWS))
        added = []
        for row in range(ROWS):
            s = _spread(builder, _load(builder, ints, builder.add(at, _constant(row)), align=4))
            added += [_add_products(context, builder, sums[row * _N + j], u[j], s) for j in range(_N)]
        following = builder.add(step, _constant(1))
        step.add_incoming(following, loop)
        for each, value in zip(sums, added, strict=True):
            each.add_incoming(value, loop)
        builder.cbranch(builder.icmp_signed("<", following, fields.steps), loop, end)
        builder.position_at_end(end)
        return _compare(builder, added, fields)

    return signature, code


def _compare(builder: Any, sums: list[Any], fields: Tile) -> Any:
    """Store the products and the bits of those that reach a bar; return whether any bit is set."""
    out, masks = _pointer(builder, fields.products, _INTS), _pointer(builder, fields.masks, _I16)
    bars = [_load(builder, _pointer(builder, fields.column_bars, _INTS), _constant(j)) for j in range(_N)]
    seen: Any = ir.Constant(_I16, 0)
    for row in range(ROWS):
        bar = _spread(builder, _load(builder, _pointer(builder, fields.row_bars, _I32), _constant(row)))
        for j in range(_N):
            place = row * _N + j
            builder.store(sums[place], builder.gep(out, [_constant(place)])).align = 64
            reach = builder.or_(
                builder.icmp_signed(">=", sums[place], bar), builder.icmp_signed(">=", sums[place], bars[j])
            )
            bits = builder.bitcast(reach, _I16)
            builder.store(bits, builder.gep(masks, [_constant(place)])).align = 2
            seen = builder.or_(seen, bits)
    return builder.zext(seen, _I64)


@_instruction
def dot(typing_context, unsigned, signed, n_bytes):  # type: ignore[no-untyped-def]
    """Return the inner product of two rows of codes, given by address; `n_bytes` is a multiple of 64."""
    signature = types.int64(types.int64, types.int64, types.int64)

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        unsigned, signed, n_bytes = arguments
        u, s = _pointer(builder, unsigned, _INTS), _pointer(builder, signed, _INTS)
        n = builder.lshr(n_bytes, _constant(6))
        entry, loop, end = builder.block, builder.append_basic_block(), builder.append_basic_block()
        builder.branch(loop)
        builder.position_at_end(loop)
        step, sums = builder.phi(_I64), builder.phi(_INTS)
        step.add_incoming(_constant(0), entry)
        sums.add_incoming(ir.Constant(_INTS, None), entry)
        added = _add_products(context, builder, sums, _load(builder, u, step), _load(builder, s, step))
        following = builder.add(step, _constant(1))
        step.add_incoming(following, loop)
        sums.add_incoming(added, loop)
        builder.cbranch(builder.icmp_signed("<", following, n), loop, end)
        builder.position_at_end(end)
        name = f"llvm.vector.reduce.add.v{_LANES}i32"
        reduce = builder.module.globals.get(name)
        if reduce is None:
            reduce = ir.Function(builder.module, ir.FunctionType(_I32, [_INTS]), name)
        return builder.sext(builder.call(reduce, [added]), _I64)

    return signature, code
