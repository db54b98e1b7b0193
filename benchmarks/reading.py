"""Readers of an artifact in ``run load``. Each function runs in a process of its own, see `benchmarks.steps`."""

from __future__ import annotations

import json
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["ask_drafts", "build_without_drafts", "look_up"]

_PERCENTILES = (50, 95, 99, 100)


def build_without_drafts(
    articles: str, artifact: str, drafts: str, n_drafts: int, n_jobs: int
) -> dict[str, Any]:
    """Build a site without evenly spaced articles, and write these to `drafts`."""
    from recommender import Recommender, read_articles

    read = list(read_articles(articles))
    n_drafts = min(n_drafts, len(read) // 10)
    places = set(np.linspace(0, len(read) - 1, n_drafts).astype(int).tolist())
    with Path(drafts).open("w", encoding="utf-8") as file:
        for place in sorted(places):
            article = read[place]
            published = article.published.isoformat() if article.published else None
            carried = {"published": published, "section": article.section, "metadata": dict(article.metadata)}
            file.write(
                json.dumps({"title": article.title, "body": article.body, **carried}, default=str) + "\n"
            )
    site = Recommender.from_articles(
        (article for place, article in enumerate(read) if place not in places), n_jobs=n_jobs
    )
    site.save(artifact)
    return {"n_articles": len(site), "n_drafts": len(places)}


def look_up(artifact: str, n: int, seed: int, rules: dict[str, Any]) -> dict[str, Any]:
    """Open an artifact and look up the lists of `n` random articles under the given rules; the first is timed separately."""
    from recommender import Recommender

    start = time.perf_counter()
    site = Recommender.load(artifact)
    opened = time.perf_counter()
    ids = site.summaries.column("article_id")
    asked = [ids[row] for row in np.random.default_rng(seed).integers(0, len(site), n).tolist()]
    first = time.perf_counter()
    site.related(asked[0], **rules)
    figures = {"open_s": opened - start, "first_s": time.perf_counter() - first}
    seconds = [_timed(site.related, article_id, **rules) for article_id in asked]
    return figures | {"ms": _percentiles(seconds)} | _memory()


def ask_drafts(artifact: str, drafts: str, n: int, carried: bool) -> dict[str, Any]:
    """Open an artifact and request the lists of drafts, with date, section and tags if `carried`."""
    from recommender import Recommender

    with Path(drafts).open(encoding="utf-8") as lines:
        asked = [json.loads(line) for line in islice(lines, n)]
    if not carried:
        asked = [{"title": draft["title"], "body": draft["body"]} for draft in asked]
    site = Recommender.load(artifact)
    first = _timed(site.related_to, **asked[0])
    again = Recommender.load(artifact)  # code is compiled and imported by now, the artifact is not loaded
    first_again = _timed(again.related_to, **asked[0])
    del again
    seconds = [_timed(site.related_to, **draft) for draft in asked]
    return {"first_s": first, "first_again_s": first_again, "ms": _percentiles(seconds)} | _memory()


def _timed(ask: Any, *arguments: Any, **named: Any) -> float:
    start = time.perf_counter()
    ask(*arguments, **named)
    return time.perf_counter() - start


def _percentiles(seconds: list[float]) -> dict[str, float]:
    found = np.percentile(seconds, _PERCENTILES) * 1000
    return {f"p{percent}": float(value) for percent, value in zip(_PERCENTILES, found, strict=True)}


def _memory() -> dict[str, int]:
    """Return the memory of this process, and the part that is not mapped from files; 0 where it is unknown."""
    status = Path("/proc/self/status")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    names = {"rss_bytes": "VmRSS", "own_bytes": "RssAnon"}
    return {name: 1024 * int(lines.get(field, "0 kB").split()[0]) for name, field in names.items()}
