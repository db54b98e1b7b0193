"""Output of lists and articles as lines and JSON."""

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
    from recommender.lists.related import RelatedArticle, RelatedList

__all__ = ["about", "entry_json", "list_lines", "row_of", "shortened", "summary_json"]

_INDENT = " " * 12  # width of the columns before the title


def row_of(site: Recommender, article_id: str) -> int:
    """Return the row of an article. The error for an unknown id suggests similar ones."""
    try:
        return site.summaries.row(article_id)
    except UnknownArticleError as error:
        closest = closest_ids(site.summaries.column("article_id"), article_id)
        if closest:
            error.add_note(f"closest: {', '.join(closest)}")
        raise


def summary_json(summary: ArticleSummary) -> dict[str, Any]:
    """Return the summary of an article, except its metadata, as JSON values."""
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
    """Return an entry of a list and the summary of its article as JSON values."""
    summary = site.summaries[site.summaries.row(entry.article_id)]
    record = {"rank": entry.rank, "score": entry.score, "source": entry.source, **summary_json(summary)}
    if why:
        record["parts"] = dict(entry.parts)
        record["terms"] = [{"term": term.term, "share": term.share} for term in entry.terms]
    return record


def list_lines(site: Recommender, found: RelatedList, *, why: bool) -> Iterator[str]:
    """Yield the lines of a list: title, summary, start of the description and reasons of each entry."""
    for entry in found:
        summary = site.summaries[site.summaries.row(entry.article_id)]
        source = "" if entry.source == "related" else f"  [{entry.source}]"
        yield f"{entry.rank:>3}  {entry.score:.3f}  {entry.title or entry.article_id}{source}"
        yield f"{_INDENT}{about(summary)}"
        if entry.description:
            yield _INDENT + shortened(entry.description, _line_width() - len(_INDENT))
        if why:
            parts = " + ".join(f"{name} {value:.3f}" for name, value in entry.parts.items())
            terms = ", ".join(f"{term.term} {term.share:.3f}" for term in entry.terms)
            yield f"{_INDENT}{entry.score:.3f} = {parts}"
            yield f"{_INDENT}in common: {terms or 'no terms'}"


def shortened(text: str, width: int) -> str:
    """Shorten a text to `width` terminal columns. Longer texts are cut at a word boundary and end in "…".

    Examples
    --------
    >>> shortened("It rained all day.", 10), shortened("雨が降った", 10), shortened("雨が降った", 9)
    ('It rained…', '雨が降った', '雨が降っ…')
    """
    columns = list(accumulate(map(_column_width, text)))
    if not columns or columns[-1] <= width:
        return text
    end = bisect_right(columns, width - 1)
    blank = text.rfind(" ", end // 2, end + 1)
    return text[: blank if blank > 0 else end].rstrip() + "…"


def _column_width(character: str) -> int:
    if unicodedata.category(character)[0] == "M":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _line_width() -> int:
    """Return the width of the terminal, or 100 if standard output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 100


def about(summary: ArticleSummary) -> str:
    """Return id, section and date of an article as one line."""
    return joined(
        [summary.article_id, summary.section, summary.published.date() if summary.published else None]
    )
