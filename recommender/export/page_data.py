"""What the page says of a site, as columns of plain JSON values."""

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
from recommender.export.site_data import Desk
from recommender.ranking.related import RelatedArticle, RelatedList

__all__ = ["PageData"]

_WEB = re.compile(r"https?://", re.IGNORECASE)
_PICTURE = re.compile(r"https?://[^\x00-\x1f]+|(?!//)[^\x00-\x1f:\\]+", re.IGNORECASE)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class PageData:
    """Columns that the script of the page reads, and the counts at its top.

    Rows are articles: first those whose list is on the page, the `limit` newest (undated ones last), then those
    that are only shown in a list or are a near copy.
    """

    def __init__(self, summaries: Sequence[ArticleSummary], desk: Desk, *, k: int | None, limit: int) -> None:
        self.summaries, self.desk, self.k = summaries, desk, k
        self.articles = len(summaries)
        self.chosen = _newest(summaries, limit)
        self.count = self.filled = self.entries = 0
        self.shown: Counter[str] = Counter()
        self.rows: dict[str, int] = {}
        self.names: dict[str, dict[str, int]] = {
            name: {} for name in ("section_names", "language_names", "rung_names", "part_names", "term_names")
        }
        columns = (
            "titles",
            "published",
            "sections",
            "languages",
            "urls",
            "descriptions",
            "images",
            "related",
            "scores",
            "rungs",
            "parts",
            "terms",
        )
        self.columns: dict[str, list[Any]] = {name: [] for name in columns}
        for row in self.chosen:
            self._add_article(summaries[row])
        self.listed = len(self.rows)

    def add(self, related: RelatedList, *, why: bool) -> None:
        """Take the list of the next article, in row order."""
        self.count += 1
        self.filled += bool(related)
        self.entries += len(related)
        self.shown.update(related.article_ids)
        if self.rows.get(str(related.article_id), self.listed) < self.listed:
            self.columns["related"].append([self._row_of(_summary(entry)) for entry in related])
            self.columns["scores"].append([_rounded(entry.score) for entry in related])
            self.columns["rungs"].append(self._rungs(related))
            if why:
                self.columns["parts"].append([self._parts(entry) for entry in related])
                self.columns["terms"].append([self._terms(entry) for entry in related])

    def data(self) -> dict[str, Any]:
        """Return all that the script reads, once every list is added."""
        groups = self._groups()  # may add rows
        columns = {
            name: column for name, column in self.columns.items() if column or name not in ("parts", "terms")
        }
        shown = [self.shown[article_id] for article_id in self.rows]
        names = {name: list(table) for name, table in self.names.items()}
        facts = {
            "lists": self.listed,
            "k": self._full(),
            "mean": self.entries / self.articles if self.articles else 0,
            "groups": groups,
            "map": self._map(),
        }
        return facts | {"ids": list(self.rows), "shown": shown} | columns | names

    def orphans(self) -> int:
        """Return how many articles no list leads to, neither to them nor to a near copy that stands for them."""
        ids = [summary.article_id for summary in self.summaries]
        led_to = set(self.shown)
        for group in self.desk.groups() or []:
            if any(ids[row] in self.shown for row in group):
                led_to.update(ids[row] for row in group)
        return self.articles - len(led_to)

    def _full(self) -> int:
        """Return how many entries a list has that is not short."""
        known = [k for k in (self.k, self.desk.k) if k is not None]
        longest = max(map(len, self.columns["related"]), default=0)
        return max(0, min(*known, self.articles - 1)) if known else longest

    def _groups(self) -> list[list[int]] | None:
        """Return the groups of near copies of which the page lists an article, as rows of the page."""
        groups = self.desk.groups()
        if groups is None:
            return None
        chosen = set(self.chosen)
        return [
            [self._row_of(self.summaries[row]) for row in group]
            for group in groups
            if not chosen.isdisjoint(group)
        ]

    def _map(self) -> list[int] | None:
        """Return x and y of every listed article by turns, 0 to 9999; what fills a list up draws nothing near."""
        lists = zip(self.columns["related"], self.columns["rungs"], strict=True)
        related = [
            [row for row, rung in zip_longest(rows, rungs, fillvalue=-1) if rung < 0] for rows, rungs in lists
        ]
        places = self.desk.places(self.chosen, related)
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

    def _rungs(self, related: RelatedList) -> list[int]:
        """Return where each entry comes from, -1 for the ranking; empty where all come from there."""
        rungs = [getattr(entry, "rung", "related") for entry in related]
        named = [self._name("rung_names", None if rung == "related" else rung) for rung in rungs]
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
    """Return where a browser finds a picture; "" for none, and for an address that is neither of the web nor relative."""
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
        return summaries[row].published or _LONG_AGO, -row

    return sorted(heapq.nlargest(limit, range(len(summaries)), key=age))


def _rounded(number: float) -> float:
    return float(f"{float(number):.4g}")
