"""Sparse tf-idf vectors of words and word pairs over the whole text.

The weight of a term is ``tf * idf ** 2`` with ``tf = 1 + ln(c)`` for a weighted count ``c >= 1``, ``tf = c``
below 1, and ``idf = 1 + ln((1 + n) / (1 + df))`` (Spärck Jones 1972, smoothed). On a site of short texts it is
``tf * ln((1 + n) / (1 + df))``, and pairs weigh half, see `term_weights`. Word i of the body counts
``1 / (1 + i / decay)``, because articles state their subject first. Rows have unit length; terms of a single
article are included in the length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from recommender.encoders.document_frequencies import DocumentFrequencies
from recommender.encoders.function_words import FUNCTION_WORDS
from recommender.encoders.tokenizer import TermCounts, count_terms, hash_pairs, join_fields
from recommender.encoders.vocabulary import Vocabulary
from recommender.encoders.weighing import site_brevity, term_weights, weighed_rows
from recommender.index.threads import mapped
from recommender.text.characters import fold

__all__ = ["Text", "TfidfEncoder"]

Text = str | tuple[str, str]
"""A body, or a title and a body."""

_RUN = 2**20  # characters that a thread reads at a time
_PRIOR = 60.0  # of the 100 prior articles contain each function word; a quarter contain each pair of two


class TfidfEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Sparse lexical encoder for whole articles in any language.

    Parameters
    ----------
    title_weight : float, default 3.0
        Count of each word in the title. 0 ignores titles; 1 weighs them like the first word of the body.
    decay : float, default 600.0
        Position at which a word counts half. Small values use only the start of the text; ``inf`` weighs all
        words equally.
    idf_power : float, default 2.0
        Exponent of the idf. 0 weighs all terms equally, 1 is the standard weight, larger values favour rare
        terms.
    pairs : bool, default True
        Whether pairs of neighbouring words are terms too.
    brevity : float or None, default None
        How short the texts are, 0 to 1. 0 is the formula for whole articles, 1 that for headlines with a lede. None
        measures it on the texts of `fit`, see `site_brevity`.
    max_terms : int, default 4,194,304
        Number of terms kept, most frequent first. Bounds the memory of the vocabulary.
    n_jobs : int or None, default None
        Threads. None follows ``joblib.parallel_config``. The result does not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        Terms that occur in two articles or more.
    idf_ : ndarray of float32, shape (n_terms,)
        Weight of each term, including `idf_power` and `brevity_`.
    brevity_ : float
        `brevity`, or as it was measured.
    n_features_in_ : int
        Always 1: one column of texts, as in scikit-learn's text transformers.

    Examples
    --------
    >>> vectors = TfidfEncoder().fit_transform(["rain in May", "rain in June", "sun in June"])
    >>> vectors.shape[0], bool((vectors @ vectors.T)[0, 1] > (vectors @ vectors.T)[0, 2])
    (3, True)
    """

    def __init__(
        self,
        title_weight: float = 3.0,
        decay: float = 600.0,
        idf_power: float = 2.0,
        pairs: bool = True,
        max_terms: int = 2**22,
        n_jobs: int | None = None,
        brevity: float | None = None,
    ) -> None:
        self.title_weight = title_weight
        self.decay = decay
        self.idf_power = idf_power
        self.pairs = pairs
        self.max_terms = max_terms
        self.n_jobs = n_jobs
        self.brevity = brevity

    def fit(self, X: Iterable[Text], y: None = None) -> Self:
        """Learn the vocabulary. Reads the texts once, with memory bounded by the number of terms kept."""
        self._check()
        frequencies, n_terms = DocumentFrequencies(), 0
        for text, counts in self._counted(X):
            frequencies.add(text, counts)
            n_terms += len(counts.hashes)
        self.vocabulary_ = vocabulary = frequencies.vocabulary(self.max_terms)
        measured = site_brevity(n_terms, vocabulary.n_articles)
        self.brevity_ = measured if self.brevity is None else self.brevity
        self.idf_ = self._weights(vocabulary.hashes, vocabulary.document_frequencies + _prior(vocabulary))
        self.n_features_in_ = 1
        return self

    def transform(self, X: Iterable[Text]) -> csr_matrix:
        """Return float32 rows, shape (n_texts, n_terms).

        A row has length 1, or less by the terms that are not in the vocabulary. A text without known terms has an empty row.
        """
        if not hasattr(self, "vocabulary_"):
            raise NotFittedError("this TfidfEncoder is not fitted; call fit with the site's texts first")
        parts = []
        for _, counts in self._counted(X):
            columns = self.vocabulary_.columns(counts.hashes)
            rare = self._weights(counts.hashes, 1.0)
            parts.append(weighed_rows(counts.indptr, columns, counts.weights, self.idf_, rare))
        return _stacked(parts, len(self.vocabulary_))

    def fit_transform(self, X: Iterable[Text], y: None = None) -> csr_matrix:
        """Fit, then transform. Texts are read twice; an iterator becomes a list."""
        texts = list(X) if isinstance(X, Iterator) else X
        return self.fit(texts).transform(texts)

    def _weights(
        self, hashes: NDArray[np.uint64], frequencies: NDArray[np.float64] | float
    ) -> NDArray[np.float32]:
        n_articles = self.vocabulary_.n_articles
        return term_weights(hashes, frequencies, n_articles, power=self.idf_power, brevity=self.brevity_)

    def _counted(self, X: Iterable[Text]) -> Iterator[tuple[NDArray[np.uint8], TermCounts]]:
        """Yield runs of articles as bytes and term counts, in order, counted in parallel."""
        yield from mapped(self._count, _runs(X), self.n_jobs)

    def _count(self, run: list[tuple[str, str]]) -> tuple[NDArray[np.uint8], TermCounts]:
        text, offsets = join_fields([(fold(title), fold(body)) for title, body in run])
        counts = count_terms(
            text, offsets, title_weight=self.title_weight, decay=self.decay, pairs=self.pairs
        )
        return text, counts

    def _check(self) -> None:
        if self.title_weight < 0 or not self.decay > 0 or self.idf_power < 0:
            raise ValueError(
                "title_weight and idf_power must be 0 or more and decay above 0, got "
                f"{self.title_weight}, {self.idf_power} and {self.decay}"
            )
        if self.brevity is not None and not 0 <= self.brevity <= 1:
            raise ValueError(f"brevity must be None, or from 0 to 1, got {self.brevity}")
        if self.max_terms < 1:
            raise ValueError(f"max_terms must be 1 or more, got {self.max_terms}")


