"""All pairs of codes, each looked at once: which rows are worth an exact similarity.

Blocks of rows meet as tiles of integer products that stay in registers; a product leaves them only where it may enter
a list. Symmetric: a pair serves the lists of both its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import length_hint

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray

from recommender.index.int8_products import COLUMNS, ROWS, STEP
from recommender.index.nearest import BOTH, ONE, QUERIES, Nearest, empty_nearest, join_tiles
from recommender.index.quantised import Quantised, aligned, pack_columns, pack_rows
from recommender.index.threads import on_all_threads, slices

__all__ = ["Workspace", "join_all", "join_codes", "join_queries", "pack_all"]

BLOCK = 960  # rows: a multiple of both sides of a tile, whose codes stay in a core's cache
_FEW = 8 * BLOCK  # queries for which codes are packed as they are needed, and not all at once
_RUN = 16  # blocks of columns that a thread joins with a block of rows before it takes the next


class Workspace:
    """What one thread needs to join up to `n_rows` rows with up to `n_columns` columns."""

    def __init__(self, width: int, n_rows: int, n_columns: int) -> None:
        n_tiles = -(-n_rows // ROWS)
        self.rows = np.zeros(0, dtype=np.int32)
        self.packed = aligned((n_tiles, width // STEP, ROWS), np.uint32)
        self.biases = np.zeros(n_tiles * ROWS, dtype=np.int32)
        self.row_bars = np.zeros(n_tiles * ROWS, dtype=np.int32)
        self.column_bars = aligned((-(-n_columns // COLUMNS) * COLUMNS,), np.int32)
        self.out = aligned((ROWS * COLUMNS,), np.int32)
        self.masks = aligned((ROWS * COLUMNS // 64,), np.uint64)

    def take_rows(self, codes: NDArray[np.uint8], rows: NDArray[np.int32]) -> None:
        """Make `rows` those that the next joins are of."""
        self.rows = rows
        pack_rows(codes, rows, self.packed, self.biases)

    def join(
        self, columns: NDArray[np.int32], packed: NDArray[np.uint32], nearest: Nearest, pairs: int
    ) -> None:
        """Offer every pair of the rows taken and `columns` to the lists that `pairs` says."""
        join_tiles(
            self.rows, self.packed, self.biases, columns, packed, pairs, *nearest,
            self.row_bars, self.column_bars[: packed.shape[0] * COLUMNS], self.out, self.masks,
        )  # fmt: skip


def pack_all(quantised: Quantised, n_jobs: int | None) -> NDArray[np.uint32]:
    """Return all codes as columns of tiles, blocks of 960 rows; as large as the codes."""
    n, width = quantised.codes.shape
    packed = aligned((-(-n // BLOCK), BLOCK // COLUMNS, width // STEP, COLUMNS), np.uint32)
    parts = slices(n, BLOCK)

    def pack() -> None:
        for part in parts:
            rows = np.arange(part.start, part.stop, dtype=np.int32)
            pack_columns(quantised.codes, rows, packed[part.start // BLOCK])

    on_all_threads(pack, n_jobs)
    return packed


def join_all(
    quantised: Quantised, kept: int, n_jobs: int | None, on_progress: Callable[[int, int], None] | None = None
) -> Nearest:
    """Return the `kept` largest products of every row with the others.

    Costs ``n ** 2 * d`` multiplications and additions of bytes; ``8 n kept`` bytes, and the codes once more.
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
                    pack_columns(quantised.codes, block, tiles)
                space.join(block, tiles if packed is None else packed[number], nearest, QUERIES)

    on_all_threads(join, n_jobs)
    return nearest


def _runs(n_blocks: int) -> Iterator[tuple[int, range]]:
    """Every pair of blocks once, a block of rows with a run of blocks of columns; first each with those beside it."""
    for gap in range(0, n_blocks, _RUN):
        for first in range(n_blocks - gap):
            yield first, range(first + gap, min(first + gap + _RUN, n_blocks))
