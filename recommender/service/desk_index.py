"""What the desk looks articles up in: the titles, sections and lists of all of them, as of one version."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE
from recommender.engine import Recommender
from recommender.errors import ArtifactError
from recommender.lists.entry_sources import source_code

__all__ = ["ORDERS", "SHOWS", "DeskArticles", "DeskIndex", "IndexKeeper", "Wanted", "folded"]

SHOWS = ("all", "orphans", "empty", "short", "hubs", "pinned")
"""Which articles a view shows."""

ORDERS = ("site", "newest", "title", "shown", "shortest")
"""Orders of a view."""

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


class Wanted(NamedTuple):
    """What an editor looks for: words of titles, sections and ids, filters, and an order."""

    text: str = ""
    section: str = ""
    language: str = ""
    show: str = "all"
    order: str = "site"


@dataclass(frozen=True, eq=False)
class DeskArticles:
    """The articles themselves, in the order of their ids.

    Parameters
    ----------
    ids, titles, sections, languages, urls : list of str
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    """

    ids: list[str]
    titles: list[str]
    sections: list[str]
    languages: list[str]
    urls: list[str]
    published: NDArray[np.int64]

    @classmethod
    def of(cls, site: Recommender) -> Self:
        """Return the articles of a site. Takes a pass over the site."""
        table = site.summaries
        ids, titles, sections, languages, urls = (
            list(table.column(name)) for name in ("article_id", "title", "section", "language", "url")
        )
        return cls(ids, titles, sections, languages, urls, np.asarray(table.published))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each id."""
        return {each: row for row, each in enumerate(self.ids)}

    @cached_property
    def keys(self) -> list[str]:
        """The folded texts to search in."""
        return [folded(" ".join(each)) for each in zip(self.titles, self.sections, self.ids, strict=True)]

    @cached_property
    def by_title(self) -> NDArray[np.int64]:
        """The rows by folded title."""
        titles = [folded(each) for each in self.titles]
        return np.array(sorted(range(len(titles)), key=titles.__getitem__), dtype=np.int64)

    @cached_property
    def choices(self) -> dict[str, list[dict[str, Any]]]:
        """The sections and the languages with the number of their articles, by name."""
        counted = {"sections": Counter(self.sections), "languages": Counter(self.languages)}
        return {
            name: [{"name": value, "articles": count} for value, count in sorted(counts.items()) if value]
            for name, counts in counted.items()
        }


