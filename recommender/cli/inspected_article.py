"""What `recommender inspect SITE ID` shows of one article."""

from __future__ import annotations

from typing import Any

from recommender.cli.lists import about, entry_json, list_lines, summary_json
from recommender.cli.terminal import plural
from recommender.engine import Recommender

__all__ = ["article_json", "article_lines"]


def article_json(site: Recommender, row: int) -> dict[str, Any]:
    """Return the data on an article, and its list with reasons."""
    summary = site.summaries[row]
    return {
        **summary_json(summary),
        "metadata": dict(summary.metadata),
        "terms": [{"term": term, "weight": weight} for term, weight in _terms(site, summary.article_id)],
        "in_lists": int((site.lists.rows == row).sum()),
        "related": [
            entry_json(site, entry, why=True) for entry in site.related(summary.article_id, why=True)
        ],
    }


def article_lines(site: Recommender, row: int) -> list[str]:
    """Return the same as lines of text."""
    summary = site.summaries[row]
    in_lists = int((site.lists.rows == row).sum())
    related = site.related(summary.article_id, why=True)
    own = ((name, getattr(summary, name)) for name in ("description", "language", "url", "image"))
    kept = [*own, *summary.metadata.items()]
    return [
        summary.title,
        f"  {about(summary)}",
        *(f"  {name}: {value}" for name, value in kept if value),
        f"  terms: {', '.join(f'{term} {weight:.2f}' for term, weight in _terms(site, summary.article_id))}",
        f"  in {plural(in_lists, 'list')} of other articles",
        "",
        *(list(list_lines(site, related, why=True)) or ["no related articles"]),
    ]


def _terms(site: Recommender, article_id: str) -> list[tuple[str, float]]:
    return list(zip(*site.terms(article_id), strict=True))
