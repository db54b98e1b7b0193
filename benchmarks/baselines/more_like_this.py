"""The query "more like this" of search engines: the 25 strongest words of an article, scored by BM25.

Words are chosen as by Lucene's MoreLikeThis, by ``count in the article * idf`` with ``idf = 1 + ln((n + 1) / (df + 1))``,
and each counts once in the query. The defaults of Elasticsearch suit short texts badly: few words occur twice in them,
and few articles share a third of the chosen words. There are therefore two baselines, one with those defaults and one
with settings that do better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines.bm25 import WordIndex
from benchmarks.baselines.ranked import Lists, in_order, ranked_lists
from recommender import Article

__all__ = ["ELASTICSEARCH", "MoreLikeThis", "lists"]


@dataclass(frozen=True, slots=True)
class MoreLikeThis:
    """Settings, with the names of Elasticsearch.

    Parameters
    ----------
    max_query_terms : int
        Largest number of words in the query.
    min_term_freq : int
        Smallest number of occurrences of a word in the article.
    min_doc_freq : int
        Smallest number of articles that contain a word; 2 leaves out words of a single article.
    minimum_should_match : float
        Smallest share of the query's words in a listed article, rounded down to whole words; 0 to 1.
    """

    max_query_terms: int = 25
    min_term_freq: int = 1
    min_doc_freq: int = 2
    minimum_should_match: float = 0.0


ELASTICSEARCH = MoreLikeThis(min_term_freq=2, min_doc_freq=5, minimum_should_match=0.3)
"""The defaults of Elasticsearch."""


def lists(
    articles: Collection[Article],
    query_ids: Collection[str],
    k: int = 10,
    *,
    settings: MoreLikeThis = MoreLikeThis(),
) -> Lists:
    """Return the k articles with the highest BM25 score for the strongest words; words and scores as in `bm25`.

    Parameters
    ----------
    articles, query_ids, k
        As for every baseline.
    settings : MoreLikeThis
        An article without words that pass these settings has an empty list.

    Raises
    ------
    InputError
        If no article has any word.
    """
    known = in_order(articles)
    queries = _Queries(WordIndex(known), settings)
    return ranked_lists(known, query_ids, k, lambda rows: np.stack([queries.scores(row) for row in rows]))


class _Queries:
    def __init__(self, index: WordIndex, settings: MoreLikeThis) -> None:
        self._index, self._settings = index, settings
        self._frequencies = np.zeros(len(index.vocabulary), dtype=np.int64)
        for words in index.words:
            self._frequencies[np.unique(words).astype(np.intp)] += 1
        self._idf = 1 + np.log((len(index.words) + 1) / (self._frequencies + 1))

    def scores(self, row: int) -> NDArray[np.float32]:
        """Return the scores of all articles for the query of one; 0 if too few of its words match."""
        query = self._query(row)
        scores, matches = self._index.scores(query), self._index.matches(query)
        scores[matches < int(len(query) * self._settings.minimum_should_match)] = 0
        return scores

    def _query(self, row: int) -> list[int]:
        """Return the strongest words of an article, ties by spelling."""
        strengths = {
            word: count * float(self._idf[word])
            for word, count in Counter(self._index.words[row]).items()
            if count >= self._settings.min_term_freq
            and self._frequencies[word] >= self._settings.min_doc_freq
        }
        ranked = sorted(strengths, key=lambda word: (-strengths[word], self._index.vocabulary[word]))
        return ranked[: self._settings.max_query_terms]
