"""BM25 by bm25s with the whole article as the query and default settings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines.ranked import Lists, in_order, ranked_lists, text_of
from recommender import Article
from recommender.errors import InputError, Problem

__all__ = ["SETTINGS", "WordIndex", "lists"]

SETTINGS = {"method": "lucene", "k1": 1.5, "b": 0.75, "stopwords": "english", "stemmer": None}


class WordIndex:
    """Inverted index of articles with BM25 scores by `bm25s`.

    Parameters
    ----------
    articles : sequence of Article

    Attributes
    ----------
    words : list of list of int
        Word numbers of each article in order, with repetitions and without function words.
    vocabulary : list of str
        The word of each number.

    Raises
    ------
    InputError
        If no article has any word.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        import bm25s

        tokens = bm25s.tokenize([text_of(article) for article in articles], show_progress=False)
        if not tokens.vocab:
            raise InputError(Problem("wanted articles with words", "none", "check the corpus"))
        self.words: list[list[int]] = tokens.ids
        self.vocabulary = sorted(tokens.vocab, key=tokens.vocab.__getitem__)
        self._index: Any = bm25s.BM25()
        self._index.index(tokens, show_progress=False)

    def scores(self, query: Sequence[int]) -> NDArray[np.float32]:
        """Return the score of every article for the words of a query, float32, shape (n_articles,)."""
        scores: NDArray[np.float32] = self._index.get_scores_from_ids(query)
        return scores

    def matches(self, query: Sequence[int]) -> NDArray[np.int64]:
        """Return the number of distinct query words in every article, int64, shape (n_articles,)."""
        matches = np.zeros(len(self.words), dtype=np.int64)
        indptr, indices = self._index.scores["indptr"], self._index.scores["indices"]
        for word in query:
            matches[indices[indptr[word] : indptr[word + 1]]] += 1
        return matches


def lists(articles: Collection[Article], query_ids: Collection[str], k: int = 10) -> Lists:
    """Return the k articles with the highest score; repeated words count repeatedly in the query.

    Raises
    ------
    InputError
        If no article has any word.

    Notes
    -----
    Cost: n_queries x words of the query x articles with the word.
    """
    known = in_order(articles)
    index = WordIndex(known)
    return ranked_lists(
        known, query_ids, k, lambda rows: np.stack([index.scores(index.words[row]) for row in rows])
    )
