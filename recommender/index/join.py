"""First pass over codes: the largest products of each row with all others.

Blocks of rows meet as tiles of integer products, which stay in registers; a product is stored only where it may enter
a list. A self-join computes each pair once and offers it to the lists of both rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import length_hint

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import aligned, read_only
from recommender.index.kernels.int8_codes import pack_columns, pack_rows
from recommender.index.kernels.int8_products import COLUMNS, ROWS, STEP
from recommender.index.kernels.neighbour_lists import Nearest, empty_nearest
from recommender.index.kernels.tile_join import (
    BOTH,
    ONE,
    QUERIES,
    TileColumns,
    TileOutput,
    TileRows,
    join_tiles,
)
from recommender.index.quantised import Quantised
from recommender.index.threads import on_all_threads, slices

__all__ = ["BLOCK", "Workspace", "join_all", "join_codes", "join_queries", "pack_all"]

BLOCK = 960  # rows: a multiple of both sides of a tile, whose codes fit in the cache of a core
_FEW = 8 * BLOCK  # up to this many queries, columns are packed when needed instead of in advance
_RUN = 16  # blocks of columns that a thread joins with one block of rows before it takes the next


class Workspace:
    """Buffers of one thread that joins up to `n_rows` rows with up to `n_columns` columns."""

    def __init__(self, width: int, n_rows: int, n_columns: int) -> None:
        n_tiles = -(-n_rows // ROWS)
        self.rows = TileRows(
            np.zeros(0, dtype=np.int32),
            aligned((n_tiles, width // STEP, ROWS), np.uint32),
            np.zeros(n_tiles * ROWS, dtype=np.int32),
            np.zeros(n_tiles * ROWS, dtype=np.int32),
        )
        self.column_bars = aligned((-(-n_columns // COLUMNS) * COLUMNS,), np.int32)
        self.output = TileOutput(
            aligned((ROWS * COLUMNS,), np.int32), aligned((ROWS * COLUMNS // 64,), np.uint64)
        )

    def take_rows(self, codes: NDArray[np.uint8], rows: NDArray[np.int32]) -> None:
        """Set the rows of the next joins."""
        pack_rows(read_only(codes), rows, self.rows.packed, self.rows.biases)
        self.rows = self.rows._replace(rows=rows)

    def join(
        self, columns: NDArray[np.int32], packed: NDArray[np.uint32], nearest: Nearest, pairs: int
    ) -> None:
        """Offer every pair of a row and a column to the lists; `pairs` is QUERIES, ONE or BOTH."""
        bars = self.column_bars[: packed.shape[0] * COLUMNS]
        join_tiles(self.rows, TileColumns(columns, packed, bars), self.output, nearest, pairs)


def pack_all(quantised: Quantised, n_jobs: int | None) -> NDArray[np.uint32]:
    """Return all codes packed as columns, in blocks of 960 rows; as large as the codes."""
    n, width = quantised.codes.shape
    packed = aligned((-(-n // BLOCK), BLOCK // COLUMNS, width // STEP, COLUMNS), np.uint32)
    parts = slices(n, BLOCK)

    def pack() -> None:
        for part in parts:
            rows = np.arange(part.start, part.stop, dtype=np.int32)
            pack_columns(read_only(quantised.codes), rows, packed[part.start // BLOCK])

    on_all_threads(pack, n_jobs)
    return packed


def join_all(
    quantised: Quantised, kept: int, n_jobs: int | None, on_progress: Callable[[int, int], None] | None = None
) -> Nearest:
    """Return the `kept` largest products of every row with the others.

    Takes ``n ** 2 * d / 2`` products of bytes, and memory for ``8 n kept`` bytes plus a copy of the codes.
    """
    n, width = quantised.codes.shape
    nearest = empty_nearest(n, kept)
    packed = pack_all(quantised, n_jobs)
    blocks = [np.arange(start, min(start + BLOCK, n), dtype=np.int32) for start in range(0, n, BLOCK)]
    runs = list(_runs(len(blocks)))
    shared = iter(runs)

    def join() -> None:
        space = Workspace(width, BLOCK, BLOCK)
        for first, seconds in shared:
            if on_progress is not None:
                on_progress(len(runs) - length_hint(shared) - 1, len(runs))
            space.take_rows(quantised.codes, blocks[first])
            for second in seconds:
                space.join(blocks[second], packed[second], nearest, BOTH if first != second else ONE)

    on_all_threads(join, n_jobs)
    return nearest


def join_queries(
    quantised: Quantised,
    X: NDArray[np.float32],
    kept: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Nearest:
    """Return the `kept` largest products of every row of `X` with the vectors."""
    return join_codes(quantised, quantised.encode(X, n_jobs), kept, n_jobs, on_progress)


def join_codes(
    quantised: Quantised,
    queries: NDArray[np.uint8],
    kept: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Nearest:
    """Return the `kept` largest products of every row of codes with the vectors."""
    n, width = quantised.codes.shape
    m = len(queries)
    nearest = empty_nearest(m, kept)
    columns = [np.arange(part.start, part.stop, dtype=np.int32) for part in slices(n, BLOCK)]
    packed = pack_all(quantised, n_jobs) if m > _FEW else None
    n_rows = min(BLOCK, max(-(-m // (2 * effective_n_jobs(n_jobs))), 1))
    parts = slices(m, n_rows)
    n_parts = length_hint(parts)

    def join() -> None:
        space = Workspace(width, n_rows, BLOCK)
        tiles = aligned((BLOCK // COLUMNS, width // STEP, COLUMNS), np.uint32)
        for part in parts:
            if on_progress is not None:
                on_progress(n_parts - length_hint(parts) - 1, n_parts)
            space.take_rows(queries, np.arange(part.start, part.stop, dtype=np.int32))
            for number, block in enumerate(columns):
                if packed is None:
                    pack_columns(read_only(quantised.codes), block, tiles)
                space.join(block, tiles if packed is None else packed[number], nearest, QUERIES)

    on_all_threads(join, n_jobs)
    return nearest


def _runs(n_blocks: int) -> Iterator[tuple[int, range]]:
    """Yield every pair of blocks once, as a block of rows and a run of column blocks; adjacent blocks come first."""
    for gap in range(0, n_blocks, _RUN):
        for first in range(n_blocks - gap):
            yield first, range(first + gap, min(first + gap + _RUN, n_blocks))
