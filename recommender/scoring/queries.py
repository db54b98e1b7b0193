"""Queries: a block of articles or drafts whose lists are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.attributes import Attribute
from recommender.collection.collection import Collection
from recommender.index.kernels.array_layout import read_only
from recommender.index.sparse_rows import SparseRow, SparseRows
from recommender.scoring.weights import shortness

__all__ = ["Queries", "Vectors"]


class Vectors(NamedTuple):
    """What the signals of content are computed from, as read-only arrays.

    Attributes
    ----------
    sparse : SparseRows
    dense, neural : ndarray of float32, shape (n, d) and (n, e)
    mentions : SparseRows
        Columns are rows of the site.
    """

    sparse: SparseRows
    dense: NDArray[np.float32]
    neural: NDArray[np.float32]
    mentions: SparseRows

    @classmethod
    def of(cls, collection: Collection) -> Self:
        """Return the vectors of all articles of a site."""
        return cls(collection.sparse, collection.dense, collection.neural, collection.mentions).read_only()

    def read_only(self) -> Self:
        """Return the same vectors with read-only arrays."""
        return type(self)(
            self.sparse.read_only(), read_only(self.dense), read_only(self.neural), self.mentions.read_only()
        )


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
        rows = np.asarray(rows, dtype=np.int32)
        where: Any = rows
        if len(rows) and (np.diff(rows) == 1).all():
            where = slice(int(rows[0]), int(rows[-1]) + 1)
        vectors = Vectors(
            collection.sparse.take(rows), collection.dense[where], collection.neural[where],
            collection.mentions.take(rows),
        )  # fmt: skip
        return cls(vectors.read_only(), collection.attributes, np.asarray(rows, np.int32))

    def take(self, places: NDArray[np.integer[Any]]) -> Self:
        """Return some of the queries in the given order."""
        sparse, dense, neural, mentions = self.vectors
        vectors = Vectors(sparse.take(places), dense[places], neural[places], mentions.take(places))
        return type(self)(vectors.read_only(), self.attributes, np.asarray(self.rows[places], np.int32))

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
