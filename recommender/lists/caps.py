"""Caps: a bound on the entries of a list that share a section, series or author, while others are available."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.rules.article_fields import Field

__all__ = ["capped"]


def capped(rows: NDArray[np.int32], k: int, caps: Sequence[tuple[Field, int]]) -> NDArray[np.int32]:
    """Return the places of candidates, with those that exceed a cap behind the others.

    Parameters
    ----------
    rows : ndarray of int32, shape (m, c)
        Candidates of each list in the order in which they are taken, -1 for none.
    k : int
        Entries of a list, for which the caps hold. Where no other candidate is left, the list is filled with
        candidates that exceed a cap.
    caps : sequence of (Field, int)
        Fields, and the number of entries that may share a value, 1 or more. An article with several values counts for
        each of them.

    Returns
    -------
    ndarray of int32, shape (m, c)
    """
    order = np.tile(np.arange(rows.shape[1], dtype=np.int32), (len(rows), 1))
    if rows.size and caps:
        _defer(rows, k, *_joined(caps), order)
    return order


def _joined(
    caps: Sequence[tuple[Field, int]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the values of all fields as those of one, as `Field.indptr` and ``values``, and the room of each value."""
    n_codes = [len(field.codes) for field, _ in caps]
    starts = np.cumsum([0, *n_codes[:-1]])
    articles = [np.repeat(np.arange(len(field.indptr) - 1), np.diff(field.indptr)) for field, _ in caps]
    values = [field.values + start for (field, _), start in zip(caps, starts.tolist(), strict=True)]
    by_article = np.argsort(np.concatenate(articles), kind="stable")
    indptr = np.asarray(sum(field.indptr for field, _ in caps), dtype=np.int64)
    room = np.repeat(np.array([most for _, most in caps], dtype=np.int64), n_codes)
    return indptr, np.concatenate(values).astype(np.int64)[by_article], room


@njit(nogil=True, cache=True)
def _defer(rows, k, indptr, values, room, order):  # type: ignore[no-untyped-def]
    deferred = np.empty(rows.shape[1], dtype=np.int32)
    for i in range(rows.shape[0]):
        n_taken, n_deferred = 0, 0
        place = 0
        while place < rows.shape[1] and rows[i, place] >= 0 and n_taken < k:
            start, stop = indptr[rows[i, place]], indptr[rows[i, place] + 1]
            fits = True
            for entry in range(start, stop):
                fits &= room[values[entry]] > 0
            if fits:
                for entry in range(start, stop):
                    room[values[entry]] -= 1
                order[i, n_taken] = place
                n_taken += 1
            else:
                deferred[n_deferred] = place
                n_deferred += 1
            place += 1
        for taken in range(n_taken):
            row = rows[i, order[i, taken]]
            for entry in range(indptr[row], indptr[row + 1]):
                room[values[entry]] += 1
        order[i, n_taken : n_taken + n_deferred] = deferred[:n_deferred]
