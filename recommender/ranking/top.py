"""The best of many candidates, for many lists at once: by (-score, article id)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.similarity_keys import packed, select, unpacked

__all__ = ["keep_top"]


def keep_top(
    scores: NDArray[np.float32],
    candidates: NDArray[np.int32],
    id_order: NDArray[np.int32],
    by_id: NDArray[np.int32],
    top_scores: NDArray[np.float32],
    top_rows: NDArray[np.int32],
) -> None:
    """Write the best candidates of each row, best first.

    Parameters
    ----------
    scores : ndarray of float32, shape (m, c)
        NaN for a candidate that is left out.
    candidates : ndarray of int32, shape (m, c)
    id_order, by_id : ndarray of int32, shape (n,)
        Place of each article's id among the sorted ids, and the row at each place.
    top_scores, top_rows : ndarray of float32 and int32, shape (m, k)
        Written to; left as they are where there are fewer than k.
    """
    _keep_top(
        scores, scores.view(np.uint32), candidates, id_order, by_id, top_scores.view(np.uint32), top_rows
    )


@njit(nogil=True, cache=True)
def _keep_top(scores, bits, candidates, id_order, by_id, top_bits, top_rows):  # type: ignore[no-untyped-def]
    keys = np.empty(scores.shape[1], dtype=np.uint64)
    for i in range(scores.shape[0]):
        n_keys = 0
        for place in range(scores.shape[1]):
            if scores[i, place] == scores[i, place]:
                keys[n_keys] = packed(bits[i, place], id_order[candidates[i, place]])
                n_keys += 1
        n_kept = min(n_keys, top_rows.shape[1])
        select(keys[:n_keys], n_kept)
        unpacked(np.sort(keys[:n_kept])[::-1], top_bits[i], top_rows[i])
        for rank in range(n_kept):
            top_rows[i, rank] = by_id[top_rows[i, rank]]
