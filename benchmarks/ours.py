"""The engine as it is measured: its default settings, and the same with a neural encoder."""

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
        Folder that keeps neural vectors from run to run: with it, MiniLM is added.
    dtype : str
        What MiniLM computes in.
    """
    if vectors is None:
        return Recommender.from_articles(articles, k=K, n_jobs=n_jobs)
    from recommender.encoders.neural import NeuralEncoder

    encoder = NeuralEncoder(MODEL, dtype=dtype, cache=vectors, n_jobs=n_jobs)
    return Recommender.from_articles(articles, k=K, n_jobs=n_jobs, encoder=encoder)


def site_facts(site: Recommender) -> dict[str, Any]:
    """Return the settings that a site says it was built with."""
    settings, model = site.site.settings, site.model
    return {
        "k": settings.k,
        "n_candidates": settings.n_candidates,
        "weights": asdict(model.weights),
        "chance": model.chance,
        "model": model.fingerprint,
        "neural": model.neural,
    }
