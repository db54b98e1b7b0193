"""Inner products with vectors of half floats, which numba cannot name: half the memory, and what is read is half too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload

from recommender.index.rescoring import inner_product

__all__ = ["half_bits", "inner_product_of"]

_instruction: Callable[[Any], Any] = intrinsic


def half_bits(vectors: Any) -> Any:
    """Return vectors as compiled code takes them: half floats as their bits."""
    return vectors.view(np.uint16) if vectors.dtype == np.float16 else vectors


@_instruction
def _of_bits(typing_context, bits):  # type: ignore[no-untyped-def]
    """Value of a half float, as a float32."""

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
    """Inner product in float32 of a float32 vector and one as `half_bits` gives it; in compiled code only."""
    raise NotImplementedError


@overload(inner_product_of, inline="always")
def _inner_product_of(a, b):  # type: ignore[no-untyped-def]
    if b.dtype == types.uint16:
        return lambda a, b: _with_halves(a, b)
    return lambda a, b: inner_product(a, b)
