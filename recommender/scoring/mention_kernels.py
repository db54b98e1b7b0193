"""The compiled loops that find mentions of titles."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.scoring.mention_strength import LEAST_SHARE

__all__ = ["find_titles", "named_by_others", "term_columns"]

_COPIES = 0.8  # Jaccard similarity of the words of two texts, which is at least that of their shingles
_SLIGHT = 0.01  # share of a title below which a term is skipped


@njit(nogil=True, cache=True)
def term_columns(texts, wanted):  # type: ignore[no-untyped-def]
    """Return the rows that hold each wanted term, as CSC columns; the other columns are empty."""
    indptr, indices = texts.indptr, texts.indices
    starts = np.zeros(wanted.shape[0] + 1, dtype=np.int64)
    for entry in range(indptr[0], indptr[-1]):
        if wanted[indices[entry]]:
            starts[indices[entry] + 1] += 1
    for term in range(wanted.shape[0]):
        starts[term + 1] += starts[term]
    rows = np.empty(starts[-1], dtype=np.int32)
    place = starts.copy()
    for row in range(indptr.shape[0] - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            term = indices[entry]
            if wanted[term]:
                rows[place[term]] = row
                place[term] += 1
    return starts, rows


@njit(nogil=True, cache=True)
def named_by_others(titles, sparse, named, naming):  # type: ignore[no-untyped-def]
    """Return which titles an article names that has another title and another text."""
    found = np.zeros(titles.indptr.shape[0] - 1, dtype=np.bool_)
    for number in range(named.shape[0]):
        row, other = named[number], naming[number]
        if not found[row] and _jaccard(titles, row, other) < 1:
            found[row] = _jaccard(sparse, row, other) < _COPIES
    return found


@njit(nogil=True, cache=True)
def _jaccard(rows, one, other):  # type: ignore[no-untyped-def]
    """Return the Jaccard similarity of the terms of two rows, which is 1 if they have the same terms.

    The terms of a row are in no order.
    """
    mine = np.sort(rows.indices[rows.indptr[one] : rows.indptr[one + 1]])
    theirs = np.sort(rows.indices[rows.indptr[other] : rows.indptr[other + 1]])
    at, to, common = 0, 0, 0
    while at < mine.shape[0] and to < theirs.shape[0]:
        first, second = mine[at], theirs[to]
        common += first == second
        at += first <= second
        to += second <= first
    return common / max(mine.shape[0] + theirs.shape[0] - common, 1)


@njit(nogil=True, cache=True)
def find_titles(search, start, stop):  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    """Return the place of the title, the mentioning row and the share, of the mentions of titles `start` to `stop`."""
    indptr, indices, data = search.titles
    starts, articles, common, n = search.starts, search.articles, search.common, search.n
    own, frequencies = search.own, search.frequencies
    shares = np.zeros(n, dtype=np.float32)
    touched = np.empty(n, dtype=np.int32)
    named, naming, found = np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.float32)
    n_found = 0
    for row in range(start, stop):
        terms, weights = indices[indptr[row] : indptr[row + 1]], data[indptr[row] : indptr[row + 1]] ** 2
        n_touched, rest = 0, np.float32(weights.sum())
        for entry in np.argsort(-weights, kind="mergesort"):
            term, weight = terms[entry], weights[entry]
            if weight < _SLIGHT:
                break
            # an article that has none of the terms so far can still hold half of the title
            new = rest >= LEAST_SHARE
            rest -= weight
            if frequencies[term] > common:
                continue
            for place in range(starts[term], starts[term + 1]):
                article = articles[place]
                if shares[article] > 0.0:
                    shares[article] += weight
                elif new:
                    shares[article] = weight
                    touched[n_touched] = article
                    n_touched += 1
        for place in range(n_touched):
            article = touched[place]
            if shares[article] >= LEAST_SHARE and article != own[row]:
                if n_found == named.shape[0]:
                    named, naming = np.append(named, named), np.append(naming, naming)
                    found = np.append(found, found)
                named[n_found], naming[n_found], found[n_found] = row, article, shares[article]
                n_found += 1
            shares[article] = 0.0
    return named[:n_found], naming[:n_found], found[:n_found]
