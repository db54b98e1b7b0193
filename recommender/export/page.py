"""All lists as one self-contained page to look at: no network, no files beside it, works from a disk."""

from __future__ import annotations

import base64
import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, BinaryIO
from urllib.parse import quote

import orjson

from recommender.articles import ArticleSummary
from recommender.export.source import ListSource
from recommender.ranking.related import RelatedArticle, RelatedList

__all__ = ["PAGE_LIMIT", "is_page", "write_page"]

PAGE_LIMIT = 20_000
"""Articles whose lists one page holds; a browser still opens and searches that at once (some 10 MB)."""

_START = b"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="generator" content="recommender">
"""
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def write_page(
    stream: BinaryIO, source: ListSource, lists: Iterable[RelatedList], *, why: bool = False
) -> int:
    """Write the page, with every list up to `PAGE_LIMIT` articles.

    A larger site gets the lists of its newest `PAGE_LIMIT` articles (undated ones last, then in row order)
    and a line that says so; the counts at the top are always those of the whole site. Scores are rounded to
    four digits. What articles say enters the page as JSON text and is drawn as text; an address becomes a
    link only if it begins with ``http://`` or ``https://``; a content security policy allows the page's
    own script and style and nothing else.

    Returns
    -------
    int
        Number of lists of the site, empty ones included.
    """
    page = _Page(source.summaries)
    for related in lists:
        page.add(related, why=why)
    stream.write(_render(page).encode())
    return page.count


def is_page(path: Path) -> bool:
    """Tell whether the file begins as an earlier export does."""
    with path.open("rb") as file:
        return file.read(len(_START)) == _START


class _Page:
    """Columns that the script of the page reads, and the counts at its top.

    Rows are articles: first those whose list is on the page, then those that are only shown in one.
    """

    def __init__(self, summaries: Sequence[ArticleSummary]) -> None:
        self.articles = len(summaries)
        self.chosen = _newest(summaries, PAGE_LIMIT)
        self.count = self.filled = self.entries = 0
        self.shown: Counter[str] = Counter()
        self.rows: dict[str, int] = {}
        self.names: dict[str, dict[str, int]] = {
            name: {} for name in ("section_names", "language_names", "part_names", "term_names")
        }
        columns = (
            "titles",
            "published",
            "sections",
            "languages",
            "urls",
            "related",
            "scores",
            "parts",
            "terms",
        )
        self.columns: dict[str, list[Any]] = {name: [] for name in columns}
        for row in self.chosen:
            self._add_article(summaries[row])
        self.listed = len(self.rows)

    def add(self, related: RelatedList, *, why: bool) -> None:
        self.count += 1
        self.filled += bool(related)
        self.entries += len(related)
        self.shown.update(related.article_ids)
        if self.rows.get(str(related.article_id), self.listed) < self.listed:
            self.columns["related"].append([self._row(entry) for entry in related])
            self.columns["scores"].append([_rounded(entry.score) for entry in related])
            if why:
                self.columns["parts"].append([self._parts(entry) for entry in related])
                self.columns["terms"].append([self._terms(entry) for entry in related])

    def data(self) -> dict[str, Any]:
        columns = {
            name: column for name, column in self.columns.items() if column or name not in ("parts", "terms")
        }
        shown = [self.shown[article_id] for article_id in self.rows]
        names = {name: list(table) for name, table in self.names.items()}
        return {"lists": self.listed, "ids": list(self.rows), "shown": shown} | columns | names

    def _add_article(self, summary: ArticleSummary) -> int:
        columns = self.columns
        columns["titles"].append(summary.title)
        columns["published"].append("" if summary.published is None else summary.published.date().isoformat())
        columns["sections"].append(self._name("section_names", summary.section))
        columns["languages"].append(self._name("language_names", summary.language))
        columns["urls"].append(summary.url if summary.url and _WEB.match(summary.url) else "")
        return self.rows.setdefault(summary.article_id, len(self.rows))

    def _row(self, entry: RelatedArticle) -> int:
        row = self.rows.get(entry.article_id)
        if row is None:
            row = self._add_article(ArticleSummary(entry.article_id, entry.title, url=entry.url))
        return row

    def _parts(self, entry: RelatedArticle) -> list[float]:
        values = {self._name("part_names", name): _rounded(value) for name, value in entry.parts.items()}
        return [values.get(place, 0) for place in range(len(self.names["part_names"]))] if values else []

    def _terms(self, entry: RelatedArticle) -> list[float]:
        return [
            number
            for term in entry.terms
            for number in (self._name("term_names", term.term), _rounded(term.share))
        ]

    def _name(self, table: str, name: str | None) -> int:
        return -1 if not name else self.names[table].setdefault(name, len(self.names[table]))


def _newest(summaries: Sequence[ArticleSummary], limit: int) -> Sequence[int]:
    """Return the rows of the newest articles, in row order."""
    if len(summaries) <= limit:
        return range(len(summaries))

    def age(row: int) -> tuple[datetime, int]:
        return summaries[row].published or _LONG_AGO, -row

    return sorted(heapq.nlargest(limit, range(len(summaries)), key=age))


def _rounded(number: float) -> float:
    return float(f"{float(number):.4g}")


def _render(page: _Page) -> str:
    texts = {
        name: files(__package__).joinpath(f"page.{name}").read_text("utf-8") for name in ("html", "css", "js")
    }
    return Template(texts["html"]).substitute(
        style=texts["css"],
        style_hash=_digest(texts["css"]),
        script=texts["js"],
        script_hash=_digest(texts["js"]),
        data=_json_in_html(page.data()),
        articles=f"{page.articles:,}",
        lists=f"{page.filled:,}",
        mean_length=f"{page.entries / page.count:.1f}" if page.count else "0",
        orphans=f"{page.articles - len(page.shown):,}",
        most_shown=_most_shown(page),
        notice=_notice(page),
    )


def _most_shown(page: _Page) -> str:
    if not page.shown:
        return "none"
    article_id, count = min(page.shown.items(), key=lambda item: (-item[1], item[0]))
    row = page.rows.get(article_id)
    title = escape((page.columns["titles"][row] if row is not None else "") or article_id)
    return f'<a href="#{quote(article_id, safe="")}" dir="auto">{title}</a><span>in {count:,}</span>'


def _notice(page: _Page) -> str:
    if page.listed == page.articles:
        return ""
    return (
        f'<p class="notice">This page holds the lists of the {page.listed:,} newest articles of {page.articles:,}; '
        "the counts are those of all. The other formats of export hold every list.</p>"
    )


def _json_in_html(value: object) -> str:
    """Return JSON in which nothing can end a script element or begin a comment."""
    text = orjson.dumps(value).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
