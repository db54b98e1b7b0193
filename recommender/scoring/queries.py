"""Queries: a block of articles or drafts whose lists are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.attributes import Attribute
from recommender.collection.collection import Collection
from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import rows_of
from recommender.index.sparse_rows import SparseRow, SparseRows, is_run
from recommender.scoring.weights import shortness

if TYPE_CHECKING:
    from recommender.encoders.one_text import TextVectors

__all__ = ["Queries", "Vectors"]


class Vectors(NamedTuple):
    """What the signals of content are computed from, as read-only arrays.

    Attributes
    ----------
    sparse : SparseRows
    dense, neural : ndarray of float32, shape (n, d) and (n, e)
    mentions : SparseRows
        Columns are rows of the site.
    languages : ndarray of int16, shape (n,)
        See `Collection`.
    """

    sparse: SparseRows
    dense: NDArray[np.float32]
    neural: NDArray[np.float32]
    mentions: SparseRows
    languages: NDArray[np.int16]

    @classmethod
    def of(cls, collection: Collection) -> Self:
        """Return the vectors of all articles of a site."""
        return cls(*(getattr(collection, name) for name in cls._fields)).read_only()

    @classmethod
    def of_text(cls, text: TextVectors, neural: NDArray[np.float32], language: int = -1) -> Self:
        """Return the vectors of one text in a language, given by its code, without mentions."""
        sparse, none = SparseRow(text.columns, text.values), SparseRow(text.columns[:0], text.values[:0])
        rows = SparseRows.of_rows([sparse]), SparseRows.of_rows([none])
        languages = np.array([language], dtype=np.int16)
        return cls(rows[0], text.dense[None], neural[None], rows[1], languages).read_only()

    def take(self, rows: NDArray[np.integer[Any]]) -> Self:
        """Return the vectors of some rows in the given order. Consecutive rows share the arrays."""
        one_run = slice(int(rows[0]), int(rows[-1]) + 1) if is_run(rows) else None
        parts: list[Any] = [
            part.take(rows) if isinstance(part, SparseRows) else
            rows_of(part, rows) if one_run is None else part[one_run] for part in self
        ]  # fmt: skip
        return type(self)(*parts).read_only()

    def read_only(self) -> Self:
        """Return the same vectors with read-only arrays."""
        parts: list[Any] = [
            part.read_only() if isinstance(part, SparseRows) else read_only(part) for part in self
        ]
        return type(self)(*parts)


@dataclass(frozen=True, eq=False)
class Queries:
    """A block of queries.

    Parameters
    ----------
    vectors : Vectors
        A row for each query.
    attributes : mapping of str to Attribute
    rows : ndarray of int32, shape (m,)
        The row of each query in `attributes`.
    """

    vectors: Vectors
    attributes: Mapping[str, Attribute]
    rows: NDArray[np.int32]

    @classmethod
    def of_articles(cls, collection: Collection, rows: NDArray[np.integer[Any]]) -> Self:
        """Return articles of the site as queries. Consecutive rows share the arrays of the collection."""
        vectors = Vectors(*(getattr(collection, name) for name in Vectors._fields)).take(rows)
        return cls(vectors, collection.attributes, rows.astype(np.int32, copy=False))

    @classmethod
    def with_lengths(cls, collection: Collection, rows: NDArray[np.int32]) -> Self:
        """Return articles of the site as queries whose vectors have their lengths and no entries."""
        lengths = collection.sparse.indptr[rows + 1] - collection.sparse.indptr[rows]
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        none = SparseRows(indptr, np.zeros(0, np.int32), np.zeros(0, np.float32))
        empty = np.zeros((0, 0), dtype=np.float32)
        languages = np.asarray(collection.languages)[rows]
        return cls(Vectors(none, empty, empty, none, languages), collection.attributes, rows)

    def take(self, places: NDArray[np.integer[Any]]) -> Self:
        """Return some of the queries in the given order."""
        if len(places) == len(self) and is_run(places):
            return self
        return type(self)(self.vectors.take(places), self.attributes, self.rows[places])

    def with_mentions(self, mentions: SparseRows) -> Self:
        """Return the queries with other mentions."""
        vectors = self.vectors._replace(mentions=mentions.read_only())
        return type(self)(vectors, self.attributes, self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def shortness(self) -> NDArray[np.float32]:
        """See `shortness`, shape (m,)."""
        return shortness(self.vectors.sparse.lengths)

    def sparse_row(self, place: int) -> SparseRow:
        """Return the sparse vector of one query."""
        return self.vectors.sparse.row(place)
