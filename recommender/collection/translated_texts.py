"""Finds pairs of articles that may say the same in two editions, mostly in two languages.

A translation and a related story are both near in the vectors of an encoder that reads many languages. A translation also
has the same numbers and names, links to the same pages, is about as long, and appears within months. So

    ``strength = cosine + cosine of words / 2 + (agreement + links - dates) / 5``

with the agreement of `TextMarks`, the share of common links (1/2 without any), and the years between two dates up to 1.
Two editions of one language that spell words alike, such as Portuguese of two countries, share most words of a page too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.collection.editions import Editions
from recommender.collection.foreign_neighbours import NEAR, foreign_neighbours
from recommender.collection.summary_table import NO_DATE
from recommender.collection.translation_pairs import BAR, MARGIN, TranslationPairs
from recommender.text.text_marks import TextMarks

__all__ = ["pairs_of"]

_NO_LINKS = 0.5
_SAME_WORDS = 0.2  # cosine of words, at least, of one page in two editions that spell words alike
_YEAR = 365 * 86_400_000_000  # microseconds


def pairs_of(
    collection: Collection,
    rows: NDArray[np.integer[Any]],
    there: NDArray[np.bool_],
    n_jobs: int | None = None,
) -> TranslationPairs:
    """Return the pairs of some articles and all others.

    Parameters
    ----------
    collection : Collection
        With neural vectors that are comparable across languages.
    rows : ndarray of int
    there : ndarray of bool, shape (n,)
        The rows that hold an article.
    n_jobs : int or None, default None
        Threads of the search, see `foreign_neighbours`, which takes most of the time.
    """
    marks = cache(lambda row: TextMarks.of(" ".join(collection.texts[row])))
    links = cache(lambda row: _links(collection, row))
    published = np.asarray(collection.summaries.published)
    parts = [TranslationPairs.none()]
    for one, other, strengths in _near(collection, foreign_neighbours(collection, rows, there, n_jobs)):
        for place, (a, b) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
            if not marks(a).may_translate(marks(b)):
                strengths[place] = 0
                continue
            agreement = marks(a).agreement(marks(b)) + _dice(links(a), links(b))
            if NO_DATE not in (published[a], published[b]):
                agreement -= min(abs(int(published[a]) - int(published[b])) / _YEAR, 1)
            strengths[place] += (agreement - _NO_LINKS) / 5
        strong = np.round(strengths, 4).astype(np.float32)
        kept = strong >= np.float32(BAR - MARGIN)
        parts.append(TranslationPairs(one[kept], other[kept], strong[kept]))
    return TranslationPairs.of(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _dice(one: frozenset[int], other: frozenset[int]) -> float:
    n = len(one) + len(other)
    return 2 * len(one & other) / n if n else _NO_LINKS


def _links(collection: Collection, row: int) -> frozenset[int]:
    """Return the likeliest name of each page that an article links to."""
    targets = collection.link_names.links
    if len(targets.indptr) <= row + 1:
        return frozenset()
    return frozenset(targets.names[targets.indptr[row] : targets.indptr[row + 1], 0].tolist())


def _near(
    collection: Collection, pairs: Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]]:
    """Yield those of some pairs that are near, and how near their vectors and words are."""
    vectors, editions = np.asarray(collection.neural), Editions.of(collection)
    words = collection.sparse.to_csr(int(collection.sparse.indices.max(initial=-1)) + 1)
    for one, other in pairs:
        near = (vectors[one].astype(np.float64) * vectors[other]).sum(axis=1)
        kept = near >= NEAR
        one, other = one[kept], other[kept]
        shared = np.asarray(words[one].multiply(words[other]).sum(axis=1), dtype=np.float64).ravel()
        alike = ~editions.share_words(one, other) | (shared >= _SAME_WORDS)
        yield one[alike], other[alike], near[kept][alike] + shared[alike] / 2
