"""Finished lists as arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from recommender.collection.record_checksums import RecordChecksums
from recommender.lists.entry_sources import SOURCES, source_code

__all__ = ["Lists"]


@dataclass(frozen=True, eq=False)
class Lists:
    """Lists padded with row -1, score 0 and source 0.

    Parameters
    ----------
    rows : ndarray of int32, shape (m, k)
        Listed articles, best first.
    scores : ndarray of float32, shape (m, k)
    sources : ndarray of uint8, shape (m, k)
        Places in `SOURCES`.
    checksums : RecordChecksums or None
        Of each list, if they are read from a file.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float32]
    sources: NDArray[np.uint8]
    checksums: RecordChecksums | None = None

    @classmethod
    def of(cls, rows: NDArray[np.int32], scores: NDArray[np.float32], k: int, floor: float) -> Self:
        """Return the first k of ranked articles as lists. Entries below the floor are orphans."""
        shape = (len(rows), k)
        width = min(k, rows.shape[1])
        lists = cls(np.full(shape, -1, np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.uint8))
        lists.rows[:, :width], lists.scores[:, :width] = rows[:, :width], scores[:, :width]
        lists.sources[(lists.rows >= 0) & (lists.scores < np.float32(floor))] = source_code("orphan")
        return lists

    def one(self, row: int, k: int | None = None) -> Self:
        """Return the list of one row, cut to k entries, as the only one.

        Raises
        ------
        ArtifactError
            If it is damaged.
        """
        if self.checksums is not None:
            self.checksums.check([row], [_crc32(self.rows[row], self.scores[row], self.sources[row])])
        where = slice(row, row + 1), slice(k)
        return type(self)(self.rows[where], self.scores[where], self.sources[where])

    def without(self, places: Collection[int], k: int | None = None) -> Self:
        """Return the first list without some of its entries, cut to k, as the only one."""
        kept = np.flatnonzero(~np.isin(self.rows[0], list(places)))[:k]
        return type(self)(self.rows[:1, kept], self.scores[:1, kept], self.sources[:1, kept])

    def entries(self, place: int) -> dict[int, tuple[float, int]]:
        """Return the entries of one list: row to score and source, in their order."""
        each = zip(
            self.rows[place].tolist(), self.scores[place].tolist(), self.sources[place].tolist(), strict=True
        )
        return {row: (score, source) for row, score, source in each if row >= 0}

    def write(self, place: int, entries: Iterable[tuple[int, float, int]]) -> None:
        """Replace the entries of one list by rows with scores and sources."""
        self.rows[place], self.scores[place], self.sources[place] = -1, 0, 0
        for at, (row, score, source) in enumerate(entries):
            self.rows[place, at], self.scores[place, at], self.sources[place, at] = row, score, source

    def list_checksums(self) -> NDArray[np.uint32]:
        """Return the CRC-32 of the rows, scores and sources of each list, one after the other."""
        if self.checksums is not None:
            return self.checksums.values
        each = zip(
            *(np.ascontiguousarray(part) for part in (self.rows, self.scores, self.sources)), strict=True
        )
        return np.array([_crc32(*parts) for parts in each], dtype=np.uint32)

    def counts(self) -> dict[str, int]:
        """Return the number of entries of each source."""
        listed = self.sources[self.rows >= 0]
        return {name: int((listed == code).sum()) for code, name in enumerate(SOURCES)}


def _crc32(rows: NDArray[np.int32], scores: NDArray[np.float32], sources: NDArray[np.uint8]) -> int:
    return crc32(sources.data, crc32(scores.data, crc32(rows.data)))
