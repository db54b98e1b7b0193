"""Data of the HTML page as columns of JSON values."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import urljoin

import numpy as np

from recommender.articles import ArticleSummary
from recommender.export.site_data import SiteData
from recommender.links.suggestions import LinkSuggestions
from recommender.lists.related import RelatedArticle, RelatedList

__all__ = ["PageData"]

_WEB = re.compile(r"https?://", re.IGNORECASE)
_PICTURE = re.compile(r"https?://[^\x00-\x1f]+|(?!//)[^\x00-\x1f:\\]+", re.IGNORECASE)
_UNDATED = datetime.min.replace(tzinfo=UTC)  # sorts articles without a date last
_COLUMNS = (
    "titles",
    "published",
    "sections",
    "languages",
    "urls",
    "descriptions",
    "images",
    "related",
    "scores",
    "sources",
    "parts",
    "terms",
    "links",
)
_OPTIONAL = ("parts", "terms", "links")
_TABLES = ("section_names", "language_names", "source_names", "part_names", "term_names")


class PageData:
    """Columns read by the script of the page, and the counts at its top.

    Rows are articles: first the `limit` newest, whose lists are on the page (undated ones last), then those
    that only appear as an entry or a near copy.
    """

    def __init__(
        self, summaries: Sequence[ArticleSummary], site: SiteData, *, k: int | None, limit: int
    ) -> None:
        self.summaries, self.site, self.k = summaries, site, k
        self.articles = len(summaries)
        self.chosen = _newest(summaries, limit)
        self.count = self.filled = self.entries = 0
        self.shown: Counter[str] = Counter()
        self.rows: dict[str, int] = {}
        self.names: dict[str, dict[str, int]] = {name: {} for name in _TABLES}
        self.columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for row in self.chosen:
            self._add_article(summaries[row])
        self.listed = len(self.rows)

    def add(self, related: RelatedList, *, why: bool) -> None:
        """Add the list of the next article, in row order."""
        self.count += 1
        self.filled += bool(related)
        self.entries += len(related)
        self.shown.update(related.article_ids)
        if self.rows.get(str(related.article_id), self.listed) < self.listed:
            self.columns["related"].append([self._row_of(_summary(entry)) for entry in related])
            self.columns["scores"].append([_rounded(entry.score) for entry in related])
            self.columns["sources"].append(self._sources(related))
            if why:
                self.columns["parts"].append([self._parts(entry) for entry in related])
                self.columns["terms"].append([self._terms(entry) for entry in related])

    def add_links(self, found: LinkSuggestions) -> None:
        """Add the links suggested for the text of the next article, in row order."""
        if self.rows.get(str(found.article_id), self.listed) < self.listed:
            self.columns["links"].append(
                [
                    [
                        self._row_of(ArticleSummary(link.article_id, link.title, url=link.url)),
                        _rounded(link.strength),
                        link.sentence[: link.offset],
                        link.phrase,
                        link.sentence[link.offset + len(link.phrase) :],
                    ]
                    for link in found
                ]
            )

    def data(self) -> dict[str, Any]:
        """Return the data of the script. Call it after all lists have been added."""
        groups = self._groups()  # may add rows
        columns = {name: column for name, column in self.columns.items() if column or name not in _OPTIONAL}
        shown = [self.shown[article_id] for article_id in self.rows]
        names = {name: list(table) for name, table in self.names.items()}
        facts = {
            "lists": self.listed,
            "k": self._full_length(),
            "mean": self.entries / self.articles if self.articles else 0,
            "groups": groups,
            "map": self._map(),
        }
        return facts | {"ids": list(self.rows), "shown": shown} | columns | names

    def orphans(self) -> int:
        """Return the number of articles that, like all their near copies, appear in no list."""
        ids = [summary.article_id for summary in self.summaries]
        reachable = set(self.shown)
        for group in self.site.groups() or []:
            if any(ids[row] in self.shown for row in group):
                reachable.update(ids[row] for row in group)
        return self.articles - len(reachable)

    def _full_length(self) -> int:
        """Return the number of entries of a full list."""
        known = [k for k in (self.k, self.site.k) if k is not None]
        longest = max(map(len, self.columns["related"]), default=0)
        return max(0, min(*known, self.articles - 1)) if known else longest

    def _groups(self) -> list[list[int]] | None:
        """Return the groups of near copies that contain a listed article, as rows of the page."""
        groups = self.site.groups()
        if groups is None:
            return None
        chosen = set(self.chosen)
        return [
            [self._row_of(self.summaries[row]) for row in group]
            for group in groups
            if not chosen.isdisjoint(group)
        ]

    def _map(self) -> list[int] | None:
        """Return alternating x and y of the listed articles, 0 to 9999. Fallback entries are ignored."""
        lists = zip(self.columns["related"], self.columns["sources"], strict=True)
        related = [
            [row for row, source in zip_longest(rows, sources, fillvalue=-1) if source < 0]
            for rows, sources in lists
        ]
        places = self.site.places(self.chosen, related)
        return None if places is None else np.rint((places.ravel() + 1) * (9999 / 2)).astype(int).tolist()

    def _add_article(self, summary: ArticleSummary) -> int:
        columns = self.columns
        columns["titles"].append(summary.title)
        columns["published"].append("" if summary.published is None else summary.published.date().isoformat())
        columns["sections"].append(self._name("section_names", summary.section))
        columns["languages"].append(self._name("language_names", summary.language))
        columns["urls"].append(summary.url if summary.url and _WEB.match(summary.url) else "")
        columns["descriptions"].append(summary.description or "")
        columns["images"].append(_picture(summary.image, summary.url))
        return self.rows.setdefault(summary.article_id, len(self.rows))

    def _row_of(self, summary: ArticleSummary) -> int:
        row = self.rows.get(summary.article_id)
        return self._add_article(summary) if row is None else row

    def _sources(self, related: RelatedList) -> list[int]:
        """Return the source of each entry, -1 for the ranking. Empty if all entries come from the ranking."""
        sources = [getattr(entry, "source", "related") for entry in related]
        named = [self._name("source_names", None if source == "related" else source) for source in sources]
        return named if max(named, default=-1) >= 0 else []

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


def _summary(entry: RelatedArticle) -> ArticleSummary:
    return ArticleSummary(
        entry.article_id, entry.title, url=entry.url, description=entry.description, image=entry.image
    )


def _picture(image: str | None, url: str | None) -> str:
    """Return the address of a picture, or "" if there is none or it is neither a web address nor relative."""
    if not image:
        return ""
    try:
        address = urljoin(url if url and _WEB.match(url) else "", image.strip())
    except ValueError:
        return ""
    return address if _PICTURE.fullmatch(address) else ""


def _newest(summaries: Sequence[ArticleSummary], limit: int) -> Sequence[int]:
    """Return the rows of the newest articles, in row order."""
    if len(summaries) <= limit:
        return range(len(summaries))

    def age(row: int) -> tuple[datetime, int]:
        return summaries[row].published or _UNDATED, -row

    return sorted(heapq.nlargest(limit, range(len(summaries)), key=age))


def _rounded(number: float) -> float:
    return float(f"{float(number):.4g}")
