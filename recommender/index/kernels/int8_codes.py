"""Vectors rounded to codes of 8 bits, and codes packed for tiles of products."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.index.kernels.int8_products import COLUMNS, ROWS, STEP
from recommender.index.kernels.random_rotation import UNFUSED, rotate

__all__ = ["encode_query", "encode_rows", "pack_columns", "pack_rows"]


@njit(nogil=True, cache=True, fastmath=UNFUSED)
def encode_rows(X, signs, scale, codes):  # type: ignore[no-untyped-def]
    """Write unsigned codes; return the largest squared error and the largest squared length of a row."""
    worst, longest = np.float32(0), np.float32(0)
    per_unit = np.float32(1) / scale
    out, spare = np.empty(signs.shape[1], np.float32), np.empty(signs.shape[1], np.float32)
    for i in range(X.shape[0]):
        rotate(X[i], signs, out, spare)
        error, length = np.float32(0), np.float32(0)
        for j in range(out.shape[0]):
            level = np.int32(min(max(out[j] * per_unit + np.float32(128.5), np.float32(1)), np.float32(255)))
            codes[i, j] = np.uint8(level)
            off = out[j] - np.float32(level - 128) * scale
            error += off * off
            length += out[j] * out[j]
        worst, longest = max(worst, error), max(longest, length)
    return worst, longest


@njit(nogil=True, cache=True, fastmath=UNFUSED)
def encode_query(x, signs, scale, codes, out, spare):  # type: ignore[no-untyped-def]
    """Write the signed codes of one vector; `out` and `spare` are workspace for the rotation."""
    rotate(x, signs, out, spare)
    per_unit = np.float32(1) / scale
    for j in range(out.shape[0]):
        level = min(max(out[j] * per_unit + np.float32(128.5), np.float32(1)), np.float32(255))
        codes[j] = np.int8(np.int32(level) - 128)


@njit(nogil=True, cache=True)
def pack_columns(codes, rows, packed):  # type: ignore[no-untyped-def]
    """Write the codes of `rows` as columns of tiles, (n_tiles, steps, 32) words of 4 unsigned bytes."""
    steps = packed.shape[1]
    words = codes.view(np.uint32)
    for tile in range(packed.shape[0]):
        for column in range(COLUMNS):
            place = tile * COLUMNS + column
            if place < rows.shape[0]:
                for step in range(steps):
                    packed[tile, step, column] = words[rows[place], step]


@njit(nogil=True, cache=True)
def pack_rows(codes, rows, packed, biases):  # type: ignore[no-untyped-def]
    """Write the codes of `rows` as rows of tiles, (n_tiles, steps, 12) words of 4 signed bytes, and their biases."""
    steps = packed.shape[1]
    words = codes.view(np.uint32)
    for tile in range(packed.shape[0]):
        for row in range(ROWS):
            place = tile * ROWS + row
            if place >= rows.shape[0]:
                continue
            for step in range(steps):
                packed[tile, step, row] = words[rows[place], step] ^ np.uint32(0x80808080)
            total = np.int32(0)
            for byte in range(steps * STEP):
                total += np.int32(codes[rows[place], byte])
            biases[place] = -128 * (total - 128 * steps * STEP)
