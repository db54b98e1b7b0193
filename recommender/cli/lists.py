"""How a list is shown by the commands that show one."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from recommender.cli.closest import closest_ids
from recommender.cli.terminal import joined
from recommender.errors import UnknownArticleError

if TYPE_CHECKING:
    from recommender.articles import ArticleSummary
    from recommender.engine import Recommender
    from recommender.ranking.related import RelatedArticle, RelatedList

__all__ = ["about", "entry_json", "fitted", "list_lines", "row_of", "summary_json"]

_INDENT = " " * 12  # up to where titles begin


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
        "description": summary.description,
        "image": summary.image,
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
    """Yield two lines an entry, one with as much of its description as a line holds, and two more with reasons."""
    for entry in found:
        summary = site.summaries[site.summaries.row(entry.article_id)]
        rung = "" if entry.rung == "related" else f"  [{entry.rung}]"
        yield f"{entry.rank:>3}  {entry.score:.3f}  {entry.title or entry.article_id}{rung}"
        yield f"{_INDENT}{about(summary)}"
        if entry.description:
            yield _INDENT + fitted(entry.description, _line_width() - len(_INDENT))
        if why:
            parts = " + ".join(f"{name} {value:.3f}" for name, value in entry.parts.items())
            terms = ", ".join(f"{term.term} {term.share:.3f}" for term in entry.terms)
            yield f"{_INDENT}{entry.score:.3f} = {parts}"
            yield f"{_INDENT}in common: {terms or 'no terms'}"


def fitted(text: str, width: int) -> str:
    """Return as much of a text as `width` columns of a terminal show; what is longer is cut at a word and ends in "…".

    Examples
    --------
    >>> fitted("It rained all day.", 10), fitted("雨が降った", 10), fitted("雨が降った", 9)
    ('It rained…', '雨が降った', '雨が降っ…')
    """
    columns = list(accumulate(map(_columns_of, text)))
    if not columns or columns[-1] <= width:
        return text
    end = bisect_right(columns, width - 1)
    blank = text.rfind(" ", end // 2, end + 1)
    return text[: blank if blank > 0 else end].rstrip() + "…"


def _columns_of(sign: str) -> int:
    if unicodedata.category(sign)[0] == "M":
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _line_width() -> int:
    """Return the columns of the terminal, or 100 where standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 100


def about(summary: ArticleSummary) -> str:
    """Return id, section and date of an article in one line."""
    return joined(
        [summary.article_id, summary.section, summary.published.date() if summary.published else None]
    )
