"""An inverted index of sparse rows that finds rows sharing strong terms with a query.

A term lists the rows in which its value reaches the term's threshold. Thresholds are fitted once (`fit_thresholds`), so a
row is listed because of its own value and not because of the rows beside it. The index chooses which rows are
scored on their whole vectors, so values are kept in one byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import large_array
from recommender.index.sparse_rows import SparseRow, SparseRows

__all__ = [
    "N_POSTINGS",
    "N_QUERY_TERMS",
    "Postings",
    "TermParts",
    "chosen_runs",
    "fit_thresholds",
    "nearest_by_levels",
    "nearest_by_terms",
]  # fmt: skip

N_POSTINGS = 500
"""Rows that a term lists when its threshold is fitted. Ties may add as many again."""

N_QUERY_TERMS = 64
"""Strongest terms of a row that are looked up."""

_BLOCK = 256  # queries answered at a time by one thread
_NOBODY = np.array([-1], dtype=np.int32)  # the own row of a query that is no row of the index


def fit_thresholds(matrix: SparseRows, n_columns: int, n_postings: int = N_POSTINGS) -> NDArray[np.float32]:
    """Return for each term the value from which on it lists a row.

    Parameters
    ----------
    matrix : SparseRows
        Values are 0 or more.
    n_columns : int
    n_postings : int

    Returns
    -------
    ndarray of float32, shape (n_columns,)
        The value of the term's strongest row number `n_postings`; 0 for a term with fewer rows. If ties
        would list more than twice as many, the next larger float, which leaves the ties out.

    Notes
    -----
    Depends on the values of a term alone, not on the order of the rows.
    """
    from recommender.index.kernels.postings_kernels import thresholds

    columns = matrix.to_csr(n_columns).tocsc()
    return np.asarray(thresholds(columns.indptr, columns.data, n_postings))


class Postings(NamedTuple):
    """The rows that each term lists.

    Attributes
    ----------
    starts : ndarray of int64, shape (n_columns + 1,)
    rows : ndarray of int32, shape (n_postings,)
        Ascending within a term.
    levels : ndarray of uint8, shape (n_postings,)
        ``255 * sqrt(value)``, rounded up.

    Examples
    --------
    >>> matrix = SparseRows(np.array([0, 1, 3, 4]), np.array([0, 0, 1, 1], np.int32), np.array([1, .6, .8, 1], np.float32))
    >>> postings = Postings.of(matrix, 2, fit_thresholds(matrix, 2))
    >>> postings.nearest_of_all(matrix, 1).tolist()
    [[1], [2], [1]]
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, matrix: SparseRows, n_columns: int, thresholds: NDArray[np.float32]) -> Self:
        """Return the index of float32 rows with values from 0 to 1."""
        from recommender.index.kernels.postings_kernels import list_rows, listed_starts

        rows, bars = matrix.read_only(), read_only(thresholds[:n_columns])
        starts = listed_starts(rows, bars)
        listed, levels = large_array((int(starts[-1]),), np.int32), large_array((int(starts[-1]),), np.uint8)
        list_rows(rows, bars, starts[:-1].copy(), listed, levels)
        return cls(starts, listed, levels)

    def merged(self, other: Self, moved: NDArray[np.int32], added: NDArray[np.int32]) -> Self:
        """Return the index of some of these rows and of others.

        Parameters
        ----------
        other : Postings
            By the same thresholds.
        moved : ndarray of int32, shape (n,)
            New row of each row of this index, ascending but for -1, which leaves a row out.
        added : ndarray of int32, shape (m,)
            New row of each row of `other`, ascending.
        """
        from recommender.index.kernels.postings_kernels import merge_rows

        old, new = (Postings(*(read_only(part) for part in each)) for each in (self, other))
        return type(self)(*merge_rows(old, new, read_only(moved), read_only(added)))

    def nearest(
        self, query: SparseRow, n: int, n_rows: int, n_terms: int = N_QUERY_TERMS
    ) -> NDArray[np.int32]:
        """Return up to `n` rows with the largest product over the strongest `n_terms` terms of a query, best first.

        `n_rows` is the number of indexed rows. Ties go by row.
        """
        one = SparseRows.of_rows([query])
        nearest = _answered(self, one, _NOBODY, _Wanted(n, n_terms), _Scratch.of(n_rows))[0]
        return np.asarray(nearest[nearest >= 0])

    def of_terms(self, terms: NDArray[np.integer[Any]]) -> Self:
        """Return the postings of some terms, which get the numbers from 0 on."""
        return type(self)(*chosen_runs(self.starts[terms], self.starts[terms + 1], self.rows, self.levels))

    def nearest_of_all(self, matrix: SparseRows, n: int, *, n_jobs: int | None = None) -> NDArray[np.int32]:
        """Return for each indexed row its nearest others, int32 of shape (n_rows, n), padded with -1.

        Takes up to ``64 * 500`` additions a row, in practice a tenth of that. The result does not depend on `n_jobs`.
        """
        rows = np.arange(matrix.n_rows, dtype=np.int32)
        return self.nearest_of_rows(matrix, rows, n, N_QUERY_TERMS, n_jobs)

    def nearest_of_rows(
        self, matrix: SparseRows, rows: NDArray[np.int32], n: int, n_terms: int, n_jobs: int | None = None
    ) -> NDArray[np.int32]:
        """Return for some indexed rows their nearest others, int32 of shape (len(rows), n), padded with -1."""
        return nearest_by_levels(self, matrix, rows, (n, n_terms), n_jobs)


