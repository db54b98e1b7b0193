"""Inner products with float16 vectors, a type that numba does not compile. They need half the memory traffic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload

from recommender.index.kernels.similarity_scores import inner_product

__all__ = ["inner_product_of"]

_instruction: Callable[[Any], Any] = intrinsic


@_instruction
def _of_bits(typing_context, bits):  # type: ignore[no-untyped-def]
    """Convert the bits of a float16 to float32."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return builder.fpext(builder.bitcast(arguments[0], ir.HalfType()), ir.FloatType())

    return types.float32(types.uint16), code


@njit(nogil=True, cache=True, fastmath=True)
def _with_halves(a, bits):  # type: ignore[no-untyped-def]
    total = np.float32(0)
    for j in range(a.shape[0]):
        total += a[j] * _of_bits(bits[j])
    return total


def inner_product_of(a: Any, b: Any) -> Any:
    """Return the inner product in float32 of a float32 vector and one from `half_bits`; in compiled code only."""
    raise NotImplementedError


@overload(inner_product_of, inline="always")
def _inner_product_of(a, b):  # type: ignore[no-untyped-def]
    if b.dtype == types.uint16:
        return lambda a, b: _with_halves(a, b)
    return lambda a, b: inner_product(a, b)
