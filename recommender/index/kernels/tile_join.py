"""Inner products of two sets of code rows, tile by tile, offered to neighbour lists."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.int8_products import COLUMNS, ROWS, Tile, tile
from recommender.index.kernels.machine_instructions import lowest_bit
from recommender.index.kernels.neighbour_lists import offer

__all__ = ["BOTH", "NEVER", "ONE", "QUERIES", "TileColumns", "TileOutput", "TileRows", "join_tiles"]

NEVER = np.int32(2**31 - 1)
"""A bar that no product reaches."""
QUERIES, ONE, BOTH = 0, 1, 2
"""Lists to fill. QUERIES: rows are queries and have a list each. ONE: rows and columns are the same vectors, and the
rows' lists are filled. BOTH: those of the columns too."""


class TileRows(NamedTuple):
    """Codes packed as rows of tiles, see `pack_rows`."""

    rows: NDArray[np.int32]  # (n,), numbers of the lists
    packed: NDArray[np.uint32]  # (n_tiles, steps, 12)
    biases: NDArray[np.int32]  # (12 n_tiles,)
    bars: NDArray[np.int32]  # (12 n_tiles,), workspace


class TileColumns(NamedTuple):
    """Codes packed as columns of tiles, see `pack_columns`."""

    rows: NDArray[np.int32]  # (n,), numbers of the vectors
    packed: NDArray[np.uint32]  # (n_tiles, steps, 32)
    bars: NDArray[np.int32]  # (32 n_tiles,), workspace


class TileOutput(NamedTuple):
    """Workspace for the products of one tile."""

    products: NDArray[np.int32]  # (12 * 32,)
    masks: NDArray[np.uint64]  # a bit a product, set where it may enter a list


@njit(nogil=True, cache=True)
def join_tiles(rows, columns, output, nearest, pairs):  # type: ignore[no-untyped-def]
    """Offer the product of each row and column to the lists `nearest`; `pairs` is QUERIES, ONE or BOTH."""
    both = pairs == BOTH
    steps = rows.packed.shape[1]
    for i in range(rows.bars.shape[0]):
        rows.bars[i] = nearest.bars[rows.rows[i]] if i < rows.rows.shape[0] else NEVER
    for j in range(columns.bars.shape[0]):
        columns.bars[j] = nearest.bars[columns.rows[j]] if both and j < columns.rows.shape[0] else NEVER
    n_rows = -(-rows.rows.shape[0] // ROWS)
    for j in range(-(-columns.rows.shape[0] // COLUMNS)):
        for i in range(n_rows):
            seen = tile(
                Tile(
                    rows.packed.ctypes.data + i * steps * ROWS * 4,
                    columns.packed.ctypes.data + j * steps * COLUMNS * 4,
                    steps,
                    rows.biases.ctypes.data + i * ROWS * 4,
                    rows.bars.ctypes.data + i * ROWS * 4,
                    columns.bars.ctypes.data + j * COLUMNS * 4,
                    output.products.ctypes.data,
                    output.masks.ctypes.data,
                )
            )
            if seen != 0:
                _offer_tile((i * ROWS, j * COLUMNS), rows, columns, output, nearest, pairs)


@njit(nogil=True, cache=True)
def _offer_tile(corner, rows, columns, output, nearest, pairs):  # type: ignore[no-untyped-def]
    """Offer the products of a tile whose bits are set; `corner` is its first row and column."""
    first_row, first_column = corner
    for word in range(output.masks.shape[0]):
        bits = output.masks[word]
        while bits != 0:
            place = word * 64 + np.int64(lowest_bit(bits))
            bits &= bits - np.uint64(1)
            i, j = first_row + place // COLUMNS, first_column + place % COLUMNS
            if i >= rows.rows.shape[0] or j >= columns.rows.shape[0]:
                continue
            row, column = rows.rows[i], columns.rows[j]
            if row == column and pairs != QUERIES:
                continue
            product = output.products[place]
            if product >= rows.bars[i]:
                rows.bars[i] = offer(nearest, row, product, column)
            if pairs == BOTH and product >= columns.bars[j]:
                columns.bars[j] = offer(nearest, column, product, row)