class _Wanted(NamedTuple):
    n: int
    n_terms: int


class _Scratch(NamedTuple):
    """Memory of one thread: the sums of the rows, which are zero between queries, and the rows touched and one more."""

    sums: NDArray[np.float32]
    touched: NDArray[np.int32]

    @classmethod
    def of(cls, n_rows: int) -> Self:
        return cls(np.zeros(n_rows, dtype=np.float32), np.empty(n_rows + 1, dtype=np.int32))


class TermParts(Protocol):
    """Postings, or a part of them."""

    def of_terms(self, terms: NDArray[np.integer[Any]]) -> Postings:
        """Return the postings of some terms, which get the numbers from 0 on."""
        ...


def chosen_runs(
    first: NDArray[np.int64], last: NDArray[np.int64], rows: NDArray[np.int32], levels: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]:
    """Return some runs of rows and levels one after the other, and where each starts."""
    starts = np.concatenate([[0], np.cumsum(last - first)]).astype(np.int64)
    places = np.repeat(first - starts[:-1], last - first) + np.arange(starts[-1])
    return starts, rows[places], levels[places]


def nearest_by_terms(
    query: SparseRow, parts: Sequence[TermParts], wanted: tuple[int, int], n_rows: int
) -> NDArray[np.int32]:
    """Return the rows nearest to one query, best first, from postings in one or more parts.

    `wanted` are the numbers of rows and of the strongest terms.
    """
    n, n_terms = wanted
    strongest = np.argsort(-query.values, kind="stable")[:n_terms]
    found = [part.of_terms(query.columns[strongest]) for part in parts]
    ends = np.cumsum([0, *(len(each.rows) for each in found)])
    few = Postings(
        np.concatenate(
            [[0], *(each.starts[1:] + end for each, end in zip(found, ends[:-1], strict=True))]
        ).astype(np.int64),
        np.concatenate([each.rows for each in found]),
        np.concatenate([each.levels for each in found]),
    )
    terms = np.arange(len(parts) * len(strongest), dtype=np.int32)
    weights = np.tile(query.values[strongest], len(parts))
    one = SparseRows(np.array([0, len(terms)]), terms, weights)
    nearest = _answered(few, one, _NOBODY, _Wanted(n, len(terms)), _Scratch.of(n_rows))[0]
    return np.asarray(nearest[nearest >= 0])


def nearest_by_levels(
    index: Postings, matrix: SparseRows, rows: NDArray[np.int32], wanted: tuple[int, int], n_jobs: int | None
) -> NDArray[np.int32]:
    """Return for some rows their nearest others; see `Postings.nearest_of_rows`.

    `wanted` are the numbers of rows and of the strongest terms.
    """
    from recommender.index.threads import on_all_threads  # look-ups of stored lists need no joblib

    n_rows = matrix.n_rows
    limits = _Wanted(min(wanted[0], max(n_rows - 1, 0)), wanted[1])
    found = np.full((len(rows), limits.n), -1, dtype=np.int32)
    blocks = iter(range(0, len(rows) if found.size else 0, _BLOCK))

    def fill() -> None:
        scratch = _Scratch.of(n_rows)
        for start in blocks:
            some = rows[start : start + _BLOCK]
            found[start : start + len(some)] = _answered(index, matrix.take(some), some, limits, scratch)

    on_all_threads(fill, n_jobs)
    return found


def _answered(
    index: Postings, queries: SparseRows, own: NDArray[np.int32], wanted: _Wanted, scratch: _Scratch
) -> NDArray[np.int32]:
    from recommender.index.kernels.postings_kernels import answer

    index = Postings(*(read_only(part) for part in index))
    found = np.full((queries.n_rows, wanted.n), -1, dtype=np.int32)
    answer(index, queries.read_only(), own, wanted.n_terms, scratch, found)
    return found
