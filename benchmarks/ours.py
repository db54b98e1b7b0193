"""The measured engine: with its default settings, and with a neural encoder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.baselines.minilm import MODEL
from recommender import Article, Recommender

__all__ = ["NEURAL", "OURS", "K", "build_site", "site_facts"]

OURS, NEURAL = "ours", "ours + MiniLM"
K = 10


def build_site(
    articles: Iterable[Article], n_jobs: int, vectors: Path | None = None, dtype: str = "float32"
) -> Recommender:
    """Return a site built with the default settings.

    Parameters
    ----------
    articles : iterable of Article
    n_jobs : int
    vectors : Path or None
        Folder that stores neural vectors between runs. If given, MiniLM is used too.
    dtype : str
        Data type of MiniLM.
    """
    if vectors is None:
        return Recommender.from_articles(articles, k=K, n_jobs=n_jobs)
    from recommender.encoders.neural import NeuralEncoder

    encoder = NeuralEncoder(MODEL, dtype=dtype, cache=vectors, n_jobs=n_jobs)
    return Recommender.from_articles(articles, k=K, n_jobs=n_jobs, encoder=encoder)


def site_facts(site: Recommender) -> dict[str, Any]:
    """Return the settings of a built site."""
    settings, model = site.site.settings, site.model
    return {
        "k": settings.k,
        "n_candidates": settings.n_candidates,
        "weights": asdict(model.weights),
        "chance": model.chance,
        "model": model.fingerprint,
        "neural": model.neural,
    }
