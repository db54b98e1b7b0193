"""Articles that name another's title: the strongest sign of an editor's hand that a text carries.

What a mention is, and what it counts, says `mention_strength`. Rarest terms come first, as in prefix filtering for set joins
(Chaudhuri, Ganti and Kaushik 2006).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from recommender.ranking.mention_strength import LEAST_SHARE, mention_strength

__all__ = ["Mentions", "find_mentions"]

_SLIGHT = 0.01  # of a title: terms below are not looked for
_COMMON, _COMMON_SHARE = (
    1_000,
    0.02,
)  # articles, and share of a site, with more of which a term is not looked for
_ROWS = 512  # titles looked for at a time by one thread


class Mentions(NamedTuple):
    """Who names whom.

    Attributes
    ----------
    strengths : csr_matrix of float32, shape (n_articles, n_articles)
        What mentions count, in either direction, added up: symmetric, 0 to 2, without a diagonal; columns ascend
        in each row.
    n_naming : ndarray of int32, shape (n_articles,)
        Articles that name each title.
    """

    strengths: csr_matrix
    n_naming: NDArray[np.int32]


def find_mentions(titles: csr_matrix, sparse: csr_matrix, *, n_jobs: int | None = None) -> Mentions:
    """Return which articles name which others' titles, and how strongly.

    Parameters
    ----------
    titles : csr_matrix of float32, shape (n_articles, n_terms)
        Unit vectors of the titles alone.
    sparse : csr_matrix of float32, shape (n_articles, n_terms)
        The articles; only which terms they hold counts.
    n_jobs : int or None
        Threads; the result does not depend on it.

    Notes
    -----
    Costs the number of articles that hold a title's terms, over all titles; terms held by more than a thousand
    articles and by a fiftieth of the site are passed over.
    """
    n = sparse.shape[0]
    columns = csc_matrix(sparse)
    common = max(_COMMON, int(_COMMON_SHARE * n))
    find = delayed(_find)
    found = Parallel(n_jobs=n_jobs, prefer="threads")(
        find(titles.indptr, titles.indices, titles.data, columns.indptr, columns.indices, common, start,
             min(start + _ROWS, n), n)
        for start in range(0, n, _ROWS)
    )  # fmt: skip
    named = np.concatenate([np.empty(0, np.int32), *(each[0] for each in found)])
    naming = np.concatenate([np.empty(0, np.int32), *(each[1] for each in found)])
    shares = np.concatenate([np.empty(0, np.float32), *(each[2] for each in found)])
    counts = np.bincount(named, minlength=n).astype(np.int32)
    strengths = mention_strength(shares, counts[named], n)
    one_way = csr_matrix((strengths, (naming, named)), shape=(n, n))
    both = csr_matrix(one_way + one_way.T)
    both.sort_indices()
    return Mentions(both, counts)


@njit(nogil=True, cache=True)
def _find(  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    indptr, indices, data, starts, articles, common, start, stop, n
):
    """Return named, naming and share of the mentions of titles `start` to `stop`."""
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
            new = (
                rest >= LEAST_SHARE
            )  # an article that has none of the terms so far can still hold half of the title
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
