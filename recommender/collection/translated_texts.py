"""Finds pairs of articles that may say the same in two languages.

A translation and a related story are both near in the vectors of an encoder that reads many languages. A translation also
has the same numbers and names, links to the same pages, is about as long, and appears within months. So

    ``strength = cosine + cosine of words / 2 + (agreement + links - dates) / 5``

with the agreement of `TextMarks`, the share of common links (1/2 without any), and the years between two dates up to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.collection.summary_table import NO_DATE
from recommender.collection.translation_pairs import BAR, MARGIN, TranslationPairs
from recommender.text.text_marks import TextMarks

__all__ = ["pairs_of"]

_NEAR = 0.2  # cosine of vectors, at least
_SLACK = 1e-3  # cosines of a block are rounded in another order
_BLOCK = 128
_NO_LINKS = 0.5
_YEAR = 365 * 86_400_000_000  # microseconds


def pairs_of(
    collection: Collection, rows: NDArray[np.integer[Any]], there: NDArray[np.bool_]
) -> TranslationPairs:
    """Return the pairs of some articles and all others.

    Parameters
    ----------
    collection : Collection
        With neural vectors that are comparable across languages.
    rows : ndarray of int
    there : ndarray of bool, shape (n,)
        The rows that hold an article.

    Notes
    -----
    Compares the vectors of each of these articles with all: ``len(rows) * n`` inner products.
    """
    marks = cache(lambda row: TextMarks.of(" ".join(collection.texts[row])))
    links = cache(lambda row: _links(collection, row))
    published = np.asarray(collection.summaries.published)
    parts = [TranslationPairs.none()]
    for one, other, strengths in _near(collection, rows, there):
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
    collection: Collection, rows: NDArray[np.integer[Any]], there: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]]:
    """Yield pairs of an article and another in another language that are near, and how near they are."""
    vectors, codes = np.asarray(collection.neural), np.asarray(collection.languages)
    readable = there & (codes >= 0)
    n_terms = int(collection.sparse.indices.max(initial=-1)) + 1
    words = collection.sparse.to_csr(n_terms)
    place = np.full(len(codes), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        wanted = (codes[block][:, None] != codes) & readable & readable[block][:, None]
        wanted &= place < np.arange(start, start + len(block))[:, None]  # a pair of two of them comes once
        cosines = vectors[block] @ vectors.T
        at, other = np.nonzero(wanted & (cosines >= _NEAR - _SLACK))
        one = block[at]
        near = (vectors[one].astype(np.float64) * vectors[other]).sum(axis=1)
        kept = near >= _NEAR
        one, other = one[kept].astype(np.int32), other[kept].astype(np.int32)
        shared = words[one].multiply(words[other]).sum(axis=1)
        yield one, other, near[kept] + np.asarray(shared, dtype=np.float64).ravel() / 2
