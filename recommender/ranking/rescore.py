"""Candidates into ranked lists: the exact score of each, from the sparse and the dense vectors.

``score = lexical * cos(sparse, sparse) + dense * cos(dense, dense)``. Sums of cosines of different vectors are
the usual linear fusion of retrieval scores (Fox and Shaw 1994, CombSUM with weights).
"""

from __future__ import annotations

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.ranking.weights import Weights

__all__ = ["rescore"]

_ROWS = 256  # lists made at a time by one thread
_SKETCH = 2**15  # bytes that say quickly "this term is not in the article"


def rescore(
    queries: csr_matrix,
    sparse: csr_matrix,
    queries_dense: NDArray[np.float32],
    dense: NDArray[np.float32],
    candidates: NDArray[np.int32],
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    *,
    n_jobs: int | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the k best candidates of each query, by (-score, article id).

    Parameters
    ----------
    queries, sparse : csr_matrix of float32
        Unit rows of the queries (m, n_terms) and of all articles (n, n_terms).
    queries_dense, dense : ndarray of float32
        The same of their dense vectors, (m, d) and (n, d).
    candidates : ndarray of int32, shape (m, c)
        Rows of `sparse`, -1 for none, no row twice.
    id_order : ndarray of int32, shape (n,)
        Place of each article's id among the sorted ids: breaks ties.
    k : int
        Entries wanted.
    weights : Weights
    n_jobs : int or None
        Threads; the result does not depend on it.

    Returns
    -------
    rows : ndarray of int32, shape (m, k)
        Padded with -1.
    scores : ndarray of float32, shape (m, k)
        Padded with 0.

    Notes
    -----
    Costs c times the mean number of terms of an article, a query.
    """
    rows = np.full((queries.shape[0], k), -1, dtype=np.int32)
    scores = np.zeros((queries.shape[0], k), dtype=np.float32)
    starts = iter(range(0, queries.shape[0], _ROWS))

    longest = int(np.diff(sparse.indptr).max(initial=0))

    def work() -> None:
        spread = np.zeros(sparse.shape[1], dtype=np.float32)
        sketch = np.zeros(_SKETCH, dtype=np.uint8)
        hits = np.empty(longest + 1, dtype=np.uint32)
        for start in starts:
            _rescore(
                queries.indptr, queries.indices, queries.data, sparse.indptr, sparse.indices, sparse.data,
                queries_dense, dense, candidates, id_order, weights.lexical, weights.dense, weights.min_score,
                start, min(start + _ROWS, queries.shape[0]), spread, sketch, hits, rows, scores,
            )  # fmt: skip

    Parallel(n_jobs=n_jobs, prefer="threads")(delayed(work)() for _ in range(effective_n_jobs(n_jobs)))
    return rows, scores


@njit(nogil=True, cache=True)
def _rescore(  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    query_indptr, query_indices, query_data, indptr, indices, data,
    queries_dense, dense, candidates, id_order, lexical_weight, dense_weight, min_score,
    start, stop, spread, sketch, hits, rows, scores,
):  # fmt: skip
    last = np.uint32(sketch.shape[0] - 1)
    n_candidates = candidates.shape[1]
    found = np.empty(n_candidates, dtype=np.float32)
    for query in range(start, stop):
        for entry in range(query_indptr[query], query_indptr[query + 1]):
            spread[query_indices[entry]] = query_data[entry]
            sketch[query_indices[entry] & last] = 1
        for place in range(n_candidates):
            found[place] = -np.inf
            candidate = candidates[query, place]
            if candidate < 0:
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
            cosine = np.float32(0.0)
            for dimension in range(dense.shape[1]):
                cosine += queries_dense[query, dimension] * dense[candidate, dimension]
            score = np.float32(lexical_weight * shared + dense_weight * cosine)
            if shared > 0.0 and score >= min_score:
                found[place] = score
        for rank in range(min(rows.shape[1], n_candidates)):
            best = -1
            for place in range(n_candidates):
                if found[place] > -np.inf and (
                    best < 0
                    or found[place] > found[best]
                    or (
                        found[place] == found[best]
                        and id_order[candidates[query, place]] < id_order[candidates[query, best]]
                    )
                ):
                    best = place
            if best < 0:
                break
            rows[query, rank], scores[query, rank] = candidates[query, best], found[best]
            found[best] = -np.inf
        for entry in range(query_indptr[query], query_indptr[query + 1]):
            spread[query_indices[entry]] = 0.0
            sketch[query_indices[entry] & last] = 0
