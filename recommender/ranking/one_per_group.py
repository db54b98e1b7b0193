"""The choice of one member of each group of near copies, and of one translation of each page, in a list."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.rules.copy_groups import CopyGroups, tongues
from recommender.rules.eligibility import QueryColumns

__all__ = ["one_per_group"]


def one_per_group(
    scores: NDArray[np.float32], candidates: NDArray[np.int32], copies: CopyGroups, queries: QueryColumns
) -> NDArray[np.float32]:
    """Return scores with NaN for the candidates that another member of their group represents.

    Parameters
    ----------
    scores : ndarray of float32, shape (m, c)
        NaN for a candidate that is left out.
    candidates : ndarray of int32, shape (m, c)
        Each at most once in a row.
    copies : CopyGroups
        Of the members of a group the one with the best score stays, or the preferred one; see `CopyGroups.by_score`. Of
        the versions of a page the one that comes first in `CopyGroups.order` does. Of the translations of a page the
        one in the language of the query does, if it has one; see `CopyGroups.pages`. A page keeps all of its own.
    queries : QueryColumns
        Of the m lists.

    Returns
    -------
    ndarray of float32, shape (m, c)
        `scores` itself on a site without near copies.
    """
    if not copies:
        return scores
    kept = np.array(scores, order="C")
    first, place, order = read_only(copies.first), read_only(copies.place), read_only(copies.order)
    rows = read_only(np.ascontiguousarray(candidates))
    _keep_one(kept, rows, first, place, order, copies.by_score)
    if copies.pages is not None:
        pages, tongue = read_only(copies.pages.first), read_only(copies.pages.tongue)
        own = np.where(queries.rows >= 0, pages[queries.rows], np.int32(-1))
        speaks = tongues(queries.language, queries.variants)
        _keep_one_translation(kept, rows, (pages, place, order, tongue), (own, speaks))
    return kept


@njit(nogil=True, cache=True)
def _keep_one(scores, candidates, first, place, order, by_score):  # type: ignore[no-untyped-def]
    best = np.full(first.shape[0], -1, dtype=np.int32)
    for i in range(scores.shape[0]):
        for at in range(scores.shape[1]):
            row = candidates[i, at]
            if np.isnan(scores[i, at]) or row < 0 or first[row] < 0:
                continue
            group = first[row]
            rival = best[group]
            if rival >= 0:
                other = candidates[i, rival]
                wins = place[row] < place[other]
                if by_score and order[row] == order[other] and scores[i, at] != scores[i, rival]:
                    wins = scores[i, at] > scores[i, rival]
                scores[i, rival if wins else at] = np.nan
                if not wins:
                    continue
            best[group] = at
        for at in range(scores.shape[1]):
            if candidates[i, at] >= 0 and first[candidates[i, at]] >= 0:
                best[first[candidates[i, at]]] = -1


@njit(nogil=True, cache=True)
def _keep_one_translation(scores, candidates, articles, queries):  # type: ignore[no-untyped-def]
    (pages, place, order, tongue), (own, speaks) = articles, queries
    best = np.full(pages.shape[0], -1, dtype=np.int32)
    for i in range(scores.shape[0]):
        for at in range(scores.shape[1]):
            row = candidates[i, at]
            if np.isnan(scores[i, at]) or row < 0 or pages[row] < 0 or pages[row] == own[i]:
                continue
            rival = best[pages[row]]
            if rival >= 0:
                near = _nearness(tongue[row], speaks[i]), _nearness(tongue[candidates[i, rival]], speaks[i])
                wins = _wins(
                    near, (row, candidates[i, rival]), (scores[i, at], scores[i, rival]), place, order
                )
                scores[i, rival if wins else at] = np.nan
                if not wins:
                    continue
            best[pages[row]] = at
        for at in range(scores.shape[1]):
            if candidates[i, at] >= 0 and pages[candidates[i, at]] >= 0:
                best[pages[candidates[i, at]]] = -1


@njit(nogil=True, cache=True)
def _nearness(tongue, speaks):  # type: ignore[no-untyped-def]
    """Return 2 for the same language, script and region, 1 for the same language, 0 for another or an unknown one."""
    if speaks < 0 or tongue < 0:
        return 0
    return 2 if tongue == speaks else int(tongue >> 40 == speaks >> 40)


@njit(nogil=True, cache=True)
def _wins(near, rows, scores, place, order):  # type: ignore[no-untyped-def]
    """Return whether the first of two translations of a page is preferred to the second."""
    late = (
        order[rows[0]] >> 15,
        order[rows[1]] >> 15,
    )  # the lower bits are of the translation: it does not matter
    if near[0] != near[1]:
        return near[0] > near[1]
    if late[0] != late[1]:
        return late[0] < late[1]
    if scores[0] != scores[1]:
        return scores[0] > scores[1]
    return place[rows[0]] < place[rows[1]]
