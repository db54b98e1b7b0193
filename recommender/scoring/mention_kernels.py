"""The compiled loops that find mentions of titles."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.scoring.mention_strength import LEAST_SHARE

__all__ = ["find_titles", "named_by_others", "term_columns", "term_starts"]

_COPIES = 0.8  # Jaccard similarity of the words of two texts, which is at least that of their shingles
_SLIGHT = 0.01  # share of a title below which a term is skipped
_ROUNDING = 1e-5  # of sums of shares in another order
_STEPS = 16  # entries that are read in the time of one search


@njit(nogil=True, cache=True)
def term_starts(texts, wanted):  # type: ignore[no-untyped-def]
    """Return where the rows of each wanted term start among those of all; the other terms have none."""
    starts = np.zeros(wanted.shape[0] + 1, dtype=np.int64)
    for entry in range(texts.indptr[0], texts.indptr[-1]):
        starts[texts.indices[entry] + 1] += wanted[texts.indices[entry]]
    return np.cumsum(starts)


@njit(nogil=True, cache=True)
def term_columns(texts, wanted, ends, rows):  # type: ignore[no-untyped-def]
    """Write the rows that hold each wanted term, as CSC columns. `ends` are the starts, which move on."""
    indptr, indices = texts.indptr, texts.indices
    for row in range(indptr.shape[0] - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            term = indices[entry]
            if wanted[term]:
                rows[ends[term]] = row
                ends[term] += 1


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
def find_titles(search, start, stop, scratch):  # type: ignore[no-untyped-def]
    """Return the place of the title, the mentioning row and the share, of the mentions of titles `start` to `stop`.

    `scratch` holds a mark, a share and a place for each text; the first two are zero between calls. An article that
    holds half of a title holds one of any of its terms that are worth more than half of it. Those are looked up that the
    fewest articles hold. What else the articles found hold of the title is searched, or read where that is shorter.
    """
    indptr, indices, data = search.titles
    starts, articles, own = search.starts, search.articles, search.own
    marked, shares, touched = scratch
    named, naming, found = np.empty(64, np.int32), np.empty(64, np.int32), np.empty(64, np.float32)
    n_found = 0
    for row in range(start, stop):
        weights = data[indptr[row] : indptr[row + 1]] ** 2
        terms, worth = _counting(indices[indptr[row] : indptr[row + 1]], weights, search)
        n_touched = _holders(terms, worth, search, marked, touched)
        rest = worth.sum()
        for entry in range(
            terms.shape[0]
        ):  # strongest first, so that a share is one sum however it is searched
            rest -= worth[entry]
            _add_shares(
                articles[starts[terms[entry]] : starts[terms[entry] + 1]], worth[entry], n_touched, scratch
            )
            n_touched = _still_able(LEAST_SHARE - _ROUNDING - rest, n_touched, scratch)
        for place in range(n_touched):
            article = touched[place]
            if shares[article] >= LEAST_SHARE and article != own[row]:
                if n_found == named.shape[0]:
                    named, naming = np.append(named, named), np.append(naming, naming)
                    found = np.append(found, found)
                named[n_found], naming[n_found], found[n_found] = row, article, shares[article]
                n_found += 1
            marked[article], shares[article] = 0, 0.0
    return named[:n_found], naming[:n_found], found[:n_found]


@njit(nogil=True, cache=True)
def _counting(terms, weights, search):  # type: ignore[no-untyped-def]
    """Return the terms of a title that count, strongest first, and what each is worth."""
    kept, worth, n_kept = np.empty(terms.shape[0], np.int32), np.empty(terms.shape[0], np.float32), 0
    for entry in np.argsort(-weights, kind="mergesort"):
        if weights[entry] < _SLIGHT:
            break
        if search.frequencies[terms[entry]] <= search.common:
            kept[n_kept], worth[n_kept] = terms[entry], weights[entry]
            n_kept += 1
    return kept[:n_kept], worth[:n_kept]


@njit(nogil=True, cache=True)
def _holders(terms, worth, search, marked, touched):  # type: ignore[no-untyped-def]
    """Mark the articles that may hold half of a title. Return their number."""
    n_touched, rest = 0, worth.sum()
    for entry in np.argsort(search.starts[terms + 1] - search.starts[terms], kind="mergesort"):
        if rest < LEAST_SHARE - _ROUNDING:
            break
        rest -= worth[entry]
        for place in range(search.starts[terms[entry]], search.starts[terms[entry] + 1]):
            article = search.articles[place]
            if not marked[article]:
                marked[article] = 1
                touched[n_touched] = article
                n_touched += 1
    return n_touched


@njit(nogil=True, cache=True)
def _add_shares(holders, weight, n_touched, scratch):  # type: ignore[no-untyped-def]
    """Add what a term is worth to the shares of those marked articles that hold it."""
    marked, shares, touched = scratch
    if n_touched * _STEPS < holders.shape[0]:
        for article in touched[:n_touched]:
            place = np.searchsorted(holders, article)
            if place < holders.shape[0] and holders[place] == article:
                shares[article] += weight
    else:
        for article in holders:
            if marked[article]:
                shares[article] += weight


@njit(nogil=True, cache=True)
def _still_able(least, n_touched, scratch):  # type: ignore[no-untyped-def]
    """Unmark the articles whose shares are below the least from which they can reach half of a title."""
    marked, shares, touched = scratch
    n_left = 0
    for article in touched[:n_touched]:
        if shares[article] < least:
            marked[article], shares[article] = 0, 0.0
        else:
            touched[n_left] = article
            n_left += 1
    return n_left
