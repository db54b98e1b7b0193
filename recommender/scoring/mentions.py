"""Articles that mention another's title.

`mention_strength` defines a mention and its strength. Rarest terms come first, as in prefix filtering for set joins
(Chaudhuri, Ganti and Kaushik 2006).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.index.sparse_rows import SparseRows
from recommender.scoring.mention_strength import LEAST_SHARE, mention_strength

__all__ = ["Mentions", "find_mentions"]

_WHOLE = 0.95  # share of a title that is all of it but for its slight terms
_COPIES = 0.8  # Jaccard similarity of the words of two texts, which is at least that of their shingles
_SLIGHT = 0.01  # share of a title below which a term is skipped
_COMMON = 1_000  # terms in more articles than this,
_COMMON_SHARE = 0.02  # and in a larger share of the site, are skipped
_BLOCK = 512  # titles searched at a time by one thread


class Mentions(NamedTuple):
    """Which articles mention each other.

    Attributes
    ----------
    strengths : SparseRows
        Strengths of mentions in both directions, added up: symmetric, 0 to 2, without a diagonal.
    n_naming : ndarray of int32, shape (n_articles,)
        Articles that mention each title.
    in_full : ndarray of bool, shape (n_articles,)
        Titles that another article holds as a whole, beside those of the same title and those with nearly the same
        words: a headline is no name because its story was printed twice.
    """

    strengths: SparseRows
    n_naming: NDArray[np.int32]
    in_full: NDArray[np.bool_]


class _Search(NamedTuple):
    """Titles as CSR rows, and the articles of each term as CSC columns."""

    titles: SparseRows
    starts: NDArray[np.int64]
    articles: NDArray[np.int32]
    common: int
    n: int


def find_mentions(
    titles: SparseRows, sparse: SparseRows, n_terms: int, *, n_jobs: int | None = None
) -> Mentions:
    """Return which articles mention which others' titles, and how strongly.

    Parameters
    ----------
    titles : SparseRows
        Unit vectors of the titles alone.
    sparse : SparseRows
        The articles; only the presence of their terms counts.
    n_terms : int
    n_jobs : int or None
        Threads; the result does not depend on it.

    Notes
    -----
    Visits the articles that hold a title's terms, over all titles. Terms held by more than a thousand articles and
    by a fiftieth of the site are skipped.
    """
    n = sparse.n_rows
    columns = sparse.to_csr(n_terms).tocsc()
    common = max(_COMMON, int(_COMMON_SHARE * n))
    search = _Search(titles.read_only(), columns.indptr.astype(np.int64), columns.indices, common, n)
    find = delayed(_find)
    found = Parallel(n_jobs=n_jobs, prefer="threads")(
        find(search, start, min(start + _BLOCK, n)) for start in range(0, n, _BLOCK)
    )
    named = np.concatenate([np.empty(0, np.int32), *(each[0] for each in found)])
    naming = np.concatenate([np.empty(0, np.int32), *(each[1] for each in found)])
    shares = np.concatenate([np.empty(0, np.float32), *(each[2] for each in found)])
    counts = np.bincount(named, minlength=n).astype(np.int32)
    strengths = mention_strength(shares, counts[named], n)
    one_way = csr_matrix((strengths, (naming, named)), shape=(n, n))
    both = csr_matrix(one_way + one_way.T)
    both.sort_indices()
    whole = shares >= _WHOLE
    in_full = _named_by_others(titles.read_only(), sparse.read_only(), named[whole], naming[whole])
    return Mentions(SparseRows.of(both), counts, in_full)


@njit(nogil=True, cache=True)
def _named_by_others(titles, sparse, named, naming):  # type: ignore[no-untyped-def]
    """Return which titles an article names that has another title and another text."""
    found = np.zeros(titles.indptr.shape[0] - 1, dtype=np.bool_)
    for number in range(named.shape[0]):
        row, other = named[number], naming[number]
        if not found[row] and _jaccard(titles, row, other) < 1:
            found[row] = _jaccard(sparse, row, other) < _COPIES
    return found


@njit(nogil=True, cache=True)
def _jaccard(rows, one, other):  # type: ignore[no-untyped-def]
    """Return the Jaccard similarity of the terms of two rows, which is 1 if they have the same terms."""
    at, end, to, stop = rows.indptr[one], rows.indptr[one + 1], rows.indptr[other], rows.indptr[other + 1]
    common, total = 0, end - at + stop - to
    while at < end and to < stop:
        mine, theirs = rows.indices[at], rows.indices[to]
        common += mine == theirs
        at += mine <= theirs
        to += theirs <= mine
    return common / max(total - common, 1)


@njit(nogil=True, cache=True)
def _find(search, start, stop):  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    """Return mentioned article, mentioning article and share of the mentions of titles `start` to `stop`."""
    indptr, indices, data = search.titles
    starts, articles, common, n = search.starts, search.articles, search.common, search.n
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
            if starts[term + 1] - starts[term] > common:
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
            if shares[article] >= LEAST_SHARE and article != row:
                if n_found == named.shape[0]:
                    named, naming = np.append(named, named), np.append(naming, naming)
                    found = np.append(found, found)
                named[n_found], naming[n_found], found[n_found] = row, article, shares[article]
                n_found += 1
            shares[article] = 0.0
    return named[:n_found], naming[:n_found], found[:n_found]
