"""The engine as it is measured: its default settings, and the same with a neural encoder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.baselines import minilm
from recommender import Article, Recommender

__all__ = ["NEURAL", "OURS", "K", "build_site", "site_facts"]

OURS, NEURAL = "ours", "ours + MiniLM"
K = 10
_FACTS = ("k", "n_candidates", "weights", "encoder")


def build_site(articles: Iterable[Article], n_jobs: int, *, neural: bool = False) -> Recommender:
    """Return a site built with the default settings; with MiniLM besides where `neural`."""
    named: dict[str, Any] = {"encoder": minilm.MODEL} if neural else {}
    return Recommender.from_articles(articles, k=K, n_jobs=n_jobs, **named)


def site_facts(site: Recommender) -> dict[str, Any]:
    """Return the settings that a site says it was built with."""
    return {name: site.facts[name] for name in _FACTS if name in site.facts}
