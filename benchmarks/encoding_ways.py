"""Encoders of ``run encode``: ours, and TfidfVectorizer with the same features and with its defaults."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.processes import own_peak_rss_bytes

__all__ = ["OURS", "WAYS", "encode"]

Texts = list[tuple[str, str]]
_WARM_UP = 500  # articles encoded before timing, for imports and compilation


def _ours(n_jobs: int, **settings: Any) -> Callable[[Texts], Any]:
    from recommender.encoders.tfidf import TfidfEncoder

    return TfidfEncoder(n_jobs=n_jobs, **settings).fit_transform


def _words(n_jobs: int) -> Callable[[Texts], Any]:
    return _ours(n_jobs, pairs=False)


def _sparse_and_dense(n_jobs: int) -> Callable[[Texts], Any]:
    from recommender.encoders.lexical import LexicalEncoder

    return lambda texts: LexicalEncoder(n_jobs=n_jobs).fit_transform(texts).sparse


def _vectorizer(**settings: Any) -> Callable[[Texts], Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(**settings)
    return lambda texts: vectorizer.fit_transform([f"{title}\n{body}" for title, body in texts])


def _defaults(n_jobs: int) -> Callable[[Texts], Any]:
    return _vectorizer()  # it has no setting for threads


def _same_features(n_jobs: int) -> Callable[[Texts], Any]:
    import numpy as np

    settings = {"ngram_range": (1, 2), "token_pattern": r"\w+", "min_df": 2, "sublinear_tf": True}
    return _vectorizer(**settings, dtype=np.float32)


OURS = "ours: words and pairs"
WAYS: dict[str, Callable[[int], Callable[[Texts], Any]]] = {
    OURS: _ours,
    "ours: words": _words,
    "ours: words and pairs, titles, LSA": _sparse_and_dense,
    "TfidfVectorizer: words and pairs": _same_features,
    "TfidfVectorizer: defaults, words": _defaults,
}
"""Maps a name to a function that takes the number of threads and returns an encoder of texts to sparse rows."""


def encode(articles: str, way: str, n_jobs: int) -> dict[str, Any]:
    """Read texts, encode a few as a warm-up and then all; return the cost and the shape of the result."""
    from recommender import read_articles

    texts = [(article.title, article.body) for article in read_articles(articles)]
    WAYS[way](n_jobs)(texts[:_WARM_UP])
    before = own_peak_rss_bytes()
    started, worked = time.perf_counter(), time.process_time()
    vectors = WAYS[way](n_jobs)(texts)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_s": time.process_time() - worked,
        "rss_with_texts_bytes": before,
        "shape": list(vectors.shape),
        "n_entries": int(vectors.nnz),
    }
