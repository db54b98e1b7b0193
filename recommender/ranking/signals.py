"""The signals of content between articles: what of one article is in another, before any weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.ranking.ratios import random_pairs
from recommender.ranking.site import LEARNED
from recommender.ranking.weights import CONTENT

__all__ = ["Scratch", "Signals", "mean_cosine"]

_RANDOM_PAIRS = 20_000
_MOST = 0.9999  # of a mean cosine, so that above it there is something
_SKETCH = 2**15  # bytes that say quickly "this term is not in the article"


@dataclass(frozen=True, eq=False)
class Signals:
    """What the signals of content are computed from, for all articles of a site.

    Parameters
    ----------
    sparse : csr_matrix of float32, shape (n, n_terms)
        Unit rows.
    dense, neural : ndarray of float32, shape (n, d) each
        Unit rows or zeros; `neural` has no column where no such encoder is used.
    mentions : csr_matrix of float32, shape (n, n)
        See `find_mentions`.
    stranger : float
        Mean cosine of the neural vectors of two articles at random: what says nothing.
    """

    sparse: csr_matrix
    dense: NDArray[np.float32]
    neural: NDArray[np.float32]
    mentions: csr_matrix
    stranger: float = 0.0

    @classmethod
    def open(cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return the signals of an artifact's arrays and facts, read into memory."""

        def rows(name: str, n_columns: int) -> csr_matrix:
            parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
            return csr_matrix(parts, shape=(n, n_columns), copy=True)

        n, n_terms = len(arrays["id_order"]), len(arrays[f"{LEARNED}vocabulary_hashes"])
        # copies, for numba compiles its loops once more for arrays that may not be written to
        dense, neural = (np.array(arrays[name]) for name in ("dense", "neural"))
        return cls(rows("sparse", n_terms), dense, neural, rows("mentions", n), facts["stranger"])

    @property
    def has_neural(self) -> bool:
        """Whether articles have neural vectors."""
        return bool(self.neural.shape[1])

    def planes(
        self, start: int, stop: int, candidates: NDArray[np.int32], scratch: Scratch
    ) -> NDArray[np.float32]:
        """Return the signals between rows `start` to `stop` and their candidates.

        Parameters
        ----------
        start, stop : int
        candidates : ndarray of int32, shape (stop - start, c)
            Rows, -1 for none.
        scratch : Scratch
            Of this thread.

        Returns
        -------
        ndarray of float32, shape (4, stop - start, c)
            As `CONTENT` names them; -1 in the first plane for no candidate.

        Notes
        -----
        Costs c times the mean number of terms of an article, a row.
        """
        planes = np.empty((len(CONTENT), *candidates.shape), dtype=np.float32)
        sparse, mentions = self.sparse, self.mentions
        _planes(
            sparse.indptr, sparse.indices, sparse.data, self.dense, self.neural, np.float32(self.stranger),
            mentions.indptr, mentions.indices, mentions.data, start, stop, candidates,
            scratch.spread, scratch.sketch, scratch.hits, scratch.named, planes,
        )  # fmt: skip
        return planes


class Scratch:
    """Memory that one thread works in."""

    def __init__(self, signals: Signals) -> None:
        longest = int(np.diff(signals.sparse.indptr).max(initial=0))
        self.spread = np.zeros(signals.sparse.shape[1], dtype=np.float32)
        self.sketch = np.zeros(_SKETCH, dtype=np.uint8)
        self.hits = np.empty(longest + 1, dtype=np.uint32)
        self.named = np.zeros(signals.sparse.shape[0], dtype=np.float32)


def mean_cosine(vectors: NDArray[np.float32], by_id: NDArray[np.int32]) -> float:
    """Return the mean cosine of two rows at random, up to .9999, from at most 20,000 pairs; 0 where there are none."""
    if not vectors.size:
        return 0.0
    one, other = random_pairs(by_id, _RANDOM_PAIRS)
    cosines = np.einsum("ij,ij->i", vectors[one], vectors[other])
    return min(round(float(cosines.mean(dtype=np.float64)), 4), _MOST) if len(cosines) else 0.0


@njit(nogil=True, cache=True)
def _planes(  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    indptr, indices, data, dense, neural, stranger, name_indptr, name_indices, name_data, start, stop, candidates,
    spread, sketch, hits, named, planes,
):  # fmt: skip
    last = np.uint32(sketch.shape[0] - 1)
    for query in range(start, stop):
        for entry in range(indptr[query], indptr[query + 1]):
            spread[indices[entry]] = data[entry]
            sketch[indices[entry] & last] = 1
        for entry in range(name_indptr[query], name_indptr[query + 1]):
            named[name_indices[entry]] = name_data[entry]
        for place in range(candidates.shape[1]):
            candidate = candidates[query - start, place]
            if candidate < 0:
                planes[:, query - start, place] = 0.0
                planes[0, query - start, place] = -1.0
                continue
            terms = indices[indptr[candidate] : indptr[candidate + 1]]
            values = data[indptr[candidate] : indptr[candidate + 1]]
            n_hits = np.uint64(0)
            for entry in range(np.uint64(terms.shape[0])):  # no branch to mispredict: a miss is overwritten
                hits[n_hits] = np.uint32(entry)
                n_hits += np.uint64(sketch[np.uint32(terms[entry]) & last])
            shared = np.float32(0.0)
            for hit in range(n_hits):
                shared += spread[np.uint32(terms[hits[hit]])] * values[hits[hit]]
            planes[0, query - start, place] = shared
            cosine = np.float32(0.0)
            for dimension in range(dense.shape[1]):
                cosine += dense[query, dimension] * dense[candidate, dimension]
            planes[1, query - start, place] = cosine
            cosine = np.float32(0.0)
            for dimension in range(neural.shape[1]):
                cosine += neural[query, dimension] * neural[candidate, dimension]
            planes[2, query - start, place] = max(
                np.float32(0.0), (cosine - stranger) / (np.float32(1.0) - stranger)
            )
            planes[3, query - start, place] = named[candidate]
        for entry in range(indptr[query], indptr[query + 1]):
            spread[indices[entry]] = 0.0
            sketch[indices[entry] & last] = 0
        for entry in range(name_indptr[query], name_indptr[query + 1]):
            named[name_indices[entry]] = 0.0
