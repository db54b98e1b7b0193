"""Weights of terms in articles, ``tf * idf ** power`` (see `TfidfEncoder`), without imports that are slow.

On a site of short texts a rare term is less evidence, and a pair of words says little beside its two words. How short its
texts are is its brevity, see `site_brevity`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.tokenizer import are_words
from recommender.index.kernels.array_layout import read_only

__all__ = ["site_brevity", "term_weights", "weighed_rows"]

_PRIOR_ARTICLES = 100  # pseudocount of articles, which separates function words from topics on small sites
_HALF_SHORT = 160.0  # different terms of an article on a site whose brevity is a half


def site_brevity(n_terms: int, n_articles: int) -> float:
    """Return how short the texts of a site are, 0 to 1, to a tenth: most rebuilds leave it as it was.

    Parameters
    ----------
    n_terms : int
        Different words and word pairs of each article, added up.
    n_articles : int

    Notes
    -----
    With t terms an article it is ``1 / (1 + (t / 160) ** 10 + (100 / n_articles) ** 2)``: headlines with a lede have some
    120 terms, and whole articles 300 or more. A small site has none: there the
    idf of common and of rare terms differ little, because it counts few articles beside those of the prior.

    Examples
    --------
    >>> [site_brevity(2_000 * n, 2_000) for n in (60, 120, 160, 180, 240)]
    [1.0, 0.9, 0.5, 0.2, 0.0]
    >>> [site_brevity(120 * n, n) for n in (10, 30, 100, 300)]
    [0.0, 0.1, 0.5, 0.9]
    """
    if n_articles == 0:
        return 0.0
    long, few = n_terms / n_articles / _HALF_SHORT, _PRIOR_ARTICLES / n_articles
    return round(1.0 / (1.0 + long**10 + few**2), 1)


def term_weights(
    hashes: NDArray[np.uint64],
    frequencies: NDArray[Any] | float,
    n_articles: int,
    *,
    power: float,
    brevity: float,
) -> NDArray[np.float32]:
    """Return the weight of terms, float32 of the shape of `hashes`.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Of words and word pairs.
    frequencies : ndarray, shape (n,), or float
        Articles that hold each term.
    n_articles : int
    power : float
        0 or more.
    brevity : float
        0 to 1, see `site_brevity`.

    Notes
    -----
    It is ``(1 - brevity + ln((1 + N) / (1 + df))) ** (power * half)``, where N is ``n_articles + 100`` and `half` is
    ``1 - brevity / 2``. Pairs weigh `half` of that.
    """
    n, half = n_articles + _PRIOR_ARTICLES, 1.0 - brevity / 2
    idf = np.log((1.0 + n) / (1.0 + np.asarray(frequencies))) + (1.0 - brevity)
    weights = np.maximum(idf, 0.0) ** (power * half)
    return np.where(are_words(hashes), weights, half * weights).astype(np.float32)


def weighed_rows(
    indptr: NDArray[np.int64],
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    idf: NDArray[np.float32],
    rare: NDArray[np.float32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Return weighted counts, divided by their length, as the three arrays of a CSR matrix: indptr, indices, data.

    Parameters
    ----------
    indptr, weights
        As in `TermCounts`.
    columns : ndarray of int32, shape (n_entries,)
        Column of each entry, -1 for unknown terms.
    idf : ndarray of float32, shape (n_terms,)
    rare : ndarray of float32, shape (n_entries,)
        Idf that each entry has if its term is unknown. Such terms count towards the length of a row but are not in it.
    """
    return _weighed(indptr, columns, weights, read_only(idf), read_only(rare))  # type: ignore[no-any-return]


@njit(nogil=True, cache=True)
def _weighed(indptr, columns, weights, idf, rare):  # type: ignore[no-untyped-def]
    kept = np.zeros(indptr.shape[0], dtype=np.int64)
    for row in range(indptr.shape[0] - 1):
        n_known = 0
        for entry in range(indptr[row], indptr[row + 1]):
            n_known += columns[entry] >= 0
        kept[row + 1] = kept[row] + n_known
    indices = np.empty(kept[-1], dtype=np.int32)
    data = np.empty(kept[-1], dtype=np.float32)
    for row in range(indptr.shape[0] - 1):
        at, squares = kept[row], 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            count = weights[entry]
            tf = np.float32(1.0 + np.log(count)) if count >= 1.0 else count
            column = columns[entry]
            weight = tf * (idf[column] if column >= 0 else rare[entry])
            squares += weight * weight
            if column >= 0:
                indices[at], data[at] = column, weight
                at += 1
        if squares > 0.0:
            data[kept[row] : at] *= np.float32(1.0 / np.sqrt(squares))
    return kept, indices, data
