"""Postings to which single rows are added without a pass over the index: a large part, and a small one behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.postings import (
    N_QUERY_TERMS,
    Postings,
    chosen_runs,
    nearest_by_levels,
    nearest_by_terms,
)  # fmt: skip
from recommender.index.sparse_rows import SparseRow, SparseRows

__all__ = ["GrowingPostings"]


class _Triples(NamedTuple):
    """Postings by term and then by row."""

    terms: NDArray[np.int32]
    rows: NDArray[np.int32]
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, matrix: SparseRows, rows: NDArray[np.int32], thresholds: NDArray[np.float32]) -> Self:
        """Return those that `Postings.of` gives."""
        own, matrix = np.repeat(rows, matrix.lengths), matrix.compact()
        kept = np.flatnonzero(matrix.data >= thresholds[matrix.indices])
        order = kept[np.lexsort((own[kept], matrix.indices[kept]))]
        roots = np.sqrt(np.minimum(matrix.data[order], np.float32(1))).astype(np.float64)
        return cls(matrix.indices[order], own[order], np.ceil(255 * roots).astype(np.uint8))

    def of_terms(self, terms: NDArray[np.integer[Any]]) -> Postings:
        """Return the postings of some terms, which get the numbers from 0 on."""
        first = np.searchsorted(self.terms, terms, side="left")
        last = np.searchsorted(self.terms, terms, side="right")
        return Postings(*chosen_runs(first, last, self.rows, self.levels))

    def joined(self, other: Self) -> Self:
        """Return these and others, whose rows are larger."""
        at = np.searchsorted(self.terms, other.terms, side="right")
        return type(self)(
            np.insert(self.terms, at, other.terms),
            np.insert(self.rows, at, other.rows),
            np.insert(self.levels, at, other.levels),
        )


@dataclass(frozen=True, eq=False)
class GrowingPostings:
    """An index of sparse rows that answers as `Postings` does.

    Parameters
    ----------
    large : Postings
    thresholds : ndarray of float32, shape (n_terms,)
        See `fit_thresholds`.
    small : triples
        Of the rows that came since.
    """

    large: Postings
    thresholds: NDArray[np.float32]
    small: _Triples = _Triples(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8))  # noqa: RUF009 - read only

    def grown(self, matrix: SparseRows, rows: NDArray[np.int32]) -> Self:
        """Return the index with more rows, whose numbers are larger than those of before."""
        return replace(self, small=self.small.joined(_Triples.of(matrix, rows, self.thresholds)))

    def as_one(self, moved: NDArray[np.int32]) -> Self:
        """Return the index with all rows in the large part. Rows that `moved` gives as -1 are left out."""
        counts = np.bincount(self.small.terms, minlength=len(self.thresholds))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        added = np.arange(len(moved), dtype=np.int32)
        small = Postings(starts, self.small.rows, self.small.levels)
        return type(self)(self.large.merged(small, moved, added), self.thresholds)

    def nearest(
        self, query: SparseRow, n: int, n_rows: int, n_terms: int = N_QUERY_TERMS
    ) -> NDArray[np.int32]:
        """Return up to `n` rows as `Postings.nearest` does."""
        return nearest_by_terms(query, [self.large, self.small], (n, n_terms), n_rows)

    @cached_property
    def _whole(self) -> Postings:
        rows = np.arange(
            int(self.small.rows.max(initial=self.large.rows.max(initial=-1))) + 1, dtype=np.int32
        )
        return (self.as_one(rows) if len(self.small.rows) else self).large

    def nearest_of_rows(
        self, matrix: SparseRows, rows: NDArray[np.int32], n: int, n_terms: int, n_jobs: int | None = None
    ) -> NDArray[np.int32]:
        """Return the nearest others of some rows as `Postings.nearest_of_rows` does."""
        return nearest_by_levels(self._whole, matrix, rows, (n, n_terms), n_jobs)