def _runs(X: Iterable[Text]) -> Iterator[list[tuple[str, str]]]:
    if isinstance(X, str):
        raise ValueError("expected a list of texts, got a single string; put it in a list")
    run: list[tuple[str, str]] = []
    size = 0
    for text in X:
        pair = ("", text) if isinstance(text, str) else (text[0], text[1])
        run.append(pair)
        size += len(pair[0]) + len(pair[1]) + 1
        if size >= _RUN:
            yield run
            run, size = [], 0
    if run:
        yield run


def _stacked(
    parts: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]], n_terms: int
) -> csr_matrix:
    """Stack runs of rows, each with its own row pointers, into one matrix."""
    lengths = [np.diff(indptr) for indptr, _, _ in parts]
    indptr = np.concatenate([np.zeros(1, np.int64), *lengths]).cumsum()
    indices = np.concatenate([np.empty(0, np.int32), *(indices for _, indices, _ in parts)])
    data = np.concatenate([np.empty(0, np.float32), *(data for _, _, data in parts)])
    return csr_matrix((data, indices, indptr), shape=(indptr.shape[0] - 1, n_terms))


def _prior(vocabulary: Vocabulary) -> NDArray[np.float64]:
    """Return prior document frequencies, which separate 'the' from topics on small sites."""
    text, offsets = join_fields([("", fold(word)) for word in FUNCTION_WORDS])
    words = count_terms(text, offsets, title_weight=1.0, decay=1.0, pairs=False).hashes
    prior = np.zeros(len(vocabulary))
    for hashes, frequency in (
        (words, _PRIOR),
        (hash_pairs(words[:, None], words).ravel(), _PRIOR / 4),
    ):
        columns = vocabulary.columns(hashes)
        prior[columns[columns >= 0]] = frequency
    return prior
