"""The vectors of some articles copied together.

The vectors of a site that lies in files are read page by page, and the system maps the pages around each. So a process
that compares articles all over the site holds sixteen times what it reads, and lets go of it again and again.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.large_arrays import rows_of
from recommender.index.sparse_rows import SparseRows
from recommender.scoring.queries import Vectors

__all__ = ["GatheredVectors"]


class GatheredVectors(NamedTuple):
    """The vectors of some articles of a site.

    Attributes
    ----------
    vectors : Vectors
        Of these articles alone. They have no mentions: those of queries are compared with rows.
    places : ndarray of int32, shape (n + 1,)
        The place of each row of the site in `vectors`, -1 for others. The last is that of row -1.
    """

    vectors: Vectors
    places: NDArray[np.int32]

    @classmethod
    def of(cls, site: Vectors, rows: NDArray[np.int32]) -> Self:
        """Return the vectors of some rows, which ascend, each once."""
        places = np.full(site.sparse.n_rows + 1, -1, dtype=np.int32)
        places[rows] = np.arange(len(rows), dtype=np.int32)
        none = SparseRows(np.zeros(len(rows) + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
        vectors = Vectors(
            site.sparse.take(rows).compact(), rows_of(site.dense, rows), rows_of(site.neural, rows), none,
            rows_of(site.languages, rows),
        )  # fmt: skip
        return cls(vectors.read_only(), places)

    def of_queries(self, queries: Vectors) -> Vectors:
        """Return the vectors of queries, whose mentions have places here in the place of rows."""
        mentions = queries.mentions.compact()
        places = self.places[mentions.indices]
        here = places >= 0
        indptr = np.concatenate([[0], np.cumsum(here)]).astype(np.int64)[mentions.indptr]
        return queries._replace(mentions=SparseRows(indptr, places[here], mentions.data[here]).read_only())
