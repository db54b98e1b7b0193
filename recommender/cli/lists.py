"""How a list is shown by the commands that show one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from recommender.cli.closest import closest_ids
from recommender.cli.terminal import joined
from recommender.errors import UnknownArticleError

if TYPE_CHECKING:
    from recommender.articles import ArticleSummary
    from recommender.engine import Recommender
    from recommender.ranking.related import RelatedArticle, RelatedList

__all__ = ["about", "entry_json", "list_lines", "row_of", "summary_json"]


def row_of(site: Recommender, article_id: str) -> int:
    """Return the row of an article; the error for an id that is not there names the closest ones."""
    try:
        return site.summaries.row(article_id)
    except UnknownArticleError as error:
        closest = closest_ids(site.summaries.column("article_id"), article_id)
        if closest:
            error.add_note(f"closest: {', '.join(closest)}")
        raise


def summary_json(summary: ArticleSummary) -> dict[str, Any]:
    """Return what an artifact keeps of an article, but its metadata, as JSON can hold it."""
    return {
        "article_id": summary.article_id,
        "title": summary.title,
        "published": summary.published.isoformat() if summary.published else None,
        "section": summary.section,
        "language": summary.language,
        "url": summary.url,
    }


def entry_json(site: Recommender, entry: RelatedArticle, *, why: bool) -> dict[str, Any]:
    """Return one entry of a list with what is known of its article."""
    summary = site.summaries[site.summaries.row(entry.article_id)]
    record = {"rank": entry.rank, "score": entry.score, "rung": entry.rung, **summary_json(summary)}
    if why:
        record["parts"] = dict(entry.parts)
        record["terms"] = [{"term": term.term, "share": term.share} for term in entry.terms]
    return record


def list_lines(site: Recommender, found: RelatedList, *, why: bool) -> Iterator[str]:
    """Yield two lines an entry, and two more with reasons."""
    for entry in found:
        summary = site.summaries[site.summaries.row(entry.article_id)]
        rung = "" if entry.rung == "related" else f"  [{entry.rung}]"
        yield f"{entry.rank:>3}  {entry.score:.3f}  {entry.title or entry.article_id}{rung}"
        yield f"            {about(summary)}"
        if why:
            parts = " + ".join(f"{name} {value:.3f}" for name, value in entry.parts.items())
            terms = ", ".join(f"{term.term} {term.share:.3f}" for term in entry.terms)
            yield f"            {entry.score:.3f} = {parts}"
            yield f"            in common: {terms or 'no terms'}"


def about(summary: ArticleSummary) -> str:
    """Return id, section and date of an article in one line."""
    return joined(
        [summary.article_id, summary.section, summary.published.date() if summary.published else None]
    )