@dataclass(frozen=True, eq=False)
class DeskIndex:
    """Articles and lists as of one version.

    Parameters
    ----------
    version : int
    checksum : str or None
        What tells the version from the same number of another site's.
    state : tuple
        See `Recommender.articles_state`.
    k : int
        The longest list.
    articles : DeskArticles
    lists : ndarray of int32, shape (n, k)
        Rows of the entries, padded with -1.
    pinned : ndarray of bool, shape (n,)
        Which lists hold a pin.
    """

    version: int
    checksum: str | None
    state: tuple[int, str, int]
    k: int
    articles: DeskArticles
    lists: NDArray[np.int32]
    pinned: NDArray[np.bool_]

    @classmethod
    def of(cls, site: Recommender) -> Self:
        """Return the index of a stored site."""
        lists = site.lists
        pinned = (lists.sources == source_code("pinned")).any(axis=1)
        return cls(
            site.version or 0, site.checksum, site.articles_state, site.k, DeskArticles.of(site), lists.rows, pinned
        )  # fmt: skip

    def brought_to(self, site: Recommender) -> Self:
        """Return the index of a newer version with the same articles. Only lists that changed are read.

        Raises
        ------
        ArtifactError
            If it is not known which changed.
        """
        lists, pinned, row_of = self.lists.copy(), self.pinned.copy(), self.articles.row_of
        for article_id in site.changes_since(self.version, self.checksum).lists:
            row, found = row_of[article_id], site[article_id]
            lists[row] = -1
            lists[row, : len(found)] = [row_of[each] for each in found.article_ids]
            pinned[row] = any(each.source == "pinned" for each in found)
        return replace(self, version=site.version or 0, checksum=site.checksum, lists=lists, pinned=pinned)

    @cached_property
    def shown(self) -> NDArray[np.int64]:
        """In how many lists each article is."""
        return np.bincount(self.lists[self.lists >= 0], minlength=len(self.lists))

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """The number of entries of each list."""
        return np.asarray((self.lists >= 0).sum(axis=1))

    @property
    def full(self) -> int:
        """The number of entries of a full list."""
        return max(0, min(self.k, len(self.lists) - 1))

    def found(self, wanted: Wanted) -> NDArray[np.int64]:
        """Return the rows of the articles that an editor looks for, in the order that is wanted."""
        articles, kept = self.articles, self._shown_as(wanted.show)
        for name, value in (("sections", wanted.section), ("languages", wanted.language)):
            if value:
                values = getattr(articles, name)
                kept &= np.fromiter((each == value for each in values), np.bool_, len(values))
        rows = self._ordered(wanted.order)
        rows = rows[kept[rows]]
        words = folded(wanted.text).split()
        if words:
            keys = articles.keys
            rows = np.array(
                [row for row in rows.tolist() if all(word in keys[row] for word in words)], np.int64
            )
        return rows

    def holders(self, article_id: str) -> NDArray[np.int64]:
        """Return the rows of the articles whose lists hold one."""
        return np.flatnonzero((self.lists == self.articles.row_of.get(article_id, -2)).any(axis=1))

    def cards(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Return what the desk shows of some articles."""
        articles = self.articles
        return [
            {
                "id": articles.ids[row],
                "title": articles.titles[row],
                "section": articles.sections[row],
                "language": articles.languages[row],
                "published": _day(int(articles.published[row])),
                "length": int(self.lengths[row]),
                "shown": int(self.shown[row]),
            }
            for row in rows
        ]

    def _shown_as(self, show: str) -> NDArray[np.bool_]:
        kinds: dict[str, Callable[[], NDArray[np.bool_]]] = {
            "all": lambda: np.ones(len(self.lists), dtype=np.bool_),
            "orphans": lambda: self.shown == 0,
            "empty": lambda: self.lengths == 0,
            "short": lambda: self.lengths < self.full,
            "hubs": lambda: self.shown > 0,
            "pinned": lambda: self.pinned.copy(),
        }
        return kinds[show]()

    def _ordered(self, order: str) -> NDArray[np.int64]:
        if order == "title":
            return self.articles.by_title
        keys = {"newest": self.articles.published, "shown": self.shown, "shortest": -self.lengths}
        if order not in keys:
            return np.arange(len(self.lists))
        return np.argsort(-keys[order].astype(np.float64), kind="stable")


class IndexKeeper:
    """The index of the version that was asked for last. One thread at a time makes it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._index: DeskIndex | None = None

    def of(self, site: Recommender) -> DeskIndex:
        """Return the index of a site. Where only lists have changed, it takes as long as these take."""
        with self._lock:
            before = self._index
            if before is None or (before.version, before.checksum) != (site.version or 0, site.checksum):
                before = self._index = _index_after(before, site)
            return before


def folded(text: str) -> str:
    """Return a text without accents and case, to search in.

    Examples
    --------
    >>> folded("Łódź, Café Ünïté")
    'lodz, cafe unite'
    """
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)


def _index_after(before: DeskIndex | None, site: Recommender) -> DeskIndex:
    if before is not None and before.state == site.articles_state:
        try:
            return before.brought_to(site)
        except ArtifactError:  # it was compacted meanwhile, and what changed is not known
            pass
    return DeskIndex.of(site)


def _day(moment: int) -> str:
    return "" if moment == NO_DATE else str(np.datetime64(moment, "us").astype("datetime64[D]"))
