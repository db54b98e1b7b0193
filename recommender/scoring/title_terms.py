"""Finds the titles of which a text may hold half: an inverted index of each title's deciding terms.

A text that holds half of a title or more holds one of its strongest terms: those, strongest first, before which half of
the title is left. Only they are kept (prefix filtering: Chaudhuri, Ganti and Kaushik 2006). The share is then
measured on the whole title.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.sparse_rows import SparseRows
from recommender.scoring.mention_strength import LEAST_SHARE

__all__ = ["TitleTerms"]

_BLOCK = 2**16  # titles looked at in one step
_MARGIN = 1e-4  # share of a title, for sums that are rounded in another order


class TitleTerms(NamedTuple):
    """Pairs of a term and a title that it decides on, by term and then by row.

    Attributes
    ----------
    terms, rows : ndarray of int32, shape (n_pairs,)
    """

    terms: NDArray[np.int32]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, titles: SparseRows) -> Self:
        """Return the pairs of the unit vectors of titles."""
        none = np.zeros(0, dtype=np.int32)
        starts = range(0, titles.n_rows, _BLOCK)
        found = [_deciding(titles, start, min(start + _BLOCK, titles.n_rows)) for start in starts]
        terms, rows = (np.concatenate([none, *each]) for each in zip((none, none), *found, strict=True))
        by_term = np.argsort(terms, kind="stable")  # rows ascend
        return cls(terms[by_term], rows[by_term])

    def merged(self, other: Self, moved: NDArray[np.int32], added: NDArray[np.int32]) -> Self:
        """Return the pairs of some of these titles and of others; see `Postings.merged`."""
        rows = moved[self.rows]
        kept = rows >= 0
        terms, rows, their_rows = self.terms[kept], rows[kept], added[other.rows]
        keys, theirs = (
            (each.astype(np.int64) << 32) | own for each, own in ((terms, rows), (other.terms, their_rows))
        )
        at = np.searchsorted(keys, theirs)
        return type(self)(np.insert(terms, at, other.terms), np.insert(rows, at, their_rows))

    def held(self, columns: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the rows of all titles that a text of these terms may hold half of, ascending."""
        first = np.searchsorted(self.terms, columns, side="left")
        last = np.searchsorted(self.terms, columns, side="right")
        found = [self.rows[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True) if a < b]
        return np.unique(np.concatenate([np.empty(0, np.int32), *found]))


def _deciding(titles: SparseRows, start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the pairs of some titles, by row."""
    indptr = titles.indptr[start : stop + 1]
    part, lengths = slice(int(indptr[0]), int(indptr[-1])), np.diff(indptr)
    rows = np.repeat(np.arange(start, stop, dtype=np.int32), lengths)
    order = np.lexsort((-titles.data[part], rows))
    squares = titles.data[part][order].astype(np.float64) ** 2
    before = np.append(0.0, np.cumsum(squares))
    left = np.repeat(before[indptr[1:] - indptr[0]], lengths) - before[:-1]  # of the title, from this term on
    decides = left >= LEAST_SHARE - _MARGIN
    return titles.indices[part][order][decides].astype(np.int32), rows[decides]
