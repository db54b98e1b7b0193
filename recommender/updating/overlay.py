"""Stored lists after updates, looked up without making the site anew.

Articles have numbers that never change: those of the base are its rows, and each new article gets the next one. What
updates changed lies in dictionaries by number, and the base holds the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.string_column import StringColumn
from recommender.collection.summary_table import CARD, spellings
from recommender.lists.lists import Lists
from recommender.lists.site import Site
from recommender.lists.stored_lists import SiteLists
from recommender.store.site_store import Update
from recommender.updating.history import History

__all__ = ["Overlay"]

_LISTS = ("rows", "scores", "sources")


class Overlay:
    """The lists of a base and its updates. Places are numbers.

    Parameters
    ----------
    base : Site
    """

    def __init__(self, base: Site) -> None:
        self._site = base
        self._base = SiteLists(base)
        self._n_base = self._next = len(self._base)
        self._removed: set[int] = set()  # rows of the base
        self._lists: dict[int, tuple[Lists, int]] = {}  # lists of an update, and the place among them
        self._cards: dict[int, tuple[str, ...]] = {}  # of new articles that are there
        self._numbers: dict[str, int] = {}  # of the same
        self._groups: dict[int, int] = {}
        self._versions: dict[int, int] = {}  # of lists that changed
        self._origins: dict[int, int] = {}  # rows of the base that were edited and have another number now
        self._deleted: dict[str, int] = {}

    def after(self, updates: Iterable[Update]) -> Self:
        """Return the lists after more updates, of which heads are enough. This object stays as it is.

        Raises
        ------
        KeyError, TypeError, ValueError
            If an update is none of this version.
        """
        found = type(self)(self._site)
        found.__dict__.update(
            {name: each.copy() if isinstance(each, dict | set) else each for name, each in vars(self).items()}
        )
        for update in updates:
            for at, facts in enumerate(update.facts["heads"]):
                found._apply(update, f"{at}_", facts)
        return found

    def __len__(self) -> int:
        return self._n_base - len(self._removed) + len(self._numbers)

    def ids(self) -> Iterator[str]:
        """Return the ids of all articles, ascending."""
        return (article_id for article_id, _ in self._sorted())

    def places(self) -> Iterator[int]:
        """Return the numbers of all articles by ascending id."""
        return (number for _, number in self._sorted())

    def find(self, article_id: str) -> int | None:
        """Return the number of an article. None if there is none with this id."""
        for spelling in spellings(article_id):
            number = self._numbers.get(spelling)
            if number is None:
                number = self._site.collection.summaries.row_of(spelling)
            if number is not None and number not in self._removed:
                return number
        self._site.verify("articles_id_", "articles_article_id_")  # a damaged file would say the same
        return None

    def one(self, place: int, k: int | None = None) -> Lists:
        """Return the list of one article, cut to k entries, as the only one. Its rows are numbers."""
        found = self._lists.get(place)
        if found is None:
            return self._base.one(place, k)
        lists, at = found
        where = slice(at, at + 1), slice(k)
        return Lists(lists.rows[where], lists.scores[where], lists.sources[where])

    def cards(self, places: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the columns of `CARD` of some articles. Raises `ArtifactError` if they are damaged."""
        old = [place for place in places if place < self._n_base]
        from_base = iter(self._base.cards(old))
        return [next(from_base) if place < self._n_base else self._cards[place] for place in places]

    def group(self, place: int) -> int:
        """Return the number that stands for an article and its near copies."""
        found = self._groups.get(place)
        return self._base.group(place) if found is None else found

    def changed_since(self, version: int, history: History) -> tuple[list[str], list[str]]:
        """Return the ids of lists that changed after a version, and of articles deleted after it. Both ascend."""
        numbers = {number for number, changed in self._versions.items() if changed > version}
        if history.versions is not None:
            rows = np.flatnonzero(history.versions > version).tolist()
            numbers |= {row for row in rows if row not in self._removed}
            numbers |= {number for number, row in self._origins.items() if history.versions[row] > version}
        lists = self._ids(sorted(numbers))
        deleted = [each for each, at in self._all_deleted(history).items() if at > version]
        return sorted(lists), sorted(deleted)

    def history(self, history: History) -> History:
        """Return the history of a base that holds these lists. `history` is that of the base before."""
        numbers = np.fromiter(self.places(), np.int64, len(self))
        found = np.full(self._next, history.since, dtype=np.int64)
        if history.versions is not None:
            found[: self._n_base] = history.versions
        found[list(self._origins)] = found[list(self._origins.values())]
        found[list(self._versions)] = list(self._versions.values())
        return History(history.since, found[numbers], self._all_deleted(history))

    def _all_deleted(self, history: History) -> dict[str, int]:
        before = {each: at for each, at in history.deleted.items() if each not in self._numbers}
        return dict(sorted((before | self._deleted).items(), key=itemgetter(1)))

    def _sorted(self) -> Iterator[tuple[str, int]]:
        """Yield id and number of all articles by ascending id."""
        old = ((each, row) for row, each in enumerate(self._base.ids()) if row not in self._removed)
        return merge(old, sorted(self._numbers.items()), key=itemgetter(0))

    def _apply(self, update: Update, begin: str, facts: Mapping[str, Any]) -> None:
        arrays = update.arrays
        removed = arrays[f"{begin}removed"].tolist()
        old = {article_id: number for number, article_id in zip(removed, self._ids(removed), strict=True)}
        versions = {each: self._versions.get(number) for each, number in old.items()}
        origins = {each: self._origins.get(number, number) for each, number in old.items()}
        for article_id, number in old.items():
            self._remove(article_id, number)
        for card in _cards(arrays, f"{begin}new_articles_", facts["n_new"]):
            self._cards[self._next], self._numbers[card[0]] = card, self._next
            self._deleted.pop(card[0], None)
            if (version := versions.get(card[0])) is not None:  # an edit whose list is as before
                self._versions[self._next] = version
            elif origins.get(card[0], self._n_base) < self._n_base:
                self._origins[self._next] = origins[card[0]]
            self._next += 1
        changed = arrays[f"{begin}changed"].tolist()
        rows, scores, sources = (arrays[f"{begin}lists_{name}"] for name in _LISTS)
        lists = Lists(rows, scores, sources)
        self._lists.update((number, (lists, at)) for at, number in enumerate(changed))
        groups = (arrays[f"{begin}copies_{name}"].tolist() for name in ("rows", "groups"))
        self._groups.update(zip(*groups, strict=True))
        differs = np.flatnonzero(arrays[f"{begin}differs"]).tolist()
        self._versions.update((changed[at], update.version) for at in differs)
        for article_id in facts["deleted"]:
            self._deleted[article_id] = update.version

    def _ids(self, numbers: Sequence[int]) -> list[str]:
        return [card[0] for card in self.cards(numbers)]

    def _remove(self, article_id: str, number: int) -> None:
        if number < self._n_base:
            self._removed.add(number)
        else:
            del self._numbers[article_id]
        by_number: tuple[dict[int, Any], ...] = (
            self._lists, self._cards, self._groups, self._versions, self._origins,
        )  # fmt: skip
        for each in by_number:
            each.pop(number, None)


def _cards(arrays: Mapping[str, NDArray[Any]], begin: str, n: int) -> list[tuple[str, ...]]:
    """Return the columns of `CARD` of the new articles of an update."""
    columns = [
        StringColumn(arrays[f"{begin}{name}_spelling"], arrays[f"{begin}{name}_offsets"]).take(range(n))
        for name in CARD
    ]
    return [tuple(part.decode() for part in card) for card in zip(*columns, strict=True)]
