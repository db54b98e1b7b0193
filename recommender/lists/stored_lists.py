"""Where stored lists are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from recommender.listing import ALWAYS
from recommender.lists.lists import Lists
from recommender.lists.site import Site
from recommender.rules.expiry import clock

__all__ = ["SiteLists", "StoredLists"]


class StoredLists(Protocol):
    """The lists of a site as they are stored, and what they show of articles.

    The place of an article is its row, or a number that it keeps over updates.
    """

    def __len__(self) -> int:
        """Return the number of articles."""
        ...

    def ids(self) -> Iterable[str]:
        """Return the ids of all articles, ascending."""
        ...

    def places(self) -> Iterable[int]:
        """Return the places of all articles by ascending id."""
        ...

    def find(self, article_id: str) -> int | None:
        """Return the place of an article. None if there is none with this id."""
        ...

    def one(self, place: int, k: int | None = None) -> Lists:
        """Return the list of one article, cut to k entries, as the only one. Its rows are places."""
        ...

    def cards(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the columns of `CARD` of some articles."""
        ...

    def group(self, place: int) -> int:
        """Return the place that stands for an article and its near copies."""
        ...

    def expired(self, places: Sequence[int]) -> frozenset[int]:
        """Return which of some places hold articles that have expired since the lists were made."""
        ...

    def next_expiry(self, moment: int) -> int:
        """Return the first moment after another at which an article expires, or `ALWAYS`."""
        ...

    def translations(self, place: int) -> Sequence[tuple[int, str]]:
        """Return the places and languages of an article and of the same page in other languages, the article first.

        Nothing for an article without translations, and none that no list may hold.
        """
        ...


class SiteLists:
    """The lists of a site. Places are rows."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._summaries = site.collection.summaries

    def __len__(self) -> int:
        return len(self._summaries)

    def ids(self) -> Iterator[str]:
        """Return the ids of all articles, ascending."""
        return iter(self._summaries.column("article_id"))

    def places(self) -> range:
        """Return all rows."""
        return range(len(self))

    def find(self, article_id: str) -> int | None:
        """Return the row of an article. None if there is none with this id."""
        return self._summaries.find(article_id)

    def one(self, place: int, k: int | None = None) -> Lists:
        """Return the list of one row, cut to k entries, as the only one. Raises `ArtifactError` if it is damaged."""
        return self._site.lists.one(place, k)

    def cards(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the columns of `CARD` of some articles. Raises `ArtifactError` if they are damaged."""
        return self._summaries.cards(places)

    def group(self, place: int) -> int:
        """Return the first row of an article's group of near copies."""
        self._site.verify("articles_copy_groups")
        return int(self._site.collection.copies.groups[place])

    def expired(self, places: Sequence[int]) -> frozenset[int]:
        """Return which of some rows have expired since the lists were made."""
        moment = clock(self._site.settings.policy)
        return self.expired_by(places, moment) if self._site.expiry.is_over(moment) else frozenset()

    def next_expiry(self, moment: int) -> int:
        """Return the first moment after another at which an article expires, or `ALWAYS`."""
        self._site.verify("articles_listed_until")
        until = self._site.collection.listed_until
        return int(until[until > moment].min(initial=ALWAYS))

    def translations(self, place: int) -> list[tuple[int, str]]:
        """Return the rows and languages of an article and of the same page in other languages, the article first."""
        moment = max(clock(self._site.settings.policy), self._site.expiry.passed)
        others = [row for row in self.in_set(self.set_of(place)) if row != place]
        others = [row for row in others if row not in self.expired_by(others, moment)]
        return [(row, self.language(row)) for row in (place, *others)] if others else []

    def set_of(self, place: int) -> int:
        """Return the row that stands for an article's set of translations; its own if it has none."""
        sets = self._site.collection.translations
        self._site.verify("articles_translations")
        return int(sets[place]) if len(sets) else place

    def in_set(self, place: int) -> list[int]:
        """Return the rows of the set of translations that a row stands for."""
        sets = self._site.collection.translations
        self._site.verify("articles_translations")
        found: list[int] = np.flatnonzero(sets == place).tolist()
        return found

    def language(self, place: int) -> str:
        """Return the tag of the language of a row."""
        return self._summaries.column("language")[place]

    def expired_by(self, places: Sequence[int], moment: int) -> frozenset[int]:
        """Return which of some rows no list may hold at a moment."""
        self._site.verify("articles_listed_until")
        until = self._site.collection.listed_until
        return frozenset(place for place in places if until[place] <= moment)
