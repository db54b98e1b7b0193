"""The best of many candidates, for many lists at once: by (-score, article id)."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.similarity_keys import packed, select, unpacked

__all__ = ["IdOrder", "top_k"]


class IdOrder(NamedTuple):
    """The order of the article ids, which settles ties.

    Attributes
    ----------
    places : ndarray of int32, shape (n,)
        Place of each row's id among the sorted ids.
    rows : ndarray of int32, shape (n,)
        The row at each place.
    """

    places: NDArray[np.int32]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, id_order: NDArray[np.int32], by_id: NDArray[np.int32] | None = None) -> Self:
        """Return the order for the places of all ids. `by_id` are the rows by place, if they are known."""
        if by_id is not None:
            return cls(read_only(id_order), read_only(by_id))
        rows = np.empty(len(id_order), dtype=np.int32)
        rows[id_order] = np.arange(len(id_order), dtype=np.int32)
        return cls(read_only(id_order), read_only(rows))


def top_k(
    scores: NDArray[np.float32], candidates: NDArray[np.int32], ids: IdOrder, k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the k best candidates of each list, best first.

    Parameters
    ----------
    scores : ndarray of float32, shape (m, c)
        NaN for a candidate that is left out.
    candidates : ndarray of int32, shape (m, c)
    ids : IdOrder
    k : int

    Returns
    -------
    rows : ndarray of int32, shape (m, k)
        -1 beyond the end of a list.
    scores : ndarray of float32, shape (m, k)
        0 beyond the end of a list.
    """
    rows = np.full((len(scores), k), -1, dtype=np.int32)
    best = np.zeros(rows.shape, dtype=np.float32)
    scores = np.ascontiguousarray(scores)
    _top_k(scores, scores.view(np.uint32), read_only(candidates), ids, best.view(np.uint32), rows)
    return rows, best


@njit(nogil=True, cache=True)
def _top_k(scores, bits, candidates, ids, top_bits, top_rows):  # type: ignore[no-untyped-def]
    keys = np.empty(scores.shape[1], dtype=np.uint64)
    for i in range(scores.shape[0]):
        n_keys = 0
        for place in range(scores.shape[1]):
            if scores[i, place] == scores[i, place]:  # not NaN
                keys[n_keys] = packed(bits[i, place], ids.places[candidates[i, place]])
                n_keys += 1
        n_kept = min(n_keys, top_rows.shape[1])
        select(keys[:n_keys], n_kept)
        unpacked(np.sort(keys[:n_kept])[::-1], top_bits[i], top_rows[i])
        for rank in range(n_kept):
            top_rows[i, rank] = ids.rows[top_rows[i, rank]]
